internal import LiveChecks

/// Lets requests to one host through at its pace, in the order in which they came.
actor Lane {
  private let pace: Pace
  private let timepiece: Timepiece
  private var underWay = 0
  /// When the last requests began, at most as many as may begin within a second.
  private var starts: [Duration] = []
  private var queue: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var nextTicket = 0

  init(_ pace: Pace, _ timepiece: Timepiece) {
    self.pace = pace
    self.timepiece = timepiece
  }

  /// Waits for its turn; whoever got it must call ``leave()``.
  func enter() async throws(CheckFailure) {
    guard await isAdmitted() else { throw .interrupted }
    do {
      try Task.checkCancellation()
      if let start = reserve() { try await timepiece.sleep(start) }
    } catch {
      leave()
      throw .interrupted
    }
  }

  /// Lets the next one in.
  func leave() {
    if queue.isEmpty {
      underWay -= 1
    } else {
      queue.removeFirst().continuation.resume(returning: true)
    }
  }

  /// How many wait for their turn.
  var length: Int { queue.count }

  /// Nobody is under way.
  var isFree: Bool { underWay == 0 }

  private func isAdmitted() async -> Bool {
    if underWay < pace.concurrency {
      underWay += 1
      return true
    }
    let ticket = nextTicket
    nextTicket += 1
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // Who was interrupted before is not found by what runs at an interruption.
        if Task.isCancelled {
          continuation.resume(returning: false)
        } else {
          queue.append((ticket, continuation))
        }
      }
    } onCancel: {
      Task { await self.giveUp(ticket) }
    }
  }

  private func giveUp(_ ticket: Int) {
    guard let index = queue.firstIndex(where: { $0.ticket == ticket }) else { return }
    queue.remove(at: index).continuation.resume(returning: false)
  }

  /// Takes the next start that the pace allows, and tells it if it is not now.
  private func reserve() -> Duration? {
    let now = timepiece.now()
    var start = max(now, starts.last ?? now)
    if starts.count == pace.perSecond {
      start = max(start, starts.removeFirst() + .seconds(1))
    }
    starts.append(start)
    return start > now ? start : nil
  }
}
