/// An engine that cannot do what it was asked.
package struct MatchingError: Error, Equatable, Sendable {
  package let kind: Kind
  /// The engine's own words, or its error number.
  package let reason: String

  package enum Kind: Equatable, Sendable {
    /// The pattern or anchor cannot be compiled.
    case badPattern
    /// A limit was reached while matching: what was asked has no answer.
    case limit
    /// A database that was computed elsewhere does not fit this library or processor.
    case foreignDatabase
  }

  package init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}

extension MatchingError: CustomStringConvertible {
  package var description: String { reason }
}
