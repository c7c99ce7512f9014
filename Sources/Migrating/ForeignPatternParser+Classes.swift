internal import Bytes

/// Reading classes of characters in brackets.
extension ForeignPatternParser {
  mutating func bracket() throws(Fault) -> ForeignPattern {
    let start = position
    position += 1
    let isNegated = take("^")
    var set = ByteSet()
    var others: [Unicode.Scalar] = []
    var isFirst = true
    while true {
      guard let scalar = next else {
        throw Fault(reason: "the bracket at character \(start + 1) is not closed")
      }
      if scalar == "]", !isFirst { break }
      isFirst = false
      if let named = try namedSet() {
        set = set.union(named)
        continue
      }
      let low = try member()
      // A hyphen before the closing bracket stands for itself.
      guard next == "-", position + 1 < text.count, text[position + 1] != "]" else {
        if low.isASCII { set.insert(UInt8(low.value)) } else { others.append(low) }
        continue
      }
      position += 1
      let high = try member()
      guard low <= high else {
        throw Fault(reason: "a range at character \(position) ends before it begins")
      }
      guard high.isASCII else {
        throw Fault(reason: "a range of characters beyond ASCII cannot be said with bytes")
      }
      for value in low.value...high.value { set.insert(UInt8(value)) }
    }
    position += 1
    if flags.ignoresCase { set = set.inEitherCase }
    if isNegated {
      // Bytes of other characters are among what is not ASCII.
      return .set(set.inverted)
    }
    if others.isEmpty { return .set(set) }
    var branches = others.map { ForeignPattern.literal(Array(String($0).utf8), ignoresCase: false) }
    if !set.isEmpty { branches.insert(.set(set), at: 0) }
    return .group(.alternatives(branches), number: nil)
  }

  /// `\d` or `[:alpha:]` in brackets.
  private mutating func namedSet() throws(Fault) -> ByteSet? {
    if take("[:") {
      let isNegated = take("^")
      guard let end = text[position...].firstIndex(of: ":"), end + 1 < text.count,
        text[end + 1] == "]",
        let set = Self.posix[String(String.UnicodeScalarView(text[position..<end]))]
      else { throw Fault(reason: "a class [:…:] at character \(position) is not known") }
      position = end + 2
      return isNegated ? set.inverted : set
    }
    guard next == "\\", position + 1 < text.count else { return nil }
    if "pP".unicodeScalars.contains(text[position + 1]) {
      throw Fault(reason: "it names a class of Unicode, which cannot be said with bytes")
    }
    guard let set = Self.classes[text[position + 1]] else { return nil }
    position += 2
    return set
  }

  private static let posix: [String: ByteSet] = [
    "alnum": .alphanumerics, "alpha": .letters, "ascii": ByteSet(0...0x7F),
    "blank": ByteSet("\t "), "cntrl": ByteSet(0...0x1F, 0x7F...0x7F), "digit": .digits,
    "graph": ByteSet(0x21...0x7E), "lower": ByteSet(0x61...0x7A), "print": ByteSet(0x20...0x7E),
    "punct": ByteSet(0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E),
    "space": blanks.union(ByteSet("\u{0B}")), "upper": ByteSet(0x41...0x5A), "word": .word,
    "xdigit": .hexadecimal,
  ]

  private mutating func member() throws(Fault) -> Unicode.Scalar {
    guard let scalar = next else { throw Fault(reason: "a bracket is not closed") }
    position += 1
    guard scalar == "\\" else { return scalar }
    guard let escaped = next else { throw Fault(reason: "it ends with a backslash") }
    position += 1
    return escaped == "b" ? "\u{08}" : try character(after: escaped)
  }
}

extension ByteSet {
  /// The set with both cases of every letter in it.
  var inEitherCase: ByteSet {
    members.reduce(into: self) { set, byte in
      if ByteSet.letters.contains(byte) { set.insert(byte ^ 0x20) }
    }
  }
}
