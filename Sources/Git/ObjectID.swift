internal import Bytes
internal import CGit2
internal import Crypto

/// The name of an object: the SHA-1 of its type, size and content.
public struct ObjectID: Hashable, Sendable {
  // Three words compare and hash faster than twenty bytes.
  @usableFromInline let high: UInt64
  @usableFromInline let middle: UInt64
  @usableFromInline let low: UInt32

  /// How many bytes a name has.
  @inlinable public static var count: Int { 20 }

  /// The name that stands for no object.
  package static let zero = ObjectID(high: 0, middle: 0, low: 0)

  @inlinable
  init(high: UInt64, middle: UInt64, low: UInt32) {
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Reads a name from twenty bytes at `offset`; `nil` if there are fewer.
  @inlinable
  public init?(_ bytes: Span<UInt8>, at offset: Int) {
    guard offset >= 0, offset + Self.count <= bytes.count else { return nil }
    self = unsafe bytes.withUnsafeBytes { bytes in
      ObjectID(
        high: unsafe UInt64(
          bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
        middle: unsafe UInt64(
          bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)),
        low: unsafe UInt32(
          bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)))
    }
  }

  /// Whether two names are the same.
  @inlinable
  public static func == (a: ObjectID, b: ObjectID) -> Bool {
    a.high == b.high && a.middle == b.middle && a.low == b.low
  }

  /// The first four bytes as a number: names are spread evenly over its values.
  @inlinable public var prefix: UInt32 { UInt32(truncatingIfNeeded: high >> 32) }

  /// Reads forty hexadecimal digits; `nil` if `text` is anything else.
  package init?(hex text: some Sequence<UInt8>) {
    var digits: [UInt8] = []
    digits.reserveCapacity(40)
    for byte in text {
      guard let digit = byte.hexadecimalValue else { return nil }
      digits.append(digit)
      if digits.count > 40 { return nil }
    }
    guard digits.count == 40 else { return nil }
    func word(_ start: Int, _ count: Int) -> UInt64 {
      digits[start..<(start + count)].reduce(0) { $0 << 4 | UInt64($1) }
    }
    self.init(high: word(0, 16), middle: word(16, 16), low: UInt32(word(32, 8)))
  }

  /// The twenty bytes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.count)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift)))
    }
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: middle >> UInt64(shift)))
    }
    for shift in stride(from: 24, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: low >> UInt32(shift)))
    }
    return bytes
  }
}

extension ObjectID {
  /// The twenty bytes of each of `ids`, one after the other.
  package static func bytes(of ids: [ObjectID]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count * ids.count) { buffer, filled in
      let start = UnsafeMutableRawBufferPointer(buffer)
      for (i, id) in ids.enumerated() {
        unsafe start.storeBytes(of: id.high.bigEndian, toByteOffset: 20 * i, as: UInt64.self)
        unsafe start.storeBytes(of: id.middle.bigEndian, toByteOffset: 20 * i + 8, as: UInt64.self)
        unsafe start.storeBytes(of: id.low.bigEndian, toByteOffset: 20 * i + 16, as: UInt32.self)
      }
      filled = count * ids.count
    }
  }
}

extension ObjectID: Comparable {
  /// The order in which indexes list names.
  @inlinable
  public static func < (a: ObjectID, b: ObjectID) -> Bool {
    if a.high != b.high { return a.high < b.high }
    if a.middle != b.middle { return a.middle < b.middle }
    return a.low < b.low
  }
}

extension ObjectID: CustomStringConvertible {
  /// Forty lowercase hexadecimal digits.
  public var description: String {
    bytes.hexadecimal
  }
}

extension ObjectID {
  init(_ raw: git_oid) {
    self = unsafe withUnsafeBytes(of: raw.id) { id in
      let bytes = unsafe id.bindMemory(to: UInt8.self)
      return ObjectID(unsafe Span(_unsafeElements: bytes), at: 0) ?? .zero
    }
  }

  var raw: git_oid {
    var raw = git_oid()
    let bytes = bytes
    unsafe withUnsafeMutableBytes(of: &raw.id) { id in
      for i in bytes.indices { unsafe id[i] = bytes[i] }
    }
    return raw
  }
}

/// Computes the name that git would give a blob, as its bytes come by.
package struct BlobHasher {
  private var hash = Insecure.SHA1()

  /// `count` is the number of bytes that will come in all.
  package init(count: Int) {
    hash.update(data: Array("blob \(count)\0".utf8))
  }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in unsafe hash.update(bufferPointer: bytes) }
  }

  package consuming func finish() -> ObjectID {
    ObjectID(sha1: hash.finalize())
  }
}

extension ObjectID {
  init(sha1 digest: Insecure.SHA1.Digest) {
    let bytes = Array(digest)
    self = ObjectID(bytes.span, at: 0) ?? .zero
  }
}
