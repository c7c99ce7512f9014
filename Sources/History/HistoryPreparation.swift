internal import Crypto
package import Git
package import Inputs
package import Scanning
package import Store

/// What can be found out of a history before the rules are at hand: which objects there are, and
/// which of them are still to be read.
package struct HistoryPreparation: Sendable {
  let work: HistoryWork
  /// The blobs of the index, in its order.
  let indexed: [ObjectID]
  private let usesPacks: Bool
  private let jobs: Int
  /// A digest of everything that says where objects stand.
  let standing: [UInt8]
  let inventory: ObjectInventory
  private(set) var cache: HistoryCache?
  let tagger: SecretTagger
  private(set) var selection: ObjectSelection
  private(set) var catalog: ObjectCatalog

  /// Looks at what there is, and at what earlier runs kept in `store`.
  ///
  /// `indexed` are the blobs that are looked at where they stand in an index. Without a store
  /// everything is to be read; with one, `tagger` must be the same in all runs. `jobs` is on how
  /// many threads packs are looked at.
  package init(
    of work: HistoryWork, usesPacks: Bool = true, indexed: [ObjectID] = [], store: Store? = nil,
    taggedBy tagger: SecretTagger, jobs: Int = 1
  ) async {
    self.tagger = tagger
    self.work = work
    self.indexed = indexed
    self.usesPacks = usesPacks
    self.jobs = jobs
    async let standing = Self.digest(indexed, work.location)
    inventory = ObjectInventory(of: work.location)
    // The other engine is there to check this one, so it takes nobody's word.
    cache = usesPacks ? store.map { HistoryCache($0) } : nil
    selection = cache?.selection(of: inventory) ?? .all(of: inventory)
    catalog = ObjectCatalog(inventory, reading: selection, usesPacks: usesPacks, jobs: jobs)
    self.standing = await standing
  }

  /// The same, to read everything.
  func anew() -> HistoryPreparation {
    var preparation = self
    preparation.cache?.forget()
    preparation.selection = .all(of: inventory)
    preparation.catalog = ObjectCatalog(
      inventory, reading: preparation.selection, usesPacks: usesPacks, jobs: jobs)
    return preparation
  }

  private static func digest(_ indexed: [ObjectID], _ location: RepositoryLocation) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: Roots.digest(of: location))
    hash.update(data: ObjectID.bytes(of: indexed))
    return Array(hash.finalize())
  }
}
