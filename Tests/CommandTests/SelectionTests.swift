import Foundation
import Rules
import TestSupport
import Testing

/// Which rules a run applies, and what is kept of private ones.
struct SelectionTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([git.path] + arguments, in: git.path, environment: git.environment)
  }

  private func rules(_ arguments: String...) throws -> Set<String> {
    let report = try Keyscan.report(
      [git.path] + arguments, in: git.path, environment: git.environment)
    #expect(report.status == (report.findings.isEmpty ? 0 : 1))
    return Set(report.findings.map(\.rule))
  }

  @Test func `rules are chosen by their ids, or by how they begin`() throws {
    try git.stage("a", FillIn.expand("token ghp_{alnum 30}{crc32 6}\n", seed: "chosen"))
    try git.stage("b", "key = \(LookAlike.apiKey())\nsecret = \(LookAlike.clientSecret())\n")
    try git.stage(".env", "GEMINI_API_KEY=\(LookAlike.apiKey())\n")
    try git.commit()
    let all = try rules()
    #expect(all.isSuperset(of: ["github.token", "google.api-key", "dotenv.tracked"]))
    #expect(try rules("--rule", "github.token") == ["github.token"])
    #expect(try rules("--rule", "google.*", "--rule", "dotenv.tracked").contains("google.api-key"))
    #expect(try rules("--rule", "google.*").allSatisfy { $0.hasPrefix("google.") })
    let others = try rules("--no-rule", "google.*", "--no-rule", "dotenv.*")
    #expect(others.contains("github.token"))
    #expect(others.allSatisfy { !$0.hasPrefix("google.") && !$0.hasPrefix("dotenv.") })
    #expect(
      try rules("--rule", "google.*", "--no-rule", "google.api-key").contains("google.api-key")
        == false)
    // What one choice found is not taken for what another finds.
    #expect(try rules() == all)
  }

  @Test(arguments: ["--rule", "--no-rule"])
  func `a name that no rule has is a mistake`(_ option: String) throws {
    let all = "keyscan rules list names them all"
    for (name, hint) in [
      ("google.api-kye", "; did you mean google.api-key?"), ("gogle.*", "; did you mean google.*?"),
      ("dotenv.traked", "; did you mean dotenv.tracked?"), ("nothing.at-all", ""),
    ] {
      let run = try Keyscan.run([option, name], in: git.path, environment: git.environment)
      #expect(run.status == 64)
      #expect(run.errors == "keyscan: no rule is named \(name); \(all)\(hint)\n")
    }
  }

  @Test func `secrets of rules that are left out are masked beside those that are found`() throws {
    let other = LookAlike.apiKey()
    try git.stage("a", FillIn.expand("t = ghp_{alnum 30}{crc32 6}; k = ", seed: "x") + other + "\n")
    try git.commit()
    let text = try Keyscan.run(
      [git.path, "--rule", "github.token"], in: git.path, environment: git.environment
    ).text
    #expect(text.contains("github.token") && !text.contains(other))
  }

  @Test func `a rule whose companion is left out still looks for it`() throws {
    try git.stage(
      "a",
      FillIn.expand(
        "aws_access_key_id = AKIA{base32 16}\naws_secret_access_key = {base64 39}Q\n", seed: "pair")
    )
    try git.commit()
    #expect(try rules("--rule", "aws.access-key") == ["aws.access-key"])
  }

  @Test func `what is kept of private rules changes nothing but time`() throws {
    try git.stage("a", "token = \(PrivateRule.token)\n")
    try git.commit()
    try git.folder.write("own/own.yml", PrivateRule.file)
    let own = ["--rules", git.folder.at("own")]
    let cache = try #require(git.environment["XDG_CACHE_HOME"]) + "/keyscan/rules"
    func found() throws -> [String] {
      let report = try Keyscan.report(
        [git.path, "--verbose"] + own, in: git.path, environment: git.environment)
      return report.findings.map(\.rule)
    }
    #expect(try found() == ["own.token"])
    let files = try FileManager.default.contentsOfDirectory(atPath: cache).sorted()
    #expect(files.count == 2 && files.last == "widths")
    for file in files {
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(cache)/\(file)")))
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: "\(cache)/\(file)"))
      #expect(try found() == ["own.token"])
    }
    #expect(try found() == ["own.token"])
  }
}
