package import Model

/// The report as JUnit XML, as Jenkins, GitLab, Azure Pipelines and CircleCI read it.
///
/// Nobody owns the format; this keeps to what they have in common. Jenkins's schema
/// (`junit-10.xsd` of its xUnit plugin) has the elements in this order. GitLab
/// (`lib/gitlab/ci/parsers/test/junit.rb`) shows the text of a failure but not its message, and
/// takes two cases with the same class and name for one, so names differ.
package struct JUnitReport {
  private let report: Report
  private let showsSecrets: Bool

  package init(_ report: Report, showsSecrets: Bool) {
    self.report = report
    self.showsSecrets = showsSecrets
  }

  package func document() -> [UInt8] {
    let failures = report.findings.map(failure)
    let errors = errors
    let cases = failures + errors
    let passes = cases.isEmpty ? 1 : 0
    let counts: [XMLWriter.Attribute] = [
      ("name", "keyscan"), ("tests", "\(cases.count + passes)"),
      ("failures", "\(failures.count)"), ("errors", "\(errors.count)"),
    ]
    var xml = XMLWriter()
    xml.element("testsuites", counts) { xml in
      xml.element("testsuite", counts + [("skipped", "0"), ("time", "0")]) { xml in
        var names: Set<[String]> = []
        for test in cases { write(test, &names, &xml) }
        if cases.isEmpty {
          xml.element(
            "testcase",
            [("classname", "keyscan"), ("name", "no secret found"), ("time", "0")])
        }
        xml.element("system-out", [], text: output)
      }
    }
    return xml.bytes
  }

  /// A test that did not pass.
  private struct Case {
    let outcome: String
    let group: String
    let name: String
    /// What sets it apart from others of the same name.
    let distinction: String
    var file: String?
    var line: String?
    let kind: String
    let message: String
    let lines: [String]
  }

  private func write(_ test: Case, _ names: inout Set<[String]>, _ xml: inout XMLWriter) {
    let isNew = names.insert([test.group, test.name]).inserted
    let name = isNew ? test.name : "\(test.name) (\(test.distinction))"
    xml.element(
      "testcase",
      [
        ("classname", test.group), ("name", name), ("file", test.file), ("line", test.line),
        ("time", "0"),
      ]
    ) { xml in
      xml.element(
        test.outcome, [("type", test.kind), ("message", test.message)],
        text: test.lines.joined(separator: "\n"))
    }
  }

  private func failure(_ finding: Finding) -> Case {
    let headline = finding.headline(in: report.targets)
    let secret = finding.secretText(showsSecrets: showsSecrets)
    let message = secret.map { "\(headline): \($0)" } ?? headline
    let place = finding.mainPlace
    return Case(
      outcome: "failure", group: ForeignText(finding.rule.description).shown, name: headline,
      distinction: finding.fingerprint.description,
      file: place?.file(in: report.targets)?.shown, line: place?.region.map { "\($0.line)" },
      kind: finding.severity.rawValue, message: message,
      // Some show the text alone, so it says what was found once more.
      lines: [message] + finding.lines(in: report.targets, showsSecrets: showsSecrets))
  }

  /// What keeps the run from being an answer.
  private var errors: [Case] {
    var errors = report.failingGaps.enumerated().map { index, gap in
      let message = "not read: \(gap.subject.shown): \(gap.reason.shown)"
      return Case(
        outcome: "error", group: "keyscan.gap", name: "not read: \(gap.subject.shown)",
        distinction: "\(index + 1)", kind: gap.kind.rawValue, message: message,
        lines: [message] + (gap.count > 1 ? ["\(gap.count) of this kind"] : []))
    }
    if errors.isEmpty, !report.isSuccessful {
      let message =
        report.isPartial
        ? "interrupted; this is not all" : "the run ended with status \(report.status.rawValue)"
      errors.append(
        Case(
          outcome: "error", group: "keyscan", name: "the run came to its end", distinction: "",
          kind: "status", message: message, lines: [message]))
    }
    return errors
  }

  /// What the run has to say beside its findings.
  private var output: String {
    let lines =
      [report.verdict] + report.remarks
      + report.coverage.gaps.groups.map { "not read: \($0.line)" }
      + report.hints.map { "hint: \($0.subject.shown): \($0.text.shown)" }
    return lines.map { "keyscan: \($0)" }.joined(separator: "\n")
  }
}
