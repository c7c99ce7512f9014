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

  /// Goes through `graph` as often as trees that lead to the wanted are nested.
  init(_ graph: TreeGraph, of catalog: ObjectCatalog, names: NameTable, wanted: Set<Int>) {
    self.wanted = wanted
    self.names = names.names
    let walk = GraphWalk(graph, catalog)
    var marked = wanted
    var frontier = wanted
    while !frontier.isEmpty {
      var next: Set<Int> = []
      walk.forEachTree { tree, edges in
        if edges.contains(where: { frontier.contains(Int($0.child)) }), !marked.contains(tree) {
          next.insert(tree)
        }
      }
      marked.formUnion(next)
      frontier = next
    }
    var kept: [Int: [TreeGraph.Edge]] = [:]
    walk.forEachTree { tree, edges in
      guard marked.contains(tree), kept[tree] == nil else { return }
      kept[tree] = edges.filter { marked.contains(Int($0.child)) }
    }
    edges = kept
  }

  /// The trees that lead to something wanted.
  var trees: [Int] { edges.keys.sorted() }

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

/// Goes from whole trees to those that are made from them, and puts their edges together.
private struct GraphWalk {
  private let graph: TreeGraph
  private let catalog: ObjectCatalog
  /// The position of each entry's step, by pack.
  private var steps: [[UInt32]]

  private static let none = UInt32.max

  init(_ graph: TreeGraph, _ catalog: ObjectCatalog) {
    self.graph = graph
    self.catalog = catalog
    steps = catalog.packs.map { Array(repeating: Self.none, count: $0.entries.count) }
    for (i, step) in graph.steps.enumerated() {
      steps[Int(step.pack)][Int(step.entry)] = UInt32(i)
    }
  }

  func forEachTree(_ body: (_ tree: Int, _ edges: [TreeGraph.Edge]) -> Void) {
    for (number, edges) in graph.loose { body(number, edges) }
    var stack: [(entry: Int, edges: [TreeGraph.Edge])] = []
    for (i, pack) in catalog.packs.enumerated() {
      for root in pack.entries.roots(of: [.tree]) {
        stack.append((root, []))
        while let (entry, base) = stack.popLast() {
          let step = steps[i][entry]
          if step == Self.none { continue }
          let edges = edges(graph.steps[Int(step)], base)
          let position = pack.entries.position(of: entry)
          body(
            catalog.number(of: PackEntry(pack: i, number: entry, position: position)).number, edges)
          for child in pack.entries.children(of: entry) { stack.append((Int(child), edges)) }
        }
      }
    }
  }

  private func edges(_ step: TreeGraph.Step, _ base: [TreeGraph.Edge]) -> [TreeGraph.Edge] {
    if step.added.isEmpty, step.dropped.isEmpty { return base }
    var edges = base
    for i in step.dropped {
      let gone = graph.dropped[Int(i)]
      if let place = edges.firstIndex(where: { $0.child == gone.child && $0.name == gone.name }) {
        edges.remove(at: place)
      }
    }
    edges += graph.added[Int(step.added.lowerBound)..<Int(step.added.upperBound)]
    return edges
  }
}
