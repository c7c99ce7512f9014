internal import Git
internal import Model

/// The commits of a repository, by their positions, and what reaches each.
struct CommitGraph: Sendable {
  /// In the order in which parents come before their children, then by date and name.
  private var table: ObjectTable
  private var trees: [ObjectID] = []
  private var times: [Int] = []
  /// The positions of parents: those of a commit begin where `parentStarts` says.
  private var parentPositions: [UInt32] = []
  private var parentStarts: [UInt32] = [0]
  private(set) var reach: [Reach] = []

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

  var count: Int { table.count }

  func id(_ position: Int) -> ObjectID { table.ids[position] }

  func tree(of position: Int) -> ObjectID { trees[position] }

  /// When the commit was made, in seconds since 1970.
  func time(of position: Int) -> Int { times[position] }

  func parents(of position: Int) -> ArraySlice<UInt32> {
    parentPositions[Int(parentStarts[position])..<Int(parentStarts[position + 1])]
  }

  func position(of id: ObjectID) -> Int? { table.position(of: id) }

  init(_ commits: Commits) {
    let places = ObjectTable(commits.ids)
    // Kahn's algorithm; of those whose parents are all placed, the oldest comes first.
    let sorted = Self.sorted(commits)
    var rank = [UInt32](repeating: 0, count: sorted.count)
    for (i, commit) in sorted.enumerated() { rank[Int(commit)] = UInt32(i) }
    var waiting = [UInt32](repeating: 0, count: sorted.count)
    // The children of a commit are a list: the first, and for each line of a child the next.
    var firsts = [UInt32](repeating: .max, count: sorted.count)
    var lines: [(child: UInt32, next: UInt32)] = []
    lines.reserveCapacity(commits.named.count - sorted.count)
    for (i, commit) in sorted.enumerated() {
      for parent in commits.parents(of: Int(commit)) {
        guard let place = places.position(of: parent) else { continue }
        waiting[i] += 1
        lines.append((UInt32(i), firsts[Int(rank[place])]))
        firsts[Int(rank[place])] = UInt32(lines.count - 1)
      }
    }
    var ready = Heap()
    for i in sorted.indices where waiting[i] == 0 { ready.insert(i) }
    table = ObjectTable(capacity: sorted.count)
    trees.reserveCapacity(sorted.count)
    times.reserveCapacity(sorted.count)
    parentPositions.reserveCapacity(lines.count)
    parentStarts.reserveCapacity(sorted.count + 1)
    while let next = ready.popLeast() {
      let commit = Int(sorted[next])
      table.insert(commits.ids[commit])
      trees.append(commits.tree(of: commit))
      times.append(commits.times[commit])
      for parent in commits.parents(of: commit) {
        if let position = table.position(of: parent) { parentPositions.append(UInt32(position)) }
      }
      parentStarts.append(UInt32(parentPositions.count))
      var line = firsts[next]
      while line != .max {
        let (child, following) = lines[Int(line)]
        waiting[Int(child)] -= 1
        if waiting[Int(child)] == 0 { ready.insert(Int(child)) }
        line = following
      }
    }
    reach = Array(repeating: [], count: table.count)
  }

  /// The commits by date, then by name.
  private static func sorted(_ commits: Commits) -> [UInt32] {
    var keys = commits.ids.indices.map { (time: commits.times[$0], commit: UInt32($0)) }
    keys.sort {
      $0.time == $1.time
        ? commits.ids[Int($0.commit)] < commits.ids[Int($1.commit)] : $0.time < $1.time
    }
    return keys.map(\.commit)
  }

  /// Marks everything that the commits at `starts` reach.
  mutating func mark(_ starts: [Int], _ kind: Reach) {
    var stack = starts
    while let next = stack.popLast() {
      guard !reach[next].contains(kind) else { continue }
      reach[next].insert(kind)
      for parent in parents(of: next) { stack.append(Int(parent)) }
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
