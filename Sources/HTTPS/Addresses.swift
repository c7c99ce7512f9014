internal import LiveChecks
internal import NIOPosix

/// The addresses of hosts: asked for once in a run, and public every one, or the host is refused.
actor Addresses {
  typealias Answer = Result<[IPAddress], CheckFailure>
  private typealias Waiting = [Int: CheckedContinuation<Answer, Never>]

  private let lookUp: @Sendable (String) -> [[UInt8]]
  private let isReachable: @Sendable (IPAddress) -> Bool
  private var known: [String: Answer] = [:]
  private var waiting: [String: Waiting] = [:]
  private var nextTicket = 0

  /// `lookUp` may wait for the network; it is called on a thread for that.
  init(
    _ lookUp: @escaping @Sendable (String) -> [[UInt8]],
    isReachable: @escaping @Sendable (IPAddress) -> Bool
  ) {
    self.lookUp = lookUp
    self.isReachable = isReachable
  }

  /// The addresses of `host`, the one to try first in front; at least one.
  func addresses(of host: String) async throws(CheckFailure) -> [IPAddress] {
    if let known = known[host] { return try known.get() }
    let ticket = nextTicket
    nextTicket += 1
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(returning: Answer.failure(.interrupted))
        } else {
          if waiting[host] == nil { begin(host) }
          waiting[host, default: [:]][ticket] = continuation
        }
      }
    } onCancel: {
      Task { await self.giveUp(ticket, host) }
    }
    return try answer.get()
  }

  /// Asks the system; it goes on when who asked first has gone away.
  private func begin(_ host: String) {
    waiting[host] = [:]
    let lookUp = lookUp
    Task {
      let found = try? await NIOThreadPool.singleton.runIfActive { lookUp(host) }
      finish(host, judge(found ?? []))
    }
  }

  private func finish(_ host: String, _ answer: Answer) {
    known[host] = answer
    for continuation in (waiting.removeValue(forKey: host) ?? [:]).values {
      continuation.resume(returning: answer)
    }
  }

  private func giveUp(_ ticket: Int, _ host: String) {
    waiting[host]?.removeValue(forKey: ticket)?.resume(returning: .failure(.interrupted))
  }

  /// One address that is not public is enough: the others may be there to get past this.
  private func judge(_ found: [[UInt8]]) -> Answer {
    let addresses = found.compactMap(IPAddress.init(bytes:))
    guard !addresses.isEmpty else { return .failure(.notResolved) }
    return addresses.allSatisfy(isReachable)
      ? .success(addresses) : .failure(.forbiddenAddress)
  }
}
