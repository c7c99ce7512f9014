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
  private let swept: Swept
  private let roots: Roots
  private let compiled: CompiledBook
  private let options: SweepOptions
  private var reading = HistoryReading()

  /// Names of files that are looked at even if no rule finds a secret in them.
  private var named: Set<Int> { swept.trees.named }

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
    self.work = work
    self.catalog = catalog
    self.swept = swept
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
    var reading = self.reading
    reading.blobs = swept.contents.blobs
    reading.commits = swept.contents.commits
    reading.trees = swept.trees.trees
    reading.bytes = swept.contents.bytes + swept.trees.bytes
    reading.references = roots.references.count
    reading.counts = swept.contents.counts
    reading.hasTracking = !roots.tracking.isEmpty
    reading.gaps = try gaps()
    reading.stashes = roots.stashNumbers
    try addNames(to: &reading)
    guard !swept.contents.hits.isEmpty || !named.isEmpty || !swept.trees.speaking.isEmpty else {
      return reading
    }
    var graph = CommitGraph(swept.contents, of: catalog)
    mark(&graph)
    addObjects(graph, to: &reading)
    try await addFiles(graph, indexed: indexed, to: &reading)
    return reading
  }

  // MARK: Commits

  /// The position of the commit that an object leads to, through tags.
  private func commit(_ id: ObjectID, in graph: CommitGraph) -> Int? {
    var number = catalog.number(of: id)
    var steps = 0
    while let found = number {
      if let position = graph.position(of: found) { return position }
      number = steps < 100 ? swept.contents.tagged[found] : nil
      steps += 1
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
  private func addObjects(_ graph: CommitGraph, to reading: inout HistoryReading) {
    let tags = Set(roots.references.map(\.target))
    for number in swept.contents.hits.keys.sorted() {
      let id = catalog.id(number)
      var standings: Set<Standing>
      var isPublished = false
      if let position = graph.position(of: number) {
        standings = graph.reach[position].standings
        if roots.head == id { standings.insert(.head) }
        isPublished = graph.reach[position].contains(.tracking)
      } else if swept.contents.tagged[number] != nil {
        standings = [tags.contains(id) ? .history : .unreachable]
      } else {
        continue
      }
      reading.items.append(
        Item(
          target: work.target, path: [], source: .object(id, work.location), standsIn: standings,
          commit: id, isPublished: isPublished))
    }
  }

  // MARK: Files

  private func addFiles(
    _ graph: CommitGraph, indexed: Set<ObjectID>, to reading: inout HistoryReading
  ) async throws {
    // Secrets are numbered, since they are compared more often than looked at.
    var secrets: [Secret] = []
    var numbers: [Secret: Int] = [:]
    var secretsOfBlob: [Int: [Int]] = [:]
    for (blob, found) in swept.contents.hits
    where graph.position(of: blob) == nil && swept.contents.tagged[blob] == nil {
      secretsOfBlob[blob] = found.map { secret in
        if let known = numbers[secret] { return known }
        numbers[secret] = secrets.count
        secrets.append(secret)
        return secrets.count - 1
      }
    }
    for blob in named.union(swept.trees.speaking) { secretsOfBlob[blob, default: []].append(-1) }
    let wanted = Set(secretsOfBlob.keys)
    if wanted.isEmpty { return }
    let names = NameTable()
    let trees = try await treeGraph(names: names, wanted: wanted)
    let holdings = Holdings(trees, of: catalog, names: names, wanted: wanted)
    let tops = holdings.tops
    var attribution = Attribution(holdings, secretsOfBlob: secretsOfBlob)
    let head = roots.head.flatMap { commit($0, in: graph) }
    attribution.follow(graph, head: head)
    let rooted = Set(graph.nodes.map(\.tree))
    let named = Set((roots.references.map(\.target)).compactMap { catalog.number(of: $0) })
    attribution.follow(tops: tops.filter { !rooted.contains($0) }) {
      named.contains($0) ? .references : []
    }
    collect(
      attribution, graph, secrets, secretsOfBlob: secretsOfBlob, named: named, indexed: indexed,
      to: &reading)
  }

  private func treeGraph(names: NameTable, wanted: Set<Int>) async throws -> TreeGraph {
    let catalog = catalog
    let wanted = Set(wanted.map { catalog.id($0) })
    let visitors = try await walk(catalog, .tree, options) { () throws(MatchingError) in
      GraphVisitor(catalog, names: names, wanted: wanted)
    } finish: {
      $0.finish()
    }
    var graph = TreeGraph()
    for part in visitors { graph.add(part) }
    let loose = GraphVisitor(catalog, names: names, wanted: wanted)
    var reader = try SecretReader(compiled)
    for number in swept.unswept {
      let id = catalog.id(number)
      // What cannot be read was said when it was read for the first time.
      guard (try? reader.kind(of: id, in: work.location)) == .tree else { continue }
      try? reader.read(id, in: work.location) { loose.visit(loose: number, $0) }
    }
    graph.add(loose.finish())
    return graph
  }

  /// Makes notes, and items for what is to be looked at again.
  private func collect(
    _ attribution: Attribution, _ graph: CommitGraph, _ secrets: [Secret],
    secretsOfBlob: [Int: [Int]], named: Set<Int>, indexed: Set<ObjectID>,
    to reading: inout HistoryReading
  ) {
    var notes: [HistoryNotes.Key: HistoryNote] = [:]
    var labels: Set<ObjectID> = []
    var items: [ItemKey: Item] = [:]
    var placed: Set<Int> = []
    for (key, life) in attribution.lives {
      placed.formUnion(life.blobs)
      let path = attribution.path(key.path)
      let isSpeaking = !life.blobs.isDisjoint(with: swept.trees.speaking)
      let isNamed = options.isNoteworthy(Paths.name(of: path))
      if key.secret < 0, !isNamed, !isSpeaking { continue }
      var note = HistoryNote(blob: catalog.id(life.newest))
      note.standsIn = life.reach.standings
      if life.isInHead { note.standsIn.insert(.head) }
      note.isPublished = life.reach.contains(.tracking)
      note.introduced = life.introduced.map { catalog.id(graph.nodes[$0].number) }
      note.removed = life.removed.map { catalog.id(graph.nodes[$0].number) }
      note.first = life.introduced.map { graph.nodes[$0].time }
      note.last = life.last < 0 ? nil : graph.nodes[life.last].time
      note.versions = life.blobs.count
      for commit in [note.introduced, note.removed] { if let commit { labels.insert(commit) } }
      let secret = key.secret < 0 ? nil : secrets[key.secret]
      notes[HistoryNotes.Key(path: path, secret: secret)] = note
      // Of a file as such every version is judged, of a secret the newest shows where it stands.
      for blob in key.secret >= 0 ? [life.newest] : isNamed ? Array(life.blobs) : [] {
        let id = catalog.id(blob)
        let item = Item(
          target: work.target, path: path, source: .blob(id, work.location),
          standsIn: note.standsIn, commit: note.introduced)
        items[ItemKey(path: path, blob: id)] = item
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
    for blob in secretsOfBlob.keys.sorted() where !placed.contains(blob) {
      let id = catalog.id(blob)
      guard swept.contents.hits[blob] != nil, !indexed.contains(id) else { continue }
      reading.items.append(
        Item(
          target: work.target, path: [], source: .blob(id, work.location),
          standsIn: [named.contains(blob) ? .history : .unreachable]))
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
    for (kind, count) in swept.contents.containers.sorted(by: { $0.key < $1.key }) {
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
    // The parents of a shallow clone's last commits are left out on purpose.
    let boundary = Set(
      swept.contents.graph.filter { shallow.contains(catalog.id($0.number)) }.map(\.number))
    var lost = swept.trees.missing
    if boundary.isEmpty {
      lost.formUnion(swept.contents.missing)
    } else {
      lost.formUnion(missingBeyond(boundary))
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

  /// What commits name and is not there, but for the parents of those in `boundary`.
  private func missingBeyond(_ boundary: Set<Int>) -> Set<ObjectID> {
    guard let objects = try? Repository(at: work.location).objects() else { return [] }
    var lost: Set<ObjectID> = []
    for node in swept.contents.graph where node.tree < 0 || node.parents.contains(-1) {
      guard let commit = try? objects.commit(catalog.id(node.number)) else { continue }
      let parents = boundary.contains(node.number) ? [] : commit.parents
      for id in [commit.tree] + parents where catalog.number(of: id) == nil { lost.insert(id) }
    }
    return lost
  }
}
