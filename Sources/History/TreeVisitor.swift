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
  /// How the names of the wanted begin: almost every blob is none of them.
  private let prefixes: [Bool]
  let names: NameTable

  init(_ ids: Set<ObjectID>, names: NameTable = NameTable()) {
    var prefixes = [Bool](repeating: false, count: 1 << 16)
    for id in ids { prefixes[Int(id.prefix >> 16)] = true }
    self.ids = ids
    self.prefixes = prefixes
    self.names = names
  }

  func contains(_ id: ObjectID) -> Bool { prefixes[Int(id.prefix >> 16)] && ids.contains(id) }
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
  private var tally = TreeTally()
  private var graph = TreeGraph.Part()
  /// What lines name that was not looked up yet, and the edge that each belongs to, if any.
  private var unchecked: [ObjectID] = []
  private var uncheckedEdges: [UInt32] = []

  private static let batch = 1 << 17

  /// `wanted` asks for a graph of what leads where.
  init(
    _ catalog: ObjectCatalog, names: consuming NameJudge, progress: Progress, wanted: WantedLines?
  ) {
    self.catalog = catalog
    self.names = names
    self.progress = progress
    self.wanted = wanted
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
    let tree = wanted == nil ? 0 : catalog.entryNumber(of: entry)
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
    guard wanted != nil else { return entry.isLeaf ? nil : TreeMemory(starts: lines.starts) }
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

  /// Notes that a tree names `id`, and looks later whether that is at hand.
  ///
  /// Names are spread over the whole of an index; many at once, in order, are found in a tenth
  /// of the time that each would take by itself.
  private mutating func check(_ id: ObjectID, edge: UInt32) {
    unchecked.append(id)
    if wanted != nil { uncheckedEdges.append(edge) }
    if unchecked.count == Self.batch { checkAll() }
  }

  private mutating func checkAll() {
    catalog.forEachNumber(of: unchecked) { i, number in
      if number == nil { tally.missing.insert(unchecked[i]) }
      guard wanted != nil, uncheckedEdges[i] != TreeGraph.none, let number else { return }
      graph.added[Int(uncheckedEdges[i])].child = UInt32(number)
    }
    unchecked.removeAll(keepingCapacity: true)
    uncheckedEdges.removeAll(keepingCapacity: true)
  }

  private mutating func note(damaged number: Int) {
    tally.gaps.append(
      Gap(
        .damaged, subject: ForeignText("tree \(catalog.id(number))"),
        reason: ForeignText("it ends in the middle of an entry")))
  }

  /// Looks at a line, and returns the edge that it makes, if it leads somewhere.
  private mutating func look(
    at line: TreeLine, of tree: UInt32, in content: Span<UInt8>
  ) -> TreeEdge? {
    // A submodule's commit is in another repository.
    guard line.type != .submodule, let id = ObjectID(content, at: line.name.upperBound + 1)
    else { return nil }
    let judged = names.judge(content.extracting(line.name)) { gap in tally.gaps.append(gap) }
    let isNamed = names[judged].isNoteworthy && line.type != .tree
    if isNamed || names[judged].isSpeaking, let number = catalog.number(of: id) {
      if isNamed { tally.named.insert(number) }
      if names[judged].isSpeaking { tally.speaking.insert(number) }
    }
    guard let wanted,
      line.type == .tree || isNamed || names[judged].isSpeaking || wanted.contains(id)
    else {
      check(id, edge: TreeGraph.none)
      return nil
    }
    let name = names.number(of: judged, in: wanted.names, content.extracting(line.name))
    let edge = UInt32(graph.added.count)
    graph.added.append(TreeGraph.Edge(child: TreeGraph.none, name: name, tree: tree))
    check(id, edge: edge)
    return TreeEdge(offset: UInt32(line.start), key: id.prefix, name: name)
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

/// A line of a tree.
struct TreeLine {
  let type: Kind
  /// Where the line begins, and where the bytes of its name are.
  let start: Int
  let name: Range<Int>
  var end: Int { name.upperBound + 1 + ObjectID.count }

  /// What a line names, as its mode says.
  enum Kind { case tree, submodule, other }
}

/// Takes a tree apart into lines; those that were copied whole are only moved.
struct TreeLines {
  private let pieces: [CopiedPiece]
  private let base: [UInt32]
  private var piece = 0
  private var position = 0
  /// Where each line begins, and where the last one ends.
  private(set) var starts: [UInt32] = []
  /// The content ends in the middle of a line.
  private(set) var isDamaged = false
  private let keepsStarts: Bool

  /// `base` are the starts of what it was made from.
  init(pieces: [CopiedPiece], base: [UInt32], keepsStarts: Bool = false) {
    self.pieces = pieces
    self.base = base
    self.keepsStarts = keepsStarts
    if keepsStarts { starts.reserveCapacity(base.count + 8) }
  }

  enum Step {
    case new(TreeLine)
    /// Lines that stand in the base too, `shift` bytes before.
    case copied(from: Range<Int>, shift: Int)
  }

  /// The next line, or several at once; `nil` at the end.
  mutating func next(in content: Span<UInt8>) -> Step? {
    guard position < content.count else {
      if keepsStarts, !isDamaged { starts.append(UInt32(position)) }
      return nil
    }
    while piece < pieces.count, pieces[piece].targetEnd <= position { piece += 1 }
    if piece < pieces.count, pieces[piece].target <= position, let step = copy() { return step }
    guard let line = Self.line(in: content, at: position) else {
      isDamaged = true
      position = content.count
      return nil
    }
    if keepsStarts { starts.append(UInt32(position)) }
    position = line.end
    return .new(line)
  }

  /// Moves the lines of the base that are wholly in the piece at hand, if one begins here.
  private mutating func copy() -> Step? {
    let piece = pieces[self.piece]
    let shift = piece.target - piece.source
    let source = position - shift
    var low = 0
    var high = base.count
    while low < high {
      let middle = (low + high) / 2
      if Int(base[middle]) < source { low = middle + 1 } else { high = middle }
    }
    // The last start is the end of the base, where no line begins.
    guard low + 1 < base.count, Int(base[low]) == source, Int(base[low + 1]) <= piece.sourceEnd
    else { return nil }
    // The last line that ends in the piece, which most often is its last but one.
    var i = low + 1
    high = base.count
    while i + 1 < high {
      let middle = (i + high) / 2
      if Int(base[middle]) <= piece.sourceEnd { i = middle } else { high = middle }
    }
    let step = UInt32(truncatingIfNeeded: shift)
    if keepsStarts { starts.append(contentsOf: base[low..<i].lazy.map { $0 &+ step }) }
    let from = source..<Int(base[i])
    position = Int(base[i]) + shift
    return .copied(from: from, shift: shift)
  }

  private static func line(in content: Span<UInt8>, at start: Int) -> TreeLine? {
    var mode: UInt32 = 0
    var i = start
    while i < content.count, content[i] != 0x20 {
      let digit = content[i] &- 0x30
      guard digit < 8, mode < 1 << 24 else { return nil }
      mode = mode << 3 | UInt32(digit)
      i += 1
    }
    let name = i + 1
    i = name
    while i < content.count, content[i] != 0 { i += 1 }
    guard i > name, i + 1 + ObjectID.count <= content.count else { return nil }
    let type: TreeLine.Kind =
      switch mode & 0o170000 {
      case 0o040000: .tree
      case 0o160000: .submodule
      default: .other
      }
    return TreeLine(type: type, start: start, name: name..<i)
  }
}

/// Judges names of files and folders, each once.
struct NameJudge: ~Copyable {
  private var detector: Detector
  private let isNoteworthy: @Sendable ([UInt8]) -> Bool
  private var judgements: [Judgement] = []
  /// The position of what came of a name, by its hash: Swift's hashes are keyed anew in every
  /// run, so nobody can make two names collide.
  private var positions: [Int: Int] = [:]

  struct Judgement {
    /// A rule finds files with this name.
    let isNoteworthy: Bool
    /// The name holds a secret.
    let isSpeaking: Bool
    /// The name's number in a table, once it was asked for.
    fileprivate var number: UInt32?
  }

  init(
    _ compiled: CompiledBook, isNoteworthy: @escaping @Sendable ([UInt8]) -> Bool
  ) throws(MatchingError) {
    let detector = try Detector(compiled)
    self.detector = detector
    self.isNoteworthy = isNoteworthy
  }

  subscript(position: Int) -> Judgement { judgements[position] }

  /// The position of the judgement of a name.
  mutating func judge(_ name: Span<UInt8>, lose: (Gap) -> Void) -> Int {
    let hash = ByteSearch.hash(of: name)
    if let known = positions[hash] { return known }
    let bytes = name.indices.map { name[$0] }
    var isSpeaking = false
    do throws(MatchingError) {
      isSpeaking = try !detector.secrets(in: name).isEmpty
    } catch {
      lose(
        Gap(.engineLimit, subject: ForeignText(bytes), reason: ForeignText(error.reason)))
    }
    positions[hash] = judgements.count
    judgements.append(Judgement(isNoteworthy: isNoteworthy(bytes), isSpeaking: isSpeaking))
    return judgements.count - 1
  }

  /// The number in `table` of the name whose judgement is at `position`.
  mutating func number(
    of position: Int, in table: NameTable, _ name: Span<UInt8>
  ) -> UInt32 {
    if let known = judgements[position].number { return known }
    let number = table.number(of: name.indices.map { name[$0] })
    judgements[position].number = number
    return number
  }
}
