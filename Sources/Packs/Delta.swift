#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Bytes that a delta takes over from its base.
///
/// Copies that go on where the one before ended, in base and result alike, are one piece.
public struct CopiedPiece: Equatable, Sendable {
  /// Where it begins in the base.
  public let source: Int
  /// Where it begins in the result.
  public let target: Int
  /// How many bytes it has.
  public var count: Int

  /// A piece of `count` bytes.
  @inlinable
  public init(source: Int, target: Int, count: Int) {
    self.source = source
    self.target = target
    self.count = count
  }

  /// Where it ends in the base.
  @inlinable public var sourceEnd: Int { source + count }
  /// Where it ends in the result.
  @inlinable public var targetEnd: Int { target + count }
}

/// Reading and applying what git's `pack-format` calls deltified representation.
@safe
package struct Delta {
  /// The instructions, after the two sizes.
  private let instructions: UnsafeRawBufferPointer
  /// How many bytes the result has.
  package let count: Int

  /// The most bytes that a result may have.
  static let limit = 1 << 30

  /// Reads the sizes and goes through every instruction once, so that nothing is outside of
  /// base or result; then memory can be taken.
  package init(_ bytes: UnsafeRawBufferPointer, baseCount: Int) throws(PackError) {
    var i = 0
    guard let claimedBase = unsafe Self.size(bytes, &i),
      let count = unsafe Self.size(bytes, &i)
    else { throw PackError(.damaged, "its delta does not say how large it is") }
    guard claimedBase == baseCount else {
      throw PackError(.damaged, "its delta is for another base")
    }
    guard count <= Self.limit else {
      throw PackError(.limit, "it claims \(count) bytes; \(Self.limit) are the most")
    }
    unsafe instructions = UnsafeRawBufferPointer(rebasing: bytes[i...])
    self.count = count
    var made = 0
    try walk { source, target, length throws(PackError) in
      made = target + length
      guard made <= count, source < 0 || source + length <= baseCount else {
        throw PackError(.damaged, "its delta copies from outside of its base")
      }
    }
    guard made == count else {
      throw PackError(.damaged, "its delta makes \(made) bytes and promised \(count)")
    }
  }

  /// Writes the result and lists what was copied, in order.
  package func apply(
    to base: UnsafeRawBufferPointer, into result: UnsafeMutableRawPointer,
    pieces: inout [CopiedPiece]
  ) throws(PackError) {
    pieces.removeAll(keepingCapacity: true)
    let (from, inserted) = unsafe (base.baseAddress, instructions.baseAddress)
    try walk { source, target, length throws(PackError) in
      if source >= 0 {
        if let from = unsafe from { unsafe memcpy(result + target, from + source, length) }
        if let last = pieces.last, last.sourceEnd == source, last.targetEnd == target {
          pieces[pieces.count - 1].count += length
        } else {
          pieces.append(CopiedPiece(source: source, target: target, count: length))
        }
      } else if let inserted = unsafe inserted {
        unsafe memcpy(result + target, inserted + ~source, length)
      }
    }
  }

  /// Calls `body` with each instruction's source, target and length; the source of an insert is
  /// the complement of its place among the instructions.
  @inline(__always)
  private func walk(
    _ body: (_ source: Int, _ target: Int, _ length: Int) throws(PackError) -> Void
  ) throws(PackError) {
    let end = unsafe instructions.count
    guard let start = unsafe instructions.baseAddress else { return }
    func byte(_ i: Int) -> Int { unsafe Int(start.load(fromByteOffset: i, as: UInt8.self)) }
    var i = 0
    var target = 0
    while i < end {
      let command = byte(i)
      i += 1
      if command & 0x80 != 0 {
        var needed = command & 0x7F
        needed = needed.nonzeroBitCount
        guard i + needed <= end else { throw PackError(.damaged, "its delta ends too early") }
        var source = 0
        var length = 0
        if command & 0x01 != 0 { source = byte(i); i += 1 }
        if command & 0x02 != 0 { source |= byte(i) << 8; i += 1 }
        if command & 0x04 != 0 { source |= byte(i) << 16; i += 1 }
        if command & 0x08 != 0 { source |= byte(i) << 24; i += 1 }
        if command & 0x10 != 0 { length = byte(i); i += 1 }
        if command & 0x20 != 0 { length |= byte(i) << 8; i += 1 }
        if command & 0x40 != 0 { length |= byte(i) << 16; i += 1 }
        if length == 0 { length = 0x10000 }
        try body(source, target, length)
        target += length
      } else {
        guard command != 0, i + command <= end else {
          throw PackError(.damaged, "its delta holds an instruction that does not exist")
        }
        try body(~i, target, command)
        i += command
        target += command
      }
    }
  }

  private static func size(_ bytes: UnsafeRawBufferPointer, _ i: inout Int) -> Int? {
    var size = 0
    var shift = 0
    while i < bytes.count, shift < 56 {
      let byte = unsafe Int(bytes[i])
      i += 1
      size |= (byte & 0x7F) << shift
      if byte & 0x80 == 0 { return size }
      shift += 7
    }
    return nil
  }
}
