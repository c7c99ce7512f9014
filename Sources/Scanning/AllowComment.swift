internal import Bytes
internal import Rules

/// A comment beside a secret by which somebody says that it may stand there.
enum AllowComment {
  /// What such a comment holds: keyscan's own, and those of scanners that people come from.
  private static let markers = ["keyscan:allow", "gitleaks:allow", "pragma: allowlist secret"]
    .map { Array($0.utf8) }

  /// Whether one stands on the lines of `range` or on the line before, at most
  /// ``Rule/allowCommentDistance`` bytes away.
  static func stands(beside range: Range<Int>, in text: Span<UInt8>) -> Bool {
    let distance = Rule.allowCommentDistance
    let first = max(0, range.lowerBound - distance)
    let last = min(text.count, range.upperBound + distance)
    // Back over the secret's own line, and then over the one before.
    var start = range.lowerBound
    var breaks = 0
    while start > first {
      if text[start - 1] == 0x0A {
        breaks += 1
        if breaks == 2 { break }
      }
      start -= 1
    }
    var end = range.upperBound
    while end < last, text[end] != 0x0A { end += 1 }
    return markers.contains { find($0, in: text, start..<end) }
  }

  private static func find(_ marker: [UInt8], in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= marker.count else { return false }
    return (range.lowerBound...(range.upperBound - marker.count)).contains { start in
      marker.indices.allSatisfy { text[start + $0] == marker[$0] }
    }
  }
}
