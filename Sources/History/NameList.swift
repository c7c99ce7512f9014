internal import Git
internal import Store

/// The names of many objects, kept in a file of their own in 256 pieces, by their first bytes.
///
/// Each piece has a digest, so whoever asks for a few names need not read and check them all.
struct NameList: Sendable {
  let file: String
  /// How many names each piece has.
  private let counts: [UInt32]
  private let digests: [[UInt8]]

  private static let pieces = 256

  /// Keeps names in a file: `names` gives those that begin with a byte, in order.
  init(
    as file: String, in store: Store, names: (UInt8) throws(StoreError) -> [ObjectID]
  ) throws(StoreError) {
    var counts: [UInt32] = []
    digests = try store.put(as: file, pieces: Self.pieces) { piece throws(StoreError) in
      let names = try names(UInt8(piece))
      counts.append(UInt32(names.count))
      return ObjectID.bytes(of: names)
    }
    self.file = file
    self.counts = counts
  }

  var count: Int { counts.reduce(0) { $0 + Int($1) } }

  /// Every name, in order.
  func all(_ store: Store) throws(StoreError) -> [ObjectID] {
    var names: [ObjectID] = []
    names.reserveCapacity(count)
    for piece in 0..<Self.pieces { names += try self.piece(piece, store) }
    return names
  }

  /// Removes from `names` those that are in the list.
  func removeKnown(from names: inout Set<ObjectID>, _ store: Store) throws(StoreError) {
    let wanted = Set(names.map { Int($0.prefix >> 24) })
    for piece in wanted.sorted() { names.subtract(try self.piece(piece, store)) }
  }

  /// The names that begin with a byte, in order.
  func piece(_ piece: Int, _ store: Store) throws(StoreError) -> [ObjectID] {
    let before = counts[..<piece].reduce(0) { $0 + Int($1) }
    let count = Int(counts[piece])
    let content = store.piece(
      of: file, from: before * ObjectID.count, count: count * ObjectID.count, digests[piece])
    guard let content else { throw StoreError("a list of names is lost") }
    return (0..<count).compactMap { ObjectID(content.span, at: $0 * ObjectID.count) }
  }

  // MARK: Keeping

  init(_ reader: inout ByteReader) throws(StoreError) {
    file = try reader.text()
    counts = try reader.words()
    digests = try reader.each { reader throws(StoreError) in try reader.array() }
    guard counts.count == Self.pieces, digests.count == Self.pieces else {
      throw StoreError("a list of names has other pieces")
    }
  }

  func write(to writer: inout ByteWriter) {
    writer.add(file)
    writer.add(counts)
    writer.add(each: digests) { $0.add($1) }
  }
}
