#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file whose bytes are read as memory.
///
/// For git's own files alone, which are never changed in place: a file that is cut short while
/// it is mapped ends the process, so nothing of a work tree is ever mapped.
@safe
package struct MappedFile: ~Copyable, @unchecked Sendable {
  // Nobody writes to it.
  @usableFromInline let start: UnsafeMutableRawPointer?
  /// How many bytes the file had when it was mapped.
  @usableFromInline package let count: Int

  /// Maps the file at `path`, following links.
  package init(at path: [UInt8]) throws(FileError) {
    let action = "map \(text(path))"
    let descriptor = try check(action) {
      unsafe withCString(path) { unsafe Int(open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) }
    }
    defer { close(Int32(descriptor)) }
    var raw = stat()
    try check(action) { unsafe Int(fstat(Int32(descriptor), &raw)) }
    guard FileKind(mode: raw.st_mode) == .regular else { throw FileError(action, code: EINVAL) }
    let size = Int(raw.st_size)
    // An empty file cannot be mapped.
    let mapped =
      unsafe size == 0
      ? nil : mmap(nil, size, PROT_READ, MAP_PRIVATE, Int32(descriptor), 0)
    guard unsafe mapped != MAP_FAILED else { throw FileError(action, code: errno) }
    unsafe start = mapped
    count = size
  }

  deinit {
    if let start = unsafe start { unsafe munmap(start, count) }
  }

  /// Lets go of what the process holds of the file in memory; whatever is read again comes back.
  package func letGo() {
    if let start = unsafe start { unsafe _ = madvise(start, count, MADV_DONTNEED) }
  }

  @inlinable package var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
        .bindMemory(to: UInt8.self)
      return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
    }
  }
}
