#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One of the three streams that a process is started with.
package enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case error = 2

  /// A person sits at the other end.
  package var isTerminal: Bool { isatty(rawValue) == 1 }

  /// How many columns the terminal has; `nil` if it is none or does not say.
  package var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try writeAll(bytes, to: rawValue, "write to standard \(self)")
  }

  /// Writes all of `text`.
  package func write(_ text: String) throws(FileError) {
    try write(Array(text.utf8))
  }
}

/// Writes all bytes to a descriptor, however many calls that takes.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ action: String) throws(FileError) {
  var written = 0
  while written < bytes.count {
    let count = try check(action) {
      unsafe bytes.withUnsafeBytes { buffer in
        guard let start = buffer.baseAddress else { return 0 }
        return unsafe systemWrite(descriptor, start + written, bytes.count - written)
      }
    }
    written += count
  }
}

/// The system's `write`, under a name that nothing here shadows.
private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(file, start, count)
}
