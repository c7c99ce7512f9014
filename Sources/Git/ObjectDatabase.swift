internal import CGit2
package import Files

/// What an object is.
package enum ObjectKind: Int32, Sendable {
  case commit = 1
  case tree = 2
  case blob = 3
  case tag = 4
}

/// Where a repository keeps its objects: loose files and packs.
@safe
package struct ObjectDatabase: ~Copyable {
  private let handle: OpaquePointer
  package let folders: ObjectFolders

  init(owning handle: OpaquePointer, in folders: ObjectFolders) {
    unsafe self.handle = handle
    self.folders = folders
  }

  deinit {
    unsafe git_odb_free(handle)
  }

  /// Throws if something that is no file stands where `id` would be a loose object: libgit2
  /// would wait for a FIFO for ever.
  private func requireFile(_ id: ObjectID) throws(GitError) {
    let name = Array(id.description.utf8)
    for folder in folders.paths {
      let path = folder + [0x2F] + name[..<2] + [0x2F] + name[2...]
      try RepositoryFormat.requireFile(path, "read object \(id)")
    }
  }

  /// Reads a whole object into memory.
  package func object(_ id: ObjectID) throws(GitError) -> GitObject {
    try requireFile(id)
    var raw = id.raw
    var object: OpaquePointer?
    try check("read object \(id)") { unsafe git_odb_read(&object, handle, &raw) }
    guard let object = unsafe object else { preconditionFailure("libgit2 gave no object") }
    return unsafe GitObject(owning: object)
  }

  /// The kind and size of an object, without reading it whole.
  package func header(
    of id: ObjectID
  ) throws(GitError) -> (kind: ObjectKind, size: Int) {
    try requireFile(id)
    var raw = id.raw
    var size = 0
    var kind = GIT_OBJECT_INVALID
    try check("read object \(id)") {
      unsafe git_odb_read_header(&size, &kind, handle, &raw)
    }
    guard let kind = ObjectKind(rawValue: kind.rawValue) else {
      throw GitError(.damaged, "read object \(id)", "its type is none that git knows")
    }
    return (kind, size)
  }

  package func contains(_ id: ObjectID) -> Bool {
    var raw = id.raw
    return unsafe git_odb_exists(handle, &raw) == 1
  }

  /// Reads a tree.
  package func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
    let object = try object(id)
    guard object.kind == .tree else {
      throw GitError(.damaged, "read tree \(id)", "it is another kind of object")
    }
    return try TreeEntry.list(object.bytes, of: id)
  }

  /// Reads a commit.
  package func commit(_ id: ObjectID) throws(GitError) -> Commit {
    let object = try object(id)
    guard object.kind == .commit else {
      throw GitError(.damaged, "read commit \(id)", "it is another kind of object")
    }
    return try Commit(object.bytes, of: id)
  }
}

/// One object in memory.
@safe
package struct GitObject: ~Copyable {
  private let handle: OpaquePointer

  init(owning handle: OpaquePointer) {
    unsafe self.handle = handle
  }

  deinit {
    unsafe git_odb_object_free(handle)
  }

  /// `nil` for a kind that git does not know.
  package var kind: ObjectKind? {
    unsafe ObjectKind(rawValue: git_odb_object_type(handle).rawValue)
  }

  /// The bytes, in memory that lives exactly as long as the object.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let start = unsafe git_odb_object_data(handle)?.assumingMemoryBound(to: UInt8.self)
      let count = unsafe git_odb_object_size(handle)
      let bytes = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
      return unsafe _overrideLifetime(bytes, borrowing: self)
    }
  }

  /// Lends the bytes.
  package func withBytes(_ body: (Span<UInt8>) -> Void) { body(bytes) }

  /// Copies up to `count` bytes from `offset` onwards onto the end of `buffer`.
  ///
  /// Returns how many there were; the buffer must have room for them.
  package func append(atMost count: Int, from offset: Int, to buffer: inout ByteBuffer) -> Int {
    let piece = min(count, bytes.count - offset)
    buffer.append(bytes.extracting(offset..<(offset + piece)))
    return piece
  }
}
