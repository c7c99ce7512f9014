package import Model

/// What a Google key is, judged by where it stands and what it is used for there.
package enum KeyAssessment {
  /// The rules whose findings are assessed.
  package static let rules: Set<RuleID> = [
    RuleID("google.api-key"), RuleID("google.auth-key"), RuleID("google.auth-key-by-context"),
  ]

  /// Judges a key by what all of its places show; `nil` if nothing tells.
  ///
  /// The most dangerous use decides: a key that opens Gemini anywhere opens it wherever it is read.
  package static func assess(_ all: [KeySignals]) -> Assessment? {
    let together = all.reduce(into: KeySignals()) { $0.formUnion($1) }
    let kinds = all.map(kind)
    if kinds.contains(.gemini) {
      let isPublic =
        together.contains(.publicName) || kinds.contains(.publicClient)
        || all.contains {
          kind(of: $0) == .gemini && !$0.isDisjoint(with: [.clientFile, .inApp])
        }
      return Assessment(
        kind: .gemini, severity: isPublic ? .critical : .high,
        reason: isPublic
          ? "it is used with Gemini, and stands where everybody who has the page or the app reads it"
          : "it is used with Gemini, for which the project's owner is billed")
    }
    if kinds.contains(.server) {
      return Assessment(
        kind: .server, severity: .high,
        reason: "it is used by a server or a script, and is not meant to be public")
    }
    if kinds.contains(.publicClient) {
      return Assessment(
        kind: .publicClient, severity: .low,
        reason: "it is of an app or a page, where it is public by design; its restrictions decide "
          + "what it opens")
    }
    if !kinds.isEmpty, kinds.allSatisfy({ $0 == .placeholder }) {
      return Assessment(
        kind: .placeholder, severity: .low,
        reason: "it stands in tests only, and nothing uses it")
    }
    return nil
  }

  /// Whether what a key is for may show in other files than those that it stands in.
  package static func mayBeUsedElsewhere(_ all: [KeySignals]) -> Bool {
    switch assess(all)?.kind {
    case nil: true
    case .server: all.allSatisfy { !$0.contains(.webService) }
    case .gemini, .publicClient, .placeholder: false
    }
  }

  /// What one place says; `nil` for nothing.
  private static func kind(of signals: KeySignals) -> Assessment.Kind? {
    if signals.contains(.savedPage) { return .publicClient }
    if signals.contains(.geminiName) { return .gemini }
    // A Firebase configuration and a name that a bundler builds in are public whatever else is near.
    if signals.contains(.firebase) || signals.contains(.publicName) { return .publicClient }
    if signals.contains(.inApp) {
      return signals.contains(.geminiNear) ? .gemini : .publicClient
    }
    if signals.contains(.mapsClient) {
      let isCalledByServer =
        signals.contains(.webService) && signals.contains(.serverFile)
      return isCalledByServer ? .server : .publicClient
    }
    if signals.contains(.geminiNear), !signals.contains(.webService) { return .gemini }
    if signals.contains(.test) { return .placeholder }
    if signals.contains(.geminiByName), !signals.contains(.webService) { return .gemini }
    if signals.contains(.webService) {
      return signals.contains(.clientFile) && !signals.contains(.serverFile)
        ? .publicClient : .server
    }
    if signals.contains(.clientFile) { return .publicClient }
    if signals.contains(.serverFile) { return .server }
    return nil
  }
}
