internal import Bytes

/// The assignments of a file of environment variables.
///
/// What the common readers accept is accepted together (dotenv for JavaScript, Python, Go and
/// Ruby, direnv, wrangler, TOML and JSON of one level): `export K=v`, `K: v`, quotes that go
/// over lines, comments. A line that none of them would read is passed over. Where they differ,
/// the longer value is taken: for some a `#` ends a value anywhere, for others after a blank.
package struct DotenvFile: Equatable, Sendable {
  /// One variable and what it is set to.
  package struct Assignment: Equatable, Sendable {
    package let key: String
    package let value: String
    /// Where the key stands, from 1.
    package let line: Int

    package init(key: String, value: String, line: Int = 1) {
      self.key = key
      self.value = value
      self.line = line
    }

    /// Whether both set the same variable to the same value, on whatever line.
    package static func == (a: Assignment, b: Assignment) -> Bool {
      a.key == b.key && a.value == b.value
    }
  }

  package let assignments: [Assignment]
  /// The file as a whole is encrypted: git-crypt, transcrypt, Ansible Vault, age, PGP.
  package let isEncrypted: Bool

  package init(_ content: [UInt8]) {
    isEncrypted = Self.isEncrypted(content)
    var body = content[...]
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
    var reader = Reader(text: Self.utf16(content) ?? Array(body))
    assignments = isEncrypted ? [] : reader.assignments()
  }

  /// How content begins that is encrypted as a whole.
  private static let encryptedStarts = [
    "\0GITCRYPT\0", "U2FsdGVkX1", "$ANSIBLE_VAULT;", "age-encryption.org/",
    "-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----",
  ].map { Array($0.utf8) }

  /// Whether content as a whole is encrypted.
  package static func isEncrypted(_ content: some Collection<UInt8>) -> Bool {
    encryptedStarts.contains { content.starts(with: $0) }
  }

  /// The text of a file that begins with the mark of UTF-16, as PowerShell writes it; `nil` for
  /// any other.
  private static func utf16(_ content: [UInt8]) -> [UInt8]? {
    let isLittle = content.starts(with: [0xFF, 0xFE])
    guard isLittle || content.starts(with: [0xFE, 0xFF]) else { return nil }
    let units = stride(from: 2, to: content.count - 1, by: 2).map { i in
      let (first, second) = (UInt16(content[i]), UInt16(content[i + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}

/// Reads assignments one after another.
private struct Reader {
  let text: [UInt8]
  private var i = 0
  /// Up to where lines were counted, and how many.
  private var counted = 0
  private var line = 1

  init(text: [UInt8]) {
    self.text = text
  }

  private static let keyBytes = ByteSet.word.union(ByteSet(".-"))
  /// What one reader takes in keys besides, but only before `=`.
  private static let rareKeyBytes = ByteSet("/@+*%!~").union(ByteSet(0x80...0xFF))
  /// Readers for JavaScript and Python take a lone CR for the end of a line.
  private static let lineEnds = ByteSet("\r\n")

  mutating func assignments() -> [DotenvFile.Assignment] {
    var found: [DotenvFile.Assignment] = []
    while i < text.count {
      let line = lineNumber()
      if let (key, value) = assignment() {
        found.append(DotenvFile.Assignment(key: key, value: value, line: line))
      }
      while i < text.count, !Self.lineEnds.contains(text[i]) { i += 1 }
      i += 1
    }
    return found
  }

  /// The line that `i` is on, from 1; asked for in the order of the text.
  private mutating func lineNumber() -> Int {
    while counted < i {
      let byte = text[counted]
      let isPair = byte == 0x0D && counted + 1 < text.count && text[counted + 1] == 0x0A
      if Self.lineEnds.contains(byte), !isPair { line += 1 }
      counted += 1
    }
    return line
  }

  private mutating func skipBlanks() {
    while i < text.count, text[i] == 0x20 || text[i] == 0x09 { i += 1 }
  }

  private var next: UInt8? { i < text.count ? text[i] : nil }

  /// The assignment that begins on this line.
  private mutating func assignment() -> (key: String, value: String)? {
    skipBlanks()
    // fish writes the value after a blank, all others after a sign.
    var isFish = false
    for word in ["export ", "set -x ", "set -gx ", "set "]
    where text[i...].starts(with: word.utf8) {
      i += word.utf8.count
      isFish = word.hasPrefix("set -")
      skipBlanks()
      break
    }
    let quote = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") ? next : nil
    if quote != nil { i += 1 }
    let start = i
    while let byte = next, Self.keyBytes.contains(byte) || Self.rareKeyBytes.contains(byte) {
      i += 1
    }
    let key = text[start..<i]
    let isRare = key.contains(where: Self.rareKeyBytes.contains)
    if let quote {
      guard next == quote else { return nil }
      i += 1
    }
    guard !key.isEmpty else { return nil }
    let end = i
    skipBlanks()
    let isAssigned = next == UInt8(ascii: "=") || next == UInt8(ascii: ":") && !isRare
    guard isAssigned || isFish && i > end else { return nil }
    if isAssigned { i += 1 }
    skipBlanks()
    return (String(decoding: key, as: UTF8.self), String(decoding: value(), as: UTF8.self))
  }

  private mutating func value() -> [UInt8] {
    guard let quote = next, "\"'`".utf8.contains(quote) else { return bareValue() }
    let start = i + 1
    var k = start
    while k < text.count, text[k] != quote {
      k += text[k] == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") ? 2 : 1
    }
    // A quote that does not end is a character like any other.
    guard k < text.count else { return bareValue() }
    i = k + 1
    return Array(text[start..<k])
  }

  private mutating func bareValue() -> [UInt8] {
    let start = i
    while let byte = next, !Self.lineEnds.contains(byte) {
      if byte == UInt8(ascii: "#"), startsComment(at: i, valueFrom: start) { break }
      i += 1
    }
    var value = text[start..<i]
    while let last = value.last, [0x20, 0x09, UInt8(ascii: ",")].contains(last) {
      value = value.dropLast()
    }
    return Array(value)
  }

  /// Whether the `#` at `position` ends a value for every reader.
  private func startsComment(at position: Int, valueFrom start: Int) -> Bool {
    let before = text[position - 1]
    if before == 0x20 || before == 0x09 { return true }
    guard position == start else { return false }
    // `K=#word` is a value for Python and Go; `K=# some words` is meant for a comment.
    let rest = text[(position + 1)...].prefix { !Self.lineEnds.contains($0) }
    return rest.isEmpty || rest.contains(0x20) || rest.contains(0x09)
  }
}
