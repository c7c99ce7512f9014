internal import Bytes
internal import Model
internal import Rules

/// How a rule takes a secret out of what its shape matched.
extension Rule {
  /// The range of a secret without the line breaks that it begins and ends with.
  func trimmed(_ range: Range<Int>, in view: Span<UInt8>) -> Range<Int> {
    guard joinsLines else { return range }
    var first = range.upperBound
    var last = range.lowerBound
    var i = range.lowerBound
    while i < range.upperBound {
      if let length = lineBreak(view, at: i, end: range.upperBound) {
        i += length
      } else {
        first = min(first, i)
        i += 1
        last = i
      }
    }
    return first < last ? first..<last : range
  }

  func secret(at range: Range<Int>, in view: Span<UInt8>) -> Secret {
    if let known { return known.secret }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var i = range.lowerBound
    while i < range.upperBound {
      if joinsLines, let length = lineBreak(view, at: i, end: range.upperBound) {
        i += length
      } else {
        bytes.append(view[i])
        i += 1
      }
    }
    let prefix =
      ignoresCase
      ? 0
      : anchors.map(\.text.utf8).filter { bytes.starts(with: $0) }
        .map(\.count).max() ?? 0
    return Secret(bytes, fixedPrefix: prefix)
  }

  /// The length of what only breaks a secret into lines at `i`: blanks, line breaks, escapes
  /// of them, quotes and what joins them.
  private func lineBreak(_ view: Span<UInt8>, at i: Int, end: Int) -> Int? {
    switch view[i] {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","): return 1
    case UInt8(ascii: "\\"):
      var k = i
      while k < end, view[k] == UInt8(ascii: "\\") { k += 1 }
      let isBreak = k < end && "nrt".utf8.contains(view[k])
      return k - i + (isBreak ? 1 : 0)
    default: return nil
    }
  }

  /// Whether one of the keywords stands near `whole`, if there are any.
  func hasKeyword(
    near whole: Range<Int>, in view: Span<UInt8>, _ bounds: Range<Int>
  ) -> Bool {
    if keywords.isEmpty { return true }
    let first = max(bounds.lowerBound, whole.lowerBound - keywordDistance)
    let last = min(bounds.upperBound, whole.upperBound + keywordDistance)
    return keywords.contains { keyword in
      let keyword = keyword.utf8.map(\.lowercased)
      guard last - first >= keyword.count else { return false }
      return (first...(last - keyword.count)).contains { start in
        keyword.indices.allSatisfy { view[start + $0].lowercased == keyword[$0] }
      }
    }
  }
}

extension Rule.Filters {
  /// What the user asks for by itself is no placeholder, which `isKnown` tells.
  func admit(_ secret: Secret, isKnown: Bool) -> Bool {
    let bytes = secret.exposed
    if let least = minimumEntropy, entropy(of: bytes) < least { return false }
    if !isKnown, Placeholder.isOne(bytes, prefix: secret.fixedPrefix) { return false }
    return !placeholders.contains { bytes.elementsEqual($0.utf8) }
  }
}
