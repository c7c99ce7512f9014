import Foundation
import TestSupport
import Testing

/// What a configuration and a baseline take away, and that everything taken away is counted.
struct SuppressionTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([git.path] + arguments, in: git.path, environment: git.environment)
  }

  private func run(_ arguments: String...) throws -> Tool.Output {
    try Keyscan.run(arguments, in: git.path, environment: git.environment)
  }

  private func suppressed(_ report: Keyscan.Report) -> [String] {
    let all = report.json["suppressed"] as? [[String: Any]] ?? []
    return all.map { "\($0["by"] ?? "") \($0["source"] ?? "")" }.sorted()
  }

  private func commit(_ name: String, _ text: String) throws {
    try git.stage(name, text)
    try git.commit("add \(name)")
  }

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  // MARK: Configuration

  @Test func `paths, rules and entries of the configuration take findings away, each counted`()
    throws
  {
    try commit("vendor/deep/a", key())
    try commit("b", "secret = \(LookAlike.clientSecret())\n")
    try commit("c", key())
    try commit("d", key())
    let all = try report()
    #expect(all.findings.count == 4 && all.status == 1)
    let fingerprint = try #require(all.findings.first { $0.paths == ["c"] }?.fingerprint)
    try git.write(
      ".keyscan.yml",
      """
      version: 1
      exclude:
        - vendor/
      rules:
        google.oauth-client-secret: off
      allow:
        - fingerprint: \(fingerprint)
          reason: made for a course
        - {rule: "google.*", path: d}

      """)
    let rest = try report()
    #expect(rest.findings.isEmpty && rest.status == 0)
    #expect(
      suppressed(rest) == [
        "allow .keyscan.yml:7", "allow .keyscan.yml:9", "exclude .keyscan.yml:3",
        "rule .keyscan.yml:5",
      ])
    let text = try run(".", "--show-suppressed").text
    #expect(text.contains("4 findings suppressed: 2 by the configuration, 1 by rules that are off"))
    #expect(text.contains("by the configuration, .keyscan.yml:7: made for a course"))
    #expect(try report("--no-repository-config").findings.count == 4)
    try git.folder.write("other.yml", "version: 1\nexclude: ['*']\n")
    #expect(suppressed(try report("--config", git.folder.at("other.yml"))).count == 4)
  }

  @Test func `a path that is excluded hides no secret that stands elsewhere too`() throws {
    let text = key()
    try commit("vendor/a", text)
    try commit("src/a", text)
    try git.write(".keyscan.yml", "version: 1\nexclude: [vendor/]\n")
    #expect(try report().findings.map(\.paths) == [["src/a"]])
    #expect(try report("--exclude", "src").findings.isEmpty)
  }

  @Test func `a rule's severity is what the configuration says`() throws {
    try commit("a", key())
    try git.write(".keyscan.yml", "version: 1\nrules: {google.*: low}\n")
    let low = try report()
    #expect(low.findings.map(\.severity) == ["low"] && low.status == 0)
    #expect(try report("--fail-on", "low").status == 1)
    try git.write(".keyscan.yml", "version: 1\nrules: {google.api-key: critical}\n")
    #expect(try report("--fail-on", "critical").status == 1)
  }

  @Test func `what is over no longer counts, and that is said`() throws {
    try commit("a", key())
    try git.write(
      ".keyscan.yml",
      "version: 1\nallow:\n  - {path: a, until: 2020-02-29}\nrules: {no.rule: off}\n")
    let report = try report()
    #expect(report.findings.count == 1)
    let hints = report.json["hints"] as? [[String: Any]] ?? []
    #expect(
      hints.compactMap { $0["text"] as? String } == [
        "ended on 2020-02-29 and no longer counts", "no rule is named no.rule",
      ])
  }

  @Test func `a hook and a bare repository have the configuration that goes with what they read`()
    throws
  {
    try git.stage("a", key())
    try git.write(".keyscan.yml", "version: 1\nexclude: [a]\n")
    // Nobody staged it, so it does not go into the commit either.
    #expect(try run("--staged").status == 1)
    try git.git("add", ".keyscan.yml")
    #expect(try run("--staged").status == 0)
    try git.commit()
    let bare = git.folder.at("bare.git")
    try git.git("clone", "--quiet", "--bare", ".", bare)
    #expect(
      try Keyscan.run([bare], in: git.folder.path, environment: git.environment).status == 0)
  }

  @Test func `a pull request is judged by the configuration that it is to go into`() throws {
    try commit("README", "nothing\n")
    try git.git("branch", "base")
    try commit(".keyscan.yml", "version: 1\nexclude: ['*']\n")
    try commit("a", "key = '\(LookAlike.apiKey())' # keyscan:allow\n")
    #expect(try run("--range", "base..HEAD").status == 0)
    let judged = try run(
      "--range", "base..HEAD", "--config-ref", "base", "--no-allow-comments")
    #expect(judged.status == 1)
    #expect(try run("--config-ref", "nowhere").status == 65)
  }

  @Test(arguments: [
    ("version: 2\n", ".keyscan.yml:1:10: “version” must be a number from 1 to 1"),
    ("exclude: [a]\n", ".keyscan.yml:1:1: “version: 1” is missing"),
    ("version: 1\nexclud: [a]\n", "did you mean “exclude”?"),
    ("version: 1\nrules: [a]\n", ".keyscan.yml:2:8: “rules” must be a mapping"),
    ("version: 1\nrules: {a: maybe}\n", "a rule is set to off or to one of"),
    ("version: 1\nallow: [{reason: x}]\n", "needs a rule, a path or a fingerprint"),
    ("version: 1\nallow: [{path: a, until: soon}]\n", "must be a day such as 2027-01-31"),
    ("version: 1\nallow: [{fingerprint: 12}]\n", "must be the 32 digits"),
    ("version: 1\naccept-gaps: [{kind: damaged}]\n", "must be one of opaque, shallow, promised"),
    ("version: 1\nexclude: [*.pem]\n", "a value that begins with * must be quoted"),
    ("a: &a [x]\nb: &b [*a, *a]\n", "a value that begins with & must be quoted"),
    ("version: 1\nversion: 1\n", "a key stands twice"),
    ("- a\n", "a configuration must be a mapping"),
    ("", "the file is empty"),
    ("\t{\n", "this is no YAML"),
    (String(repeating: "[", count: 100_000), "more than 32 deep"),
    (String(repeating: "- ", count: 100_000), "more than 32 deep"),
    (String(repeating: " ", count: 900_000) + "a: b\n", "more than 64 columns"),
    ("version: 1\n" + String(repeating: "x", count: 1000) + ": 1\n", "is no key of"),
    (String(repeating: "#", count: 2_000_000), "of at most 1048576 bytes"),
  ])
  func `a configuration that is wrong is told, and status 65`(content: String, message: String)
    throws
  {
    try git.write(".keyscan.yml", content)
    let run = try run(".")
    #expect(run.status == 65)
    #expect(run.errors.contains(message), "\(run.errors.prefix(400))")
    #expect(run.text.isEmpty && run.errors.utf8.count < 4000)
  }

  @Test func `a configuration that is a link or a folder is not followed`() throws {
    try git.folder.write("outside.yml", "version: 1\nexclude: ['*']\n")
    try git.link(".keyscan.yml", to: "../outside.yml")
    #expect(try run(".").status == 65)
    try git.remove(".keyscan.yml")
    try git.write(".keyscan.yml/a", "x\n")
    #expect(try run(".").status == 65)
  }

  @Test func `an accepted gap is shown and needs not be filled`() throws {
    try git.write("lib/a.zip", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 60))
    try git.git("add", "-A")
    try git.commit()
    #expect(try report("--require-complete", "--no-history").status == 74)
    try git.write(
      ".keyscan.yml", "version: 1\naccept-gaps: [{kind: opaque, path: \"lib/*.zip\"}]\n")
    let run = try run(".")
    #expect(run.text.contains("accepted by .keyscan.yml:2"))
    let report = try report("--require-complete")
    #expect(report.status == 0)
    try git.write(".keyscan.yml", "version: 1\naccept-gaps: [{kind: opaque}]\n")
    #expect(try self.report("--require-complete").status == 0)
  }

  // MARK: Baseline

  @Test func `a baseline takes away what is known, and nothing that is new`() throws {
    try commit("a", key())
    try commit("b", "password = \"kT4hWq9x\"\nother = 1\n")
    #expect(try run("baseline", "add", "--reason", "before\tus").status == 0)
    let file = URL(fileURLWithPath: git.path + "/.keyscan-baseline")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.allSatisfy { $0.hasSuffix("\tbefore us") } && lines == lines.sorted())
    let clean = try report()
    #expect(clean.findings.isEmpty && clean.status == 0)
    #expect(suppressed(clean).allSatisfy { $0.hasPrefix("baseline .keyscan-baseline:") })
    try commit("c", key())
    let new = try report()
    #expect(new.findings.map(\.paths) == [["c"]] && new.status == 1)
    // A strong secret is the same wherever it goes.
    try git.git("mv", "a", "moved")
    try git.commit()
    #expect(try report().findings.map(\.paths) == [["c"]])
    let fingerprint = try #require(new.findings.first?.fingerprint)
    let added = try run(
      "baseline", "add", String(fingerprint.prefix(8)), "--until", "2020-01-01")
    #expect(added.status == 0 && added.text.hasPrefix("1 finding added"))
    #expect(try report().findings.count == 1)
    #expect(try run("baseline", "add", "0123456789").status == 64)
    #expect(try run("baseline", "add", "--until", "soon").status == 64)
  }

  @Test func `what no longer stands anywhere is pruned, and told before`() throws {
    try commit("a", key())
    #expect(try run("baseline", "add").status == 0)
    try git.git("checkout", "--quiet", "--orphan", "fresh")
    try git.git("rm", "--quiet", "-f", "a")
    try git.git("commit", "--quiet", "--allow-empty", "-m", "fresh")
    try git.git("branch", "-D", "main")
    try git.git("reflog", "expire", "--expire=now", "--all")
    try git.git("gc", "--quiet", "--prune=now")
    let hints = try report().json["hints"] as? [[String: Any]] ?? []
    #expect(
      hints.contains {
        ($0["text"] as? String ?? "").hasPrefix("1 entry matches nothing any more")
      })
    let pruned = try run("baseline", "prune")
    #expect(pruned.status == 0 && pruned.text.hasPrefix("1 entry removed"))
    #expect(try run("baseline", "prune").text.hasPrefix("0 entries removed"))
  }

  @Test func `two branches' baselines merge without a conflict`() throws {
    try commit(".gitattributes", ".keyscan-baseline merge=union\n")
    try commit("a", key())
    #expect(try run("baseline", "add").status == 0)
    try git.git("add", "-A")
    try git.commit("baseline")
    for branch in ["one", "two"] {
      try git.git("checkout", "--quiet", "-b", branch, "main")
      try commit("file-\(branch)", key())
      #expect(try run("baseline", "add").status == 0)
      try git.git("add", "-A")
      try git.commit("baseline of \(branch)")
    }
    try git.git("merge", "--quiet", "one")
    #expect(try report().findings.isEmpty)
  }

  @Test func `a baseline that is none is told by its lines, and not all of them`() throws {
    try git.write(".keyscan-baseline", String(repeating: "no fingerprint\n", count: 1000))
    let run = try run(".")
    #expect(run.status == 65)
    #expect(run.errors.contains(".keyscan-baseline:1: the line does not begin with a fingerprint"))
    #expect(run.errors.split(separator: "\n").count == 20)
  }
}
