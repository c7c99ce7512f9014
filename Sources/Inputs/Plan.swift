package import Git
package import Model

/// What is to be read, as names, never as bytes.
package struct Plan: Sendable {
  package var targets: [Target] = []
  /// Where the walk begins, and what is read without one.
  package var work: [Work] = []
  /// The work trees of whole repositories: what their index holds and the work tree does not
  /// is read from the object database.
  package var trees: [WorkTree] = []
  /// The work trees of which only a part is read.
  package var partTrees: [WorkTree] = []
  /// What is left out, and what cannot be read, as far as it is known before the scan.
  package var gaps: [Gap] = []
  package var hints: [Hint] = []
  /// Inputs that do not exist or are none, each with a sentence for the user.
  package var failures: [ForeignText] = []
  /// Which paths came and went, by the commit that moved them; `nil` for the index.
  package var changes: [ObjectID?: Changes] = [:]

  package init() {}

  /// Paths that one step added and deleted, each with its blob: among them are renames.
  package struct Changes: Sendable {
    package var added: [(path: [UInt8], blob: ObjectID)] = []
    package var deleted: [(path: [UInt8], blob: ObjectID)] = []
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
