import Foundation
import Git
import Packs
import TestSupport
import Testing

/// Names and entries of packs, each found in two ways.
struct PackIndexTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
  }

  /// The pack that a folder holds.
  private func open(in folder: String) throws -> Pack {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let index = try #require(names.first { $0.hasSuffix(".idx") })
    return try Pack(index: Array("\(folder)/\(index)".utf8))
  }

  /// A pack with a commit of `count` files, many of which are made from others.
  private func pack(_ count: Int, lines: Int = 40, _ options: [String] = []) throws -> Pack {
    var stream = ""
    for i in 1...count {
      let text = (0..<lines).map { "line \($0) \($0 == i % lines ? i : 0)" }.joined(separator: "\n")
      stream += "blob\nmark :\(i)\ndata \(text.utf8.count)\n\(text)\n"
    }
    stream += "commit refs/heads/made\ncommitter A <a@b.c> 1700000000 +0000\ndata 1\nx\n"
    for i in 1...count { stream += "M 100644 :\(i) \(i % 64)/file-\(i)\n" }
    try git.git(["fast-import", "--quiet"], input: Array(stream.utf8))
    try git.git(options + ["repack", "-adfq"])
    return try open(in: git.path + "/.git/objects/pack")
  }

  private func randomNames(_ count: Int) -> [ObjectID] {
    (0..<count).compactMap { _ in
      ObjectID(hex: (0..<40).map { _ in Array("0123456789abcdef".utf8).randomElement() ?? 48 })
    }
  }

  /// By two bytes as the catalog does, by all four, and in no order at all.
  @Test(arguments: [16, 0, 32]) func `many names are found as each alone`(shift: Int) throws {
    let pack = try pack(400)
    for share in [1, 3, 40, 400] {
      var names = randomNames(300)
      for position in 0..<pack.count where position % share == 0 {
        let id = pack.index.id(at: position)
        names.append(id)
        // Another that begins alike.
        if let other = ObjectID(hex: Array(id.description.utf8.prefix(39)) + [48]) {
          names.append(other)
        }
      }
      names.shuffle()
      names.sort { UInt64($0.prefix) >> UInt64(shift) < UInt64($1.prefix) >> UInt64(shift) }
      var cursor = PackIndex.Cursor()
      var found = 0
      for name in names {
        let position = pack.position(of: name, after: &cursor)
        #expect(position == pack.position(of: name))
        if let position, pack.index.id(at: position) == name { found += 1 }
      }
      #expect(found >= pack.count / share)
    }
  }

  /// Whether all that is told of entries is the same, however many threads read their heads.
  private func expectAgreement(on pack: Pack) throws {
    let one = try PackEntries(of: pack, jobs: 1)
    let many = try PackEntries(of: pack, jobs: 5)
    let roots = one.roots(of: [.commit, .tree, .blob, .tag])
    #expect(roots == many.roots(of: [.commit, .tree, .blob, .tag]))
    #expect(one.lost.isEmpty && many.lost.isEmpty)
    #expect(roots.reduce(0) { $0 + one.weight(of: $1) } == pack.count)
    #expect(roots.count < pack.count, "there are deltas")
    var areSame = true
    for entry in 0..<pack.count {
      var (first, second): ([Int], [Int]) = ([], [])
      one.forEachChild(of: entry) { first.append($0) }
      many.forEachChild(of: entry) { second.append($0) }
      let weight = first.reduce(1) { $0 + one.weight(of: $1) }
      areSame = areSame && first == second && weight == one.weight(of: entry)
      areSame = areSame && weight == many.weight(of: entry)
    }
    #expect(areSame)
  }

  @Test(arguments: ["true", "false"])
  func `entries are the same on one thread and on many`(usesOffsets: String) throws {
    try expectAgreement(
      on: pack(40_000, lines: 14, ["-c", "repack.useDeltaBaseOffset=\(usesOffsets)"]))
  }

  /// What completes a thin pack stands behind the deltas that are made from it.
  @Test func `bases may stand behind their deltas`() throws {
    _ = try pack(50)
    try git.git("checkout", "-q", "-f", "made")
    for i in 1...20 {
      let name = "\(i)/file-\(i)"
      let old = try String(contentsOfFile: "\(git.path)/\(name)", encoding: .utf8)
      try git.write(name, Array((old + "\nmore\n").utf8))
    }
    try git.git("commit", "-aqm", "changed")
    let thin = try git.result(
      of: ["pack-objects", "--thin", "--stdout", "--revs", "-q"],
      input: Array("made\n^made~\n".utf8)
    ).bytes
    let folder = git.path + "/thin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try git.git(["index-pack", "--stdin", "--fix-thin", folder + "/pack-thin.pack"], input: thin)
    let pack = try open(in: folder)
    try expectAgreement(on: pack)
  }
}
