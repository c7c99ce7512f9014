import Dispatch
import Files
import Model
import Reporting
import Scanning

/// What the user sees besides the report.
struct Console: Sendable {
  let settings: SettingOptions

  /// Says something on standard error, on a line of its own.
  func note(_ text: String) {
    // A terminal that is gone is no reason to stop.
    try? StandardStream.error.write("keyscan: \(ForeignText(text).visible)\n")
  }

  func detail(_ text: String) {
    if settings.verbose { note(text) }
  }

  /// Runs `body` and, with `--verbose`, says how long it took.
  func timing<Value: Sendable>(
    _ step: String, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    let clock = ContinuousClock()
    let start = clock.now
    let value = try await body()
    detail("\(step): \(Self.milliseconds(clock.now - start)) ms")
    return value
  }

  private static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    return "\(microseconds / 1000).\(microseconds % 1000 / 100)"
  }

  /// Whether what is written to standard output is to be coloured.
  var usesColor: Bool { usesColor(onTerminal: StandardStream.output.isTerminal) }

  private func usesColor(onTerminal isTerminal: Bool) -> Bool {
    switch settings.color {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && CurrentProcess.variable("NO_COLOR").map(\.isEmpty) ?? true
        && CurrentProcess.variable("TERM") != "dumb"
    }
  }

  /// How a text report on standard output is to look.
  func style(for report: ReportOptions) -> TextReport.Style {
    let isTerminal = report.output == nil && StandardStream.output.isTerminal
    return TextReport.Style(
      usesColor: usesColor(onTerminal: isTerminal),
      width: isTerminal ? StandardStream.output.columns : nil,
      isQuiet: settings.quiet, isVerbose: settings.verbose, showsSecrets: report.showSecrets,
      showsSuppressed: report.showSuppressed, showsAllPlaces: report.allPlaces)
  }

  // MARK: Progress

  /// How long a scan takes before progress is shown, and how often it is shown then.
  private static let patience = DispatchTimeInterval.milliseconds(400)
  private static let pace = DispatchTimeInterval.milliseconds(100)

  /// Runs `body` and shows meanwhile how much was read, if a person is there to see it.
  func showing<Value: Sendable>(
    _ progress: Progress, while body: @Sendable () async throws -> Value
  ) async throws -> Value {
    let isShown = StandardStream.error.isTerminal && !settings.noProgress && !settings.quiet
    guard isShown else { return try await body() }
    let clock = ContinuousClock()
    let start = clock.now
    // Workers keep all threads busy that tasks run on, so this has one of its own.
    let queue = DispatchQueue(label: "progress")
    let ticker = DispatchSource.makeTimerSource(queue: queue)
    ticker.schedule(deadline: .now() + Self.patience, repeating: Self.pace)
    ticker.setEventHandler {
      let line = Self.line(progress, after: clock.now - start)
      // A terminal that is gone is no reason to stop.
      try? StandardStream.error.write("\r\u{1B}[K\(line)")
    }
    ticker.resume()
    defer {
      ticker.cancel()
      // What it may be writing is wiped away too.
      queue.sync {}
      try? StandardStream.error.write("\r\u{1B}[K")
    }
    return try await body()
  }

  /// What was read so far; of history also how fast, and how long the rest will take.
  private static func line(_ progress: Progress, after passed: Duration) -> String {
    let (answered, asked) = progress.answers
    if asked > 0 { return "asking: \(answered) of \(asked) secrets have their answer" }
    let (read, all) = progress.objects
    guard all > 0 else {
      return "scanning: \(progress.files) files, \(progress.bytes / 1_000_000) MB"
    }
    let seconds = max(0.001, passed / .seconds(1))
    let rate = Double(read) / seconds
    var line = "history: \(min(read, all)) of \(all) objects, \(Int(rate)) a second"
    if read > 0, read < all { line += ", \(Int(Double(all - read) / rate) + 1) s left" }
    return line
  }
}
