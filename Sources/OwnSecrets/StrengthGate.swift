internal import Bytes
internal import Dotenv
internal import Model
internal import Rules
internal import Scanning

/// Decides which values are worth looking for: what stands everywhere, or in every second
/// repository, would be found everywhere.
enum StrengthGate {
  /// The most bytes of a value; longer ones are files.
  private static let longest = 1 << 15
  /// The fewest bytes of a passphrase that is letters alone.
  private static let leastLetters = 12

  /// The secrets in what is assigned to a variable; none if nothing in it is strong enough.
  ///
  /// Each is a whole secret and what of it is to be searched for.
  static func secrets(in assignment: DotenvFile.Assignment) -> [(
    secret: [UInt8], pieces: [[UInt8]]?
  )] {
    let value = assignment.value
    guard value.utf8.count <= longest, !value.contains("\u{FFFD}"), !value.contains("\0") else {
      return []
    }
    if let key = privateKey(in: value) { return [(Array(key.joined()), key)] }
    if value.contains(where: \.isNewline) || value.hasPrefix("{") || value.hasPrefix("[") {
      return []
    }
    if let parts = connectionParts(of: value) {
      return parts.flatMap { secrets(in: $0) }
    }
    let kind = VariableName.kind(of: assignment.key, namesSecret: assignment.namesSecret)
    if let password = assignment.passwordInAddress {
      // What an address escapes stands plain elsewhere, and escapes are undone when it is found.
      let plain = percentDecoded(password) ?? password
      return isStrong(plain, .password) ? [(Array(plain.utf8), nil)] : []
    }
    var texts = [value]
    // Readers differ in which of them undo escapes.
    if let plain = withoutEscapes(value) { texts.append(plain) }
    return texts.filter { isStrong($0, kind) }.map { (Array($0.utf8), nil) }
  }

  // MARK: Strength

  /// Whether `value` is worth looking for under a name of this kind.
  static func isStrong(_ value: String, _ kind: VariableName.Kind) -> Bool {
    let bytes = Array(value.utf8)
    guard bytes.count >= Rule.Known.shortest, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
      DotenvFile.Assignment(key: "", value: value).couldBeSecret, !value.contains("://"),
      !isCommon(value), !isVersion(bytes)
    else { return false }
    let look = randomLook(of: bytes)
    switch kind {
    case .other: return false
    case .plain: return look == .medium && !isHost(value) && !isMail(value)
    case .password:
      let isOneKind =
        bytes.allSatisfy { (0x61...0x7A).contains($0) }
        || bytes.allSatisfy { (0x41...0x5A).contains($0) }
      return isOneKind ? bytes.count >= leastLetters : hasVariety(bytes)
    case .token:
      if look == .medium { return true }
      return hasVariety(bytes) && !isHost(value) && !isMail(value) && !isIdentifier(value)
    }
  }

  /// It is no number in another dress, such as a date or an address of the internet, and has
  /// some characters that differ.
  private static func hasVariety(_ bytes: [UInt8]) -> Bool {
    let hasLetters = bytes.contains { ByteSet.letters.contains($0) || $0 >= 0x80 }
    return Set(bytes).count >= 4
      && (hasLetters || bytes.contains { !ByteSet("0123456789.:-/, ").contains($0) })
  }

  /// What programs come with, and what people write until they know better; figures and marks at
  /// the end do not count.
  private static let commonWords: Set<Substring> = [
    "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "redis", "rabbitmq",
    "elastic", "elasticsearch", "minio", "minioadmin", "oracle", "sqlite", "database", "localdb",
    "localhost", "localdomain", "docker", "compose", "kubernetes", "container", "vagrant",
    "ansible", "jenkins", "grafana", "prometheus", "keycloak", "localstack", "mailhog", "mailpit",
    "root", "toor", "admin", "administrator", "adminadmin", "superuser", "user", "username",
    "guest", "nobody", "owner", "default", "public", "private", "anonymous", "demo", "sample",
    "password", "passwd", "passphrase", "passw0rd", "p@ssw0rd", "p@ssword", "pass", "mypassword",
    "mypass", "adminpassword", "rootpassword", "userpassword", "dbpassword", "testpassword",
    "devpassword", "secret", "secrets", "mysecret", "supersecret", "topsecret", "secretkey",
    "mysecretkey", "jwtsecret", "appsecret", "sessionsecret", "keyboard cat", "keyboardcat",
    "token", "mytoken", "apikey", "api_key", "key", "letmein", "welcome", "qwerty", "qwertyuiop",
    "asdfgh", "asdfghjkl", "abcdef", "abcdefg", "abcdefgh", "abc", "foobar", "foobarbaz",
    "changeit",
    "changeme", "change", "replace", "secret_key", "secret_key_base", "insecure", "notsecret",
    "notasecret", "test", "testing", "tester", "testtest", "dev", "develop", "development",
    "production", "staging", "local", "preview", "debug", "verbose", "warning", "information",
    "enabled", "disabled", "required", "optional", "sandbox", "internal", "external", "laravel",
    "symfony", "django", "rails", "wordpress", "example", "base64", "sha", "hs", "rs", "es", "aes",
    "utf8mb", "bcrypt", "argon", "md",
  ]

  private static func isCommon(_ value: String) -> Bool {
    let small = value.lowercased()
    let body = small.drop { !$0.isLetter }
    let end = body.lastIndex { $0.isLetter }.map { body.index(after: $0) } ?? body.startIndex
    let word = body[..<end]
    if commonWords.contains(small[...]) || commonWords.contains(word) { return true }
    // postgres_password, dev-secret-key: nothing but such words.
    let parts = small.split { !$0.isLetter && $0 != "@" }
    return !parts.isEmpty && parts.allSatisfy { commonWords.contains($0) || $0.count <= 2 }
      && !small.contains { $0.isNumber }
  }

  private static func isVersion(_ bytes: [UInt8]) -> Bool {
    let body = bytes.first == UInt8(ascii: "v") ? bytes.dropFirst() : bytes[...]
    let numbers = body.prefix { ByteSet("0123456789.").contains($0) }
    guard numbers.contains(UInt8(ascii: ".")), ByteSet.digits.contains(body.first ?? 0) else {
      return false
    }
    let rest = body.dropFirst(numbers.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+")
  }

  /// Small labels with points between them, the last of letters alone; a port may follow.
  private static func isHost(_ value: String) -> Bool {
    let labels = value.prefix { $0 != ":" && $0 != "/" }.split(
      separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, let last = labels.last, last.count >= 2 else { return false }
    return last.allSatisfy { $0.isLowercase && $0.isASCII }
      && labels.allSatisfy { label in
        !label.isEmpty
          && label.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
      }
  }

  private static func isMail(_ value: String) -> Bool {
    let parts = value.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && isHost(parts[1].lowercased())
  }

  /// Words that are joined, as names in code and in configuration are: `created_at`,
  /// `us-east-1`, `laravel_session_key`.
  private static func isIdentifier(_ value: String) -> Bool {
    let parts = value.split { "._-/:, ".contains($0) }
    if parts.count == 1 {
      return !value.contains { !$0.isLetter && !"._-/:, ".contains($0) }
        && value.count < leastLetters
    }
    return parts.allSatisfy { part in
      part.count <= 4 && part.allSatisfy(\.isNumber)
        || part.allSatisfy(\.isUppercase) || part.dropFirst().allSatisfy(\.isLowercase)
    }
  }

  // MARK: What a value is made of

  /// The lines of a private key in PEM, whether its line breaks are written out or not.
  private static func privateKey(in value: String) -> [[UInt8]]? {
    guard value.contains("PRIVATE KEY-----") else { return nil }
    let text = value.split(separator: "\\n", omittingEmptySubsequences: false)
      .joined(separator: "\n").split(separator: "\\r", omittingEmptySubsequences: false).joined()
    var lines: [[UInt8]] = []
    var isInside = false
    for line in text.split(whereSeparator: \.isNewline) {
      if line.contains("-----BEGIN"), line.contains("PRIVATE KEY-----") {
        isInside = true
      } else if line.contains("-----END") {
        isInside = false
      } else if isInside {
        let bytes = Array(line.utf8).filter { $0 != 0x20 && $0 != 0x09 }
        guard bytes.allSatisfy({ ByteSet.base64.contains($0) || $0 == UInt8(ascii: "=") }) else {
          continue
        }
        // One that is written in one line has them all in it.
        for start in stride(from: 0, to: bytes.count, by: Rule.Known.longest) {
          let piece = bytes[start..<min(start + Rule.Known.longest, bytes.count)]
          if piece.count >= leastKeyLine { lines.append(Array(piece)) }
        }
      }
    }
    // OpenSSH's format begins with what all keys have, and ends with whose they are.
    if lines.count > 2, lines[0].starts(with: openSSHHead) {
      lines = Array(lines.dropFirst().dropLast())
    }
    return lines.isEmpty ? nil : Array(lines.prefix(mostKeyLines))
  }

  /// `openssh-key-v1` and the NUL behind it, as every such key begins.
  private static let openSSHHead = Base64.encode(Array("openssh-key-v1".utf8)).prefix(18)

  /// The fewest bytes of a line of a private key that nothing else holds by chance.
  private static let leastKeyLine = 20
  /// The most lines of a private key that are looked for; 8192 bits have 100.
  private static let mostKeyLines = 128

  /// The parts of `Server=db;Password=…;`; `nil` for anything else.
  private static func connectionParts(of value: String) -> [DotenvFile.Assignment]? {
    let parts = value.split(separator: ";").compactMap { part -> DotenvFile.Assignment? in
      guard let sign = part.firstIndex(of: "="), sign > part.startIndex else { return nil }
      let key = part[..<sign].filter { $0 != " " }
      guard key.allSatisfy({ $0.isLetter || $0 == "_" }) else { return nil }
      return DotenvFile.Assignment(
        key: String(key), value: String(part[part.index(after: sign)...]))
    }
    let count = value.split(separator: ";").count
    return count >= 2 && parts.count == count ? parts : nil
  }

  private static func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap(\.hexadecimalValue)
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        bytes.append(digits[0] << 4 | digits[1])
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// A value between quotes with its escapes undone; `nil` if it has none.
  private static func withoutEscapes(_ value: String) -> String? {
    guard value.contains("\\") else { return nil }
    var text = ""
    var isEscaped = false
    for character in value {
      if isEscaped {
        switch character {
        case "\"", "\\", "$", "`", "'": text.append(character)
        // A line break or a tab ends what can be looked for in one piece.
        case "n", "r", "t": return nil
        default: text += "\\\(character)"
        }
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return isEscaped || text == value ? nil : text
  }
}
