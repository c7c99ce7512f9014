import Files
import Foundation
import Git
import Packs
import TestSupport
import Testing

/// Large blobs read piece by piece, beside git's own reading.
struct BlobStreamTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
  }

  private func location() throws -> RepositoryLocation {
    try #require(try RepositoryLocation(at: Array(git.path.utf8)))
  }

  /// Reads a blob through small pieces; `nil` if it is no stream.
  private func read(_ id: String) throws -> [UInt8]? {
    let name = try #require(ObjectID(hex: id.utf8))
    guard var stream = try BlobStream.open(name, in: ObjectFolders(of: location())) else {
      return nil
    }
    var buffer = ByteBuffer(capacity: stream.size + 1)
    while try stream.read(min(999, buffer.room), into: &buffer) > 0 {}
    let size = stream.size
    #expect(buffer.count == size)
    return buffer.array(0..<buffer.count)
  }

  private func content(_ count: Int) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() & 0x3F) }
  }

  private func add(_ bytes: [UInt8]) throws -> String {
    try git.write("file", bytes)
    return String(try git.git("hash-object", "-w", "file").prefix(40))
  }

  @Test(arguments: [0, 1, 1000, 300_000]) func `a loose object is read whole`(count: Int) throws {
    let bytes = content(count)
    let isSame = try read(add(bytes)) == bytes
    #expect(isSame)
  }

  @Test func `whole entries of packs are read, deltas are left to libgit2`() throws {
    let base = content(200_000)
    let ids = [
      try add(base), try add(Array(base.dropLast(10)) + [1, 2, 3]), try add(content(5000)),
    ]
    let list = ids.joined(separator: "\n")
    try git.git(
      ["pack-objects", "--quiet", ".git/objects/pack/pack"], input: Array(list.utf8))
    try git.git("prune-packed")
    let read = try ids.map { try self.read($0) }
    #expect(read.filter { $0 == nil }.count == 1)
    #expect(read.compactMap(\.self).contains(base) || read.compactMap(\.self).count == 2)
    for (id, bytes) in zip(ids, read) {
      guard let bytes else { continue }
      let expected = try git.result(of: ["cat-file", "blob", id])
      #expect(bytes == expected.bytes)
    }
  }

  @Test func `objects of alternates are found`() throws {
    let id = try add(content(5000))
    try git.git("clone", "--quiet", "--shared", ".", git.folder.at("borrower"))
    let location = try #require(try RepositoryLocation(at: Array(git.folder.at("borrower").utf8)))
    let name = try #require(ObjectID(hex: id.utf8))
    let size = try BlobStream.open(name, in: ObjectFolders(of: location))?.size
    #expect(size == 5000)
  }

  @Test func `damage is an error, never a crash and never a short read`() throws {
    let bytes = content(100_000)
    let id = try add(bytes)
    let file = "work/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    let good = try git.folder.bytes(file)
    try git.folder.setMode(0o644, of: file)
    for i in stride(from: 0, to: good.count, by: good.count / 60) {
      var bad = good
      bad[i] ^= 0xFF
      try git.folder.write(file, bad)
      // Damage in zlib's bytes may inflate to other bytes, which their checksum gives away.
      if let read = try? read(id) {
        let isSame = read == bytes
        // The first two bytes say only how much memory the writer took.
        #expect(!isSame || i < 2, "byte \(i)")
      }
      try git.folder.write(file, Array(good.prefix(i)))
      let isRead = (try? read(id)) ?? nil != nil
      #expect(!isRead, "cut at \(i)")
    }
  }

  @Test func `an index finds every object of its pack, in both versions`() throws {
    for i in 0..<50 { _ = try add(content(100 + i)) }
    try git.git("add", "file")
    try git.commit()
    try git.git("repack", "-adq")
    let list = try git.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    let names = list.split(separator: "\n").compactMap { ObjectID(hex: $0.utf8) }
    let packs = try FileManager.default.contentsOfDirectory(atPath: git.path + "/.git/objects/pack")
    let pack = try #require(packs.first { $0.hasSuffix(".pack") })
    for version in [1, 2] {
      let path = git.folder.at("v\(version).idx")
      try git.git(
        "index-pack", "--index-version=\(version)", "-o", path, ".git/objects/pack/\(pack)")
      let index = try PackIndex(at: Array(path.utf8))
      let shown = try git.git(
        ["show-index"], input: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
      let offsets = Dictionary(
        uniqueKeysWithValues: shown.split(separator: "\n").map { line in
          let words = line.split(separator: " ")
          return (String(words[1]), Int(words[0]) ?? -1)
        })
      let count = index.count
      #expect(count == offsets.count)
      for name in names where offsets[name.description] != nil {
        guard let position = index.position(of: name) else {
          Issue.record("\(name) is not found")
          continue
        }
        let (id, offset) = (index.id(at: position), try index.offset(at: position))
        #expect(id == name)
        #expect(offset == offsets[name.description])
      }
      let none = index.position(of: .zero)
      #expect(none == nil)
    }
  }

  @Test func `an index that is damaged is refused or answers, and nothing crashes`() throws {
    _ = try add(content(100))
    try git.git("add", "file")
    try git.commit()
    try git.git("repack", "-adq")
    let packs = try FileManager.default.contentsOfDirectory(atPath: git.path + "/.git/objects/pack")
    let name = try #require(packs.first { $0.hasSuffix(".idx") })
    let good = try git.folder.bytes("work/.git/objects/pack/\(name)")
    for i in 0..<good.count {
      var bad = good
      bad[i] ^= UInt8.random(in: 1...255)
      try git.folder.write("bad.idx", bad)
      guard let index = try? PackIndex(at: Array(git.folder.at("bad.idx").utf8)) else { continue }
      for position in 0..<index.count { _ = try? index.offset(at: position) }
    }
    try git.folder.write("bad.idx", Array(good.prefix(1000)))
    #expect(throws: PackError.self) { _ = try PackIndex(at: Array(git.folder.at("bad.idx").utf8)) }
  }
}
