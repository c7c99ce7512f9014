internal import Git
internal import Store

/// What was read of a repository at one time and is kept: the names of the objects, and what
/// they say, but for what was found in them.
struct Chapter: Sendable {
  private(set) var names: NameList
  private(set) var blobs: Int
  private(set) var trees: Int
  private(set) var tags: Int
  private(set) var bytes: Int
  private let commits: KeptCommits
  /// The trees that hold something.
  private let holders: KeptTrees
  private(set) var tagged: [ObjectID: ObjectID]
  private(set) var missing: Set<ObjectID>
  private(set) var missingOfCommits: Set<ObjectID>
  private(set) var containers: [String: Int]

  /// `names` are those of the objects that `knowledge` is about, `trees` the trees among them.
  init(
    _ names: NameList, _ knowledge: Knowledge, _ holdings: Holdings, of trees: some Sequence<Int>,
    in catalog: ObjectCatalog, _ store: Store, newName: (String) -> String
  ) throws(StoreError) {
    self.names = names
    blobs = knowledge.blobs
    self.trees = knowledge.trees
    tags = knowledge.tags
    bytes = knowledge.bytes
    commits = try KeptCommits(
      knowledge.commits, of: catalog, namedIn: newName("commits"), store)
    holders = try KeptTrees(trees, holdings, of: catalog, namedIn: newName("trees"), store)
    tagged = knowledge.tagged
    missing = knowledge.missing
    missingOfCommits = knowledge.missingOfCommits
    containers = knowledge.containers
  }

  /// Puts into `knowledge` what the chapter says.
  func tell(
    _ knowledge: inout Knowledge, of catalog: ObjectCatalog, _ store: Store
  ) throws(StoreError) {
    try commits.tell(&knowledge.commits, catalog, store)
    knowledge.blobs += blobs
    knowledge.trees += trees
    knowledge.tags += tags
    knowledge.bytes += bytes
    knowledge.tagged.merge(tagged) { first, _ in first }
    knowledge.missing.formUnion(missing)
    knowledge.missingOfCommits.formUnion(missingOfCommits)
    knowledge.containers.merge(containers, uniquingKeysWith: +)
  }

  /// Puts into `holdings` which trees hold what.
  func tell(
    _ holdings: inout Holdings, of catalog: ObjectCatalog, _ store: Store
  ) throws(StoreError) {
    try holders.tell(&holdings, catalog, store)
  }

  // MARK: Keeping

  /// The files that belong to it.
  var files: [String] { [names.file, commits.objects.file, holders.objects.file] }

  init(_ content: [UInt8]) throws(StoreError) {
    var reader = ByteReader(content)
    names = try NameList(&reader)
    blobs = try reader.number()
    trees = try reader.number()
    tags = try reader.number()
    bytes = try reader.number()
    commits = try KeptCommits(&reader)
    holders = try KeptTrees(&reader)
    tagged = [:]
    let (tags, targets) = (try reader.ids(), try reader.ids())
    for (tag, target) in zip(tags, targets) { tagged[tag] = target }
    missing = Set(try reader.ids())
    missingOfCommits = Set(try reader.ids())
    containers = [:]
    let counts = try reader.each { reader throws(StoreError) in
      (try reader.text(), try reader.number())
    }
    for (kind, count) in counts { containers[kind] = count }
  }

  var content: [UInt8] {
    var writer = ByteWriter()
    names.write(to: &writer)
    for number in [blobs, trees, tags, bytes] { writer.add(number) }
    commits.write(to: &writer)
    holders.write(to: &writer)
    let tags = tagged.keys.sorted()
    writer.add(tags)
    writer.add(tags.compactMap { tagged[$0] })
    writer.add(missing.sorted())
    writer.add(missingOfCommits.sorted())
    writer.add(each: containers.sorted { $0.key < $1.key }) { writer, container in
      writer.add(container.key)
      writer.add(container.value)
    }
    return writer.bytes
  }
}
