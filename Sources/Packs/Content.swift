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
  private unowned(unsafe) let account: MemoryAccount

  /// Takes memory for `count` bytes and lets `fill` write all of them.
  init(
    count: Int, account: MemoryAccount,
    _ fill: (UnsafeMutableRawPointer) throws(PackError) -> Void
  ) throws(PackError) {
    guard let start = unsafe malloc(max(count, 1)) else {
      throw PackError(.refused, "there is no memory for its \(count) bytes")
    }
    unsafe self.start = start
    self.count = count
    unsafe self.account = account
    account.take(count)
    unsafe try fill(start)
  }

  deinit {
    unsafe free(start)
    unsafe account.give(count)
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
  fileprivate let step: Int
  private let accounts = Mutex<[MemoryAccount]>([])

  /// `step` is how many bytes an account may take or give before it tells.
  package init(limit: Int, step: Int = 256 << 10) {
    self.limit = limit
    self.step = min(step, max(1, limit / 64))
  }

  /// A new account, which lives as long as the budget.
  func account() -> MemoryAccount {
    let account = MemoryAccount(of: self)
    accounts.withLock { $0.append(account) }
    return account
  }

  fileprivate func settle(_ count: Int) {
    let now = taken.add(count, ordering: .relaxed).newValue
    _ = peak.max(now, ordering: .relaxed)
  }

  /// More is held than may be.
  var isExceeded: Bool { taken.load(ordering: .relaxed) > limit }

  /// The most bytes that were held at once.
  package var greatest: Int { peak.load(ordering: .relaxed) }
}

/// What one worker takes from a budget and gives back: the budget is told now and then, since
/// workers that all told it of every content would wait for one another.
final class MemoryAccount: Sendable {
  private unowned let budget: MemoryBudget
  private let balance = Atomic<Int>(0)
  private let step: Int

  fileprivate init(of budget: MemoryBudget) {
    self.budget = budget
    step = budget.step
  }

  func take(_ count: Int) {
    if balance.add(count, ordering: .relaxed).newValue >= step { settle() }
  }

  func give(_ count: Int) {
    if balance.subtract(count, ordering: .relaxed).newValue <= -step { settle() }
  }

  private func settle() { budget.settle(balance.exchange(0, ordering: .relaxed)) }
}
