internal import Git
internal import Packs

/// Goes up in a graph of trees: from objects to the trees that name them.
struct Ascent {
  private let edges: Joined<TreeGraph.Edge>
  private let catalog: ObjectCatalog
  private let leading: LeadingTable
  private let dropped: DroppedTable
  private let lost: Set<UInt32>
  private var stack: [Int] = []

  /// Nobody else should hold the graph: what is put in order here is let go there.
  init(_ graph: consuming TreeGraph, _ catalog: ObjectCatalog) {
    edges = graph.edges
    self.catalog = catalog
    lost = Set(graph.parts.flatMap(\.lost))
    dropped = DroppedTable(graph, entryCount: catalog.entryCount)
    graph.parts = []
    leading = LeadingTable(edges, of: catalog)
  }

  /// Calls `body` for every tree that names the object with number `child`, with its number and
  /// the line.
  ///
  /// A tree that is in two packs comes twice.
  mutating func forEachTree(
    with child: Int, _ body: (_ tree: Int, _ edge: TreeGraph.Edge) -> Void
  ) {
    var key: UInt32?
    var position = leading.first(to: child)
    while let next = position {
      descend(edges[next], &key, body)
      position = leading.next(after: next)
    }
  }

  /// The tree that adds a line, and those made from it that take it over.
  private mutating func descend(
    _ edge: TreeGraph.Edge, _ known: inout UInt32?,
    _ body: (_ tree: Int, _ edge: TreeGraph.Edge) -> Void
  ) {
    guard let start = catalog.entry(numbered: edge.tree) else {
      // A tree in no pack, of which nothing is made.
      return body(Int(edge.tree) - catalog.entryCount, edge)
    }
    let entries = catalog.packs[start.pack].entries
    let first = Int(edge.tree) - start.entry
    stack.append(start.entry)
    while let top = stack.popLast() {
      let entry = PackEntry(pack: start.pack, number: top, position: entries.position(of: top))
      body(catalog.number(of: entry).number, edge)
      // Most trees have nothing made from them, and then nobody asks how the name begins.
      guard entries.hasChildren(top) else { continue }
      let key = known ?? catalog.id(Int(edge.child)).prefix
      known = key
      entries.forEachChild(of: top) { child in
        let number = first + child
        if !dropped.contains(number, key, edge.name),
          lost.isEmpty || !lost.contains(UInt32(number))
        {
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

  func first(to child: Int) -> Int? { Self.position(firsts[child]) }

  func next(after position: Int) -> Int? { Self.position(nexts[position]) }

  private static func position(_ number: UInt32) -> Int? { number == none ? nil : Int(number) }
}

/// What each tree drops of its base, in the order of the trees' entries: those that are made
/// from each other stand close together, and so are looked at without waiting for memory.
private struct DroppedTable {
  private struct Line {
    let key: UInt32
    let name: UInt32
  }

  /// Where the lines of each entry begin, and where the last one's end.
  private let starts: [UInt32]
  private let lines: [Line]

  init(_ graph: TreeGraph, entryCount: Int) {
    let dropped = Joined(graph.parts.map(\.dropped))
    var starts = [UInt32](repeating: 0, count: entryCount + 2)
    dropped.forEach { _, line in starts[Int(line.tree) + 2] += 1 }
    for i in 1..<starts.count { starts[i] += starts[i - 1] }
    var lines = [Line](repeating: Line(key: 0, name: 0), count: Int(starts[starts.count - 1]))
    // What stands one further is where the next line of the entry goes, and ends as its end.
    dropped.forEach { _, line in
      let place = Int(starts[Int(line.tree) + 1])
      lines[place] = Line(key: line.key, name: line.name)
      starts[Int(line.tree) + 1] += 1
    }
    self.starts = starts
    self.lines = lines
  }

  func contains(_ entry: Int, _ key: UInt32, _ name: UInt32) -> Bool {
    for i in Int(starts[entry])..<Int(starts[entry + 1])
    where lines[i].key == key && lines[i].name == name {
      return true
    }
    return false
  }
}
