package import Model

/// The report as one HTML file, for a person who would rather look than read a terminal.
///
/// It loads nothing, says so to the browser in its own policy, and shows everything with scripts
/// off; the script filters and copies. Links lead to other parts of the file and to the
/// references of rules, nowhere else.
package struct HTMLReport {
  let report: Report
  let showsSecrets: Bool
  /// Where the rules of findings stand in ``rules``.
  let ruleNumbers: [RuleID: Int]
  /// The rules of findings, in the order of their ids, and how many findings each has.
  let rules: [(id: RuleID, count: Int)]
  /// The rules that are explained in the document.
  let explained: Set<RuleID>

  /// Prepares the document of `report`; `showsSecrets` shows secrets whole.
  package init(_ report: Report, showsSecrets: Bool) {
    self.report = report
    self.showsSecrets = showsSecrets
    let counts = report.findings.reduce(into: [RuleID: Int]()) { $0[$1.rule, default: 0] += 1 }
    rules = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let numbers = rules.enumerated().map { ($0.element.id, $0.offset) }
    ruleNumbers = Dictionary(numbers) { first, _ in first }
    explained = Set(report.notes.map(\.id))
  }

  /// One document that stands by itself.
  package func document() -> [UInt8] {
    var html = HTMLWriter()
    let conclusion = Conclusion(report)
    writeHead(conclusion, &html)
    html.markup("<body>\n<a class='skip' href='#findings'>Skip to the findings</a>\n")
    writeHeader(conclusion, &html)
    html.markup("<main>\n")
    writeCoverage(&html)
    writeProjects(&html)
    writeHints(&html)
    writeSuppressed(&html)
    writeTimeline(&html)
    html.markup("<section id='findings' aria-labelledby='findings-heading' tabindex='-1'>\n")
    html.markup("<h2 id='findings-heading'>Findings</h2>\n")
    writeFilter(&html)
    writeFindings(&html)
    html.markup("</section>\n")
    writeRules(&html)
    html.markup("</main>\n<footer><p>Written by keyscan ")
    html.text(report.toolVersion)
    html.markup(". This file loads nothing from anywhere and sends nothing.</p></footer>\n<script>")
    html.markup(Self.script)
    html.markup("</script>\n</body>\n</html>\n")
    return html.bytes
  }

  // MARK: Head and header

  private func writeHead(_ conclusion: Conclusion, _ html: inout HTMLWriter) {
    html.markup("<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n")
    html.markup("<meta http-equiv='Content-Security-Policy' content=\"")
    html.markup("default-src 'none'; base-uri 'none'; form-action 'none'; style-src '")
    html.markup(Self.styleHash)
    html.markup("'; script-src '")
    html.markup(Self.scriptHash)
    html.markup("'; require-trusted-types-for 'script'; trusted-types 'none'\">\n")
    html.markup("<meta name='referrer' content='no-referrer'>\n")
    html.markup("<meta name='viewport' content='width=device-width, initial-scale=1'>\n")
    html.text(conclusion.found, between: "<title>keyscan: ", and: "</title>\n<style>")
    html.markup(Self.style)
    html.markup("</style>\n</head>\n")
  }

  private func writeHeader(_ conclusion: Conclusion, _ html: inout HTMLWriter) {
    html.markup("<header>\n<p class='tool'>keyscan ")
    html.text(report.toolVersion)
    html.text(report.rules.counted("rule"), between: ", ", and: "</p>\n")
    html.text(conclusion.found, between: "<h1>", and: "</h1>\n")
    for warning in conclusion.warnings {
      html.text(warning, between: "<p class='verdict warning'>", and: "</p>\n")
    }
    if conclusion.warnings.isEmpty {
      html.markup("<p class='verdict good'>Everything was read.</p>\n")
    }
    writeTargets(&html)
    writeCounts(&html)
    html.markup("<nav aria-label='Contents'><ul>")
    html.markup("<li><a href='#coverage'>Coverage</a></li>")
    html.markup("<li><a href='#findings'>Findings</a></li>")
    if !report.notes.isEmpty { html.markup("<li><a href='#rules'>Rules</a></li>") }
    html.markup("</ul></nav>\n</header>\n")
  }

  private func writeTargets(_ html: inout HTMLWriter) {
    guard !report.targets.isEmpty else { return }
    html.markup("<ul class='targets' aria-label='What was scanned'>\n")
    for target in report.targets {
      html.text(target.path, between: "<li><code>", and: "</code> <span class='quiet'>")
      html.text(target.kind.rawValue.replacingHyphens)
      if let head = target.head {
        html.text(String(head.prefix(12)), between: ", HEAD is <code>", and: "</code>")
      }
      html.markup("</span>")
      if let part = target.part {
        if target.kind == .range {
          html.text(part, between: "<br>only what these commits add: <code>", and: "</code>")
        } else {
          html.text(part, between: "<br>only <code>", and: "</code>")
          html.markup("; history, index and the rest not scanned")
        }
      }
      html.markup("</li>\n")
    }
    html.markup("</ul>\n")
  }

  private func writeCounts(_ html: inout HTMLWriter) {
    html.markup("<dl class='counts'>\n")
    for severity in Severity.allCases.reversed() {
      let count = report.findings.count { $0.severity == severity }
      html.text(severity.rawValue, between: "<div class='", and: count == 0 ? " none" : "")
      html.text(severity.rawValue, between: "'><dt>", and: "</dt><dd>")
      html.text(count.grouped, between: "", and: "</dd></div>\n")
    }
    let suppressed = report.suppressed.count.grouped
    html.text(suppressed, between: "<div><dt>suppressed</dt><dd>", and: "</dd></div>\n")
    let gaps = (report.coverage.gaps.reduce(0) { $0 + $1.count }).grouped
    html.text(gaps, between: "<div><dt>not read</dt><dd>", and: "</dd></div>\n</dl>\n")
  }
}

/// What a report comes to, in sentences.
private struct Conclusion {
  /// What was found.
  let found: String
  /// What keeps that from being the whole truth, one sentence each.
  let warnings: [String]

  init(_ report: Report) {
    let counted = report.findings.filter(\.counts)
    let local = report.findings.count - counted.count
    var found = "No secret found in what was read"
    if !counted.isEmpty {
      let counts = Severity.allCases.reversed().compactMap { severity -> String? in
        let count = counted.count { $0.severity == severity }
        return count == 0 ? nil : "\(count.grouped) \(severity.rawValue)"
      }
      found = "\(counted.count.counted("finding")): \(counts.joined(separator: ", "))"
    }
    if local > 0 { found += "; \(local.grouped) more that a push does not send" }
    self.found = found

    var warnings: [String] = []
    if report.isPartial { warnings.append("The run was interrupted; this is not all.") }
    let failing = report.coverage.gaps.filter(\.kind.fails).reduce(0) { $0 + $1.count }
    let others = report.coverage.gaps.reduce(0) { $0 + $1.count } - failing
    if failing > 0 {
      warnings.append("Not everything could be read: \(failing.counted("failure")).")
    }
    if others > 0 {
      warnings.append("Not everything was read: \(others.counted("gap")).")
    }
    self.warnings = warnings
  }
}

extension String {
  /// A name of a report's schema as words: `bare repository`.
  var replacingHyphens: String {
    String(map { $0 == "-" ? " " : $0 })
  }
}
