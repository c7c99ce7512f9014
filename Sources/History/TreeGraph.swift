internal import Git
internal import Model
internal import Packs

/// Which trees lead to which, and to blobs that are wanted.
///
/// A tree that is a delta keeps only how it differs from its base.
struct TreeGraph: Sendable {
  /// What one tree adds to its base, and what it does not take over.
  struct Step: Sendable {
    let pack: UInt32
    let entry: UInt32
    let added: Range<UInt32>
    let dropped: Range<UInt32>
  }

  struct Edge: Sendable {
    let child: UInt32
    let name: UInt32
  }

  /// A line that a tree does not take over, as ``TreeEdge`` tells it from others.
  struct Dropped: Sendable {
    let key: UInt32
    let name: UInt32
  }

  var steps: [Step] = []
  var added: [Edge] = []
  var dropped: [Dropped] = []
  /// Trees that are in no pack, whole.
  var loose: [(number: Int, edges: [Edge])] = []

  mutating func add(_ other: TreeGraph) {
    let (first, firstDropped) = (UInt32(added.count), UInt32(dropped.count))
    added += other.added
    dropped += other.dropped
    steps += other.steps.map {
      Step(
        pack: $0.pack, entry: $0.entry,
        added: ($0.added.lowerBound + first)..<($0.added.upperBound + first),
        dropped: ($0.dropped.lowerBound + firstDropped)..<($0.dropped.upperBound + firstDropped))
    }
    loose += other.loose
  }
}

/// Notes which trees lead where.
final class GraphVisitor: PackVisitor {
  private let catalog: ObjectCatalog
  private let names: NameTable
  private let wanted: Set<ObjectID>
  /// How the names of the wanted begin: almost every blob is none of them.
  private var wantedPrefixes = [Bool](repeating: false, count: 1 << 16)
  private var known: [[UInt8]: UInt32] = [:]
  private var graph = TreeGraph()
  /// What the added lines name, which is looked up at the end, all at once and in order.
  private var added: [ObjectID] = []
  private var addedNames: [UInt32] = []

  /// `wanted` are blobs, and trees whose names speak.
  init(_ catalog: ObjectCatalog, names: NameTable, wanted: Set<ObjectID>) {
    self.catalog = catalog
    self.names = names
    self.wanted = wanted
    for id in wanted { wantedPrefixes[Int(id.prefix >> 16)] = true }
  }

  func lose(_ entry: PackEntry, _ error: PackError) {}

  /// Hands over what was noted.
  func finish() -> TreeGraph {
    let none = TreeGraph.Edge(child: UInt32.max, name: 0)
    graph.added = Array(repeating: none, count: added.count)
    catalog.forEachNumber(of: added) { i, number in
      guard let number else { return }
      graph.added[i] = TreeGraph.Edge(child: UInt32(number), name: addedNames[i])
    }
    return graph
  }

  private func add(_ id: ObjectID, _ name: UInt32) {
    added.append(id)
    addedNames.append(name)
  }

  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
    visit(entry, content: content, copied: [], of: nil, baseCount: 0)
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    let base = memory as? TreeMemory
    let (first, firstDropped) = (added.count, graph.dropped.count)
    var edges: [TreeEdge] = []
    // Which edges of the base were taken over, by their positions.
    var next = 0
    var taken: [Bool] = Array(repeating: false, count: base?.edges.count ?? 0)
    var lines = TreeLines(pieces: pieces, base: base?.starts ?? [])
    while let step = lines.next(in: content) {
      switch step {
      case .new(let line):
        guard let (id, name) = target(of: line, in: content) else { continue }
        edges.append(TreeEdge(offset: UInt32(line.start), key: id.prefix, name: name))
        add(id, name)
      case .copied(let range, let shift):
        guard let base else { continue }
        // Pieces may come in any order, also backwards.
        if next == base.edges.count || Int(base.edges[next].offset) > range.lowerBound { next = 0 }
        while next < base.edges.count, Int(base.edges[next].offset) < range.lowerBound { next += 1 }
        while next < base.edges.count, Int(base.edges[next].offset) < range.upperBound {
          var edge = base.edges[next]
          edge.offset = UInt32(Int(edge.offset) + shift)
          taken[next] = true
          edges.append(edge)
          next += 1
        }
      }
    }
    if let base {
      for (i, edge) in base.edges.enumerated() where !taken[i] {
        graph.dropped.append(TreeGraph.Dropped(key: edge.key, name: edge.name))
      }
    }
    graph.steps.append(
      TreeGraph.Step(
        pack: UInt32(entry.pack), entry: UInt32(entry.number),
        added: UInt32(first)..<UInt32(added.count),
        dropped: UInt32(firstDropped)..<UInt32(graph.dropped.count)))
    return TreeMemory(starts: lines.starts, edges: edges)
  }

  /// Notes a tree that is in no pack.
  func visit(loose number: Int, _ content: Span<UInt8>) {
    var edges: [TreeGraph.Edge] = []
    var lines = TreeLines(pieces: [], base: [])
    while let step = lines.next(in: content) {
      if case .new(let line) = step, let (id, name) = target(of: line, in: content),
        let number = catalog.number(of: id)
      {
        edges.append(TreeGraph.Edge(child: UInt32(number), name: name))
      }
    }
    graph.loose.append((number, edges))
  }

  /// What a line names and the number of its name, if it leads to a tree or may be wanted.
  private func target(
    of line: TreeLine, in content: Span<UInt8>
  ) -> (id: ObjectID, name: UInt32)? {
    let type = line.mode & 0o170000
    guard type != 0o160000, let id = ObjectID(content, at: line.name.upperBound + 1),
      type == 0o040000 || wantedPrefixes[Int(id.prefix >> 16)] && wanted.contains(id)
    else { return nil }
    let bytes = line.name.map { content[$0] }
    let name: UInt32
    if let known = known[bytes] {
      name = known
    } else {
      name = names.number(of: bytes)
      known[bytes] = name
    }
    return (id, name)
  }
}
