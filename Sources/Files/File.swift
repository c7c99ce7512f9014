#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An open file with one owner, closed when it goes.
package struct File: ~Copyable {
  private let descriptor: Int32

  init(owning descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Opens the file at `path` for reading, following links on the way: the user chose it.
  ///
  /// Opening does not wait for a FIFO's writer.
  package init(at path: [UInt8]) throws(FileError) {
    let opened = try check("open \(text(path))") {
      unsafe withCString(path) {
        unsafe Int(open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC))
      }
    }
    descriptor = Int32(opened)
  }

  /// Standard input, as a copy of its own that may be closed.
  package static func standardInput() throws(FileError) -> File {
    File(owning: Int32(try check("read standard input") { Int(dup(STDIN_FILENO)) }))
  }

  package func status() throws(FileError) -> FileStatus {
    var raw = stat()
    try check("look at a file") { unsafe Int(fstat(descriptor, &raw)) }
    return FileStatus(raw)
  }

  /// Reads up to `count` bytes, from where the last read ended, onto the end of `buffer`.
  ///
  /// Returns how many came; 0 is the end. The buffer must have room for them. A signal that
  /// comes while the call waits ends it with an error, so that Ctrl-C reaches a scan that
  /// waits for a pipe.
  package func read(_ count: Int, into buffer: inout ByteBuffer) throws(FileError) -> Int {
    var failure: Int32 = 0
    let read = unsafe buffer.append(atMost: count) { start in
      let read = unsafe systemRead(descriptor, start, count)
      if read < 0 { failure = errno }
      return read
    }
    if read < 0 { throw FileError("read", code: failure) }
    return read
  }

  /// Reads up to `count` bytes from `offset` onwards onto the end of `buffer`.
  ///
  /// Returns how many came; 0 is the end.
  package func read(
    _ count: Int, at offset: Int, into buffer: inout ByteBuffer
  ) throws(FileError) -> Int {
    var failure: Int32 = 0
    let read = unsafe buffer.append(atMost: count) { start in
      var read: Int
      repeat {
        read = unsafe pread(descriptor, start, count, off_t(offset))
      } while read < 0 && errno == EINTR
      if read < 0 { failure = errno }
      return read
    }
    if read < 0 { throw FileError("read", code: failure) }
    return read
  }

  /// Reads the whole file, if it has at most `limit` bytes.
  ///
  /// Returns `nil` when there is more.
  package func contents(limit: Int) throws(FileError) -> [UInt8]? {
    var buffer = ByteBuffer(capacity: min(limit, max(try status().size, 1 << 16)) + 1)
    while true {
      if buffer.room == 0 {
        if buffer.count > limit { return nil }
        buffer.grow(to: min(limit + 1, 2 * buffer.count))
      }
      if try read(buffer.room, into: &buffer) == 0 { break }
    }
    return buffer.count > limit ? nil : buffer.array(0..<buffer.count)
  }
}

/// The system's `read`, under a name that ``File`` does not shadow.
private func systemRead(_ file: Int32, _ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(file, start, count)
}
