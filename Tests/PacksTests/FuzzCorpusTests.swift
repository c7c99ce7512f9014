import Foundation
import FuzzInputs
import TestSupport
import Testing

@testable import Packs

/// What `make fuzz` begins with, and what once crashed.
struct FuzzCorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzz/corpus")

  @Test func `every input of the corpus is read without a crash`() throws {
    let folder = TemporaryFolder()
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.folder, includingPropertiesForKeys: nil)
    var kinds: Set<FuzzInput.Kind> = []
    for file in files {
      let input = try #require(FuzzInput(Array(try Data(contentsOf: file))))
      kinds.insert(input.kind)
      input.read(in: folder.path)
    }
    #expect(kinds.count == FuzzInput.Kind.allCases.count)
  }

  /// Makes the seeds anew, on request: `KEYSCAN_UPDATE_CORPUS=1 swift test --filter FuzzCorpus`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["KEYSCAN_UPDATE_CORPUS"] != nil))
  func `seeds are made`() throws {
    let git = try GitFixture()
    for i in 0..<4 {
      try git.stage("a/file", (0..<30).map { "line \($0 == i ? -1 : $0)" }.joined(separator: "\n"))
      try git.commit("commit \(i)")
    }
    try git.git("tag", "-a", "-m", "tag", "t")
    for (name, arguments) in [
      ("offset", [String]()), ("name", ["-c", "repack.useDeltaBaseOffset=false"]),
      ("version-1", ["-c", "pack.indexVersion=1"]),
    ] {
      try git.git(arguments + ["repack", "-adfq"])
      let inner = "work/.git/objects/pack"
      let names = try FileManager.default.contentsOfDirectory(atPath: git.folder.at(inner))
      let pack = try git.folder.bytes(
        "\(inner)/\(try #require(names.first { $0.hasSuffix(".pack") }))")
      let index = try git.folder.bytes(
        "\(inner)/\(try #require(names.first { $0.hasSuffix(".idx") }))")
      try write(.pack, index, pack, "pack-\(name)")
      try write(.packIndex, Array(index.suffix(60)), index, "pack-index-\(name)")
    }
    for version in ["2", "3", "4"] {
      try git.git("update-index", "--index-version", version)
      try write(.index, [], git.folder.bytes("work/.git/index"), "index-\(version)")
    }
    let base = Array("the quick brown fox jumps over the lazy dog".utf8)
    let delta: [UInt8] = [43, 20, 0x90, 10, 3] + Array("cat".utf8) + [0x91, 20, 7]
    try write(.delta, base, delta, "delta")
  }

  private func write(
    _ kind: FuzzInput.Kind, _ first: [UInt8], _ second: [UInt8], _ name: String
  ) throws {
    let bytes = FuzzInput.bytes(kind, first, second)
    try Data(bytes).write(to: Self.folder.appendingPathComponent(name))
  }
}
