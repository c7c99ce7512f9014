internal import Files
package import Git
internal import Model

/// Which commits are to be read, as the user says it.
package enum CommitSelection: Equatable, Sendable {
  /// `A..B`: what B reaches and A does not.
  case range(String)
  /// What any reference reaches and a revision does not, or what was committed since a day.
  case since(String)
  /// What a branch reaches.
  case branch(String)
  /// Revisions as `git rev-list` takes them: `A`, `^B`, `A..B`.
  case revisions([String])
  /// What no remote-tracking branch reaches.
  case unpushed

  /// For a target's name: what was read.
  var name: String {
    switch self {
    case .range(let range): range
    case .since(let since): "since \(since)"
    case .branch(let branch): branch
    case .revisions: "revisions from standard input"
    case .unpushed: "unpushed commits"
    }
  }
}

extension Planner {
  /// Plans to read what the selected commits bring, and nothing else.
  package static func planCommits(
    _ selection: CommitSelection, in location: RepositoryLocation, named path: [UInt8]
  ) throws(GitError) -> Plan {
    var plan = Plan()
    let repository = try Repository(at: location)
    plan.targets = [
      Target(
        path: ForeignText(path), kind: .range, head: try repository.head()?.description,
        part: ForeignText(selection.name))
    ]
    plan.locations[0] = location
    plan.note(alternatesOf: location)
    plan.gaps = [
      Gap(
        .notAsked, subject: ForeignText("everything but the commits"),
        reason: ForeignText("only what these commits bring was asked for"))
    ]
    try add(selection, of: repository, target: 0, to: &plan)
    return plan
  }

  /// Adds the commits that were not pushed to a plan of work trees.
  package static func addUnpushed(to plan: inout Plan) {
    for work in plan.histories {
      do throws(GitError) {
        let repository = try Repository(at: work.location)
        let tracking = try repository.references(matching: "refs/remotes/*")
        if tracking.isEmpty {
          // Nobody knows what was pushed, so all of it is read.
          plan.hints.append(
            Hint(
              subject: ForeignText("--unpushed"),
              text: ForeignText(
                "there is no remote-tracking branch to tell what was pushed; everything is read")))
          continue
        }
        plan.histories.removeAll { $0.target == work.target }
        try add(.unpushed, of: repository, target: work.target, to: &plan)
        plan.gaps.append(
          Gap(
            .notAsked, subject: ForeignText("history"),
            reason: ForeignText("of it only what no remote-tracking branch reaches was asked for")))
      } catch {
        plan.gaps.append(
          Gap(
            .damaged, subject: ForeignText("history"), reason: ForeignText(error.description)))
      }
    }
  }

  private static func add(
    _ selection: CommitSelection, of repository: borrowing Repository, target: Int,
    to plan: inout Plan
  ) throws(GitError) {
    let objects = try repository.objects()
    plan.commitSources[target] = repository.location
    var tips: [ObjectID] = []
    var hidden: [ObjectID] = []
    var since: Int?
    func everything() throws(GitError) -> [ObjectID] {
      let roots = try Roots(of: repository)
      let named = roots.references.map(\.target) + roots.otherHeads
      return named + [roots.head].compactMap { $0 }
    }
    func take(_ text: String) throws(GitError) {
      if text.hasPrefix("^") {
        hidden.append(try repository.commit(named: String(text.dropFirst())))
      } else if let dots = Self.dots(in: text) {
        hidden.append(try repository.commit(named: dots.from.isEmpty ? "HEAD" : dots.from))
        tips.append(try repository.commit(named: dots.to.isEmpty ? "HEAD" : dots.to))
      } else {
        tips.append(try repository.commit(named: text))
      }
    }
    switch selection {
    case .range(let range):
      guard Self.dots(in: range) != nil else {
        throw GitError(.missing, "read --range \(range)", "a range reads A..B")
      }
      try take(range)
    case .branch(let name): tips = [try repository.commit(named: name)]
    case .revisions(let revisions):
      for revision in revisions { try take(revision) }
    case .since(let text):
      tips = try everything()
      if let moment = Instant.seconds(text) {
        since = moment
      } else {
        hidden = [try repository.commit(named: text)]
      }
    case .unpushed:
      tips = try everything()
      hidden = try repository.references(matching: "refs/remotes/*").map(\.target)
    }
    var contents = CommitContents(location: repository.location, target: target)
    var commits: [ObjectID] = []
    // A reference may name anything; what is no commit brings nothing that commits do not.
    for id in tips { commits += (try? contents.commits(at: id, objects)) ?? [] }
    var without: [ObjectID] = []
    for id in hidden { without += (try? contents.commits(at: id, objects)) ?? [] }
    let shallow = try repository.shallowCommits()
    plan.gaps += contents.add(
      RevisionWalk(shallow: shallow), from: commits, without: without, since: since, objects)
    if !shallow.isEmpty { plan.gaps.append(.shallow(shallow.count)) }
    plan.work.append(.items(contents.items))
    plan.changes.merge(contents.changes) { first, _ in first }
  }

  /// The two ends of `A..B`; `nil` for what is no range, such as `A...B`, which has two sides.
  private static func dots(in text: String) -> (from: String, to: String)? {
    let parts = text.split(separator: "..", omittingEmptySubsequences: false)
    guard parts.count == 2, !text.contains("...") else { return nil }
    return (String(parts[0]), String(parts[1]))
  }
}
