import Foundation
import FuzzInputs
import TestSupport
import Testing

@testable import Packs

/// Deltas, good ones and bad ones.
struct DeltaTests {
  private func size(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var left = count
    repeat {
      bytes.append(UInt8(left & 0x7F) | (left > 0x7F ? 0x80 : 0))
      left >>= 7
    } while left > 0
    return bytes
  }

  private func copy(_ source: Int, _ count: Int) -> [UInt8] {
    let parts = [source & 0xFF, source >> 8 & 0xFF, source >> 16 & 0xFF, source >> 24 & 0xFF]
    let sizes = [count & 0xFF, count >> 8 & 0xFF, count >> 16 & 0xFF]
    return [0xFF] + (parts + sizes).map { UInt8($0) }
  }

  private func apply(
    _ delta: [UInt8], to base: [UInt8]
  ) throws(PackError) -> (content: [UInt8], pieces: [CopiedPiece]) {
    var pieces: [CopiedPiece] = []
    // The closures of the standard library do not pass typed errors on.
    let result = delta.withUnsafeBytes { delta -> Result<[UInt8], PackError> in
      do throws(PackError) {
        let read = try Delta(delta, baseCount: base.count)
        let content = try Content(count: read.count, account: budget.account()) {
          output throws(PackError) in
          let raw = base.withUnsafeBytes { $0 }
          try read.apply(to: raw, into: output, pieces: &pieces)
        }
        return .success(content.withBytes { bytes in bytes.indices.map { bytes[$0] } })
      } catch {
        return .failure(error)
      }
    }
    return (try result.get(), pieces)
  }

  private let budget = MemoryBudget(limit: 1 << 20)

  @Test func `copies and inserts make the result, and copies that go on are one piece`() throws {
    let base = Array("0123456789abcdefghij".utf8)
    let delta =
      size(base.count) + size(20) + copy(0, 5) + copy(5, 5) + [3] + Array("XYZ".utf8) + copy(13, 7)
    let (content, pieces) = try apply(delta, to: base)
    #expect(String(decoding: content, as: UTF8.self) == "0123456789XYZdefghij")
    #expect(
      pieces == [
        CopiedPiece(source: 0, target: 0, count: 10), CopiedPiece(source: 13, target: 13, count: 7),
      ])
  }

  @Test func `what leads outside, ends early or promises too much is damage`() {
    let base = Array("0123456789".utf8)
    let good = size(10) + size(10) + copy(0, 10)
    let bad: [[UInt8]] = [
      [], size(10), size(11) + size(10) + copy(0, 10), size(10) + size(11) + copy(0, 10),
      size(10) + size(9) + copy(0, 10), size(10) + size(10) + copy(1, 10),
      size(10) + size(10) + [0x00], size(10) + size(10) + [5, 1, 2], Array(good.dropLast()),
      size(10) + size(1 << 30 + 1) + copy(0, 10), Array(repeating: 0xFF, count: 40),
      size(10) + size(1 << 40), size(10) + size(10) + copy(0xFFFF_FFF0, 10),
    ]
    for (i, delta) in bad.enumerated() {
      #expect(throws: PackError.self, "\(i)") { try apply(delta, to: base) }
    }
    #expect(throws: Never.self) { try apply(good, to: base) }
  }

  @Test func `a hundred thousand damaged deltas crash nothing`() throws {
    var random = SystemRandomNumberGenerator()
    let base = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for _ in 0..<100_000 {
      // Half-way sensible instructions, some of whose bytes are then changed.
      var body: [UInt8] = []
      var count = 0
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        if Bool.random(using: &random) {
          let length = Int.random(in: 1...100, using: &random)
          body += copy(Int.random(in: 0...210, using: &random), length)
          count += length
        } else {
          let length = Int.random(in: 1...20, using: &random)
          body += [UInt8(length)] + (0..<length).map { UInt8($0) }
          count += length
        }
      }
      var delta = size(base.count) + size(count) + body
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        delta[Int.random(in: 0..<delta.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if let (content, pieces) = try? apply(delta, to: base) {
        let isInside = pieces.allSatisfy {
          $0.sourceEnd <= base.count && $0.targetEnd <= content.count
            && content[$0.target..<$0.targetEnd] == base[$0.source..<$0.sourceEnd]
        }
        if !isInside {
          Issue.record("\(delta)")
          return
        }
      }
    }
  }

  @Test func `thousands of damaged packs and indexes crash nothing`() throws {
    let git = try GitFixture()
    for i in 0..<12 {
      try git.stage("file", (0..<60).map { "line \($0 == i ? -1 : $0)" }.joined(separator: "\n"))
      try git.commit("commit \(i)")
    }
    try git.git("repack", "-adfq", "--depth=12")
    let folder = "work/.git/objects/pack"
    let names = try FileManager.default.contentsOfDirectory(atPath: git.folder.at(folder))
    let pack = try git.folder.bytes(
      "\(folder)/\(try #require(names.first { $0.hasSuffix(".pack") }))")
    let index = try git.folder.bytes(
      "\(folder)/\(try #require(names.first { $0.hasSuffix(".idx") }))")
    var random = SystemRandomNumberGenerator()
    for round in 0..<2_000 {
      var (badPack, badIndex) = (pack, index)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        if round % 2 == 0 {
          badPack[Int.random(in: 12..<(pack.count - 20), using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        } else {
          badIndex[Int.random(in: 0..<(index.count - 40), using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      }
      // Every entry is visited, or told to be lost.
      let input = FuzzInput(FuzzInput.bytes(.pack, badIndex, badPack))
      try #require(input).read(in: git.folder.at(""))
    }
  }
}
