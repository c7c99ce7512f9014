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
    let path: UInt32
    let blob: UInt32
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
  /// Every line that stands in a list.
  let lines: [Line]
  /// Every list that some tree has, as positions of lines; the first is empty.
  let lists: [[UInt32]]
  /// The number of the list of each tree, by its own number; 0 for one that holds nothing.
  ///
  /// Empty if nothing is wanted.
  let listOfTree: [UInt32]
  /// The numbers of the trees that no other tree leads to, as far as they lead to something
  /// wanted.
  let tops: [Int]

  /// Nothing is wanted.
  init() {
    self.init(wanted: [], names: [], steps: [], lines: [], lists: [[]], listOfTree: [], tops: [])
  }

  init(
    wanted: [ObjectID], names: [[UInt8]], steps: [PathStep], lines: [Line], lists: [[UInt32]],
    listOfTree: [UInt32], tops: [Int]
  ) {
    self.wanted = wanted
    self.names = names
    self.steps = steps
    self.lines = lines
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
    let lines = try reader.each { reader throws(StoreError) in
      Line(path: try reader.word(), blob: try reader.word())
    }
    let lists = try reader.each { reader throws(StoreError) in try reader.words() }
    let (trees, listNumbers, tops) = (try reader.ids(), try reader.words(), try reader.ids())
    let (treeNumbers, layout) = (try reader.words(), try ObjectCatalog.Layout(&reader))
    guard listNumbers.count == trees.count, treeNumbers.count == trees.count,
      listNumbers.allSatisfy({ $0 < lists.count }),
      steps.enumerated().allSatisfy({ i, step in
        names.indices.contains(step.name) && (-1..<i).contains(step.rest)
      }),
      lines.allSatisfy({ Int($0.path) < steps.count && Int($0.blob) < wanted.count }),
      lists.joined().allSatisfy({ Int($0) < lines.count })
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
      wanted: wanted, names: names, steps: steps, lines: lines, lists: lists,
      listOfTree: listOfTree, tops: tops.compactMap { catalog.number(of: $0) })
  }

  func write(to writer: inout ByteWriter, of catalog: ObjectCatalog) {
    writer.add(wanted)
    writer.add(each: names) { $0.add($1) }
    writer.add(each: steps) { writer, step in
      writer.add(step.name)
      writer.add(step.rest)
    }
    writer.add(each: lines) { writer, line in
      writer.add(line.path)
      writer.add(line.blob)
    }
    writer.add(each: lists) { $0.add($1) }
    let trees = listOfTree.indices.filter { listOfTree[$0] != 0 }
    writer.add(trees.map { catalog.id($0) })
    writer.add(trees.map { listOfTree[$0] })
    writer.add(tops.map { catalog.id($0) })
    writer.add(trees.map { UInt32($0) })
    catalog.layout.write(to: &writer)
  }
}
