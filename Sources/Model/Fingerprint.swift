internal import Bytes

/// What stays the same when a finding moves: 128 bits of a SHA-256.
package struct Fingerprint: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  /// Takes the first sixteen bytes of `hash`.
  package init(prefixOf hash: some Sequence<UInt8>) {
    bytes = Array(hash.prefix(16))
    precondition(bytes.count == 16, "a fingerprint has sixteen bytes")
  }

  package static func < (a: Fingerprint, b: Fingerprint) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }
}

extension Fingerprint: CustomStringConvertible {
  /// Thirty-two lowercase hexadecimal digits.
  package var description: String {
    bytes.hexadecimal
  }
}
