package import Git

/// The files that HEAD has, looked up by path.
package struct CommittedTree: ~Copyable {
  private let objects: ObjectDatabase
  private let root: ObjectID?
  private var trees: [ObjectID: [TreeEntry]] = [:]

  /// Before the first commit there are no files.
  package init(ofHeadOf location: RepositoryLocation) throws(GitError) {
    let repository = try Repository(at: location)
    let objects = try repository.objects()
    root = try repository.head().map { (id) throws(GitError) in try objects.commit(id).tree }
    self.objects = objects
  }

  /// What HEAD has at `path`; `nil` for nothing, and for what cannot be read.
  package mutating func entry(at path: [UInt8]) -> TreeEntry? {
    guard var folder = root else { return nil }
    let names = path.split(separator: UInt8(ascii: "/"))
    for (i, name) in names.enumerated() {
      if trees[folder] == nil { trees[folder] = (try? objects.tree(folder)) ?? [] }
      guard let entry = trees[folder]?.first(where: { $0.name.elementsEqual(name) }) else {
        return nil
      }
      if i == names.count - 1 { return entry }
      guard entry.isTree else { return nil }
      folder = entry.id
    }
    return nil
  }

  /// What a blob of the repository holds; `nil` if it has more than `limit` bytes or cannot be
  /// read.
  package func content(of blob: ObjectID, limit: Int) -> [UInt8]? {
    try? CommittedFile.blob(blob, in: objects, "read blob \(blob)", limit)
  }
}
