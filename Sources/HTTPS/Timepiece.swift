/// A clock, with times as spans since it was taken up, so that they can be kept whatever its kind.
struct Timepiece: Sendable {
  /// How long ago it was taken up.
  let now: @Sendable () -> Duration
  /// Waits until it was taken up so long ago.
  let sleep: @Sendable (_ until: Duration) async throws -> Void

  init<Ticks: Clock>(_ clock: Ticks) where Ticks.Duration == Duration {
    let start = clock.now
    now = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
  }
}
