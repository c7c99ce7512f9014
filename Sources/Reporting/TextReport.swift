package import Model

/// The report for a person at a terminal, in the manner of a good compiler.
///
/// No line begins with text from what was scanned, so no log that watches lines for commands
/// can be told what to do by a file's name.
package struct TextReport {
  package struct Style: Sendable {
    package var usesColor: Bool
    /// Columns to wrap sentences at; `nil` for no limit.
    package var width: Int?
    package var isQuiet: Bool
    package var isVerbose: Bool
    package var showsSecrets: Bool
    /// Each suppressed finding has a line.
    package var showsSuppressed: Bool
    /// Each place of a finding has a line, however many there are.
    package var showsAllPlaces: Bool

    package init(
      usesColor: Bool = false, width: Int? = nil, isQuiet: Bool = false, isVerbose: Bool = false,
      showsSecrets: Bool = false, showsSuppressed: Bool = false, showsAllPlaces: Bool = false
    ) {
      self.usesColor = usesColor
      self.width = width
      self.isQuiet = isQuiet
      self.isVerbose = isVerbose
      self.showsSecrets = showsSecrets
      self.showsSuppressed = showsSuppressed
      self.showsAllPlaces = showsAllPlaces
    }
  }

  private let report: Report
  private let style: Style
  private let paint: Paint

  /// How many places of one finding are shown, unless all are wanted.
  private static let shownPlaces = 5
  /// How many gaps of one kind are named.
  private static let shownGaps = 3

  package init(_ report: Report, style: Style) {
    self.report = report
    self.style = style
    paint = Paint(isOn: style.usesColor)
  }

  package func document() -> [UInt8] {
    var lines: [String] = []
    let parts = report.targets.filter { $0.part != nil }
    if !style.isQuiet { lines += parts.map(partLine) }
    for finding in report.findings where finding.counts { lines += self.lines(for: finding) }
    let local = report.findings.filter { !$0.counts }
    if !local.isEmpty {
      lines += [paint.bold("A push does not send these:"), ""]
      for finding in local { lines += self.lines(for: finding) }
    }
    if style.showsSuppressed { lines += report.suppressed.flatMap(self.lines) }
    if !style.isQuiet {
      lines += report.projects.flatMap(self.lines)
      lines += report.hints.flatMap(self.lines)
      lines += summary
      lines += coverage
      lines += parts.map(partLine)
    } else {
      // Even a quiet run says what it could not read.
      lines += coverage(of: report.coverage.gaps.filter(\.kind.fails))
    }
    return Array((lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")).utf8)
  }

  private func partLine(_ target: Target) -> String {
    let part = target.part ?? target.path
    if target.kind == .range {
      return paint.yellow("keyscan: only what these commits add was scanned: \(part.shown)")
    }
    let what = part.bytes.last == UInt8(ascii: "/") ? "files below \(part.shown)" : part.shown
    return paint.yellow("keyscan: \(what) only; history, index and the rest not scanned")
  }

  // MARK: Findings

  private func lines(for finding: Finding) -> [String] {
    var lines = [
      "\(paint.severity(finding.severity)): \(paint.bold(finding.title)) [\(finding.rule)]"
    ]
    let shownPlaces = style.showsAllPlaces ? finding.places.count : Self.shownPlaces
    let numbers = finding.places.prefix(shownPlaces)
      .flatMap { $0.frame?.lines.map { String($0.number).count } ?? [] }
    let gutter = numbers.max() ?? 1
    let margin = String(repeating: " ", count: gutter + 1)
    let differ = Set(finding.places.map(\.standsIn)).count > 1
    for place in finding.places.prefix(shownPlaces) {
      let arrow = String(repeating: " ", count: gutter) + paint.blue("-->")
      let standing = differ ? " (\(place.standsIn.members.names))" : ""
      lines.append("\(arrow) \(place.name(in: report.targets))\(standing)")
    }
    if let frame = finding.places.first?.frame {
      lines += self.lines(for: frame, gutter: gutter, severity: finding.severity)
    }
    func item(_ name: String, _ text: String) {
      let first = "\(margin)\(paint.blue("=")) \(paint.bold(name)): "
      let indent = gutter + 5 + name.count
      lines += wrapped(text, first: first, indent: indent)
    }
    if finding.places.count > shownPlaces {
      item("places", "\(finding.places.count) in all; --all-places shows them")
    }
    if let secret = finding.secret {
      let shown = secret.shown(inClear: style.showsSecrets).shown
      item(
        "secret",
        finding.confidence == .high ? shown : "\(shown), \(finding.confidence.rawValue) confidence")
    }
    item("in", finding.standsIn.names)
    for place in finding.places.prefix(shownPlaces) {
      if let story = place.story {
        item("since", finding.places.count > 1 ? "\(story) (\(place.path.shown))" : story)
      }
      if let removed = place.past?.removed { item("gone with", "commit \(removed.prefix(12))") }
    }
    switch finding.published {
    case .yes: item("published", "yes: a remote-tracking branch reaches it")
    case .unknown, .no: break
    }
    if let decoded = finding.places.first?.decoded, !decoded.isEmpty {
      item("read through", decoded.joined(separator: ", "))
    }
    for note in finding.notes { item("note", note.shown) }
    for step in finding.advice { item("do", step.shown) }
    if !finding.repair.isEmpty {
      // Not wrapped: these are to be copied.
      lines.append("\(margin)\(paint.blue("=")) \(paint.bold("repair")):")
      for line in finding.repair { lines.append("\(margin)    \(line.shown)") }
    }
    if style.isVerbose {
      item("fingerprint", finding.fingerprint.description)
      if !finding.alsoMatched.isEmpty {
        item("also matched", finding.alsoMatched.map(\.description).joined(separator: ", "))
      }
    }
    return lines + [""]
  }

  private func lines(for frame: Frame, gutter: Int, severity: Severity) -> [String] {
    let empty = String(repeating: " ", count: gutter + 1) + paint.blue("|")
    var lines = [empty]
    for line in frame.lines {
      let number = String(line.number)
      let pad = String(repeating: " ", count: gutter - number.count)
      guard let marked = line.marked else {
        lines.append("\(pad)\(paint.blue("\(number) |")) \(line.text.shown)")
        continue
      }
      let bytes = line.text.bytes
      let before = ForeignText(Array(bytes[..<marked.lowerBound])).shown
      let end = min(marked.upperBound, bytes.count)
      let inside = ForeignText(Array(bytes[marked.lowerBound..<end])).shown
      let after = ForeignText(Array(bytes[end...])).shown
      lines.append("\(pad)\(paint.blue("\(number) |")) \(before)\(inside)\(after)")
      let space = String(repeating: " ", count: Self.columns(before))
      let caret = String(repeating: "^", count: max(1, Self.columns(inside)))
      lines.append("\(empty) \(space)\(paint.severity(severity, caret))")
    }
    return lines
  }

  /// About how many columns a terminal shows `text` in: wide characters take two.
  private static func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { columns, scalar in
      switch scalar.value {
      case 0x300...0x36F, 0xFE00...0xFE0F: columns
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        columns + 2
      default: columns + 1
      }
    }
  }

  /// The findings of one project, a line each, and what they open together.
  private func lines(for group: ProjectGroup) -> [String] {
    var lines = [paint.bold("Google Cloud project \(group.project.words):")]
    for fingerprint in group.findings {
      guard let finding = report.findings.first(where: { $0.fingerprint == fingerprint }) else {
        continue
      }
      let place = finding.mainPlace.map { " \($0.name(in: report.targets))" } ?? ""
      lines.append("  \(paint.severity(finding.severity)): \(finding.rule)\(place)")
    }
    if !group.opens.isEmpty {
      lines += wrapped(
        "together they open: \(group.opens.joined(separator: "; "))", first: "  ", indent: 2)
    }
    return lines + [""]
  }

  // MARK: The end

  private func lines(for hint: Hint) -> [String] {
    let subject = hint.subject.shown
    return wrapped(
      subject.isEmpty ? hint.text.shown : "\(subject): \(hint.text.shown)",
      first: "\(paint.blue("hint")): ",
      indent: 6)
  }

  private var summary: [String] {
    let counted = report.findings.filter(\.counts)
    var lines: [String] = []
    if counted.isEmpty {
      lines.append(paint.green("keyscan: no secret found in what was read"))
    } else {
      let counts = Severity.allCases.reversed().compactMap { severity -> String? in
        let count = counted.count { $0.severity == severity }
        return count == 0 ? nil : "\(count) \(severity.rawValue)"
      }
      let places = counted.reduce(0) { $0 + $1.places.count }
      lines.append(
        paint.bold(
          "keyscan: \(counted.count.counted("finding")) (\(counts.joined(separator: ", "))) "
            + "in \(places.counted("place"))"))
    }
    if !report.suppressed.isEmpty {
      let words = Suppression.Reason.allCases.compactMap { reason -> String? in
        let count = report.suppressed.count { $0.by == reason }
        return count == 0 ? nil : "\(count.grouped) by \(reason.name)"
      }
      lines.append(
        "keyscan: \(report.suppressed.count.counted("finding")) suppressed: "
          + words.joined(separator: ", "))
    }
    if report.isPartial { lines.append(paint.yellow("keyscan: interrupted; this is not all")) }
    return lines
  }

  /// A suppressed finding in one line, and who suppressed it.
  private func lines(for suppression: Suppression) -> [String] {
    let finding = suppression.finding
    let place = finding.places.first.map { place in
      place.kind == .object ? "" : " in \(place.path.shown)"
    }
    var text =
      "\(finding.rule)\(place ?? ""), \(finding.fingerprint): by \(suppression.by.name)"
    if let source = suppression.source { text += ", \(source.shown)" }
    if let note = suppression.note { text += ": \(note.shown)" }
    return wrapped(text, first: "\(paint.blue("suppressed")): ", indent: 12)
  }

  private var coverage: [String] {
    let coverage = report.coverage
    var read = [coverage.files.counted("file")]
    if coverage.blobs > 0 { read.append(coverage.blobs.counted("blob")) }
    if coverage.commits > 0 { read.append(coverage.commits.counted("commit")) }
    if coverage.references > 0 { read.append(coverage.references.counted("reference")) }
    let line = "keyscan: read \(read.joined(separator: ", ")), \(coverage.bytes.inBytes)"
    let alternates = coverage.alternates.map {
      "keyscan: objects are also read from \($0.shown), which the repository borrows from"
    }
    return [coverage.isComplete ? "\(line); everything was read" : line] + alternates
      + self.coverage(of: coverage.gaps)
  }

  /// What was not read, a line a kind and reason.
  private func coverage(of gaps: [Gap]) -> [String] {
    var groups: [(key: String, gaps: [Gap])] = []
    for gap in gaps {
      let key = "\(gap.kind.rawValue) \(gap.reason.shown) \(gap.accepted?.shown ?? "")"
      if let i = groups.firstIndex(where: { $0.key == key }) {
        groups[i].gaps.append(gap)
      } else {
        groups.append((key, [gap]))
      }
    }
    return groups.flatMap { group -> [String] in
      guard let first = group.gaps.first else { return [] }
      let shown = style.isVerbose ? group.gaps.count : Self.shownGaps
      var subjects = group.gaps.prefix(shown).map(\.subject.shown).joined(separator: ", ")
      if group.gaps.count > shown { subjects += " and \(group.gaps.count - shown) more" }
      let accepted = group.gaps.compactMap(\.accepted).first.map { ", accepted by \($0.shown)" }
      let label =
        (first.kind.fails ? paint.red("not read") : paint.yellow("not read")) + (accepted ?? "")
      return wrapped(
        "\(subjects): \(first.reason.shown)", first: "keyscan: \(label): ", indent: 19)
    }
  }

  /// `first` and `text`, broken between words where the width asks for it.
  private func wrapped(_ text: String, first: String, indent: Int) -> [String] {
    Wrapping.lines(text, first: first, indent: indent, width: style.width)
  }
}
