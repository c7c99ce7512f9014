/// What a report says about a rule, once for all its findings.
package struct RuleNote: Equatable, Sendable {
  package let id: RuleID
  package let title: String
  package let provider: String
  /// The highest that its findings have, before anything is known of one in particular.
  package let severity: Severity
  package let description: String
  /// What to do, one step a sentence.
  package let help: [String]
  package let references: [String]

  package init(
    id: RuleID, title: String, provider: String, severity: Severity, description: String,
    help: [String], references: [String]
  ) {
    self.id = id
    self.title = title
    self.provider = provider
    self.severity = severity
    self.description = description
    self.help = help
    self.references = references
  }
}
