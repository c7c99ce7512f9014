internal import Git
internal import Model

/// The commits of a repository, by their positions, and what reaches each.
struct CommitGraph: Sendable {
  /// In the order in which parents come before their children, then by date and name.
  private var numbers: [UInt32] = []
  private var trees: [UInt32] = []
  private var times: [Int] = []
  /// The positions of parents: those of a commit begin where `parentStarts` says.
  private var parentPositions: [UInt32] = []
  private var parentStarts: [UInt32] = [0]
  /// The position of each commit, by its number.
  private var positions: [UInt32]
  private(set) var reach: [Reach] = []

  private static let none = Commits.none

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

  var count: Int { numbers.count }

  /// The number of the commit at a position.
  func number(_ position: Int) -> Int { Int(numbers[position]) }

  /// The number of a commit's tree; `nil` if it is not at hand.
  func tree(of position: Int) -> Int? {
    trees[position] == Self.none ? nil : Int(trees[position])
  }

  /// When the commit was made, in seconds since 1970.
  func time(of position: Int) -> Int { times[position] }

  func parents(of position: Int) -> ArraySlice<UInt32> {
    parentPositions[Int(parentStarts[position])..<Int(parentStarts[position + 1])]
  }

  /// The position of the commit with a number; `nil` if it is none.
  func position(of number: Int) -> Int? {
    positions[number] == Self.none ? nil : Int(positions[number])
  }

  init(_ commits: Commits, of catalog: ObjectCatalog) {
    // Kahn's algorithm; of those whose parents are all placed, the oldest comes first.
    let sorted = Self.sorted(commits, catalog)
    positions = Array(repeating: Self.none, count: catalog.count)
    for (i, commit) in sorted.enumerated() {
      positions[Int(commits.numbers[Int(commit)])] = UInt32(i)
    }
    var waiting = [UInt32](repeating: 0, count: sorted.count)
    // The children of a commit are a list: the first, and for each line of a child the next.
    var firsts = [UInt32](repeating: Self.none, count: sorted.count)
    var lines: [(child: UInt32, next: UInt32)] = []
    lines.reserveCapacity(commits.parentCount)
    for (i, commit) in sorted.enumerated() {
      for parent in commits.parents(of: Int(commit)) where parent != Self.none {
        let place = positions[Int(parent)]
        guard place != Self.none else { continue }
        waiting[i] += 1
        lines.append((UInt32(i), firsts[Int(place)]))
        firsts[Int(place)] = UInt32(lines.count - 1)
      }
    }
    var ready = Heap()
    for i in sorted.indices where waiting[i] == 0 { ready.insert(i) }
    var order: [UInt32] = []
    order.reserveCapacity(sorted.count)
    while let next = ready.popLeast() {
      order.append(sorted[next])
      var line = firsts[next]
      while line != Self.none {
        let (child, following) = lines[Int(line)]
        waiting[Int(child)] -= 1
        if waiting[Int(child)] == 0 { ready.insert(Int(child)) }
        line = following
      }
    }
    arrange(commits, order)
  }

  /// Puts the commits into their final order.
  private mutating func arrange(_ commits: Commits, _ order: [UInt32]) {
    for i in 0..<commits.count { positions[Int(commits.numbers[i])] = Self.none }
    numbers.reserveCapacity(order.count)
    trees.reserveCapacity(order.count)
    times.reserveCapacity(order.count)
    parentPositions.reserveCapacity(commits.parentCount)
    parentStarts.reserveCapacity(order.count + 1)
    for commit in order.lazy.map({ Int($0) }) {
      positions[Int(commits.numbers[commit])] = UInt32(numbers.count)
      numbers.append(commits.numbers[commit])
      trees.append(commits.trees[commit])
      times.append(commits.times[commit])
      for parent in commits.parents(of: commit) where parent != Self.none {
        // Parents come first, so what has no position yet is none of the commits.
        if positions[Int(parent)] != Self.none { parentPositions.append(positions[Int(parent)]) }
      }
      parentStarts.append(UInt32(parentPositions.count))
    }
    reach = Array(repeating: [], count: order.count)
  }

  /// The commits by date, then by name.
  private static func sorted(_ commits: Commits, _ catalog: ObjectCatalog) -> [UInt32] {
    var keys = (0..<commits.count).map { (time: commits.times[$0], commit: UInt32($0)) }
    func id(_ commit: UInt32) -> ObjectID { catalog.id(Int(commits.numbers[Int(commit)])) }
    keys.sort { $0.time == $1.time ? id($0.commit) < id($1.commit) : $0.time < $1.time }
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
  var standings: Standings {
    if contains(.references) { return [.history] }
    if contains(.stash) { return [.stash] }
    return contains(.reflog) ? [.reflog] : [.unreachable]
  }
}
