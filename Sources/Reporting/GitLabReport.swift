internal import Bytes
package import Model

/// The report as GitLab's secret detection takes it (`gl-secret-detection-report.json`).
///
/// The form is `secret-detection-report-format.json` of GitLab's security-report-schemas. It is
/// the last patch of 15.0, which asks for the same of all that is written here as 15.2.1 does,
/// so that older servers take it too. GitLab reads descriptions and solutions as Markdown.
package struct GitLabReport {
  private let report: Report
  private let showsSecrets: Bool
  private let start: Int
  private let end: Int
  private let notes: [RuleID: RuleNote]

  private static let version = "15.0.7"
  /// What stands for the commit of what is in none, as GitLab's own analyzer writes it.
  private static let noCommit = "0000000"
  /// The most characters of each, from the schema; the longer two are counted in bytes here.
  private static let (nameLimit, descriptionLimit, solutionLimit) = (255, 1_048_576, 7000)

  /// `start` and `end` are when the scan began and ended, in seconds since 1970.
  package init(_ report: Report, showsSecrets: Bool, start: Int, end: Int) {
    self.report = report
    self.showsSecrets = showsSecrets
    self.start = start
    self.end = end
    notes = Dictionary(report.notes.map { ($0.id, $0) }) { first, _ in first }
  }

  package func document() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      json.value("version", Self.version)
      json.value(
        "schema",
        "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/"
          + "v\(Self.version)/dist/secret-detection-report-format.json")
      writeScan(&json)
      json.array("vulnerabilities") { json in
        // Findings of one rule have the same steps, mostly.
        var steps: [[ForeignText]: [String]] = [:]
        for finding in report.findings {
          let known = steps[finding.advice]
          let items = known ?? finding.steps.map { "- \(MarkdownText.prose($0))" }
          if known == nil { steps[finding.advice] = items }
          json.object { write(finding, items, &$0) }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  private func writeScan(_ json: inout JSONWriter) {
    json.object("scan") { json in
      for role in ["analyzer", "scanner"] {
        json.object(role) { json in
          json.value("id", "keyscan")
          json.value("name", "keyscan")
          json.value("version", report.toolVersion)
          json.object("vendor") { $0.value("name", "keyscan") }
        }
      }
      json.value("type", "secret_detection")
      json.value("start_time", Self.time(start))
      json.value("end_time", Self.time(end))
      json.value("status", report.isSuccessful ? "success" : "failure")
      json.array("messages") { json in
        for group in report.coverage.gaps.groups {
          json.object { json in
            json.value("level", "warn")
            json.value("value", "not read: \(group.line)")
          }
        }
        for remark in report.remarks {
          json.object { json in
            json.value("level", "info")
            json.value("value", remark)
          }
        }
      }
    }
  }

  /// A moment in UTC, as the schema wants it: without a zone.
  private static func time(_ seconds: Int) -> String {
    String(Instant.text(seconds).dropLast())
  }

  private func write(_ finding: Finding, _ steps: [String], _ json: inout JSONWriter) {
    let name = Self.clipped(ForeignText(finding.title).shown, Self.nameLimit)
    json.value("id", Self.identifier(finding.fingerprint))
    json.value("category", "secret_detection")
    json.value("name", name)
    json.value("message", name)
    json.value("description", description(finding))
    json.value("solution", solution(finding, steps))
    json.value("severity", Self.severity(finding.severity))
    json.object("location") { json in write(finding.mainPlace, &json) }
    let links = (notes[finding.rule]?.references ?? []).filter { link in
      ["http://", "https://"].contains { link.hasPrefix($0) && link != $0 }
    }
    json.array("identifiers") { json in
      json.object { json in
        json.value("type", "keyscan_rule_id")
        json.value("name", "keyscan rule \(finding.rule)")
        json.value("value", finding.rule.description)
        if let link = links.first { json.value("url", link) }
      }
      json.object { json in
        json.value("type", "cwe")
        json.value("name", "CWE-798")
        json.value("value", "798")
        json.value("url", "https://cwe.mitre.org/data/definitions/798.html")
      }
    }
    json.array("links") { json in
      for link in links { json.object { $0.value("url", link) } }
    }
    if let secret = finding.secretText(showsSecrets: showsSecrets) {
      json.value("raw_source_code_extract", secret)
    }
  }

  private func description(_ finding: Finding) -> String {
    // The secret itself has a field of its own; a description is copied into issues.
    let facts = finding.facts(in: report.targets, showsSecrets: false)
    let title = "\(MarkdownText.prose(ForeignText(finding.title).shown))\n\n"
    let room = Self.descriptionLimit - title.utf8.count
    return title + MarkdownText.list(facts, limit: room)
  }

  /// The steps and the repair, as far as they fit.
  private func solution(_ finding: Finding, _ steps: [String]) -> String {
    var pieces = steps
    if !finding.repair.isEmpty {
      pieces.append("\n" + MarkdownText.block(finding.repair.map(\.shown), language: "sh"))
    }
    var solution = ""
    for piece in pieces where solution.utf8.count + piece.utf8.count < Self.solutionLimit {
      solution += solution.isEmpty ? piece : "\n\(piece)"
    }
    return solution
  }

  private func write(_ place: Place?, _ json: inout JSONWriter) {
    if let place {
      // GitLab takes findings of one rule at one file and line for one, so what has no file is
      // told apart by its commit.
      switch place.kind {
      case .file: json.value("file", place.file(in: report.targets))
      case .name: json.value("file", place.path)
      case .object: json.value("file", "COMMIT/\(place.commit ?? place.blob ?? Self.noCommit)")
      }
    }
    if let region = place?.region {
      json.value("start_line", region.line)
      json.value("end_line", region.endLine)
    }
    json.object("commit") { json in
      json.value("sha", place?.commit ?? Self.noCommit)
      guard let past = place?.past else { return }
      if let author = past.author { json.value("author", author) }
      if let date = past.date { json.value("date", Instant.text(date)) }
      if let subject = past.subject { json.value("message", subject) }
    }
  }

  /// A UUID that stays with the finding: version 8 of RFC 9562, which leaves the bits to us.
  private static func identifier(_ fingerprint: Fingerprint) -> String {
    var bytes = fingerprint.bytes
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return [bytes[..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10...]]
      .map(\.hexadecimal).joined(separator: "-")
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .critical: "Critical"
    case .high: "High"
    case .medium: "Medium"
    case .low: "Low"
    }
  }

  private static func clipped(_ text: String, _ limit: Int) -> String {
    String(text.unicodeScalars.prefix(limit))
  }
}
