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
    plan.locations[0] = location
    plan.note(alternatesOf: location)
    plan.commitSources[0] = location
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

    var push = CommitContents(location: location, target: 0)
    var tips: [ObjectID] = []
    for line in sent { tips += try push.peel(line.local, objects) }
    var hidden = known
    for id in named { hidden += try push.commits(at: id, objects) }
    let walk = RevisionWalk(shallow: try repository.shallowCommits())
    plan.gaps += push.add(walk, from: tips, without: hidden, objects)
    plan.work = [.items(push.items)]
    plan.changes = push.changes
    return plan
  }
}
