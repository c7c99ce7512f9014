package import Git
internal import Model

/// One line that git hands to a pre-push hook.
package struct PushLine: Equatable, Sendable {
  package let localReference: String
  package let local: ObjectID
  package let remoteReference: String
  package let remote: ObjectID

  /// Reads `<local ref> <local id> <remote ref> <remote id>`; `nil` if it reads otherwise.
  package init?(_ line: some StringProtocol) {
    let words = line.split(separator: " ")
    guard words.count == 4, let local = ObjectID(hex: words[1].utf8),
      let remote = ObjectID(hex: words[3].utf8)
    else { return nil }
    localReference = String(words[0])
    self.local = local
    remoteReference = String(words[2])
    self.remote = remote
  }
}

extension Planner {
  /// Plans to read what a push sends: the commits that the remote lacks, with what each of
  /// them brings, and the tags themselves.
  ///
  /// What the remote has is told by the ids that git names and by the tracking references of
  /// `remote`. Deletions send nothing.
  package static func planPush(
    _ lines: [PushLine], to remote: String, in location: RepositoryLocation, named path: [UInt8]
  ) throws(GitError) -> Plan {
    let repository = try Repository(at: location)
    let objects = try repository.objects()
    var plan = Plan()
    plan.targets = [
      Target(
        path: ForeignText(path), kind: .push, head: try repository.head()?.description)
    ]
    plan.note(alternatesOf: location)
    plan.gaps = [
      Gap(
        .notAsked, subject: ForeignText("everything but the push"),
        reason: ForeignText("only what the remote lacks was asked for"))
    ]
    // A push to an address instead of a name has no tracking references.
    let isName = !remote.contains { ":*?[\\".contains($0) } && !remote.hasPrefix("/")
    let known =
      isName
      ? try repository.references(matching: "refs/remotes/\(remote)/*").map(\.target) : []
    let sent = lines.filter { $0.local != .zero }
    let named = lines.map(\.remote).filter { $0 != .zero && objects.contains($0) }

    var push = PushContents(location: location)
    var tips: [ObjectID] = []
    for line in sent { tips += try push.peel(line.local, objects) }
    var hidden = known
    for id in named { hidden += try push.commits(at: id, objects) }
    var walk = RevisionWalk(shallow: try repository.shallowCommits())
    var lost: [Gap] = []
    let commits = walk.commits(from: tips, without: hidden, in: objects) { id, error in
      lost.append(
        Gap(
          error.kind == .missing ? .missing : .damaged, subject: ForeignText("commit \(id)"),
          reason: ForeignText(error.detail)))
    }
    plan.gaps += lost
    for (id, commit) in commits {
      do throws(GitError) {
        try push.add(id, commit, objects)
      } catch {
        plan.gaps.append(
          Gap(
            error.kind == .missing ? .missing : .damaged, subject: ForeignText("commit \(id)"),
            reason: ForeignText(error.detail)))
      }
    }
    plan.work = [.items(push.items)]
    plan.changes = push.changes
    return plan
  }
}

/// Collects what the commits of a push bring.
private struct PushContents {
  let location: RepositoryLocation
  private(set) var items: [Item] = []
  private(set) var changes: [ObjectID?: Plan.Changes] = [:]
  private var sentTags: Set<ObjectID> = []

  init(location: RepositoryLocation) {
    self.location = location
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
          target: 0, path: [], source: .object(id, location), standsIn: [.history], commit: id))
      return try Self.target(ofTag: id, objects).map { (id) throws(GitError) in
        try peel(id, objects)
      } ?? []
    case .tree:
      try compare([], id, with: [], commit: nil, objects)
      return []
    case .blob:
      items.append(
        Item(target: 0, path: [], source: .blob(id, location), standsIn: [.history]))
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
      Item(target: 0, path: [], source: .object(id, location), standsIn: [.history], commit: id))
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
            target: 0, path: path, source: .blob(line.id, location), standsIn: [.history],
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
