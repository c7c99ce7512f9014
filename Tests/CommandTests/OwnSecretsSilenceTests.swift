import Foundation
import TestSupport
import Testing

/// That nothing of the user's own secrets is shown or kept, and what bad files cost.
struct OwnSecretsSilenceTests {
  private let git: GitFixture

  init() throws {
    git = try GitFixture()
    try git.stage(".gitignore", ".env*\n")
    try git.commit("ignore")
  }

  private func report(_ arguments: [String], input: [UInt8] = []) throws -> Keyscan.Report {
    try Keyscan.report(arguments, in: git.path, environment: git.environment, input: input)
  }

  /// How the values are written in whatever may hold them.
  private func forms(_ values: [String]) -> [String] {
    values.flatMap { value -> [String] in
      var forms = [value, Data(value.utf8).base64EncodedString().replacing("=", with: "")]
      forms.append(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value)
      if value.utf8.count >= 16 {
        forms += (0...(value.count - 8)).map { start in
          String(value.dropFirst(start).prefix(8))
        }
      }
      return forms
    }
  }

  @Test(arguments: [
    "text", "json", "jsonl", "sarif", "markdown", "html", "junit", "github", "gitlab",
  ])
  func `no report holds anything of a value, whatever it is asked for`(format: String) throws {
    let values = ["hunter2", "gr8/p@ss", "vk_" + LookAlike.plain(30), LookAlike.apiKey()]
    try git.write(
      ".env",
      """
      A_PASSWORD=\(values[0])
      B_PASSWORD=\(values[1])
      C_TOKEN=\(values[2])
      D_KEY=\(values[3])
      """)
    try git.stage(
      "docs/hunter2.md",
      values.joined(separator: " ") + "\nxhunter2x " + values.joined(separator: "") + "\n")
    // As a part of a word it is no finding, and masked all the same.
    try git.stage("beside", "xhunter2x \(values[2])\n")
    try git.stage("k8s", "p: \(Data(values[2].utf8).base64EncodedString())\n")
    try git.commit("say hunter2 and \(values[2])")
    for extra in [[], ["--verbose"], ["--all-places"]] {
      let output = try Keyscan.run(
        ["--own-secrets", "--format", format] + extra, in: git.path,
        environment: git.environment)
      #expect(output.status == 1)
      for form in forms(values) {
        #expect(!output.text.contains(form), "\(format) \(extra)")
        #expect(!output.errors.contains(form), "\(format) \(extra)")
      }
    }
  }

  @Test func `not even those who ask for secrets are shown their own`() throws {
    let value = LookAlike.plain(30)
    try git.write(".env", "A_PASSWORD=hunter2\nB_TOKEN=\(value)\n")
    try git.stage("a", "hunter2\n\(value)\n")
    for format in ["text", "json", "html", "markdown"] {
      let output = try Keyscan.run(
        ["--own-secrets", "--show-secrets", "--format", format], in: git.path,
        environment: git.environment)
      #expect(output.status == 1)
      #expect(!output.text.contains("hunter2") && !output.text.contains(value), "\(format)")
    }
  }

  @Test func `nothing is written to what is kept between runs, nor read from it`() throws {
    let (value, long) = ("hunter2", LookAlike.plain(30))
    try git.write(".env", "A_PASSWORD=\(value)\nB_TOKEN=\(long)\n")
    try git.stage("a", "x = \(value)\n")
    try git.stage("b", "y = \(long)\n")
    try git.commit("a")
    try git.folder.write("rules/own.yml", PrivateRule.file)
    let rules = ["--rules", git.folder.at("rules")]
    _ = try report(rules)
    func kept() throws -> [String: [UInt8]] {
      var files: [String: [UInt8]] = [:]
      for root in [git.path + "/.git/keyscan", git.homePath] {
        for case let name as String in try #require(FileManager.default.enumerator(atPath: root)) {
          let path = "\(root)/\(name)"
          if let data = FileManager.default.contents(atPath: path) { files[path] = [UInt8](data) }
        }
      }
      return files
    }
    let before = try kept()
    #expect(before.count > 3)
    for arguments in [
      [], rules, ["--staged"], ["--rule", "own.secret"], ["--range", "HEAD..HEAD"],
    ] {
      _ = try report(["--own-secrets"] + arguments)
      #expect(try kept() == before, "\(arguments)")
    }
    // The history is read whole, whatever an earlier run read of it.
    let found = try report(["--own-secrets", "--no-worktree"])
    #expect(found.paths(of: "own.secret") == ["a", "b"])
    for content in before.values {
      let text = String(decoding: content, as: UTF8.self)
      for form in forms([value, long]) { #expect(!text.contains(form)) }
    }
  }

  @Test func `it goes with the index, with ranges and with standard input`() throws {
    try git.write(".env", "A_PASSWORD=hunter2\n")
    try git.stage("old", "hunter2\n")
    try git.commit("old")
    try git.stage("new", "pass hunter2\n")
    #expect(try report(["--own-secrets", "--staged"]).paths(of: "own.secret") == ["new"])
    try git.commit("new")
    #expect(
      try report(["--own-secrets", "--range", "HEAD~1..HEAD"]).paths(of: "own.secret") == ["new"])
    let input = try report(
      ["--own-secrets", "--stdin", "--stdin-name", "diff"], input: Array("+ hunter2\n".utf8))
    #expect(input.paths(of: "own.secret") == ["diff"])
    #expect(try report(["--own-secrets", "old"]).paths(of: "own.secret") == ["old"])
  }

  @Test func `decisions and commands know the rule`() throws {
    try git.write(".env", "A_PASSWORD=hunter2\n")
    try git.stage("a", "hunter2\n")
    try git.stage("b", "hunter2 # keyscan:allow\n")
    try git.commit("a")
    let found = try report(["--own-secrets"])
    let finding = try #require(found.findings.first)
    #expect(found.findings.count == 1 && finding.paths == ["a"] && found.suppressed.count == 1)
    let explained = try Keyscan.run(
      ["explain", "own.secret"], in: git.path, environment: git.environment)
    #expect(explained.status == 0 && explained.text.contains("--own-secrets"))
    let named = try Keyscan.run(
      ["find", finding.fingerprint, "--own-secrets"], in: git.path, environment: git.environment)
    #expect(named.text.contains("own.secret"))
    let only = try report(["--own-secrets", "--rule", "own.secret"])
    #expect(only.findings.map(\.rule) == ["own.secret"])
    #expect(try report(["--own-secrets", "--no-rule", "own.secret"]).findings.isEmpty)
    let added = try Keyscan.run(
      ["baseline", "add", "--own-secrets"], in: git.path, environment: git.environment)
    #expect(added.status == 0 && added.text.contains("1 finding added"))
    #expect(try report(["--own-secrets"]).status == 0)
    try git.remove(".keyscan-baseline")
    try git.write(".keyscan.yml", "version: 1\nrules: {own.secret: low}\n")
    #expect(try report(["--own-secrets"]).findings.map(\.severity) == ["low"])
    // A rule that is not applied in this run has a name all the same.
    #expect(!(try report([]).hints.contains { $0.contains("own.secret") }))
  }

  @Test func `bad files cost a sentence`() throws {
    try git.write(".env", "A_PASSWORD=hunter2\n")
    try git.write(".env.large", "B_PASSWORD=\(String(repeating: "x7", count: 10 << 20))\n")
    try git.write(".env.nul", Array("C_PASSWORD=hun\0ter3\n".utf8))
    try git.write(".env.latin", Array("D_PASSWORD=p".utf8) + [0xE4] + Array("sswort1\n".utf8))
    try git.write(".env.crypt", [0] + Array("GITCRYPT".utf8) + [0, 1, 2])
    try git.write(".env.quotes", String(repeating: "K='\n\"`", count: 20_000))
    try git.link(".env.link", to: "/etc/passwd")
    try git.folder.makeFolder("work/.env.folder")
    try git.stage("a", "hunter2 hun ter3\n")
    let found = try report(["--own-secrets", "--no-history"])
    #expect(found.paths(of: "own.secret") == ["a"])
    #expect(found.hints.contains { $0.hasPrefix(".env.large: more than 1048576 bytes") })
    #expect(found.hints.contains { $0.hasPrefix(".env.link: a link") })
    #expect(found.hints.contains { $0.hasPrefix(".env.crypt: encrypted") })
    #expect(found.gaps.filter(\.fails).isEmpty && found.status == 1)
    let nothing = try GitFixture()
    let empty = try Keyscan.report(
      ["--own-secrets"], in: nothing.path, environment: nothing.environment)
    #expect(empty.status == 0)
    #expect(
      empty.hints == [
        "own secrets: there is no file of environment variables here that git does not track"
      ])
  }

  @Test func `a file that cannot be read is a gap`() throws {
    try git.write(".env", "A_PASSWORD=hunter2\n")
    try git.folder.setMode(0, of: "work/.env")
    // Whoever runs the tests as root can read everything.
    guard FileManager.default.contents(atPath: git.path + "/.env") == nil else { return }
    let found = try report(["--own-secrets"])
    #expect(found.status == 74 && found.gaps.contains { $0.subject == ".env" })
  }

  @Test func `thousands of values are looked for`() throws {
    let values = (0..<1500).map { _ in LookAlike.plain(24) }
    try git.write(
      ".env",
      values.enumerated().map { "V\($0.offset)_TOKEN=\($0.element)" }.joined(separator: "\n"))
    try git.stage("a", values.filter { $0.hashValue % 7 == 0 }.joined(separator: "\n") + "\n")
    let found = try report(["--own-secrets", "--no-history"])
    let expected = values.count { $0.hashValue % 7 == 0 }
    #expect(found.findings.count == expected)
  }
}
