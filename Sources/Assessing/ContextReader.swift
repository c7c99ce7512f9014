package import Model

/// Reads what stands around a secret.
package enum ContextReader {
  /// How much of it is wanted.
  package enum Depth: Sendable {
    /// How the secret is handled there.
    case handling
    /// Also what it is for, what it is called, and of which Google Cloud project it is.
    case google
  }

  /// How much is wanted of the secrets of a rule; `nil` for nothing.
  ///
  /// What a name alone makes a secret is too often none to be worth the reading.
  package static func depth(for rule: RuleID) -> Depth? {
    if rule.provider == "google" { return .google }
    return ["generic", "dotenv"].contains(rule.provider) ? nil : .handling
  }

  /// Reads what stands around the secret in `range` of `text`, which stands at `path`.
  package static func context(
    path: [UInt8], text: Span<UInt8>, range: Range<Int>, depth: Depth
  ) -> Context {
    let near = Vicinity(text, around: range, reach: HandlingSignals.reach)
    var context = Context(handling: HandlingSignals(path: path, near).rawValue)
    guard depth == .google else { return context }
    let wide = Vicinity(text, around: range, reach: KeySignals.reach)
    context.purpose = KeySignals(path: path, wide).rawValue
    if let name = near.name {
      let shift = range.lowerBound - near.key.lowerBound
      context.name = String(decoding: name.map { text[$0 + shift] }, as: UTF8.self)
    }
    context.project = ProjectReader.project(wide, path: path)
    return context
  }
}
