internal import Files

extension Repository {
  /// The commits whose parents a shallow clone left out.
  package func shallowCommits() throws(GitError) -> Set<ObjectID> {
    let path = Paths.join(location.commonFolder, Array("shallow".utf8))
    if (try? Paths.status(path)) == nil { return [] }
    let content = try files(for: "read \(text(path))") { () throws(FileError) in
      try File(at: path).contents(limit: 1 << 28)
    }
    let lines = (content ?? []).split(separator: UInt8(ascii: "\n"))
    return Set(lines.compactMap { ObjectID(hex: $0) })
  }
}

/// The folders that objects are kept in: the repository's own and its alternates'.
package struct ObjectFolders: Equatable, Sendable {
  /// Absolute, the repository's own first.
  package let paths: [[UInt8]]

  /// How many alternates may borrow from one another, as in git.
  private static let deepest = 5

  package init(of location: RepositoryLocation) {
    var paths: [[UInt8]] = []
    func add(_ path: [UInt8], depth: Int) {
      let path = Paths.real(path) ?? path
      guard depth <= Self.deepest, !paths.contains(path) else { return }
      paths.append(path)
      let list = Paths.join(path, Array("info/alternates".utf8))
      guard let content = try? File(at: list).contents(limit: 1 << 20) else { return }
      for line in content.split(separator: UInt8(ascii: "\n")) where line.first != 0x23 {
        add(Paths.join(path, Array(line)), depth: depth + 1)
      }
    }
    add(Paths.join(location.commonFolder, Array("objects".utf8)), depth: 0)
    self.paths = paths
  }
}
