/// The name of a rule: `google.api-key`, a provider and a kind.
package struct RuleID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let description: String

  package init(_ text: String) {
    description = text
  }

  /// What stands before the first full stop: `google`.
  package var provider: String {
    String(description.prefix { $0 != "." })
  }

  /// The rule's own id, without what context made of a finding: `google.api-key` of
  /// `google.api-key/gemini`.
  package var base: RuleID {
    RuleID(String(description.prefix { $0 != "/" }))
  }

  /// The id with what context made of a finding.
  package func appending(_ kind: Assessment.Kind) -> RuleID {
    RuleID("\(base)/\(kind.rawValue)")
  }

  package static func < (a: RuleID, b: RuleID) -> Bool { a.description < b.description }
}

/// A rule's id, or the beginning of ids with an asterisk: `google.*`.
package struct RuleName: Sendable, Equatable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  /// Whether this is the rule's name.
  ///
  /// A rule's own id names it whatever context made of it.
  package func names(_ id: RuleID) -> Bool {
    text.hasSuffix("*")
      ? id.description.hasPrefix(text.dropLast())
      : id.description == text || id.base.description == text
  }
}
