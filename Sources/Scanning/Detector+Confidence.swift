internal import Matching
internal import Model
internal import Rules

extension Detector {
  /// How sure it is that a secret is what the rule takes it for; `nil` if it is not.
  mutating func confidence(
    of number: Int, _ secret: Secret
  ) throws(MatchingError) -> Confidence? {
    let rule = compiled.book.rules[number]
    let filters = rule.filters
    let bytes = secret.exposed
    var confidence = rule.confidence
    if !filters.exceptions.isEmpty {
      let pattern = try compiled.exceptions(of: number)
      if try matcher.find(pattern, in: bytes.span, startingIn: 0...bytes.count, end: bytes.count) {
        return nil
      }
    }
    if let structure = filters.structure {
      let pattern = try compiled.structure(of: number)
      let fits = try matcher.find(pattern, in: bytes.span, startingIn: 0...0, end: bytes.count)
      if !fits { confidence = min(confidence, structure.otherwise) }
    }
    if let checksum = filters.checksum, !checksum.kind.holds(for: bytes) {
      confidence = min(confidence, checksum.otherwise)
    }
    if let accounts = filters.accounts, !accounts.admit(bytes) { return nil }
    if let claims = filters.claims {
      guard let token = WebToken(bytes), !token.isSample,
        token.claims(at: compiled.now) == claims
      else { return nil }
    }
    if filters.looksRandom {
      guard !compiled.placeholders.contains(bytes),
        let look = RandomLook.confidence(of: bytes)
      else { return nil }
      confidence = min(confidence, look)
    }
    return confidence
  }
}
