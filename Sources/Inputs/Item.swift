package import Files
package import Git
package import Model

/// One thing to read, by name; workers read it where they scan it.
package struct Item: Sendable {
  /// The position of the target that it belongs to.
  package let target: Int
  /// From the target's root; empty for what has no path, such as a commit.
  ///
  /// What is packed in a file has the file's path and its own name in it: `app.apk!/assets/k.json`.
  package private(set) var path: [UInt8]
  /// How much of ``path`` leads to the file that something is packed in; `nil` for what is in none.
  package private(set) var fileLength: Int?
  package private(set) var source: Source
  /// Where it stands, as far as is known before it is read.
  package var standsIn: Standings
  /// The work tree that a file is in; `nil` for what is in none.
  package let tree: WorkTree?
  /// The position of a tracked file's entry in the tree's index; `nil` for an untracked one.
  package let entry: Int?
  /// The versions that went before: what they hold already is not new.
  package let previous: [ObjectID]
  /// The commit that brings it, in a push or in history.
  package let commit: ObjectID?
  /// A remote-tracking branch reaches it.
  package let isPublished: Bool

  package enum Source: Sendable {
    /// A file or symbolic link in a folder, by its last component; of a link, its own text.
    case entry(Folder, isLink: Bool)
    /// A file that the user named.
    case file(path: [UInt8])
    case standardInput
    /// Bytes that the user handed over, such as the value of a variable.
    case given([UInt8])
    /// A blob in the repository at hand.
    case blob(ObjectID, RepositoryLocation)
    /// A commit or a tag, whole.
    case object(ObjectID, RepositoryLocation)
    /// A name that is searched itself: of a reference, or the path of a file.
    case name([UInt8])
  }

  package init(
    target: Int, path: [UInt8], source: Source, standsIn: Standings,
    tree: WorkTree? = nil, entry: Int? = nil, previous: [ObjectID] = [], commit: ObjectID? = nil,
    isPublished: Bool = false
  ) {
    self.target = target
    self.path = path
    self.source = source
    self.standsIn = standsIn
    self.tree = tree
    self.entry = entry
    self.previous = previous
    self.commit = commit
    self.isPublished = isPublished
  }

  /// The last component of the path.
  package var name: [UInt8] { Paths.name(of: path) }

  /// It is packed in a file.
  package var isPacked: Bool { fileLength != nil }

  /// The path of the file that it is, or is packed in.
  package var filePath: [UInt8] { fileLength.map { Array(path.prefix($0)) } ?? path }

  /// What is packed in it, at `path`, which begins with its own.
  package func packed(at path: [UInt8]) -> Item {
    var item = self
    item.fileLength = fileLength ?? self.path.count
    item.path = path
    return item
  }

  /// It is a name that is searched itself.
  package var isName: Bool { if case .name = source { true } else { false } }

  /// The name of what it is, to be searched itself.
  package var asName: Item {
    var item = self
    item.source = .name(path)
    return item
  }
}

/// Work that waits for a worker.
package enum Work: Sendable {
  /// A folder to be listed.
  case folder(FolderWork)
  /// Things to be read.
  case items([Item])
}

/// A folder to be listed, and what is known of it from above.
package struct FolderWork: Sendable {
  package let tree: WorkTree
  /// The folder that it stands in, and its name there; `nil` for the tree's root.
  package let place: (parent: Folder, name: [UInt8])?
  /// From the tree's root, with a slash at the end; empty for the root.
  package let path: [UInt8]
  let rules: IgnoreRules?
  /// Which index entries are below it.
  package let entries: Range<Int>
  /// git ignores the folder: only what is tracked in it counts.
  package let isIgnored: Bool
  /// The index has a submodule here.
  var isSubmodule = false
}
