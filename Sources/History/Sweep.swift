internal import Archives
internal import Files
internal import Git
internal import Inputs
package import Matching
internal import Model
internal import Packs
package import Scanning

/// How history is to be swept.
package struct SweepOptions: Sendable {
  package var jobs: Int
  /// Whether a rule finds files with this base name.
  package var isNoteworthy: @Sendable ([UInt8]) -> Bool
  /// Whether what is packed in blobs will be looked at.
  package var opensContainers = true
  /// The most bytes of contents in memory, over all workers.
  package var budget = 192 << 20
  /// Makes a margin wrong on purpose, for a test that must notice.
  package var marginError = 0

  package init(jobs: Int, isNoteworthy: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }) {
    self.jobs = jobs
    self.isNoteworthy = isNoteworthy
  }
}

/// Everything that reading each object of a repository once has told.
package struct Swept: Sendable {
  package var contents = SweepTally()
  package var trees = TreeTally()
  /// What the graph of the trees was made for; `nil` if there is none.
  var wanted: WantedLines?
  /// Trees that were read one by one, through libgit2.
  var looseTrees: [Int] = []
}

/// Reads every object once that is to be read: blobs, commits and tags, and then trees, which
/// are asked only then where they lead, if something was found.
package func sweep(
  _ catalog: ObjectCatalog, with compiled: CompiledBook, options: SweepOptions,
  progress: Progress = Progress()
) async throws(MatchingError) -> Swept {
  try await sweep(catalog, compiled, options, progress, beside: Knowledge(), Holdings())
}

/// `knowledge` and `holdings` are of the objects that were read earlier.
func sweep(
  _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ options: SweepOptions,
  _ progress: Progress, beside knowledge: Knowledge, _ holdings: Holdings
) async throws(MatchingError) -> Swept {
  var swept = Swept()
  progress.expect(objects: catalog.unreadCount)
  for kind in [ObjectKind.blob, .commit, .tag] {
    var tallies = try await walk(catalog, kind, options) {
      () throws(MatchingError) in
      try ContentVisitor(
        catalog, compiled, kind: kind, progress: progress, marginError: options.marginError)
    } finish: {
      $0.finish()
    }
    while let tally = tallies.popLast() { swept.contents.add(tally) }
  }
  // What contents took is needed no longer.
  CurrentProcess.giveMemoryBack()
  // What the sweep cannot take is read through libgit2, which may know another copy.
  var loose = LooseObjects(catalog.singles)
  loose.take(swept.contents.lost, of: catalog, into: &swept.contents.gaps)
  for (i, pack) in catalog.packs.enumerated() {
    loose.numbers += pack.entries.lost.map { entry in
      let position = pack.entries.position(of: entry)
      return catalog.number(of: PackEntry(pack: i, number: entry, position: position)).number
    }
  }
  swept.looseTrees = try await loose.read(
    catalog, compiled, options, progress, into: &swept.contents)
  var wanted = knowledge.wanted(opensContainers: options.opensContainers)
  wanted.formUnion(swept.contents.hits.keys.map { catalog.id($0) })
  if options.opensContainers {
    wanted.formUnion(
      swept.contents.containers.filter(\.kind.isOpened).map { catalog.id($0.number) })
  }
  if !wanted.isEmpty { swept.wanted = WantedLines(wanted, names: NameTable(holdings.names)) }
  swept.trees = try await sweepTrees(
    catalog, compiled, options, progress, loose: swept.looseTrees, wanted: swept.wanted)
  // What is found is read once more by libgit2, which maps packs itself.
  for pack in catalog.packs { pack.pack.letGo() }
  return swept
}

/// Reads every tree; those of `loose` one by one.
func sweepTrees(
  _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ options: SweepOptions,
  _ progress: Progress, loose: [Int], wanted: WantedLines?
) async throws(MatchingError) -> TreeTally {
  let make = { @Sendable () throws(MatchingError) in
    TreeVisitor(
      catalog, names: try NameJudge(compiled, isNoteworthy: options.isNoteworthy),
      progress: progress, wanted: wanted)
  }
  var trees = TreeTally()
  for tally in try await walk(catalog, .tree, options, make: make, finish: { $0.finish() }) {
    trees.add(tally)
  }
  CurrentProcess.giveMemoryBack()
  var objects = LooseObjects(loose)
  objects.take(trees.lost, of: catalog, into: &trees.gaps)
  if objects.numbers.isEmpty { return trees }
  let visitor = try make()
  try objects.readTrees(catalog, compiled, progress, visitor, into: &trees.gaps)
  trees.add(visitor.finish())
  return trees
}

/// Has every family of a kind walked, by as many workers as there may be.
func walk<Visitor: PackVisitor & SendableMetatype, Result: Sendable>(
  _ catalog: ObjectCatalog, _ kind: ObjectKind, _ options: SweepOptions,
  make: @escaping @Sendable () throws(MatchingError) -> Visitor,
  finish: @escaping @Sendable (Visitor) -> Result
) async throws(MatchingError) -> [Result] {
  typealias Start = PackWalker.Start
  // A worker takes the heaviest families one by one, and the many that are alone in batches.
  var work: [[Start]] = []
  var batch: [Start] = []
  for (i, pack) in catalog.packs.enumerated() {
    for root in pack.entries.roots(of: [kind]) {
      if pack.entries.weight(of: root) > 16 {
        work.append([Start(pack: i, entry: root)])
      } else {
        batch.append(Start(pack: i, entry: root))
        if batch.count == 64 {
          work.append(batch)
          batch = []
        }
      }
    }
  }
  if !batch.isEmpty { work.append(batch) }
  if work.isEmpty { return [] }
  let queue = WorkQueue(work, workers: options.jobs)
  let budget = MemoryBudget(limit: options.budget)
  let packs = catalog.packs
  let results = await withTaskGroup(
    of: Swift.Result<Result, MatchingError>.self
  ) { group in
    for _ in 0..<options.jobs {
      group.addTask {
        do throws(MatchingError) {
          let visitor = try make()
          var walker = try makeWalker(packs, budget)
          while let starts = await queue.next() {
            if Interruption.isAsked { continue }
            for start in starts {
              walker.walk(
                start, visitor, wantsWork: { queue.isAnyoneIdle },
                share: { queue.add([$0]) }, isStopped: { Interruption.isAsked })
            }
          }
          return .success(finish(visitor))
        } catch {
          while await queue.next() != nil {}
          return .failure(error)
        }
      }
    }
    var results: [Swift.Result<Result, MatchingError>] = []
    for await result in group { results.append(result) }
    return results
  }
  var made: [Result] = []
  for result in results { made.append(try result.get()) }
  return made
}

private func makeWalker(
  _ packs: [SweptPack], _ budget: MemoryBudget
) throws(MatchingError) -> PackWalker {
  do throws(PackError) {
    return try PackWalker(packs, budget: budget)
  } catch {
    throw MatchingError(.limit, error.reason)
  }
}
