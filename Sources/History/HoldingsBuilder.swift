internal import Files
internal import Git

/// Puts lists together, from what is wanted up to the trees that no other leads to.
struct HoldingsBuilder {
  private typealias Line = Holdings.Line
  private typealias PathStep = Holdings.PathStep

  private let base: Holdings
  private let catalog: ObjectCatalog
  private let wanted: [ObjectID]
  private let nodes: Nodes
  private let table: NodeLinesTable
  /// The list of each node; 0 for none.
  private var listOfNode: [UInt32]
  private var lists: [[UInt32]]
  private var lines: [Line]
  private var steps: [PathStep]
  private var numberOfStep = NumberTable()
  private var numberOfLine = NumberTable()
  /// What each line becomes under a name.
  private var linesUnderNames = NumberTable()
  /// The lists that trees had before, which new ones may have too.
  private var numberOfList = ListTable()
  private var contents = ContentsTable()

  /// Goes up from what is wanted to every tree of `graph` that leads to it.
  ///
  /// `base` is what is known of trees that are not in `graph`. None of them leads to anything
  /// that `base` does not want.
  init(
    _ graph: consuming TreeGraph, of catalog: ObjectCatalog, wanted: Set<ObjectID>, base: Holdings
  ) {
    let all = base.wanted + wanted.subtracting(base.wanted).sorted()
    var nodes = Nodes(count: catalog.count)
    for id in all { nodes.add(catalog.number(of: id)) }
    var listOfNode = [UInt32](repeating: 0, count: all.count)
    for (tree, list) in base.listOfTree.enumerated() where list != 0 {
      // A tree may be wanted itself, for its name.
      let node = nodes.node(of: tree)
      if node.isNew { listOfNode.append(list) } else { listOfNode[node.number] = list }
    }
    let known = listOfNode
    var ascent = Ascent(consume graph, catalog)
    // What was put in order has gaps all over the heap.
    CurrentProcess.giveMemoryBack()
    var found = NodeLinesTable.Builder()
    var frontier = Array(0..<nodes.count)
    while let child = frontier.popLast() {
      guard let number = nodes.object(of: child) else { continue }
      ascent.forEachTree(with: number) { tree, edge in
        let node = nodes.node(of: tree)
        guard node.number >= known.count || known[node.number] == 0 else { return }
        found.add(child, under: edge.name, to: node.number)
        if node.isNew { frontier.append(node.number) }
      }
    }
    // Its tables take as much memory as the one that is made next.
    _ = consume ascent
    listOfNode += Array(repeating: 0, count: nodes.count - listOfNode.count)
    self.base = base
    self.catalog = catalog
    self.wanted = all
    self.nodes = nodes
    self.listOfNode = listOfNode
    table = found.build(count: nodes.count)
    (lists, lines, steps) = (base.lists, base.lines, base.steps)
  }

  /// The holdings of all trees, with the names that edges number.
  consuming func build(names: NameTable) -> Holdings {
    for (number, line) in lines.enumerated() { numberOfLine[line.key] = UInt32(number) }
    for (number, step) in steps.enumerated() { numberOfStep[step.key] = UInt32(number) }
    if lists.count > 1 {
      for number in lists.indices { numberOfList.add(number, of: lists) }
    }
    // Nodes were found from below, so most of what a tree leads to comes before it.
    for node in 0..<nodes.count where table.holds(node) { fill(node) }
    var listOfTree = base.listOfTree
    if listOfTree.isEmpty { listOfTree = Array(repeating: 0, count: catalog.count) }
    var tops: [Int] = []
    let areChildren = table.areChildren
    for node in 0..<nodes.count where listOfNode[node] != 0 {
      guard let tree = nodes.object(of: node) else { continue }
      listOfTree[tree] = listOfNode[node]
      if !areChildren[node], table.holds(node) { tops.append(tree) }
    }
    tops += base.tops.filter { top in nodes.find(top).map { !areChildren[$0] } ?? true }
    return Holdings(
      wanted: wanted, names: names.names, steps: steps, lines: lines, lists: lists,
      listOfTree: listOfTree, tops: tops)
  }

  /// Finds the list of a tree, and of all below it.
  private mutating func fill(_ node: Int) {
    if listOfNode[node] != 0 { return }
    // Trees in a circle cannot be made, since names are hashes; damaged ones might claim so.
    var stack = [node]
    var open: Set<Int> = []
    while let top = stack.last {
      if listOfNode[top] != 0 {
        stack.removeLast()
        continue
      }
      let count = stack.count
      for number in 0..<table.count(of: top) {
        let child = Int(table.line(number, of: top).child)
        if listOfNode[child] == 0, table.holds(child), !open.contains(child) {
          stack.append(child)
        }
      }
      if stack.count == count || !open.insert(top).inserted {
        stack.removeLast(stack.count - count + 1)
        listOfNode[top] = UInt32(make(top))
      }
    }
  }

  private mutating func make(_ node: Int) -> Int {
    // Of the many versions of a tree, few hold something else than the one before.
    contents.begin()
    for number in 0..<table.count(of: node) {
      let line = table.line(number, of: node)
      let child = Int(line.child)
      if child < wanted.count { contents.add(name: line.name, blob: child) }
      if listOfNode[child] != 0 { contents.add(name: line.name, list: listOfNode[child]) }
    }
    switch contents.end() {
    case .known(let list): return list
    case .new(let record):
      let number = number(of: list(of: record))
      contents.set(number, for: record)
      return number
    }
  }

  /// The lines of a tree with some contents.
  private mutating func list(of record: Int) -> [UInt32] {
    var made: [UInt32] = []
    for content in contents[record] {
      switch content.what {
      case .blob(let blob):
        let step = number(of: PathStep(name: Int(content.name), rest: -1))
        made.append(number(of: Line(path: UInt32(step), blob: UInt32(blob))))
      case .list(let list):
        for line in lists[list] { made.append(self.line(line, under: content.name)) }
      }
    }
    made.sort()
    return made
  }

  /// What a line of a tree is in one that has this tree under `name`.
  private mutating func line(_ line: UInt32, under name: UInt32) -> UInt32 {
    let key = UInt64(name) << 32 | UInt64(line)
    if let known = linesUnderNames[key] { return known }
    let inner = lines[Int(line)]
    let step = number(of: PathStep(name: Int(name), rest: Int(inner.path)))
    let made = number(of: Line(path: UInt32(step), blob: inner.blob))
    linesUnderNames[key] = made
    return made
  }

  private mutating func number(of list: [UInt32]) -> Int {
    // Lists that were made in this run are told by what they were made from.
    if base.lists.count > 1, let known = numberOfList.number(of: list, in: lists) { return known }
    lists.append(list)
    return lists.count - 1
  }

  private mutating func number(of line: Line) -> UInt32 {
    if let known = numberOfLine[line.key] { return known }
    lines.append(line)
    let number = UInt32(lines.count - 1)
    numberOfLine[line.key] = number
    return number
  }

  private mutating func number(of step: PathStep) -> Int {
    if let known = numberOfStep[step.key] { return Int(known) }
    steps.append(step)
    numberOfStep[step.key] = UInt32(steps.count - 1)
    return steps.count - 1
  }
}

// MARK: Tables

extension Holdings.Line {
  fileprivate var key: UInt64 { UInt64(path) << 32 | UInt64(blob) }
}

extension Holdings.PathStep {
  fileprivate var key: UInt64 { UInt64(name) << 32 | UInt64(rest + 1) }
}

/// The numbers of lists, by what they hold.
private struct ListTable {
  private var numbers = NumberTable()
  /// New in each run, so nobody can make up lists that collide.
  private let factor = UInt64.random(in: .min ... .max) | 1

  mutating func add(_ number: Int, of lists: [[UInt32]]) {
    var key = key(of: lists[number])
    while numbers[key] != nil { key &+= 1 }
    numbers[key] = UInt32(number)
  }

  func number(of list: [UInt32], in lists: [[UInt32]]) -> Int? {
    var key = key(of: list)
    while let number = numbers[key] {
      if lists[Int(number)] == list { return Int(number) }
      key &+= 1
    }
    return nil
  }

  private func key(of list: [UInt32]) -> UInt64 {
    list.reduce(factor) { key, line in
      let mixed = (key ^ UInt64(line)) &* factor
      return mixed ^ mixed >> 29
    }
  }
}

/// Numbers for what is wanted, which comes first, and for the trees that lead to it, in the order
/// in which they are found: those of one family are found one after the other and so stand close
/// together in every table.
private struct Nodes {
  private var nodes: [UInt32]
  private var objects: [UInt32] = []

  private static let none = UInt32.max

  /// `count` is the number of objects.
  init(count: Int) { nodes = Array(repeating: Self.none, count: count) }

  var count: Int { objects.count }

  /// Adds an object by its number; `nil` is one that is not at hand.
  mutating func add(_ object: Int?) {
    if let object { nodes[object] = UInt32(count) }
    objects.append(object.map { UInt32($0) } ?? Self.none)
  }

  /// The node of an object, which is new if it had none.
  mutating func node(of object: Int) -> (number: Int, isNew: Bool) {
    if nodes[object] != Self.none { return (Int(nodes[object]), false) }
    add(object)
    return (count - 1, true)
  }

  /// The node of an object, if it has one.
  func find(_ object: Int) -> Int? {
    nodes[object] == Self.none ? nil : Int(nodes[object])
  }

  /// The object of a node, by its number.
  func object(of node: Int) -> Int? {
    objects[node] == Self.none ? nil : Int(objects[node])
  }
}

/// The lines of trees that lead to something wanted, by the trees' nodes.
private struct NodeLinesTable {
  struct Line {
    /// What it leads to, as a node.
    let child: UInt32
    let name: UInt32
  }

  /// Where the lines of each node begin, and where the last one's end.
  private let starts: [UInt32]
  /// All lines of all nodes, as positions among those that differ.
  private let all: [UInt32]
  private let lines: [Line]

  /// Collects lines, best those that are equal one after the other: a tree that never changes is
  /// in a million others under one name.
  struct Builder {
    private var trees = Chunks<UInt32>()
    private var lines: [Line] = []
    /// Where the trees of each line begin.
    private var starts: [UInt32] = []

    mutating func add(_ child: Int, under name: UInt32, to tree: Int) {
      if lines.last.map({ $0.child != child || $0.name != name }) ?? true {
        lines.append(Line(child: UInt32(child), name: name))
        starts.append(UInt32(trees.count))
      }
      trees.append(UInt32(tree))
    }

    consuming func build(count: Int) -> NodeLinesTable {
      // What stands one further is where the node's next line goes, and ends as its end.
      var places = [UInt32](repeating: 0, count: count + 2)
      for i in 0..<trees.count { places[Int(trees[i]) + 2] += 1 }
      for i in 1..<places.count { places[i] += places[i - 1] }
      var all = [UInt32](repeating: 0, count: trees.count)
      for line in lines.indices {
        let end = line + 1 < starts.count ? Int(starts[line + 1]) : trees.count
        for i in Int(starts[line])..<end {
          let tree = Int(trees[i])
          all[Int(places[tree + 1])] = UInt32(line)
          places[tree + 1] += 1
        }
      }
      return NodeLinesTable(starts: places, all: all, lines: lines)
    }
  }

  private init(starts: [UInt32], all: [UInt32], lines: [Line]) {
    self.starts = starts
    self.all = all
    self.lines = lines
  }

  /// How many lines a node has.
  func count(of node: Int) -> Int { Int(starts[node + 1]) - Int(starts[node]) }

  func line(_ number: Int, of node: Int) -> Line { lines[Int(all[Int(starts[node]) + number])] }

  func holds(_ node: Int) -> Bool { starts[node] != starts[node + 1] }

  /// Which nodes lines lead to.
  var areChildren: [Bool] {
    var areChildren = [Bool](repeating: false, count: starts.count - 2)
    for line in lines { areChildren[Int(line.child)] = true }
    return areChildren
  }
}
