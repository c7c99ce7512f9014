package import Model

/// The report in Markdown, for people: comments on merge requests, summaries of builds.
///
/// It keeps to what GitHub and GitLab both read: CommonMark, tables, and `<details>`.
package struct MarkdownReport {
  private let report: Report
  private let showsSecrets: Bool

  /// How many findings in a row may be too long before the rest is not even tried.
  private static let allowedMisses = 32

  package init(_ report: Report, showsSecrets: Bool) {
    self.report = report
    self.showsSecrets = showsSecrets
  }

  package func document() -> [UInt8] {
    document(limit: .max)
  }

  /// The report in at most `limit` bytes, from 4,096 on.
  ///
  /// Findings that do not fit are left out whole, and it is said how many. One that is too
  /// long does not keep out what comes after it, but many in a row end the list.
  func document(limit: Int) -> [UInt8] {
    let head = Array("## keyscan: \(report.verdict)\n".utf8)
    // A quarter at most, so that what was not read never takes the room of what was found.
    let tail = tail(limit: limit / 4)
    // For the line that says what was left out, and the two headings.
    var room = limit - head.count - tail.count - 512
    var bytes = head
    var left = 0
    var misses = 0
    let numbered = report.findings.enumerated().map { (number: $0.offset + 1, $0.element) }
    for (isCounted, heading) in [(true, ""), (false, "\n### A push does not send these\n")] {
      var table: [UInt8] = []
      var details: [UInt8] = []
      for (number, finding) in numbered where finding.counts == isCounted {
        guard misses < Self.allowedMisses else {
          left += 1
          continue
        }
        let row = row(finding, number)
        let detail = detail(finding, number)
        let count = row.utf8.count + detail.utf8.count
        guard count <= room else {
          left += 1
          misses += 1
          continue
        }
        misses = 0
        room -= count
        table += row.utf8
        details += detail.utf8
      }
      if table.isEmpty { continue }
      bytes += "\(heading)\n| | Severity | What | Secret | Where |\n|---|---|---|---|---|\n".utf8
      bytes += table + details
    }
    if left > 0 {
      bytes += "\n**\(left.counted("finding")) left out here: the text would be too long.**\n".utf8
    }
    return bytes + tail
  }

  private func row(_ finding: Finding, _ number: Int) -> String {
    let place = finding.mainPlace?.name(in: report.targets) ?? ""
    let more = finding.places.count - 1
    let cells = [
      "\(number)", finding.severity.rawValue,
      MarkdownText.prose(ForeignText(finding.title).shown, inTable: true),
      MarkdownText.code(
        finding.secretText(showsSecrets: showsSecrets) ?? "", inTable: true),
      MarkdownText.code(place, inTable: true) + (more > 0 ? " and \(more) more" : ""),
    ]
    return "| \(cells.joined(separator: " | ")) |\n"
  }

  private func detail(_ finding: Finding, _ number: Int) -> String {
    let rule = MarkdownText.htmlCode(ForeignText(finding.rule.description).shown)
    let place = finding.mainPlace.map { MarkdownText.htmlCode($0.name(in: report.targets)) }
    let summary =
      "\(number). \(finding.severity.rawValue): \(rule)" + (place.map { " in \($0)" } ?? "")
    let steps = finding.steps.map { Fact(name: "do", text: $0, isLiteral: false) }
    let facts = finding.facts(in: report.targets, showsSecrets: showsSecrets) + steps
    let repair =
      finding.repair.isEmpty
      ? "" : "\n\(MarkdownText.block(finding.repair.map(\.shown), language: "sh"))\n"
    // Markdown is read again after an empty line.
    return """

      <details>
      <summary>\(summary)</summary>

      \(MarkdownText.list(facts))
      \(repair)
      </details>

      """
  }

  /// What was read and what was not, in at most `limit` bytes.
  private func tail(limit: Int) -> [UInt8] {
    var items: [String] = []
    if !report.isSuccessful {
      items.append("**This run did not read everything that it should have.**")
    }
    let failing = Set(report.failingGaps)
    for group in report.failingGaps.groups { items.append(item(group, "**not read**")) }
    items += report.remarks.map { MarkdownText.prose($0) }
    for group in report.coverage.gaps.filter({ !failing.contains($0) }).groups {
      items.append(item(group, "not read"))
    }
    for group in report.projects {
      let opens =
        group.opens.isEmpty ? "" : "; together they open \(group.opens.joined(separator: ", "))"
      items.append(
        "Google Cloud project \(MarkdownText.code(group.project.words)): "
          + MarkdownText.prose("\(group.findings.count.counted("finding"))\(opens)"))
    }
    for hint in report.hints {
      let subject = MarkdownText.code(hint.subject.shown)
      items.append(
        "hint: \(subject)\(subject.isEmpty ? "" : ": ")\(MarkdownText.prose(hint.text.shown))")
    }
    var tail = Array("\n### What was read\n\n".utf8)
    var left = 0
    for item in items {
      guard tail.count + item.utf8.count + 64 <= limit else {
        left += 1
        continue
      }
      tail += "- \(item)\n".utf8
    }
    if left > 0 { tail += "- and \(left.counted("line")) more\n".utf8 }
    return tail
  }

  private func item(_ group: GapGroup, _ label: String) -> String {
    let names = group.named.map { MarkdownText.code($0) }.joined(separator: ", ")
    return "\(label): \(names)\(group.rest): \(MarkdownText.prose(group.reason.shown))"
  }
}
