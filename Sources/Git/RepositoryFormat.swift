internal import CGit2
internal import Files

/// What a repository says of the form in which it is stored.
enum RepositoryFormat {
  /// The extensions that change nothing for a reader like keyscan, in small letters.
  static let harmless = [
    "worktreeconfig", "relativeworktrees", "preciousobjects", "partialclone", "noop", "noop-v1",
  ]

  /// Throws if the repository is stored in a form that keyscan cannot read.
  static func check(_ location: RepositoryLocation, _ action: String) throws(GitError) {
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
