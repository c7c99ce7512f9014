internal import Files

/// Counts lines and columns on the way through a content.
///
/// Lines end with a line feed; columns are UTF-16 code units, as SARIF's `columnKind` and
/// editors have them. A byte that belongs to no character of UTF-8 is a column.
struct LineCounter {
  let encoding: TextEncoding
  /// Where in the content the counter stands.
  private(set) var offset = 0
  /// 1-based.
  private(set) var line = 1
  /// 1-based.
  private(set) var column = 1

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
  }

  /// Moves on to `target`; `bytes` begin at `base` of the content and hold all in between.
  mutating func advance(to target: Int, in bytes: Span<UInt8>, base: Int) {
    switch encoding {
    case .bytes, .binary: advanceBytes(to: target, in: bytes, base: base)
    case .utf16(let bigEndian):
      advanceUnits(to: target, in: bytes, base: base, bigEndian: bigEndian)
    }
  }

  private mutating func advanceBytes(to target: Int, in bytes: Span<UInt8>, base: Int) {
    var i = offset - base
    let end = target - base
    // The byte order mark is no column.
    if offset == 0, end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { i = 3 }
    // Whole lines are passed over at the speed of memory; only in the last one are characters
    // counted.
    if let last = ByteSearch.last(0x0A, in: bytes, min(i, end)..<end) {
      line += ByteSearch.count(0x0A, in: bytes, i..<(last + 1))
      column = 1
      i = last + 1
    }
    while i < end {
      let byte = bytes[i]
      if byte < 0x80 {
        column += 1
        i += 1
      } else {
        let length = Self.length(of: bytes, at: i)
        column += length == 4 ? 2 : 1
        i += length
      }
    }
    offset = base + max(i, end)
  }

  /// The length of the character of UTF-8 that begins at `i`; 1 if none does.
  private static func length(of bytes: Span<UInt8>, at i: Int) -> Int {
    let length =
      switch bytes[i] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    guard i + length <= bytes.count else { return 1 }
    for k in 1..<max(1, length) where bytes[i + k] & 0xC0 != 0x80 { return 1 }
    return length
  }

  private mutating func advanceUnits(
    to target: Int, in bytes: Span<UInt8>, base: Int, bigEndian: Bool
  ) {
    while offset < target {
      let i = offset - base
      guard i + 1 < bytes.count else {
        offset = target
        return
      }
      let (high, low) = bigEndian ? (bytes[i], bytes[i + 1]) : (bytes[i + 1], bytes[i])
      if high == 0, low == 0x0A {
        line += 1
        column = 1
      } else if !(offset == 0 && high == 0xFE && low == 0xFF) {
        // The byte order mark is no column.
        column += 1
      }
      offset += 2
    }
  }
}
