/// One line of a tree.
package struct TreeEntry: Equatable, Sendable {
  /// The type and permissions, as in `0o100644`.
  package let mode: UInt32
  package let name: [UInt8]
  package let id: ObjectID

  package var isTree: Bool { mode & 0o170000 == 0o040000 }
  /// A file or a symbolic link; a submodule is neither.
  package var isBlob: Bool {
    mode & 0o170000 == 0o100000 || mode & 0o170000 == 0o120000
  }

  /// Takes the content of a tree apart.
  package static func list(
    _ bytes: Span<UInt8>, of id: ObjectID
  ) throws(GitError) -> [TreeEntry] {
    var entries: [TreeEntry] = []
    var i = 0
    while i < bytes.count {
      var mode: UInt32 = 0
      while i < bytes.count, bytes[i] != UInt8(ascii: " ") {
        guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[i]), mode < 1 << 24 else {
          throw GitError(.damaged, "read tree \(id)", "a mode is no octal number")
        }
        mode = mode << 3 | UInt32(bytes[i] - UInt8(ascii: "0"))
        i += 1
      }
      i += 1
      var name: [UInt8] = []
      while i < bytes.count, bytes[i] != 0 {
        name.append(bytes[i])
        i += 1
      }
      guard let entry = ObjectID(bytes, at: i + 1), !name.isEmpty else {
        throw GitError(.damaged, "read tree \(id)", "it ends in the middle of an entry")
      }
      entries.append(TreeEntry(mode: mode, name: name, id: entry))
      i += 1 + ObjectID.count
    }
    return entries
  }
}
