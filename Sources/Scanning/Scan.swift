package import Archives
internal import Files
internal import Git
package import Inputs
package import Matching
package import Model

/// How a plan is to be scanned.
package struct ScanOptions: Sendable {
  /// How many workers there are.
  package var jobs: Int
  /// Whether what is packed in files is looked at.
  package var opensContainers = true
  /// How much of a container is looked at.
  package var limits = ContainerLimits()
  /// Lets workers hold large containers one after the other.
  let gate = ContainerGate()
  /// Whether the content of a file with this name is to be handed over with what was found.
  package var keepsContent: @Sendable ([UInt8]) -> Bool
  /// Whether a folder with this name is to be noted.
  package var watchesFolder: @Sendable ([UInt8]) -> Bool
  /// Whether a file with this name is to be noted if git ignores it.
  package var watchesFile: @Sendable ([UInt8]) -> Bool = { _ in false }

  /// Reads what stands around a match, for whoever wants to know what a secret is for.
  ///
  /// It gets the rule's position, the path, the bytes at hand and where the secret is in them, and
  /// says nothing of rules that nobody asks about.
  package var readsContext: @Sendable (Int, [UInt8], Span<UInt8>, Range<Int>) -> Context? = {
    _, _, _, _ in nil
  }

  /// Whether an item is where known secrets come from, so that they are not found in it.
  package var holdsKnown: @Sendable (Item) -> Bool = { _ in false }

  /// Whether matches are to have what belongs to their secrets, for whoever asks their providers.
  package var keepsBelongings = false

  package init(
    jobs: Int, keepsContent: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
    watchesFolder: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
  ) {
    self.jobs = jobs
    self.keepsContent = keepsContent
    self.watchesFolder = watchesFolder
  }
}

/// Reads everything that is planned, and judges what it holds.
///
/// Throws only if the engine cannot be started; whatever goes wrong with one item is a gap.
package func scan(
  _ plan: Plan, with book: CompiledBook, options: ScanOptions, progress: Progress = Progress()
) async throws(MatchingError) -> Tally {
  var tally = try await run(plan.work, with: book, options: options, progress: progress)
  tally.gaps += plan.unseenSubmodules(tally.seen)
  let rest = plan.unseen(tally.seen)
  if !rest.isEmpty, !Interruption.isAsked {
    tally.add(try await run([.items(rest)], with: book, options: options, progress: progress))
  }
  try dropRenamed(&tally, of: plan, with: book, options: options)
  tally.sortItems()
  return tally
}

/// The most items that a worker takes at a time where they are known beforehand.
private let largestBatch = 32

/// Parts of `items` for workers to take, such that neighbours that are one blob stay together.
private func batches(of items: [Item], jobs: Int) -> [Work] {
  // What is packed may make a few items much work.
  let size = min(largestBatch, max(1, items.count / (8 * jobs)))
  let blobs = items.map(\.blob)
  var batches: [Work] = []
  var start = 0
  while start < items.count {
    var end = min(start + size, items.count)
    while end < items.count, blobs[end] != nil, blobs[end] == blobs[end - 1] { end += 1 }
    batches.append(.items(Array(items[start..<end])))
    start = end
  }
  return batches
}

private func run(
  _ work: [Work], with book: CompiledBook, options: ScanOptions, progress: Progress
) async throws(MatchingError) -> Tally {
  let pieces = work.flatMap { piece -> [Work] in
    guard case .items(let items) = piece else { return [piece] }
    return batches(of: items, jobs: options.jobs)
  }
  guard !pieces.isEmpty else { return Tally() }
  let isSmall = pieces.allSatisfy { if case .items = $0 { true } else { false } }
  let jobs = max(1, isSmall ? min(options.jobs, pieces.count) : options.jobs)
  let queue = WorkQueue(pieces, workers: jobs)
  let results = await withTaskGroup(of: Result<Tally, MatchingError>.self) { group in
    for _ in 0..<jobs {
      group.addTask {
        do throws(MatchingError) {
          var worker = try Worker(book, options: options, progress: progress)
          await worker.run(queue)
          return .success(worker.finish())
        } catch {
          // The others must not wait for this one.
          while await queue.next() != nil {}
          return .failure(error)
        }
      }
    }
    var results: [Result<Tally, MatchingError>] = []
    for await result in group { results.append(result) }
    return results
  }
  var tally = Tally()
  for result in results { tally.add(try result.get()) }
  return tally
}

/// Takes away what a path had under its former name already.
private func dropRenamed(
  _ tally: inout Tally, of plan: Plan, with book: CompiledBook, options: ScanOptions
) throws(MatchingError) {
  let isCandidate = { (scanned: ScannedItem) in
    guard scanned.item.previous.isEmpty, case .blob = scanned.item.source else { return false }
    return plan.changes[scanned.item.commit]?.deleted.isEmpty == false
  }
  guard tally.items.contains(where: isCandidate) else { return }
  var worker = try Worker(book, options: options, progress: Progress())
  worker.remembersOld = true
  var renames: [ObjectID?: [[UInt8]: [UInt8]]] = [:]
  for i in tally.items.indices where isCandidate(tally.items[i]) {
    let item = tally.items[i].item
    guard case .blob(_, let location) = item.source, let changes = plan.changes[item.commit] else {
      continue
    }
    if renames[item.commit] == nil {
      // Without an answer nothing is old, and more is reported rather than less.
      renames[item.commit] =
        (try? Repository(at: location).renames(added: changes.added, deleted: changes.deleted))
        ?? [:]
    }
    guard let former = renames[item.commit]?[item.filePath],
      let blob = changes.deleted.first(where: { $0.path == former })?.blob
    else { continue }
    tally.items[i].named = []
    try? worker.drop(from: &tally.items[i], whatIsIn: blob, location)
  }
  tally.items.removeAll { !$0.isNoteworthy }
  tally.add(worker.finish())
}

extension Item {
  /// The order of items: by target and path; a file before a blob.
  static func precedes(_ a: Item, _ b: Item) -> Bool {
    if a.target != b.target { return a.target < b.target }
    if a.path != b.path { return a.path.lexicographicallyPrecedes(b.path) }
    return a.order < b.order
  }

  /// The blob that it is.
  fileprivate var blob: ObjectID? {
    if case .blob(let id, _) = source { id } else { nil }
  }

  private var order: String {
    switch source {
    case .entry, .file, .standardInput, .given: ""
    case .name: "name"
    case .blob(let id, _), .object(let id, _): id.description
    }
  }
}
