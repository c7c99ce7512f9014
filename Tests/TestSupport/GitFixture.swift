import Foundation

/// A repository made with the real git, in a folder of its own, without any configuration of
/// the machine.
///
/// Names and dates are fixed, so object names never change.
package final class GitFixture: Sendable {
  package let folder: TemporaryFolder
  /// A home folder with nothing in it.
  private let home: TemporaryFolder
  /// Where in the folder the repository is.
  package let root: String

  /// `arguments` go to `git init`.
  package init(_ arguments: String...) throws {
    folder = TemporaryFolder()
    home = TemporaryFolder()
    root = "work"
    try folder.makeFolder(root)
    try git(["init", "--quiet"] + arguments)
  }

  /// The repository's root.
  package var path: String { folder.at(root) }

  /// The environment that git runs in.
  package var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }
    environment.merge([
      "HOME": home.path, "XDG_CONFIG_HOME": home.at(".config"),
      "XDG_STATE_HOME": home.at(".local/state"), "XDG_CACHE_HOME": home.at(".cache"),
      "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": home.at(".gitconfig"), "GIT_TERMINAL_PROMPT": "0",
      "GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "author@example.org",
      "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_NAME": "C O Mitter",
      "GIT_COMMITTER_EMAIL": "committer@example.org", "GIT_COMMITTER_DATE": "1700000000 +0000",
      "LC_ALL": "C", "GIT_EDITOR": "true",
    ]) { $1 }
    return environment
  }

  /// The user's own files: what is written here is the user's configuration.
  package var homePath: String { home.path }

  package func writeHome(_ name: String, _ text: String) throws { try home.write(name, text) }

  private static let fixed = [
    "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-c", "gc.auto=0",
    "-c", "maintenance.auto=false", "-c", "commit.gpgSign=false", "-c", "advice.detachedHead=false",
  ]

  /// Runs git and returns what it prints; throws if it fails.
  @discardableResult
  package func git(
    _ arguments: [String], in place: String? = nil, input: [UInt8] = [],
    environment extra: [String: String] = [:]
  ) throws -> String {
    let output = try result(of: arguments, in: place, input: input, environment: extra)
    guard output.status == 0 else {
      throw Tool.Failure(
        description: "git \(arguments.joined(separator: " ")): \(output.errors)\(output.text)")
    }
    return output.text
  }

  @discardableResult
  package func git(_ arguments: String..., in place: String? = nil) throws -> String {
    try git(arguments, in: place)
  }

  /// Runs git, however it ends.
  package func result(
    of arguments: [String], in place: String? = nil, input: [UInt8] = [],
    environment extra: [String: String] = [:]
  ) throws -> Tool.Output {
    try Tool.run(
      Self.program, Self.fixed + arguments, in: place ?? path,
      environment: environment.merging(extra) { $1 }, input: input)
  }

  /// Where git is.
  package static let program: String = {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return paths.map { "\($0)/git" }.first { FileManager.default.isExecutableFile(atPath: $0) }
      ?? "/usr/bin/git"
  }()

  /// git's version as numbers: `[2, 39, 5]`.
  package static func version() throws -> [Int] {
    let text = try Tool.run(program, ["--version"]).text
    return text.split(separator: " ").dropFirst(2).first.map {
      $0.split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
    } ?? []
  }

  package func write(_ name: String, _ text: String) throws {
    try folder.write("\(root)/\(name)", text)
  }

  package func write(_ name: String, _ bytes: [UInt8]) throws {
    try folder.write("\(root)/\(name)", bytes)
  }

  package func remove(_ name: String) throws { try folder.remove("\(root)/\(name)") }

  package func link(_ name: String, to target: String) throws {
    try folder.link("\(root)/\(name)", to: target)
  }

  /// Writes a file and adds it to the index, even if it is ignored.
  package func stage(_ name: String, _ text: String) throws {
    try write(name, text)
    try git("add", "--force", "--", name)
  }

  /// Commits what is staged; empty commits are all right.
  package func commit(_ message: String = "commit") throws {
    try git("commit", "--quiet", "--allow-empty", "--no-verify", "--message", message)
  }
}
