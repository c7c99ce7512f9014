package import Matching
internal import Model
internal import Rules

/// Why a rule finds nothing, for whoever writes it.
extension Detector {
  /// What keeps the rule from finding anything in `bytes`, as the end of a sentence.
  ///
  /// The conditions are asked in the order in which ``judge(_:rule:in:into:)`` asks them; the
  /// first that fails is told.
  package mutating func obstacle(
    to number: Int, in bytes: Span<UInt8>
  ) throws(MatchingError) -> String {
    let rule = compiled.book.rules[number]
    guard rule.shape != nil else { return "the rule goes by the names of files" }
    var anchors: [Anchor] = []
    try self.anchors(in: bytes, into: &anchors)
    anchors.removeAll { !rules(of: $0).contains { self.rule(at: $0) == number } }
    guard !anchors.isEmpty else {
      let texts = rule.anchors.map { "“\($0.text)”" }.joined(separator: ", ")
      return rule.anchors.count == 1
        ? "its anchor \(texts) does not stand in it" : "none of its anchors stands in it: \(texts)"
    }
    let pattern = try compiled.shape(of: number)
    guard
      try matcher.find(pattern, in: bytes, startingIn: 0...bytes.count, end: bytes.count),
      let whole = matcher.range(of: 0)
    else {
      return rule.assignedTo == nil
        ? "the pattern matches nowhere in it"
        : "no value of the pattern's shape is given to such a name in it"
    }
    let secret = rule.secret(at: matcher.range(of: pattern.secretGroup) ?? whole, in: bytes)
    if let condition = try failedCondition(of: number, whole, secret, in: bytes) {
      return condition
    }
    var matches: [Match] = []
    for anchor in anchors {
      let judgement = try judge(anchor, rule: number, in: bytes, into: &matches)
      if judgement == .noSurroundings {
        let names = rule.companions.filter(\.isRequired).map {
          "\($0.rule) within \($0.distance) bytes"
        }
        return "there is no \(names.joined(separator: " or no "))"
      }
    }
    return "the match stands farther from the anchor than “lead” and “reach” say"
  }

  /// The first condition on a match of the pattern that does not hold.
  private mutating func failedCondition(
    of number: Int, _ whole: Range<Int>, _ secret: Secret, in bytes: Span<UInt8>
  ) throws(MatchingError) -> String? {
    let rule = compiled.book.rules[number]
    if Neighbours.blocksBefore(bytes, whole.lowerBound, rule.notBefore) {
      return "what stands before the match is in “not-before”"
    }
    if Neighbours.blocksAfter(bytes, whole.upperBound, rule.notAfter) {
      return "what stands after the match is in “not-after”"
    }
    if rule.assignedTo != nil, !rule.filters.looksRandom,
      Neighbours.isInsideWord(bytes, whole.lowerBound)
    {
      return "the name is the end of another word"
    }
    if !rule.hasKeyword(near: whole, in: bytes, 0..<bytes.count) {
      return "none of its keywords stands within \(rule.keywordDistance) bytes"
    }
    let bits = entropy(of: secret.exposed)
    if let least = rule.filters.minimumEntropy, bits < least {
      let tenths = Int((bits * 10).rounded(.down))
      return "it has \(tenths / 10).\(tenths % 10) bits a byte, and “entropy” asks for \(least)"
    }
    if !rule.filters.admit(secret, isKnown: rule.known != nil) {
      return "it is taken for a placeholder"
    }
    guard rule.role == .finding else { return "the rule is a companion" }
    if try confidence(of: number, secret) == nil {
      return "one of its “filters” does not admit it"
    }
    return nil
  }
}
