package import Git

/// Commits, each with what it names.
package struct Commits: Sendable {
  package private(set) var ids: [ObjectID] = []
  /// In seconds since 1970.
  package private(set) var times: [Int] = []
  /// Where among the names each commit's own begin: its tree's, then its parents'.
  private var starts: [Int] = []
  /// What all of them name.
  package private(set) var named: [ObjectID] = []

  package init() {}

  package var count: Int { ids.count }

  mutating func append(_ id: ObjectID, tree: ObjectID, parents: [ObjectID], time: Int) {
    ids.append(id)
    times.append(time)
    starts.append(named.count)
    named.append(tree)
    named += parents
  }

  mutating func append(_ other: Commits) {
    let first = named.count
    ids += other.ids
    times += other.times
    starts += other.starts.map { $0 + first }
    named += other.named
  }

  func tree(of commit: Int) -> ObjectID { named[starts[commit]] }

  func parents(of commit: Int) -> ArraySlice<ObjectID> {
    named[(starts[commit] + 1)..<(commit + 1 < starts.count ? starts[commit + 1] : named.count)]
  }
}
