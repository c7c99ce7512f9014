import Files
import Foundation
import Git
import TestSupport
import Testing

@testable import Store

struct StoreTests {
  private let folder = TemporaryFolder()
  private let location: RepositoryLocation

  init() throws {
    try folder.makeFolder("work/.git")
    let path = try #require(Paths.real(Array(folder.at("work").utf8)))
    location = RepositoryLocation(
      gitFolder: path + Array("/.git".utf8), commonFolder: path + Array("/.git".utf8),
      workTree: path)
  }

  private func store(
    edition: String = "one", key: UInt8 = 1, at other: RepositoryLocation? = nil
  ) throws -> Store {
    try Store(
      for: other ?? location, edition: Array(edition.utf8),
      key: SealKey([UInt8](repeating: key, count: 32)))
  }

  private func file(_ name: String) -> String { "work/.git/keyscan/\(name)" }

  @Test func `what was put is given back, to its owner alone`() throws {
    let content = (0..<1000).map { UInt8($0 & 255) }
    try store().put(content, as: "a")
    try store().put([], as: "empty")
    #expect(try store().contents(of: "a") == content)
    #expect(try store().contents(of: "empty") == [])
    #expect(try store().contents(of: "b") == nil)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.at(file("a")))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    // Replaced, not added to.
    try store().put([1], as: "a")
    #expect(try store().contents(of: "a") == [1])
  }

  @Test func `what is sealed otherwise is not used`() throws {
    try store().put([1, 2, 3], as: "a")
    #expect(try store(key: 2).contents(of: "a") == nil)
    #expect(try store(edition: "two").contents(of: "a") == nil)
    // The same file under another name, and in another repository.
    let bytes = try folder.bytes(file("a"))
    try folder.write(file("b"), bytes)
    #expect(try store().contents(of: "b") == nil)
    try folder.makeFolder("other/.git/keyscan")
    try folder.write("other/.git/keyscan/a", bytes)
    let path = try #require(Paths.real(Array(folder.at("other").utf8)))
    let git = path + Array("/.git".utf8)
    let other = RepositoryLocation(gitFolder: git, commonFolder: git, workTree: path)
    #expect(try store(at: other).contents(of: "a") == nil)
  }

  @Test func `a file that is damaged anywhere is not used`() throws {
    try store().put([1, 2, 3, 4], as: "a")
    let bytes = try folder.bytes(file("a"))
    for i in bytes.indices {
      var damaged = bytes
      damaged[i] ^= 0x20
      try folder.write(file("a"), damaged)
      #expect(try store().contents(of: "a") == nil)
      try folder.write(file("a"), Array(bytes[..<i]))
      #expect(try store().contents(of: "a") == nil)
    }
    try folder.write(file("a"), bytes + [0])
    #expect(try store().contents(of: "a") == nil)
    try folder.write(file("a"), bytes)
    #expect(try store().contents(of: "a") == [1, 2, 3, 4])
  }

  @Test func `links are neither read nor written through`() throws {
    try folder.write("victim", "precious\n")
    try folder.makeFolder("work/.git/keyscan")
    try folder.link(file("a"), to: folder.at("victim"))
    try store().put([1], as: "a")
    #expect(try folder.read("victim") == "precious\n")
    #expect(try store().contents(of: "a") == [1])
    // A folder that is a link.
    try folder.remove("work/.git/keyscan")
    try folder.makeFolder("elsewhere")
    try folder.link("work/.git/keyscan", to: folder.at("elsewhere"))
    #expect(throws: StoreError.self) { try store().put([1], as: "a") }
    #expect(try store().contents(of: "a") == nil)
    #expect(!folder.exists("elsewhere/a"))
  }

  @Test func `a piece is given back only if it has its digest`() throws {
    let content = (0..<300).map { UInt8($0 & 255) }
    let pieces = [Array(content[..<100]), [], Array(content[100...])]
    let digests = try store().put(as: "a", pieces: 3) { pieces[$0] }
    let store = try store()
    #expect(store.piece(of: "a", from: 0, count: 100, digests[0]) == Array(content[..<100]))
    #expect(store.piece(of: "a", from: 100, count: 0, digests[1]) == [])
    #expect(store.piece(of: "a", from: 100, count: 200, digests[2]) == Array(content[100...]))
    #expect(store.piece(of: "a", from: 100, count: 200, digests[0]) == nil)
    #expect(store.piece(of: "a", from: 200, count: 200, digests[2]) == nil)
    var damaged = content
    damaged[150] ^= 1
    try folder.write(file("a"), damaged)
    #expect(store.piece(of: "a", from: 0, count: 100, digests[0]) == Array(content[..<100]))
    #expect(store.piece(of: "a", from: 100, count: 200, digests[2]) == nil)
  }

  @Test func `everything but what is named is removed`() throws {
    for name in ["a", "b", "c"] { try store().put([1], as: name) }
    try store().removeAll(but: ["b"])
    #expect(!folder.exists(file("a")) && folder.exists(file("b")) && !folder.exists(file("c")))
  }
}

struct ByteWriterTests {
  @Test func `values come back as they were`() throws {
    var writer = ByteWriter()
    let ids = (0..<3).map { number in
      ObjectID(hex: String(repeating: "\(number)a", count: 20).utf8) ?? .zero
    }
    for number in [0, 1, -1, Int.max, Int.min] { writer.add(number) }
    writer.add(UInt32.max)
    writer.add(true)
    writer.add([1, 2, 3] as [UInt8])
    writer.add("ä€")
    writer.add(ids)
    writer.add(ids[2])
    writer.add([7, UInt32.max])
    writer.add(each: [4, 5]) { $0.add($1) }
    writer.add(6 as Int?) { $0.add($1) }
    writer.add(nil as Int?) { $0.add($1) }
    var reader = ByteReader(writer.bytes)
    for number in [0, 1, -1, Int.max, Int.min] { #expect(try reader.number() == number) }
    #expect(try reader.word() == .max)
    #expect(try reader.flag())
    #expect(try reader.array() == [1, 2, 3])
    #expect(try reader.text() == "ä€")
    #expect(try reader.ids() == ids)
    #expect(try reader.id() == ids[2])
    #expect(try reader.words() == [7, .max])
    #expect(try reader.each { reader throws(StoreError) in try reader.number() } == [4, 5])
    #expect(try reader.optional { reader throws(StoreError) in try reader.number() } == 6)
    #expect(try reader.optional { reader throws(StoreError) in try reader.number() } == nil)
    #expect(reader.isAtEnd)
  }

  @Test func `counts that nothing stands behind are refused`() {
    var writer = ByteWriter()
    writer.add(1 << 60)
    let bytes = writer.bytes
    #expect(throws: StoreError.self) {
      var reader = ByteReader(bytes)
      _ = try reader.ids()
    }
    #expect(throws: StoreError.self) {
      var reader = ByteReader(bytes)
      _ = try reader.array()
    }
    #expect(throws: StoreError.self) {
      var reader = ByteReader(bytes)
      _ = try reader.each { reader throws(StoreError) in try reader.number() }
    }
    #expect(throws: StoreError.self) {
      var reader = ByteReader([])
      _ = try reader.number()
    }
  }
}
