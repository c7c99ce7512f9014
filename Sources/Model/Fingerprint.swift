internal import Bytes

/// What stays the same when a finding moves: 128 bits of a SHA-256.
package struct Fingerprint: Hashable, Sendable, Comparable {
  // Numbers and no array: a baseline may have a hundred thousand of them.
  private let first: UInt64
  private let second: UInt64

  package var bytes: [UInt8] {
    [first, second].flatMap { half in
      stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
    }
  }

  /// Takes the first sixteen bytes of `hash`.
  package init(prefixOf hash: some Sequence<UInt8>) {
    let bytes = Array(hash.prefix(16))
    precondition(bytes.count == 16, "a fingerprint has sixteen bytes")
    first = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    second = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads thirty-two hexadecimal digits; `nil` for anything else.
  package init?(hexadecimal digits: ArraySlice<UInt8>) {
    guard digits.count == 32 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    for digit in digits {
      guard let value = digit.hexadecimalValue else { return nil }
      halves = (halves.0 << 4 | halves.1 >> 60, halves.1 << 4 | UInt64(value))
    }
    (first, second) = halves
  }

  /// The same, of a text.
  package init?(hexadecimal text: String) { self.init(hexadecimal: Array(text.utf8)[...]) }

  package static func < (a: Fingerprint, b: Fingerprint) -> Bool {
    (a.first, a.second) < (b.first, b.second)
  }
}

extension Fingerprint: CustomStringConvertible {
  /// Thirty-two lowercase hexadecimal digits.
  package var description: String {
    bytes.hexadecimal
  }
}
