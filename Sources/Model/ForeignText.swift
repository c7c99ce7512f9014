/// Text that came from what was scanned: a path, a line, a name, a commit's subject.
///
/// Whoever wrote it may have wanted to deceive the reader of a report, so it reaches an output
/// only as ``visible`` or through a writer that escapes. What was matched by a rule is masked
/// before the text is made.
package struct ForeignText: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  package static func < (a: ForeignText, b: ForeignText) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }

  /// Whether the bytes are UTF-8.
  package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// The text with everything escaped that would not show as itself.
  ///
  /// Control characters, line breaks, bidirectional overrides and other invisible characters
  /// are written `\x1b` or `\u{202e}`, bytes that are not UTF-8 `\xNN`.
  package var visible: String {
    var text = ""
    text.reserveCapacity(bytes.count)
    for part in scalars {
      switch part {
      case .scalar(let scalar) where Self.isDeceptive(scalar):
        text +=
          scalar.value < 0x80
          ? "\\x\(Self.hex(scalar.value, digits: 2))" : "\\u{\(Self.hex(scalar.value, digits: 1))}"
      case .scalar(let scalar): text.unicodeScalars.append(scalar)
      case .stray(let byte): text += "\\x\(Self.hex(UInt32(byte), digits: 2))"
      }
    }
    return text
  }

  /// A character, or a byte that belongs to none.
  package enum Part: Equatable, Sendable {
    case scalar(Unicode.Scalar)
    case stray(UInt8)
  }

  /// The text taken apart; what is not UTF-8 comes byte by byte.
  package var scalars: [Part] {
    var parts: [Part] = []
    parts.reserveCapacity(bytes.count)
    var i = 0
    while i < bytes.count {
      if let (scalar, length) = Self.decode(bytes, at: i) {
        parts.append(.scalar(scalar))
        i += length
      } else {
        parts.append(.stray(bytes[i]))
        i += 1
      }
    }
    return parts
  }

  /// The character whose UTF-8 form begins at `i`, and its length; `nil` if none does.
  private static func decode(_ bytes: [UInt8], at i: Int) -> (Unicode.Scalar, Int)? {
    let first = bytes[i]
    let length: Int
    var value: UInt32
    switch first {
    case 0..<0x80: return (Unicode.Scalar(first), 1)
    case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard i + length <= bytes.count else { return nil }
    for byte in bytes[(i + 1)..<(i + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    // Longer forms than needed, surrogates and values past the end are not UTF-8.
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
    guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }

  /// A character that would do something, or hide, instead of showing as itself.
  package static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: false
    case 0..<0xA0: true  // the two blocks of control characters
    case 0xAD, 0x61C, 0x180E: true  // soft hyphen, Arabic letter mark, Mongolian separator
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
    case 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // also the invisible tag letters
    case 0xD800...0xDFFF: true
    default: false
    }
  }

  private static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension ForeignText: CustomStringConvertible {
  package var description: String { visible }
}
