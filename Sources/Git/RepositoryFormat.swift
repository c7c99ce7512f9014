internal import CGit2
internal import Files

/// What a repository says of the form in which it is stored.
enum RepositoryFormat {
  /// The extensions that change nothing for a reader like keyscan, in small letters.
  static let harmless = [
    "worktreeconfig", "relativeworktrees", "preciousobjects", "partialclone", "noop", "noop-v1",
  ]

  /// Throws if the repository is stored in a form that keyscan cannot read.
  ///
  /// That includes one with a FIFO or a device where a file must be: libgit2 would wait for it
  /// for ever.
  static func check(_ location: RepositoryLocation, _ action: String) throws(GitError) {
    for (folder, name) in files(of: location) {
      try requireFile(Paths.join(folder, Array(name.utf8)), action)
    }
    for folder in ObjectFolders(of: location).paths {
      try requireFile(Paths.join(folder, Array("info/alternates".utf8)), action)
      let packs = Paths.join(folder, Array("pack".utf8))
      for entry in (try? Folder(at: packs).entries()) ?? [] where entry.kind == .special {
        throw GitError(.damaged, action, "\(text(Paths.join(packs, entry.name))) is no file")
      }
    }
    let path = Paths.join(location.commonFolder, Array("config".utf8))
    guard (try? Paths.status(path))?.kind == .regular else { return }
    var handle: OpaquePointer?
    try Git.check("read \(text(path))") {
      unsafe withPath(path) { unsafe git_config_open_ondisk(&handle, $0) }
    }
    defer { unsafe git_config_free(handle) }
    var version: Int32 = 0
    unsafe git_config_get_int32(&version, handle, "core.repositoryformatversion")
    guard version <= 1 else {
      throw GitError(.unsupported, action, "it has format version \(version)")
    }
    for name in unsafe try extensions(in: handle) where !harmless.contains(name) {
      // In version 0 git itself disregards what it does not know; these two it does not.
      guard version == 1 || ["objectformat", "refstorage"].contains(name) else { continue }
      throw GitError(
        .unsupported, action, "it uses extensions.\(name), which this version cannot read")
    }
  }

  /// The files that libgit2 reads while it opens a repository or a reference.
  private static func files(of location: RepositoryLocation) -> [([UInt8], String)] {
    ["HEAD", "commondir", "gitdir", "config.worktree"].map { (location.gitFolder, $0) }
      + ["config", "packed-refs", "shallow"].map { (location.commonFolder, $0) }
  }

  /// Throws if something stands at `path` that is no file.
  static func requireFile(_ path: [UInt8], _ action: @autoclosure () -> String) throws(GitError) {
    if let status = try? Paths.status(path), status.kind == .special {
      throw GitError(.damaged, action(), "\(text(path)) is no file")
    }
  }

  private static func extensions(in configuration: OpaquePointer?) throws(GitError) -> [String] {
    var iterator: OpaquePointer?
    try Git.check("read the configuration") {
      unsafe git_config_iterator_glob_new(&iterator, configuration, "^extensions\\..*")
    }
    defer { unsafe git_config_iterator_free(iterator) }
    var names: [String] = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while unsafe git_config_next(&entry, iterator) == 0, let found = unsafe entry {
      let name = unsafe String(cString: found.pointee.name)
      names.append(String(name.dropFirst("extensions.".count)).lowercased())
    }
    return names
  }
}
