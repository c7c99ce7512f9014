internal import Git
internal import Store

/// Which objects of a repository were read, where what they say is kept, and what came of it.
struct Ledger: Sendable {
  /// The packs all of whose objects were read.
  var packs: Set<PackIdentity>
  /// The objects outside of packs that were read.
  var loose: Set<ObjectID>
  /// The names of the kept chapters.
  var chapters: [String]
  /// The name of the kept finds.
  var finds: String
  /// A digest of everything that says where objects stand, and what came of it.
  var standing: [UInt8]
  var reading: [UInt8]
  /// What was seen in what history holds.
  var looks: [UInt8]

  init(
    packs: Set<PackIdentity>, loose: Set<ObjectID>, chapters: [String], finds: String,
    standing: [UInt8], reading: [UInt8], looks: [UInt8]
  ) {
    self.packs = packs
    self.loose = loose
    self.chapters = chapters
    self.finds = finds
    self.standing = standing
    self.reading = reading
    self.looks = looks
  }

  init(_ content: [UInt8]) throws(StoreError) {
    var reader = ByteReader(content)
    packs = Set(
      try reader.each { reader throws(StoreError) in
        PackIdentity(
          path: try reader.array(), trailer: try reader.array(),
          marks: try reader.each { reader throws(StoreError) in try reader.number() })
      })
    loose = Set(try reader.ids())
    chapters = try reader.each { reader throws(StoreError) in try reader.text() }
    finds = try reader.text()
    standing = try reader.array()
    reading = try reader.array()
    looks = try reader.array()
  }

  var content: [UInt8] {
    var writer = ByteWriter()
    writer.add(each: packs.sorted { $0.path.lexicographicallyPrecedes($1.path) }) { writer, pack in
      writer.add(pack.path)
      writer.add(pack.trailer)
      writer.add(each: pack.marks) { $0.add($1) }
    }
    writer.add(loose.sorted())
    writer.add(each: chapters) { $0.add($1) }
    writer.add(finds)
    writer.add(standing)
    writer.add(reading)
    writer.add(looks)
    return writer.bytes
  }
}
