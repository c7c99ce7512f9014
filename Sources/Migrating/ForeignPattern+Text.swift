internal import Bytes

/// How an expression is written for keyscan's rules: in PCRE2's syntax, over bytes, with one group
/// named `secret`.
extension ForeignPattern {
  /// The pattern's text; the group numbered `secret` gets that name, all others none.
  package func text(secret: Int?) -> String {
    switch self {
    case .empty: return ""
    case .literal(let bytes, let ignoresCase):
      let text = Self.text(of: bytes)
      return ignoresCase ? "(?i:\(text))" : text
    case .set(let set): return Self.text(of: set)
    case .assertion(let assertion): return assertion.rawValue
    case .group(let inner, let number):
      let open = number != nil && number == secret ? "(?<secret>" : "(?:"
      return open + inner.text(secret: secret) + ")"
    case .sequence(let parts): return Self.text(ofParts: parts, secret)
    case .alternatives(let parts):
      return parts.map { $0.text(secret: secret) }.joined(separator: "|")
    case .repetition(let inner, let least, let most, let isLazy):
      return inner.atom(secret) + Self.counts(least, most) + (isLazy ? "?" : "")
    }
  }

  /// The text, in parentheses if a repetition would take only its last character.
  private func atom(_ secret: Int?) -> String {
    switch self {
    case .set, .group, .assertion: text(secret: secret)
    case .literal(let bytes, let ignoresCase) where bytes.count == 1 || ignoresCase:
      text(secret: secret)
    default: "(?:\(text(secret: secret)))"
    }
  }

  /// Letters that ignore case stand in one group as far as they follow each other.
  private static func text(ofParts parts: [ForeignPattern], _ secret: Int?) -> String {
    var text = ""
    var run = ""
    func end() {
      if !run.isEmpty { text += "(?i:\(run))" }
      run = ""
    }
    for (i, part) in parts.enumerated() {
      switch part {
      case .literal(let bytes, true): run += Self.text(of: bytes)
      case .literal(let bytes, false)
      where !run.isEmpty && i + 1 < parts.count && !bytes.contains(where: ByteSet.letters.contains):
        run += Self.text(of: bytes)
      case .alternatives:
        end()
        text += "(?:\(part.text(secret: secret)))"
      default:
        end()
        text += part.text(secret: secret)
      }
    }
    end()
    return text
  }

  private static func counts(_ least: Int, _ most: Int?) -> String {
    switch (least, most) {
    case (0, nil): "*"
    case (1, nil): "+"
    case (0, 1): "?"
    case (let least, nil): "{\(least),}"
    case (let least, let most?): least == most ? "{\(least)}" : "{\(least),\(most)}"
    }
  }

  private static func text(of bytes: [UInt8]) -> String {
    bytes.map { text(of: $0, escaping: #"\^$.[]|()?*+{}#"#) }.joined()
  }

  private static func text(of byte: UInt8, escaping special: String) -> String {
    switch byte {
    case 0x09: return #"\t"#
    case 0x0A: return #"\n"#
    case 0x0D: return #"\r"#
    case 0x20..<0x7F:
      let character = String(Unicode.Scalar(byte))
      return special.utf8.contains(byte) ? "\\" + character : character
    default: return "\\x" + [byte].hexadecimal
    }
  }

  private static func text(of set: ByteSet) -> String {
    let members = set.members
    if members.count == 256 { return #"[\x00-\xff]"# }
    if members.count == 1 { return text(of: members) }
    if members.count > 128 { return "[^\(ranges(of: set.inverted.members))]" }
    return "[\(ranges(of: members))]"
  }

  private static func ranges(of members: [UInt8]) -> String {
    var text = ""
    var i = 0
    while i < members.count {
      var last = i
      while last + 1 < members.count, members[last + 1] == members[last] + 1 { last += 1 }
      let (low, high) = (member(members[i]), member(members[last]))
      switch last - i {
      case 0: text += low
      case 1: text += low + high
      default: text += "\(low)-\(high)"
      }
      i = last + 1
    }
    return text
  }

  private static func member(_ byte: UInt8) -> String { text(of: byte, escaping: #"\]^-["#) }
}
