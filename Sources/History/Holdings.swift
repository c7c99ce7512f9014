internal import Git
internal import Packs
internal import Store

/// Which wanted objects each tree holds, at which paths from it.
///
/// Trees that hold the same have the same list, so of the many trees of a long history few lists
/// remain.
struct Holdings: Sendable {
  /// A path from a tree, and the position of what is wanted there.
  struct Line: Hashable {
    let path: Int
    let blob: Int
  }

  /// A name, and the path that follows it; -1 for none.
  struct PathStep: Hashable {
    let name: Int
    let rest: Int
  }

  /// What is wanted.
  let wanted: [ObjectID]
  let names: [[UInt8]]
  /// Every path that is spoken of, as its first name and the path that follows it.
  let steps: [PathStep]
  /// Every list that some tree has; the first is empty.
  let lists: [[Line]]
  /// The trees that have a list, and its number for each.
  let trees: ObjectTable
  let listNumbers: [UInt32]
  /// Positions of the trees that no other tree leads to.
  let topPositions: [UInt32]

  /// Nothing is wanted.
  init() {
    self.init(
      wanted: [], names: [], steps: [], lists: [[]], trees: ObjectTable(), listNumbers: [],
      topPositions: [])
  }

  init(
    wanted: [ObjectID], names: [[UInt8]], steps: [PathStep], lists: [[Line]], trees: ObjectTable,
    listNumbers: [UInt32], topPositions: [UInt32]
  ) {
    self.wanted = wanted
    self.names = names
    self.steps = steps
    self.lists = lists
    self.trees = trees
    self.listNumbers = listNumbers
    self.topPositions = topPositions
  }

  /// The number of the list of a tree; 0 for one that holds nothing.
  func list(of tree: ObjectID) -> Int { trees.position(of: tree).map { Int(listNumbers[$0]) } ?? 0 }

  /// The trees that no other tree leads to, as far as they lead to something wanted.
  var tops: [ObjectID] { topPositions.map { trees.ids[Int($0)] } }

  /// A path, whole.
  func path(_ number: Int) -> [UInt8] {
    var path: [UInt8] = []
    var next = number
    while next >= 0 {
      if !path.isEmpty { path.append(UInt8(ascii: "/")) }
      path += names[steps[next].name]
      next = steps[next].rest
    }
    return path
  }
}

extension Holdings {
  init(_ reader: inout ByteReader) throws(StoreError) {
    let wanted = try reader.ids()
    let names = try reader.each { reader throws(StoreError) in try reader.array() }
    let steps = try reader.each { reader throws(StoreError) in
      PathStep(name: try reader.number(), rest: try reader.number())
    }
    let lists = try reader.each { reader throws(StoreError) in
      try reader.each { reader throws(StoreError) in
        Line(path: Int(try reader.word()), blob: Int(try reader.word()))
      }
    }
    let trees = ObjectTable(try reader.ids())
    let (numbers, tops) = (try reader.words(), try reader.words())
    self.init(
      wanted: wanted, names: names, steps: steps, lists: lists, trees: trees,
      listNumbers: numbers, topPositions: tops)
    guard numbers.count == trees.count, numbers.allSatisfy({ $0 < lists.count }),
      tops.allSatisfy({ $0 < trees.count }),
      steps.enumerated().allSatisfy({ i, step in
        names.indices.contains(step.name) && (-1..<i).contains(step.rest)
      }),
      lists.joined().allSatisfy({ steps.indices ~= $0.path && wanted.indices ~= $0.blob })
    else { throw StoreError("the holdings do not fit together") }
  }

  func write(to writer: inout ByteWriter) {
    writer.add(wanted)
    writer.add(each: names) { $0.add($1) }
    writer.add(each: steps) { writer, step in
      writer.add(step.name)
      writer.add(step.rest)
    }
    writer.add(each: lists) { writer, list in
      writer.add(each: list) { writer, line in
        writer.add(UInt32(line.path))
        writer.add(UInt32(line.blob))
      }
    }
    writer.add(trees.ids)
    writer.add(listNumbers)
    writer.add(topPositions)
  }
}

/// Puts lists together, from what is wanted up to the trees that no other leads to.
struct HoldingsBuilder {
  private typealias Line = Holdings.Line
  private typealias PathStep = Holdings.PathStep

  private let base: Holdings
  private let catalog: ObjectCatalog
  private let lines: TreeLinesTable
  private let wanted: [ObjectID]
  /// The positions of what is wanted, by the numbers of the objects.
  private let wantedPositions: [Int: Int]
  /// The list of each tree, by its number.
  private var listOfTree: [UInt32]
  private var lists: [[Line]]
  private var steps: [PathStep]
  private var numberOfList: [[Line]: Int] = [:]
  private var numberOfPath: [PathStep: Int] = [:]
  /// The list of every tree with the same names for the same lists.
  private var listOfContents: [[Content]: Int] = [:]

  private static let none = UInt32.max

  /// What stands under a name: a list, or something wanted.
  private struct Content: Hashable {
    let name: UInt32
    let list: Int
    let blob: Int
  }

  /// Goes up from what is wanted to every tree of `graph` that leads to it.
  ///
  /// `base` is what is known of trees that are not in `graph`. None of them leads to anything
  /// that `base` does not want.
  init(_ graph: TreeGraph, of catalog: ObjectCatalog, wanted: Set<ObjectID>, base: Holdings) {
    let all = base.wanted + wanted.subtracting(base.wanted).sorted()
    var positions: [Int: Int] = [:]
    var frontier: [Int] = []
    for (position, id) in all.enumerated() {
      guard let number = catalog.number(of: id) else { continue }
      positions[number] = position
      frontier.append(number)
    }
    var listOfTree = [UInt32](repeating: Self.none, count: catalog.count)
    if base.trees.count > 0 {
      catalog.forEachNumber(of: base.trees.ids) { position, number in
        guard let number else { return }
        listOfTree[number] = base.listNumbers[position]
        frontier.append(number)
      }
    }
    let ascent = Ascent(graph, catalog)
    var lines = TreeLinesTable(count: catalog.count)
    while let child = frontier.popLast() {
      ascent.forEachTree(with: child) { tree, edge in
        guard listOfTree[tree] == Self.none else { return }
        // A wanted tree, whose name speaks, is among those that the walk began with.
        if lines.add(edge, to: tree), positions[tree] == nil { frontier.append(tree) }
      }
    }
    self.base = base
    self.catalog = catalog
    self.wanted = all
    self.lines = lines
    self.listOfTree = listOfTree
    wantedPositions = positions
    lists = base.lists
    steps = base.steps
  }

  /// The holdings of all trees, with the names that edges number.
  consuming func build(names: NameTable) -> Holdings {
    for (number, list) in lists.enumerated() { numberOfList[list] = number }
    for (number, step) in steps.enumerated() { numberOfPath[step] = number }
    let new = lines.trees
    for tree in new { fill(tree) }
    var trees = base.trees
    var listNumbers = base.listNumbers
    let below = lines.children
    var tops = base.topPositions.filter { position in
      guard let number = catalog.number(of: base.trees.ids[Int(position)]) else { return false }
      return !below.contains(number)
    }
    for tree in new {
      if !below.contains(tree) { tops.append(UInt32(trees.count)) }
      trees.insert(catalog.id(tree))
      listNumbers.append(listOfTree[tree])
    }
    return Holdings(
      wanted: wanted, names: names.names, steps: steps, lists: lists, trees: trees,
      listNumbers: listNumbers, topPositions: tops)
  }

  /// Finds the list of a tree, and of all below it.
  private mutating func fill(_ tree: Int) {
    // Trees in a circle cannot be made, since names are hashes; damaged ones might claim so.
    var stack = [tree]
    var open: Set<Int> = []
    while let top = stack.last {
      if listOfTree[top] != Self.none {
        stack.removeLast()
        continue
      }
      var below: [Int] = []
      lines.forEachLine(of: top) { edge in
        let child = Int(edge.child)
        if lines.holds(child), listOfTree[child] == Self.none, !open.contains(child) {
          below.append(child)
        }
      }
      if below.isEmpty || !open.insert(top).inserted {
        listOfTree[top] = UInt32(make(top))
        stack.removeLast()
      } else {
        stack += below
      }
    }
  }

  private mutating func make(_ tree: Int) -> Int {
    var contents: [Content] = []
    lines.forEachLine(of: tree) { edge in
      let child = Int(edge.child)
      let list = listOfTree[child] == Self.none ? 0 : Int(listOfTree[child])
      contents.append(
        Content(name: edge.name, list: list, blob: wantedPositions[child] ?? -1))
    }
    // Of the many versions of a tree, few hold something else than the one before.
    contents.sort { ($0.name, $0.list, $0.blob) < ($1.name, $1.list, $1.blob) }
    if let known = listOfContents[contents] { return known }
    var made: [Line] = []
    for content in contents {
      let name = Int(content.name)
      if content.blob >= 0 {
        made.append(Line(path: number(of: PathStep(name: name, rest: -1)), blob: content.blob))
      }
      for line in lists[content.list] {
        let path = number(of: PathStep(name: name, rest: line.path))
        made.append(Line(path: path, blob: line.blob))
      }
    }
    made.sort { ($0.path, $0.blob) < ($1.path, $1.blob) }
    let number: Int
    if let known = numberOfList[made] {
      number = known
    } else {
      number = lists.count
      lists.append(made)
      numberOfList[made] = number
    }
    listOfContents[contents] = number
    return number
  }

  private mutating func number(of step: PathStep) -> Int {
    if let known = numberOfPath[step] { return known }
    steps.append(step)
    numberOfPath[step] = steps.count - 1
    return steps.count - 1
  }
}

/// The lines of trees that lead to something wanted, by the numbers of the trees.
struct TreeLinesTable {
  // The lines of a tree are a list.
  private var firsts: [UInt32]
  private var edges: [TreeGraph.Edge] = []
  private var nexts: [UInt32] = []

  private static let none = TreeGraph.none

  init(count: Int) {
    firsts = Array(repeating: Self.none, count: count)
  }

  /// Adds a line, unless it is there; returns whether it is the tree's first.
  mutating func add(_ edge: TreeGraph.Edge, to tree: Int) -> Bool {
    let first = firsts[tree]
    var next = first
    while next != Self.none {
      let known = edges[Int(next)]
      if known.child == edge.child, known.name == edge.name { return false }
      next = nexts[Int(next)]
    }
    nexts.append(first)
    firsts[tree] = UInt32(edges.count)
    edges.append(edge)
    return first == Self.none
  }

  func holds(_ tree: Int) -> Bool { firsts[tree] != Self.none }

  func forEachLine(of tree: Int, _ body: (TreeGraph.Edge) -> Void) {
    var next = firsts[tree]
    while next != Self.none {
      body(edges[Int(next)])
      next = nexts[Int(next)]
    }
  }

  var trees: [Int] { firsts.indices.filter { firsts[$0] != Self.none } }

  var children: Set<Int> { Set(edges.map { Int($0.child) }) }
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

  private static let none = TreeGraph.none

  init(_ graph: TreeGraph, _ catalog: ObjectCatalog) {
    self.graph = graph
    self.catalog = catalog
    steps = catalog.packs.map { Array(repeating: Self.none, count: $0.entries.count) }
    stepOfEdge = Array(repeating: 0, count: graph.added.count)
    for (i, step) in graph.steps.enumerated() {
      if step.pack != Self.none { steps[Int(step.pack)][Int(step.entry)] = UInt32(i) }
      for edge in step.added { stepOfEdge[Int(edge)] = UInt32(i) }
    }
    firstEdges = Array(repeating: Self.none, count: catalog.count)
    nextEdges = Array(repeating: Self.none, count: graph.added.count)
    for (i, edge) in graph.added.enumerated() where edge.child != Self.none {
      nextEdges[i] = firstEdges[Int(edge.child)]
      firstEdges[Int(edge.child)] = UInt32(i)
    }
  }

  /// Calls `body` for every line of a tree that names the object with number `child`.
  func forEachTree(with child: Int, _ body: (_ tree: Int, _ edge: TreeGraph.Edge) -> Void) {
    var next = firstEdges[child]
    while next != Self.none {
      let edge = graph.added[Int(next)]
      let step = graph.steps[Int(stepOfEdge[Int(next)])]
      if step.pack == Self.none {
        body(Int(step.entry), edge)
      } else {
        descend(from: Int(step.entry), of: Int(step.pack), edge, body)
      }
      next = nextEdges[Int(next)]
    }
  }

  /// The tree that adds a line, and those made from it that take it over.
  private func descend(
    from entry: Int, of number: Int, _ edge: TreeGraph.Edge,
    _ body: (_ tree: Int, _ edge: TreeGraph.Edge) -> Void
  ) {
    let pack = catalog.packs[number]
    let key = catalog.id(Int(edge.child)).prefix
    var stack = [entry]
    while let top = stack.popLast() {
      let position = pack.entries.position(of: top)
      body(
        catalog.number(of: PackEntry(pack: number, number: top, position: position)).number, edge)
      pack.entries.forEachChild(of: top) { child in
        let step = steps[number][child]
        guard step != Self.none else { return }
        let drops = graph.steps[Int(step)].dropped.contains {
          graph.dropped[Int($0)].key == key && graph.dropped[Int($0)].name == edge.name
        }
        if !drops { stack.append(child) }
      }
    }
  }
}
