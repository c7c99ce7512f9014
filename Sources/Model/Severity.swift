/// How bad it is when what was found is read by a stranger.
package enum Severity: String, CaseIterable, Comparable, Sendable {
  /// An identifier, or something that is meant to be public: it helps an attacker a little.
  case low
  /// Limited abuse.
  case medium
  /// Private data, or use that somebody is billed for.
  case high
  /// An account or an infrastructure is taken over.
  case critical

  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    case .critical: 3
    }
  }
}

/// How sure it is that what was found is what its rule says.
package enum Confidence: String, CaseIterable, Comparable, Sendable {
  case low, medium, high

  package static func < (a: Confidence, b: Confidence) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    }
  }
}
