/// A set of bytes.
public struct ByteSet: Hashable, Sendable {
  @usableFromInline var low: SIMD2<UInt64> = .zero
  @usableFromInline var high: SIMD2<UInt64> = .zero

  package init() {}

  /// The bytes of `text`, which is ASCII.
  package init(_ text: String) {
    for byte in text.utf8 { insert(byte) }
  }

  package init(_ ranges: ClosedRange<UInt8>...) {
    for range in ranges { range.forEach { insert($0) } }
  }

  package mutating func insert(_ byte: UInt8) {
    let bit = UInt64(1) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: low.x |= bit
    case 1: low.y |= bit
    case 2: high.x |= bit
    default: high.y |= bit
    }
  }

  package mutating func remove(_ byte: UInt8) {
    let bit = UInt64(1) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: low.x &= ~bit
    case 1: low.y &= ~bit
    case 2: high.x &= ~bit
    default: high.y &= ~bit
    }
  }

  /// Whether `byte` is in the set.
  @inlinable public func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: low.x
      case 1: low.y
      case 2: high.x
      default: high.y
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  package func union(_ other: ByteSet) -> ByteSet {
    var union = self
    union.low |= other.low
    union.high |= other.high
    return union
  }

  /// Every byte that is not in the set.
  package var inverted: ByteSet {
    var inverse = ByteSet()
    inverse.low = ~low
    inverse.high = ~high
    return inverse
  }

  package var isEmpty: Bool { low == .zero && high == .zero }

  /// The bytes in the set, in increasing order.
  package var members: [UInt8] { (UInt8.min...UInt8.max).filter(contains) }
}

extension ByteSet {
  package static let digits = ByteSet("0123456789")
  package static let hexadecimal = ByteSet("0123456789abcdefABCDEF")
  package static let letters = ByteSet(
    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"))
  package static let alphanumerics = digits.union(letters)
  /// What names in programs are made of.
  package static let word = alphanumerics.union(ByteSet("_"))
  /// RFC 4648 section 4, without the padding.
  package static let base64 = alphanumerics.union(ByteSet("+/"))
  /// RFC 4648 section 5, without the padding.
  package static let base64url = alphanumerics.union(ByteSet("-_"))
}
