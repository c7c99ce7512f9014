internal import Git
internal import Inputs
internal import Packs
internal import Scanning
internal import Store

/// What earlier runs kept of a repository, so that this one need not read it again.
///
/// Objects never change: what was read once under the same rules is true as long as the object
/// is there. If one is gone that was there, everything is read again, because something may now
/// name what is missing.
struct HistoryCache {
  private let store: Store
  private var ledger: Ledger?
  private var chapters: [Chapter] = []

  private static let ledgerName = "ledger"
  /// How many chapters there may be before they are made one.
  private static let mostChapters = 8
  /// Of a pack with fewer new objects than one in so many, these are read one by one.
  private static let sparse = 16

  init(_ store: Store) {
    self.store = store
    ledger = store.contents(of: Self.ledgerName).flatMap { try? Ledger($0) }
  }

  /// Nothing is known.
  var isEmpty: Bool { ledger == nil }

  /// Nothing is known, as if nothing had been kept.
  mutating func forget() {
    ledger = nil
    chapters = []
  }

  // MARK: Objects

  /// What is still to be read of a repository.
  mutating func selection(of inventory: ObjectInventory) -> ObjectSelection {
    if let selection = try? known(inventory) { return selection }
    forget()
    return .all(of: inventory)
  }

  private mutating func known(_ inventory: ObjectInventory) throws(StoreError) -> ObjectSelection {
    guard let ledger else { throw StoreError("nothing was kept") }
    guard inventory.gaps.isEmpty else { throw StoreError("a pack cannot be opened") }
    let present = Set(inventory.packs.map(\.identity))
    let new = inventory.packs.indices.filter {
      !ledger.packs.contains(inventory.packs[$0].identity)
    }
    var newLoose = inventory.loose.subtracting(ledger.loose)
    let isGone = !ledger.packs.isSubset(of: present)
    let goneLoose = ledger.loose.subtracting(inventory.loose)
    if new.isEmpty, newLoose.isEmpty, !isGone, goneLoose.isEmpty { return ObjectSelection() }
    try open()
    for id in goneLoose where !inventory.packs.contains(where: { $0.pack.position(of: id) != nil })
    {
      throw StoreError("an object is gone")
    }
    if isGone { try expectAll(in: inventory) }
    var selection = ObjectSelection()
    for i in new {
      let pack = inventory.packs[i].pack
      var isKnown = [Bool](repeating: false, count: pack.count)
      for chapter in chapters {
        pack.forEachCommon(with: try chapter.names.all(store)) { at, _ in isKnown[at] = true }
      }
      let unknown = isKnown.count { !$0 }
      if unknown == 0 { continue }
      if unknown < pack.count / Self.sparse {
        for position in isKnown.indices where !isKnown[position] {
          selection.singles.insert(pack.index.id(at: position))
        }
      } else {
        selection.packs.insert(i)
        if unknown < pack.count { selection.known[i] = isKnown }
      }
    }
    for chapter in chapters where !newLoose.isEmpty {
      try chapter.names.removeKnown(from: &newLoose, store)
    }
    selection.singles.formUnion(newLoose)
    return selection
  }

  /// Throws if an object is gone that was read.
  private func expectAll(in inventory: ObjectInventory) throws(StoreError) {
    for chapter in chapters {
      let names = try chapter.names.all(store)
      var isThere = names.map { inventory.loose.contains($0) }
      for (pack, _) in inventory.packs {
        pack.forEachCommon(with: names) { _, i in isThere[i] = true }
      }
      guard isThere.allSatisfy({ $0 }) else { throw StoreError("an object is gone") }
    }
  }

  /// Reads the chapters, unless that was done.
  private mutating func open() throws(StoreError) {
    guard let ledger, chapters.isEmpty else { return }
    for name in ledger.chapters {
      guard let content = store.contents(of: name) else { throw StoreError("a chapter is lost") }
      chapters.append(try Chapter(content))
    }
  }

  // MARK: What is known

  /// What came of everything when the same objects stood at the same places.
  func reading(
    _ standing: [UInt8], of work: HistoryWork, taggedBy tagger: SecretTagger
  ) -> HistoryReading? {
    guard let ledger, ledger.standing == standing else { return nil }
    return try? HistoryReading(ledger.reading, of: work, taggedBy: tagger)
  }

  /// What earlier runs saw in what history holds.
  var looks: Looks { ledger.flatMap { try? Looks($0.looks) } ?? Looks() }

  /// What is known of the objects that were read, and who holds what was found.
  ///
  /// `nil` if it is not what it was; then all is forgotten.
  mutating func recall(_ catalog: ObjectCatalog) async -> (Knowledge, Holdings)? {
    do {
      guard let ledger else { return nil }
      try open()
      let (store, chapters) = (store, chapters)
      async let told = {
        var knowledge = Knowledge()
        for chapter in chapters { try chapter.tell(&knowledge, of: catalog, store) }
        return knowledge
      }()
      guard let content = store.contents(of: ledger.finds) else {
        throw StoreError("the finds are lost")
      }
      let finds = try Finds(content, of: catalog)
      var holdings = finds.holdings
      for chapter in chapters { try chapter.tell(&holdings, of: catalog, store) }
      var knowledge = try await told
      try finds.tell(&knowledge)
      return (knowledge, holdings)
    } catch {
      forget()
      return nil
    }
  }

  // MARK: Keeping

  /// Files that count once a ledger names them.
  struct Written: Sendable {
    let chapters: [String]
    let finds: String
    /// What chapters name.
    let others: [String]
  }

  /// Writes what a run learned into files that no ledger names yet.
  mutating func write(_ learned: Learned) throws(StoreError) -> Written {
    let catalog = learned.catalog
    var names = ledger?.chapters ?? []
    if catalog.unreadCount > 0 || ledger == nil {
      try open()
      if chapters.count >= Self.mostChapters, let all = try? chapter(of: learned, with: chapters) {
        (chapters, names) = ([all], [])
      } else {
        // What is damaged in an old chapter may never be asked for.
        chapters.append(try chapter(of: learned, with: []))
      }
      if let last = chapters.last { names.append(try put(last.content, "chapter")) }
    }
    try open()
    return Written(
      chapters: names, finds: try put(learned.finds.content(of: catalog), "finds"),
      others: chapters.flatMap(\.files))
  }

  /// Writes the ledger, and removes what it does not name.
  func finish(_ written: Written, _ learned: Learned, looks: Looks) throws(StoreError) {
    let inventory = learned.inventory
    let ledger = Ledger(
      packs: Set(inventory.packs.map(\.identity)), loose: inventory.loose,
      chapters: written.chapters, finds: written.finds, standing: learned.standing,
      reading: learned.reading, looks: looks.content)
    try store.put(ledger.content, as: Self.ledgerName)
    let kept = written.chapters + written.others + [written.finds, Self.ledgerName]
    store.removeAll(but: Set(kept))
  }

  /// A chapter of what a run read and what the `old` ones hold.
  private func chapter(
    of learned: Learned, with old: [Chapter]
  ) throws(StoreError) -> Chapter {
    let (catalog, holdings, store) = (learned.catalog, learned.finds.holdings, store)
    var knowledge = learned.read
    for chapter in old { try chapter.tell(&knowledge, of: catalog, store) }
    let list = try NameList(as: Self.newName("names"), in: store) { byte throws(StoreError) in
      var ids = catalog.unread(beginningWith: byte)
      for chapter in old { ids += try chapter.names.piece(Int(byte), store) }
      return old.isEmpty ? ids : ids.sorted()
    }
    return try Chapter(
      list, knowledge, holdings,
      of: old.isEmpty ? learned.newTrees : Array(holdings.listOfTree.indices), in: catalog, store,
      newName: Self.newName)
  }

  /// A name that was never used.
  private static func newName(_ kind: String) -> String {
    "\(kind)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
  }

  /// Puts something under a name that was never used.
  private func put(_ content: [UInt8], _ kind: String) throws(StoreError) -> String {
    let name = Self.newName(kind)
    try store.put(content, as: name)
    return name
  }
}

extension Pack {
  /// Calls `body` for every object that is in the pack and among `names`, which are in order.
  fileprivate func forEachCommon(
    with names: [ObjectID], _ body: (_ position: Int, _ name: Int) -> Void
  ) {
    var name = 0
    for position in 0..<count {
      let id = index.id(at: position)
      while name < names.count, names[name] < id { name += 1 }
      if name == names.count { return }
      if names[name] == id { body(position, name) }
    }
  }
}
