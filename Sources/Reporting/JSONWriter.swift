internal import Bytes
internal import Model

/// Writes JSON straight into bytes, in the order in which it is told.
///
/// Own code because text from scanned files goes through it: every character that would act on
/// a terminal, or hide, is escaped although JSON would let it stand.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private let isIndented: Bool
  private var depth = 0
  /// Something stands before the next value on its level.
  private var needsComma = false

  init(isIndented: Bool) {
    self.isIndented = isIndented
  }

  // MARK: Structure

  mutating func object(_ key: String? = nil, _ body: (inout JSONWriter) -> Void) {
    open(key, "{")
    body(&self)
    close("}")
  }

  mutating func array(_ key: String? = nil, _ body: (inout JSONWriter) -> Void) {
    open(key, "[")
    body(&self)
    close("]")
  }

  private mutating func open(_ key: String?, _ bracket: String) {
    begin(key)
    append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    depth -= 1
    if needsComma { breakLine() }
    append(bracket)
    needsComma = true
  }

  private mutating func begin(_ key: String?) {
    if needsComma { append(",") }
    if depth > 0 { breakLine() }
    needsComma = true
    guard let key else { return }
    quote(key)
    append(isIndented ? ": " : ":")
  }

  private mutating func breakLine() {
    guard isIndented else { return }
    append("\n")
    for _ in 0..<depth { append("  ") }
  }

  /// Ends a line of JSON lines, or the whole document.
  mutating func endLine() {
    append("\n")
    needsComma = false
  }

  // MARK: Values

  mutating func value(_ key: String? = nil, _ text: String?) {
    guard let text else { return null(key) }
    begin(key)
    quote(text)
  }

  mutating func value(_ key: String? = nil, _ text: ForeignText?) {
    guard let text else { return null(key) }
    begin(key)
    append("\"")
    for part in text.scalars {
      switch part {
      case .scalar(let scalar): append(escaping: scalar)
      // Not UTF-8, so not JSON either: shown as `\xNN`.
      case .stray(let byte):
        append("\\\\x")
        appendHex(UInt32(byte), digits: 2)
      }
    }
    append("\"")
  }

  mutating func value(_ key: String? = nil, _ number: Int?) {
    guard let number else { return null(key) }
    begin(key)
    bytes += Array(String(number).utf8)
  }

  mutating func value(_ key: String? = nil, _ flag: Bool) {
    begin(key)
    append(flag ? "true" : "false")
  }

  mutating func null(_ key: String? = nil) {
    begin(key)
    append("null")
  }

  mutating func strings(_ key: String? = nil, _ texts: some Sequence<String>) {
    array(key) { json in for text in texts { json.value(nil, text) } }
  }

  // MARK: Characters

  /// The bytes that stand for themselves.
  private static let plain = ByteSet(0x20...0x21, 0x24...0x5B, 0x5D...0x7E)

  private mutating func append(_ text: String) {
    bytes += text.utf8
  }

  private mutating func quote(_ text: String) {
    append("\"")
    if text.utf8.allSatisfy(Self.plain.contains) {
      append(text)
    } else {
      for scalar in text.unicodeScalars { append(escaping: scalar) }
    }
    append("\"")
  }

  private mutating func append(escaping scalar: Unicode.Scalar) {
    switch scalar {
    // Who runs a build reads its log for `##[command]`; to JSON both spellings are one.
    case "#" where bytes.last == UInt8(ascii: "#"): append("\\u0023")
    case "#"..."[", "]"..."~", " ", "!": bytes.append(UInt8(scalar.value))
    case "\"": append("\\\"")
    case "\\": append("\\\\")
    case "\n": append("\\n")
    case "\r": append("\\r")
    case "\t": append("\\t")
    case let scalar where ForeignText.isDeceptive(scalar):
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        append("\\u")
        appendHex(UInt32(unit), digits: 4)
      }
    case let scalar:
      bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    }
  }

  private mutating func appendHex(_ value: UInt32, digits: Int) {
    let text = String(value, radix: 16)
    for _ in text.utf8.count..<max(digits, text.utf8.count) { append("0") }
    bytes += Array(text.utf8)
  }
}
