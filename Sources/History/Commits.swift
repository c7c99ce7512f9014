internal import Git
internal import Store

/// Commits, each with what it names, all by their numbers in the catalog.
package struct Commits: Sendable {
  private(set) var numbers = Chunks<UInt32>()
  /// In seconds since 1970.
  private(set) var times = Chunks<Int>()
  /// The numbers of their trees; ``none`` for one that is not at hand.
  private(set) var trees = Chunks<UInt32>()
  /// Where among the parents each commit's own begin.
  private var starts = Chunks<UInt32>()
  private var allParents = Chunks<UInt32>()

  /// What is not at hand.
  static let none = UInt32.max

  package init() {}

  package var count: Int { numbers.count }

  /// `parents` of which some may not be at hand.
  mutating func append(
    _ number: UInt32, tree: UInt32, parents: some Sequence<UInt32>, time: Int
  ) {
    numbers.append(number)
    times.append(time)
    trees.append(tree)
    starts.append(UInt32(allParents.count))
    for parent in parents { allParents.append(parent) }
  }

  mutating func append(_ other: consuming Commits) {
    if count == 0 {
      self = other
      return
    }
    for i in 0..<other.count {
      append(
        other.numbers[i], tree: other.trees[i], parents: other.parents(of: i),
        time: other.times[i])
    }
  }

  func parents(of commit: Int) -> Parents {
    let end = commit + 1 < starts.count ? Int(starts[commit + 1]) : allParents.count
    return Parents(all: allParents, range: Int(starts[commit])..<end)
  }

  /// The parents of a commit.
  struct Parents: Sequence {
    fileprivate let all: Chunks<UInt32>
    fileprivate let range: Range<Int>

    func makeIterator() -> LazyMapSequence<Range<Int>, UInt32>.Iterator {
      let all = all
      return range.lazy.map { all[$0] }.makeIterator()
    }
  }

  /// How many parents all of them have.
  var parentCount: Int { allParents.count }
}

/// Commits that were read and whose names are not looked up yet.
///
/// Names are spread over the whole of an index; many at once, in order, are found in a fraction
/// of the time that each would take by itself.
package struct UnresolvedCommits: Sendable {
  private var commits: [(number: UInt32, first: Int, time: Int)] = []
  private var named: [ObjectID] = []

  /// How many names are looked up at a time.
  private static let batch = 1 << 16

  var isFull: Bool { named.count >= Self.batch }

  mutating func append(_ number: Int, tree: ObjectID, parents: [ObjectID], time: Int) {
    commits.append((UInt32(number), named.count, time))
    named.append(tree)
    named += parents
  }

  /// Looks all names up.
  mutating func resolve(
    in catalog: ObjectCatalog, into graph: inout Commits, missing: inout Set<ObjectID>
  ) {
    var numbers = [UInt32](repeating: Commits.none, count: named.count)
    catalog.forEachNumber(of: named) { i, number in
      if let number { numbers[i] = UInt32(number) } else { missing.insert(named[i]) }
    }
    for (i, commit) in commits.enumerated() {
      let end = i + 1 < commits.count ? commits[i + 1].first : named.count
      graph.append(
        commit.number, tree: numbers[commit.first], parents: numbers[(commit.first + 1)..<end],
        time: commit.time)
    }
    commits.removeAll(keepingCapacity: true)
    named.removeAll(keepingCapacity: true)
  }
}

/// Commits as they are kept.
struct KeptCommits: Sendable {
  private let times: [Int]
  /// The commits, and then the tree of each.
  let objects: KeptNumbers
  private let starts: [UInt32]
  /// A parent among these commits is its position, another one comes after them in ``others``.
  private let parents: [UInt32]
  private let others: [ObjectID]

  /// What is not at hand has the name that stands for no object.
  init(
    _ commits: Commits, of catalog: ObjectCatalog, namedIn file: String, _ store: Store
  ) throws(StoreError) {
    // In nearly the order in which they will be wanted.
    let order = (0..<commits.count).sorted { commits.times[$0] < commits.times[$1] }
    var positions = [UInt32](repeating: Commits.none, count: catalog.count)
    for (i, commit) in order.enumerated() {
      positions[Int(commits.numbers[commit])] = UInt32(i)
    }
    times = order.map { commits.times[$0] }
    objects = try KeptNumbers(
      order.map { commits.numbers[$0] } + order.map { commits.trees[$0] }, of: catalog,
      namedIn: file, store)
    var (starts, parents, others): ([UInt32], [UInt32], [ObjectID]) = ([], [], [])
    for i in order {
      starts.append(UInt32(parents.count))
      for parent in commits.parents(of: i) {
        if parent != Commits.none, positions[Int(parent)] != Commits.none {
          parents.append(positions[Int(parent)])
        } else {
          parents.append(UInt32(commits.count + others.count))
          others.append(parent == Commits.none ? .zero : catalog.id(Int(parent)))
        }
      }
    }
    (self.starts, self.parents, self.others) = (starts, parents, others)
  }

  /// Puts the commits into `commits`, by their numbers in this run.
  func tell(
    _ commits: inout Commits, _ catalog: ObjectCatalog, _ store: Store
  ) throws(StoreError) {
    let numbers = try objects.numbers(in: catalog, store)
    let (known, trees) = (numbers[..<times.count], numbers[times.count...])
    guard !known.contains(Commits.none) else { throw StoreError("a commit is gone") }
    let all = known + others.map { catalog.number(of: $0).map { UInt32($0) } ?? Commits.none }
    for i in times.indices {
      let end = i + 1 < starts.count ? Int(starts[i + 1]) : parents.count
      commits.append(
        known[i], tree: trees[times.count + i],
        parents: parents[Int(starts[i])..<end].lazy.map { all[Int($0)] }, time: times[i])
    }
  }

  init(_ reader: inout ByteReader) throws(StoreError) {
    times = try reader.each { reader throws(StoreError) in try reader.number() }
    objects = try KeptNumbers(&reader)
    starts = try reader.words()
    parents = try reader.words()
    others = try reader.ids()
    let (count, limit) = (times.count, times.count + others.count)
    guard objects.count == 2 * count, starts.count == count,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }),
      starts.allSatisfy({ $0 <= parents.count }), parents.allSatisfy({ $0 < limit })
    else { throw StoreError("the commits do not fit together") }
  }

  func write(to writer: inout ByteWriter) {
    writer.add(each: times) { $0.add($1) }
    objects.write(to: &writer)
    writer.add(starts)
    writer.add(parents)
    writer.add(others)
  }
}
