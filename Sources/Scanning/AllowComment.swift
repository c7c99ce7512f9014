internal import Bytes
internal import Rules

/// A comment beside a secret by which somebody says that it may stand there.
enum AllowComment {
  /// What such a comment holds, and where it counts.
  private struct Marker {
    let text: [UInt8]
    /// It speaks of its own line, and of the next if it stands on a line of its own.
    var isForLine = true
    /// It speaks of the next line.
    var isForNext = true

    init(_ text: String) {
      self.text = Array(text.utf8)
    }
  }

  /// keyscan's own, and those of scanners that people come from: gitleaks, betterleaks,
  /// detect-secrets, TruffleHog, kingfisher, ggshield.
  private static let markers: [Marker] = {
    var nextLine = Marker("pragma: allowlist nextline secret")
    nextLine.isForLine = false
    return [
      "keyscan:allow", "gitleaks:allow", "betterleaks:allow", "pragma: allowlist secret",
      "pragma: whitelist secret", "trufflehog:ignore", "kingfisher:ignore", "ggignore",
    ].map(Marker.init) + [nextLine]
  }()

  /// Whether one stands on the lines of `range` or on the line before, at most
  /// ``Rule/allowCommentDistance`` bytes away.
  ///
  /// On the line before it counts unless that line seems to hold a secret of its own, of which it
  /// then speaks.
  static func stands(beside range: Range<Int>, in text: Span<UInt8>) -> Bool {
    let distance = Rule.allowCommentDistance
    let first = max(0, range.lowerBound - distance)
    let last = min(text.count, range.upperBound + distance)
    var start = range.lowerBound
    while start > first, text[start - 1] != 0x0A { start -= 1 }
    var end = range.upperBound
    while end < last, text[end] != 0x0A { end += 1 }
    for marker in markers where marker.isForLine && find(marker.text, in: text, start..<end) != nil
    {
      return true
    }
    // The line before, without its end.
    guard start > first else { return false }
    var before = start - 1
    while before > first, text[before - 1] != 0x0A { before -= 1 }
    for marker in markers where marker.isForNext {
      guard let place = find(marker.text, in: text, before..<(start - 1)) else { continue }
      if !marker.isForLine || !holdsToken(text, before..<place) { return true }
    }
    return false
  }

  /// Characters in a row of which few words and most secrets have as many.
  private static let tokenLength = 16

  /// Whether what stands before a comment on its line may be a secret, for which it is meant.
  private static func holdsToken(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var run = 0
    var isComment: Bool?
    for i in range {
      if isComment == nil, text[i] != 0x20, text[i] != 0x09 {
        isComment = opensComment(text, at: i, end: range.upperBound)
      }
      run = ByteSet.base64.contains(text[i]) || ByteSet.base64url.contains(text[i]) ? run + 1 : 0
      if run >= tokenLength { return isComment != true }
    }
    return false
  }

  /// Whether a line whose first character stands at `i` is nothing but a comment.
  private static func opensComment(_ text: Span<UInt8>, at i: Int, end: Int) -> Bool {
    let next = i + 1 < end ? text[i + 1] : 0x20
    switch text[i] {
    // #define is none.
    case UInt8(ascii: "#"): return !ByteSet.letters.contains(next)
    case UInt8(ascii: ";"), UInt8(ascii: "%"): return true
    case UInt8(ascii: "*"): return next == 0x20
    case UInt8(ascii: "/"): return next == UInt8(ascii: "/") || next == UInt8(ascii: "*")
    case UInt8(ascii: "-"): return next == UInt8(ascii: "-")
    case UInt8(ascii: "<"): return next == UInt8(ascii: "!")
    case UInt8(ascii: "{"): return next == UInt8(ascii: "#") || next == UInt8(ascii: "/")
    case UInt8(ascii: "("): return next == UInt8(ascii: "*")
    default: return false
    }
  }

  /// Where a marker begins; `nil` if it is not there.
  private static func find(
    _ marker: [UInt8], in text: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    guard range.count >= marker.count else { return nil }
    return (range.lowerBound...(range.upperBound - marker.count)).first { start in
      marker.indices.allSatisfy { text[start + $0] == marker[$0] }
    }
  }
}
