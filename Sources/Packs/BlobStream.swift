package import Files
package import Git

/// A blob that is read piece by piece, so that its size does not matter.
///
/// Loose objects and whole entries of packs are; a delta is not, because it must be put
/// together in memory.
package struct BlobStream: ~Copyable {
  /// How many bytes the blob has.
  package let size: Int
  private var stream: InflateStream
  private var left: Int

  private init(size: Int, stream: consuming InflateStream) {
    self.size = size
    self.stream = stream
    left = size
  }

  /// Finds `id` in `folders`; `nil` if it is not there, or there only as a delta.
  package static func open(
    _ id: ObjectID, in folders: ObjectFolders
  ) throws(PackError) -> BlobStream? {
    for folder in folders.paths {
      if let stream = try loose(id, in: folder) { return stream }
      if let stream = try packed(id, in: folder) { return stream }
    }
    return nil
  }

  /// Appends up to `count` bytes to `buffer`; returns how many came, 0 at the end.
  package mutating func read(
    _ count: Int, into buffer: inout ByteBuffer
  ) throws(PackError) -> Int {
    let got = try stream.read(min(count, left), into: &buffer)
    left -= got
    if got == 0, left > 0 { throw PackError(.damaged, "it is shorter than it says") }
    // The checksum stands behind the last byte.
    if left == 0, !stream.isFinished { try stream.finish() }
    return got
  }

  private static func loose(
    _ id: ObjectID, in folder: [UInt8]
  ) throws(PackError) -> BlobStream? {
    let name = Array(id.description.utf8)
    let path = Paths.join(folder, Array(name[..<2]) + [UInt8(ascii: "/")] + Array(name[2...]))
    if (try? Paths.status(path)) == nil { return nil }
    let file = try files { () throws(FileError) in try File(at: path) }
    var stream = try InflateStream(file, at: 0)
    // The header is "blob", the size in decimal digits and a NUL.
    var head = ByteBuffer(capacity: 32)
    while head.count < 32, head.count == 0 || head.bytes[head.count - 1] != 0 {
      guard try stream.read(1, into: &head) == 1 else {
        throw PackError(.damaged, "its header does not end")
      }
    }
    let words = head.array(0..<(head.count - 1)).split(separator: UInt8(ascii: " "))
    guard words.count == 2, words[0].elementsEqual("blob".utf8),
      let size = Int(String(decoding: words[1], as: UTF8.self)), size >= 0
    else { return nil }
    return BlobStream(size: size, stream: stream)
  }

  private static func packed(
    _ id: ObjectID, in folder: [UInt8]
  ) throws(PackError) -> BlobStream? {
    let packs = Paths.join(folder, Array("pack".utf8))
    if (try? Paths.status(packs)) == nil { return nil }
    let names = try files { () throws(FileError) in try Folder(at: packs).entries() }
    for entry in names where entry.name.suffix(4).elementsEqual(".idx".utf8) {
      // A pack that cannot be read is libgit2's to report when it looks for the object.
      guard let index = try? PackIndex(at: Paths.join(packs, entry.name)),
        let position = index.position(of: id)
      else { continue }
      let offset = try index.offset(at: position)
      let pack = Paths.join(packs, entry.name.dropLast(4) + Array(".pack".utf8))
      return try self.entry(of: pack, at: offset)
    }
    return nil
  }

  /// The blob whose entry begins at `offset` of a pack; `nil` if it is a delta.
  private static func entry(of pack: [UInt8], at offset: Int) throws(PackError) -> BlobStream? {
    let file = try files { () throws(FileError) in try File(at: pack) }
    var head = ByteBuffer(capacity: 16)
    do throws(FileError) {
      _ = try file.read(16, at: offset, into: &head)
    } catch {
      throw PackError(.refused, error.reason)
    }
    guard let header = ObjectHeader(head.bytes, at: 0), header.kind == .blob else { return nil }
    let stream = try InflateStream(file, at: offset + header.length)
    return BlobStream(size: header.size, stream: stream)
  }
}
