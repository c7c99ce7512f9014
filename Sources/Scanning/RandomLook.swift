internal import Bytes
internal import Model

/// How random a value looks that is given to a name such as `secret` and has no shape of its own.
///
/// Words, identifiers, paths, references and numbers are no secrets; what looks as if a machine
/// had made it is one, fairly surely; what lies between may be a password that somebody chose.
enum RandomLook {
  /// How sure it is that `value` is a secret; `nil` if it is none.
  static func confidence(of value: [UInt8]) -> Confidence? {
    let counts = Counts(value)
    if counts.letters == 0 || isReference(value) || isPath(value) { return nil }
    if isUUID(value) { return .low }
    if value.allSatisfy(ByteSet.hexadecimal.contains) { return hexConfidence(value, counts) }
    if counts.digits == 0, counts.symbols == 0 || isIdentifier(value) { return nil }
    if holdsWord(value) || isWordLike(value) { return chosen(value, counts) }
    let bits = entropy(of: value)
    // Random digits of base 62 come to 4.1 bits a byte at length 20 and to 4.6 at 32.
    let isRandom =
      value.count >= 20 && bits >= 3.7 && counts.digits >= 2
      && (counts.upper > 1 && counts.lower > 1 || counts.digits * 5 >= value.count)
    return isRandom ? .medium : chosen(value, counts)
  }

  /// A password that somebody made up: of several kinds of characters, and not too short.
  private static func chosen(_ value: [UInt8], _ counts: Counts) -> Confidence? {
    let kinds = [counts.digits, counts.upper, counts.lower, counts.symbols].count { $0 > 0 }
    return kinds >= 3 && value.count >= 8 && !isIdentifier(value) && entropy(of: value) >= 2.8
      ? .low : nil
  }

  /// Digests are written in hexadecimal more often than secrets are.
  private static func hexConfidence(_ value: [UInt8], _ counts: Counts) -> Confidence? {
    guard value.count >= 16, counts.digits > 0, entropy(of: value) >= 2.8 else { return nil }
    return [32, 40, 56, 64, 96, 128].contains(value.count) ? .low : .medium
  }

  private struct Counts {
    var (digits, upper, lower, symbols) = (0, 0, 0, 0)
    var letters: Int { upper + lower }

    init(_ value: [UInt8]) {
      for byte in value {
        switch byte {
        case 0x30...0x39: digits += 1
        case 0x41...0x5A: upper += 1
        case 0x61...0x7A: lower += 1
        default: symbols += 1
        }
      }
    }
  }

  // MARK: What is none

  /// Beginnings of what stands for a secret that is kept elsewhere, or encrypted.
  private static let references = Words([
    "$", "%", "{{", "<", "[", "op://", "vault:", "sm://", "arn:", "ref+", "encrypted:", "ENC[",
    "process.env", "os.environ", "os.getenv", "secrets.", "env.", "ENV[", "ENV.", "!ENV",
    "projects/",
    "var.", "local.", "data.", "config.", "self.", "this.", "params", "request.", "settings.",
    "U2FsdGVkX1", "&", "*", "@", "#", "=", ".",
  ])

  /// What stands in a name of code, in an address or in what was cut short, and in no secret.
  private static let marks = Words(["${", "#{", "://", "::", "..."])

  private static func isReference(_ value: [UInt8]) -> Bool {
    references.begin(value, at: 0) || marks.stand(in: value)
  }

  /// Words between slashes.
  private static func isPath(_ value: [UInt8]) -> Bool {
    let parts = value.split(separator: UInt8(ascii: "/"))
    guard parts.count > 1 || value.first == UInt8(ascii: "/") else { return false }
    let plain = parts.count { part in
      part.allSatisfy { ByteSet.word.contains($0) || $0 == 0x2E || $0 == 0x2D }
        && (part.count < 5 || isWordLike(Array(part)))
    }
    return plain * 2 > parts.count
  }

  private static func isUUID(_ value: [UInt8]) -> Bool {
    value.count == 36
      && value.enumerated().allSatisfy { i, byte in
        [8, 13, 18, 23].contains(i) ? byte == 0x2D : ByteSet.hexadecimal.contains(byte)
      }
  }

  /// Words that are joined by points, hyphens, underscores or capitals: a name in code.
  private static func isIdentifier(_ value: [UInt8]) -> Bool {
    let parts = value.split { ".-_:/,+ ".utf8.contains($0) }
    return parts.count >= 1
      && parts.allSatisfy { part in
        part.allSatisfy { !(0x30...0x39).contains($0) && ByteSet.word.contains($0) }
          || part.allSatisfy { (0x30...0x39).contains($0) } && part.count <= 4
          || isWordLike(Array(part)) && part.count { (0x30...0x39).contains($0) } <= 2
      }
  }

  /// Pairs of letters that make up two thirds of English and of names in code, and a seventh of
  /// what is random.
  private static let pairs: [Bool] = {
    let text = """
      th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le \
      ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ss ow ke ey pa sw wo rd ec cr et \
      ok to us na la el ta pe so em tr pr ac ct ag ge id fi ld ad dd un no wi il ut ul ie im mi po \
      di ca ol ho ig gh ht ns ot ee ab bl ck rs am mo fo op pl sh su ui up ev da av bo lo ty up av \
      ex xa mp te ls ap ai il nc cl cu st om ge rt if fy qu ue st ry xt
      """
    var pairs = [Bool](repeating: false, count: 1 << 16)
    for pair in text.split(whereSeparator: \.isWhitespace) {
      let bytes = Array(pair.utf8)
      pairs[Int(bytes[0]) << 8 | Int(bytes[1])] = true
    }
    return pairs
  }()

  private static func isWordLike(_ value: [UInt8]) -> Bool {
    var (known, all) = (0, 0)
    var last: UInt8?
    for byte in value {
      let letter = byte.lowercased
      guard (0x61...0x7A).contains(letter) else {
        last = nil
        continue
      }
      if let last {
        all += 1
        if pairs[Int(last) << 8 | Int(letter)] { known += 1 }
      }
      last = letter
    }
    return all >= 3 ? known * 100 >= all * 45 : value.count < 12
  }

  /// Words of four letters and more that stand in made-up values; a random one of forty digits
  /// holds some word of five letters once in several ten thousand times.
  private static let words = Words([
    "password", "passwd", "secret", "token", "example", "sample", "default", "public", "private",
    "client", "server", "config", "value", "string", "field", "admin", "access", "auth", "login",
    "user", "name", "test", "fake", "mock", "dummy", "invalid", "valid", "wrong", "correct",
    "change", "hello", "world", "foobar", "encrypted", "decrypt", "signature", "digest", "header",
    "bearer", "basic", "session", "cookie", "email", "hash", "salt", "some", "your", "this",
    "type", "none", "null", "true", "false", "undefined", "error", "request", "response",
    "service", "account", "number", "random", "generate", "unique", "identifier", "version",
  ])

  private static func holdsWord(_ value: [UInt8]) -> Bool {
    words.stand(in: value.map(\.lowercased), least: value.count < 24 ? 4 : 5)
  }
}

/// Words by their first bytes.
private struct Words {
  private var words = [[[UInt8]]](repeating: [], count: 256)

  init(_ texts: [String]) {
    for text in texts {
      let word = Array(text.utf8)
      if let first = word.first { words[Int(first)].append(word) }
    }
  }

  /// Whether one of the words, of at least so many bytes, stands at a place.
  func begin(_ value: [UInt8], at start: Int, least: Int = 0) -> Bool {
    guard start < value.count else { return false }
    for word in words[Int(value[start])]
    where word.count >= least && word.count <= value.count - start {
      var i = 1
      while i < word.count, value[start + i] == word[i] { i += 1 }
      if i == word.count { return true }
    }
    return false
  }

  func stand(in value: [UInt8], least: Int = 0) -> Bool {
    for start in value.indices where begin(value, at: start, least: least) { return true }
    return false
  }
}
