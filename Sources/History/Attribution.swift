internal import Git
internal import Model
internal import Scanning

/// Says of each secret in history at which paths it stood, from which commit to which.
struct Attribution {
  /// What is known of a secret at a path, or of the file as such.
  struct Life {
    let path: Int
    /// -1 is the file as such.
    let secret: Int
    var reach: CommitGraph.Reach = []
    var isInHead = false
    /// Positions in the commit graph.
    var introduced: Int?
    var removed: Int?
    var last = -1
    /// Positions among what is wanted.
    var blobs: [Int] = []
    var newest = -1
  }

  /// What is known of a line of the holdings.
  private struct Stay {
    var reach: CommitGraph.Reach = []
    var last = -1
    var isNoted = false
  }

  private var all: [Life] = []
  private let holdings: Holdings
  /// The lives that each line of the holdings speaks of, as positions: those of a line begin
  /// where `firsts` says.
  private var lives: [UInt32] = []
  private var firsts: [UInt32] = [0]
  private var stays: [Stay]
  /// Which lives were marked last, and by which mark.
  private var marks: [Int]
  private var mark = 0

  /// `secrets` are the numbers of what an object holds; -1 for the file as such.
  init(_ holdings: Holdings, secrets: (ObjectID) -> [Int]) {
    self.holdings = holdings
    let secrets = holdings.wanted.map(secrets)
    var numbers = NumberTable()
    for line in holdings.lines {
      for secret in secrets[Int(line.blob)] {
        let key = UInt64(line.path) << 32 | UInt64(secret + 1)
        let number = numbers[key] ?? UInt32(all.count)
        if Int(number) == all.count {
          numbers[key] = number
          all.append(Life(path: Int(line.path), secret: secret))
        }
        lives.append(number)
      }
      firsts.append(UInt32(lives.count))
    }
    stays = Array(repeating: Stay(), count: holdings.lines.count)
    marks = Array(repeating: 0, count: all.count)
  }

  /// Everything that stood somewhere.
  var stood: some Sequence<Life> { all.lazy.filter { !$0.blobs.isEmpty } }

  /// Goes through all commits, parents first.
  mutating func follow(_ graph: CommitGraph, head: Int?) {
    // What each commit holds, by the number of its list.
    let lists = (0..<graph.count).map { holdings.list(of: graph.tree(of: $0)) }
    var reachOfList = [CommitGraph.Reach](repeating: [], count: holdings.lists.count)
    var lastOfList = [Int](repeating: -1, count: holdings.lists.count)
    for (i, list) in lists.enumerated() {
      let parents = graph.parents(of: i)
      if list != 0 {
        reachOfList[list].formUnion(graph.reach[i])
        lastOfList[list] = i
        if !parents.contains(where: { lists[Int($0)] == list }) {
          beginMarking()
          for parent in parents { markAll(in: lists[Int(parent)]) }
          forEachUnmarked(in: list) { life in
            if life.introduced == nil { life.introduced = i }
          }
        }
      }
      guard graph.reach[i].contains(.head) else { continue }
      for parent in parents where lists[Int(parent)] != 0 && lists[Int(parent)] != list {
        beginMarking()
        markAll(in: list)
        forEachUnmarked(in: lists[Int(parent)]) { $0.removed = i }
      }
    }
    for (list, last) in lastOfList.enumerated() where last >= 0 {
      for line in holdings.lists[list] {
        stays[Int(line)].reach.formUnion(reachOfList[list])
        stays[Int(line)].last = max(stays[Int(line)].last, last)
      }
    }
    for line in stays.indices where stays[line].last >= 0 { note(line) }
    // What HEAD holds was not removed, whatever some branch did that was merged.
    beginMarking()
    forEachUnmarked(in: head.map { lists[$0] } ?? 0) { life in
      life.isInHead = true
      life.removed = nil
    }
  }

  /// Takes in trees that no commit has.
  mutating func follow(tops: [Int], reach: (Int) -> CommitGraph.Reach) {
    for tree in tops {
      for line in holdings.lists[holdings.list(of: tree)] {
        stays[Int(line)].reach.formUnion(reach(tree))
        note(Int(line))
      }
    }
  }

  /// Tells the lives that a line speaks of what is known of it.
  private mutating func note(_ line: Int) {
    let stay = stays[line]
    let blob = Int(holdings.lines[line].blob)
    for i in Int(firsts[line])..<Int(firsts[line + 1]) {
      let life = Int(lives[i])
      all[life].reach.formUnion(stay.reach)
      if !stay.isNoted { all[life].blobs.append(blob) }
      if stay.last > all[life].last || all[life].newest < 0 {
        all[life].last = max(all[life].last, stay.last)
        all[life].newest = blob
      }
    }
    stays[line].isNoted = true
  }

  // MARK: Differences of lists

  private mutating func beginMarking() { mark += 1 }

  private mutating func markAll(in list: Int) {
    for line in holdings.lists[list] {
      for i in Int(firsts[Int(line)])..<Int(firsts[Int(line) + 1]) { marks[Int(lives[i])] = mark }
    }
  }

  /// Calls `body` with every life in a list that was not marked, and marks it.
  private mutating func forEachUnmarked(in list: Int, _ body: (inout Life) -> Void) {
    for line in holdings.lists[list] {
      for i in Int(firsts[Int(line)])..<Int(firsts[Int(line) + 1]) {
        let life = Int(lives[i])
        if marks[life] == mark { continue }
        marks[life] = mark
        body(&all[life])
      }
    }
  }
}
