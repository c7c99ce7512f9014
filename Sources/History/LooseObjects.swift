internal import Files
internal import Git
internal import Inputs
internal import Matching
internal import Model
internal import Packs
internal import Scanning

/// Objects that no sweep takes, which are read one by one through libgit2.
///
/// They are those outside of packs, and those that a pack gives only damaged or in part.
struct LooseObjects {
  var numbers: [Int]

  init(_ numbers: [Int]) {
    self.numbers = numbers
  }

  /// How many objects a worker takes at a time.
  private static let batch = 64

  /// Takes what a sweep lost; of what is beyond its limits there will be no other copy.
  mutating func take(
    _ lost: [(number: Int, error: PackError)], of catalog: ObjectCatalog, into gaps: inout [Gap]
  ) {
    for (number, error) in lost {
      if error.kind == .limit {
        gaps.append(
          Gap(
            .engineLimit, subject: ForeignText("object \(catalog.id(number))"),
            reason: ForeignText(error.reason)))
      } else {
        numbers.append(number)
      }
    }
  }

  /// Scans the blobs, commits and tags among them, and returns the trees.
  func read(
    _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ options: SweepOptions,
    _ progress: Progress, into contents: inout SweepTally
  ) async throws(MatchingError) -> [Int] {
    let numbers = Set(self.numbers).sorted()
    if numbers.isEmpty { return [] }
    let pieces = stride(from: 0, to: numbers.count, by: Self.batch).map {
      Array(numbers[$0..<min($0 + Self.batch, numbers.count)])
    }
    let jobs = min(options.jobs, pieces.count)
    let queue = WorkQueue(pieces, workers: jobs)
    typealias Part = (tally: SweepTally, trees: [Int])
    let results = await withTaskGroup(of: Result<Part, MatchingError>.self) { group in
      for _ in 0..<jobs {
        group.addTask {
          do throws(MatchingError) {
            var reader = try LooseReader(catalog, compiled, progress)
            while let numbers = await queue.next() {
              for number in numbers where !Interruption.isAsked { reader.read(number) }
            }
            return .success(reader.finish())
          } catch {
            while await queue.next() != nil {}
            return .failure(error)
          }
        }
      }
      var results: [Result<Part, MatchingError>] = []
      for await result in group { results.append(result) }
      return results
    }
    var trees: [Int] = []
    for result in results {
      let part = try result.get()
      contents.add(part.tally)
      trees += part.trees
    }
    return trees.sorted()
  }

  /// Shows `visitor` every one of them, which all are trees.
  func readTrees(
    _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ progress: Progress,
    _ visitor: TreeVisitor, into gaps: inout [Gap]
  ) throws(MatchingError) {
    var reader = try SecretReader(compiled)
    for number in numbers where !Interruption.isAsked {
      let id = catalog.id(number)
      progress.add(objects: 1, bytes: 0)
      do throws(InputError) {
        try reader.read(id, in: catalog.location) { visitor.visit(loose: number, $0) }
      } catch {
        gaps.append(Gap(error, of: id))
      }
    }
  }
}

extension Gap {
  fileprivate init(_ error: InputError, of id: ObjectID) {
    self.init(error.kind, subject: ForeignText("object \(id)"), reason: ForeignText(error.reason))
  }
}

/// Scans single objects.
private struct LooseReader: ~Copyable {
  private let catalog: ObjectCatalog
  private let progress: Progress
  private var secrets: SecretReader
  private var tally = SweepTally()
  private var trees: [Int] = []

  init(
    _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ progress: Progress
  ) throws(MatchingError) {
    let secrets = try SecretReader(compiled)
    self.catalog = catalog
    self.progress = progress
    self.secrets = secrets
  }

  consuming func finish() -> (SweepTally, [Int]) {
    var tally = self.tally
    tally.resolve(in: catalog)
    return (tally, trees)
  }

  mutating func read(_ number: Int) {
    let id = catalog.id(number)
    do throws(InputError) {
      let kind = try secrets.kind(of: id, in: catalog.location)
      if kind == .tree {
        trees.append(number)
        return
      }
      progress.add(objects: 1, bytes: 0)
      var found: Set<Secret> = []
      try secrets.secrets(
        in: id, at: catalog.location, into: &found
      ) { bytes, isFirst in
        tally.counts.searched += bytes.count
        // The head of a commit is in its first window, and so is all that counts of a blob.
        if isFirst {
          tally.note(number, kind, bytes, in: catalog)
        } else {
          tally.bytes += bytes.count
        }
      }
      if !found.isEmpty { tally.note(number, kind, holds: found) }
    } catch {
      tally.gaps.append(Gap(error, of: id))
    }
  }
}
