/// Walks from commits to their parents, without those that others reach.
package struct RevisionWalk: ~Copyable {
  private var seen: [ObjectID: Visit] = [:]
  private var queue: [(time: Int, id: ObjectID)] = []
  private var interesting = 0
  private let shallow: Set<ObjectID>

  /// What is known of a commit on the way.
  private struct Visit {
    var commit: Commit
    var isHidden: Bool
    var isQueued: Bool
  }

  /// `shallow` are the commits whose parents a shallow clone left out.
  package init(shallow: Set<ObjectID> = []) {
    self.shallow = shallow
  }

  /// How many commits are looked at after the last that counts: clocks of committers differ,
  /// and a parent may claim to be younger than its child.
  private static let slack = 32

  /// Returns the commits that `tips` reach and `hidden` do not, the newest first.
  ///
  /// Commits that cannot be read are handed to `lose`; what only they lead to is not walked.
  package mutating func commits(
    from tips: [ObjectID], without hidden: [ObjectID], in objects: borrowing ObjectDatabase,
    lose: (ObjectID, GitError) -> Void
  ) -> [(id: ObjectID, commit: Commit)] {
    for id in hidden { visit(id, isHidden: true, objects, lose: { _, _ in }) }
    for id in tips { visit(id, isHidden: false, objects, lose: lose) }
    var order: [ObjectID] = []
    var idle = 0
    while let next = pop() {
      guard var visit = seen[next] else { continue }
      visit.isQueued = false
      seen[next] = visit
      if !visit.isHidden { order.append(next) }
      if !shallow.contains(next) {
        for parent in visit.commit.parents {
          self.visit(parent, isHidden: visit.isHidden, objects, lose: lose)
        }
      }
      idle = interesting == 0 ? idle + 1 : 0
      if idle > Self.slack { break }
    }
    return order.compactMap { id in
      seen[id].flatMap { $0.isHidden ? nil : (id, $0.commit) }
    }
  }

  private mutating func visit(
    _ id: ObjectID, isHidden: Bool, _ objects: borrowing ObjectDatabase,
    lose: (ObjectID, GitError) -> Void
  ) {
    if let visit = seen[id] {
      if isHidden, !visit.isHidden { hide(id) }
      return
    }
    do throws(GitError) {
      let commit = try objects.commit(id)
      seen[id] = Visit(commit: commit, isHidden: isHidden, isQueued: true)
      if !isHidden { interesting += 1 }
      push((commit.time, id))
    } catch {
      lose(id, error)
    }
  }

  /// A commit that was taken for new turns out to be reached by a hidden one: so are those
  /// behind it that were visited already.
  private mutating func hide(_ id: ObjectID) {
    var stack = [id]
    while let id = stack.popLast() {
      guard var visit = seen[id], !visit.isHidden else { continue }
      visit.isHidden = true
      if visit.isQueued { interesting -= 1 }
      seen[id] = visit
      stack.append(contentsOf: visit.commit.parents)
    }
  }

  // MARK: A heap, newest first

  private static func precedes(
    _ a: (time: Int, id: ObjectID), _ b: (time: Int, id: ObjectID)
  ) -> Bool {
    a.time != b.time ? a.time > b.time : a.id < b.id
  }

  private mutating func push(_ item: (time: Int, id: ObjectID)) {
    queue.append(item)
    var i = queue.count - 1
    while i > 0, Self.precedes(queue[i], queue[(i - 1) / 2]) {
      queue.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  private mutating func pop() -> ObjectID? {
    guard let first = queue.first else { return nil }
    let last = queue.removeLast()
    if !queue.isEmpty {
      queue[0] = last
      var i = 0
      while 2 * i + 1 < queue.count {
        let children = (2 * i + 1)..<min(2 * i + 3, queue.count)
        guard let best = children.min(by: { Self.precedes(queue[$0], queue[$1]) }),
          Self.precedes(queue[best], queue[i])
        else { break }
        queue.swapAt(i, best)
        i = best
      }
    }
    if let visit = seen[first.id], !visit.isHidden { interesting -= 1 }
    return first.id
  }
}
