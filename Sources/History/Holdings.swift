internal import Git
internal import Packs

/// Which wanted blobs each tree holds, at which paths from it.
///
/// Trees that hold the same have the same list, so of the many trees of a long history few lists
/// remain.
struct Holdings {
  /// A path from a tree, and the blob there.
  struct Line: Hashable {
    let path: Int
    let blob: Int
  }

  /// Every list that some tree has; the first is empty.
  private(set) var lists: [[Line]] = [[]]
  /// Every path that is spoken of.
  private(set) var paths: [[UInt8]] = []
  private var listOfTree: [Int: Int] = [:]
  private var numberOfList: [[Line]: Int] = [[]: 0]
  private var numberOfPath: [[UInt8]: Int] = [:]
  private let edges: [Int: [TreeGraph.Edge]]
  private let names: [[UInt8]]
  private let wanted: Set<Int>

  /// Goes up from the wanted blobs to every tree that leads to one.
  init(_ graph: TreeGraph, of catalog: ObjectCatalog, names: NameTable, wanted: Set<Int>) {
    self.wanted = wanted
    self.names = names.names
    let ascent = Ascent(graph, catalog)
    var kept: [Int: [TreeGraph.Edge]] = [:]
    var frontier = wanted.sorted()
    var seen = wanted
    while let child = frontier.popLast() {
      ascent.forEachTree(with: child) { tree, edge in
        kept[tree, default: []].append(edge)
        if seen.insert(tree).inserted { frontier.append(tree) }
      }
    }
    edges = kept
  }

  /// The trees that no other tree leads to, as far as they lead to something wanted.
  var tops: [Int] {
    let below = Set(edges.values.joined().map { Int($0.child) })
    return edges.keys.filter { !below.contains($0) }.sorted()
  }

  /// The number of the list of a tree; 0 for one that holds nothing.
  mutating func list(of tree: Int) -> Int {
    // Trees in a circle cannot be made, since names are hashes; damaged ones might claim so.
    var stack = [tree]
    var open: Set<Int> = []
    while let top = stack.last {
      if listOfTree[top] != nil {
        stack.removeLast()
        continue
      }
      let below = (edges[top] ?? []).map { Int($0.child) }.filter {
        !wanted.contains($0) && listOfTree[$0] == nil && !open.contains($0)
      }
      if below.isEmpty || !open.insert(top).inserted {
        listOfTree[top] = make(top)
        stack.removeLast()
      } else {
        stack += below
      }
    }
    return listOfTree[tree] ?? 0
  }

  private mutating func make(_ tree: Int) -> Int {
    var lines: [Line] = []
    for edge in edges[tree] ?? [] {
      let name = names[Int(edge.name)]
      if wanted.contains(Int(edge.child)) {
        lines.append(Line(path: number(ofPath: name), blob: Int(edge.child)))
      } else {
        for line in lists[listOfTree[Int(edge.child)] ?? 0] {
          let path = name + [UInt8(ascii: "/")] + paths[line.path]
          lines.append(Line(path: number(ofPath: path), blob: line.blob))
        }
      }
    }
    lines.sort { ($0.path, $0.blob) < ($1.path, $1.blob) }
    if let known = numberOfList[lines] { return known }
    lists.append(lines)
    numberOfList[lines] = lists.count - 1
    return lists.count - 1
  }

  private mutating func number(ofPath path: [UInt8]) -> Int {
    if let known = numberOfPath[path] { return known }
    paths.append(path)
    numberOfPath[path] = paths.count - 1
    return paths.count - 1
  }
}

/// Finds the trees in which something is a line.
private struct Ascent {
  private let graph: TreeGraph
  private let catalog: ObjectCatalog
  /// The position of each entry's step, by pack.
  private var steps: [[UInt32]]
  /// The step that each added edge belongs to.
  private var stepOfEdge: [UInt32]
  // The added edges that lead to the same object are a list.
  private var firstEdges: [UInt32]
  private var nextEdges: [UInt32]

  /// The lines of trees in no pack, by what they lead to.
  private var loose: [Int: [(tree: Int, edge: TreeGraph.Edge)]] = [:]

  private static let none = UInt32.max

  init(_ graph: TreeGraph, _ catalog: ObjectCatalog) {
    self.graph = graph
    self.catalog = catalog
    steps = catalog.packs.map { Array(repeating: Self.none, count: $0.entries.count) }
    stepOfEdge = Array(repeating: 0, count: graph.added.count)
    for (i, step) in graph.steps.enumerated() {
      steps[Int(step.pack)][Int(step.entry)] = UInt32(i)
      for edge in step.added { stepOfEdge[Int(edge)] = UInt32(i) }
    }
    firstEdges = Array(repeating: Self.none, count: catalog.count)
    nextEdges = Array(repeating: Self.none, count: graph.added.count)
    for (i, edge) in graph.added.enumerated() {
      nextEdges[i] = firstEdges[Int(edge.child)]
      firstEdges[Int(edge.child)] = UInt32(i)
    }
    for (tree, edges) in graph.loose {
      for edge in edges { loose[Int(edge.child), default: []].append((tree, edge)) }
    }
  }

  /// Calls `body` for every line of a tree that names the object with number `child`.
  func forEachTree(with child: Int, _ body: (_ tree: Int, _ edge: TreeGraph.Edge) -> Void) {
    for (number, edge) in loose[child] ?? [] { body(number, edge) }
    var next = firstEdges[child]
    while next != Self.none {
      let edge = graph.added[Int(next)]
      let step = graph.steps[Int(stepOfEdge[Int(next)])]
      descend(from: Int(step.entry), of: Int(step.pack), edge, body)
      next = nextEdges[Int(next)]
    }
  }

  /// The tree that adds a line, and those made from it that take it over.
  private func descend(
    from entry: Int, of number: Int, _ edge: TreeGraph.Edge,
    _ body: (_ tree: Int, _ edge: TreeGraph.Edge) -> Void
  ) {
    let pack = catalog.packs[number]
    var stack = [entry]
    while let top = stack.popLast() {
      let position = pack.entries.position(of: top)
      body(
        catalog.number(of: PackEntry(pack: number, number: top, position: position)).number, edge)
      for child in pack.entries.children(of: top) {
        let step = steps[number][Int(child)]
        guard step != Self.none else { continue }
        let drops = graph.steps[Int(step)].dropped.contains {
          graph.dropped[Int($0)].child == edge.child && graph.dropped[Int($0)].name == edge.name
        }
        if !drops { stack.append(Int(child)) }
      }
    }
  }
}
