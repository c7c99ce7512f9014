internal import Store

/// What one run learned of a repository, to be kept for the next.
struct Learned: Sendable {
  let cache: HistoryCache
  let inventory: ObjectInventory
  let catalog: ObjectCatalog
  /// What the objects say that were read in it.
  let read: Knowledge
  let finds: Finds
  /// The trees among them that hold something, by their numbers.
  let newTrees: [Int]
  /// A digest of everything that says where objects stand, and what came of it.
  let standing: [UInt8]
  let reading: [UInt8]

  /// Begins to write it; what was seen in the items is not needed for most of it.
  func write() -> Keeping {
    Keeping(
      learned: self,
      written: Task.detached {
        var cache = cache
        return try cache.write(self)
      })
  }

  /// What is being written.
  struct Keeping: Sendable {
    fileprivate let learned: Learned
    fileprivate let written: Task<HistoryCache.Written, any Error>

    /// Writes the rest, which makes that count which was written.
    func finish(_ looks: Looks) async throws {
      try learned.cache.finish(try await written.value, learned, looks: looks)
    }
  }
}
