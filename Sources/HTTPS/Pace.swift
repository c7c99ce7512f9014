/// How hard one host may be asked.
package struct Pace: Equatable, Sendable {
  /// Requests that may be under way at once.
  package let concurrency: Int
  /// Requests that may begin within any second.
  package let perSecond: Int

  package init(concurrency: Int = 4, perSecond: Int = 10) {
    precondition(concurrency > 0 && perSecond > 0, "at least one request must be allowed")
    self.concurrency = concurrency
    self.perSecond = perSecond
  }
}
