internal import Git
internal import Model

/// The commits of a repository, by their positions, and what reaches each.
struct CommitGraph {
  /// In the order in which parents come before their children, then by date and name.
  private(set) var nodes: [CommitNode] = []
  /// The positions of each node's parents.
  private(set) var parents: [[Int]] = []
  private(set) var reach: [Reach] = []
  private var positions: [Int: Int] = [:]

  /// From where a commit is reached.
  struct Reach: OptionSet {
    let rawValue: UInt8

    /// A branch, a tag or any other reference, or a worktree's HEAD.
    static let references = Reach(rawValue: 1)
    /// HEAD.
    static let head = Reach(rawValue: 2)
    /// A remote-tracking branch.
    static let tracking = Reach(rawValue: 4)
    static let stash = Reach(rawValue: 8)
    /// A reflog, or `ORIG_HEAD` and its like.
    static let reflog = Reach(rawValue: 16)
  }

  init(_ swept: SweepTally, of catalog: ObjectCatalog) {
    let sorted = swept.graph.sorted {
      $0.time == $1.time ? catalog.id($0.number) < catalog.id($1.number) : $0.time < $1.time
    }
    // Kahn's algorithm; of those whose parents are all placed, the oldest comes first.
    var place: [Int: Int] = [:]
    for (i, node) in sorted.enumerated() where place[node.number] == nil { place[node.number] = i }
    var waiting = sorted.map { node in node.parents.count { place[$0] != nil } }
    var children: [Int: [Int]] = [:]
    for (i, node) in sorted.enumerated() {
      for parent in node.parents { if let p = place[parent] { children[p, default: []].append(i) } }
    }
    var ready = Heap()
    for i in sorted.indices where waiting[i] == 0 { ready.insert(i) }
    while let next = ready.popLeast() {
      positions[sorted[next].number] = nodes.count
      nodes.append(sorted[next])
      for child in children[next] ?? [] {
        waiting[child] -= 1
        if waiting[child] == 0 { ready.insert(child) }
      }
    }
    parents = nodes.map { node in node.parents.compactMap { positions[$0] } }
    reach = Array(repeating: [], count: nodes.count)
  }

  func position(of number: Int) -> Int? { positions[number] }

  /// Marks everything that the commits at `starts` reach.
  mutating func mark(_ starts: [Int], _ kind: Reach) {
    var stack = starts
    while let next = stack.popLast() {
      guard !reach[next].contains(kind) else { continue }
      reach[next].insert(kind)
      stack += parents[next]
    }
  }
}

/// Numbers, the least first.
private struct Heap {
  private var items: [Int] = []

  mutating func insert(_ item: Int) {
    items.append(item)
    var i = items.count - 1
    while i > 0, items[i] < items[(i - 1) / 2] {
      items.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  mutating func popLeast() -> Int? {
    guard let first = items.first else { return nil }
    let last = items.removeLast()
    if items.isEmpty { return first }
    items[0] = last
    var i = 0
    while 2 * i + 1 < items.count {
      var child = 2 * i + 1
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      if items[i] <= items[child] { break }
      items.swapAt(i, child)
      i = child
    }
    return first
  }
}

extension CommitGraph.Reach {
  /// What stands in a commit that is reached so.
  ///
  /// What a reference reaches a push may send; only then it matters what else does.
  var standings: Set<Standing> {
    if contains(.references) { return [.history] }
    if contains(.stash) { return [.stash] }
    return contains(.reflog) ? [.reflog] : [.unreachable]
  }
}
