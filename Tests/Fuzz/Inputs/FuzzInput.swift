import Archives
import Files
import Foundation
import Git
import Packs

/// One input of `make fuzz`: bytes that are read as a delta, as a pack with its index, as an index of
/// either kind, or as a container.
///
/// The first byte says which; two more say how the rest is divided.
package struct FuzzInput {
  package enum Kind: UInt8, CaseIterable {
    case delta, pack, packIndex, index, container
  }

  package let kind: Kind
  private let first: [UInt8]
  private let second: [UInt8]

  /// `nil` if there are too few bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 3, let kind = Kind(rawValue: bytes[0] % UInt8(Kind.allCases.count))
    else { return nil }
    let rest = bytes[3...]
    let count = min(Int(bytes[1]) << 8 | Int(bytes[2]), rest.count)
    self.kind = kind
    first = Array(rest.prefix(count))
    second = Array(rest.dropFirst(count))
  }

  /// The bytes that are read as this input again.
  package static func bytes(_ kind: Kind, _ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    [kind.rawValue, UInt8(first.count >> 8), UInt8(first.count & 255)] + first + second
  }

  /// Reads it, with files in `folder`.
  ///
  /// Whatever is wrong with it has to be told; nothing may crash, hang or be read beside it. What
  /// is checked besides is that every entry of a pack is visited or told to be lost.
  package func read(in folder: String) {
    switch kind {
    case .delta: readDelta()
    case .pack: readPack(in: folder)
    case .packIndex: readPackIndex(in: folder)
    case .index: readIndex(in: folder)
    case .container: readContainer(second, depth: 1)
    }
  }

  private func readDelta() {
    second.withUnsafeBytes { instructions in
      guard let delta = try? Delta(instructions, baseCount: first.count),
        delta.count <= 1 << 20
      else { return }
      var pieces: [CopiedPiece] = []
      var made = [UInt8](repeating: 0, count: delta.count)
      try? first.withUnsafeBytes { base in
        try made.withUnsafeMutableBytes { made in
          guard let start = made.baseAddress else { return }
          try delta.apply(to: base, into: start, pieces: &pieces)
        }
      }
      for piece in pieces {
        precondition(
          made[piece.target..<piece.targetEnd].elementsEqual(first[piece.source..<piece.sourceEnd]),
          "a piece is not what was copied")
      }
    }
  }

  private func put(_ bytes: [UInt8], _ path: String) -> [UInt8] {
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
    return Array(path.utf8)
  }

  private func readPack(in folder: String) {
    let index = put(first, "\(folder)/x.idx")
    _ = put(second, "\(folder)/x.pack")
    guard let pack = try? Pack(index: index), pack.count < 1 << 16,
      let swept = try? SweptPack(pack)
    else { return }
    let counter = Counter()
    guard var walker = try? PackWalker([swept], budget: MemoryBudget(limit: 1 << 20)) else {
      return
    }
    for root in swept.entries.roots(of: [.commit, .tree, .blob, .tag]) {
      walker.walk(
        PackWalker.Start(pack: 0, entry: root), counter, wantsWork: { false }, share: { _ in },
        isStopped: { false })
    }
    precondition(
      counter.count + swept.entries.lost.count == swept.entries.count,
      "an entry was neither visited nor told to be lost")
  }

  private func readPackIndex(in folder: String) {
    guard let index = try? PackIndex(at: put(second, "\(folder)/y.idx")) else { return }
    for i in 0..<min(index.count, 1000) {
      let id = index.id(at: i)
      _ = try? index.offset(at: i)
      _ = index.position(of: id)
    }
    if let id = ObjectID(first.span, at: 0) { _ = index.position(of: id) }
  }

  private func readIndex(in folder: String) {
    let path = put(second, "\(folder)/index")
    guard let index = try? IndexFile(at: path, in: Array(folder.utf8)) else { return }
    for entry in index.entries { _ = index.path(entry) }
  }

  /// Reads it and what is packed in it, within limits that are checked besides.
  private func readContainer(_ bytes: [UInt8], depth: Int) {
    guard let kind = ContainerKind(bytes.span) else { return }
    var limits = ContainerLimits()
    (limits.bytes, limits.totalBytes, limits.entries) = (4 << 20, 8 << 20, 1000)
    var budget = ContainerBudget(limits)
    var (unpacked, entries) = (0, 0)
    do {
      var container = try Container(ByteBuffer(bytes), as: kind, name: Array("a.gz".utf8))
      while let entry = try container.next(&budget) {
        unpacked += entry.bytes.count
        entries += 1
        if depth < limits.depth {
          readContainer(entry.bytes.array(0..<entry.bytes.count), depth: depth + 1)
        }
      }
    } catch {
      // It was told.
    }
    // One text may be as long as eight times the file and a little.
    precondition(
      kind.isText || unpacked <= limits.bytes && entries <= limits.entries,
      "more was unpacked than the limits say")
  }

  private final class Counter: PackVisitor {
    var count = 0

    func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
      count += 1
      return nil
    }

    func visit(
      _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
      of memory: (any PackMemory)?, baseCount: Int
    ) -> (any PackMemory)? {
      count += 1
      return nil
    }

    func lose(_ entry: PackEntry, _ error: PackError) { count += 1 }
  }
}
