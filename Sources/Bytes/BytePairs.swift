/// Pairs of neighbouring bytes, of which a few are taken for others.
///
/// A text can only stand in another that has all of its pairs, and most do not have them: to ask
/// for a few bits is much quicker than to look for the text.
package struct BytePairs: Sendable {
  private static let count = 4096
  private var bits = [UInt64](repeating: 0, count: count / UInt64.bitWidth)

  package init() {}

  private static func place(_ a: UInt8, _ b: UInt8) -> Int {
    (Int(a) << 5 ^ Int(b)) & (count - 1)
  }

  package mutating func insert(_ a: UInt8, _ b: UInt8) {
    let place = Self.place(a, b)
    bits[place / UInt64.bitWidth] |= 1 << UInt64(place % UInt64.bitWidth)
  }

  /// `false` only if `b` never stands behind `a`.
  package func mayHold(_ a: UInt8, _ b: UInt8) -> Bool {
    let place = Self.place(a, b)
    return bits[place / UInt64.bitWidth] >> UInt64(place % UInt64.bitWidth) & 1 == 1
  }

  /// `false` only if `text` stands nowhere in what the pairs come from.
  package func mayHold(_ text: String) -> Bool {
    var last: UInt8?
    for byte in text.utf8 {
      if let last, !mayHold(last, byte) { return false }
      last = byte
    }
    return true
  }
}
