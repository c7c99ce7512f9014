import Synchronization

/// Work for several workers, who may add to it while they work.
///
/// Last in, first out: a walk goes down before it goes on, so few folders wait at a time.
package final class WorkQueue<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    /// Workers that have nothing to do, until there is something or everything is done.
    var idle: [CheckedContinuation<Element?, Never>] = []
    var working = 0
  }

  private let state: Mutex<State>
  /// Written under the lock, read without it: it is only a hint.
  private let idleCount = Atomic<Int>(0)

  /// A queue for `workers` workers, with the first pieces of work in it.
  package init(_ first: [Element], workers: Int) {
    state = Mutex(State(waiting: first.reversed(), working: workers))
  }

  /// Adds work, and wakes a worker for it if one is idle.
  package func add(_ element: Element) {
    let waker = state.withLock { state -> CheckedContinuation<Element?, Never>? in
      if let waker = state.idle.popLast() {
        state.working += 1
        idleCount.store(state.idle.count, ordering: .relaxed)
        return waker
      }
      state.waiting.append(element)
      return nil
    }
    waker?.resume(returning: element)
  }

  /// Some worker has nothing to do.
  package var isAnyoneIdle: Bool { idleCount.load(ordering: .relaxed) > 0 }

  /// Returns the next piece of work; `nil` when all is done.
  ///
  /// Every worker calls it again and again until it returns `nil`.
  package func next() async -> Element? {
    await withCheckedContinuation { continuation in
      let (element, wakers) = state.withLock {
        state -> (Element??, [CheckedContinuation<Element?, Never>]) in
        if let element = state.waiting.popLast() { return (.some(element), []) }
        state.working -= 1
        if state.working > 0 {
          state.idle.append(continuation)
          idleCount.store(state.idle.count, ordering: .relaxed)
          return (nil, [])
        }
        // Nobody works any more, so nothing more will come.
        let wakers = state.idle
        state.idle = []
        return (.some(nil), wakers)
      }
      for waker in wakers { waker.resume(returning: nil) }
      if let element { continuation.resume(returning: element) }
    }
  }
}
