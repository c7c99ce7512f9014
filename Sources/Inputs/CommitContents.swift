internal import Git
internal import Model

/// Collects what commits bring.
struct CommitContents {
  let location: RepositoryLocation
  /// The position of the target that they belong to.
  let target: Int
  private(set) var items: [Item] = []
  private(set) var changes: [ObjectID?: Plan.Changes] = [:]
  private var sentTags: Set<ObjectID> = []

  init(location: RepositoryLocation, target: Int) {
    self.location = location
    self.target = target
  }

  /// Adds what the commits bring that `tips` reach and `hidden` do not; with `since`, only of
  /// those that were made then or later.
  ///
  /// Returns what cannot be read.
  mutating func add(
    _ walk: consuming RevisionWalk, from tips: [ObjectID], without hidden: [ObjectID],
    since: Int? = nil, _ objects: borrowing ObjectDatabase
  ) -> [Gap] {
    func gap(_ id: ObjectID, _ error: GitError) -> Gap {
      Gap(
        error.kind == .missing ? .missing : .damaged, subject: ForeignText("commit \(id)"),
        reason: ForeignText(error.detail))
    }
    var gaps: [Gap] = []
    let commits = walk.commits(from: tips, without: hidden, in: objects) { id, error in
      gaps.append(gap(id, error))
    }
    for (id, commit) in commits where since.map({ commit.time >= $0 }) ?? true {
      do throws(GitError) {
        try add(id, commit, objects)
      } catch {
        gaps.append(gap(id, error))
      }
    }
    return gaps
  }

  /// Takes tags apart, each of which is sent itself, down to commits; a tree or a blob that a
  /// reference names is sent whole.
  mutating func peel(
    _ id: ObjectID, _ objects: borrowing ObjectDatabase
  ) throws(GitError) -> [ObjectID] {
    switch try objects.header(of: id).kind {
    case .commit: return [id]
    case .tag:
      guard sentTags.insert(id).inserted else { return [] }
      items.append(
        Item(
          target: target, path: [], source: .object(id, location), standsIn: [.history], commit: id)
      )
      return try Self.target(ofTag: id, objects).map { (id) throws(GitError) in
        try peel(id, objects)
      } ?? []
    case .tree:
      try compare([], id, with: [], commit: nil, objects)
      return []
    case .blob:
      items.append(
        Item(target: target, path: [], source: .blob(id, location), standsIn: [.history]))
      return []
    }
  }

  /// The commit that `id` leads to through tags, if any.
  func commits(at id: ObjectID, _ objects: borrowing ObjectDatabase) throws(GitError) -> [ObjectID]
  {
    var id = id
    while true {
      switch try objects.header(of: id).kind {
      case .commit: return [id]
      case .tag:
        guard let target = try Self.target(ofTag: id, objects) else { return [] }
        id = target
      case .tree, .blob: return []
      }
    }
  }

  private static func target(
    ofTag id: ObjectID, _ objects: borrowing ObjectDatabase
  ) throws(GitError) -> ObjectID? {
    let tag = try objects.object(id)
    let bytes = tag.bytes
    let first = (0..<min(bytes.count, 47)).map { bytes[$0] }
    return first.starts(with: "object ".utf8) ? ObjectID(hex: first.dropFirst(7)) : nil
  }

  mutating func add(
    _ id: ObjectID, _ commit: Commit, _ objects: borrowing ObjectDatabase
  ) throws(GitError) {
    items.append(
      Item(
        target: target, path: [], source: .object(id, location), standsIn: [.history], commit: id))
    // The parents of a shallow clone's last commits are not there; then all of it counts.
    var parents: [ObjectID] = []
    for parent in commit.parents where objects.contains(parent) {
      parents.append(try objects.commit(parent).tree)
    }
    changes[id] = Plan.Changes()
    try compare([], commit.tree, with: parents, commit: id, objects)
  }

  /// Adds what `tree` holds and none of `parents`, its versions in the parents, does.
  private mutating func compare(
    _ folder: [UInt8], _ tree: ObjectID, with parents: [ObjectID], commit: ObjectID?,
    _ objects: borrowing ObjectDatabase
  ) throws(GitError) {
    if parents.contains(tree) { return }
    var old: [[UInt8]: [TreeEntry]] = [:]
    for parent in parents {
      for line in try objects.tree(parent) { old[line.name, default: []].append(line) }
    }
    for line in try objects.tree(tree) {
      let before = old.removeValue(forKey: line.name) ?? []
      if before.contains(where: { $0.id == line.id }) { continue }
      let path = folder + line.name
      if line.isTree {
        try compare(
          path + [UInt8(ascii: "/")], line.id, with: before.filter(\.isTree).map(\.id),
          commit: commit, objects)
      } else if line.isBlob {
        let previous = before.filter(\.isBlob).map(\.id)
        items.append(
          Item(
            target: target, path: path, source: .blob(line.id, location), standsIn: [.history],
            previous: previous, commit: commit))
        if previous.isEmpty { changes[commit]?.added.append((path, line.id)) }
      }
    }
    for line in old.values.joined() {
      try delete(line, in: folder, commit: commit, objects)
    }
  }

  private mutating func delete(
    _ line: TreeEntry, in folder: [UInt8], commit: ObjectID?, _ objects: borrowing ObjectDatabase
  ) throws(GitError) {
    let path = folder + line.name
    if line.isBlob { changes[commit]?.deleted.append((path, line.id)) }
    guard line.isTree else { return }
    for inner in try objects.tree(line.id) {
      try delete(inner, in: path + [UInt8(ascii: "/")], commit: commit, objects)
    }
  }
}
