internal import Bytes

/// Judges whether an assignment holds a secret.
enum DotenvValue {
  /// Whether `assignment` gives something away.
  ///
  /// It does if its name speaks of a secret and its value is one that could be one, or if the
  /// value is an address with a password in it. In a `template` the usual words for a password
  /// are taken for blanks to fill in; elsewhere they are passwords, if weak ones.
  static func isReal(_ assignment: DotenvFile.Assignment, inTemplate template: Bool) -> Bool {
    let value = assignment.value
    if let password = password(inAddress: value) {
      return couldBeSecret(password, inTemplate: template)
        && !(template && isLocal(address: value))
    }
    return namesSecret(assignment.key) && couldBeSecret(value, inTemplate: template)
  }

  // MARK: Names

  /// Words in a name that say that its value is a secret.
  private static let secretWords: Set<String> = [
    "password", "passwd", "passphrase", "pass", "pwd", "secret", "secrets", "token", "tokens",
    "key", "keys", "apikey", "credential", "credentials", "creds", "dsn", "salt", "pat",
  ]

  /// Words at the end of a name that say that its value is about a secret, not the secret.
  private static let aboutWords: Set<String> = [
    "file", "path", "dir", "name", "id", "ids", "ttl", "expiry", "expires", "expiration",
    "length", "size", "type", "algorithm", "alg", "host", "port", "user", "username", "email",
    "prefix", "header", "version", "enabled", "region", "limit", "timeout", "rotation", "policy",
  ]

  /// Words before `key` that say that it is meant to be seen.
  private static let publicWords: Set<String> = ["public", "publishable", "site", "pub"]

  /// Whether a variable's name speaks of a secret: `DB_PASSWORD`, `apiKey`, `sentry.dsn`.
  static func namesSecret(_ name: String) -> Bool {
    let words = words(of: name)
    guard let last = words.last, !aboutWords.contains(last) else { return false }
    return words.indices.contains { i in
      guard secretWords.contains(words[i]) else { return false }
      return !(words[i].hasPrefix("key") && i > 0 && publicWords.contains(words[i - 1]))
    }
  }

  /// The words of a name, in small letters, parted at marks and at capitals.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasSmall = false
    for character in name {
      if character == "_" || character == "-" || character == "." {
        if !word.isEmpty { words.append(word.lowercased()) }
        word = ""
        wasSmall = false
        continue
      }
      if character.isUppercase, wasSmall {
        words.append(word.lowercased())
        word = ""
      }
      wasSmall = character.isLowercase || character.isNumber
      word.append(character)
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words.map { word in
      // PASSWORD2 is the word all the same.
      let letters = word.reversed().drop(while: \.isNumber).reversed()
      return letters.isEmpty ? word : String(letters)
    }
  }

  // MARK: Values

  /// Beginnings that say that the value is elsewhere, or encrypted.
  private static let indirections = [
    "$", "{{", "<", "%", "op://", "vault:", "sm://", "ref+", "!env", "process.env", "os.environ",
    "env(", "secrets.", "arn:aws:secretsmanager:", "arn:aws:ssm:", "encrypted:", "enc[",
    "u2fsdgvkx1", "aws-sm:", "gcp-sm:", "azkv:", "@microsoft.keyvault", "keychain:", "doppler:",
    "infisical:", "bws:", "ssm:",
  ]

  private static let placeholders: Set<String> = [
    "changeme", "change_me", "change-me", "replaceme", "replace_me", "replace-me", "todo", "tbd",
    "none", "null", "nil", "undefined", "empty", "dummy", "fake", "placeholder", "redacted",
    "example", "sample", "insert", "fixme", "n/a", "na", "unset", "secret_here", "false", "true",
    "yes", "no", "on", "off", "localhost", "127.0.0.1", "0.0.0.0", "::1",
  ]

  private static let placeholderParts = [
    "your_", "your-", "your ", "yourpass", "yoursecret", "yourkey", "yourtoken", "changeme",
    "change_me", "change-me", "change this", "change_this", "replace_with", "replace-with",
    "replace me", "replace_me", "placeholder", "****", "....", "example", "insert_",
    "insert-", "_here", "-here", "enter_", "put_your", "my_secret", "my-secret", "some_secret",
    "dummy", "redacted",
  ]

  /// What stands in forms where a password is to be filled in.
  private static let templateWords: Set<String> = [
    "password", "passwd", "pass", "secret", "token", "key", "root", "admin", "postgres", "user",
    "mysql", "test", "testing", "development", "mypassword", "pw", "guest", "rails", "app",
    "my_password", "db_password", "api_key", "apikey", "supersecret", "s3cr3t", "hunter2",
  ]

  /// Whether a value may be a secret: not empty, no reference, no switch, no number, no blank.
  static func couldBeSecret(_ value: String, inTemplate template: Bool) -> Bool {
    // What may be a comment stuck to the sign is judged by its words.
    let text = (value.hasPrefix("#") ? String(value.dropFirst()) : value).lowercased()
    if text.isEmpty || Double(text) != nil { return false }
    if indirections.contains(where: text.hasPrefix) || placeholders.contains(text) { return false }
    // A value whose first part is fixed and the rest a variable: prefix-${SECRET}.
    if text.contains("${") || text.contains("$(") || text.contains("{{") { return false }
    if placeholderParts.contains(where: text.contains) { return false }
    // In one case: one in 50,000 random values of 24 characters has four of them in both by chance.
    if ["xxxx", "XXXX"].contains(where: value.contains) { return false }
    if Set(text).count == 1 { return false }
    if isProjectSecretReference(text) || isPath(value) { return false }
    return !(template && templateWords.contains(text))
  }

  /// `projects/123/secrets/name`, as Google's Secret Manager names its entries.
  private static func isProjectSecretReference(_ text: String) -> Bool {
    text.hasPrefix("projects/") && text.contains("/secrets/")
  }

  /// Whether a value is the name of a file rather than what is in it.
  private static func isPath(_ value: String) -> Bool {
    let begins = ["/", "./", "../", "~/", "file:"].contains(where: value.hasPrefix)
    guard begins, !value.contains(where: { $0 == "=" || $0 == "+" || $0 == " " }) else {
      return false
    }
    let last = value.split(separator: "/").last ?? ""
    let hasEnding =
      last.contains(".") && last.split(separator: ".").last.map { $0.count <= 5 } == true
    let known = ["/run/", "/etc/", "/var/", "/usr/", "/home/", "/opt/", "/secrets/", "/mnt/"]
    return hasEnding || known.contains(where: value.contains)
  }

  // MARK: Addresses

  /// The password in `scheme://user:password@host`; `nil` if there is none.
  static func password(inAddress value: String) -> String? {
    let bytes = Array(value.utf8)
    guard let scheme = find("://", in: bytes[...]) else { return nil }
    let rest = bytes[(scheme + 3)...]
    let authority = rest.prefix { !"/?# ".utf8.contains($0) }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
      let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    return String(decoding: authority[(colon + 1)..<at], as: UTF8.self)
  }

  private static func isLocal(address: String) -> Bool {
    ["@localhost", "@127.0.0.1", "@[::1]", "@host.docker.internal"].contains(
      where: address.contains)
  }

  private static func find(_ text: String, in bytes: ArraySlice<UInt8>) -> Int? {
    let text = Array(text.utf8)
    guard bytes.count >= text.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - text.count)).first {
      bytes[$0..<($0 + text.count)].elementsEqual(text)
    }
  }
}
