import Foundation
import TestSupport
import Testing

/// What the pre-commit framework calls.
struct FrameworkTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func run(_ variables: [String: String] = [:]) throws -> Tool.Output {
    try Keyscan.run(
      ["hook", "framework"], in: git.path,
      environment: git.environment.merging(variables) { _, new in new })
  }

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  @Test func `what is staged is scanned, or the whole index if nothing is`() throws {
    try git.stage("a", key())
    #expect(try run().status == 1)
    try git.commit()
    // Nothing is staged: the framework runs over all files.
    #expect(try run().status == 1)
    try git.stage("b", "nothing\n")
    #expect(try run().status == 0)
    try git.stage("a", "clean\n")
    #expect(try run().status == 0)
    try git.commit()
    #expect(try run().status == 0)
    #expect(try run(["KEYSCAN_SKIP": "1"]).errors.contains("passed over"))
  }

  @Test func `a range that the framework names is scanned`() throws {
    try git.stage("a", "nothing\n")
    try git.commit()
    let from = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    try git.stage("a", key())
    try git.commit()
    try git.stage("a", "clean\n")
    try git.commit()
    let to = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    #expect(try run().status == 0)
    let range = ["PRE_COMMIT_FROM_REF": from, "PRE_COMMIT_TO_REF": to]
    #expect(try run(range).status == 1)
    #expect(try run(range.merging(["PRE_COMMIT_TO_REF": from]) { $1 }).status == 0)
    let first = range.merging(["PRE_COMMIT_FROM_REF": String(repeating: "0", count: 40)]) { $1 }
    #expect(try run(first).status == 1)
  }

  /// With the real framework, if it is at hand.
  @Test(.enabled(if: FrameworkTests.hasFramework))
  func `the framework runs it before a commit and before a push`() throws {
    let program = Keyscan.program
    let hooks = git.folder.at("hooks")
    try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
    let manifest = try String(
      contentsOf: Golden.checkout.appendingPathComponent(".pre-commit-hooks.yaml"), encoding: .utf8)
    try manifest.write(toFile: "\(hooks)/.pre-commit-hooks.yaml", atomically: true, encoding: .utf8)
    for command in [["init", "--quiet"], ["add", "-A"], ["commit", "--quiet", "-m", "hooks"]] {
      try git.git(command, in: hooks)
    }
    let revision = try git.git(["rev-parse", "HEAD"], in: hooks)
      .trimmingCharacters(in: .newlines)
    try git.write(
      ".pre-commit-config.yaml",
      "repos:\n- repo: \(hooks)\n  rev: \(revision)\n  hooks: [{id: keyscan}]\n")
    var environment = git.environment
    let folder = (program as NSString).deletingLastPathComponent
    environment["PATH"] = folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    environment.merge(Self.framework ?? [:]) { path, more in "\(more):\(path)" }
    environment["PRE_COMMIT_HOME"] = git.folder.at("framework")
    func shell(_ script: String) throws -> Tool.Output {
      try Tool.shell(script, in: git.path, environment: environment)
    }
    try git.git("add", "-A")
    let installed = try shell(
      "pre-commit install --hook-type pre-commit --hook-type pre-push && git commit -qm first")
    #expect(installed.status == 0, "\(installed.text)\(installed.errors)")
    try git.stage("a", key())
    let refused = try shell("git commit -m second")
    #expect(refused.status != 0 && (refused.text + refused.errors).contains("google.api-key"))
    try git.git("commit", "--quiet", "--no-verify", "-m", "second")
    try git.stage("a", "clean\n")
    try git.git("commit", "--quiet", "--no-verify", "-m", "third")
    try git.git("init", "--quiet", "--bare", git.folder.at("remote.git"))
    let pushed = try shell("git push '\(git.folder.at("remote.git"))' HEAD:main")
    #expect(pushed.status != 0 && (pushed.text + pushed.errors).contains("google.api-key"))
    let all = try shell("pre-commit run --all-files")
    #expect(all.status == 0, "\(all.text)")
  }

  private static let hasFramework = framework != nil

  /// Where the framework is, before what the environment says; `nil` if none knows our stages.
  ///
  /// PyPI's is put beside the build if the one that is installed is too old.
  private static let framework: [String: String]? = {
    let folder = Golden.checkout.appendingPathComponent(".build/framework").path
    let beside = ["PATH": "\(folder)/bin", "PYTHONPATH": folder]
    for environment in [beside, [:]] {
      let all = ProcessInfo.processInfo.environment.merging(environment) { "\($1):\($0)" }
      let said = try? Tool.shell("pre-commit --version", in: "/", environment: all)
      let numbers =
        (said?.text ?? "").split(separator: " ").last?.split(separator: ".")
        .compactMap { Int($0.filter(\.isNumber)) } ?? []
      if numbers.count > 1, (numbers[0], numbers[1]) >= (3, 2) { return environment }
    }
    return nil
  }()
}
