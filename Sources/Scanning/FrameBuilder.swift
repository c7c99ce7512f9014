internal import Model

/// Cuts a line out of a content for a person to look at, with secrets masked.
struct FrameBuilder {
  /// A piece that must not be seen, and what is shown instead.
  struct Mask {
    let range: Range<Int>
    let shown: [UInt8]
  }

  private let encoding: TextEncoding
  /// In order of their beginnings; they may overlap.
  private let masks: [Mask]

  /// How many bytes of a line are shown before and after what is marked.
  private static let margin = 72
  private static let ellipsis = Array("…".utf8)

  /// Masks what `matches`, all of those in reach, and their companions take up.
  init(_ encoding: TextEncoding, masking matches: [Match]) {
    self.encoding = encoding
    var masks: [Mask] = []
    for match in matches {
      let shown = match.layers.isEmpty ? match.secret.redacted : "…"
      masks.append(Mask(range: match.range, shown: Array(shown.utf8)))
      masks += match.companions.map { Mask(range: $0, shown: Self.ellipsis) }
    }
    self.masks = masks.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The line on which `range` begins; `nil` for what is no text.
  ///
  /// `number` is the line's number.
  func frame(of range: Range<Int>, in bytes: Span<UInt8>, line number: Int) -> Frame? {
    if encoding == .binary { return nil }
    let unit = encoding == .bytes ? 1 : 2
    let margin = Self.margin * unit
    func isBreak(_ i: Int) -> Bool {
      switch encoding {
      case .bytes, .binary: bytes[i] == 0x0A
      case .utf16(let bigEndian):
        i + 1 < bytes.count && bytes[i + (bigEndian ? 0 : 1)] == 0
          && bytes[i + (bigEndian ? 1 : 0)] == 0x0A
      }
    }
    var start = range.lowerBound
    while start >= unit, !isBreak(start - unit), range.lowerBound - start < margin {
      start -= unit
    }
    let isClippedBefore = start >= unit && !isBreak(start - unit)
    var end = range.lowerBound
    while end < bytes.count, !isBreak(end) {
      if end >= range.upperBound + margin { break }
      end += unit
    }
    end = min(end, bytes.count)
    let isClippedAfter = end < bytes.count && !isBreak(end)
    let content = start..<max(start, withoutReturn(bytes, end: end, from: start))

    var text: [UInt8] = isClippedBefore ? Self.ellipsis : []
    var marked: Range<Int>?
    var i = content.lowerBound
    for mask in masks
    where mask.range.overlaps(content) || mask.range.lowerBound == range.lowerBound {
      if mask.range.lowerBound > i {
        text += decoded(bytes, i..<min(mask.range.lowerBound, content.upperBound))
        i = min(mask.range.lowerBound, content.upperBound)
      }
      // Masks that overlap are shown as the first of them.
      let shown = mask.range.upperBound > i || mask.range.isEmpty ? mask.shown : []
      if mask.range.contains(range.lowerBound), marked == nil {
        let first = text.count
        marked = first..<(first + max(shown.count, 1))
      }
      text += shown
      i = max(i, min(mask.range.upperBound, content.upperBound))
    }
    if i < content.upperBound { text += decoded(bytes, i..<content.upperBound) }
    if isClippedAfter { text += Self.ellipsis }
    return Frame(lines: [Frame.Line(number: number, text: ForeignText(text), marked: marked)])
  }

  private func withoutReturn(_ bytes: Span<UInt8>, end: Int, from start: Int) -> Int {
    switch encoding {
    case .bytes, .binary: end > start && bytes[end - 1] == 0x0D ? end - 1 : end
    case .utf16(let bigEndian):
      end - 2 >= start && bytes[end - (bigEndian ? 1 : 2)] == 0x0D
        && bytes[end - (bigEndian ? 2 : 1)] == 0 ? end - 2 : end
    }
  }

  /// A piece of the content as UTF-8; without the characters that its ends cut.
  private func decoded(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    switch encoding {
    case .binary: return []
    case .bytes:
      var range = range
      while let first = range.first, bytes[first] & 0xC0 == 0x80,
        range.lowerBound > 0, bytes[range.lowerBound - 1] >= 0x80
      {
        range = (range.lowerBound + 1)..<range.upperBound
      }
      return range.map { bytes[$0] }
    case .utf16(let bigEndian):
      var units: [UInt16] = []
      var i = range.lowerBound
      while i + 1 < range.upperBound {
        let (high, low) = bigEndian ? (bytes[i], bytes[i + 1]) : (bytes[i + 1], bytes[i])
        units.append(UInt16(high) << 8 | UInt16(low))
        i += 2
      }
      if units.first == 0xFEFF { units.removeFirst() }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    }
  }
}
