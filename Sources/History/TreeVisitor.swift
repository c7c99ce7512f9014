internal import Files
package import Git
internal import Matching
package import Model
package import Packs
internal import Scanning

/// What is remembered of a tree for those that are made from it.
final class TreeMemory: PackMemory {
  /// Where each of its lines begins, and where the last one ends.
  let starts: [UInt32]
  /// The lines that lead somewhere, when a graph is made.
  let edges: [TreeEdge]

  init(starts: [UInt32], edges: [TreeEdge] = []) {
    self.starts = starts
    self.edges = edges
  }
}

/// A line of a tree that leads to another tree, or to a blob that is wanted.
struct TreeEdge: Sendable {
  /// Where the line begins.
  var offset: UInt32
  /// How the name of the object begins: a tree has no two lines with the same name and that.
  let key: UInt32
  /// The number of the name.
  let name: UInt32
}

/// What the trees of a repository say.
package struct TreeTally: Sendable {
  package var trees = 0
  package var bytes = 0
  /// Blobs and links under names that are rules of their own, by their numbers.
  package var named: Set<Int> = []
  /// Names that hold a secret themselves, with the number of what they name.
  package var speaking: Set<Int> = []
  package var missing: Set<ObjectID> = []
  package var lost: [(number: Int, error: PackError)] = []
  package var gaps: [Gap] = []
  /// Which trees lead where, if that was asked for.
  var graph = TreeGraph()

  mutating func add(_ other: consuming TreeTally) {
    trees += other.trees
    bytes += other.bytes
    named.formUnion(other.named)
    speaking.formUnion(other.speaking)
    missing.formUnion(other.missing)
    lost += other.lost
    gaps += other.gaps
    graph.add(other.graph)
  }
}

/// What the lines of trees are wanted for: those that lead to another tree, to one of some
/// objects, or that have a name that is looked for are noted.
final class WantedLines: Sendable {
  private let ids: Set<ObjectID>
  /// How the names of the wanted begin, a bit for each of the first ``prefixBits``: almost every
  /// blob is none of them.
  let prefixes: [UInt64]
  let names: NameTable

  init(_ ids: Set<ObjectID>, names: NameTable = NameTable()) {
    var prefixes = [UInt64](repeating: 0, count: 1 << (Self.prefixBits - 6))
    for id in ids {
      let bit = id.prefix >> (32 - Self.prefixBits)
      prefixes[Int(bit >> 6)] |= 1 << UInt64(bit & 63)
    }
    self.ids = ids
    self.prefixes = prefixes
    self.names = names
  }

  /// 128 KiB of them; a repository in which much is found has some ten thousand wanted blobs.
  static let prefixBits = 20

  func contains(_ id: ObjectID) -> Bool { ids.contains(id) }
}

/// Looks at every line of every tree once: at what it names, and how.
final class TreeVisitor: PackVisitor {
  // All that changes is in one place, so that one access a tree is checked, not one a line.
  private var reader: TreeReader

  /// `wanted` asks for a graph of what leads where.
  init(
    _ catalog: ObjectCatalog, names: consuming NameJudge, progress: Progress, wanted: WantedLines?
  ) {
    reader = TreeReader(catalog, names: names, progress: progress, wanted: wanted)
  }

  /// Hands over what was done.
  func finish() -> TreeTally { reader.finish() }

  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
    reader.visit(entry, content, copied: [], of: nil)
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    reader.visit(entry, content, copied: pieces, of: memory as? TreeMemory)
  }

  func lose(_ entry: PackEntry, _ error: PackError) { reader.lose(entry, error) }

  /// Looks at a tree that is in no pack.
  func visit(loose number: Int, _ content: Span<UInt8>) { reader.visit(loose: number, content) }
}

/// What a ``TreeVisitor`` does.
private struct TreeReader: ~Copyable {
  private let catalog: ObjectCatalog
  private var names: NameJudge
  private let progress: Progress
  private let wanted: WantedLines?
  /// Its own copy of how the names of the wanted begin: what all workers share is asked as
  /// seldom as can be, since they wait for one another to count its users.
  private let wantedPrefixes: [UInt64]
  private var tally = TreeTally()
  private var graph = TreeGraph.Part()
  private var lookups = Lookups()

  /// `wanted` asks for a graph of what leads where.
  init(
    _ catalog: ObjectCatalog, names: consuming NameJudge, progress: Progress, wanted: WantedLines?
  ) {
    self.catalog = catalog
    self.names = names
    self.progress = progress
    self.wanted = wanted
    wantedPrefixes = wanted?.prefixes.map { $0 } ?? []
  }

  /// Hands over what was done.
  mutating func finish() -> TreeTally {
    checkAll()
    if wanted != nil { tally.graph.parts = [graph] }
    return tally
  }

  mutating func visit(
    _ entry: PackEntry, _ content: Span<UInt8>, copied pieces: [CopiedPiece], of base: TreeMemory?
  ) -> TreeMemory? {
    let (number, isFirst) = catalog.number(of: entry)
    if isFirst { count(content) }
    let tree = wantedPrefixes.isEmpty ? 0 : catalog.entryNumber(of: entry)
    var edges = CarriedEdges(base)
    var lines = TreeLines(
      pieces: pieces, base: base?.starts ?? [], keepsStarts: !entry.isLeaf)
    while let step = lines.next(in: content) {
      switch step {
      case .new(let line):
        if let edge = look(at: line, of: tree, in: content) { edges.add(edge) }
      case .copied(let range, let shift): edges.carry(range, by: shift)
      }
    }
    if lines.isDamaged { note(damaged: number) }
    guard !wantedPrefixes.isEmpty else {
      return entry.isLeaf ? nil : TreeMemory(starts: lines.starts)
    }
    edges.forEachDropped { edge in
      graph.dropped.append(TreeGraph.Dropped(key: edge.key, name: edge.name, tree: tree))
    }
    return entry.isLeaf ? nil : TreeMemory(starts: lines.starts, edges: edges.edges)
  }

  mutating func lose(_ entry: PackEntry, _ error: PackError) {
    tally.lost.append((catalog.number(of: entry).number, error))
    if wanted != nil { graph.lost.append(catalog.entryNumber(of: entry)) }
  }

  /// Looks at a tree that is in no pack.
  mutating func visit(loose number: Int, _ content: Span<UInt8>) {
    count(content)
    let tree = UInt32(catalog.entryCount + number)
    var lines = TreeLines(pieces: [], base: [])
    while let line = lines.next(in: content) {
      if case .new(let line) = line { _ = look(at: line, of: tree, in: content) }
    }
    if lines.isDamaged { note(damaged: number) }
  }

  private mutating func count(_ content: Span<UInt8>) {
    tally.trees += 1
    tally.bytes += content.count
    if tally.trees & 255 == 0 { progress.add(objects: 256, bytes: 0) }
  }

  private mutating func checkAll() {
    lookups.resolve(in: catalog) { id in
      tally.missing.insert(id)
    } found: { edge, number in
      graph.added[Int(edge)].child = number
    }
  }

  private mutating func note(damaged number: Int) {
    tally.gaps.append(
      Gap(
        .damaged, subject: ForeignText("tree \(catalog.id(number))"),
        reason: ForeignText("it ends in the middle of an entry")))
  }

  private func mayBeWanted(_ id: ObjectID) -> Bool {
    let bit = id.prefix >> (32 - WantedLines.prefixBits)
    return wantedPrefixes[Int(bit >> 6)] >> UInt64(bit & 63) & 1 != 0
  }

  /// Looks at a line, and returns the edge that it makes, if it leads somewhere.
  private mutating func look(
    at line: TreeLine, of tree: UInt32, in content: Span<UInt8>
  ) -> TreeEdge? {
    // A submodule's commit is in another repository.
    guard line.type != .submodule, let id = ObjectID(content, at: line.name.upperBound + 1)
    else { return nil }
    let name = content.extracting(line.name)
    let recent = lookups.position(of: id)
    let known = recent.map { lookups.name(at: $0) }.flatMap { names.isName(name, $0) ? $0 : nil }
    let judged = known ?? names.judge(name) { gap in tally.gaps.append(gap) }
    let isNamed = names[judged].isNoteworthy && line.type != .tree
    if known == nil, isNamed || names[judged].isSpeaking, let number = catalog.number(of: id) {
      if isNamed { tally.named.insert(number) }
      if names[judged].isSpeaking { tally.speaking.insert(number) }
    }
    if lookups.isFull { checkAll() }
    guard !wantedPrefixes.isEmpty,
      line.type == .tree || isNamed || names[judged].isSpeaking
        || mayBeWanted(id) && wanted?.contains(id) == true
    else {
      if recent == nil { _ = lookups.add(id, name: judged) }
      return nil
    }
    guard
      let number = names.number(of: judged)
        ?? wanted.map({ wanted in
          names.number(of: judged, in: wanted.names, name)
        })
    else { return nil }
    let edge = UInt32(graph.added.count)
    graph.added.append(TreeGraph.Edge(child: TreeGraph.none, name: number, tree: tree))
    lookups.link(edge, to: lookups.position(of: id) ?? lookups.add(id, name: judged))
    return TreeEdge(offset: UInt32(line.start), key: id.prefix, name: number)
  }
}

/// What trees name and was not looked up yet.
///
/// Names are spread over the whole of an index; many at once, in order, are found in a tenth of
/// the time that each would take by itself. Most stand in many trees one after the other: those
/// are looked up once.
private struct Lookups {
  private var ids: [ObjectID] = []
  /// What the names beside `ids` were judged as.
  private var names: [UInt32] = []
  /// Edges that lead to one of `ids`.
  private var edges: [(edge: UInt32, id: UInt32)] = []
  /// Where an id that begins in some way was put last: how it begins, and the position.
  ///
  /// Most that were not met are told by this alone.
  private var recent = [UInt64](repeating: 0, count: 1 << 15)

  private static let batch = 1 << 17

  /// It is time to look.
  var isFull: Bool { ids.count >= Self.batch }

  private func slot(_ id: ObjectID) -> Int { Int(id.prefix) & (recent.count - 1) }

  /// Where `id` was put, if that was not long ago.
  func position(of id: ObjectID) -> Int? {
    let entry = recent[slot(id)]
    guard entry >> 32 == id.prefix else { return nil }
    let position = Int(UInt32(truncatingIfNeeded: entry))
    return position < ids.count && ids[position] == id ? position : nil
  }

  /// The judgement of the name beside the id at a position.
  func name(at position: Int) -> Int { Int(names[position]) }

  /// Adds an id and returns its position.
  mutating func add(_ id: ObjectID, name: Int) -> Int {
    recent[slot(id)] = UInt64(id.prefix) << 32 | UInt64(ids.count)
    ids.append(id)
    names.append(UInt32(name))
    return ids.count - 1
  }

  /// Notes that an edge leads to the id at a position.
  mutating func link(_ edge: UInt32, to position: Int) { edges.append((edge, UInt32(position))) }

  /// Looks up what was added, and forgets it.
  mutating func resolve(
    in catalog: ObjectCatalog, missing: (ObjectID) -> Void,
    found: (_ edge: UInt32, _ number: UInt32) -> Void
  ) {
    var numbers = edges.isEmpty ? [] : [UInt32](repeating: TreeGraph.none, count: ids.count)
    catalog.forEachNumber(of: ids) { i, number in
      guard let number else { return missing(ids[i]) }
      if !numbers.isEmpty { numbers[i] = UInt32(number) }
    }
    for (edge, id) in edges { found(edge, numbers[Int(id)]) }
    ids.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    edges.removeAll(keepingCapacity: true)
  }
}

/// The lines of a tree that lead somewhere, while it is put together from another.
private struct CarriedEdges {
  private(set) var edges: [TreeEdge] = []
  private let base: [TreeEdge]
  /// Which lines of the base were taken over.
  private var taken: [Bool]
  private var next = 0

  init(_ memory: TreeMemory?) {
    base = memory?.edges ?? []
    taken = Array(repeating: false, count: base.count)
    edges.reserveCapacity(base.count + 2)
  }

  mutating func add(_ edge: TreeEdge) { edges.append(edge) }

  /// Takes over what begins in `range` of the base.
  mutating func carry(_ range: Range<Int>, by shift: Int) {
    // Pieces may come in any order, also backwards.
    if next == base.count || Int(base[next].offset) > range.lowerBound { next = 0 }
    while next < base.count, Int(base[next].offset) < range.lowerBound { next += 1 }
    while next < base.count, Int(base[next].offset) < range.upperBound {
      var edge = base[next]
      edge.offset = UInt32(Int(edge.offset) + shift)
      taken[next] = true
      edges.append(edge)
      next += 1
    }
  }

  /// Calls `body` for what the tree does not take over.
  func forEachDropped(_ body: (TreeEdge) -> Void) {
    for (i, edge) in base.enumerated() where !taken[i] { body(edge) }
  }
}
