internal import Archives
internal import Git
internal import Inputs
internal import Matching
internal import Model
internal import Scanning

// The names of references, and what of a history could not be read.

extension HistoryReader {
  /// The names of references are searched as well.
  func addNames(to reading: inout HistoryReading) throws(MatchingError) {
    var detector = try Detector(compiled)
    for reference in roots.references
    where try !detector.secrets(in: Array(reference.name.utf8).span).isEmpty {
      reading.items.append(
        Item(
          target: work.target, path: Array(reference.name.utf8),
          source: .name(Array(reference.name.utf8)), standsIn: [.history]))
    }
  }

  func gaps() throws -> [Gap] {
    var gaps = catalog.gaps + losses
    var containers = knowledge.containers
    if !options.opensContainers {
      for kind in knowledge.packed.values { containers[kind.rawValue, default: 0] += 1 }
    }
    for (kind, count) in containers.sorted(by: { $0.key < $1.key }) {
      gaps.append(
        Gap(
          .opaque, subject: ForeignText("history"),
          reason: ForeignText("\(kind): what is packed in it was not looked into"), count: count))
    }
    let repository = try Repository(at: work.location)
    let shallow = try repository.shallowCommits()
    if !shallow.isEmpty {
      gaps.append(.shallow(shallow.count))
    }
    return gaps + missing(shallow, isPartial: catalog.isPartial)
  }

  /// What is named somewhere and is not there.
  private func missing(_ shallow: Set<ObjectID>, isPartial: Bool) -> [Gap] {
    var lost = knowledge.missing.union(knowledge.missingOfCommits)
    // The parents of a shallow clone's last commits are left out on purpose.
    if !shallow.isEmpty, !knowledge.missingOfCommits.isEmpty {
      lost = knowledge.missing.union(missingBeyond(shallow))
    }
    let pruned = roots.logged.filter { catalog.number(of: $0) == nil && !lost.contains($0) }
    var gaps: [Gap] = []
    if isPartial, !lost.isEmpty {
      gaps.append(
        Gap(
          .promised, subject: ForeignText("history"),
          reason: ForeignText("the clone is partial: these objects are still at the remote"),
          count: lost.count))
    } else {
      let all = lost.sorted()
      gaps += all.prefix(10).map {
        Gap(
          .missing, subject: ForeignText("object \($0)"),
          reason: ForeignText("it is named and is not there"))
      }
      if all.count > 10 {
        gaps.append(
          Gap(
            .missing, subject: ForeignText("more objects"),
            reason: ForeignText("they are named and are not there"), count: all.count - 10))
      }
    }
    if !pruned.isEmpty {
      gaps.append(
        Gap(
          .pruned, subject: ForeignText("reflogs"),
          reason: ForeignText("what they name was pruned"), count: pruned.count))
    }
    return gaps
  }

  /// What commits and tags name and is not there, but for the parents of those in `boundary`.
  private func missingBeyond(_ boundary: Set<ObjectID>) -> Set<ObjectID> {
    let missing = knowledge.missingOfCommits
    var lost = missing.intersection(knowledge.tagged.values)
    guard let objects = try? Repository(at: work.location).objects() else { return lost }
    let commits = knowledge.commits
    for i in 0..<commits.count
    where commits.trees[i] == Commits.none || commits.parents(of: i).contains(Commits.none) {
      let id = catalog.id(Int(commits.numbers[i]))
      guard let commit = try? objects.commit(id) else { continue }
      let parents = boundary.contains(id) ? [] : commit.parents
      lost.formUnion(missing.intersection([commit.tree] + parents))
    }
    return lost
  }
}
