import Files
import Foundation
import Git
import TestSupport
import Testing

/// keyscan's reading of the index beside git's own.
struct IndexTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
    for i in 0..<40 { try git.write("dir\(i % 7)/sub/file\(i).txt", "content \(i)") }
    try git.write("odd \"name\"\u{e9}.txt", "x")
    try git.write("long/" + String(repeating: "n", count: 200), "x")
    try git.link("link", to: "target")
    try git.git("add", "--all")
    try git.commit()
  }

  private var location: RepositoryLocation {
    get throws { try #require(try RepositoryLocation(at: Array(git.path.utf8))) }
  }

  private func index(_ name: String = "index") throws -> IndexFile {
    let location = try location
    var index = try IndexFile(
      at: location.gitFolder + Array("/\(name)".utf8), in: location.gitFolder)
    let repository = try Repository(at: location)
    try index.expand(with: repository.objects())
    return index
  }

  /// What `git ls-files --stage` says, in the same words.
  private func expected() throws -> [String] {
    try git.git("ls-files", "--stage", "-z").split(separator: "\0").map(String.init)
  }

  private func shown(_ index: IndexFile) -> [String] {
    index.entries.map { entry in
      let path = String(decoding: index.path(entry), as: UTF8.self)
      return "\(String(entry.mode, radix: 8)) \(entry.id) \(entry.stage)\t\(path)"
    }
  }

  @Test(arguments: [2, 3, 4]) func `every version reads as git reads it`(version: Int) throws {
    try git.git("update-index", "--index-version", "\(version)")
    if version == 3 {
      // Only an entry with further flags needs version 3.
      try git.write("announced", "x")
      try git.git("add", "--intent-to-add", "announced")
    }
    let index = try index()
    #expect(try shown(index) == expected())
    #expect(index.entries.filter(\.isIntention).count == (version == 3 ? 1 : 0))
  }

  @Test func `a split index is put together`() throws {
    try git.git("config", "core.splitIndex", "true")
    try git.git("config", "splitIndex.maxPercentChange", "100")
    try git.git("update-index", "--split-index")
    try git.write("dir0/sub/file0.txt", "changed")
    try git.write("aaa-new", "new")
    try git.git("rm", "--quiet", "--cached", "dir1/sub/file1.txt")
    try git.git("add", "--all", "--", "dir0", "aaa-new")
    let files = try FileManager.default.contentsOfDirectory(atPath: git.path + "/.git")
    #expect(files.contains { $0.hasPrefix("sharedindex.") })
    #expect(try shown(index()) == expected())
  }

  @Test func `the folders of a sparse index are filled from their trees`() throws {
    try git.git("sparse-checkout", "set", "--cone", "--sparse-index", "dir1")
    let raw = try IndexFile(at: location.index, in: location.gitFolder)
    #expect(!raw.sparseFolders.isEmpty)
    let index = try index()
    #expect(try shown(index) == expected())
    #expect(index.entries.contains { $0.skipsWorkTree })
  }

  @Test func `the sides of a conflict are there, each with its stage`() throws {
    try git.git("checkout", "--quiet", "-b", "side")
    try git.stage("dir0/sub/file0.txt", "theirs")
    try git.commit()
    try git.git("checkout", "--quiet", "main")
    try git.stage("dir0/sub/file0.txt", "ours")
    try git.commit()
    _ = try git.result(of: ["merge", "side"])
    let index = try index()
    #expect(try shown(index) == expected())
    #expect(Set(index.entries.map(\.stage)) == [0, 1, 2, 3])
  }

  @Test func `entries are found by path and by folder`() throws {
    let index = try index()
    let all = 0..<index.entries.count
    for entry in index.entries {
      let path = Array(index.path(entry))
      #expect(index.entries(at: path, in: all).count == 1)
    }
    #expect(index.entries(at: Array("none".utf8), in: all).isEmpty)
    #expect(index.entries(below: Array("dir3/".utf8), in: all).count == 6)
    #expect(index.entries(below: Array("dir".utf8), in: all).count == 40)
    #expect(index.entries(below: Array("zzz/".utf8), in: all).isEmpty)
  }

  @Test func `a file that was not touched is known to be unchanged`() throws {
    try git.git("update-index", "--refresh")
    // Later than the files, so that their times tell.
    try git.git("update-index", "--force-write-index")
    let index = try index()
    let root = try Folder(at: Array(git.path.utf8))
    let path = Array("dir1/sub/file1.txt".utf8)
    let entry = try #require(index.entries(at: path, in: 0..<index.entries.count).first)
    let before = try root.file(at: path).status()
    #expect(index.isUnchanged(index.entries[entry], before))
    try git.write("dir1/sub/file1.txt", "content X")
    let after = try root.file(at: path).status()
    #expect(!index.isUnchanged(index.entries[entry], after))
  }

  @Test func `cached trees are those of the commit`() throws {
    let index = try index()
    let root = try String(git.git("rev-parse", "HEAD^{tree}").prefix(40))
    let sub = try String(git.git("rev-parse", "HEAD:dir2/sub").prefix(40))
    #expect(index.trees.first { $0.folder.isEmpty }?.id.description == root)
    #expect(index.trees.first { $0.folder == Array("dir2/sub/".utf8) }?.id.description == sub)
    #expect(index.trees.first { $0.folder == Array("dir2/sub/".utf8) }?.count == 6)
  }

  @Test func `an index that does not exist is empty`() throws {
    #expect(try IndexFile(at: Array("/none".utf8), in: []).entries.isEmpty)
  }

  @Test func `every flipped byte is noticed or harmless, and nothing crashes`() throws {
    let good = try git.folder.bytes("work/.git/index")
    let location = try location
    for i in stride(from: 0, to: good.count, by: 7) {
      var bad = good
      bad[i] ^= 0x55
      try git.folder.write("bad", bad)
      #expect(throws: GitError.self, "byte \(i)") {
        _ = try IndexFile(at: Array(git.folder.at("bad").utf8), in: location.gitFolder)
      }
    }
    // Without a checksum the reader has to notice by itself, or to read something else.
    for i in stride(from: 0, to: good.count - 20, by: 3) {
      var bad = Array(good.dropLast(20)) + [UInt8](repeating: 0, count: 20)
      bad[i] ^= UInt8.random(in: 1...255)
      try git.folder.write("bad", bad)
      _ = try? IndexFile(at: Array(git.folder.at("bad").utf8), in: location.gitFolder)
    }
    for count in stride(from: 0, to: good.count, by: 11) {
      try git.folder.write("bad", Array(good.prefix(count)))
      #expect(throws: GitError.self) {
        _ = try IndexFile(at: Array(git.folder.at("bad").utf8), in: location.gitFolder)
      }
    }
  }

  @Test func `an extension that must be understood and is not is refused by name`() throws {
    var content = Array(try git.folder.bytes("work/.git/index").dropLast(20))
    content += Array("zzzz".utf8) + [0, 0, 0, 0] + [UInt8](repeating: 0, count: 20)
    try git.folder.write("odd", content)
    var message = ""
    do {
      _ = try IndexFile(at: Array(git.folder.at("odd").utf8), in: [])
    } catch {
      message = "\(error)"
    }
    #expect(message.hasSuffix("it uses the extension zzzz"))
  }
}
