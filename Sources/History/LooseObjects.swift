internal import Files
internal import Git
internal import Inputs
internal import Matching
internal import Model
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

  func read(
    _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ options: SweepOptions,
    _ progress: Progress, into swept: inout Swept
  ) async throws(MatchingError) {
    let numbers = Set(self.numbers).sorted()
    if numbers.isEmpty { return }
    let pieces = stride(from: 0, to: numbers.count, by: Self.batch).map {
      Array(numbers[$0..<min($0 + Self.batch, numbers.count)])
    }
    let jobs = min(options.jobs, pieces.count)
    let queue = WorkQueue(pieces, workers: jobs)
    let results = await withTaskGroup(of: Result<Swept, MatchingError>.self) { group in
      for _ in 0..<jobs {
        group.addTask {
          do throws(MatchingError) {
            var reader = try LooseReader(catalog, compiled, options, progress)
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
      var results: [Result<Swept, MatchingError>] = []
      for await result in group { results.append(result) }
      return results
    }
    for result in results {
      let part = try result.get()
      swept.contents.add(part.contents)
      swept.trees.add(part.trees)
    }
  }
}

/// Reads single objects.
private struct LooseReader: ~Copyable {
  private let catalog: ObjectCatalog
  private let progress: Progress
  private var secrets: SecretReader
  private var visitor: TreeVisitor
  private var tally = SweepTally()

  init(
    _ catalog: ObjectCatalog, _ compiled: CompiledBook, _ options: SweepOptions,
    _ progress: Progress
  ) throws(MatchingError) {
    let secrets = try SecretReader(compiled)
    let names = try NameJudge(compiled, isNoteworthy: options.isNoteworthy)
    self.catalog = catalog
    self.progress = progress
    self.secrets = secrets
    visitor = TreeVisitor(catalog, names: names, progress: progress)
  }

  consuming func finish() -> Swept {
    var tally = self.tally
    tally.resolve(in: catalog)
    return Swept(contents: tally, trees: visitor.finish())
  }

  mutating func read(_ number: Int) {
    let id = catalog.id(number)
    progress.add(objects: 1, bytes: 0)
    do throws(InputError) {
      let kind = try secrets.kind(of: id, in: catalog.location)
      if kind == .tree {
        try secrets.read(id, in: catalog.location) { visitor.visit(loose: number, $0) }
        return
      }
      var found: Set<Secret> = []
      try secrets.secrets(
        in: id, at: catalog.location, into: &found
      ) { bytes, isFirst in
        // The head of a commit is in its first window, and so is all that counts of a blob.
        if isFirst {
          tally.note(number, kind, bytes, in: catalog)
        } else {
          tally.bytes += bytes.count
        }
      }
      if !found.isEmpty { tally.note(number, kind, holds: found) }
    } catch {
      tally.gaps.append(
        Gap(error.kind, subject: ForeignText("object \(id)"), reason: ForeignText(error.reason)))
    }
  }
}
