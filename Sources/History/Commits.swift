package import Git
internal import Store

/// Commits, each with what it names.
package struct Commits: Sendable {
  package private(set) var ids: [ObjectID] = []
  /// In seconds since 1970.
  package private(set) var times: [Int] = []
  /// Where among the names each commit's own begin: its tree's, then its parents'.
  private var starts: [UInt32] = []
  /// What all of them name.
  package private(set) var named: [ObjectID] = []

  package init() {}

  package var count: Int { ids.count }

  mutating func append(_ id: ObjectID, tree: ObjectID, parents: [ObjectID], time: Int) {
    ids.append(id)
    times.append(time)
    starts.append(UInt32(named.count))
    named.append(tree)
    named += parents
  }

  mutating func append(_ other: Commits) {
    let first = UInt32(named.count)
    ids += other.ids
    times += other.times
    starts += other.starts.map { $0 + first }
    named += other.named
  }

  func tree(of commit: Int) -> ObjectID { named[Int(starts[commit])] }

  func parents(of commit: Int) -> ArraySlice<ObjectID> {
    let end = commit + 1 < starts.count ? Int(starts[commit + 1]) : named.count
    return named[(Int(starts[commit]) + 1)..<end]
  }

  // MARK: Keeping

  init(_ reader: inout ByteReader) throws(StoreError) {
    ids = try reader.ids()
    times = try reader.each { reader throws(StoreError) in try reader.number() }
    starts = try reader.words()
    named = try reader.ids()
    guard times.count == ids.count, starts.count == ids.count,
      starts.allSatisfy({ $0 < named.count })
    else { throw StoreError("the commits do not fit together") }
  }

  func write(to writer: inout ByteWriter) {
    writer.add(ids)
    writer.add(each: times) { $0.add($1) }
    writer.add(starts)
    writer.add(named)
  }
}
