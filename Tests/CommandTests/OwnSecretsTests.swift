import Foundation
import TestSupport
import Testing

/// The user's own secrets, looked for where a push would publish them.
struct OwnSecretsTests {
  private let git: GitFixture

  init() throws {
    git = try GitFixture()
    try git.stage(".gitignore", ".env\n.env.*\n!.env.example\nsecrets/\n")
    try git.commit("ignore")
  }

  private func report(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> Keyscan.Report {
    try Keyscan.report(
      arguments, in: git.path, environment: git.environment.merging(environment) { $1 },
      input: input)
  }

  private func own(
    _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> Keyscan.Report {
    try report(["--own-secrets"] + arguments, input: input, environment: environment)
  }

  private func commit(_ name: String, _ text: String) throws {
    try git.stage(name, text)
    try git.commit("change \(name)")
  }

  private func places(_ report: Keyscan.Report) -> [String] { report.paths(of: "own.secret") }

  // MARK: What is found

  @Test func `the hunter2 that no pattern finds is found, by consent alone`() throws {
    try git.write(".env", "DB_PASSWORD=hunter2\nDEBUG=true\nDB_USER=postgres\n")
    try commit("config/app.conf", "[db]\nhost db.internal\npass hunter2\n# true postgres\n")
    let without = try report([])
    #expect(without.findings.isEmpty && without.status == 0)
    let found = try own()
    #expect(found.status == 1)
    let finding = try #require(found.findings.first)
    #expect(found.findings.count == 1 && finding.rule == "own.secret")
    #expect(finding.severity == "high" && finding.confidence == "high" && finding.secret == "…")
    #expect(finding.notesButAge == ["it is the value of DB_PASSWORD in .env"])
    #expect(finding.places.map(\.path) == ["config/app.conf"])
    #expect(finding.places.first?.line == 3 && finding.places.first?.column == 6)
    #expect(finding.standsIn == ["worktree", "index", "head", "history"])
    #expect(
      found.hints == [
        "own secrets: 1 value is looked for, from .env; 2 are not: too short, too common or no "
          + "secret (--verbose names them)"
      ])
    let told = try Keyscan.run(
      ["--own-secrets", "--verbose"], in: git.path, environment: git.environment)
    #expect(told.errors.contains("keyscan: not looked for in .env: DEBUG, DB_USER\n"))
    #expect(!(told.text + told.errors).contains("hunter2"))
  }

  @Test func `what an old commit held is found, with the commit`() throws {
    try git.write(".env", "DB_PASSWORD='hunter2'\n")
    try commit("old.txt", "the password is hunter2, do not tell\n")
    let first = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    try git.git("rm", "--quiet", "old.txt")
    try git.commit("take it away")
    let found = try own()
    let finding = try #require(found.findings.first { $0.rule == "own.secret" })
    #expect(finding.standsIn == ["history"] && finding.places.first?.commit == first)
    let message = try GitFixture()
    try message.write(".env", "DB_PASSWORD=hunter2\n")
    try message.write(".git/info/exclude", ".env\n")
    try message.commit("use hunter2 for now")
    let said = try Keyscan.report(
      ["--own-secrets"], in: message.path, environment: message.environment)
    #expect(said.findings.map(\.rule) == ["own.secret"])
  }

  @Test func `it is found in every encoding`() throws {
    let value = "hun\"ter2/p@ss word!"
    try git.write(".env", "DB_PASSWORD='\(value)'\nOTHER_PASSWORD=hunter2\n")
    func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    try git.stage("k8s.yaml", "data:\n  password: \(base64("hunter2"))\n")
    try git.stage("k8s2.yaml", "data:\n  url: \(base64("pg://u:hunter2@h"))\n")
    try git.stage("k8s3.yaml", "data:\n  x: \(base64("a\(value)"))\n")
    try git.stage("url", "pg://u:hun%22ter2%2Fp%40ss%20word%21@h/x\n")
    try git.stage("form", "password=hun%22ter2%2fp%40ss+word!&x=1\n")
    try git.stage("a.json", #"{"p": "hun\"ter2\/p@ss word!"}"# + "\n")
    try git.stage("b.json", #"{"p": "hun\u0022ter2/p\u0040ss word!"}"# + "\n")
    try git.stage("html", "<i>hun&quot;ter2/p@ss word!</i>\n")
    try git.stage("all", value.utf8.map { String(format: "%%%02x", $0) }.joined() + "\n")
    try git.write("wide.txt", [0xFF, 0xFE] + Encoded.utf16("p = \(value)\n", bigEndian: false))
    try git.git("add", "--force", "wide.txt")
    try git.commit()
    let found = try own("--no-history")
    let expected = [
      "a.json", "all", "b.json", "form", "html", "k8s.yaml", "k8s2.yaml", "k8s3.yaml", "url",
      "wide.txt",
    ]
    #expect(places(found) == expected)
    let decoded = Dictionary(
      uniqueKeysWithValues: found.findings.flatMap(\.places).map { ($0.path, $0.decoded) })
    #expect(decoded["k8s.yaml"] == ["base64"] && decoded["url"] == ["percent"])
    #expect(decoded["b.json"] == ["backslash"] && decoded["wide.txt"] == ["utf-16le"])
    // Deltas and objects one by one tell the same.
    for name in expected where name != "wide.txt" {
      try git.write(name, try git.folder.read("work/\(name)") + "more\n")
    }
    try git.git("add", "--update")
    try git.commit("more")
    try git.git("gc", "--quiet")
    let swept = try own("--no-worktree")
    let slow = try own("--no-worktree", "--engine", "libgit2")
    #expect(places(swept) == expected && places(slow) == expected)
    #expect(
      swept.findings.map { "\($0.fingerprint) \($0.places)" }
        == slow.findings.map { "\($0.fingerprint) \($0.places)" })
  }

  @Test func `a short value is found as a whole word only, a long one anywhere`() throws {
    let long = LookAlike.plain(32)
    try git.write(".env", "A_PASSWORD=hunter2\nB_TOKEN=\(long)\n")
    try commit("inside", "xhunter2 hunter22 my_hunter2x\n")
    try commit("beside", "\"hunter2\",(hunter2)\n")
    try commit("joined", "prefix\(long)suffix\n")
    #expect(places(try own()) == ["beside", "joined"])
  }

  @Test func `what another rule finds too is one finding, and says whose value it is`() throws {
    let key = LookAlike.apiKey()
    try git.write(".env.local", "GEMINI_API_KEY=\(key)\n")
    try commit("a.js", "const key = \"\(key)\";\n")
    let (without, with) = (try report([]), try own())
    #expect(without.findings.count == 1 && with.findings.count == 1)
    let finding = try #require(with.findings.first)
    #expect(finding.rule == without.findings.first?.rule)
    #expect(finding.fingerprint == without.findings.first?.fingerprint)
    #expect(finding.alsoMatched.contains("own.secret"))
    #expect(finding.notes.contains("it is the value of GEMINI_API_KEY in .env.local"))
  }

  @Test func `what a rule guesses at is sure when it is one's own`() throws {
    let value = "Xk7#" + "tangerine" + "Lamp"
    try git.write(".env", "ADMIN_PASSWORD=\(value)\n")
    try commit("tests/conf.py", "password = \"\(value)\"\n")
    #expect(try report([]).findings.isEmpty)
    let found = try own()
    let finding = try #require(found.findings.first)
    #expect(found.findings.count == 1 && finding.confidence == "high")
    #expect(finding.notesButAge == ["it is the value of ADMIN_PASSWORD in .env"])
  }

  @Test func `a weak secret is one finding a path, and its hash is nowhere`() throws {
    try git.write(".env", "DB_PASSWORD=correct horse battery staple\n")
    try commit("one", "x correct horse battery staple\n")
    try commit("two", "y correct horse battery staple\n")
    let found = try own()
    #expect(found.findings.map(\.rule) == ["own.secret", "own.secret"])
    #expect(Set(found.findings.map(\.fingerprint)).count == 2)
    // The same place with another password is the same finding.
    let before = found.findings.map(\.fingerprint)
    try git.write(".env", "DB_PASSWORD=wrong horse battery staple\n")
    try git.write("one", "x wrong horse battery staple\n")
    try git.write("two", "y wrong horse battery staple\n")
    #expect(try own("--no-history").findings.map(\.fingerprint) == before)
    // A hash of its line gives away what stands in it if the rest is known.
    let sarif = try Keyscan.run(
      ["--own-secrets", "--format", "sarif"], in: git.path, environment: git.environment)
    let hashes = sarif.text.split(separator: "\n").filter { $0.contains("LineHash") }
    let expected = try own().findings.map { $0.fingerprint.prefix(16) }
    #expect(hashes.count >= 2)
    for hash in hashes { #expect(expected.contains { hash.contains($0) }) }
  }

  // MARK: Where values come from

  @Test func `templates, tracked files and other repositories are no sources`() throws {
    try git.write(".env.example", "A_PASSWORD=fromtemplate1\n")
    try git.stage(".env.shared", "B_PASSWORD=fromtracked1\n")
    try git.write("secrets/.env", "C_PASSWORD=fromignored1\n")
    try git.write("node_modules/x/.env", "D_PASSWORD=frompackage1\n")
    try git.folder.makeFolder("work/inner/.git")
    try git.write("inner/.env", "E_PASSWORD=frominner11\n")
    try commit("all", "fromtemplate1\nfromtracked1\nfromignored1\nfrompackage1\nfrominner11\n")
    let found = try own("--no-history")
    let own = found.findings.filter { $0.rule == "own.secret" }
    #expect(own.flatMap(\.notesButAge) == ["it is the value of C_PASSWORD in secrets/.env"])
    #expect(own.flatMap(\.places).map(\.line) == [3])
  }

  @Test func `the file itself is no finding of it, whatever is read`() throws {
    try git.write(".env", "DB_PASSWORD=hunter2\n")
    #expect(places(try own()) == [])
    #expect(places(try own("--include-ignored")) == [])
    // One that nothing ignores is told as a file, and its values are looked for.
    try git.write("deep/prod.env", "DB_PASSWORD=hunter3x\n")
    try git.write("notes", "hunter2 hunter3x\n")
    let found = try own("--include-ignored")
    #expect(places(found) == ["notes", "notes"])
    #expect(found.findings.map(\.rule).contains("dotenv.unignored"))
    // What was committed under its name is another thing.
    try commit(".env", "DB_PASSWORD=hunter2\n")
    try git.git("rm", "--quiet", "--cached", ".env")
    try git.commit("untrack")
    #expect(places(try own("--no-worktree")) == [".env"])
  }

  @Test func `aws and gcloud are read by consent only`() throws {
    let (aws, token, refresh) = (
      LookAlike.plain(40), LookAlike.plain(60), "1//0" + LookAlike.plain(60)
    )
    try git.writeHome(
      ".aws/credentials",
      "[default]\naws_access_key_id = NOTSECRETID\naws_secret_access_key = \(aws)\n")
    try git.writeHome("elsewhere", "[work]\naws_session_token=\(token)\n")
    try git.writeHome(
      ".config/gcloud/application_default_credentials.json",
      """
      {"client_id": "764086051850-x.apps.googleusercontent.com",
       "client_secret": "d-notreallyasecretvalue", "refresh_token": "\(refresh)",
       "type": "authorized_user"}
      """)
    try commit("a", "aws \(aws)\nNOTSECRETID\n")
    try commit("b", "token \(token)\n")
    try commit("c", "refresh \(refresh) d-notreallyasecretvalue\n")
    func notes(_ found: Keyscan.Report) -> [String] {
      found.findings.filter { $0.rule == "own.secret" || $0.alsoMatched.contains("own.secret") }
        .flatMap(\.notesButAge).sorted()
    }
    #expect(notes(try own()) == [])
    let awsNote =
      "it is the value of aws_secret_access_key of profile default in ~/.aws/credentials"
    let found = try report(["--own-secrets-from", "aws"])
    #expect(notes(found) == [awsNote])
    #expect(found.findings.first { $0.rule == "own.secret" }?.severity == "critical")
    let both = try report(["--own-secrets-from", "aws,gcloud"])
    #expect(
      notes(both) == [
        awsNote,
        "it is the value of refresh_token in ~/.config/gcloud/application_default_credentials.json",
      ])
    let named = git.homePath + "/elsewhere"
    #expect(
      notes(
        try report(
          ["--own-secrets-from", "aws"], environment: ["AWS_SHARED_CREDENTIALS_FILE": named]))
        == ["it is the value of aws_session_token of profile work in \(named)"])
    let missing = try report(
      ["--own-secrets-from", "gcloud"], environment: ["CLOUDSDK_CONFIG": "/nowhere"])
    #expect(
      missing.hints == [
        "/nowhere/application_default_credentials.json: not there, so no value of it is looked for"
      ])
    #expect(
      try Keyscan.run(
        ["--own-secrets-from", "azure"], in: git.path, environment: git.environment
      ).status == 64)
  }

  @Test func `a private key is found by any of its lines`() throws {
    let body = LookAlike.pemBody(lines: 6)
    try git.write(
      ".env", "SIGNING_KEY=\"\(LookAlike.privateKey(body: body).replacing("\n", with: "\\n"))\"\n")
    let line = try #require(body.split(separator: "\n").dropFirst(3).first)
    try commit("a", "some text \(line) and more\n")
    try commit("b", "all of it: \(body.replacing("\n", with: "\\n"))\n")
    let found = try own()
    let mine = found.findings.filter { $0.rule == "own.secret" }
    #expect(mine.count == 1 && mine.first?.paths == ["a", "b"])
    #expect(mine.first?.notesButAge == ["it is the value of SIGNING_KEY in .env"])
  }

  // MARK: Consent

  @Test func `the user's own configuration consents for every run`() throws {
    try git.write(".env", "DB_PASSWORD=hunter2\n")
    try commit("a", "hunter2\n")
    try git.writeHome(".config/keyscan/config.yml", "version: 1\nown-secrets: [env, gcloud]\n")
    #expect(places(try report([])) == ["a"])
    // What is not there is told to whoever asked for it in this run.
    #expect(try report([]).hints.count == 1)
    #expect(places(try report(["--no-own-secrets"])) == [])
    #expect(places(try report(["--staged"])) == [])
    try git.stage("b", "hunter2\n")
    #expect(places(try report(["--staged"])) == ["b"])
    let hook = try Keyscan.run(
      ["hook", "run", "pre-commit"], in: git.path, environment: git.environment)
    #expect(hook.status == 1 && hook.text.contains("own.secret"))
    // Nothing in a repository consents.
    try git.writeHome(".config/keyscan/config.yml", "version: 1\n")
    try git.stage(".keyscan.yml", "version: 1\nown-secrets: [env]\n")
    let said = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(said.status == 65 && said.errors.contains(".keyscan.yml:2:1: “own-secrets” is no key"))
  }

  @Test(arguments: [
    ("version: 1\nown-secret: env\n", "config.yml:2:1: “own-secret” is no key"),
    ("version: 1\nown-secrets: [env, azure]\n", "config.yml:2:20: “own-secrets” holds “azure”"),
    ("own-secrets: env\n", "config.yml:1:1: “version: 1” is missing"),
    ("version: 1\n own-secrets: [\n", "config.yml:2:"),
  ])
  func `a wrong configuration is told, and nothing is scanned`(text: String, fault: String) throws {
    try git.writeHome(".config/keyscan/config.yml", text)
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 65 && output.text.isEmpty)
    #expect(output.errors.contains(fault), "\(output.errors)")
  }

  @Test func `a configuration that others may write is refused`() throws {
    try git.writeHome(".config/keyscan/config.yml", "version: 1\nown-secrets: env\n")
    let path = git.homePath + "/.config/keyscan/config.yml"
    try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: path)
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 65 && output.errors.contains("others may write it"))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(
      try Keyscan.run(["."], in: git.path, environment: git.environment).status == 0)
  }

  @Test func `options that contradict each other are wrong usage`() throws {
    for arguments in [
      ["--own-secrets", "--no-own-secrets"], ["--own-secrets-from", "aws", "--no-own-secrets"],
      ["--rule", "own.secret"],
    ] {
      let output = try Keyscan.run(arguments, in: git.path, environment: git.environment)
      #expect(output.status == 64, "\(arguments)")
    }
  }
}
