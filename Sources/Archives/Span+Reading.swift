extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// It may stand in a name of a PDF document.
  var isNameByte: Bool {
    isDigit || (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z")
      || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") || self == UInt8(ascii: "+")
  }
}

extension Span<UInt8> {
  /// The number that the four bytes at `offset` are.
  func bigEndian(at offset: Int) -> Int {
    Int(self[offset]) << 24 | Int(self[offset + 1]) << 16 | Int(self[offset + 2]) << 8
      | Int(self[offset + 3])
  }

  /// The number that the four bytes at `offset` are, the smallest first.
  func littleEndian(at offset: Int) -> Int {
    Int(self[offset]) | Int(self[offset + 1]) << 8 | Int(self[offset + 2]) << 16
      | Int(self[offset + 3]) << 24
  }

  /// The number that the two bytes at `offset` are, the smaller first.
  func shortLittleEndian(at offset: Int) -> Int {
    Int(self[offset]) | Int(self[offset + 1]) << 8
  }

  /// Up to `limit` of the bytes.
  func array(limit: Int) -> [UInt8] {
    let part = extracting(0..<Swift.min(count, limit))
    return part.indices.map { part[$0] }
  }

  /// Where `text` stands first at or after `start`.
  func first(of text: [UInt8], from start: Int) -> Int? {
    var i = start
    while i + text.count <= count {
      if self[i] == text[0], text.indices.allSatisfy({ self[i + $0] == text[$0] }) { return i }
      i += 1
    }
    return nil
  }

  /// Where `text` stands last in `range`.
  func last(of text: [UInt8], in range: Range<Int>) -> Int? {
    var i = range.upperBound - text.count
    while i >= range.lowerBound {
      if self[i] == text[0], text.indices.allSatisfy({ self[i + $0] == text[$0] }) { return i }
      i -= 1
    }
    return nil
  }
}

extension Span<UInt8> {
  /// The number that two bytes at `offset` are, the smaller first; `nil` outside of what there is.
  func short(at offset: Int) -> Int? {
    offset >= 0 && offset <= count - 2 ? shortLittleEndian(at: offset) : nil
  }

  /// The number that four bytes at `offset` are, the smallest first; `nil` outside of what there is.
  func word(at offset: Int) -> Int? {
    offset >= 0 && offset <= count - 4 ? littleEndian(at: offset) : nil
  }

  /// The number that `size` bytes at `offset` are, the largest first; `nil` if it is none.
  func number(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, (1...8).contains(size), offset <= count - size else { return nil }
    var value: UInt64 = 0
    for i in 0..<size { value = value << 8 | UInt64(self[offset + i]) }
    return Int(exactly: value)
  }
}
