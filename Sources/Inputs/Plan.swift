package import Git
package import Model

/// What is to be read, as names, never as bytes.
package struct Plan: Sendable {
  package var targets: [Target] = []
  /// The repositories that targets are, or are in, by their positions.
  package var locations: [Int: RepositoryLocation] = [:]
  /// Where the walk begins, and what is read without one.
  package var work: [Work] = []
  /// The work trees of whole repositories: what their index holds and the work tree does not
  /// is read from the object database.
  package var trees: [WorkTree] = []
  /// The work trees of which only a part is read.
  package var partTrees: [WorkTree] = []
  /// The repositories whose history is read.
  package var histories: [HistoryWork] = []
  /// The repositories of targets whose commits were named one by one.
  package var commitSources: [Int: RepositoryLocation] = [:]
  /// What is left out, and what cannot be read, as far as it is known before the scan.
  package var gaps: [Gap] = []
  package var hints: [Hint] = []
  /// Object folders of other repositories that are read because one borrows from them.
  package var alternates: [ForeignText] = []
  /// Inputs that do not exist or are none, each with a sentence for the user.
  package var failures: [ForeignText] = []
  /// The index, if only what is staged is read.
  package var staged: IndexFile?
  /// Which paths came and went, by the commit that moved them; `nil` for the index.
  package var changes: [ObjectID?: Changes] = [:]

  package init() {}

  /// Paths that one step added and deleted, each with its blob: among them are renames.
  package struct Changes: Sendable {
    package var added: [(path: [UInt8], blob: ObjectID)] = []
    package var deleted: [(path: [UInt8], blob: ObjectID)] = []
  }

  /// What is said of a submodule that is not checked out.
  static func gap(forSubmodule path: [UInt8]) -> Gap {
    Gap(
      .notAsked, subject: ForeignText(path),
      reason: ForeignText("a submodule that is not checked out: there is nothing of it to read"))
  }

  /// The gaps for submodules whose folders nobody met.
  package func unseenSubmodules(_ seen: [(tree: WorkTree, entry: Int)]) -> [Gap] {
    trees.flatMap { tree in
      let met = Set(seen.filter { $0.tree === tree }.map(\.entry))
      return tree.index.entries.indices.filter {
        tree.index.entries[$0].isSubmodule && !met.contains($0)
      }.map { Self.gap(forSubmodule: tree.prefix + tree.index.path(tree.index.entries[$0])) }
    }
  }

  /// Notes where else the objects of a repository come from.
  mutating func note(alternatesOf location: RepositoryLocation) {
    let others = ObjectFolders(of: location).paths.dropFirst().map { ForeignText($0) }
    alternates += others.filter { !alternates.contains($0) }
  }

  /// The items for what the index of a whole repository holds and nobody met in its work tree:
  /// files that were deleted or that a sparse checkout left out, and the sides of a conflict.
  package func unseen(_ seen: [(tree: WorkTree, entry: Int)]) -> [Item] {
    trees.flatMap { tree -> [Item] in
      var met = [Bool](repeating: false, count: tree.index.entries.count)
      for one in seen where one.tree === tree { met[one.entry] = true }
      return tree.index.entries.indices.compactMap { i in
        let entry = tree.index.entries[i]
        guard !met[i] || entry.stage > 0 else { return nil }
        return tree.indexItem(i)
      }
    }
  }
}

/// The history of one repository.
package struct HistoryWork: Sendable {
  /// The position of its target.
  package let target: Int
  package let location: RepositoryLocation
}

extension WorkTree {
  /// The item for what the index holds of the entry at `position`; `nil` if that is no blob.
  package func indexItem(_ position: Int) -> Item? {
    let entry = index.entries[position]
    guard entry.isBlob, !entry.isIntention, let location else { return nil }
    return Item(
      target: target, path: prefix + index.path(entry), source: .blob(entry.id, location),
      standsIn: [.index], tree: self, entry: position)
  }
}
