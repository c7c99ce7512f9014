import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The bytes of one object in memory, counted against a budget as long as they are there.
@safe
package final class Content: Sendable {
  /// Written once, before anybody else knows of it.
  private nonisolated(unsafe) let start: UnsafeMutableRawPointer
  package let count: Int
  /// It lives longer than all contents; to have each of them count its users would have workers
  /// wait for one another.
  private unowned(unsafe) let budget: MemoryBudget

  /// Takes memory for `count` bytes and lets `fill` write all of them.
  init(
    count: Int, budget: MemoryBudget,
    _ fill: (UnsafeMutableRawPointer) throws(PackError) -> Void
  ) throws(PackError) {
    guard let start = unsafe malloc(max(count, 1)) else {
      throw PackError(.refused, "there is no memory for its \(count) bytes")
    }
    unsafe self.start = start
    self.count = count
    unsafe self.budget = budget
    budget.take(count)
    unsafe try fill(start)
  }

  deinit {
    unsafe free(start)
    unsafe budget.give(count)
  }

  /// Lends the bytes.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe Span(_unsafeElements: UnsafeBufferPointer(raw)))
  }

  /// For the code in this room that puts contents together.
  var raw: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: start, count: count)
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate init(_ raw: UnsafeRawBufferPointer) {
    unsafe self = raw.bindMemory(to: UInt8.self)
  }
}

/// How many bytes of contents may be in memory at once, over all workers.
///
/// It counts and does not refuse: a content that is needed must be there. Whoever holds more
/// than is allowed drops what it can make again.
package final class MemoryBudget: Sendable {
  private let taken = Atomic<Int>(0)
  private let peak = Atomic<Int>(0)
  package let limit: Int

  package init(limit: Int) {
    self.limit = limit
  }

  func take(_ count: Int) {
    let now = taken.add(count, ordering: .relaxed).newValue
    _ = peak.max(now, ordering: .relaxed)
  }

  func give(_ count: Int) {
    taken.subtract(count, ordering: .relaxed)
  }

  /// More is held than may be.
  var isExceeded: Bool { taken.load(ordering: .relaxed) > limit }

  /// The most bytes that were held at once.
  package var greatest: Int { peak.load(ordering: .relaxed) }
}
