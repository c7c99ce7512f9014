internal import Model

/// A rule as SARIF describes it.
///
/// GitHub reads the severity from the rule, so findings of one rule with several severities have
/// a rule each.
struct SARIFRule {
  let id: String
  let confidence: Confidence
  private let note: RuleNote
  private let severity: Severity

  init(_ note: RuleNote, _ finding: Finding) {
    self.note = note
    id = Self.id(finding, note)
    severity = finding.severity
    confidence = finding.confidence
  }

  /// What a finding's rule is called.
  static func id(_ finding: Finding, _ note: RuleNote?) -> String {
    note.map { $0.severity == finding.severity } ?? true
      ? finding.rule.description : "\(finding.rule)/\(finding.severity.rawValue)"
  }

  func write(to json: inout JSONWriter) {
    json.value("id", id)
    json.value("name", note.title)
    json.object("shortDescription") { $0.value("text", note.title) }
    json.object("fullDescription") { $0.value("text", note.description) }
    if let link = note.references.first { json.value("helpUri", link) }
    json.object("help") { json in
      json.value("text", note.help.joined(separator: "\n"))
      let steps = note.help.enumerated().map { "\($0.offset + 1). \($0.element)" }
      let links = note.references.map { "- <\($0)>" }
      json.value("markdown", (steps + [""] + links).joined(separator: "\n"))
    }
    json.object("defaultConfiguration") { $0.value("level", Self.level(severity)) }
    json.object("properties") { json in
      json.value("security-severity", Self.score(severity))
      json.value("precision", precision)
      json.strings("tags", ["security", "secrets", "external/cwe/cwe-798"])
    }
  }

  /// By which GitHub orders results.
  private var precision: String {
    switch confidence {
    case .high: "very-high"
    case .medium: "high"
    case .low: "low"
    }
  }

  static func level(_ severity: Severity) -> String {
    switch severity {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low: "note"
    }
  }

  /// What GitHub reads as the severity of a rule: from 9.0 on critical, from 7.0 on high, from
  /// 4.0 on medium.
  private static func score(_ severity: Severity) -> String {
    switch severity {
    case .critical: "9.5"
    case .high: "8.0"
    case .medium: "5.5"
    case .low: "3.0"
    }
  }
}
