#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Writing a file so that it is seen whole or not at all.
package enum OutputFile {
  /// Who may read what is written.
  package enum Privacy: Sendable {
    /// Whoever the user's `umask` admits.
    case usual
    /// The user alone: mode 0600.
    case owner
    /// Like the usual, and a program.
    case program
  }

  /// Puts `bytes` at `path`.
  ///
  /// A regular file, or a name that is free, is replaced in one step by a finished file beside
  /// it. Anything else (`/dev/null`, a FIFO, a terminal) is written to. A link is followed.
  package static func write(
    _ bytes: [UInt8], to path: [UInt8], privacy: Privacy = .usual
  ) throws(FileError) {
    let path = resolved(path)
    var raw = stat()
    let found = unsafe withCString(path) { unsafe stat($0, &raw) } == 0
    if found, FileKind(mode: raw.st_mode) != .regular {
      try writeInPlace(bytes, to: path)
    } else {
      let mode: mode_t? =
        switch privacy {
        case .owner: 0o600
        case .program: 0o777 & ~currentMask
        case .usual: found ? raw.st_mode & 0o7777 : nil
        }
      try replace(path, with: bytes, mode: mode)
    }
  }

  /// The path with links in it resolved, so that a link to a report stays a link.
  private static func resolved(_ path: [UInt8]) -> [UInt8] {
    unsafe withCString(path) { path in
      guard let real = unsafe realpath(path, nil) else { return nil }
      defer { unsafe free(real) }
      return unsafe Array(UnsafeRawBufferPointer(start: real, count: strlen(real)))
    } ?? path
  }

  /// Puts `bytes` at the end of the file at `path`, which is made if there is none.
  package static func append(_ bytes: [UInt8], to path: [UInt8]) throws(FileError) {
    let action = "write \(text(path))"
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC
    let file = try check(action) {
      unsafe withCString(path) { unsafe Int(open($0, flags, 0o666)) }
    }
    defer { close(Int32(file)) }
    try writeAll(bytes, to: Int32(file), action)
  }

  private static func writeInPlace(_ bytes: [UInt8], to path: [UInt8]) throws(FileError) {
    let action = "write \(text(path))"
    let file = try check(action) {
      unsafe withCString(path) { unsafe Int(open($0, O_WRONLY | O_CLOEXEC)) }
    }
    defer { close(Int32(file)) }
    try writeAll(bytes, to: Int32(file), action)
  }

  private static func replace(
    _ path: [UInt8], with bytes: [UInt8], mode: mode_t?
  ) throws(FileError) {
    let action = "write \(text(path))"
    var template = path + Array(".XXXXXX".utf8) + [0]
    let file = try check(action) {
      unsafe template.withUnsafeMutableBytes { buffer in
        guard let start = buffer.baseAddress else { return -1 }
        return unsafe Int(mkstemp(start.assumingMemoryBound(to: CChar.self)))
      }
    }
    template.removeLast()
    do throws(FileError) {
      defer { close(Int32(file)) }
      // mkstemp makes the file for its owner alone; a report is as public as its folder.
      try check(action) { Int(fchmod(Int32(file), mode ?? (0o666 & ~currentMask))) }
      try writeAll(bytes, to: Int32(file), action)
    } catch {
      unsafe withCString(template) { unsafe _ = unlink($0) }
      throw error
    }
    do throws(FileError) {
      try check(action) {
        unsafe withCString(template) { from in
          unsafe withCString(path) { to in unsafe Int(rename(from, to)) }
        }
      }
    } catch {
      unsafe withCString(template) { unsafe _ = unlink($0) }
      throw error
    }
  }

  /// What the user's `umask` takes away; it can be read only by setting it.
  static var currentMask: mode_t {
    let mask = umask(0o077)
    umask(mask)
    return mask
  }
}
