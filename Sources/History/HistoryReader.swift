internal import Files
package import Git
package import Inputs
internal import Matching
package import Model
internal import Packs
package import Scanning

/// What reading the history of one repository came to.
package struct HistoryReading: Sendable {
  /// What is to be looked at again, now that its paths are known.
  package var items: [Item] = []
  package var notes = HistoryNotes([:], commits: [:])
  package var blobs = 0
  package var commits = 0
  package var trees = 0
  package var bytes = 0
  package var references = 0
  package var gaps: [Gap] = []
  package var hints: [Hint] = []
  package var counts = CarriedScan.Counts()
  /// There is a remote-tracking branch, so what was published can be told.
  package var hasTracking = false
  /// Which stash a commit belongs to, counted from the newest.
  package var stashes: [ObjectID: Int] = [:]
}

/// Reads the whole history of a repository and says what is worth a second look, and where it
/// stood.
package struct HistoryReader {
  private let work: HistoryWork
  private let catalog: ObjectCatalog
  private let knowledge: Knowledge
  private let swept: Swept
  private let roots: Roots
  private let compiled: CompiledBook
  private let options: SweepOptions

  /// Reads the roots, and sweeps.
  package static func sweep(
    _ work: HistoryWork, with compiled: CompiledBook, options: SweepOptions, usesPacks: Bool = true,
    progress: Progress
  ) async throws -> HistoryReader {
    let roots = try Roots(of: Repository(at: work.location))
    let catalog = ObjectCatalog(of: work.location, usesPacks: usesPacks)
    let swept = try await History.sweep(
      catalog, with: compiled, options: options, progress: progress)
    return HistoryReader(
      work: work, catalog: catalog, swept: swept, roots: roots, compiled: compiled,
      options: options)
  }

  private init(
    work: HistoryWork, catalog: ObjectCatalog, swept: Swept, roots: Roots, compiled: CompiledBook,
    options: SweepOptions
  ) {
    var knowledge = Knowledge()
    knowledge.add(swept, of: catalog)
    self.knowledge = knowledge
    self.swept = swept
    self.work = work
    self.catalog = catalog
    self.roots = roots
    self.compiled = compiled
    self.options = options
  }

  /// Finds out where everything that was found stood.
  ///
  /// `indexed` are the blobs that are looked at where they stand in an index.
  package consuming func attribute(
    indexed: Set<ObjectID>
  ) async throws -> HistoryReading {
    var reading = HistoryReading()
    reading.blobs = knowledge.blobs
    reading.commits = knowledge.commits.count
    reading.trees = knowledge.trees
    reading.bytes = knowledge.bytes
    reading.references = roots.references.count
    reading.counts = swept.contents.counts
    reading.hasTracking = !roots.tracking.isEmpty
    reading.gaps = try gaps()
    reading.stashes = roots.stashNumbers
    try addNames(to: &reading)
    let wanted = knowledge.wanted
    guard !wanted.isEmpty || !knowledge.messages.isEmpty else { return reading }
    var graph = CommitGraph(knowledge.commits)
    mark(&graph)
    addMessages(graph, to: &reading)
    guard !wanted.isEmpty else { return reading }
    let (trees, names) = try await treeGraph(wanted)
    let builder = HoldingsBuilder(trees, of: catalog, wanted: wanted, base: Holdings())
    let holdings = builder.build(names: names)
    addFiles(graph, holdings, indexed: indexed, to: &reading)
    return reading
  }

  // MARK: Commits

  /// The position of the commit that an object leads to, through tags.
  private func commit(_ id: ObjectID, in graph: CommitGraph) -> Int? {
    var id = id
    for _ in 0..<100 {
      if let position = graph.position(of: id) { return position }
      guard let next = knowledge.tagged[id] else { return nil }
      id = next
    }
    return nil
  }

  private func mark(_ graph: inout CommitGraph) {
    func positions(_ ids: [ObjectID]) -> [Int] { ids.compactMap { commit($0, in: graph) } }
    let head = positions([roots.head].compactMap { $0 })
    let references = positions(roots.references.map(\.target) + roots.otherHeads) + head
    let (tracking, stash, logged) = (
      positions(roots.tracking), positions(roots.stashes), positions(roots.logged)
    )
    graph.mark(head, .head)
    graph.mark(references, .references)
    graph.mark(tracking, .tracking)
    graph.mark(stash, .stash)
    graph.mark(logged, .reflog)
  }

  /// The commits and tags in which something was found.
  private func addMessages(_ graph: CommitGraph, to reading: inout HistoryReading) {
    let tags = Set(roots.references.map(\.target))
    for id in knowledge.messages.sorted() {
      var standings: Set<Standing>
      var isPublished = false
      if let position = graph.position(of: id) {
        standings = graph.reach[position].standings
        if roots.head == id { standings.insert(.head) }
        isPublished = graph.reach[position].contains(.tracking)
      } else {
        standings = [tags.contains(id) ? .history : .unreachable]
      }
      reading.items.append(
        Item(
          target: work.target, path: [], source: .object(id, work.location), standsIn: standings,
          commit: id, isPublished: isPublished))
    }
  }

  // MARK: Files

  /// Which trees lead where.
  private func treeGraph(
    _ wanted: Set<ObjectID>
  ) async throws -> (TreeGraph, NameTable) {
    if let lines = swept.wanted { return (swept.trees.graph, lines.names) }
    // Nothing was found but names, of which nobody knew before the trees were read.
    let lines = WantedLines(wanted)
    let trees = try await sweepTrees(
      catalog, compiled, options, Progress(), loose: swept.looseTrees, wanted: lines)
    return (trees.graph, lines.names)
  }

  private func addFiles(
    _ graph: CommitGraph, _ holdings: Holdings, indexed: Set<ObjectID>,
    to reading: inout HistoryReading
  ) {
    let files = knowledge.named.union(knowledge.speaking)
    var attribution = Attribution(holdings) { blob in
      (knowledge.hits[blob] ?? []) + (files.contains(blob) ? [-1] : [])
    }
    attribution.follow(graph, head: roots.head.flatMap { commit($0, in: graph) })
    let rooted = Set((0..<graph.count).map { graph.tree(of: $0) })
    let targets = Set(roots.references.map(\.target))
    attribution.follow(tops: holdings.tops.filter { !rooted.contains($0) }.sorted()) {
      targets.contains($0) ? .references : []
    }
    collect(
      attribution, graph, holdings, targets: targets, indexed: indexed, to: &reading)
  }

  /// Makes notes, and items for what is to be looked at again.
  private func collect(
    _ attribution: Attribution, _ graph: CommitGraph, _ holdings: Holdings,
    targets: Set<ObjectID>, indexed: Set<ObjectID>, to reading: inout HistoryReading
  ) {
    var notes: [HistoryNotes.Key: HistoryNote] = [:]
    var labels: Set<ObjectID> = []
    var items: [ItemKey: Item] = [:]
    var placed: Set<ObjectID> = []
    for (key, life) in attribution.lives {
      let blobs = Set(life.blobs.map { holdings.wanted[$0] })
      placed.formUnion(blobs)
      let path = holdings.path(key.path)
      let isSpeaking = !blobs.isDisjoint(with: knowledge.speaking)
      let isNamed = options.isNoteworthy(Paths.name(of: path))
      if key.secret < 0, !isNamed, !isSpeaking { continue }
      var note = HistoryNote(blob: holdings.wanted[life.newest])
      note.standsIn = life.reach.standings
      if life.isInHead { note.standsIn.insert(.head) }
      note.isPublished = life.reach.contains(.tracking)
      note.introduced = life.introduced.map { graph.id($0) }
      note.removed = life.removed.map { graph.id($0) }
      note.first = life.introduced.map { graph.time(of: $0) }
      note.last = life.last < 0 ? nil : graph.time(of: life.last)
      note.versions = blobs.count
      for commit in [note.introduced, note.removed] { if let commit { labels.insert(commit) } }
      let secret = key.secret < 0 ? nil : knowledge.secrets[key.secret]
      notes[HistoryNotes.Key(path: path, secret: secret)] = note
      // Of a file as such every version is judged, of a secret the newest shows where it stands.
      for blob in key.secret >= 0 ? [note.blob] : isNamed ? blobs : [] {
        let item = ItemKey(path: path, blob: blob)
        // Several secrets may stand in it, each since another commit, which notes know.
        if key.secret >= 0, items[item] != nil { continue }
        items[item] = Item(
          target: work.target, path: path, source: .blob(blob, work.location),
          standsIn: note.standsIn, commit: key.secret < 0 ? note.introduced : nil)
      }
      if key.secret < 0, isSpeaking {
        reading.items.append(
          Item(
            target: work.target, path: path, source: .name(path), standsIn: note.standsIn,
            commit: note.introduced))
      }
    }
    // Whatever order the workers found them in, they are looked at in that of their paths.
    reading.items += items.sorted {
      $0.key.path == $1.key.path
        ? $0.key.blob < $1.key.blob : $0.key.path.lexicographicallyPrecedes($1.key.path)
    }.map(\.value)
    // Blobs that no tree names.
    for blob in knowledge.hits.keys.sorted()
    where !placed.contains(blob) && !indexed.contains(blob) {
      reading.items.append(
        Item(
          target: work.target, path: [], source: .blob(blob, work.location),
          standsIn: [targets.contains(blob) ? .history : .unreachable]))
    }
    reading.notes = HistoryNotes(notes, commits: label(labels))
  }

  private struct ItemKey: Hashable {
    let path: [UInt8]
    let blob: ObjectID
  }

  private func label(_ commits: Set<ObjectID>) -> [ObjectID: CommitLabel] {
    var labels: [ObjectID: CommitLabel] = [:]
    guard let objects = try? Repository(at: work.location).objects() else { return [:] }
    for id in commits {
      guard let object = try? objects.object(id) else { continue }
      object.withBytes { labels[id] = CommitLabel($0) }
    }
    return labels
  }

  // MARK: Names and gaps

  /// The names of references are searched as well.
  private func addNames(to reading: inout HistoryReading) throws(MatchingError) {
    var detector = try Detector(compiled)
    for reference in roots.references
    where try !detector.secrets(in: Array(reference.name.utf8).span).isEmpty {
      reading.items.append(
        Item(
          target: work.target, path: Array(reference.name.utf8),
          source: .name(Array(reference.name.utf8)), standsIn: [.history]))
    }
  }

  private func gaps() throws -> [Gap] {
    var gaps = catalog.gaps + swept.contents.gaps + swept.trees.gaps
    for (kind, count) in knowledge.containers.sorted(by: { $0.key < $1.key }) {
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
    let commits = knowledge.commits
    for i in 0..<commits.count {
      if missing.contains(commits.tree(of: i)) { lost.insert(commits.tree(of: i)) }
      if boundary.contains(commits.ids[i]) { continue }
      for parent in commits.parents(of: i) where missing.contains(parent) { lost.insert(parent) }
    }
    return lost
  }
}
