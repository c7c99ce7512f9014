import BuiltInRules
import Files
import Git
import Matching
import Model
import Packs
import Rules
import Scanning
import TestSupport
import Testing

@testable import History

/// A visitor that keeps every content.
final class Collector: PackVisitor {
  let catalog: ObjectCatalog
  var contents: [ObjectID: [UInt8]] = [:]
  var lost: [(ObjectID, PackError)] = []
  var greatest = 0

  init(_ catalog: ObjectCatalog) { self.catalog = catalog }

  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
    contents[catalog.id(catalog.number(of: entry).number)] = content.indices.map { content[$0] }
    return nil
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    visit(entry, whole: content)
  }

  func lose(_ entry: PackEntry, _ error: PackError) {
    lost.append((catalog.id(catalog.number(of: entry).number), error))
  }
}

struct SweepTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  /// Files that grow, shrink, move lines and come back, so that git makes deltas of many kinds.
  private func fill(commits: Int, seed: Int) throws {
    var random = SeededGenerator(seed)
    var files = (0..<6).map { _ in (0..<60).map { _ in "line \(random.next() % 1000)" } }
    for number in 0..<commits {
      for _ in 0..<2 {
        let i = Int(random.next() % 6)
        for _ in 0..<Int(random.next() % 4 + 1) {
          let place = Int(random.next() % UInt64(files[i].count))
          switch random.next() % 4 {
          case 0: files[i].insert("new \(random.next())", at: place)
          case 1: files[i][place] = "changed \(random.next())"
          case 2 where files[i].count > 10: files[i].remove(at: place)
          default: files[i].append(contentsOf: files[i][..<min(20, place + 1)])
          }
        }
        try git.write("dir\(i % 3)/file\(i)", files[i].joined(separator: "\n"))
      }
      try git.git("add", "--all")
      try git.commit("commit \(number)")
    }
  }

  private func location() throws -> RepositoryLocation {
    try #require(
      try RepositoryLocation(at: Paths.real(Array(git.path.utf8)) ?? Array(git.path.utf8)))
  }

  /// Every object that the repository has, as libgit2 gives it.
  private func expectAll(_ budget: Int = 1 << 20, jobs: Int = 1) throws {
    let catalog = ObjectCatalog(of: try location())
    #expect(catalog.gaps.isEmpty && !catalog.packs.isEmpty)
    let collector = Collector(catalog)
    let memory = MemoryBudget(limit: budget)
    var walker = try PackWalker(catalog.packs, budget: memory)
    for (i, pack) in catalog.packs.enumerated() {
      #expect(pack.entries.lost.isEmpty)
      for root in pack.entries.roots(of: [.commit, .tree, .blob, .tag]) {
        walker.walk(
          PackWalker.Start(pack: i, entry: root), collector, wantsWork: { false },
          share: { _ in }, isStopped: { false })
      }
    }
    let ids = try git.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
      .split(separator: "\n").compactMap { ObjectID(hex: $0.utf8) }
    let loose = Set(catalog.loose)
    let objects = try Repository(at: location()).objects()
    #expect(collector.lost.isEmpty)
    var wrong = 0
    for id in ids where !loose.contains(id) {
      let object = try objects.object(id)
      let bytes = object.bytes.indices.map { object.bytes[$0] }
      if collector.contents[id] != bytes { wrong += 1 }
    }
    #expect(wrong == 0 && collector.contents.count == ids.count - loose.count)
  }

  @Test func `the sweep gives the bytes that libgit2 gives, however packs are made`() throws {
    try fill(commits: 60, seed: 1)
    for arguments in [
      ["-adfq", "--depth=50", "--window=20"], ["-adfq", "--depth=1"], ["-adfq", "--depth=250"],
      ["-adfq", "--depth=0", "--window=0"],
    ] {
      try git.git(["repack"] + arguments)
      try expectAll()
      // With no room at all, everything is made again each time it is needed.
      try expectAll(0)
    }
  }

  @Test func `several packs, version 1 indexes and deltas by name are read`() throws {
    try fill(commits: 20, seed: 2)
    try git.git("repack", "-dq")
    try fill(commits: 20, seed: 3)
    try git.git("repack", "-dq")
    try expectAll()
    // A pack that names bases, as protocols without ofs-delta send it.
    let ids = try git.git("rev-list", "--objects", "--all").split(separator: "\n")
      .map { String($0.prefix(40)) }.joined(separator: "\n")
    try git.git(
      ["-c", "repack.useDeltaBaseOffset=false", "-c", "pack.indexVersion=1", "repack", "-adfq"])
    #expect(!ids.isEmpty)
    try expectAll()
  }

  @Test func `contents in memory are few, and parts are handed over`() throws {
    try fill(commits: 80, seed: 4)
    try git.git("repack", "-adfq", "--depth=200", "--window=50")
    let catalog = ObjectCatalog(of: try location())
    let pack = try #require(catalog.packs.first)
    var shared: [PackWalker.Start] = []
    let memory = MemoryBudget(limit: 1 << 30)
    let collector = Collector(catalog)
    var walker = try PackWalker(catalog.packs, budget: memory)
    for root in pack.entries.roots(of: [.blob]) {
      shared.append(PackWalker.Start(pack: 0, entry: root))
    }
    var handed = 0
    while let start = shared.popLast() {
      // Somebody always wants work: all that can be handed over is.
      var more: [PackWalker.Start] = []
      walker.walk(
        start, collector, wantsWork: { true }, share: { more.append($0) }, isStopped: { false })
      handed += more.count
      shared += more
    }
    #expect(handed > 0)
    let objects = try git.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    #expect(collector.contents.count == objects.split(separator: "\n").count { $0 == "blob" })
    // A family of n objects has at most log2 n + 1 contents in memory, and one that is made.
    let alone = MemoryBudget(limit: 1 << 30, step: 1)
    var quiet = try PackWalker(catalog.packs, budget: alone)
    let heaviest = try #require(pack.entries.roots(of: [.blob]).first)
    quiet.walk(
      PackWalker.Start(pack: 0, entry: heaviest), collector, wantsWork: { false },
      share: { _ in }, isStopped: { false })
    let largest = collector.contents.values.map(\.count).max() ?? 0
    var levels = 1
    while 1 << levels < pack.entries.weight(of: heaviest) { levels += 1 }
    #expect(alone.greatest <= (levels + 2) * largest)
  }
}
