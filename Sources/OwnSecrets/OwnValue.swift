internal import Model
internal import Rules
internal import Scanning

/// A value that is to be looked for, and what is known of where it stands.
struct OwnValue {
  let secret: [UInt8]
  /// What of it is searched for.
  let pieces: [[UInt8]]
  let source: OwnSource
  /// What its variable is called; `nil` if the name may be a piece of a secret itself.
  let name: String?
  /// The file that it stands in, as the user knows it.
  let file: ForeignText
  let severity: Severity

  /// How many bits a secret must have so that its hash gives nothing away.
  private static let leastStrength = 64.0
  /// The fewest bytes and bits of what is found inside of words too.
  private static let leastInsideWords = (bytes: 10, bits: 36.0)

  /// Somebody may have chosen it; what a provider hands out was made by a machine.
  var isGuessable: Bool {
    if strength(of: secret) < Self.leastStrength { return true }
    return source == .env && pieces.count == 1 && randomLook(of: secret) != .medium
  }

  /// It is found as a whole word only, since it may stand in other words by chance.
  var isWord: Bool {
    secret.count < Self.leastInsideWords.bytes
      || strength(of: secret) < Self.leastInsideWords.bits
      || secret.allSatisfy { (0x61...0x7A).contains($0) }
  }
}

extension OwnValue {
  /// The value of a variable, whole.
  init(
    _ secret: [UInt8], source: OwnSource, name: String?, file: ForeignText, severity: Severity
  ) {
    let pieces = stride(from: 0, to: secret.count, by: Rule.Known.longest).map {
      Array(secret[$0..<min($0 + Rule.Known.longest, secret.count)])
    }
    self.init(
      secret: secret, pieces: pieces.filter { $0.count >= Rule.Known.shortest }, source: source,
      name: name, file: file, severity: severity)
  }

  /// `DB_PASSWORD in .env`.
  var origin: [UInt8] {
    Array("\(name ?? "a variable") in ".utf8) + file.bytes
  }
}
