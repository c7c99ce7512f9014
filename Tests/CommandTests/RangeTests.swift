import Foundation
import TestSupport
import Testing

/// Commits that are named instead of all of history.
struct RangeTests {
  private let git: GitFixture

  /// Four commits, each of which brings a secret of its own; the third is on a branch.
  init() throws {
    git = try GitFixture()
    for (i, name) in ["one", "two"].enumerated() {
      try git.stage(name, LookAlike.apiKey())
      try commit(name, day: i)
    }
    try git.git("checkout", "--quiet", "-b", "side")
    try git.stage("three", LookAlike.apiKey())
    try commit("three", day: 2)
    try git.git("checkout", "--quiet", "main")
    try git.stage("four", LookAlike.apiKey())
    try commit("four", day: 3)
  }

  private func commit(_ subject: String, day: Int) throws {
    let date = "\(1_700_000_000 + 86_400 * day) +0000"
    try git.git(
      ["commit", "--quiet", "--no-verify", "-m", subject],
      environment: ["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date])
  }

  private func paths(_ arguments: [String], input: String = "") throws -> [String] {
    let report = try Keyscan.report(
      arguments, in: git.path, environment: git.environment, input: Array(input.utf8))
    return report.paths(of: "google.api-key")
  }

  @Test func `a range is what its end reaches and its beginning does not`() throws {
    #expect(try paths(["--range", "HEAD~1..HEAD"]) == ["four"])
    #expect(try paths(["--range", "HEAD~2..HEAD"]) == ["four", "two"])
    #expect(try paths(["--range", "main..side"]) == ["three"])
    #expect(try paths(["--range", "HEAD..HEAD"]).isEmpty)
    let report = try Keyscan.report(
      ["--range", "HEAD~1..HEAD"], in: git.path, environment: git.environment)
    let place = try #require((report.findings.first?.json["places"] as? [[String: Any]])?.first)
    let head = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    #expect(place["commit"] as? String == head && place["subject"] as? String == "four")
    #expect(report.gaps.map(\.kind) == ["not-asked"])
    let target = (report.json["targets"] as? [[String: Any]])?.first
    #expect(target?["kind"] as? String == "range" && target?["part"] as? String == "HEAD~1..HEAD")
    let text = try Keyscan.run(
      ["--range", "HEAD~1..HEAD"], in: git.path, environment: git.environment
    ).text
    #expect(text.hasPrefix("keyscan: only what these commits add was scanned: HEAD~1..HEAD"))
  }

  @Test func `what was there before the range is not new`() throws {
    try git.git("mv", "one", "moved")
    try commit("move", day: 4)
    #expect(try paths(["--range", "HEAD~1..HEAD"]).isEmpty)
  }

  @Test func `since a revision or a day`() throws {
    // Any reference counts, so the branch does too.
    #expect(try paths(["--since", "main~1"]) == ["four", "three"])
    #expect(try paths(["--since", "2023-11-17"]) == ["four"])
    #expect(try paths(["--since", "2023-11-16T22:13:20Z"]) == ["four", "three"])
    #expect(try paths(["--since", "@1700172800"]) == ["four", "three"])
  }

  @Test func `a branch is all that it reaches`() throws {
    #expect(try paths(["--branch", "side"]) == ["one", "three", "two"])
  }

  @Test func `revisions come from standard input as for rev-list`() throws {
    #expect(try paths(["--revisions-from-stdin"], input: "side\n^main\n") == ["three"])
    let several = "side\nHEAD\n^HEAD~1\n"
    #expect(try paths(["--revisions-from-stdin"], input: several) == ["four", "three"])
    #expect(try paths(["--revisions-from-stdin"], input: "main..side\n") == ["three"])
    #expect(try paths(["--revisions-from-stdin"], input: "").isEmpty)
  }

  @Test func `unpushed is work tree, index and what no remote-tracking branch has`() throws {
    try git.write("five", LookAlike.apiKey())
    // Nothing tells what was pushed.
    let whole = try Keyscan.report(["--unpushed"], in: git.path, environment: git.environment)
    #expect(whole.paths(of: "google.api-key").count == 5)
    #expect(whole.hints.contains { $0.contains("no remote-tracking branch") })
    try git.git("update-ref", "refs/remotes/origin/main", "main~1")
    try git.git("rm", "--quiet", "one", "two", "four")
    try commit("away", day: 5)
    #expect(try paths(["--unpushed"]) == ["five", "four", "three"])
  }

  @Test func `history alone is read without the work tree`() throws {
    try git.write("five", LookAlike.apiKey())
    #expect(try paths(["--no-worktree"]) == ["four", "one", "three", "two"])
  }

  @Test func `a revision that does not exist is told`() throws {
    for arguments in [["--branch", "none"], ["--range", "none..HEAD"], ["--since", "none"]] {
      let output = try Keyscan.run(arguments, in: git.path, environment: git.environment)
      #expect(output.status == 66 && output.errors.contains("none"))
    }
    for arguments in [
      ["--range", "HEAD"], ["--range", "A...B"], ["--range", "A..B", "--staged"],
      ["--since", "x", "--branch", "y"], ["--unpushed", "--no-history"],
    ] {
      let output = try Keyscan.run(arguments, in: git.path, environment: git.environment)
      #expect(output.status == 64, "\(arguments)")
    }
  }
}
