package import Git

/// A file as a commit has it.
package enum CommittedFile {
  /// What the file at `path` holds in the commit that `revision` names; `nil` if it has none.
  ///
  /// Throws if it is larger than `limit`, is no file, or cannot be read.
  package static func content(
    of path: [UInt8], in revision: String, _ repository: borrowing Repository, limit: Int
  ) throws(GitError) -> [UInt8]? {
    let objects = try repository.objects()
    var next = try objects.commit(try repository.commit(named: revision)).tree
    for name in path.split(separator: UInt8(ascii: "/")) {
      let entries = try objects.tree(next)
      guard let entry = entries.first(where: { $0.name.elementsEqual(name) }) else { return nil }
      next = entry.id
    }
    return try blob(next, in: objects, "read \(String(decoding: path, as: UTF8.self))", limit)
  }

  /// What a blob holds.
  static func blob(
    _ id: ObjectID, in objects: borrowing ObjectDatabase, _ action: String, _ limit: Int
  ) throws(GitError) -> [UInt8] {
    let (kind, size) = try objects.header(of: id)
    guard kind == .blob, size <= limit else {
      throw GitError(.unsupported, action, "it is no file of at most \(limit) bytes")
    }
    let object = try objects.object(id)
    let bytes = object.bytes
    return bytes.indices.map { bytes[$0] }
  }
}
