#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file operation that the system refused.
package struct FileError: Error, Equatable, Sendable {
  /// What was being done, as a verb phrase: `open src/app.ts`.
  ///
  /// It may hold bytes of a scanned name and must be made safe before it is shown.
  package let action: String
  /// The system's error number, such as `ENOENT`.
  package let code: Int32

  package init(_ action: String, code: Int32) {
    self.action = action
    self.code = code
  }

  /// Why the system refused, in its own words.
  package var reason: String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  /// Nothing has this name.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// This user may not do that.
  package var isDenied: Bool { code == EACCES || code == EPERM }

  /// The name is a symbolic link where one is not followed.
  package var isLink: Bool { code == ELOOP }

  /// The reader of a pipe has gone away.
  package var isClosedPipe: Bool { code == EPIPE }

  /// A signal came while the call waited.
  package var isInterruption: Bool { code == EINTR }
}

extension FileError: CustomStringConvertible {
  package var description: String { "cannot \(action): \(reason)" }
}

/// Runs one system call again as long as a signal interrupts it, and throws if it fails.
@discardableResult
func check(
  _ action: @autoclosure () -> String, _ call: () -> Int
) throws(FileError) -> Int {
  while true {
    let result = call()
    if result >= 0 { return result }
    let code = errno
    if code != EINTR { throw FileError(action(), code: code) }
  }
}

/// Lends `bytes` as a C string.
///
/// The bytes come from the system or from a user and hold no NUL; what follows one is lost.
func withCString<Result>(
  _ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result
) -> Result {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
    for i in bytes.indices { unsafe text[i] = CChar(bitPattern: bytes[i]) }
    unsafe text[bytes.count] = 0
    guard let start = text.baseAddress else { preconditionFailure("no memory was lent") }
    return unsafe body(UnsafePointer(start))
  }
}

/// The bytes of a name as text, for a message; what is not UTF-8 is replaced.
func text(_ bytes: [UInt8]) -> String {
  String(decoding: bytes, as: UTF8.self)
}
