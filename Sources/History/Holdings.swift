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
  /// The number of the list of each tree, by its own number; 0 for one that holds nothing.
  ///
  /// Empty if nothing is wanted.
  let listOfTree: [UInt32]
  /// The numbers of the trees that no other tree leads to, as far as they lead to something
  /// wanted.
  let tops: [Int]

  /// Nothing is wanted.
  init() {
    self.init(wanted: [], names: [], steps: [], lists: [[]], listOfTree: [], tops: [])
  }

  init(
    wanted: [ObjectID], names: [[UInt8]], steps: [PathStep], lists: [[Line]],
    listOfTree: [UInt32], tops: [Int]
  ) {
    self.wanted = wanted
    self.names = names
    self.steps = steps
    self.lists = lists
    self.listOfTree = listOfTree
    self.tops = tops
  }

  /// The number of the list of a tree; 0 for one that holds nothing.
  func list(of tree: Int?) -> Int {
    guard let tree, !listOfTree.isEmpty else { return 0 }
    return Int(listOfTree[tree])
  }

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
  /// Takes back what was kept, with the numbers of this run.
  init(_ reader: inout ByteReader, of catalog: ObjectCatalog) throws(StoreError) {
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
    let (trees, listNumbers, tops) = (try reader.ids(), try reader.words(), try reader.ids())
    let (treeNumbers, layout) = (try reader.words(), try ObjectCatalog.Layout(&reader))
    guard listNumbers.count == trees.count, treeNumbers.count == trees.count,
      listNumbers.allSatisfy({ $0 < lists.count }),
      steps.enumerated().allSatisfy({ i, step in
        names.indices.contains(step.name) && (-1..<i).contains(step.rest)
      }),
      lists.joined().allSatisfy({ steps.indices ~= $0.path && wanted.indices ~= $0.blob })
    else { throw StoreError("the holdings do not fit together") }
    var listOfTree: [UInt32] = []
    if !trees.isEmpty {
      listOfTree = Array(repeating: 0, count: catalog.count)
      let numbers = catalog.numbers(of: treeNumbers, in: layout, named: trees)
      for (i, number) in numbers.enumerated() where number != Commits.none {
        listOfTree[Int(number)] = listNumbers[i]
      }
    }
    self.init(
      wanted: wanted, names: names, steps: steps, lists: lists, listOfTree: listOfTree,
      tops: tops.compactMap { catalog.number(of: $0) })
  }

  func write(to writer: inout ByteWriter, of catalog: ObjectCatalog) {
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
    let trees = listOfTree.indices.filter { listOfTree[$0] != 0 }
    writer.add(trees.map { catalog.id($0) })
    writer.add(trees.map { listOfTree[$0] })
    writer.add(tops.map { catalog.id($0) })
    writer.add(trees.map { UInt32($0) })
    catalog.layout.write(to: &writer)
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
  /// The list of each tree, by its number; 0 for none.
  private var listOfTree: [UInt32]
  private var lists: [[Line]]
  private var steps: [PathStep]
  private var numberOfList: [[Line]: Int] = [:]
  private var numberOfPath: [PathStep: Int] = [:]
  /// The list of every tree with the same names for the same lists.
  private var listOfContents: [[Content]: Int] = [:]

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
    let known = base.listOfTree
    frontier += known.indices.lazy.filter { known[$0] != 0 }
    let edges = graph.edges
    let ascent = Ascent(graph, edges, catalog)
    var lines = TreeLinesTable(edges, count: catalog.count)
    while let child = frontier.popLast() {
      ascent.forEachTree(with: child) { tree, edge in
        guard known.isEmpty || known[tree] == 0 else { return }
        // A wanted tree, whose name speaks, is among those that the walk began with.
        if lines.add(edge, to: tree), positions[tree] == nil { frontier.append(tree) }
      }
    }
    self.base = base
    self.catalog = catalog
    self.wanted = all
    self.lines = lines
    listOfTree = known
    wantedPositions = positions
    lists = base.lists
    steps = base.steps
  }

  /// The holdings of all trees, with the names that edges number.
  consuming func build(names: NameTable) -> Holdings {
    if listOfTree.isEmpty { listOfTree = Array(repeating: 0, count: catalog.count) }
    for (number, list) in lists.enumerated() { numberOfList[list] = number }
    for (number, step) in steps.enumerated() { numberOfPath[step] = number }
    for tree in lines.trees { fill(tree) }
    let areChildren = lines.areChildren
    let tops = base.tops.filter { !areChildren[$0] } + lines.trees.filter { !areChildren[$0] }
    return Holdings(
      wanted: wanted, names: names.names, steps: steps, lists: lists, listOfTree: listOfTree,
      tops: tops)
  }

  /// Finds the list of a tree, and of all below it.
  private mutating func fill(_ tree: Int) {
    // Trees in a circle cannot be made, since names are hashes; damaged ones might claim so.
    var stack = [tree]
    var open: Set<Int> = []
    while let top = stack.last {
      if listOfTree[top] != 0 {
        stack.removeLast()
        continue
      }
      var below: [Int] = []
      lines.forEachLine(of: top) { edge in
        let child = Int(edge.child)
        if lines.holds(child), listOfTree[child] == 0, !open.contains(child) {
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
      contents.append(
        Content(
          name: edge.name, list: Int(listOfTree[child]), blob: wantedPositions[child] ?? -1))
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
  private let edges: Joined<TreeGraph.Edge>
  // The lines of a tree are a list.
  private var firsts: [UInt32]
  private var lines = Chunks<(edge: UInt32, next: UInt32)>()

  private static let none = TreeGraph.none

  init(_ edges: Joined<TreeGraph.Edge>, count: Int) {
    self.edges = edges
    firsts = Array(repeating: Self.none, count: count)
  }

  /// Adds a line, unless it is there; returns whether it is the tree's first.
  mutating func add(_ edge: UInt32, to tree: Int) -> Bool {
    let first = firsts[tree]
    var next = first
    while next != Self.none {
      let known = lines[Int(next)]
      // A tree may have been read from two packs.
      if known.edge == edge || isSame(known.edge, edge) { return false }
      next = known.next
    }
    firsts[tree] = UInt32(lines.count)
    lines.append((edge, first))
    return first == Self.none
  }

  private func isSame(_ a: UInt32, _ b: UInt32) -> Bool {
    let (x, y) = (edges[Int(a)], edges[Int(b)])
    return x.child == y.child && x.name == y.name
  }

  func holds(_ tree: Int) -> Bool { firsts[tree] != Self.none }

  func forEachLine(of tree: Int, _ body: (TreeGraph.Edge) -> Void) {
    var next = firsts[tree]
    while next != Self.none {
      body(edges[Int(lines[Int(next)].edge)])
      next = lines[Int(next)].next
    }
  }

  var trees: some Sequence<Int> { firsts.indices.lazy.filter { holds($0) } }

  /// Which objects lines lead to, by their numbers.
  var areChildren: [Bool] {
    var areChildren = [Bool](repeating: false, count: firsts.count)
    for i in 0..<lines.count { areChildren[Int(edges[Int(lines[i].edge)].child)] = true }
    return areChildren
  }
}
