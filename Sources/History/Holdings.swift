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
  fileprivate(set) var listOfTree: [UInt32]
  /// The numbers of the trees that no other tree leads to, as far as they lead to something
  /// wanted; of trees of commits none once ``dropTops(of:)`` was called.
  private(set) var tops: [Int]

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

  /// Forgets the tops that are trees of commits, which lead there anyway.
  mutating func dropTops(of graph: CommitGraph) {
    if tops.isEmpty { return }
    var isOfCommit = [Bool](repeating: false, count: listOfTree.count)
    for i in 0..<graph.count {
      if let tree = graph.tree(of: i) { isOfCommit[tree] = true }
    }
    tops.removeAll { isOfCommit[$0] }
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
  /// Takes back what was kept but for the trees, which ``add(_:in:_:)`` adds.
  init(_ reader: inout ByteReader, of catalog: ObjectCatalog) throws(StoreError) {
    let wanted = try reader.ids()
    let names = try reader.each { reader throws(StoreError) in try reader.array() }
    let steps = try reader.each { reader throws(StoreError) in
      PathStep(name: try reader.number(), rest: try reader.number())
    }
    let lines = try reader.each { reader throws(StoreError) in
      Line(path: try reader.word(), blob: try reader.word())
    }
    let (counts, joined) = (try reader.words(), try reader.words())
    guard counts.reduce(0, { $0 + Int($1) }) == joined.count else {
      throw StoreError("the lists of holdings are cut off")
    }
    var start = 0
    let lists = counts.map { count in
      start += Int(count)
      return Array(joined[(start - Int(count))..<start])
    }
    let tops = try reader.ids()
    guard !lists.isEmpty,
      steps.enumerated().allSatisfy({ i, step in
        names.indices.contains(step.name) && (-1..<i).contains(step.rest)
      }),
      lines.allSatisfy({ Int($0.path) < steps.count && Int($0.blob) < wanted.count }),
      joined.allSatisfy({ Int($0) < lines.count })
    else { throw StoreError("the holdings do not fit together") }
    self.init(
      wanted: wanted, names: names, steps: steps, lines: lines, lists: lists,
      listOfTree: wanted.isEmpty ? [] : Array(repeating: 0, count: catalog.count),
      tops: tops.compactMap { catalog.number(of: $0) })
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
    writer.add(lists.map { UInt32($0.count) })
    writer.add(Array(lists.joined()))
    writer.add(tops.map { catalog.id($0) })
  }
}

/// Which list each of some trees has, as it is kept.
struct KeptTrees: Sendable {
  let objects: KeptNumbers
  private let lists: [UInt32]

  /// Of `trees`, those that hold something.
  init(
    _ trees: some Sequence<Int>, _ holdings: Holdings, of catalog: ObjectCatalog,
    namedIn file: String, _ store: Store
  ) throws(StoreError) {
    let holders = trees.filter { holdings.list(of: $0) != 0 }
    lists = holders.map { UInt32(holdings.list(of: $0)) }
    objects = try KeptNumbers(holders.map { UInt32($0) }, of: catalog, namedIn: file, store)
  }

  /// Puts the trees into `holdings`, by their numbers in this run.
  func tell(
    _ holdings: inout Holdings, _ catalog: ObjectCatalog, _ store: Store
  ) throws(StoreError) {
    let numbers = try objects.numbers(in: catalog, store)
    guard numbers.isEmpty || !holdings.listOfTree.isEmpty,
      lists.allSatisfy({ $0 < holdings.lists.count })
    else { throw StoreError("the trees do not fit the holdings") }
    for (i, number) in numbers.enumerated() where number != Commits.none {
      holdings.listOfTree[Int(number)] = lists[i]
    }
  }

  init(_ reader: inout ByteReader) throws(StoreError) {
    objects = try KeptNumbers(&reader)
    lists = try reader.words()
    guard lists.count == objects.count else { throw StoreError("a tree has no list") }
  }

  func write(to writer: inout ByteWriter) {
    objects.write(to: &writer)
    writer.add(lists)
  }
}
