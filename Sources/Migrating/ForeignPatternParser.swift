internal import Bytes

/// Reads regular expressions in the syntax that RE2 and Python share.
///
/// The syntax is that of <https://github.com/google/re2/wiki/Syntax>.
struct ForeignPatternParser {
  typealias Fault = ForeignPattern.Fault

  /// The most bytes of an expression, and how deep its groups may stand in one another.
  private static let limits = (length: 1 << 15, depth: 100)
  /// The most repetitions that RE2 takes.
  private static let mostRepetitions = 1000

  let text: [Unicode.Scalar]
  var position = 0
  private var groups = 0
  private var depth = 0
  var flags = Flags()
  /// Between `\Q` and `\E` everything stands for itself.
  private var isQuoted = false

  struct Flags {
    var ignoresCase = false
    var lines = false
    var dotIsAny = false
    var lazy = false
  }

  init(_ text: String) {
    self.text = Array(text.unicodeScalars)
  }

  mutating func whole() throws(Fault) -> ForeignPattern {
    guard text.count <= Self.limits.length else {
      throw Fault(reason: "it has more than \(Self.limits.length) characters")
    }
    let pattern = try alternatives()
    guard position == text.count else {
      throw Fault(reason: "a closing parenthesis at character \(position + 1) opens nowhere")
    }
    return pattern
  }

  var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  mutating func take(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    guard text[position...].starts(with: scalars) else { return false }
    position += scalars.count
    return true
  }

  private mutating func alternatives() throws(Fault) -> ForeignPattern {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.limits.depth else {
      throw Fault(reason: "its groups stand in one another more than \(Self.limits.depth) deep")
    }
    // Flags that are set in a group end with it.
    let outer = flags
    defer { flags = outer }
    var branches: [ForeignPattern] = []
    repeat {
      branches.append(try sequence())
    } while !isQuoted && take("|")
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(Fault) -> ForeignPattern {
    var parts: [ForeignPattern] = []
    while let scalar = next {
      if isQuoted {
        if take("\\E") { isQuoted = false } else { parts.append(try literal(scalar, moving: true)) }
        continue
      }
      if scalar == "|" || scalar == ")" { break }
      if take("\\Q") {
        isQuoted = true
        continue
      }
      let before = position
      guard let atom = try atom() else { continue }
      parts.append(try repeated(atom, from: before))
    }
    switch parts.count {
    case 0: return .empty
    case 1: return parts[0]
    default: return .sequence(parts)
    }
  }

  private mutating func repeated(
    _ atom: ForeignPattern, from start: Int
  ) throws(Fault) -> ForeignPattern {
    var least = 0
    var most: Int?
    switch next {
    case "*": position += 1
    case "+": (least, position) = (1, position + 1)
    case "?": (most, position) = (1, position + 1)
    case "{":
      guard let counts = counts() else { return atom }
      (least, most) = (counts.least, counts.most)
      if max(least, most ?? 0) > Self.mostRepetitions || most.map({ $0 < least }) == true {
        throw Fault(reason: "the repetition at character \(start + 1) has impossible bounds")
      }
    default: return atom
    }
    let isLazy = take("?") != flags.lazy
    if let next, "*+".unicodeScalars.contains(next) {
      throw Fault(reason: "a repetition is repeated at character \(position + 1)")
    }
    return .repetition(atom, least: least, most: most, isLazy: isLazy)
  }

  /// `{n}`, `{n,}` or `{n,m}`; anything else in braces stands for itself.
  private mutating func counts() -> (least: Int, most: Int?)? {
    guard let end = text[position...].firstIndex(of: "}"), end - position <= 12 else { return nil }
    let inside = String(String.UnicodeScalarView(text[(position + 1)..<end]))
    guard inside.utf8.allSatisfy({ ByteSet.digits.union(ByteSet(",")).contains($0) }) else {
      return nil
    }
    let numbers = inside.split(separator: ",", omittingEmptySubsequences: false)
    guard numbers.count <= 2, let least = numbers.first.flatMap({ Int($0) }), least >= 0 else {
      return nil
    }
    var most: Int? = least
    if numbers.count == 2 {
      most = Int(numbers[1])
      if most == nil, !numbers[1].isEmpty { return nil }
    }
    position = end + 1
    return (least, most)
  }

  /// One character, class, group or assertion; `nil` for what only sets flags.
  private mutating func atom() throws(Fault) -> ForeignPattern? {
    guard let scalar = next else { return nil }
    switch scalar {
    case "(": return try group()
    case "[": return try bracket()
    case ".":
      position += 1
      var set = ByteSet().inverted
      if !flags.dotIsAny { set.remove(0x0A) }
      return .set(set)
    case "^":
      position += 1
      return .assertion(flags.lines ? .lineStart : .start)
    case "$":
      position += 1
      return .assertion(flags.lines ? .lineEnd : .end)
    case "*", "+", "?":
      throw Fault(reason: "there is nothing to repeat at character \(position + 1)")
    case "\\": return try escape()
    default: return try literal(scalar, moving: true)
    }
  }

  private mutating func literal(
    _ scalar: Unicode.Scalar, moving: Bool
  ) throws(Fault) -> ForeignPattern {
    if moving { position += 1 }
    let isLetter = scalar.isASCII && ByteSet.letters.contains(UInt8(scalar.value))
    if flags.ignoresCase, !scalar.isASCII, scalar.properties.isCased {
      throw Fault(reason: "“\(scalar)” in either case cannot be said with bytes")
    }
    return .literal(Array(String(scalar).utf8), ignoresCase: flags.ignoresCase && isLetter)
  }

  // MARK: Groups

  private mutating func group() throws(Fault) -> ForeignPattern? {
    position += 1
    // The flags of a group that has some hold in it alone.
    let outer = flags
    var number: Int?
    if take("?") {
      for sign in ["=", "!", "<=", "<!"] where take(sign) {
        throw Fault(reason: "it looks around (?\(sign)…), which keyscan's rules cannot bound")
      }
      if take(">") || take("(") || take("|") || take("#") {
        throw Fault(reason: "it has a group that RE2 does not know, at character \(position)")
      }
      if take("P=") || take("P>") {
        throw Fault(reason: "it refers back to a group, which keyscan's rules cannot bound")
      }
      if take("P<") || take("<") {
        guard let end = text[position...].firstIndex(of: ">") else {
          throw Fault(reason: "the name of a group does not end")
        }
        position = end + 1
        groups += 1
        number = groups
      } else if try !takeFlags() {
        return nil
      }
    } else {
      groups += 1
      number = groups
    }
    let inner = try alternatives()
    guard take(")") else { throw Fault(reason: "a parenthesis is not closed") }
    flags = outer
    return .group(inner, number: number)
  }

  /// Reads `i-s:` or `i)`; whether a group follows.
  private mutating func takeFlags() throws(Fault) -> Bool {
    var changed = flags
    var value = true
    while let scalar = next {
      position += 1
      switch scalar {
      case "i": changed.ignoresCase = value
      case "m": changed.lines = value
      case "s": changed.dotIsAny = value
      case "U": changed.lazy = value
      case "-": value = false
      case ":":
        flags = changed
        return true
      case ")":
        flags = changed
        return false
      default:
        throw Fault(reason: "the flag “\(scalar)” at character \(position) is not known")
      }
    }
    throw Fault(reason: "a parenthesis is not closed")
  }

  // MARK: Escapes

  private mutating func escape() throws(Fault) -> ForeignPattern? {
    position += 1
    guard let scalar = next else { throw Fault(reason: "it ends with a backslash") }
    position += 1
    switch scalar {
    case "b": return .assertion(.boundary)
    case "B": return .assertion(.noBoundary)
    case "A": return .assertion(.start)
    // Python writes the end of the text with a capital.
    case "z", "Z": return .assertion(.end)
    case "p", "P":
      throw Fault(reason: "it names a class of Unicode, which cannot be said with bytes")
    case "C":
      var set = ByteSet().inverted
      set.insert(0)
      return .set(set)
    case "1"..."9":
      throw Fault(reason: "it refers back to a group, which keyscan's rules cannot bound")
    default: break
    }
    if let set = Self.classes[scalar] { return .set(set) }
    let one = try character(after: scalar)
    return try literal(one, moving: false)
  }

  static let classes: [Unicode.Scalar: ByteSet] = [
    "d": .digits, "D": ByteSet.digits.inverted, "w": .word, "W": ByteSet.word.inverted,
    "s": blanks, "S": blanks.inverted,
  ]
  static let blanks = ByteSet("\t\n\u{0C}\r ")

  /// The character that an escape stands for, whose letter was read.
  mutating func character(after scalar: Unicode.Scalar) throws(Fault) -> Unicode.Scalar {
    switch scalar {
    case "a": return "\u{07}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "x": return try hexadecimal()
    case "0":
      var value: UInt32 = 0
      var count = 0
      while count < 2, let digit = next, ("0"..."7").contains(digit) {
        value = value * 8 + digit.value - 0x30
        (position, count) = (position + 1, count + 1)
      }
      return Unicode.Scalar(value) ?? "\0"
    default:
      guard scalar.isASCII, !ByteSet.alphanumerics.contains(UInt8(scalar.value)) else {
        throw Fault(reason: "the escape \\\(scalar) at character \(position) is not known")
      }
      return scalar
    }
  }

  private mutating func hexadecimal() throws(Fault) -> Unicode.Scalar {
    var digits = ""
    if take("{") {
      while let scalar = next, scalar != "}", digits.count < 8 {
        digits.unicodeScalars.append(scalar)
        position += 1
      }
      guard take("}") else { throw Fault(reason: "an escape \\x{…} does not end") }
    } else {
      while digits.count < 2, let scalar = next {
        digits.unicodeScalars.append(scalar)
        position += 1
      }
    }
    guard digits.utf8.allSatisfy(ByteSet.hexadecimal.contains),
      let scalar = UInt32(digits, radix: 16).flatMap({ Unicode.Scalar($0) })
    else {
      throw Fault(reason: "the escape \\x\(digits) is no character")
    }
    return scalar
  }
}
