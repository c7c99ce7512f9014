package import Model

/// What `keyscan env` says to a person at a terminal.
///
/// No line begins with text from what was looked at, as in ``TextReport``.
package struct EnvTextReport {
  private let report: EnvReport
  private let isQuiet: Bool
  private let paint: Paint

  /// How many names of variables are shown of one file.
  private static let shownNames = 20

  /// `isQuiet` leaves out files that are as they should be.
  package init(_ report: EnvReport, usesColor: Bool, isQuiet: Bool) {
    self.report = report
    self.isQuiet = isQuiet
    paint = Paint(isOn: usesColor)
  }

  package func document() -> [UInt8] {
    var lines: [String] = []
    for file in report.files where !isQuiet || file.severity != nil {
      lines += self.lines(for: file)
    }
    if !isQuiet {
      lines += report.notes.map { "keyscan: \($0.shown)" }
      lines.append(paint.bold("keyscan: \(summary)"))
    }
    for group in report.gaps.groups where !isQuiet || group.kind.fails {
      let label = group.kind.fails ? paint.red("not read") : paint.yellow("not read")
      lines.append("keyscan: \(label): \(group.line)")
    }
    return Array((lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")).utf8)
  }

  private var summary: String {
    let files = report.files.count.counted("file")
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = report.files.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)"
    }
    if report.files.isEmpty { return "no file of environment variables" }
    let noun = "\(files) of environment variables"
    return counts.isEmpty
      ? "\(noun), all as they should be" : "\(noun): \(counts.joined(separator: ", "))"
  }

  private func lines(for file: EnvFile) -> [String] {
    let label = file.severity.map { paint.severity($0) } ?? paint.green("ok")
    var lines = ["\(label): \(paint.bold(file.path.shown))"]
    func item(_ name: String, _ text: String) {
      lines.append("  \(paint.blue("=")) \(paint.bold(name)): \(text)")
    }
    item("state", file.states.map(\.words).joined(separator: "; "))
    if let namedBy = file.namedBy { item("named by", namedBy.shown) }
    if let ignore = file.ignore { item("ignore line", ignore.place.shown) }
    if let nearMiss = file.nearMiss { item("near miss", nearMiss.sentence.shown) }
    if file.isTemplate { item("form", "to be filled in; it belongs in the repository") }
    if file.isEncrypted { item("encrypted", "nothing in it can be read without a key") }
    if let promise = file.brokenPromise {
      item("in the clear", "\(promise.shown) was to encrypt it")
    }
    if !file.givesAway.isEmpty { item("gives away", Self.names(file.givesAway)) }
    if let link = file.link {
      let place = link.leavesRepository ? "outside of the repository" : "inside the repository"
      item("link", "to \(link.target.shown), \(place)")
    }
    if let drift = file.drift {
      var parts: [String] = []
      if !drift.missing.isEmpty { parts.append("lacks \(Self.names(drift.missing))") }
      if !drift.extra.isEmpty { parts.append("alone has \(Self.names(drift.extra))") }
      item("beside \(drift.template.shown)", parts.joined(separator: "; "))
    }
    for sentence in file.ships { item("ships", sentence.shown) }
    for note in file.notes { item("note", note.shown) }
    for step in file.advice { item("do", step.shown) }
    return lines + [""]
  }

  private static func names(_ names: [ForeignText]) -> String {
    let rest = names.count - shownNames
    return names.prefix(shownNames).map(\.shown).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }
}
