internal import Model

extension HTMLReport {
  /// How many subjects of a gap are shown at once.
  private static let shownSubjects = 3

  func writeCoverage(_ html: inout HTMLWriter) {
    let coverage = report.coverage
    html.markup("<section id='coverage' aria-labelledby='coverage-heading'>\n")
    html.markup("<h2 id='coverage-heading'>Coverage</h2>\n<p>")
    var read = [coverage.files.counted("file")]
    if coverage.blobs > 0 { read.append(coverage.blobs.counted("blob")) }
    if coverage.commits > 0 { read.append(coverage.commits.counted("commit")) }
    if coverage.references > 0 { read.append(coverage.references.counted("reference")) }
    html.text(read.joined(separator: ", "), between: "Read: ", and: "; ")
    html.text(coverage.bytes.inBytes)
    html.markup(coverage.isComplete ? ". Nothing was left out." : ".")
    html.markup(
      coverage.checksTrees ? " Everything that any tree names was looked for.</p>\n" : "</p>\n")
    if !coverage.alternates.isEmpty {
      html.markup("<p>Objects are also read from ")
      for (i, alternate) in coverage.alternates.enumerated() {
        html.text(alternate, between: i == 0 ? "<code>" : ", <code>", and: "</code>")
      }
      html.markup(", which the repository borrows from.</p>\n")
    }
    writeGaps(&html)
    html.markup("</section>\n")
  }

  private func writeGaps(_ html: inout HTMLWriter) {
    guard !report.coverage.gaps.isEmpty else { return }
    html.markup("<h3>Not read</h3>\n<ul class='gaps'>\n")
    for group in report.coverage.gaps.groups {
      html.markup(group.kind.fails ? "<li class='fails'><strong>" : "<li><strong>")
      html.text(group.kind.rawValue.replacingHyphens)
      html.markup(group.kind.fails ? "</strong>, fails the run: " : "</strong>: ")
      html.text(group.reason)
      if let accepted = group.accepted {
        html.text(accepted, between: ", accepted by <code>", and: "</code>")
      }
      if group.gaps.count <= Self.shownSubjects {
        writeSubjects(of: group.gaps, &html)
      } else {
        let count = group.gaps.count.counted("item")
        html.text(count, between: "<details><summary>", and: "</summary>")
        writeSubjects(of: group.gaps, &html)
        html.markup("</details>")
      }
      html.markup("</li>\n")
    }
    html.markup("</ul>\n")
  }

  private func writeSubjects(of gaps: [Gap], _ html: inout HTMLWriter) {
    html.markup("<ul class='subjects'>")
    for gap in gaps {
      html.text(gap.subject, between: "<li><code>", and: "</code>")
      if gap.count > 1 { html.text(gap.count.grouped, between: " (", and: ")") }
      html.markup("</li>")
    }
    html.markup("</ul>")
  }

  func writeHints(_ html: inout HTMLWriter) {
    guard !report.hints.isEmpty else { return }
    html.markup("<section aria-labelledby='hints-heading'>\n")
    html.markup("<h2 id='hints-heading'>Hints</h2>\n<ul class='hints'>\n")
    for hint in report.hints {
      html.markup("<li>")
      if !hint.subject.bytes.isEmpty {
        html.text(hint.subject, between: "<code>", and: "</code>: ")
      }
      html.text(hint.text, between: "<bdi>", and: "</bdi></li>\n")
    }
    html.markup("</ul>\n</section>\n")
  }

  func writeSuppressed(_ html: inout HTMLWriter) {
    guard !report.suppressed.isEmpty else { return }
    html.markup("<section aria-labelledby='suppressed-heading'>\n")
    html.markup("<h2 id='suppressed-heading'>Suppressed</h2>\n<details><summary>")
    html.text(report.suppressed.count.counted("finding"))
    html.markup(" that somebody decided not to see</summary><ul class='subjects'>\n")
    for suppression in report.suppressed {
      let finding = suppression.finding
      html.text(finding.rule.description, between: "<li><code>", and: "</code>, by ")
      html.text(suppression.by.name)
      if let source = suppression.source { html.text(source, between: ", <code>", and: "</code>") }
      if let note = suppression.note { html.text(note, between: ": <bdi>", and: "</bdi>") }
      html.text(finding.fingerprint.description, between: ", <code>", and: "</code></li>\n")
    }
    html.markup("</ul></details>\n</section>\n")
  }

  // MARK: Rules

  func writeRules(_ html: inout HTMLWriter) {
    guard !report.notes.isEmpty else { return }
    html.markup("<section id='rules' aria-labelledby='rules-heading'>\n")
    html.markup("<h2 id='rules-heading'>Rules</h2>\n")
    for note in report.notes { write(note, &html) }
    html.markup("</section>\n")
  }

  private func write(_ note: RuleNote, _ html: inout HTMLWriter) {
    html.markup("<section class='rule'")
    if let number = ruleNumbers[note.id] {
      html.markup(" id='rule-")
      html.number(number)
      html.markup("'")
    }
    html.text(note.title, between: ">\n<h3>", and: "</h3>\n<p class='quiet'><code>")
    html.text(note.id.description, between: "", and: "</code> · ")
    html.text(note.provider, between: "", and: " · up to ")
    html.text(note.severity.rawValue, between: "", and: " severity")
    if let number = ruleNumbers[note.id] {
      html.text(rules[number].count.counted("finding"), between: " · ", and: "")
    }
    html.text(note.description, between: "</p>\n<p>", and: "</p>\n")
    if !note.help.isEmpty {
      html.markup("<h4>What to do</h4>\n<ol>")
      for step in note.help { html.text(step, between: "<li>", and: "</li>") }
      html.markup("</ol>\n")
    }
    if !note.references.isEmpty {
      html.markup("<h4>References</h4>\n<ul>")
      for reference in note.references { write(reference: reference, &html) }
      html.markup("</ul>\n")
    }
    html.markup("</section>\n")
  }

  /// A link if the reference is an address that shows as what it is, otherwise its text.
  private func write(reference: String, _ html: inout HTMLWriter) {
    let isPlain = reference.utf8.allSatisfy { 0x21..<0x7F ~= $0 }
    guard isPlain, reference.hasPrefix("https://") else {
      html.text(reference, between: "<li>", and: "</li>")
      return
    }
    html.text(reference, between: "<li><a rel='noopener noreferrer' href='", and: "'>")
    html.text(reference, between: "", and: "</a></li>")
  }
}
