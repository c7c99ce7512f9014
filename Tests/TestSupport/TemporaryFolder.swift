import Foundation

/// A folder of a test's own, removed when the test lets go of it.
package final class TemporaryFolder: Sendable {
  /// Absolute and without links.
  package let path: String

  package init() {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    path = "\(base)/keyscan-test-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // A test may have taken away the right to enter a folder.
    _ = try? Tool.run("/bin/chmod", ["-R", "u+rwx", path])
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a script that can be run at once.
  ///
  /// Another process writes it: while this one has it open for writing, a process that some other
  /// test starts meanwhile inherits that, and the system refuses to run the file.
  package func writeScript(_ name: String, _ body: String) throws {
    let path = at(name)
    let output = try Tool.run(
      "/bin/sh", ["-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", path],
      input: Array("#!/bin/sh\n\(body)\n".utf8))
    guard output.status == 0 else { throw Tool.Failure(description: output.errors) }
  }

  /// The path of `name` in the folder.
  package func at(_ name: String) -> String { name.isEmpty ? path : "\(path)/\(name)" }

  /// Writes a file, and the folders that it stands in.
  package func write(_ name: String, _ text: String) throws {
    try write(name, Array(text.utf8))
  }

  /// Writes a file, and the folders that it stands in.
  package func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = URL(fileURLWithPath: at(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  package func read(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  package func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: at(name))))
  }

  package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: at(name)) }

  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: at(name))
  }

  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: at(name), withIntermediateDirectories: true)
  }

  /// Makes a symbolic link that says `target`.
  package func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: at(name), withDestinationPath: target)
  }

  package func setMode(_ mode: Int, of name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: at(name))
  }
}
