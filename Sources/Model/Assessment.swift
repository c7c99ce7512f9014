/// What context says about a finding, without asking anybody.
package struct Assessment: Equatable, Sendable {
  package let kind: Kind
  package let severity: Severity
  /// In one sentence without its end.
  package let reason: String

  /// The outcomes, which are appended to the rule's id: `google.api-key/gemini`.
  package enum Kind: String, CaseIterable, Sendable {
    /// It opens Gemini, by what it is used for.
    case gemini
    /// Not meant to be public, and not used with Gemini.
    case server
    /// Public by design.
    case publicClient = "public-client"
    /// Made up.
    case placeholder
  }

  package init(kind: Kind, severity: Severity, reason: String) {
    self.kind = kind
    self.severity = severity
    self.reason = reason
  }
}
