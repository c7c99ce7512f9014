import Foundation
import TestSupport
import Testing

/// What `keyscan migrate` makes of the files of other scanners.
struct MigrateTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func at(_ name: String) -> String { "\(git.path)/\(name)" }

  private func run(_ arguments: String...) throws -> Tool.Output {
    try Keyscan.run(arguments, in: git.path, environment: git.environment)
  }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([git.path] + arguments, in: git.path, environment: git.environment)
  }

  private func commit(_ name: String, _ text: String) throws -> String {
    try git.stage(name, text)
    try git.commit("add \(name)")
    return String(try git.git("rev-parse", "HEAD").prefix { $0 != "\n" })
  }

  private func read(_ name: String) throws -> String {
    try String(contentsOfFile: at(name), encoding: .utf8)
  }

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  @Test func `a configuration becomes a configuration and rules that find what it found`() throws {
    let letters = "abcdefghijkmnpqrstuvwxyz2346789"
    func random(_ count: Int) -> String {
      String((0..<count).compactMap { _ in letters.randomElement() })
    }
    let (token, spared) = (random(20), "sparing" + random(13))
    _ = try commit("vendor/a", key())
    _ = try commit("b.txt", "t = acme_\(token)\nu = acme_\(spared)\nlegacy = acme_\(token)x\n")
    try git.write(
      ".gitleaks.toml",
      """
      [extend]
      useDefault = true
      [[rules]]
      id = "Acme Token"
      description = "Acme's token"
      regex = '''\\bacme_([a-z0-9]{20})\\b'''
      keywords = ["acme_"]
      [rules.allowlist]
      stopwords = ["SPARING"]
      [[rules]]
      id = "bare"
      regex = '''[0-9a-f]{32}'''
      [allowlist]
      paths = ['''^vendor/''']
      """)
    let made = try run("migrate")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.text.contains("the rule gitleaks.acme-token"))
    #expect(made.text.contains("rules[1] bare: no fixed text of three characters"))
    #expect(try run("rules", "check", "keyscan-rules").status == 0)
    let found = try report("--rules", "keyscan-rules")
    #expect(found.findings.map(\.rule) == ["gitleaks.acme-token"])
    #expect(found.findings.first?.json["fingerprint"] != nil)
    #expect((found.json["suppressed"] as? [Any])?.count == 1)
    // Once more changes nothing, and other files are not replaced unasked.
    #expect(try run("migrate").status == 0)
    try git.write(".keyscan.yml", "version: 1\n")
    let refused = try run("migrate")
    #expect(refused.status == 73 && refused.errors.contains(".keyscan.yml is there already"))
    #expect(try run("migrate", "--force").status == 0)
  }

  @Test func `what an ignore file passes over goes into the baseline, that and nothing else`()
    throws
  {
    let first = try commit("a.txt", "\n\n" + key() + key())
    _ = try commit("a.txt", "\n\n\n\n" + key())
    _ = try commit("b.txt", key())
    try git.write(
      ".gitleaksignore", "# known\n\(first):a.txt:gcp-api-key:3\nb.txt:gcp-api-key:1\nc.txt:jwt:9\n"
    )
    let before = try report()
    #expect(before.findings.count == 4)
    let made = try run("migrate", "--verbose")
    #expect(made.text.contains("wrote .keyscan-baseline: 2 findings added"), "\(made.text)")
    #expect(made.text.contains("needed no more, since keyscan shows nothing there: 1 entry"))
    #expect(made.text.contains(".gitleaksignore:4"))
    let after = try report()
    #expect(after.findings.count == 2)
    let lines = try read(".keyscan-baseline")
    #expect(lines.contains("from .gitleaksignore:2, gcp-api-key"))
  }

  @Test func `a report and a baseline of detect-secrets are known by secret, not by line`() throws {
    let (a, b, c) = (LookAlike.apiKey(), LookAlike.apiKey(), LookAlike.apiKey())
    _ = try commit("a.py", "moved = 1\nkey = '\(a)'\n")
    _ = try commit("b.py", "key = '\(b)'\nother = '\(c)'\n")
    try git.writeHome(
      "leaks.json",
      #"[{"RuleID":"gcp-api-key","File":"a.py","Commit":"","StartLine":77,"Secret":"\#(a)"}]"#)
    try git.write(
      ".secrets.baseline",
      """
      {"version": "1.5.0", "results": {"b.py": [
        {"type": "Secret Keyword", "hashed_secret": "\(try sha1(b))", "line_number": 9,
         "is_secret": true}]}}
      """)
    let first = try run("migrate", "--from", "\(git.homePath)/leaks.json")
    #expect(first.status == 0 && first.text.contains("1 finding added"), "\(first.text)")
    let second = try run("migrate")
    #expect(second.text.contains("1 finding added"), "\(second.text)")
    #expect(try read(".keyscan-baseline").contains("audited as a secret: replace it"))
    let left = try report()
    #expect(left.findings.filter { $0.paths == ["a.py"] }.isEmpty)
    #expect(left.findings.filter { $0.paths == ["b.py"] }.count == 1)
    for name in [".keyscan-baseline"] {
      #expect(try ![a, b, c].contains { try read(name).contains($0) })
    }
    #expect(![a, b, c].contains { (first.text + second.text).contains($0) })
  }

  private func sha1(_ text: String) throws -> String {
    try git.write("sum", text)
    defer { try? FileManager.default.removeItem(atPath: at("sum")) }
    let output = try Tool.run("sha1sum", ["sum"], in: git.path)
    return String(output.text.prefix(40))
  }

  @Test func `what the configuration cannot say is put into the baseline as far as it stands now`()
    throws
  {
    let spared = LookAlike.apiKey()
    _ = try commit("a.txt", "k = \(spared)\n")
    _ = try commit("b.txt", key())
    let old = try commit("c.txt", key())
    // A piece of a key is no key, which may be copied.
    let piece = spared.dropFirst(20).prefix(12)
    try git.write(
      ".gitleaks.toml",
      """
      [extend]
      useDefault = true
      [[allowlists]]
      regexes = ['''\(piece)''']
      [[allowlists]]
      commits = ["\(old)"]
      [[allowlists]]
      regexTarget = "line"
      regexes = ['''k = ''']
      """)
    let made = try run("migrate")
    #expect(made.text.contains("wrote .keyscan-baseline: 2 findings added"), "\(made.text)")
    #expect(made.text.contains("expressions about a whole line have no like in keyscan"))
    #expect(try report().findings.map(\.paths) == [["b.txt"]])
  }

  @Test func `nothing else is passed over than what is meant`() throws {
    // Of two keys on one line nobody knows which is meant, and a line of another kind means none.
    let (a, b) = (LookAlike.apiKey(), LookAlike.apiKey())
    _ = try commit("two.json", "{\"a\": \"\(a)\", \"b\": \"\(b)\"}\n")
    _ = try commit("kind.txt", key())
    // A key that stands elsewhere too stays a finding there.
    let shared = key()
    _ = try commit("t/fixture.txt", shared)
    _ = try commit("src/prod.txt", shared)
    try git.write(
      ".gitleaksignore",
      """
      two.json:gcp-api-key:1
      kind.txt:jwt:1
      t/fixture.txt:gcp-api-key:1
      /x/kind.txt:gcp-api-key:1

      """)
    let made = try run("migrate")
    #expect(made.text.contains("which of 2 findings on that line is meant is not sure"))
    #expect(made.text.contains("what stands on that line is of another kind than jwt"))
    let left = try report().findings.flatMap(\.paths).sorted()
    #expect(left == ["kind.txt", "src/prod.txt", "two.json", "two.json"])
  }

  @Test func `what is said of one rule is not said of others`() throws {
    _ = try commit("main.tf", key())
    _ = try commit("docs/a", key())
    try git.write(
      ".gitleaks.toml",
      #"""
      [extend]
      useDefault = true
      disabledRules = ["generic-api-key"]
      [[rules]]
      id = "google-account-id"
      regex = '''\b[0-9]{12}\b'''
      [[rules]]
      id = "test-key"
      regex = '''AIzaSyTEST[0-9A-Za-z]{29}'''
      [rules.allowlist]
      paths = ['''^docs/''']
      [[rules]]
      id = "hook"
      regex = '''https://hooks\.acme\.example/services/.*'''
      [[rules]]
      id = "generic-api-key"
      regex = '''[a-f]{40}'''
      [[allowlists]]
      targetRules = ["google-account-id"]
      paths = ['''\.tf$''']
      """#)
    let made = try run("migrate")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.text.contains("by no name: google-account-id"))
    #expect(
      made.text.contains("disabledRules generic-api-key: it is no rule of gitleaks' own here"))
    let left = try report("--rules", "keyscan-rules").findings.flatMap(\.paths).sorted()
    #expect(left == ["docs/a", "main.tf"])
    // Two addresses are two findings.
    let hook = "https://hooks.acme.example/services/"
    _ = try commit("h", "\(hook)Tq8wPz4n\n\(hook)Zk3vRm7x\n")
    let hooks = try report("--rules", "keyscan-rules", "--min-confidence", "low").findings
      .filter { $0.rule == "gitleaks.hook" }
    #expect(Set(hooks.map(\.fingerprint)).count == 2)
  }

  @Test func `a file of another scanner writes no line of its own`() throws {
    let secret = LookAlike.apiKey()
    _ = try commit("a.txt", "k = \(secret)\n")
    let line = String(repeating: "ba", count: 16)
    try git.writeHome(
      "leaks.json",
      #"[{"RuleID":"x\r\n\#(line)\r\n\u001b[32m","File":"a.txt","StartLine":1,"#
        + #""Secret":"\#(secret)"}]"#)
    let made = try run("migrate", "--from", "\(git.homePath)/leaks.json")
    #expect(made.status == 0 && !made.text.contains("\u{1B}"))
    let lines = try read(".keyscan-baseline").split(separator: "\n")
    #expect(lines.filter { !$0.hasPrefix("#") }.count == 1)
    #expect(!lines.joined().contains("\u{1B}"))
  }

  @Test func `nothing is written through a link`() throws {
    let folder = TemporaryFolder()
    try folder.write("target", "mine\n")
    try git.write("keyscan-rules/README", "")
    try git.link("keyscan-rules/gitleaks.yml", to: folder.at("target"))
    try git.write(".gitleaks.toml", "[[rules]]\nid = 'own'\nregex = 'owntoken_[a-z]{12}'\n")
    _ = try run("migrate", "--force")
    #expect(try String(contentsOfFile: folder.at("target"), encoding: .utf8) == "mine\n")
  }

  @Test func `a secret in a configuration is not copied`() throws {
    let key = LookAlike.apiKey()
    try git.write(
      ".gitleaks.toml",
      """
      [[rules]]
      id = "own"
      regex = 'acme_[a-z]{9}'
      [rules.allowlist]
      regexes = ['\(key)']
      stopwords = ['hunter2hunter2']
      paths = ['\(key)']
      [[rules]]
      id = '\(key)'
      regex = 'a'
      """)
    let made = try run("migrate")
    #expect(made.status == 0, "\(made.errors)")
    let rules = try read("keyscan-rules/gitleaks.yml")
    #expect(!rules.contains(key) && !rules.contains("hunter2") && !made.text.contains(key))
    #expect(!FileManager.default.fileExists(atPath: at(".keyscan.yml")))
  }

  @Test func `nothing is written for a trial, and wrong files are told with their place`() throws {
    try git.write(".gitleaks.toml", "[allowlist]\npaths = ['^a/']\n")
    let trial = try run("migrate", "--dry-run")
    #expect(trial.status == 0 && trial.text.contains("  - '/a/'"))
    #expect(!FileManager.default.fileExists(atPath: at(".keyscan.yml")))
    try git.write(".gitleaks.toml", "[allowlist]\npaths = [\n")
    let wrong = try run("migrate")
    #expect(wrong.status == 65 && wrong.errors.contains(".gitleaks.toml:2:"))
    try git.write("x.json", "[{]")
    #expect(try run("migrate", "--from", at("x.json")).status == 65)
    #expect(try run("migrate", "--from", at("none")).status == 66)
    try FileManager.default.removeItem(atPath: at(".gitleaks.toml"))
    #expect(try run("migrate").status == 66)
  }

  @Test func `a file that builds on another is read with it, but not from elsewhere`() throws {
    try git.write("base.toml", "[[rules]]\nid = 'base'\nregex = 'basetoken_[a-z]{12}'\n")
    try git.write(".gitleaks.toml", "[extend]\npath = \"base.toml\"\n")
    #expect(try run("migrate").text.contains("the rule gitleaks.base"))
    try git.write(".gitleaks.toml", "[extend]\npath = \"../base.toml\"\n")
    #expect(try run("migrate", "--force").text.contains("outside of the repository"))
  }
}
