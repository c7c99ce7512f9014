#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Memory that is filled with bytes again and again.
///
/// A worker owns one and reads every file into it, so a scan of many files allocates once.
/// Memory that was never filled costs nothing: the system hands out pages when they are
/// first written.
@safe
package struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutableRawPointer
  /// The most bytes that the buffer can hold.
  package private(set) var capacity: Int
  /// How many bytes it holds.
  package private(set) var count = 0

  package init(capacity: Int) {
    precondition(capacity > 0, "a buffer holds at least one byte")
    guard let start = unsafe malloc(capacity) else { preconditionFailure("out of memory") }
    unsafe self.start = start
    self.capacity = capacity
  }

  deinit {
    unsafe free(start)
  }

  /// How many more bytes fit.
  package var room: Int { capacity - count }

  /// The bytes held.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let raw = unsafe UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
      let span = unsafe Span(_unsafeStart: raw, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  package mutating func removeAll() {
    count = 0
  }

  /// Keeps the last `kept` bytes and moves them to the beginning.
  package mutating func keepLast(_ kept: Int) {
    precondition(kept >= 0 && kept <= count, "more bytes than the buffer holds")
    unsafe memmove(start, start + (count - kept), kept)
    count = kept
  }

  /// Drops every byte from `count` on.
  package mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "more bytes than the buffer holds")
    self.count = count
  }

  /// Makes room for `capacity` bytes in all.
  package mutating func grow(to capacity: Int) {
    guard capacity > self.capacity else { return }
    guard let moved = unsafe realloc(start, capacity) else {
      preconditionFailure("out of memory")
    }
    unsafe start = moved
    self.capacity = capacity
  }

  /// Appends bytes that are already in memory; they must fit.
  package mutating func append(_ bytes: Span<UInt8>) {
    precondition(bytes.count <= room, "the buffer is full")
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe memcpy(start + count, source, bytes.count)
    }
    count += bytes.count
  }

  /// Copies some of the bytes out.
  package func array(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside of the buffer")
    return unsafe [UInt8](
      UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count))
  }

  /// Lets `fill` write up to `limit` bytes onto the end and say how many it wrote.
  ///
  /// A negative answer is an error of the caller's own, and nothing is appended. To be used
  /// by the targets that wrap C libraries.
  package mutating func append(
    atMost limit: Int, _ fill: (UnsafeMutableRawPointer) -> Int
  ) -> Int {
    precondition(limit <= room, "the buffer is full")
    let written = unsafe fill(start + count)
    precondition(written <= limit, "more was written than there is room for")
    if written > 0 { count += written }
    return written
  }
}
