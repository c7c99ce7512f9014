package import Archives
package import Git
internal import Matching
package import Model
package import Packs
internal import Scanning

/// What a sweep found, by one worker or by all of them.
package struct SweepTally: Sendable {
  package var blobs = 0
  package var commits = 0
  package var tags = 0
  package var trees = 0
  package var bytes = 0
  /// The blobs in which something matched, with the secrets.
  package var hits: [Int: Set<Secret>] = [:]
  /// The commits and tags in which something matched.
  package var messages: Set<Int> = []
  package var graph = Commits()
  /// What tags name, by the tags' own names.
  package var tagged: [ObjectID: ObjectID] = [:]
  /// Objects that a commit or a tag names and that are not at hand.
  package var missing: Set<ObjectID> = []
  /// The containers among blobs.
  package var containers: [(number: Int, kind: ContainerKind)] = []
  /// Objects that cannot be read here, with the reason; libgit2 may have another copy.
  package var lost: [(number: Int, error: PackError)] = []
  package var gaps: [Gap] = []
  package var counts = CarriedScan.Counts()
  private var unresolved = UnresolvedCommits()

  package init() {}

  /// Looks up what commits and tags name.
  mutating func resolve(in catalog: ObjectCatalog) {
    unresolved.resolve(in: catalog, into: &graph, missing: &missing)
    catalog.addMissing(of: Array(tagged.values), to: &missing)
  }

  mutating func add(_ other: consuming SweepTally) {
    blobs += other.blobs
    commits += other.commits
    tags += other.tags
    trees += other.trees
    bytes += other.bytes
    hits.merge(other.hits) { $0.union($1) }
    messages.formUnion(other.messages)
    graph.append(other.graph)
    tagged.merge(other.tagged) { first, _ in first }
    missing.formUnion(other.missing)
    containers += other.containers
    lost += other.lost
    gaps += other.gaps
    counts += other.counts
  }
}

/// Scans blobs, commits and tags while their pack is swept.
final class ContentVisitor: PackVisitor {
  private let catalog: ObjectCatalog
  private var scan: CarriedScan
  private let kind: ObjectKind
  private let progress: Progress
  private(set) var tally = SweepTally()
  private var sinceProgress = 0

  /// `kind` is what all entries are that will be visited.
  init(
    _ catalog: ObjectCatalog, _ compiled: CompiledBook, kind: ObjectKind, progress: Progress,
    marginError: Int
  ) throws(MatchingError) {
    let scan = try CarriedScan(compiled, marginError: marginError)
    self.catalog = catalog
    self.scan = scan
    self.kind = kind
    self.progress = progress
  }

  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
    var failure: MatchingError?
    let memory = scan.scan(content, isLast: entry.isLeaf) { failure = $0 }
    note(entry, content, memory, failure)
    return memory
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    var failure: MatchingError?
    let memory = scan.scan(
      content, copied: pieces, of: memory as? ContentMemory, baseCount: baseCount,
      isLast: entry.isLeaf
    ) {
      failure = $0
    }
    note(entry, content, memory, failure)
    return memory
  }

  func lose(_ entry: PackEntry, _ error: PackError) {
    tally.lost.append((catalog.number(of: entry).number, error))
  }

  /// Hands over what was done.
  func finish() -> SweepTally {
    var tally = self.tally
    tally.resolve(in: catalog)
    tally.counts = scan.counts
    progress.add(objects: sinceProgress, bytes: 0)
    return tally
  }

  private func note(
    _ entry: PackEntry, _ content: Span<UInt8>, _ memory: ContentMemory?, _ failure: MatchingError?
  ) {
    let (number, isFirst) = catalog.number(of: entry)
    guard isFirst else { return }
    note(number, content, failure)
    if let matches = memory?.matches, !matches.isEmpty {
      tally.note(number, kind, holds: Set(matches.map(\.secret)))
    }
  }

  private func note(_ number: Int, _ content: Span<UInt8>, _ failure: MatchingError?) {
    tally.note(number, kind, content, in: catalog)
    if let failure {
      tally.gaps.append(
        Gap(
          .engineLimit, subject: ForeignText("object \(catalog.id(number))"),
          reason: ForeignText(failure.reason)))
    }
    sinceProgress += 1
    if sinceProgress == 256 {
      progress.add(objects: sinceProgress, bytes: 0)
      sinceProgress = 0
    }
  }
}

extension SweepTally {
  /// Notes that something matched in an object.
  mutating func note(_ number: Int, _ kind: ObjectKind, holds secrets: Set<Secret>) {
    if kind == .blob { hits[number] = secrets } else { messages.insert(number) }
  }

  /// Counts an object that was read, and keeps what it leads to.
  mutating func note(
    _ number: Int, _ kind: ObjectKind, _ content: Span<UInt8>, in catalog: ObjectCatalog
  ) {
    bytes += content.count
    switch kind {
    case .blob:
      blobs += 1
      if let kind = ContainerKind(content) { containers.append((number, kind)) }
    case .commit:
      commits += 1
      noteCommit(number, content, in: catalog)
    case .tag:
      tags += 1
      if let target = ObjectID(tagTarget: content) { tagged[catalog.id(number)] = target }
    case .tree: trees += 1
    }
  }

  private mutating func noteCommit(
    _ number: Int, _ content: Span<UInt8>, in catalog: ObjectCatalog
  ) {
    do throws(GitError) {
      let commit = try Commit(content, of: catalog.id(number))
      unresolved.append(number, tree: commit.tree, parents: commit.parents, time: commit.time)
      if unresolved.isFull {
        unresolved.resolve(in: catalog, into: &graph, missing: &missing)
      }
    } catch {
      gaps.append(
        Gap(
          .damaged, subject: ForeignText("commit \(catalog.id(number))"),
          reason: ForeignText(error.detail)))
    }
  }
}
