internal import Files
package import Git

/// A file at a repository's root that speaks to keyscan itself, such as its configuration.
package enum RootFile {
  /// Which version of the file counts.
  package enum Version: Sendable {
    case workTree
    case index(IndexFile)
    /// What a commit has, by its name; of a repository without a commit `HEAD` has nothing.
    case revision(String)
  }

  /// What a file holds; `nil` if there is none.
  ///
  /// Throws if it is larger than `limit`, is no file, or cannot be read.
  package static func content(
    of name: String, in location: RepositoryLocation, _ version: Version, limit: Int
  ) throws(GitError) -> [UInt8]? {
    let action = "read \(name)"
    switch version {
    case .workTree:
      guard let root = location.workTree else { return nil }
      let file: File? = try files(for: action) { () throws(FileError) in
        let folder = try Folder(at: root)
        guard (try? folder.status(of: Array(name.utf8))) != nil else { return nil }
        return try folder.file(named: Array(name.utf8))
      }
      guard let file else { return nil }
      let content: [UInt8]? = try files(for: action) { () throws(FileError) in
        try file.status().kind == .regular ? try file.contents(limit: limit) : nil
      }
      guard let content else {
        throw GitError(.unsupported, action, "it is no file of at most \(limit) bytes")
      }
      return content
    case .index(let index):
      let path = Array(name.utf8)
      let entry = index.entries.first { index.path($0).elementsEqual(path) && $0.isBlob }
      guard let entry else { return nil }
      let objects = try Repository(at: location).objects()
      return try CommittedFile.blob(entry.id, in: objects, action, limit)
    case .revision(let revision):
      let repository = try Repository(at: location)
      if revision == "HEAD", try repository.head() == nil { return nil }
      return try CommittedFile.content(
        of: Array(name.utf8), in: revision, repository, limit: limit)
    }
  }
}
