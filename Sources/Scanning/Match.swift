internal import Matching
package import Model

/// An anchor that stands in a content.
package struct Anchor: Equatable, Sendable {
  /// The position of what was found among the book's literals.
  package let literal: Int
  /// Where it stands, in bytes.
  package let range: Range<Int>

  package init(literal: Int, range: Range<Int>) {
    self.literal = literal
    self.range = range
  }
}

/// A secret that a rule found: exact, judged in its window.
package struct Match: Sendable {
  /// The position of the rule in its book.
  package let rule: Int
  /// Where the secret stands, in bytes of what was judged.
  package var range: Range<Int>
  package let secret: Secret
  /// Where what belongs to the secret stands, to be masked with it.
  package var companions: [Range<Int>]
  /// What belongs to the secret; empty if nobody asked for it.
  package var belongings: [Belonging] = []
  /// What had to be undone, outermost first.
  package let layers: [Layer]
  package var confidence: Confidence
  /// An allow comment stands beside it.
  package let isAllowed: Bool

  /// The same match in a content that has it `distance` bytes further on.
  package func moved(by distance: Int) -> Match {
    var match = self
    match.range = (range.lowerBound + distance)..<(range.upperBound + distance)
    for i in companions.indices {
      let companion = companions[i]
      match.companions[i] =
        (companion.lowerBound + distance)..<(companion.upperBound + distance)
    }
    return match
  }
}

/// What stands beside a secret and belongs to it, such as the id of a key.
package struct Belonging: Hashable, Sendable {
  /// The rule that says what it looks like.
  package let rule: RuleID
  package let secret: Secret

  package init(rule: RuleID, secret: Secret) {
    self.rule = rule
    self.secret = secret
  }
}

/// What came of judging an anchor for one rule.
package enum Judgement: Equatable, Sendable {
  /// The shape, its neighbours, a keyword or a filter say no.
  case noShape
  /// There is a shape, but a companion that it needs is missing.
  case noSurroundings
  /// There is at least one match.
  case matches
}
