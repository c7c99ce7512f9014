package import Matching
package import Model
internal import Rules

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

  /// Where a plain anchor stands whose literal is only its beginning; `nil` if it does not.
  func whole(_ anchor: Anchor, in bytes: Span<UInt8>) -> Range<Int>? {
    let number = compiled.book.table.meanings[anchor.literal].anchor
    let start = anchor.range.lowerBound
    guard compiled.book.stands(anchor: number, in: bytes, at: start) else { return nil }
    return start..<(start + compiled.book.anchorLengths[number])
  }
}
