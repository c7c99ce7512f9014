internal import Model
internal import Scanning

/// Names of variables, as far as they may be shown and as far as they say what a value is.
enum VariableName {
  /// `name` as it may be shown; `nil` if it may be a piece of a secret, such as a line of a
  /// private key that reads like a name and its sign.
  static func shown(_ name: String) -> String? {
    let bytes = Array(name.utf8)
    guard (1...64).contains(bytes.count), randomLook(of: bytes) != .medium,
      !name.contains(where: { !$0.isASCII })
    else { return nil }
    let parts = name.split { "_.-".contains($0) }
    return !parts.isEmpty && parts.allSatisfy(isWords) ? name : nil
  }

  /// Letters of one case, or capitals at the beginnings of words; few figures.
  private static func isWords(_ part: Substring) -> Bool {
    let figures = part.count(where: \.isNumber)
    let capitals = part.count(where: \.isUppercase)
    let small = part.count - figures - capitals
    guard figures <= 4, 2 * figures <= part.count + 2, part.count <= 24 else { return false }
    return capitals == 0 || small == 0 || 3 * capitals <= part.count + 2
  }

  /// What a name says of its value.
  enum Kind {
    /// Somebody chose it, or may have: a password.
    case password
    /// A secret that a machine made: a token, a key.
    case token
    /// Nothing.
    case plain
    /// That it is no secret: an id, a host, a version.
    case other
  }

  private static let passwordWords = [
    "password", "passwd", "passphrase", "pwd", "secret", "credential", "creds",
  ]

  /// Words at the end of a name that say that its value is no secret.
  private static let otherWords: Set<Substring> = [
    "id", "ids", "name", "user", "username", "login", "email", "mail", "host", "hostname", "port",
    "region", "zone", "version", "path", "file", "dir", "folder", "sha", "hash", "digest",
    "checksum", "commit", "revision", "release", "build", "uuid", "guid", "fingerprint", "public",
    "address", "arn", "image", "tag", "project", "bucket",
  ]

  /// Beginnings of names that bundlers build into pages, so that everybody reads the values.
  private static let publicPrefixes = [
    "NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "VUE_APP_", "GATSBY_",
    "PUBLIC_",
  ]

  /// What `name` says; `namesSecret` is whether words in it speak of a secret.
  static func kind(of name: String, namesSecret: Bool) -> Kind {
    if publicPrefixes.contains(where: name.hasPrefix) { return .other }
    let small = name.lowercased()
    if namesSecret {
      let words = small.split { !$0.isLetter }
      return passwordWords.contains(where: small.contains) || words.contains("pass")
        ? .password : .token
    }
    let last = small.split { !$0.isLetter }.last ?? ""
    return otherWords.contains(last) ? .other : .plain
  }
}
