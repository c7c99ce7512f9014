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
  /// A digest of everything that says where objects stand.
  let standing: [UInt8]
}

extension HistoryReading {
  /// Keeps what was learned, and what was seen in its items.
  ///
  /// Throws if it cannot be written; nothing is kept of a name that is a secret itself.
  func keep(_ looks: Looks) throws(StoreError) {
    guard let learned, let content else { return }
    var cache = learned.cache
    try cache.keep(learned, reading: content, looks: looks)
  }
}
