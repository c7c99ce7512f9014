internal import CGit2
internal import Files

/// Takes paths out of git's index, as `git rm --cached` does.
package enum IndexEdit {
  /// Why the index at a repository cannot be changed by keyscan; `nil` if it can.
  package static func obstacle(in location: RepositoryLocation) throws(GitError) -> String? {
    let index = try IndexFile(at: location.index, in: location.gitFolder)
    if index.isSplit {
      return "the index is split over two files; git update-index --no-split-index puts it together"
    }
    if !index.sparseFolders.isEmpty {
      return "the index is sparse; git sparse-checkout reapply --no-sparse-index makes it whole"
    }
    return nil
  }

  /// Takes `entries` out of the index of the repository at `location`, all or none of them.
  ///
  /// Each must still have the blob that is given with it. git's lock is held meanwhile, so another
  /// git that writes the index makes this fail.
  package static func remove(
    _ entries: [(path: [UInt8], blob: ObjectID)], in location: RepositoryLocation
  ) throws(GitError) {
    if let obstacle = try obstacle(in: location) {
      throw GitError(.unsupported, action, obstacle)
    }
    Library.start()
    let status = try files(for: action) { () throws(FileError) in
      try Paths.status(location.index)
    }
    var raw: OpaquePointer?
    try check(action) {
      unsafe withPath(location.index) { unsafe git_index_open(&raw, $0) }
    }
    guard let index = unsafe raw else { preconditionFailure("libgit2 gave no index") }
    defer { unsafe git_index_free(index) }
    for entry in entries {
      guard let found = unsafe blob(at: entry.path, in: index), found == entry.blob else {
        throw GitError(.refused, action, "\(text(entry.path)) was changed there meanwhile")
      }
      try check(action) {
        unsafe withPath(entry.path) { unsafe git_index_remove(index, $0, 0) }
      }
    }
    unsafe try distrustNewEntries(of: index, since: status.modified)
    try check(action) { unsafe git_index_write(index) }
  }

  private static let action = "change the index"

  private static func blob(at path: [UInt8], in index: OpaquePointer) -> ObjectID? {
    var id: ObjectID?
    _ = unsafe withPath(path) { path in
      if let entry = unsafe git_index_get_bypath(index, path, 0) {
        id = unsafe ObjectID(entry.pointee.id)
      }
      return 0
    }
    return id
  }

  /// Has git compare the contents of files that changed as late as the index was written.
  ///
  /// Their times do not tell whether they changed after they were added. git goes by the index's
  /// own time, which is about to become a later one, and marks them like this when it writes.
  private static func distrustNewEntries(
    of index: OpaquePointer, since time: FileStatus.Moment
  ) throws(GitError) {
    for i in unsafe 0..<git_index_entrycount(index) {
      guard let entry = unsafe git_index_get_byindex(index, i),
        unsafe git_index_entry_stage(entry) == 0,
        // File systems and other writers of an index may keep no fractions.
        unsafe Int(entry.pointee.mtime.seconds) >= time.seconds, unsafe entry.pointee.file_size > 0
      else { continue }
      var changed = unsafe entry.pointee
      unsafe changed.file_size = 0
      let path = unsafe bytes(entry.pointee.path)
      try check(action) {
        unsafe withPath(path) { path in
          unsafe changed.path = path
          return unsafe git_index_add(index, &changed)
        }
      }
    }
  }
}
