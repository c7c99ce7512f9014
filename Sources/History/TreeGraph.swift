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
    /// The names of edges of the base that are not in this one.
    let dropped: Range<UInt32>
  }

  struct Edge: Sendable {
    let child: UInt32
    let name: UInt32
  }

  var steps: [Step] = []
  var added: [Edge] = []
  var dropped: [Edge] = []
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
  private let wanted: Set<Int>
  /// How the names of the wanted begin: almost every blob is none of them.
  private var wantedPrefixes = [Bool](repeating: false, count: 1 << 16)
  private var known: [[UInt8]: UInt32] = [:]
  private(set) var graph = TreeGraph()

  /// `wanted` are the numbers of blobs.
  init(_ catalog: ObjectCatalog, names: NameTable, wanted: Set<Int>) {
    self.catalog = catalog
    self.names = names
    self.wanted = wanted
    for number in wanted { wantedPrefixes[Int(catalog.id(number).prefix >> 16)] = true }
  }

  func lose(_ entry: PackEntry, _ error: PackError) {}

  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
    visit(entry, content: content, copied: [], of: nil, baseCount: 0)
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    let base = memory as? TreeMemory
    let (first, firstDropped) = (graph.added.count, graph.dropped.count)
    var edges: [TreeEdge] = []
    // Which edges of the base were taken over, by their positions.
    var next = 0
    var taken: [Bool] = Array(repeating: false, count: base?.edges.count ?? 0)
    var lines = TreeLines(pieces: pieces, base: base?.starts ?? [])
    while let step = lines.next(in: content) {
      switch step {
      case .new(let line):
        guard let edge = edge(line, in: content) else { continue }
        edges.append(edge)
        graph.added.append(TreeGraph.Edge(child: edge.child, name: edge.name))
      case .copied(let range, let shift):
        guard let base else { continue }
        if next < base.edges.count, Int(base.edges[next].offset) > range.lowerBound { next = 0 }
        while next < base.edges.count, Int(base.edges[next].offset) < range.lowerBound { next += 1 }
        while next < base.edges.count, Int(base.edges[next].offset) < range.upperBound {
          var edge = base.edges[next]
          edge.offset = UInt32(Int(edge.offset) + shift)
          // Copied twice is only once the same.
          if taken[next] {
            graph.added.append(TreeGraph.Edge(child: edge.child, name: edge.name))
          }
          taken[next] = true
          edges.append(edge)
          next += 1
        }
      }
    }
    if let base {
      for (i, edge) in base.edges.enumerated() where !taken[i] {
        graph.dropped.append(TreeGraph.Edge(child: edge.child, name: edge.name))
      }
    }
    graph.steps.append(
      TreeGraph.Step(
        pack: UInt32(entry.pack), entry: UInt32(entry.number),
        added: UInt32(first)..<UInt32(graph.added.count),
        dropped: UInt32(firstDropped)..<UInt32(graph.dropped.count)))
    return TreeMemory(starts: lines.starts, edges: edges)
  }

  /// Notes a tree that is in no pack.
  func visit(loose number: Int, _ content: Span<UInt8>) {
    var edges: [TreeGraph.Edge] = []
    var lines = TreeLines(pieces: [], base: [])
    while let step = lines.next(in: content) {
      if case .new(let line) = step, let edge = edge(line, in: content) {
        edges.append(TreeGraph.Edge(child: edge.child, name: edge.name))
      }
    }
    graph.loose.append((number, edges))
  }

  private func edge(_ line: TreeLine, in content: Span<UInt8>) -> TreeEdge? {
    let type = line.mode & 0o170000
    guard type != 0o160000, let id = ObjectID(content, at: line.name.upperBound + 1),
      type == 0o040000 || wantedPrefixes[Int(id.prefix >> 16)],
      let number = catalog.number(of: id), type == 0o040000 || wanted.contains(number)
    else { return nil }
    let bytes = line.name.map { content[$0] }
    let name: UInt32
    if let known = known[bytes] {
      name = known
    } else {
      name = names.number(of: bytes)
      known[bytes] = name
    }
    return TreeEdge(offset: UInt32(line.start), child: UInt32(number), name: name)
  }
}
