/// One assignment of a variable, as it stands in a file.
package struct Definition: Equatable, Sendable {
  package let name: String
  /// As readers take it, without the quotation marks that they strip.
  package let value: [UInt8]
  /// Counted from 1.
  package let line: Int
  package var traits: Set<Trait>

  package init(name: String, value: [UInt8], line: Int, traits: Set<Trait> = []) {
    self.name = name
    self.value = value
    self.line = line
    self.traits = traits
  }

  /// Something about how it is written.
  package enum Trait: Hashable, Sendable {
    /// Handed to programs that are started afterwards.
    case exported
    case commentedOut
    /// Blanks around the sign, with which a shell takes the name for a command.
    case spacedSign
    /// A colon for a sign, which JavaScript, Go and Ruby read and Python does not.
    case colon
    case quoted
    case unclosedQuote
    /// Another variable or a command gives the value.
    case computed
    /// Readers for JavaScript and Ruby end the value at a `#` that those for Python and Go keep.
    case numberSign(shortValue: [UInt8])
    /// Written to the registry: only windows that are opened afterwards have it.
    case newWindowsOnly
    /// For the one command that stands behind it on the line.
    case oneCommandOnly
    /// The variable is taken away.
    case removed
  }

  package func has(_ trait: Trait) -> Bool { traits.contains(trait) }

  /// What readers for JavaScript take.
  package var shortValue: [UInt8] {
    for case .numberSign(let short) in traits { return short }
    return value
  }

  /// Whether it defines anything when its file is read.
  package var counts: Bool { !has(.commentedOut) && !has(.oneCommandOnly) }
}

/// Bytes of one line that are read from left to right.
struct LineReader {
  let bytes: [UInt8]
  var i = 0

  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  var next: UInt8? { i < bytes.count ? bytes[i] : nil }
  var isAtEnd: Bool { i >= bytes.count }

  @discardableResult
  mutating func skipBlanks() -> Bool {
    let start = i
    while let byte = next, byte == 0x20 || byte == 0x09 { i += 1 }
    return i > start
  }

  /// Takes `text` if it comes next, in any case of letters if `anyCase`.
  mutating func take(_ text: String, anyCase: Bool = false) -> Bool {
    let wanted = Array(text.utf8)
    guard i + wanted.count <= bytes.count else { return false }
    for k in wanted.indices {
      let (a, b) = (bytes[i + k], wanted[k])
      guard a == b || anyCase && (a | 0x20) == (b | 0x20) && (b | 0x20) >= 0x61 else {
        return false
      }
    }
    i += wanted.count
    return true
  }

  /// Takes a word and the blanks behind it.
  mutating func takeWord(_ word: String, anyCase: Bool = false) -> Bool {
    let start = i
    if take(word, anyCase: anyCase), skipBlanks() { return true }
    i = start
    return false
  }

  /// Takes a variable's name; empty if none comes next.
  mutating func takeName(also extra: String = "") -> String {
    let start = i
    while let byte = next,
      byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
        || (0x61...0x7A).contains(byte | 0x20) || extra.utf8.contains(byte)
    {
      i += 1
    }
    return String(decoding: bytes[start..<i], as: UTF8.self)
  }

  mutating func takeRest() -> [UInt8] {
    defer { i = bytes.count }
    return Array(bytes[min(i, bytes.count)...])
  }
}

/// Text cut into lines, without their ends.
enum Lines {
  static func of(_ content: [UInt8]) -> [ArraySlice<UInt8>] {
    let body = content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content[...]
    return body.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }
  }
}
