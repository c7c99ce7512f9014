internal import Bytes

/// What stays the same when a finding moves: 128 bits of a SHA-256.
package struct Fingerprint: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  /// Takes the first sixteen bytes of `hash`.
  package init(prefixOf hash: some Sequence<UInt8>) {
    bytes = Array(hash.prefix(16))
    precondition(bytes.count == 16, "a fingerprint has sixteen bytes")
  }

  /// Reads thirty-two hexadecimal digits; `nil` for anything else.
  package init?(hexadecimal digits: some Collection<UInt8>) {
    guard digits.count == 32 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    var high: UInt8?
    for digit in digits {
      guard let value = digit.hexadecimalValue else { return nil }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self.bytes = bytes
  }

  /// The same, of a text.
  package init?(hexadecimal text: String) { self.init(hexadecimal: Array(text.utf8)) }

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
