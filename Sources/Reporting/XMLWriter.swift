internal import Model

/// Writes XML 1.0 straight into bytes, in the order in which it is told.
///
/// Text may be anything: what XML does not allow, and what would act or hide, is written as
/// ``ForeignText/visible`` writes it.
struct XMLWriter {
  private(set) var bytes = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8) + [0x0A]
  private var depth = 0

  /// An attribute's name and value; without a value it is not written.
  typealias Attribute = (name: String, value: String?)

  // MARK: Elements

  /// An element with elements inside.
  mutating func element(
    _ name: String, _ attributes: [Attribute], _ body: (inout XMLWriter) -> Void
  ) {
    open(name, attributes, ">")
    append("\n")
    depth += 1
    body(&self)
    depth -= 1
    indent()
    close(name)
  }

  /// An element with text inside; line feeds in it stay.
  mutating func element(_ name: String, _ attributes: [Attribute], text: String) {
    open(name, attributes, ">")
    append(escaping: text, keepsLines: true)
    close(name)
  }

  /// An element with nothing inside.
  mutating func element(_ name: String, _ attributes: [Attribute]) {
    open(name, attributes, "/>")
    append("\n")
  }

  private mutating func open(
    _ name: String, _ attributes: [Attribute], _ end: String
  ) {
    indent()
    append("<")
    append(name)
    for attribute in attributes {
      guard let value = attribute.value else { continue }
      append(" ")
      append(attribute.name)
      append("=\"")
      append(escaping: value, keepsLines: false)
      append("\"")
    }
    append(end)
  }

  private mutating func close(_ name: String) {
    append("</")
    append(name)
    append(">\n")
  }

  private mutating func indent() {
    for _ in 0..<depth { append("  ") }
  }

  // MARK: Characters

  private mutating func append(_ text: String) {
    bytes += text.utf8
  }

  private mutating func append(escaping text: String, keepsLines: Bool) {
    for byte in Self.allowed(text, keepsLines: keepsLines).utf8 {
      switch byte {
      case UInt8(ascii: "&"): append("&amp;")
      case UInt8(ascii: "<"): append("&lt;")
      // Needed in `]]>` only, but then everywhere is simpler.
      case UInt8(ascii: ">"): append("&gt;")
      case UInt8(ascii: "\""): append("&quot;")
      case UInt8(ascii: "'"): append("&apos;")
      default: bytes.append(byte)
      }
    }
  }

  /// `text` with escapes for every character that may not stand in it.
  private static func allowed(_ text: String, keepsLines: Bool) -> String {
    func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
      keepsLines && scalar == "\n" || !isForbidden(scalar)
    }
    if text.unicodeScalars.allSatisfy(isAllowed) { return text }
    return text.unicodeScalars.reduce(into: "") { allowed, scalar in
      if isAllowed(scalar) {
        allowed.unicodeScalars.append(scalar)
      } else {
        allowed += escape(scalar)
      }
    }
  }

  /// Not in production 2, `Char`, of XML 1.0, or deceptive.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xFFFE || scalar.value == 0xFFFF || ForeignText.isDeceptive(scalar)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    // The two that XML alone forbids show as themselves in a foreign text.
    ForeignText.isDeceptive(scalar)
      ? ForeignText(String(scalar)).visible : "\\u{\(String(scalar.value, radix: 16))}"
  }
}
