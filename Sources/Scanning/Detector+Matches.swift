package import Matching
package import Model

extension Detector {
  /// Every match in `bytes`, wherever it stands.
  package mutating func matches(in bytes: Span<UInt8>) throws(MatchingError) -> [Match] {
    var anchors: [Anchor] = []
    var matches: [Match] = []
    try self.anchors(in: bytes, into: &anchors)
    for anchor in anchors {
      for number in rules(of: anchor) {
        let rule = rule(at: number)
        _ = try judge(anchor, rule: rule, in: bytes, into: &matches)
      }
    }
    return matches
  }

  /// Every secret in `bytes`, wherever it stands.
  package mutating func secrets(in bytes: Span<UInt8>) throws(MatchingError) -> Set<Secret> {
    Set(try matches(in: bytes).map(\.secret))
  }
}
