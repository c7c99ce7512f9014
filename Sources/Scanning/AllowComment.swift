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
    let ofLineAlone = [
      "betterleaks:allow", "pragma: whitelist secret", "trufflehog:ignore", "ggignore",
    ]
    return [
      "keyscan:allow", "gitleaks:allow", "pragma: allowlist secret", "kingfisher:ignore",
    ].map { Marker($0) }
      + ofLineAlone.map { text in
        var marker = Marker(text)
        marker.isForNext = false
        return marker
      } + [nextLine]
  }()

  /// Whether one stands on the lines of `range` or on the line before, at most
  /// ``Rule/allowCommentDistance`` bytes away.
  ///
  /// On the line before it counts if that line is nothing but a comment: at the end of another line
  /// it is about what stands there.
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
    guard start > first else { return false }
    var before = start - 1
    while before > first, text[before - 1] != 0x0A { before -= 1 }
    // Where the line begins out of reach, nobody can tell that it is a comment.
    if before == first, first > 0, text[first - 1] != 0x0A { return false }
    for marker in markers where marker.isForNext {
      if let place = find(marker.text, in: text, before..<(start - 1)),
        isOnlyComment(text, before..<place)
      {
        return true
      }
    }
    return false
  }

  /// Whether what stands before a marker on its line opens a comment, or is nothing, or is a key of
  /// that name, since JSON has no comments.
  private static func isOnlyComment(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let blanks = ByteSet(" \t")
    guard let first = range.first(where: { !blanks.contains(text[$0]) }) else { return true }
    if opensComment(text, at: first, end: range.upperBound) { return true }
    var word: [UInt8] = []
    for i in range where !ByteSet(" \t\"'`:=,_-{").contains(text[i]) {
      word.append(text[i].lowercased)
    }
    return word.isEmpty || word.elementsEqual("comment".utf8) || word.elementsEqual("note".utf8)
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
      let end = start + marker.count
      return marker.indices.allSatisfy { text[start + $0] == marker[$0] }
        // Part of a longer word is another word.
        && (start == range.lowerBound || !ByteSet.word.contains(text[start - 1]))
        && (end == range.upperBound || !ByteSet.word.contains(text[end]))
    }
  }
}
