internal import Git
internal import Model
internal import Scanning

/// Says of each secret in history at which paths it stood, from which commit to which.
struct Attribution {
  /// A path and a secret, or the file as such, which is -1.
  struct Key: Hashable {
    let path: Int
    let secret: Int
  }

  /// What is known of a key.
  struct Life {
    var reach: CommitGraph.Reach = []
    var isInHead = false
    /// Positions in the commit graph.
    var introduced: Int?
    var removed: Int?
    var last = -1
    /// Positions among what is wanted.
    var blobs: Set<Int> = []
    var newest = -1
  }

  private(set) var lives: [Key: Life] = [:]
  private let holdings: Holdings
  /// The numbers of what each wanted object holds; -1 for the file as such.
  private let secrets: [[Int]]
  private var keysOfList: [Int: Set<Key>] = [:]

  /// `secrets` are the numbers of what an object holds; -1 for the file as such.
  init(_ holdings: Holdings, secrets: (ObjectID) -> [Int]) {
    self.holdings = holdings
    self.secrets = holdings.wanted.map(secrets)
  }

  func path(_ number: Int) -> [UInt8] { holdings.path(number) }

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
          introduce(list, parents.map { lists[Int($0)] }, at: i)
        }
      }
      guard graph.reach[i].contains(.head) else { continue }
      for parent in parents where lists[Int(parent)] != 0 && lists[Int(parent)] != list {
        for key in keys(of: lists[Int(parent)]).subtracting(keys(of: list)) {
          lives[key]?.removed = i
        }
      }
    }
    for (list, last) in lastOfList.enumerated() where last >= 0 {
      for line in holdings.lists[list] {
        for secret in secrets[line.blob] {
          let key = Key(path: line.path, secret: secret)
          var life = lives[key] ?? Life()
          life.reach.formUnion(reachOfList[list])
          life.blobs.insert(line.blob)
          if last > life.last {
            life.last = last
            life.newest = line.blob
          }
          lives[key] = life
        }
      }
    }
    // What HEAD holds was not removed, whatever some branch did that was merged.
    for key in head.map({ keys(of: lists[$0]) }) ?? [] {
      lives[key]?.isInHead = true
      lives[key]?.removed = nil
    }
  }

  /// Takes in trees that no commit has.
  mutating func follow(tops: [Int], reach: (Int) -> CommitGraph.Reach) {
    for tree in tops {
      for line in holdings.lists[holdings.list(of: tree)] {
        for secret in secrets[line.blob] {
          let key = Key(path: line.path, secret: secret)
          var life = lives[key] ?? Life()
          life.reach.formUnion(reach(tree))
          life.blobs.insert(line.blob)
          if life.newest < 0 { life.newest = line.blob }
          lives[key] = life
        }
      }
    }
  }

  private mutating func introduce(_ list: Int, _ parents: [Int], at commit: Int) {
    var new = keys(of: list)
    for parent in parents { new.subtract(keys(of: parent)) }
    for key in new where lives[key]?.introduced == nil {
      lives[key, default: Life()].introduced = commit
    }
  }

  private mutating func keys(of list: Int) -> Set<Key> {
    if let known = keysOfList[list] { return known }
    var keys: Set<Key> = []
    for line in holdings.lists[list] {
      for secret in secrets[line.blob] {
        keys.insert(Key(path: line.path, secret: secret))
      }
    }
    keysOfList[list] = keys
    return keys
  }
}
