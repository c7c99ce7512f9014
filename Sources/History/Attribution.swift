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
    var isInCommit = false
    var isInHead = false
    /// Positions in the commit graph.
    var introduced: Int?
    var removed: Int?
    var last = -1
    var blobs: Set<Int> = []
    var newest = -1
  }

  private(set) var lives: [Key: Life] = [:]
  private var holdings: Holdings
  private let secretsOfBlob: [Int: [Int]]
  private var keysOfList: [Int: Set<Key>] = [:]

  /// `secretsOfBlob` are the numbers of what each wanted blob holds; -1 for the file as such.
  init(_ holdings: Holdings, secretsOfBlob: [Int: [Int]]) {
    self.holdings = holdings
    self.secretsOfBlob = secretsOfBlob
  }

  func path(_ number: Int) -> [UInt8] { holdings.path(number) }

  /// Goes through all commits, parents first.
  mutating func follow(_ graph: CommitGraph, head: Int?) {
    // What each commit holds, by the number of its list.
    let lists = graph.nodes.map { $0.tree < 0 ? 0 : holdings.list(of: $0.tree) }
    var reachOfList: [Int: CommitGraph.Reach] = [:]
    var unreached: Set<Int> = []
    var lastOfList: [Int: Int] = [:]
    for (i, list) in lists.enumerated() {
      let parents = graph.parents[i].map { lists[$0] }
      if list != 0 {
        reachOfList[list, default: []].formUnion(graph.reach[i])
        if graph.reach[i].isEmpty { unreached.insert(list) }
        lastOfList[list] = i
        if !parents.contains(list) { introduce(list, parents, at: i) }
      }
      if graph.reach[i].contains(.head) {
        for parent in Set(parents) where parent != 0 && parent != list {
          for key in keys(of: parent).subtracting(keys(of: list)) { lives[key]?.removed = i }
        }
      }
    }
    for (list, last) in lastOfList {
      for line in holdings.lists[list] {
        for secret in secretsOfBlob[line.blob] ?? [] {
          let key = Key(path: line.path, secret: secret)
          var life = lives[key] ?? Life()
          life.isInCommit = true
          life.reach.formUnion(reachOfList[list] ?? [])
          life.blobs.insert(line.blob)
          if last > life.last {
            life.last = last
            life.newest = line.blob
          }
          lives[key] = life
        }
      }
    }
    if let head {
      for key in keys(of: lists[head]) { lives[key]?.isInHead = true }
      // What HEAD holds was not removed, whatever some branch did that was merged.
      for key in keys(of: lists[head]) { lives[key]?.removed = nil }
    }
  }

  /// Takes in trees that no commit has.
  mutating func follow(tops: [Int], reach: (Int) -> CommitGraph.Reach) {
    for tree in tops {
      let list = holdings.list(of: tree)
      for line in holdings.lists[list] {
        for secret in secretsOfBlob[line.blob] ?? [] {
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
      for secret in secretsOfBlob[line.blob] ?? [] {
        keys.insert(Key(path: line.path, secret: secret))
      }
    }
    keysOfList[list] = keys
    return keys
  }
}
