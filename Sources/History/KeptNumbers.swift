internal import Git
internal import Store

/// Many objects as they are kept: by their numbers in the run that kept them, which are those of
/// another run as long as its packs are there.
///
/// Their names, which tell them when a pack is gone, are in a file of their own that is seldom read.
struct KeptNumbers: Sendable {
  /// ``Commits/none`` for what was not at hand.
  private let numbers: [UInt32]
  private let layout: ObjectCatalog.Layout
  /// The names of those that were in no pack, in their order.
  private let unpacked: [ObjectID]
  /// The file of all names, and its digest.
  let file: String
  private let digest: [UInt8]

  init(
    _ numbers: [UInt32], of catalog: ObjectCatalog, namedIn file: String, _ store: Store
  ) throws(StoreError) {
    self.numbers = numbers
    self.file = file
    layout = catalog.layout
    let (_, unknown) = catalog.numbers(of: numbers, in: layout)
    unpacked = unknown.map { catalog.id(Int(numbers[$0])) }
    let digests = try store.put(as: file, pieces: 1) { _ throws(StoreError) in
      ObjectID.bytes(
        of: numbers.map { $0 == Commits.none ? .zero : catalog.id(Int($0)) })
    }
    digest = digests.first ?? []
  }

  var count: Int { numbers.count }

  /// The numbers in this run; ``Commits/none`` for what is gone.
  func numbers(in catalog: ObjectCatalog, _ store: Store) throws(StoreError) -> [UInt32] {
    var (known, unknown) = catalog.numbers(of: numbers, in: layout)
    if unknown.isEmpty { return known }
    let names: [ObjectID]
    if unknown.count == unpacked.count {
      names = unpacked
    } else {
      let all = try allNames(store)
      names = unknown.map { all[$0] }
    }
    catalog.forEachNumber(of: names) { i, number in
      if let number { known[unknown[i]] = UInt32(number) }
    }
    return known
  }

  private func allNames(_ store: Store) throws(StoreError) -> [ObjectID] {
    let content = store.piece(of: file, from: 0, count: count * ObjectID.count, digest)
    guard let content else { throw StoreError("a file of names is lost") }
    return (0..<count).compactMap { ObjectID(content.span, at: $0 * ObjectID.count) }
  }

  // MARK: Keeping

  init(_ reader: inout ByteReader) throws(StoreError) {
    numbers = try reader.words()
    layout = try ObjectCatalog.Layout(&reader)
    unpacked = try reader.ids()
    file = try reader.text()
    digest = try reader.array()
  }

  func write(to writer: inout ByteWriter) {
    writer.add(numbers)
    layout.write(to: &writer)
    writer.add(unpacked)
    writer.add(file)
    writer.add(digest)
  }
}
