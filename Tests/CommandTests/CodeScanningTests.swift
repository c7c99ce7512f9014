import Foundation
import TestSupport
import Testing

/// SARIF as GitHub's code scanning takes it, and several reports at once.
struct CodeScanningTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func sarif(_ arguments: String...) throws -> [String: Any] {
    let run = try Keyscan.run(
      [git.path, "--format", "sarif"] + arguments, in: git.path, environment: git.environment)
    let json = try JSONSerialization.jsonObject(with: Data(run.text.utf8)) as? [String: Any]
    return try #require((json?["runs"] as? [[String: Any]])?.first)
  }

  private func results(_ run: [String: Any]) -> [[String: Any]] {
    run["results"] as? [[String: Any]] ?? []
  }

  private func hash(_ result: [String: Any]) -> String? {
    (result["partialFingerprints"] as? [String: Any])?["primaryLocationLineHash"] as? String
  }

  private func location(_ result: [String: Any]) -> (uri: String, line: Int)? {
    let first = (result["locations"] as? [[String: Any]])?.first
    let place = first?["physicalLocation"] as? [String: Any]
    let uri = (place?["artifactLocation"] as? [String: Any])?["uri"] as? String
    let line = (place?["region"] as? [String: Any])?["startLine"] as? Int
    return uri.flatMap { uri in line.map { (uri, $0) } }
  }

  private func key() -> String { LookAlike.apiKey() }

  @Test func `a line keeps its hash when others come above it, in every place it is read from`()
    throws
  {
    let line = "k\u{E9}y = \"\(key())\"\r\n"
    try git.stage("a.py", "# above\r\n" + line)
    try git.commit()
    let first = try #require(results(sarif()).first)
    let known = try #require(hash(first))
    try git.write("a.py", "# more\n\n\u{1F600}\n# above\r\n" + line)
    let moved = try #require(results(sarif()).first)
    #expect(location(moved)?.line == 5 && hash(moved) == known)
    #expect(try hash(#require(results(sarif("--no-history")).first)) == known)
  }

  @Test func `two findings on one line are two`() throws {
    try git.stage("a.py", "keys = [\"\(key())\", \"\(key())\"]\n")
    try git.commit()
    let results = try results(sarif())
    #expect(results.count == 2 && Set(results.compactMap(hash)).count == 2)
  }

  @Test func `what only history holds is shown at a file that is there, or left out`() throws {
    try git.stage("src/a.py", "a = \"\(key())\"\n")
    try git.stage("gone.py", "b = \"\(key())\"\n")
    try git.stage("README.md", "read me\n")
    try git.commit()
    try git.stage("src/a.py", "a = 1\n")
    try git.git("rm", "--quiet", "gone.py")
    try git.commit("clean")
    let run = try sarif()
    let results = results(run)
    #expect(Set(results.compactMap { location($0)?.uri }) == ["src/a.py", "README.md"])
    #expect(results.allSatisfy { location($0)?.line == 1 })
    #expect(Set(results.compactMap(hash)).count == 2)
    for result in results {
      let message = (result["message"] as? [String: Any])?["text"] as? String ?? ""
      #expect(message.contains("in history only (commit "))
      #expect((result["relatedLocations"] as? [[String: Any]])?.count == 1)
    }
    let omitted = try sarif("--sarif-history", "omit")
    #expect(self.results(omitted).isEmpty)
    let invocation = (omitted["invocations"] as? [[String: Any]])?.first
    let notes = invocation?["toolExecutionNotifications"] as? [[String: Any]] ?? []
    #expect("\(notes)".contains("2 findings are not in this file"))
  }

  @Test func `what was renamed is shown where it is now`() throws {
    try git.stage("a", "k = \(key())\n")
    try git.commit()
    try git.git("mv", "a", "b")
    try git.commit("rename")
    let result = try #require(results(sarif()).first)
    #expect(location(result)?.uri == "b")
    #expect(try hash(result) == hash(#require(results(sarif("--no-history")).first)))
  }

  @Test func `a severity that the configuration sets is a rule of its own`() throws {
    try git.stage("a.py", "a = \"\(key())\"\n")
    try git.commit()
    try git.write(".keyscan.yml", "version: 1\nrules: {google.api-key: low}\n")
    let run = try sarif()
    #expect(results(run).first?["ruleId"] as? String == "google.api-key/server/low")
    let driver = (run["tool"] as? [String: Any])?["driver"] as? [String: Any]
    let rule = (driver?["rules"] as? [[String: Any]])?.first
    let properties = rule?["properties"] as? [String: Any]
    #expect(rule?["id"] as? String == "google.api-key/server/low")
    #expect(properties?["security-severity"] as? String == "3.0")
    #expect(properties?["precision"] as? String == "very-high")
  }

  @Test func `where it was cloned from is told without a password`() throws {
    try git.stage("a.py", "a = 1\n")
    try git.commit()
    try git.git("remote", "add", "origin", "https://me:word@example.org/a.git")
    let run = try sarif()
    let provenance = (run["versionControlProvenance"] as? [[String: Any]])?.first
    #expect(provenance?["repositoryUri"] as? String == "https://example.org/a.git")
    #expect((run["automationDetails"] as? [String: Any])?["id"] as? String == "keyscan/")
  }

  @Test func `several reports are written at once`() throws {
    try git.stage("a.py", "a = \"\(key())\"\n")
    try git.commit()
    let formats = ["json", "sarif", "junit", "gitlab", "markdown", "html", "github"]
    let summary = git.folder.at("summary.md")
    var environment = git.environment
    environment["GITHUB_STEP_SUMMARY"] = summary
    let run = try Keyscan.run(
      [git.path] + formats.flatMap { ["--report", "\($0)=\(git.folder.at("out.\($0)"))"] },
      in: git.path, environment: environment)
    #expect(run.status == 1 && run.text.contains("google.api-key"))
    for format in formats {
      let content = try git.folder.read("out.\(format)")
      #expect(content.contains("a.py") && content.contains("google.api-key"), "\(format)")
    }
    #expect(try git.folder.read("out.github").hasPrefix("::error "))
    #expect(try git.folder.read("summary.md").contains("a.py"))
    for argument in ["json", "jsn=x", "json="] {
      #expect(
        try Keyscan.run(["--report", argument], in: git.path, environment: environment).status == 64
      )
    }
    #expect(
      try Keyscan.run(
        ["--report", "json=/nowhere/a"], in: git.path, environment: git.environment
      ).status == 73)
  }
}
