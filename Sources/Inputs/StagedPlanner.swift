internal import Files
package import Git
internal import Model

extension Planner {
  /// Plans to read what the next commit adds to HEAD or changes in it.
  ///
  /// The index is the one that git named in `GIT_INDEX_FILE`, else the repository's own; the
  /// contents come from the object database, never from the work tree. If nothing is staged,
  /// with `readsAllIfClean` the whole index is read.
  package static func planStaged(
    in location: RepositoryLocation, named path: [UInt8], readsAllIfClean: Bool = false
  ) throws(GitError) -> Plan {
    // The index is read before libgit2 is needed, which may still be starting.
    var index = try IndexFile(at: location.indexInUse, in: location.gitFolder)
    let repository = try Repository(at: location)
    let objects = try repository.objects()
    let head = try repository.head()
    try index.expand(with: objects)

    var plan = Plan()
    plan.targets = [
      Target(path: ForeignText(path), kind: .staged, head: head?.description)
    ]
    plan.locations[0] = location
    plan.note(alternatesOf: location)
    plan.gaps = [
      Gap(
        .notAsked, subject: ForeignText("everything but the index"),
        reason: ForeignText("only what is staged was asked for: no work tree, no history"))
    ]
    var comparison = StagedComparison(index: index)
    let tree = try head.map { (id) throws(GitError) in try objects.commit(id).tree }
    try comparison.compare([], tree: tree, in: 0..<index.entries.count, objects)
    if readsAllIfClean, comparison.changed.isEmpty, comparison.changes.deleted.isEmpty {
      comparison = StagedComparison(index: index)
      try comparison.compare([], tree: nil, in: 0..<index.entries.count, objects)
    }
    plan.work = [
      .items(
        comparison.changed.map { change in
          Item(
            target: 0, path: change.path, source: .blob(change.blob, location),
            standsIn: [.index], previous: change.previous.map { [$0] } ?? [])
        })
    ]
    plan.changes[nil] = comparison.changes
    plan.staged = index
    return plan
  }
}

extension RepositoryLocation {
  /// The index that git named to a hook, else the repository's own.
  var indexInUse: [UInt8] {
    guard let named = CurrentProcess.variable("GIT_INDEX_FILE"), !named.isEmpty else {
      return index
    }
    return Paths.join(workTree ?? gitFolder, Array(named.utf8))
  }
}

/// Finds what an index adds to a tree, changes in it and leaves out of it.
private struct StagedComparison {
  let index: IndexFile
  private let cached: [[UInt8]: ObjectID]
  private(set) var changed: [(path: [UInt8], blob: ObjectID, previous: ObjectID?)] = []
  private(set) var changes = Plan.Changes()

  init(index: IndexFile) {
    self.index = index
    cached = Dictionary(
      index.trees.map { ($0.folder, $0.id) }, uniquingKeysWith: { first, _ in first })
  }

  /// Compares the entries `range`, which are those below `folder`, with `tree`.
  ///
  /// A folder whose tree the index knows to be the same costs nothing.
  mutating func compare(
    _ folder: [UInt8], tree: ObjectID?, in range: Range<Int>, _ objects: borrowing ObjectDatabase
  ) throws(GitError) {
    if let tree, cached[folder] == tree { return }
    let lines = try tree.map { (id) throws(GitError) in try objects.tree(id) } ?? []
    var old = Dictionary(lines.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var i = range.lowerBound
    while i < range.upperBound {
      let entry = index.entries[i]
      let path = index.path(entry)
      let rest = path.dropFirst(folder.count)
      let name = Array(rest.prefix { $0 != UInt8(ascii: "/") })
      if name.count < rest.count {
        let below = folder + name + [UInt8(ascii: "/")]
        let entries = index.entries(below: below, in: i..<range.upperBound)
        let subtree = old[name].flatMap { $0.isTree ? $0.id : nil }
        if subtree != nil { old[name] = nil }
        try compare(below, tree: subtree, in: entries, objects)
        i = max(entries.upperBound, i + 1)
        continue
      }
      i += 1
      let before = old[name].flatMap { $0.isBlob ? $0.id : nil }
      if before != nil, entry.stage < 2 { old[name] = nil }
      guard entry.isBlob, !entry.isIntention, entry.id != before else { continue }
      changed.append((Array(path), entry.id, before))
      if before == nil { changes.added.append((Array(path), entry.id)) }
    }
    for line in old.values { try delete(line, in: folder, objects) }
  }

  private mutating func delete(
    _ line: TreeEntry, in folder: [UInt8], _ objects: borrowing ObjectDatabase
  ) throws(GitError) {
    let path = folder + line.name
    if line.isBlob { changes.deleted.append((path, line.id)) }
    guard line.isTree else { return }
    for inner in try objects.tree(line.id) {
      try delete(inner, in: path + [UInt8(ascii: "/")], objects)
    }
  }
}
