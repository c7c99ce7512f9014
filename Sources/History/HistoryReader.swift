internal import Archives
internal import Files
package import Git
package import Inputs
internal import Matching
package import Model
internal import Packs
package import Scanning
internal import Store

/// What reading the history of one repository came to.
package struct HistoryReading: Sendable {
  /// What is to be looked at again, now that its paths are known.
  package var items: [Item] = []
  package var notes: HistoryNotes
  package var blobs = 0
  package var commits = 0
  package var trees = 0
  package var bytes = 0
  package var references = 0
  package var gaps: [Gap] = []
  package var counts = CarriedScan.Counts()
  /// There is a remote-tracking branch, so what was published can be told.
  package var hasTracking = false
  /// Which stash a commit belongs to, counted from the newest.
  package var stashes: [ObjectID: Int] = [:]
  /// What earlier runs saw in the items.
  var looks = Looks()
  /// What the next run need not find out again; `nil` if nothing new was learned.
  var keeping: Learned.Keeping?

  init(notes: HistoryNotes) {
    self.notes = notes
  }
}

/// Reads the whole history of a repository and says what is worth a second look, and where it
/// stood.
package struct HistoryReader {
  let work: HistoryWork
  let compiled: CompiledBook
  let options: SweepOptions
  let roots: Roots
  /// The blobs that are looked at where they stand in an index.
  private let indexed: Set<ObjectID>
  private let inventory: ObjectInventory
  let catalog: ObjectCatalog
  let knowledge: Knowledge
  /// Who holds what was found, as far as that was known before.
  private let holdings: Holdings
  /// What was learned in this run alone.
  private let read: Knowledge
  /// What could not be read.
  let losses: [Gap]
  private let counts: CarriedScan.Counts
  /// The graph of the trees that were read, and what it was made for; `nil` if there is none.
  private let graph: Handover<(TreeGraph, WantedLines)>
  /// Trees that were read one by one.
  private let looseTrees: [Int]
  private var cache: HistoryCache?
  private let standing: [UInt8]
  private let tagger: SecretTagger
  /// What came of it, if nothing has changed.
  private let kept: HistoryReading?

  /// Sweeps what no earlier run has read.
  package static func sweep(
    _ preparation: HistoryPreparation, with compiled: CompiledBook, options: SweepOptions,
    progress: Progress
  ) async throws -> HistoryReader {
    if let made = try await HistoryReader(preparation, compiled, options, progress) { return made }
    guard let made = try await HistoryReader(preparation.anew(), compiled, options, progress) else {
      preconditionFailure("nothing was kept that could be wrong")
    }
    return made
  }

  /// `nil` if what was kept does not fit what is there.
  private init?(
    _ preparation: HistoryPreparation, _ compiled: CompiledBook, _ options: SweepOptions,
    _ progress: Progress
  ) async throws {
    let (work, catalog) = (preparation.work, preparation.catalog)
    self.work = work
    self.compiled = compiled
    self.options = options
    (standing, tagger) = (preparation.standing, preparation.tagger)
    indexed = Set(preparation.indexed)
    inventory = preparation.inventory
    self.catalog = catalog
    var cache = preparation.cache
    if preparation.selection.isEmpty, let cache,
      var kept = cache.reading(standing, of: work, taggedBy: tagger)
    {
      kept.looks = cache.looks
      self.kept = kept
      (knowledge, read, holdings) = (Knowledge(), Knowledge(), Holdings())
      (losses, counts, looseTrees) = ([], CarriedScan.Counts(), [])
      (self.cache, graph, roots) = (nil, Handover(nil), Roots())
      return
    }
    kept = nil
    // They are wanted only when everything is read.
    async let roots = Self.roots(of: work.location)
    var (knowledge, holdings) = (Knowledge(), Holdings())
    if cache?.isEmpty == false {
      guard let known = await cache?.recall(catalog) else { return nil }
      (knowledge, holdings) = known
      // What was missing may have come, and be named by trees that were read long ago.
      if !knowledge.allMissing.allSatisfy({ catalog.number(of: $0) == nil }) { return nil }
    }
    let swept = try await History.sweep(
      catalog, compiled, options, progress, beside: knowledge, holdings)
    var read = Knowledge()
    read.add(swept, of: catalog, taggedBy: tagger)
    if knowledge.isEmpty {
      knowledge = read
    } else {
      knowledge.add(swept, of: catalog, taggedBy: tagger)
    }
    self.read = read
    losses = swept.contents.gaps + swept.trees.gaps
    counts = swept.contents.counts
    looseTrees = swept.looseTrees
    self.roots = try await roots
    graph = Handover(swept.wanted.map { (swept.trees.graph, $0) })
    self.knowledge = knowledge
    self.holdings = holdings
    self.cache = cache
  }

  private static func roots(of location: RepositoryLocation) async throws -> Roots {
    try Roots(of: Repository(at: location))
  }

  /// Finds out where everything that was found stood.
  package func attribute() async throws -> HistoryReading {
    if let kept { return kept }
    var (reading, holdings) = try await attributed()
    // What cannot be read now may be readable next time.
    if let cache, catalog.gaps.isEmpty, losses.isEmpty, knowledge.speaking.isEmpty,
      !Interruption.isAsked, let content = reading.content
    {
      let learned = Learned(
        cache: cache, inventory: inventory, catalog: catalog, read: read,
        finds: Finds(knowledge, holdings),
        newTrees: holdings.listOfTree.indices.filter {
          holdings.listOfTree[$0] != 0 && self.holdings.list(of: $0) == 0
        }, standing: standing, reading: content)
      reading.keeping = learned.write()
    }
    return reading
  }

  private func attributed() async throws -> (HistoryReading, Holdings) {
    var reading = HistoryReading(notes: HistoryNotes(taggedBy: tagger))
    reading.looks = cache?.looks ?? Looks()
    reading.blobs = knowledge.blobs
    reading.commits = knowledge.commits.count
    reading.trees = knowledge.trees
    reading.bytes = knowledge.bytes
    reading.references = roots.references.count
    reading.counts = counts
    reading.hasTracking = !roots.tracking.isEmpty
    reading.gaps = try gaps()
    reading.stashes = roots.stashNumbers
    try addNames(to: &reading)
    let wanted = knowledge.wanted(opensContainers: options.opensContainers)
    guard !wanted.isEmpty || !knowledge.messages.isEmpty else { return (reading, holdings) }
    var (holdings, graph) = try await build(wanted)
    holdings.dropTops(of: graph)
    addMessages(graph, to: &reading)
    if !wanted.isEmpty { addFiles(graph, holdings, to: &reading) }
    return (reading, holdings)
  }

  // MARK: Commits

  /// The position of the commit that an object leads to, through tags.
  private func commit(_ id: ObjectID, in graph: CommitGraph) -> Int? {
    var id = id
    for _ in 0..<100 {
      if let position = position(of: id, in: graph) { return position }
      guard let next = knowledge.tagged[id] else { return nil }
      id = next
    }
    return nil
  }

  private func position(of id: ObjectID, in graph: CommitGraph) -> Int? {
    catalog.number(of: id).flatMap { graph.position(of: $0) }
  }

  private func mark(_ graph: inout CommitGraph) {
    func positions(_ ids: [ObjectID]) -> [Int] {
      var found: [Int] = []
      catalog.forEachNumber(of: ids) { i, number in
        let direct = number.flatMap { graph.position(of: $0) }
        if let position = direct ?? commit(ids[i], in: graph) { found.append(position) }
      }
      return found
    }
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
    if knowledge.messages.isEmpty { return }
    for id in knowledge.messages.sorted() {
      var standings: Standings
      var isPublished = false
      if let position = position(of: id, in: graph) {
        standings = graph.reach[position].standings
        if roots.head == id { standings.insert(.head) }
        isPublished = graph.reach[position].contains(.tracking)
      } else {
        let isTag = roots.references.contains { $0.target == id }
        standings = [isTag ? .history : .unreachable]
      }
      reading.items.append(
        Item(
          target: work.target, path: [], source: .object(id, work.location), standsIn: standings,
          commit: id, isPublished: isPublished))
    }
  }

  // MARK: Files

  /// Finds out which trees hold what is wanted, and how commits lead to them.
  private func build(_ wanted: Set<ObjectID>) async throws -> (Holdings, CommitGraph) {
    if wanted.isEmpty { return (holdings, commitGraph()) }
    let (trees, lines) = try await treeGraph(wanted)
    if isLittleNew {
      async let graph = commitGraph()
      let holdings = holdings(of: trees, lines, wanted)
      return (holdings, await graph)
    }
    // The graph of the trees is let go before that of the commits is made.
    let holdings = holdings(of: consume trees, lines, wanted)
    CurrentProcess.giveMemoryBack()
    return (holdings, commitGraph())
  }

  /// Most of the objects were read by earlier runs.
  private var isLittleNew: Bool { catalog.unreadCount < catalog.count / 16 }

  private func holdings(
    of trees: consuming TreeGraph, _ lines: WantedLines, _ wanted: Set<ObjectID>
  ) -> Holdings {
    HoldingsBuilder(consume trees, of: catalog, wanted: wanted, base: holdings)
      .build(names: lines.names)
  }

  private func commitGraph() -> CommitGraph {
    var graph = CommitGraph(knowledge.commits, of: catalog)
    mark(&graph)
    return graph
  }

  /// Which trees lead where.
  private func treeGraph(_ wanted: Set<ObjectID>) async throws -> (TreeGraph, WantedLines) {
    if let made = graph.take() { return made }
    // Nothing was found but names, of which nobody knew before the trees were read.
    let lines = WantedLines(wanted, names: NameTable(holdings.names))
    let trees = try await sweepTrees(
      catalog, compiled, options, Progress(), loose: looseTrees, wanted: lines)
    return (trees.graph, lines)
  }

  private func addFiles(
    _ graph: CommitGraph, _ holdings: Holdings, to reading: inout HistoryReading
  ) {
    let files = knowledge.named.union(knowledge.speaking)
    // A container is followed version by version: what is packed in it nobody knows yet.
    let first = knowledge.secrets.count
    let containers = options.opensContainers ? knowledge.packed.keys.sorted() : []
    let numbers = Dictionary(
      uniqueKeysWithValues: containers.enumerated().map { ($1, first + $0) })
    var attribution = Attribution(holdings) { blob in
      (knowledge.hits[blob] ?? []) + (files.contains(blob) ? [-1] : [])
        + (numbers[blob].map { [$0] } ?? [])
    }
    attribution.follow(graph, head: roots.head.flatMap { commit($0, in: graph) })
    if !holdings.tops.isEmpty {
      let named = Set(roots.references.compactMap { catalog.number(of: $0.target) })
      attribution.follow(tops: holdings.tops.sorted()) { named.contains($0) ? .references : [] }
    }
    collect(attribution, graph, holdings, to: &reading)
  }

  /// Makes notes, and items for what is to be looked at again.
  private func collect(
    _ attribution: Attribution, _ graph: CommitGraph, _ holdings: Holdings,
    to reading: inout HistoryReading
  ) {
    var notes: [HistoryNotes.Key: HistoryNote] = [:]
    var versions: [HistoryNotes.Version: VersionNote] = [:]
    var items: [ItemKey: Item] = [:]
    var placed: Set<ObjectID> = []
    for life in attribution.stood {
      let blobs = Set(life.blobs.map { holdings.wanted[$0] })
      placed.formUnion(blobs)
      let path = holdings.path(life.path)
      let isSpeaking = !blobs.isDisjoint(with: knowledge.speaking)
      // A folder may have the name of such a file.
      let isNamed =
        options.isNoteworthy(Paths.name(of: path)) && !blobs.isDisjoint(with: knowledge.named)
      if life.secret < 0, !isNamed, !isSpeaking { continue }
      var note = HistoryNote(blob: holdings.wanted[life.newest])
      note.standsIn = life.reach.standings
      if life.isInHead { note.standsIn.insert(.head) }
      note.isPublished = life.reach.contains(.tracking)
      note.introduced = life.introduced.map { catalog.id(graph.number($0)) }
      note.removed = life.removed.map { catalog.id(graph.number($0)) }
      note.first = life.introduced.map { graph.time(of: $0) }
      note.last = life.last < 0 ? nil : graph.time(of: life.last)
      note.versions = blobs.count
      if life.secret >= knowledge.secrets.count {
        let version = HistoryNotes.Version(path: path, blob: note.blob)
        versions[version] = VersionNote(
          note, introducedAt: life.introduced, removedAt: life.removed, lastAt: life.last)
        items[ItemKey(path: path, blob: note.blob)] = Item(
          target: work.target, path: path, source: .blob(note.blob, work.location),
          standsIn: note.standsIn)
        continue
      }
      let secret = life.secret < 0 ? nil : knowledge.secrets[life.secret]
      notes[HistoryNotes.Key(path: path, secret: secret)] = note
      // Of a file as such every version is judged, of a secret the newest shows where it stands.
      for blob in life.secret >= 0 ? [note.blob] : isNamed ? blobs : [] {
        let item = ItemKey(path: path, blob: blob)
        // Several secrets may stand in it, each since another commit, which notes know.
        if life.secret >= 0, items[item] != nil { continue }
        items[item] = Item(
          target: work.target, path: path, source: .blob(blob, work.location),
          standsIn: note.standsIn, commit: life.secret < 0 ? note.introduced : nil)
      }
      if life.secret < 0, isSpeaking {
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
    var unplaced = Set(knowledge.hits.keys)
    if options.opensContainers { unplaced.formUnion(knowledge.packed.keys) }
    unplaced.subtract(placed)
    unplaced.subtract(indexed)
    let targets = unplaced.isEmpty ? [] : Set(roots.references.map(\.target))
    for blob in unplaced.sorted() {
      reading.items.append(
        Item(
          target: work.target, path: [], source: .blob(blob, work.location),
          standsIn: [targets.contains(blob) ? .history : .unreachable]))
    }
    reading.notes = HistoryNotes(notes, versions: versions, taggedBy: tagger)
  }

  private struct ItemKey: Hashable {
    let path: [UInt8]
    let blob: ObjectID
  }
}
