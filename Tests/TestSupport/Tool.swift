import Foundation

/// Running other programs.
package enum Tool {
  /// What a program said and how it ended.
  package struct Output: Sendable {
    package let status: Int32
    package let bytes: [UInt8]
    package let errorBytes: [UInt8]

    package var text: String { String(decoding: bytes, as: UTF8.self) }
    package var errors: String { String(decoding: errorBytes, as: UTF8.self) }
    package var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  /// A program that did not end as the test needs.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  /// Runs a program to its end.
  ///
  /// `environment` is the whole environment. A time limit is there so that a hang fails the
  /// test instead of stopping the run; it is no measure of speed.
  package static func run(
    _ program: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String]? = nil, input: [UInt8] = [], limit: TimeInterval = 300
  ) throws -> Output {
    // Files instead of pipes: nobody has to read while the program writes. And posix_spawn
    // instead of Foundation's Process, which is not made for many threads at once.
    let base = FileManager.default.temporaryDirectory
    let files = (0..<3).map { _ in
      base.appendingPathComponent("keyscan-io-\(UUID().uuidString)").path
    }
    defer { for file in files { unlink(file) } }
    try Data(input).write(to: URL(fileURLWithPath: files[0]))

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files[1], O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, files[2], O_WRONLY | O_CREAT, 0o600)
    let variables = environment ?? ProcessInfo.processInfo.environment
    // A shell goes to the folder: not every system lets posix_spawn do that.
    let enter = folder.map { ["/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", $0] }
    let command = (enter ?? []) + [program] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] =
      variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    let spawned = posix_spawn(&child, command[0], &actions, nil, &words, &settings)
    guard spawned == 0 else {
      throw Failure(description: "cannot run \(program): \(String(cString: strerror(spawned)))")
    }
    let watch = DispatchWorkItem { [child] in kill(child, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: watch)
    var state: Int32 = 0
    while waitpid(child, &state, 0) < 0, errno == EINTR {}
    watch.cancel()
    let signal = state & 0x7F
    return Output(
      status: signal == 0 ? state >> 8 & 0xFF : 128 + signal,
      bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[1]))),
      errorBytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[2]))))
  }

  /// Runs a command in a shell.
  package static func shell(
    _ command: String, in folder: String, environment: [String: String] = [:]
  ) throws -> Output {
    var whole = ProcessInfo.processInfo.environment
    whole.merge(environment) { $1 }
    return try run("/bin/sh", ["-c", command], in: folder, environment: whole)
  }
}
