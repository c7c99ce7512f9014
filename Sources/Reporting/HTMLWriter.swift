internal import Model

/// Writes HTML straight into bytes, in the order in which it is told.
///
/// Own code because text from scanned files goes through it. Markup is a literal of this program
/// or it does not compile, and everything else is escaped, in attributes as between tags.
/// Attributes stand in single quotes.
struct HTMLWriter {
  private(set) var bytes: [UInt8] = []

  /// Appends tags and fixed words as they are.
  mutating func markup(_ literal: StaticString) {
    bytes += literal.description.utf8
  }

  /// Appends text of this program or of a rule; what would act or hide is shown as an escape.
  mutating func text(_ text: String) {
    if text.utf8.allSatisfy(Self.isPlain) {
      bytes += text.utf8
    } else {
      escape(ForeignText(text).visible)
    }
  }

  /// Appends text of what was scanned; what would act or hide is shown as an escape.
  mutating func text(_ text: ForeignText) {
    if text.bytes.allSatisfy(Self.isPlain) {
      bytes += text.bytes
    } else {
      escape(text.visible)
    }
  }

  /// Appends a number without groups, as attributes want it.
  mutating func number(_ number: Int) {
    bytes += String(number).utf8
  }

  /// Appends `literal`, the text between it and its end, and `end`.
  mutating func text(_ text: String, between literal: StaticString, and end: StaticString) {
    markup(literal)
    self.text(text)
    markup(end)
  }

  /// Appends `literal`, the text between it and its end, and `end`.
  mutating func text(_ text: ForeignText, between literal: StaticString, and end: StaticString) {
    markup(literal)
    self.text(text)
    markup(end)
  }

  private mutating func escape(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// A byte that shows as itself and means nothing to HTML.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      false
    case 0x20..<0x7F: true
    default: false
    }
  }
}
