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

  static let none = UInt32.max

  mutating func add(_ other: TreeGraph) { parts += other.parts }
}

/// The added lines of a graph, by their positions among those of all its parts.
struct EdgeList: Sendable {
  private let parts: [TreeGraph.Part]
  private let starts: [Int]
  let count: Int

  init(_ graph: TreeGraph) {
    parts = graph.parts
    var starts: [Int] = []
    var next = 0
    for part in graph.parts {
      starts.append(next)
      next += part.added.count
    }
    self.starts = starts
    count = next
  }

  subscript(position: UInt32) -> TreeGraph.Edge {
    var part = 0
    while part + 1 < starts.count, starts[part + 1] <= Int(position) { part += 1 }
    return parts[part].added[Int(position) - starts[part]]
  }
}

/// Finds the trees in which something is a line.
struct Ascent {
  private let edges: EdgeList
  private let catalog: ObjectCatalog
  private let leading: LeadingTable
  private let dropped: DroppedTable
  private let lost: Set<UInt32>

  init(_ graph: TreeGraph, _ edges: EdgeList, _ catalog: ObjectCatalog) {
    self.edges = edges
    self.catalog = catalog
    lost = Set(graph.parts.flatMap(\.lost))
    dropped = DroppedTable(graph)
    leading = LeadingTable(graph, count: edges.count, of: catalog)
  }

  /// Calls `body` for every line of a tree that names the object with number `child`.
  func forEachTree(with child: Int, _ body: (_ tree: Int, _ edge: UInt32) -> Void) {
    leading.forEachEdge(to: child) { descend($0, body) }
  }

  /// The tree that adds a line, and those made from it that take it over.
  private func descend(_ position: UInt32, _ body: (_ tree: Int, _ edge: UInt32) -> Void) {
    let edge = edges[position]
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
  private var firsts: [UInt32]
  private var nexts: [UInt32]

  private static let none = TreeGraph.none

  init(_ graph: TreeGraph, count: Int, of catalog: ObjectCatalog) {
    firsts = Array(repeating: Self.none, count: catalog.count)
    nexts = Array(repeating: Self.none, count: count)
    var position = UInt32(0)
    for part in graph.parts {
      for i in 0..<part.added.count {
        let child = part.added[i].child
        if child != Self.none {
          nexts[Int(position)] = firsts[Int(child)]
          firsts[Int(child)] = position
        }
        position += 1
      }
    }
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
  private let parts: [TreeGraph.Part]
  private let starts: [Int]
  private var slots: [UInt32]
  private let shift: UInt64
  /// New in each run, so nobody can make up trees whose lines collide.
  private let factor = UInt64.random(in: .min ... .max) | 1

  private static let none = TreeGraph.none

  init(_ graph: TreeGraph) {
    parts = graph.parts
    var starts: [Int] = []
    var count = 0
    for part in graph.parts {
      starts.append(count)
      count += part.dropped.count
    }
    self.starts = starts
    var bits = 4
    while 1 << bits < count + count / 5 { bits += 1 }
    shift = UInt64(64 - bits)
    slots = Array(repeating: Self.none, count: 1 << bits)
    for (part, start) in zip(graph.parts, starts) {
      for i in 0..<part.dropped.count {
        var slot = self.slot(part.dropped[i])
        while slots[slot] != Self.none { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(start + i)
      }
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
      let position = Int(slots[slot])
      var part = 0
      while part + 1 < starts.count, starts[part + 1] <= position { part += 1 }
      let line = parts[part].dropped[position - starts[part]]
      if line.tree == tree, line.key == key, line.name == name { return true }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }
}
