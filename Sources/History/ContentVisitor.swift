package import Git
internal import Matching
package import Model
package import Packs
internal import Scanning

/// A commit, as far as it leads anywhere.
package struct CommitNode: Sendable {
  package let number: Int
  /// The numbers of what it names; -1 for what is not at hand.
  package let tree: Int
  package let parents: [Int]
  /// In seconds since 1970.
  package let time: Int
}

/// What a sweep found, by one worker or by all of them.
package struct SweepTally: Sendable {
  package var blobs = 0
  package var commits = 0
  package var tags = 0
  package var trees = 0
  package var bytes = 0
  /// The blobs, commits and tags in which something matched, with the secrets.
  package var hits: [Int: Set<Secret>] = [:]
  package var graph: [CommitNode] = []
  /// What tags name, by the tags' numbers.
  package var tagged: [Int: Int] = [:]
  /// Objects that a tree, a commit or a tag names and that are not at hand.
  package var missing: Set<ObjectID> = []
  /// The containers among blobs, by what they are.
  package var containers: [String: Int] = [:]
  /// Objects that cannot be read here, with the reason; libgit2 may have another copy.
  package var lost: [(number: Int, error: PackError)] = []
  package var gaps: [Gap] = []
  package var counts = CarriedScan.Counts()
  /// Commits whose trees and parents are not looked up yet, and the names of these.
  private var unresolved: [Unresolved] = []
  private var named: [ObjectID] = []

  private struct Unresolved {
    let number: Int
    /// Where among the names its own begin.
    let first: Int
    let time: Int
  }

  package init() {}

  /// Looks up what commits name, all at once, which takes a fraction of the time.
  mutating func resolve(in catalog: ObjectCatalog) {
    var numbers = [Int](repeating: -1, count: named.count)
    catalog.forEachNumber(of: named) { i, number in
      if let number { numbers[i] = number } else { missing.insert(named[i]) }
    }
    graph.reserveCapacity(graph.count + unresolved.count)
    for (i, commit) in unresolved.enumerated() {
      let end = i + 1 < unresolved.count ? unresolved[i + 1].first : named.count
      graph.append(
        CommitNode(
          number: commit.number, tree: numbers[commit.first],
          parents: Array(numbers[(commit.first + 1)..<end]), time: commit.time))
    }
    unresolved = []
    named = []
  }

  mutating func add(_ other: consuming SweepTally) {
    blobs += other.blobs
    commits += other.commits
    tags += other.tags
    trees += other.trees
    bytes += other.bytes
    hits.merge(other.hits) { $0.union($1) }
    graph += other.graph
    tagged.merge(other.tagged) { first, _ in first }
    missing.formUnion(other.missing)
    containers.merge(other.containers, uniquingKeysWith: +)
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
    let memory = scan.scan(content) { failure = $0 }
    note(entry, content, memory, failure)
    return memory
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    var failure: MatchingError?
    let memory = scan.scan(
      content, copied: pieces, of: memory as? ContentMemory, baseCount: baseCount
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
      tally.hits[number] = Set(matches.map(\.secret))
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
  /// Counts an object that was read, and keeps what it leads to.
  mutating func note(
    _ number: Int, _ kind: ObjectKind, _ content: Span<UInt8>, in catalog: ObjectCatalog
  ) {
    bytes += content.count
    switch kind {
    case .blob:
      blobs += 1
      if let container = Container.kind(of: content) { containers[container, default: 0] += 1 }
    case .commit:
      commits += 1
      noteCommit(number, content, in: catalog)
    case .tag:
      tags += 1
      if let target = ObjectID(tagTarget: content) { tagged[number] = follow(target, in: catalog) }
    case .tree: trees += 1
    }
  }

  private mutating func noteCommit(
    _ number: Int, _ content: Span<UInt8>, in catalog: ObjectCatalog
  ) {
    do throws(GitError) {
      let commit = try Commit(content, of: catalog.id(number))
      unresolved.append(Unresolved(number: number, first: named.count, time: commit.time))
      named.append(commit.tree)
      named += commit.parents
    } catch {
      gaps.append(
        Gap(
          .damaged, subject: ForeignText("commit \(catalog.id(number))"),
          reason: ForeignText(error.detail)))
    }
  }

  /// The number of what an object names; -1, and noted, if that is not at hand.
  private mutating func follow(_ id: ObjectID, in catalog: ObjectCatalog) -> Int {
    if let number = catalog.number(of: id) { return number }
    missing.insert(id)
    return -1
  }
}
