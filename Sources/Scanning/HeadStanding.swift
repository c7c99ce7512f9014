internal import Files
internal import Git
package import Inputs
package import Matching
package import Model

/// Says of findings in a repository's index or work tree whether HEAD has them too.
///
/// Only the paths that findings name are looked up: a clean repository pays nothing.
package struct HeadStanding: ~Copyable {
  private let repository: Repository
  private let objects: ObjectDatabase
  private let tree: WorkTree
  private let root: ObjectID
  private var worker: Worker
  /// The folders of the index that HEAD has unchanged, as far as git noted them, with their trees.
  private let indexed: [[UInt8]: ObjectID]
  /// The secrets that HEAD's version of a path holds.
  private var known: [[UInt8]: Set<Secret>] = [:]
  private var trees: [ObjectID: [TreeEntry]] = [:]

  /// Returns `nil` before the first commit, and when HEAD cannot be read.
  package init?(of tree: WorkTree, with book: CompiledBook) throws(MatchingError) {
    guard let location = tree.location, let repository = try? Repository(at: location),
      let objects = try? repository.objects(), let head = try? repository.head(),
      let commit = try? objects.commit(head)
    else { return nil }
    let worker = try Worker(book, options: ScanOptions(jobs: 1), progress: Progress())
    root = commit.tree
    indexed = Dictionary(
      tree.index.trees.map { ($0.folder, $0.id) }, uniquingKeysWith: { first, _ in first })
    self.repository = repository
    self.objects = objects
    self.tree = tree
    self.worker = worker
  }

  /// Adds ``Standing/head`` to the places of `finding` in this tree where HEAD has the secret
  /// at the same path, or the file if that is the finding.
  package mutating func mark(_ finding: inout Finding) {
    for i in finding.places.indices {
      let place = finding.places[i]
      guard place.target == tree.target, place.kind == .file,
        !place.standsIn.isDisjoint(with: [.worktree, .index]),
        let blob = blob(at: place.file.bytes)
      else { continue }
      let isThere =
        blob.description == place.blob
        || (finding.secret.map { secrets(in: blob, at: place.file.bytes).contains($0) } ?? true)
      if isThere { finding.places[i].standsIn.insert(.head) }
    }
  }

  /// The blob that HEAD has at `path`.
  private mutating func blob(at path: [UInt8]) -> ObjectID? {
    var folder = root
    var walked: [UInt8] = []
    let names = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for (i, name) in names.enumerated() {
      if indexed[walked] == folder { return indexedBlob(at: path) }
      walked += name + [UInt8(ascii: "/")]
      if trees[folder] == nil { trees[folder] = (try? objects.tree(folder)) ?? [] }
      guard let entry = trees[folder]?.first(where: { $0.name.elementsEqual(name) }) else {
        return nil
      }
      if i == names.count - 1 { return entry.isBlob ? entry.id : nil }
      guard entry.isTree else { return nil }
      folder = entry.id
    }
    return nil
  }

  /// The blob that the index has at `path`, in a folder that HEAD has too.
  private func indexedBlob(at path: [UInt8]) -> ObjectID? {
    let index = tree.index
    let entries = index.entries(at: path, in: 0..<index.entries.count).map { index.entries[$0] }
    return entries.first { $0.stage == 0 && $0.isBlob && !$0.isIntention }?.id
  }

  private mutating func secrets(in blob: ObjectID, at path: [UInt8]) -> Set<Secret> {
    if let known = known[path] { return known }
    let item = Item(
      target: tree.target, path: path, source: .blob(blob, repository.location), standsIn: [.head])
    // Without an answer nothing is said of HEAD; the finding stands where it was found.
    let secrets = (try? worker.secrets(in: blob, repository.location, like: item).secrets) ?? []
    known[path] = secrets
    return secrets
  }
}
