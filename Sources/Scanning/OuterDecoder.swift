internal import Bytes
internal import Rules

/// Undoes the encoding that an anchor was found in, around it.
enum OuterDecoder {
  /// Decodes what stands in `bounds` of `bytes`, as `form` says, into `text`.
  ///
  /// `anchor` is where the anchor's form stands. Base64 goes on over line breaks if `joinsLines`
  /// says so, which ``DecodedText/isJoined`` then tells. Returns where the anchor itself begins in
  /// `text`; `nil` if what stands there does not decode. Nothing to do for a plain anchor.
  static func decode(
    _ bytes: Span<UInt8>, in bounds: Range<Int>, anchor: Range<Int>, form: AnchorForm,
    joinsLines: Bool, into text: inout DecodedText
  ) -> Int? {
    text.removeAll()
    switch form {
    case .plain: return nil
    case .utf16(let bigEndian):
      utf16(bytes, in: bounds, anchor: anchor.lowerBound, bigEndian: bigEndian, into: &text)
      return text.position(of: anchor.lowerBound)
    case .base64(let alignment, let wide):
      return base64(
        bytes, in: bounds, anchor: anchor, alignment: alignment, wide: wide,
        joinsLines: joinsLines, into: &text)
    case .escaped(let style):
      EscapeDecoder.decode(Layer(style), bytes, in: bounds, into: &text)
      return text.position(of: anchor.lowerBound)
    }
  }

  /// Decodes UTF-16, whose units stand an even number of bytes from `anchor`.
  private static func utf16(
    _ bytes: Span<UInt8>, in bounds: Range<Int>, anchor: Int, bigEndian: Bool,
    into text: inout DecodedText
  ) {
    var i = bounds.lowerBound + (anchor - bounds.lowerBound) % 2
    func unit(_ i: Int) -> UInt16 {
      bigEndian
        ? UInt16(bytes[i]) << 8 | UInt16(bytes[i + 1])
        : UInt16(bytes[i + 1]) << 8 | UInt16(bytes[i])
    }
    while i + 2 <= bounds.upperBound {
      let first = unit(i)
      var scalar = Unicode.Scalar(first)
      var end = i + 2
      if UTF16.isLeadSurrogate(first), i + 4 <= bounds.upperBound,
        UTF16.isTrailSurrogate(unit(i + 2))
      {
        let value = (UInt32(first) & 0x3FF) << 10 | UInt32(unit(i + 2)) & 0x3FF
        scalar = Unicode.Scalar(value + 0x1_0000)
        end = i + 4
      }
      text.append(scalar ?? "\u{FFFD}", from: i, to: end)
      i = end
    }
  }

  private static func base64(
    _ bytes: Span<UInt8>, in bounds: Range<Int>, anchor: Range<Int>, alignment: Int, wide: Bool,
    joinsLines: Bool, into text: inout DecodedText
  ) -> Int? {
    let digits = base64Digits(bytes, in: bounds, around: anchor, joinsLines: joinsLines)
    text.isJoined = digits.count > 1 && digits[digits.count - 1] - digits[0] >= digits.count
    guard let first = digits.firstIndex(of: anchor.lowerBound) else { return nil }
    let group = first - AnchorForm.digitsBefore(alignment: alignment)
    guard group >= 0 else { return nil }
    var inner = DecodedText()
    var i = group % 4
    while i + 1 < digits.count {
      // The last group may have two or three digits, for one or two bytes.
      let here = digits[i..<min(i + 4, digits.count)]
      let bits = here.reduce(UInt32(0)) { $0 << 6 | UInt32(Base64.values[Int(bytes[$1])]) }
      let word = bits << UInt32(6 * (4 - here.count))
      for k in 0..<(here.count - 1) {
        inner.append(
          UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * k)), from: here[i + k],
          to: here[i + k + 1] + 1)
      }
      i += 4
    }
    // The anchor's first byte begins in the digit that holds its first bit.
    let start = (group - group % 4) / 4 * 3 + alignment
    guard start < inner.bytes.count else { return nil }
    inner.isJoined = text.isJoined
    guard wide else {
      text = inner
      return start
    }
    utf16(inner.bytes.span, in: 0..<inner.bytes.count, anchor: start, bigEndian: false, into: &text)
    let position = text.position(of: start)
    text.rebase(onto: inner)
    return position
  }

  /// Where the base64 digits stand that go on from `anchor` both ways; with `joinsLines` over
  /// line breaks and the blanks that indent a line.
  private static func base64Digits(
    _ bytes: Span<UInt8>, in bounds: Range<Int>, around anchor: Range<Int>, joinsLines: Bool
  ) -> [Int] {
    func isDigit(_ i: Int) -> Bool { Base64.values[Int(bytes[i])] != 255 }
    func isBreak(_ i: Int) -> Bool { bytes[i] == 0x0A || bytes[i] == 0x0D }
    func isBlank(_ i: Int) -> Bool { bytes[i] == 0x20 || bytes[i] == 0x09 }
    var digits: [Int] = []
    var i = anchor.lowerBound - 1
    while i >= bounds.lowerBound {
      if isDigit(i) {
        digits.append(i)
        i -= 1
        continue
      }
      guard joinsLines else { break }
      // A gap is blanks after a line break, and the break itself.
      var gap = i
      while gap >= bounds.lowerBound, isBlank(gap) { gap -= 1 }
      guard gap >= bounds.lowerBound, isBreak(gap) else { break }
      while gap >= bounds.lowerBound, isBreak(gap) { gap -= 1 }
      i = gap
    }
    digits.reverse()
    i = anchor.lowerBound
    while i < bounds.upperBound {
      if isDigit(i) {
        digits.append(i)
        i += 1
        continue
      }
      // The anchor itself may be cut.
      guard isBreak(i), joinsLines || i < anchor.upperBound else { break }
      while i < bounds.upperBound, isBreak(i) || isBlank(i) { i += 1 }
    }
    return digits
  }
}
