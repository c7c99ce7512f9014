internal import Files
package import Git

/// One pack and its index, mapped.
package final class Pack: Sendable {
  /// Where the pack is.
  package let path: [UInt8]
  package let index: PackIndex
  let file: PackFile

  /// Opens the pack whose index is at `path`.
  ///
  /// Throws if the two do not belong together. That an object is what its name says is not
  /// checked; that it inflates without a fault is, when it is read.
  package init(index path: [UInt8]) throws(PackError) {
    let name = path.dropLast(4) + Array(".pack".utf8)
    let index = try PackIndex(at: path)
    file = try PackFile(at: Array(name), index)
    self.path = Array(name)
    self.index = index
  }

  package var count: Int { index.count }

  /// The checksum of everything in the pack, with which it ends; twenty bytes.
  package var trailer: [UInt8] { file.trailer }

  /// Lets go of what is in memory of the pack, but not of its index; it can be read again.
  package func letGo() { file.letGo() }

  /// The position of `id` in the index; `nil` if the pack does not hold it.
  package func position(of id: ObjectID) -> Int? { index.position(of: id) }

  /// The same, for many names that are roughly in order.
  package func position(of id: ObjectID, after cursor: inout PackIndex.Cursor) -> Int? {
    index.position(of: id, after: &cursor)
  }
}

/// The bytes of a pack.
struct PackFile: ~Copyable {
  private let file: MappedFile

  /// How many bytes stand before the first entry and after the last.
  private static let headSize = 12
  private static let trailerSize = 20

  init(at path: [UInt8], _ index: borrowing PackIndex) throws(PackError) {
    let file = try files { () throws(FileError) in try MappedFile(at: path) }
    try Self.check(file, index)
    self.file = file
  }

  private static func check(
    _ file: borrowing MappedFile, _ index: borrowing PackIndex
  ) throws(PackError) {
    let bytes = file.bytes
    guard bytes.count >= headSize + trailerSize, uint32(bytes, at: 0) == 0x5041_434B else {
      throw PackError(.damaged, "it does not begin as a pack does")
    }
    let version = uint32(bytes, at: 4)
    guard version == 2 || version == 3 else {
      throw PackError(.damaged, "it has version \(version)")
    }
    guard uint32(bytes, at: 8) == index.count else {
      throw PackError(.damaged, "it has another number of objects than its index")
    }
    guard index.isFor(packEndingIn: bytes.extracting((bytes.count - trailerSize)..<bytes.count))
    else { throw PackError(.damaged, "its index belongs to another pack") }
  }

  var trailer: [UInt8] { (end..<file.count).map { file.bytes[$0] } }

  func letGo() { file.letGo() }

  /// How many bytes the pack has.
  var size: Int { file.count }

  /// Where the bytes of entries end.
  var end: Int { file.count - Self.trailerSize }

  /// What an entry says before its compressed bytes.
  struct Head {
    let header: ObjectHeader
    /// Where the compressed bytes begin.
    let data: Int
    let base: Base?

    enum Base {
      case offset(Int)
      case name(ObjectID)
    }
  }

  /// Reads the head of the entry at `offset`; `nil` if it makes no sense.
  func head(at offset: Int) -> Head? { Self.head(in: file.bytes, at: offset) }

  /// The same, of a pack whose bytes are at hand.
  static func head(in bytes: Span<UInt8>, at offset: Int) -> Head? {
    let end = bytes.count - trailerSize
    guard offset >= headSize, offset < end, let header = ObjectHeader(bytes, at: offset) else {
      return nil
    }
    var i = offset + header.length
    switch header.kind {
    case .commit, .tree, .blob, .tag: return Head(header: header, data: i, base: nil)
    case .offsetDelta:
      guard i < end else { return nil }
      var byte = Int(bytes[i])
      i += 1
      var distance = byte & 0x7F
      while byte & 0x80 != 0 {
        guard i < end, distance < 1 << 48 else { return nil }
        byte = Int(bytes[i])
        i += 1
        distance = (distance + 1) << 7 | byte & 0x7F
      }
      guard distance > 0, distance <= offset else { return nil }
      return Head(header: header, data: i, base: .offset(offset - distance))
    case .referenceDelta:
      guard i + ObjectID.count <= end, let name = ObjectID(bytes, at: i) else { return nil }
      return Head(header: header, data: i + ObjectID.count, base: .name(name))
    }
  }

  /// The bytes, for whoever keeps the pack as long.
  var raw: UnsafeRawBufferPointer {
    unsafe file.bytes.withUnsafeBytes { unsafe $0 }
  }
}
