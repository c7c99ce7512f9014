package import Model

/// The report as workflow commands of GitHub Actions, which become annotations.
///
/// The form and its escapes are those of `@actions/core` (`packages/core/src/command.ts` of
/// actions/toolkit), which the runner undoes (`ActionCommand.cs` of actions/runner). No line
/// that is written begins with foreign text, nor holds a command of its own.
package struct GitHubReport {
  private let report: Report
  private let showsSecrets: Bool

  /// How many annotations of each kind GitHub shows for one step, the first of them.
  private static let shownAnnotations = 10
  /// What GitHub takes as the summary of a step is 1 MiB; of more it takes nothing.
  ///
  /// The difference is left to the step, which may have something to say itself.
  private static let summaryLimit = 1_000_000
  /// The most characters in the title of an annotation of the Checks API.
  private static let titleLimit = 255

  package init(_ report: Report, showsSecrets: Bool) {
    self.report = report
    self.showsSecrets = showsSecrets
  }

  /// An annotation a finding, the worst first, and a last line that counts them.
  package func document() -> [UInt8] {
    var bytes: [UInt8] = []
    writeGaps(&bytes)
    var counts: [Level: Int] = [:]
    let findings = report.findings.filter(\.counts) + report.findings.filter { !$0.counts }
    for finding in findings {
      let level = Level(finding.severity)
      counts[level, default: 0] += 1
      write(finding, level, &bytes)
    }
    let isCut = counts.values.contains { $0 > Self.shownAnnotations }
    let limit =
      "; GitHub shows \(Self.shownAnnotations) annotations of each kind a step, "
      + "the log shows all"
    bytes += "keyscan: \(report.verdict)\(isCut ? limit : "")\n".utf8
    return bytes
  }

  /// The Markdown for the file that `GITHUB_STEP_SUMMARY` names, within GitHub's limit.
  package func summary() -> [UInt8] {
    MarkdownReport(report, showsSecrets: showsSecrets).document(limit: Self.summaryLimit)
  }

  /// The kinds of annotations.
  private enum Level: String {
    case error, warning, notice

    init(_ severity: Severity) {
      switch severity {
      case .critical, .high: self = .error
      case .medium: self = .warning
      case .low: self = .notice
      }
    }
  }

  /// A property of a command, in the order in which it is written.
  private typealias Property = (name: String, value: String)

  private func write(_ finding: Finding, _ level: Level, _ bytes: inout [UInt8]) {
    var properties: [Property] = []
    if let place = finding.mainPlace, place.isPresent,
      let file = place.openFile(in: report.targets)
    {
      properties.append(("file", file.shown))
      if place.container == nil, let region = place.region { properties += Self.properties(region) }
    }
    properties.append(("title", ForeignText(finding.title).shown))
    let lines =
      [finding.headline(in: report.targets)]
      + finding.lines(in: report.targets, showsSecrets: showsSecrets)
    Self.write(level, properties, lines, &bytes)
  }

  /// Columns are given on one line alone: the runner drops them otherwise.
  ///
  /// The end is the last column, not the one after it: `@actions/core` says that it is the
  /// start where nothing is given.
  private static func properties(_ region: Region) -> [Property] {
    let lines = [("line", "\(region.line)"), ("endLine", "\(region.endLine)")]
    guard region.line == region.endLine else { return lines }
    let end = max(region.column, region.endColumn - 1)
    return lines + [("col", "\(region.column)"), ("endColumn", "\(end)")]
  }

  /// What was not read, as one annotation before all others, so that none takes its place.
  private func writeGaps(_ bytes: inout [UInt8]) {
    let groups = report.coverage.gaps.groups
    var lines = groups.map { "not read: \($0.line)" }
    if !report.isSuccessful {
      lines.insert(
        report.isPartial
          ? "interrupted; this is not all"
          : "this run did not read everything that it should have", at: 0)
    }
    guard !lines.isEmpty else { return }
    Self.write(
      report.isSuccessful ? .warning : .error, [("title", "keyscan did not read everything")],
      lines, &bytes)
  }

  private static func write(
    _ level: Level, _ properties: [Property], _ lines: [String], _ bytes: inout [UInt8]
  ) {
    bytes += "::\(level.rawValue) ".utf8
    for (i, property) in properties.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += "\(property.name)=".utf8
      let value = property.name == "title" ? clipped(property.value) : property.value
      append(escaping: value, isProperty: true, &bytes)
    }
    bytes += "::".utf8
    append(escaping: lines.joined(separator: "\n"), isProperty: false, &bytes)
    bytes.append(0x0A)
  }

  private static func clipped(_ title: String) -> String {
    String(title.unicodeScalars.prefix(titleLimit))
  }

  private static func append(escaping text: String, isProperty: Bool, _ bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "%"): bytes += "%25".utf8
      case UInt8(ascii: "\r"): bytes += "%0D".utf8
      case UInt8(ascii: "\n"): bytes += "%0A".utf8
      case UInt8(ascii: ":") where isProperty: bytes += "%3A".utf8
      case UInt8(ascii: ",") where isProperty: bytes += "%2C".utf8
      default: bytes.append(byte)
      }
    }
  }
}
