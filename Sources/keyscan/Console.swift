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

  /// How a text report on standard output is to look.
  func style(for report: ReportOptions) -> TextReport.Style {
    let isTerminal = report.output == nil && StandardStream.output.isTerminal
    let usesColor =
      switch settings.color {
      case .always: true
      case .never: false
      case .auto:
        isTerminal && CurrentProcess.variable("NO_COLOR").map(\.isEmpty) ?? true
          && CurrentProcess.variable("TERM") != "dumb"
      }
    return TextReport.Style(
      usesColor: usesColor, width: isTerminal ? StandardStream.output.columns : nil,
      isQuiet: settings.quiet, isVerbose: settings.verbose, showsSecrets: report.showSecrets)
  }

  // MARK: Progress

  /// How long a scan takes before progress is shown, and how often it is shown then.
  private static let patience = Duration.milliseconds(400)
  private static let pace = Duration.milliseconds(100)

  /// Runs `body` and shows meanwhile how much was read, if a person is there to see it.
  func showing<Value: Sendable>(
    _ progress: Progress, while body: @Sendable () async throws -> Value
  ) async throws -> Value {
    let isShown = StandardStream.error.isTerminal && !settings.noProgress && !settings.quiet
    guard isShown else { return try await body() }
    let ticker = Task {
      try await Task.sleep(for: Self.patience)
      while true {
        let megabytes = progress.bytes / 1_000_000
        try StandardStream.error.write(
          "\r\u{1B}[Kscanning: \(progress.files) files, \(megabytes) MB")
        try await Task.sleep(for: Self.pace)
      }
    }
    defer {
      ticker.cancel()
      try? StandardStream.error.write("\r\u{1B}[K")
    }
    return try await body()
  }
}
