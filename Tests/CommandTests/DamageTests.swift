import Foundation
import TestSupport
import Testing

/// Packs that are damaged cost what hangs on the damage, and never the run.
struct DamageTests {
  private let git: GitFixture

  /// A repository in one pack with chains of deltas and a secret in its oldest version.
  init() throws {
    git = try GitFixture()
    var lines = (0..<200).map { "line \($0) \(UUID().uuidString)" }
    try git.stage("key", LookAlike.apiKey())
    for i in 0..<30 {
      lines[i * 3] = "changed \(i)"
      try git.stage("file", lines.joined(separator: "\n"))
      try git.commit("commit \(i)")
    }
    try git.git("repack", "-adfq", "--depth=30")
    try git.git("prune-packed")
  }

  private var packs: String { "work/.git/objects/pack" }

  private func file(_ suffix: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: git.folder.at(packs))
    return "\(packs)/\(try #require(names.first { $0.hasSuffix(suffix) }))"
  }

  private func expectTold(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let output = try Tool.run(
      Keyscan.program, [".", "--format", "json"], in: git.path, environment: git.environment,
      limit: 60)
    #expect(output.status < 128, "\(what): \(output.errors)", sourceLocation: sourceLocation)
    let json = try JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any]
    let report = Keyscan.Report(json: json ?? [:], status: output.status, errors: output.errors)
    // The work tree holds the key in any case.
    #expect(
      report.paths(of: "google.api-key").contains("key"), "\(what)", sourceLocation: sourceLocation)
    #expect(report.gaps.contains { $0.fails }, "\(what)", sourceLocation: sourceLocation)
    #expect(output.status == 1, sourceLocation: sourceLocation)
  }

  @Test func `flipped bytes of a pack cost what hangs on them`() throws {
    let name = try file(".pack")
    let good = try git.folder.bytes(name)
    try git.folder.setMode(0o644, of: name)
    for i in stride(from: 12, to: good.count - 20, by: good.count / 40) {
      var bad = good
      bad[i] ^= 0xFF
      try git.folder.write(name, bad)
      try expectTold("byte \(i)")
    }
    // Without the key in the work tree, a run that could not read everything fails.
    try git.remove("key")
    try git.git("rm", "--quiet", "--cached", "key")
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 74 || output.status == 1)
  }

  @Test func `a pack that is cut short is told`() throws {
    let name = try file(".pack")
    let good = try git.folder.bytes(name)
    try git.folder.setMode(0o644, of: name)
    for count in [0, 4, 12, 31, 32, 100, good.count / 2, good.count - 21, good.count - 1] {
      try git.folder.write(name, Array(good.prefix(count)))
      try expectTold("cut at \(count)")
    }
  }

  @Test func `flipped bytes of an index are told or harmless`() throws {
    let name = try file(".idx")
    let good = try git.folder.bytes(name)
    try git.folder.setMode(0o644, of: name)
    for i in stride(from: 0, to: good.count, by: good.count / 50) {
      var bad = good
      bad[i] ^= 0xFF
      try git.folder.write(name, bad)
      let output = try Tool.run(
        Keyscan.program, ["."], in: git.path, environment: git.environment, limit: 60)
      #expect(output.status < 128, "byte \(i): \(output.errors.suffix(300))")
      #expect(output.text.contains("Google API key"), "byte \(i)")
    }
  }

  @Test func `an entry of another kind, a loop and absurd sizes are told`() throws {
    let name = try file(".pack")
    let good = try git.folder.bytes(name)
    try git.folder.setMode(0o644, of: name)
    let lines = try git.git("verify-pack", "-v", name.dropFirst(5).description)
      .split(separator: "\n").map { $0.split(separator: " ") }
    let deltas = lines.filter { $0.count == 7 }.compactMap { Int($0[4]) }
    let offset = try #require(deltas.last)
    for head: UInt8 in [0x00, 0x50, 0x10, 0x40, 0x7F] {
      var bad = good
      bad[offset] = bad[offset] & 0x80 | head & 0x7F
      try git.folder.write(name, bad)
      try expectTold("kind \(head)")
    }
    // A distance of zero makes an entry its own base; a large one leads out of the pack.
    for distance: UInt8 in [0, 0x7F] {
      var bad = good
      var i = offset
      while bad[i] & 0x80 != 0 { i += 1 }
      bad[i + 1] = distance
      try git.folder.write(name, bad)
      try expectTold("distance \(distance)")
    }
    // Sizes that no entry of this length can have.
    var bad = good
    for i in 1..<6 { bad[offset + i] = 0xFF }
    try git.folder.write(name, bad)
    try expectTold("an absurd size")
  }

  @Test func `a pack without its index, and an index without its pack`() throws {
    let index = try file(".idx")
    let pack = try file(".pack")
    let bytes = try git.folder.bytes(pack)
    try git.folder.remove(pack)
    try expectTold("no pack")
    try git.folder.write(pack, bytes)
    try git.folder.remove(index)
    // git itself does not see such a pack; its objects are missing.
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 1 || output.status >= 64)
  }
}
