/// A finding that somebody decided not to see.
package struct Suppression: Equatable, Sendable {
  package var finding: Finding
  package let by: Reason
  /// Where they said so: `.keyscan.yml:12`; `nil` for a comment, which stands beside the secret.
  package var source: ForeignText?
  /// Why, in their words.
  package var note: ForeignText?

  package enum Reason: String, CaseIterable, Sendable {
    /// An allow comment beside the secret.
    case comment
    /// A line of the baseline.
    case baseline
    /// An entry of `allow` in the configuration.
    case allow
    /// A rule that the configuration turns off.
    case rule
    /// A path that the configuration or the command line excludes.
    case exclude
  }

  package init(
    _ finding: Finding, by: Reason, source: ForeignText? = nil, note: ForeignText? = nil
  ) {
    self.finding = finding
    self.by = by
    self.source = source
    self.note = note
  }

  /// The order of a report.
  package static func precedes(_ a: Suppression, _ b: Suppression) -> Bool {
    (a.finding.rule, a.finding.fingerprint) < (b.finding.rule, b.finding.fingerprint)
  }
}
