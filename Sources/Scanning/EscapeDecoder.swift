internal import Bytes

/// Undoes the second layer of encoding: escapes, and text that is cut into pieces.
enum EscapeDecoder {
  /// Says which layer would have to be undone to read a token on at `offset`; `nil` if none would.
  ///
  /// An escape of what no token holds, such as a quote or the end of a line, ends it, unless
  /// `isThorough`.
  static func layer(
    _ bytes: Span<UInt8>, at offset: Int, end: Int, isThorough: Bool
  ) -> Layer? {
    guard offset < end else { return nil }
    func goesOn(_ step: Step?) -> Bool { step.map { isThorough || $0.goesOn } ?? false }
    return switch bytes[offset] {
    case UInt8(ascii: "%"):
      goesOn(percent(bytes, at: offset, end: end).map { .byte($0, length: 3) }) ? .percent : nil
    case UInt8(ascii: "\\"):
      lineBreak(bytes, at: offset + 1, end: end) != nil
        ? .wrappedLines
        : goesOn(backslash(bytes, at: offset, end: end)) ? .backslash : nil
    case UInt8(ascii: "&"): goesOn(entity(bytes, at: offset, end: end)) ? .entity : nil
    case UInt8(ascii: "="): quotedPrintable(bytes, at: offset, end: end) ? .quotedPrintable : nil
    case 0x0A, 0x0D: .wrappedLines
    case let byte where isQuote(byte):
      seam(bytes, at: offset, end: end) == nil ? nil : .adjacentLiterals
    default: nil
    }
  }

  /// Undoes `layer` in `bounds` of `bytes` and appends what comes of it to `text`.
  static func decode(
    _ layer: Layer, _ bytes: Span<UInt8>, in bounds: Range<Int>, into text: inout DecodedText
  ) {
    let end = bounds.upperBound
    var i = bounds.lowerBound
    while i < end {
      let next: Step
      switch layer {
      case .percent:
        next = percent(bytes, at: i, end: end).map { .byte($0, length: 3) } ?? .same
      case .backslash: next = backslash(bytes, at: i, end: end) ?? .same
      case .entity: next = entity(bytes, at: i, end: end) ?? .same
      case .quotedPrintable: next = quotedPrintableStep(bytes, at: i, end: end) ?? .same
      case .adjacentLiterals:
        next = seam(bytes, at: i, end: end).map { .nothing(length: $0) } ?? .same
      case .wrappedLines: next = wrap(bytes, at: i, end: end).map { .nothing(length: $0) } ?? .same
      case .utf16LittleEndian, .utf16BigEndian, .base64: next = .same
      }
      switch next {
      case .same:
        text.append(bytes[i], from: i, to: i + 1)
        i += 1
      case .byte(let byte, let length):
        text.append(byte, from: i, to: i + length)
        i += length
      case .scalar(let scalar, let length):
        text.append(scalar, from: i, to: i + length)
        i += length
      case .nothing(let length):
        i += length
      }
    }
  }

  /// What the bytes at a place stand for.
  private enum Step {
    case same
    case byte(UInt8, length: Int)
    case scalar(Unicode.Scalar, length: Int)
    case nothing(length: Int)

    /// It stands for what a token may hold.
    var goesOn: Bool {
      switch self {
      case .same: false
      case .byte(let byte, _): ByteSet.tokens.contains(byte)
      case .scalar(let scalar, _):
        scalar.isASCII && ByteSet.tokens.contains(UInt8(ascii: scalar)) || !scalar.isASCII
      case .nothing: true
      }
    }
  }

  // MARK: Escapes

  private static func percent(_ bytes: Span<UInt8>, at i: Int, end: Int) -> UInt8? {
    guard bytes[i] == UInt8(ascii: "%"), let value = number(bytes, at: i + 1, digits: 2, end: end)
    else { return nil }
    return UInt8(value)
  }

  /// `\xHH`, `\uHHHH`, `\u{H…}`, `\UHHHHHHHH`, and what JSON and most languages have besides.
  private static func backslash(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Step? {
    guard bytes[i] == UInt8(ascii: "\\"), i + 1 < end else { return nil }
    switch bytes[i + 1] {
    case UInt8(ascii: "x"):
      return number(bytes, at: i + 2, digits: 2, end: end).map { .byte(UInt8($0), length: 4) }
    case UInt8(ascii: "u"):
      if i + 2 < end, bytes[i + 2] == UInt8(ascii: "{") {
        var close = i + 3
        while close < end, bytes[close].hexadecimalValue != nil, close < i + 10 { close += 1 }
        guard close < end, close > i + 3, bytes[close] == UInt8(ascii: "}"),
          let value = number(bytes, at: i + 3, digits: close - i - 3, end: end)
        else { return nil }
        return Unicode.Scalar(UInt32(value)).map { .scalar($0, length: close + 1 - i) }
      }
      return number(bytes, at: i + 2, digits: 4, end: end)
        .flatMap { Unicode.Scalar(UInt32($0)) }.map { .scalar($0, length: 6) }
    case UInt8(ascii: "U"):
      return number(bytes, at: i + 2, digits: 8, end: end)
        .flatMap { Unicode.Scalar(UInt32(truncatingIfNeeded: $0)) }.map { .scalar($0, length: 10) }
    case UInt8(ascii: "n"): return .byte(0x0A, length: 2)
    case UInt8(ascii: "r"): return .byte(0x0D, length: 2)
    case UInt8(ascii: "t"): return .byte(0x09, length: 2)
    case let byte where #"/"'\`"#.utf8.contains(byte): return .byte(byte, length: 2)
    default: return nil
    }
  }

  /// Names of characters that secrets, and what stands around them, are made of.
  private static let entities: [(name: [UInt8], byte: UInt8)] = [
    ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", " "),
    ("sol", "/"), ("plus", "+"), ("equals", "="), ("lowbar", "_"), ("colon", ":"),
    ("period", "."), ("Tab", "\t"), ("NewLine", "\n"),
  ].map { (name: String, character: Unicode.Scalar) in
    (Array(name.utf8), UInt8(ascii: character))
  }

  private static func entity(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Step? {
    guard bytes[i] == UInt8(ascii: "&") else { return nil }
    var close = i + 1
    while close < end, close < i + 12, bytes[close] != UInt8(ascii: ";") { close += 1 }
    guard close < end, close > i + 1, bytes[close] == UInt8(ascii: ";") else { return nil }
    let length = close + 1 - i
    if bytes[i + 1] == UInt8(ascii: "#") {
      let isHexadecimal = i + 2 < close && bytes[i + 2] | 0x20 == UInt8(ascii: "x")
      let start = isHexadecimal ? i + 3 : i + 2
      var value: UInt32 = 0
      guard start < close else { return nil }
      for k in start..<close {
        guard let digit = bytes[k].hexadecimalValue, isHexadecimal || digit < 10,
          value < 0x11_0000
        else { return nil }
        value = value * (isHexadecimal ? 16 : 10) + UInt32(digit)
      }
      return Unicode.Scalar(value).map { .scalar($0, length: length) }
    }
    let name = (i + 1)..<close
    return entities.first { entity in
      entity.name.count == name.count
        && zip(entity.name, name).allSatisfy { $0 == bytes[$1] }
    }.map { .byte($0.byte, length: length) }
  }

  private static func quotedPrintable(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Bool {
    quotedPrintableStep(bytes, at: i, end: end) != nil
  }

  private static func quotedPrintableStep(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Step? {
    guard bytes[i] == UInt8(ascii: "=") else { return nil }
    if let length = lineBreak(bytes, at: i + 1, end: end) { return .nothing(length: 1 + length) }
    return number(bytes, at: i + 1, digits: 2, end: end).map { .byte(UInt8($0), length: 3) }
  }

  // MARK: Pieces

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
  }

  /// What languages write between two pieces of a string, beside blanks and line breaks.
  private static let operators: [[UInt8]] = [
    "", "+", ".", "..", "&", "&&", "~", "<>", "++", "||", "\\", "_", "%+%",
  ].map { Array($0.utf8) }

  /// The length of what parts two literals, both quotes included: `" + "`; `nil` if nothing
  /// of the kind begins at `i`.
  private static func seam(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Int? {
    guard isQuote(bytes[i]) else { return nil }
    let longest = min(end, i + 200)
    var between: [UInt8] = []
    var isOver = false
    var k = i + 1
    while k < longest, !isQuote(bytes[k]) {
      if isSpace(bytes[k]) {
        isOver = !between.isEmpty
      } else {
        // `| … |` are the edges of cells, not an operator.
        if isOver || between.count == 3 { return nil }
        between.append(bytes[k])
      }
      k += 1
    }
    guard k < longest, operators.contains(between) else { return nil }
    // An empty string is a piece like any other: `"AIza" + "" + "…"`.
    return k + 1 - i
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// The length of a line break at `i`; `nil` if there is none.
  private static func lineBreak(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Int? {
    guard i < end else { return nil }
    if bytes[i] == 0x0A { return 1 }
    return bytes[i] == 0x0D && i + 1 < end && bytes[i + 1] == 0x0A ? 2 : nil
  }

  /// The length of a break in the middle of a token: a backslash if one continues the line,
  /// the line break, and what indents or quotes the next line.
  private static func wrap(_ bytes: Span<UInt8>, at i: Int, end: Int) -> Int? {
    let start = bytes[i] == UInt8(ascii: "\\") ? i + 1 : i
    guard let length = lineBreak(bytes, at: start, end: end) else { return nil }
    var k = start + length
    while k < end, bytes[k] == 0x20 || bytes[k] == 0x09 || bytes[k] == UInt8(ascii: ">") { k += 1 }
    return k - i
  }

  private static func number(_ bytes: Span<UInt8>, at i: Int, digits: Int, end: Int) -> Int? {
    guard i + digits <= end else { return nil }
    var value = 0
    for k in i..<(i + digits) {
      guard let digit = bytes[k].hexadecimalValue else { return nil }
      value = value << 4 | Int(digit)
    }
    return value
  }
}
