internal import Bytes

/// The assignments of a file of environment variables.
///
/// What the common readers accept is accepted together (dotenv for JavaScript, Python, Go and
/// Ruby, direnv, wrangler, TOML and JSON of one level): `export K=v`, `K: v`, quotes that go
/// over lines, comments. A line that none of them would read is passed over.
package struct DotenvFile: Equatable, Sendable {
  package struct Assignment: Equatable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  package let assignments: [Assignment]
  /// The file as a whole is encrypted: git-crypt, transcrypt, Ansible Vault.
  package let isEncrypted: Bool

  package init(_ content: [UInt8]) {
    let starts = ["\0GITCRYPT\0", "U2FsdGVkX1", "$ANSIBLE_VAULT;"].map { Array($0.utf8) }
    isEncrypted = starts.contains { content.starts(with: $0) }
    var body = content[...]
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
    var reader = Reader(text: Array(body))
    assignments = isEncrypted ? [] : reader.assignments()
  }
}

/// Reads assignments one after another.
private struct Reader {
  let text: [UInt8]
  private var i = 0

  init(text: [UInt8]) {
    self.text = text
  }

  private static let keyBytes = ByteSet.word.union(ByteSet(".-"))

  mutating func assignments() -> [DotenvFile.Assignment] {
    var found: [DotenvFile.Assignment] = []
    while i < text.count {
      if let assignment = assignment() { found.append(assignment) }
      while i < text.count, text[i] != 0x0A { i += 1 }
      i += 1
    }
    return found
  }

  private mutating func skipBlanks() {
    while i < text.count, text[i] == 0x20 || text[i] == 0x09 { i += 1 }
  }

  private var next: UInt8? { i < text.count ? text[i] : nil }

  /// The assignment that begins on this line.
  private mutating func assignment() -> DotenvFile.Assignment? {
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
    while let byte = next, Self.keyBytes.contains(byte) { i += 1 }
    let key = text[start..<i]
    if let quote {
      guard next == quote else { return nil }
      i += 1
    }
    guard !key.isEmpty else { return nil }
    let end = i
    skipBlanks()
    let isAssigned = next == UInt8(ascii: "=") || next == UInt8(ascii: ":")
    guard isAssigned || isFish && i > end else { return nil }
    if isAssigned { i += 1 }
    skipBlanks()
    return DotenvFile.Assignment(
      key: String(decoding: key, as: UTF8.self), value: String(decoding: value(), as: UTF8.self))
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
    while let byte = next, byte != 0x0A {
      if byte == UInt8(ascii: "#"), i == start || text[i - 1] == 0x20 || text[i - 1] == 0x09 {
        break
      }
      i += 1
    }
    var value = text[start..<i]
    while let last = value.last, [0x20, 0x09, 0x0D, UInt8(ascii: ",")].contains(last) {
      value = value.dropLast()
    }
    return Array(value)
  }
}
