import Foundation
import TestSupport
import Testing

/// `--staged`: what the next commit adds or changes.
struct StagedTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
    try git.stage("unrelated", "x\n")
    try git.commit()
  }

  private func staged(_ environment: [String: String] = [:]) throws -> Keyscan.Report {
    try Keyscan.report(
      ["--staged"], in: git.path, environment: git.environment.merging(environment) { $1 })
  }

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  @Test func `what is added and what is changed is found, with its place in the index`() throws {
    try git.stage("changed", "a\n")
    try git.commit()
    try git.stage("changed", "a\n" + key())
    try git.stage("new/file", key())
    let report = try staged()
    #expect(report.paths(of: "google.api-key") == ["changed", "new/file"])
    #expect(report.findings.allSatisfy { $0.standsIn == ["index"] })
    #expect(report.findings.first { $0.paths == ["changed"] }?.places.first?.line == 2)
    #expect(report.status == 1)
  }

  @Test func `the staged content counts, not the file beside it`() throws {
    try git.stage("clean", "nothing\n")
    try git.write("clean", key())
    try git.stage("leaking", key())
    try git.write("leaking", "nothing\n")
    try git.write("untracked", key())
    #expect(try staged().paths(of: "google.api-key") == ["leaking"])
  }

  @Test func `a secret that HEAD has at the path already is not new`() throws {
    let key = key()
    try git.stage("file", key)
    try git.commit()
    try git.stage("file", "more\n" + key)
    #expect(try staged().findings.isEmpty)
    try git.stage("file", "more\n" + key + self.key())
    #expect(try staged().findings.count == 1)
  }

  @Test func `a secret that came along with a rename is not new, a copied one is`() throws {
    let key = key()
    let text = (0..<40).map { "line \($0) of a file\n" }.joined()
    try git.stage("old", text + key)
    try git.commit()
    try git.git("mv", "old", "new")
    #expect(try staged().findings.isEmpty)
    try git.stage("new", text + "changed\n" + key)
    #expect(try staged().findings.isEmpty)
    try git.stage("new", text + self.key() + key)
    #expect(try staged().findings.count == 1)
    try git.git("checkout", "--quiet", "--force", "HEAD")
    try git.git("reset", "--quiet", "--hard")
    try git.stage("copy", key)
    #expect(try staged().findings.count == 1)
  }

  @Test func `before the first commit everything staged is new`() throws {
    let empty = try GitFixture()
    try empty.stage("a", key())
    let report = try Keyscan.report(["--staged"], in: empty.path, environment: empty.environment)
    #expect(report.findings.count == 1)
  }

  @Test func `nothing staged is clean`() throws {
    try git.write("a", key())
    let report = try staged()
    #expect(report.status == 0 && report.findings.isEmpty)
  }

  @Test func `the index that git names is the one that is read`() throws {
    try git.git(
      ["read-tree", "HEAD"], environment: ["GIT_INDEX_FILE": git.path + "/.git/other"])
    try git.write("a", key())
    try git.git(["add", "a"], environment: ["GIT_INDEX_FILE": git.path + "/.git/other"])
    #expect(try staged().findings.isEmpty)
    for name in [git.path + "/.git/other", ".git/other"] {
      #expect(try staged(["GIT_INDEX_FILE": name]).paths(of: "google.api-key") == ["a"])
    }
  }

  @Test func `an announced file has no content in the index yet`() throws {
    try git.write("a", key())
    try git.git("add", "--intent-to-add", "a")
    #expect(try staged().findings.isEmpty)
  }

  @Test func `it works in a linked worktree and from a folder below`() throws {
    try git.git("worktree", "add", "--quiet", "--detach", git.folder.at("linked"))
    try git.folder.write("linked/sub/a", key())
    try git.git(["add", "sub"], in: git.folder.at("linked"))
    let report = try Keyscan.report(
      ["--staged"], in: git.folder.at("linked/sub"), environment: git.environment)
    #expect(report.paths(of: "google.api-key") == ["sub/a"])
  }

  @Test func `a file that became a folder, and a folder a file`() throws {
    try git.stage("a", "x\n")
    try git.stage("b/c", "y\n")
    try git.commit()
    try git.git("rm", "--quiet", "a", "b/c")
    try git.stage("a/inside", key())
    try git.stage("b", key())
    #expect(try staged().paths(of: "google.api-key") == ["a/inside", "b"])
  }

  /// Libraries are prepared beside, and must not be taken apart meanwhile: that ended one run in
  /// sixty with a crash.
  @Test func `a run that ends early ends with its own status`() async throws {
    let (folder, environment) = (git.folder.path, git.environment)
    let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
      for _ in 0..<160 {
        group.addTask {
          try Keyscan.run(["--staged"], in: folder, environment: environment).status
        }
      }
      return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
    }
    #expect(statuses == [66])
  }

  @Test func `outside of a repository it is refused`() throws {
    let output = try Keyscan.run(["--staged"], in: git.folder.path, environment: git.environment)
    #expect(output.status == 66)
    #expect(output.errors.contains("there is no repository"))
  }

  @Test func `what is staged in an index that was split or left out folders is read`() throws {
    try git.stage("in/a", "x\n")
    try git.stage("out/b", "y\n")
    try git.commit()
    try git.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    try git.stage("in/a", key())
    #expect(try staged().paths(of: "google.api-key") == ["in/a"])
    try git.git("sparse-checkout", "disable")
    try git.git("update-index", "--split-index")
    try git.stage("in/c", key())
    #expect(try staged().paths(of: "google.api-key") == ["in/a", "in/c"])
  }
}
