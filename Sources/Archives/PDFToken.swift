/// A word of a page's program, or of a table of characters.
enum PDFToken: Equatable {
  case name([UInt8])
  case string([UInt8])
  case number(Double)
  case word(ArraySlice<UInt8>)
  case open
  case close
}

/// Reads tokens from text, and passes over what is none.
struct PDFTokens {
  private let text: [UInt8]
  private var i = 0

  /// The longest string that is taken.
  private static let longest = 1 << 20

  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func next() -> PDFToken? {
    while i < text.count {
      let byte = text[i]
      switch byte {
      case 0, 9, 10, 12, 13, 32: i += 1
      case UInt8(ascii: "%"):
        while i < text.count, text[i] != 10, text[i] != 13 { i += 1 }
      case UInt8(ascii: "("): return .string(literal())
      case UInt8(ascii: "<"):
        if i + 1 < text.count, text[i + 1] == byte {
          i += 2
          return .word(text[(i - 2)..<i])
        }
        let end = text[i...].firstIndex(of: UInt8(ascii: ">")) ?? text.count
        defer { i = min(end + 1, text.count) }
        return .string(PDFEncoding.hexadecimal(text[(i + 1)..<max(i + 1, end)]))
      case UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"): i += 1
      case UInt8(ascii: "["):
        i += 1
        return .open
      case UInt8(ascii: "]"):
        i += 1
        return .close
      case UInt8(ascii: "/"):
        i += 1
        return .name(Array(run()))
      default:
        let word = run()
        if let number = Self.number(word) { return .number(number) }
        return .word(word)
      }
    }
    return nil
  }

  /// Bytes up to a blank or a sign.
  private mutating func run() -> ArraySlice<UInt8> {
    let start = i
    while i < text.count, !Self.ends(text[i]) { i += 1 }
    return text[start..<i]
  }

  private static func ends(_ byte: UInt8) -> Bool {
    switch byte {
    case 0, 9, 10, 12, 13, 32: true
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "/"), UInt8(ascii: "%"):
      true
    default: false
    }
  }

  /// The number that a word is: a sign, digits and a point, but no exponent.
  ///
  /// Most words are numbers, and to have the library read them takes longer than all else.
  private static func number(_ word: ArraySlice<UInt8>) -> Double? {
    guard word.count < 32 else { return nil }
    var digits = word
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
    var (value, scale, hasDigits, hasPoint) = (0.0, 1.0, false, false)
    for byte in digits {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
        continue
      }
      guard byte.isDigit else { return nil }
      value = 10 * value + Double(byte - UInt8(ascii: "0"))
      if hasPoint { scale *= 10 }
      hasDigits = true
    }
    return hasDigits ? (isNegative ? -value : value) / scale : nil
  }

  /// A string between parentheses, which may hold others in pairs.
  private mutating func literal() -> [UInt8] {
    var bytes: [UInt8] = []
    var depth = 0
    while i < text.count, bytes.count < Self.longest {
      let byte = text[i]
      i += 1
      switch byte {
      case UInt8(ascii: "("):
        depth += 1
        if depth > 1 { bytes.append(byte) }
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return bytes }
        bytes.append(byte)
      case UInt8(ascii: "\\"): escape(&bytes)
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  private mutating func escape(_ bytes: inout [UInt8]) {
    guard i < text.count else { return }
    let byte = text[i]
    i += 1
    switch byte {
    case UInt8(ascii: "n"): bytes.append(10)
    case UInt8(ascii: "r"): bytes.append(13)
    case UInt8(ascii: "t"): bytes.append(9)
    case UInt8(ascii: "b"): bytes.append(8)
    case UInt8(ascii: "f"): bytes.append(12)
    case 13:
      // A line that goes on.
      if i < text.count, text[i] == 10 { i += 1 }
    case 10: break
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = Int(byte - UInt8(ascii: "0"))
      var digits = 1
      while digits < 3, i < text.count, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(text[i]) {
        value = value * 8 + Int(text[i] - UInt8(ascii: "0"))
        i += 1
        digits += 1
      }
      bytes.append(UInt8(truncatingIfNeeded: value))
    default: bytes.append(byte)
    }
  }
}
