internal import Git
internal import Packs

/// Which trees lead to which, and to what is wanted.
///
/// A tree that is a delta keeps only how it differs from its base. Trees are told by the numbers
/// of their entries (``ObjectCatalog/entryNumber(of:)``).
struct TreeGraph: Sendable {
  /// A line that leads somewhere, and that the base of its tree does not have.
  struct Edge: Sendable {
    /// The number of what it names; ``TreeGraph/none`` for what is not at hand.
    var child: UInt32
    let name: UInt32
    let tree: UInt32
  }

  /// A line of its base that a tree does not take over, as ``TreeEdge`` tells it from others.
  struct Dropped: Sendable {
    let key: UInt32
    let name: UInt32
    let tree: UInt32
  }

  /// What one worker noted.
  struct Part: Sendable {
    var added = Chunks<Edge>()
    var dropped = Chunks<Dropped>()
    /// Trees that cannot be read.
    var lost: [UInt32] = []
  }

  var parts: [Part] = []

  /// The added lines of all parts.
  var edges: Joined<Edge> { Joined(parts.map(\.added)) }

  static let none = UInt32.max

  mutating func add(_ other: TreeGraph) { parts += other.parts }
}

/// Finds the trees in which something is a line.
struct Ascent {
  private let edges: Joined<TreeGraph.Edge>
  private let catalog: ObjectCatalog
  private let leading: LeadingTable
  private let dropped: DroppedTable
  private let lost: Set<UInt32>

  init(_ graph: TreeGraph, _ edges: Joined<TreeGraph.Edge>, _ catalog: ObjectCatalog) {
    self.edges = edges
    self.catalog = catalog
    lost = Set(graph.parts.flatMap(\.lost))
    dropped = DroppedTable(graph)
    leading = LeadingTable(edges, of: catalog)
  }

  /// Calls `body` for every line of a tree that names the object with number `child`.
  func forEachTree(with child: Int, _ body: (_ tree: Int, _ edge: UInt32) -> Void) {
    leading.forEachEdge(to: child) { descend($0, body) }
  }

  /// The tree that adds a line, and those made from it that take it over.
  private func descend(_ position: UInt32, _ body: (_ tree: Int, _ edge: UInt32) -> Void) {
    let edge = edges[Int(position)]
    guard let start = catalog.entry(numbered: edge.tree) else {
      // A tree in no pack, of which nothing is made.
      return body(Int(edge.tree) - catalog.entryCount, position)
    }
    let key = catalog.id(Int(edge.child)).prefix
    let entries = catalog.packs[start.pack].entries
    let first = Int(edge.tree) - start.entry
    var stack = [start.entry]
    while let top = stack.popLast() {
      let entry = PackEntry(pack: start.pack, number: top, position: entries.position(of: top))
      body(catalog.number(of: entry).number, position)
      entries.forEachChild(of: top) { child in
        let number = UInt32(first + child)
        if !dropped.contains(number, key, edge.name), lost.isEmpty || !lost.contains(number) {
          stack.append(child)
        }
      }
    }
  }
}

/// The added lines that lead to each object, as lists of positions.
private struct LeadingTable {
  private let firsts: [UInt32]
  private let nexts: [UInt32]

  private static let none = TreeGraph.none

  init(_ edges: Joined<TreeGraph.Edge>, of catalog: ObjectCatalog) {
    var firsts = Array(repeating: Self.none, count: catalog.count)
    var nexts = Array(repeating: Self.none, count: edges.limit)
    edges.forEach { position, edge in
      guard edge.child != Self.none else { return }
      nexts[position] = firsts[Int(edge.child)]
      firsts[Int(edge.child)] = UInt32(position)
    }
    self.firsts = firsts
    self.nexts = nexts
  }

  func forEachEdge(to child: Int, _ body: (UInt32) -> Void) {
    var next = firsts[child]
    while next != Self.none {
      body(next)
      next = nexts[Int(next)]
    }
  }
}

/// What trees drop, by open addressing: a table of positions over all parts.
private struct DroppedTable {
  private let lines: Joined<TreeGraph.Dropped>
  private var slots: [UInt32]
  private let shift: UInt64
  /// New in each run, so nobody can make up trees whose lines collide.
  private let factor = UInt64.random(in: .min ... .max) | 1

  private static let none = TreeGraph.none

  init(_ graph: TreeGraph) {
    let lines = Joined(graph.parts.map(\.dropped))
    self.lines = lines
    var bits = 4
    while 1 << bits < lines.limit + lines.limit / 5 { bits += 1 }
    shift = UInt64(64 - bits)
    slots = Array(repeating: Self.none, count: 1 << bits)
    lines.forEach { position, line in
      var slot = self.slot(line)
      while slots[slot] != Self.none { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(position)
    }
  }

  private func slot(_ line: TreeGraph.Dropped) -> Int {
    let low = UInt64(line.key) << 32 | UInt64(line.name)
    let mixed = (low &* factor) ^ (UInt64(line.tree) &* 0x9E37_79B9_7F4A_7C15)
    return Int((mixed &* factor) >> shift)
  }

  func contains(_ tree: UInt32, _ key: UInt32, _ name: UInt32) -> Bool {
    var slot = self.slot(TreeGraph.Dropped(key: key, name: name, tree: tree))
    while slots[slot] != Self.none {
      let line = lines[Int(slots[slot])]
      if line.tree == tree, line.key == key, line.name == name { return true }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }
}
