internal import CGit2
internal import Files

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An open repository.
///
/// A repository has one owner. libgit2 lets a handle be used from any thread, but only from
/// one at a time; a type that cannot be copied keeps to that rule without a lock. To read
/// from several tasks, open the repository once in each.
@safe
package struct Repository: ~Copyable {
  let handle: OpaquePointer
  package let location: RepositoryLocation

  /// Opens the repository at `location`.
  ///
  /// It is opened by its git folder alone: what its configuration says of a work tree is not
  /// followed (see ``foreignWorkTree(in:)``).
  package init(at location: RepositoryLocation) throws(GitError) {
    Library.start()
    var handle: OpaquePointer?
    let action = "open the repository at \(text(location.workTree ?? location.gitFolder))"
    // Opened this way, libgit2 does not look at what the repository says of its own format.
    try RepositoryFormat.check(location, action)
    try check(action) {
      unsafe withPath(location.gitFolder) { unsafe git_repository_open_bare(&handle, $0) }
    }
    guard let handle = unsafe handle else { preconditionFailure("libgit2 gave no repository") }
    unsafe self.handle = handle
    self.location = location
  }

  /// Starts libgit2, if it is not started yet.
  ///
  /// It reads certificates that keyscan never uses, which takes some milliseconds; whoever has
  /// something else to do meanwhile calls this from another task.
  package static func prepare() {
    Library.start()
  }

  deinit {
    unsafe git_repository_free(handle)
  }

  /// The object database, where every object is stored under its name.
  package func objects() throws(GitError) -> ObjectDatabase {
    var database: OpaquePointer?
    try check("open the object database") {
      unsafe git_repository_odb(&database, handle)
    }
    guard let database = unsafe database else { preconditionFailure("libgit2 gave no database") }
    return unsafe ObjectDatabase(owning: database, in: ObjectFolders(of: location))
  }

  /// The commit that HEAD names; `nil` before the first one.
  package func head() throws(GitError) -> ObjectID? {
    try reference("HEAD")
  }

  /// The object that a reference names, through symbolic ones; `nil` if there is no such.
  package func reference(_ name: String) throws(GitError) -> ObjectID? {
    var id = git_oid()
    // A symbolic reference names a file that libgit2 opens without looking.
    let path = Paths.join(location.gitFolder, Array(name.utf8))
    if let content = try? File(at: path).contents(limit: 4096), content.starts(with: "ref: ".utf8) {
      let target = content.dropFirst(5).prefix { $0 != UInt8(ascii: "\n") }
      try RepositoryFormat.requireFile(
        Paths.join(location.commonFolder, Array(target)), "read reference \(name)")
    }
    do throws(GitError) {
      try check("read reference \(name)") {
        unsafe git_reference_name_to_id(&id, handle, name)
      }
    } catch {
      if error.kind == .missing { return nil }
      throw error
    }
    return ObjectID(id)
  }

  /// The object that a revision names, in git's own syntax: `main`, `v1^{}`, `HEAD~3`.
  package func commit(named revision: String) throws(GitError) -> ObjectID {
    var object: OpaquePointer?
    var peeled: OpaquePointer?
    defer {
      unsafe git_object_free(object)
      unsafe git_object_free(peeled)
    }
    try check("find the commit \(revision)") {
      unsafe git_revparse_single(&object, handle, revision)
    }
    try check("find the commit \(revision)") {
      unsafe git_object_peel(&peeled, object, GIT_OBJECT_COMMIT)
    }
    guard let id = unsafe git_object_id(peeled) else {
      throw GitError(.missing, "find the commit \(revision)", "there is none")
    }
    return unsafe ObjectID(id.pointee)
  }

  /// A reference and the object that it names.
  package struct Reference: Equatable, Sendable {
    package let name: String
    package let target: ObjectID
  }

  /// The references whose names match `glob`; symbolic and broken ones are left out.
  package func references(matching glob: String) throws(GitError) -> [Reference] {
    var iterator: OpaquePointer?
    try check("list references") {
      unsafe git_reference_iterator_glob_new(&iterator, handle, glob)
    }
    defer { unsafe git_reference_iterator_free(iterator) }
    var references: [Reference] = []
    while true {
      var reference: OpaquePointer?
      let status = unsafe git_reference_next(&reference, iterator)
      if status == GIT_ITEROVER.rawValue { return references }
      try check("list references") { status }
      defer { unsafe git_reference_free(reference) }
      guard let name = unsafe git_reference_name(reference),
        let target = unsafe git_reference_target(reference)
      else { continue }
      unsafe references.append(
        Reference(name: String(cString: name), target: ObjectID(target.pointee)))
    }
  }

  /// The paths that `head` had and the index does not, by the paths they seem renamed to.
  ///
  /// `changes` are the added and the deleted paths with their blobs. Similarity is judged by
  /// libgit2 with git's own threshold of one half.
  package func renames(
    added: [(path: [UInt8], blob: ObjectID)], deleted: [(path: [UInt8], blob: ObjectID)]
  ) throws(GitError) -> [[UInt8]: [UInt8]] {
    guard !added.isEmpty, !deleted.isEmpty else { return [:] }
    let old = unsafe try tree(of: deleted)
    let new = unsafe try tree(of: added)
    defer {
      unsafe git_index_free(old)
      unsafe git_index_free(new)
    }
    var diff: OpaquePointer?
    try check("compare the index with HEAD") {
      unsafe git_diff_index_to_index(&diff, handle, old, new, nil)
    }
    defer { unsafe git_diff_free(diff) }
    var options = unsafe git_diff_find_options()
    unsafe git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION))
    unsafe options.flags = GIT_DIFF_FIND_RENAMES.rawValue
    try check("find renames") { unsafe git_diff_find_similar(diff, &options) }
    var renames: [[UInt8]: [UInt8]] = [:]
    for i in unsafe 0..<git_diff_num_deltas(diff) {
      guard let delta = unsafe git_diff_get_delta(diff, i),
        unsafe delta.pointee.status == GIT_DELTA_RENAMED,
        let from = unsafe delta.pointee.old_file.path, let to = unsafe delta.pointee.new_file.path
      else { continue }
      unsafe renames[bytes(to)] = bytes(from)
    }
    return renames
  }

  /// An index in memory that holds `files` and nothing else.
  private func tree(
    of files: [(path: [UInt8], blob: ObjectID)]
  ) throws(GitError) -> OpaquePointer {
    var index: OpaquePointer?
    try check("compare the index with HEAD") { unsafe git_index_new(&index) }
    guard let index = unsafe index else { preconditionFailure("libgit2 gave no index") }
    for file in files {
      do throws(GitError) {
        try check("compare the index with HEAD") {
          unsafe withPath(file.path) { path in
            var entry = unsafe git_index_entry()
            unsafe entry.mode = 0o100644
            unsafe entry.id = file.blob.raw
            unsafe entry.path = path
            return unsafe git_index_add(index, &entry)
          }
        }
      } catch {
        unsafe git_index_free(index)
        throw error
      }
    }
    return unsafe index
  }
}

/// Lends a path to libgit2.
func withPath(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
  var text = path.map { CChar(bitPattern: $0) }
  text.append(0)
  return unsafe text.withUnsafeBufferPointer { text in
    guard let start = text.baseAddress else { preconditionFailure("an empty array") }
    return unsafe body(start)
  }
}

/// Copies a C string.
func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
  unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}
