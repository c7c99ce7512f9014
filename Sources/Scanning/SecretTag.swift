internal import Crypto
package import Model

/// What tells a secret from others without saying what it is: half of an HMAC-SHA256 of it.
///
/// Whoever does not have the key cannot try out what the secret may be.
package struct SecretTag: Hashable, Sendable, Comparable {
  private let first: UInt64
  private let second: UInt64

  private static let size = 16

  /// Takes the first sixteen bytes; `nil` if there are fewer.
  package init?(prefixOf bytes: some Sequence<UInt8>) {
    let all = Array(bytes.prefix(Self.size))
    guard all.count == Self.size else { return nil }
    first = all[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    second = all[8...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  package var bytes: [UInt8] {
    [first, second].flatMap { half in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
    }
  }

  package static func < (a: SecretTag, b: SecretTag) -> Bool {
    (a.first, a.second) < (b.first, b.second)
  }
}

/// Makes tags with one key: equal secrets have equal tags, with this key.
package struct SecretTagger: Sendable {
  private let key: SymmetricKey

  /// `key` has 32 bytes that nobody else knows.
  package init(key: [UInt8]) {
    self.key = SymmetricKey(data: key)
  }

  /// Makes tags that nothing outside of this run compares with.
  package init() {
    key = SymmetricKey(size: .bits256)
  }

  package func tag(of secret: Secret) -> SecretTag {
    let code = HMAC<SHA256>.authenticationCode(for: secret.exposed, using: key)
    guard let tag = SecretTag(prefixOf: code) else { preconditionFailure("a code has 32 bytes") }
    return tag
  }
}
