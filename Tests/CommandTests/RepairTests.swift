import Foundation
import TestSupport
import Testing

/// What a report says to type, typed.
struct RepairTests {
  private let git: GitFixture
  private let key = LookAlike.apiKey()

  init() throws {
    git = try GitFixture()
    try git.stage("readme", "nothing\n")
    try git.commit("base")
  }

  private func findings() throws -> [Keyscan.Report.Finding] {
    try Keyscan.report(["."], in: git.path, environment: git.environment).findings
  }

  private func plan() throws -> [String] {
    try #require(try findings().first?.json["repair"] as? [String])
  }

  /// Runs the lines in the repository, with keyscan in PATH, and returns them.
  @discardableResult
  private func run(_ lines: [String]) throws -> String {
    let folder = (Keyscan.program as NSString).deletingLastPathComponent
    var environment = git.environment
    environment["PATH"] = "\(folder):\(environment["PATH"] ?? "/usr/bin:/bin")"
    let output = try Tool.run(
      "/bin/sh", ["-ec", lines.joined(separator: "\n")], in: git.path, environment: environment)
    #expect(output.status == 0, "\(lines): \(output.errors)")
    return output.text + output.errors
  }

  @Test func `what may be published is rewritten after it was replaced`() throws {
    try git.stage("a", "x \(key)\n")
    try git.commit("leak with \(key) in the message")
    try git.stage("b/c d", "copy \(key)\n")
    try git.stage("wide", Data("{\"key\":\"\(key)\"}".utf8).base64EncodedString())
    try git.commit("more")
    try git.git("rm", "--quiet", "a")
    try git.commit("away")
    let lines = try plan()
    #expect(lines.first?.hasPrefix("# first replace the secret at its provider") == true)
    #expect(lines.contains { $0.hasPrefix("git filter-repo --force --replace-text ../") })
    try run(lines)
    #expect(try findings().isEmpty)
    #expect(!git.folder.exists("keyscan-replacements.txt"))
    let text = try Keyscan.run(["."], in: git.path, environment: git.environment).text
    #expect(text.contains("everything was read"))
  }

  @Test func `a file is taken out of all of history`() throws {
    try git.stage("app/.env", "DB_PASSWORD=hunter2hunter2\n")
    try git.commit("leak")
    try git.git("rm", "--quiet", "app/.env")
    try git.commit("away")
    try run(plan())
    #expect(try findings().isEmpty)
  }

  @Test func `what nobody has yet is amended`() throws {
    try git.git("update-ref", "refs/remotes/origin/main", "HEAD")
    try git.stage("a", "x \(key)\n")
    try git.commit("leak")
    let lines = try plan()
    #expect(lines.first == "# take the secret out of a")
    try git.write("a", "x from the environment\n")
    try run(lines)
    #expect(try findings().isEmpty)
  }

  @Test func `what an older commit brought that nobody has is rewritten`() throws {
    try git.git("update-ref", "refs/remotes/origin/main", "HEAD")
    try git.stage("a", "x \(key)\n")
    try git.commit("leak")
    try git.stage("b", "more\n")
    try git.commit("more")
    try run(plan())
    #expect(try findings().isEmpty)
  }

  @Test func `a stash is dropped and forgotten`() throws {
    try git.write("readme", "first \(key)\n")
    try git.git("stash", "--quiet")
    try git.write("readme", "second\n")
    try git.git("stash", "--quiet")
    let lines = try plan()
    #expect(lines.first == "git stash drop stash@{1}")
    try run(lines)
    #expect(try findings().isEmpty)
    #expect(try git.git("stash", "list").split(separator: "\n").count == 1)
  }

  @Test func `what only a reflog holds is forgotten`() throws {
    try git.stage("a", "x \(key)\n")
    try git.commit("leak")
    try git.git("reset", "--quiet", "--hard", "HEAD~1")
    try run(plan())
    #expect(try findings().isEmpty)
  }

  @Test func `the plan stands in the text, to be copied`() throws {
    try git.stage("a", "x \(key)\n")
    try git.commit("leak")
    let text = try Keyscan.run(["."], in: git.path, environment: git.environment).text
    let fingerprint = try #require(try findings().first?.json["fingerprint"] as? String)
    #expect(text.contains("repair:\n"))
    #expect(
      text.contains("      keyscan find \(fingerprint) --replacements ../keyscan-replacements.txt"))
  }

  @Test func `replacements are for their owner, and not in the work tree`() throws {
    try git.stage("a", "x \(key)\n")
    try git.commit("leak")
    let fingerprint = try #require(try findings().first?.json["fingerprint"] as? String)
    func find(_ arguments: String...) throws -> Tool.Output {
      try Keyscan.run(["find"] + arguments, in: git.path, environment: git.environment)
    }
    for inside in ["replacements", "sub/../replacements", ".git/replacements"] {
      try git.folder.makeFolder("work/sub")
      let output = try find(fingerprint, "--replacements", inside)
      #expect(output.status == 64 && output.errors.contains("outside of it"))
      #expect(!git.folder.exists("work/\(inside)"))
    }
    let output = try find(fingerprint, "--replacements", "../out")
    #expect(output.status == 0)
    #expect(try git.folder.bytes("out") == Array("literal:\(key)==>REMOVED\n".utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: git.folder.at("out"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
    #expect(try find("0123456789", "--replacements", "../none").errors.contains("stands nowhere"))
    #expect(try find("xyz").status == 64)
    #expect(try find(fingerprint).text.contains("--> a:1:3"))
  }

  @Test func `any secret is found where it stands, and not printed`() throws {
    let secret = LookAlike.plain(24)
    try git.stage("a", "value: \(secret)\n")
    try git.stage("b", Data("xx\(secret)yy".utf8).base64EncodedString())
    try git.commit("leak")
    try git.git("rm", "--quiet", "a", "b")
    try git.commit("away")
    let output = try Keyscan.run(
      ["find", "--stdin"], in: git.path, environment: git.environment,
      input: Array("\(secret)\n".utf8))
    #expect(output.status == 1 && output.text.contains("--> a:1:8"))
    #expect(output.text.contains("--> b:1:"))
    let none = try Keyscan.run(
      ["find", "--stdin"], in: git.path, environment: git.environment,
      input: Array("\(LookAlike.plain(24))\n".utf8))
    #expect(none.status == 0 && none.errors.contains("stands nowhere"))
  }
}
