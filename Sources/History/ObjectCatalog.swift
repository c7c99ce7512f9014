internal import Files
package import Git
package import Model
package import Packs
internal import Store

/// Every object that a repository has at hand, numbered: those of packs first, then loose ones.
package final class ObjectCatalog: Sendable {
  package let location: RepositoryLocation
  package let packs: [SweptPack]
  /// The number of each pack's first object; objects follow in the order of their names.
  private let bases: [Int]
  /// In the order of their names, without those that are in a pack.
  package let loose: [ObjectID]
  private let looseBase: Int
  /// The objects that no sweep takes and that are to be read one by one.
  private let singleNames: [ObjectID]
  /// Which objects of a pack that is swept are not to be read once more, by their positions.
  private let known: [Int: [Bool]]
  /// A partial clone, some of whose objects are still at the remote.
  package let isPartial: Bool
  /// What cannot be opened.
  package let gaps: [Gap]

  /// How many numbers there are.
  package var count: Int { looseBase + loose.count }

  /// Everything is to be read; `usesPacks` is false to have it read through libgit2.
  package convenience init(of location: RepositoryLocation, usesPacks: Bool = true) {
    let inventory = ObjectInventory(of: location)
    self.init(inventory, reading: .all(of: inventory), usesPacks: usesPacks)
  }

  /// `selection` is what is to be read; the rest is at hand only to be named.
  ///
  /// The heads of packs' entries are read on as many threads as `jobs`.
  init(
    _ inventory: ObjectInventory, reading selection: ObjectSelection, usesPacks: Bool = true,
    jobs: Int = 1
  ) {
    var packs: [SweptPack] = []
    var known: [Int: [Bool]] = [:]
    var gaps = inventory.gaps
    var loose = inventory.loose
    var singles = Set(selection.singles)
    for (i, pack) in inventory.packs.map(\.pack).enumerated() {
      if !usesPacks {
        for i in 0..<pack.count { singles.insert(pack.index.id(at: i)) }
      } else if !selection.packs.contains(i) {
        packs.append(SweptPack(known: pack))
      } else {
        do throws(PackError) {
          let swept = try SweptPack(pack, jobs: jobs)
          if let positions = selection.known[i] { known[packs.count] = positions }
          packs.append(swept)
        } catch {
          gaps.append(
            Gap(
              .damaged, subject: ForeignText(pack.path), reason: ForeignText(error.reason)))
          // Of the objects that its index names, libgit2 may still find copies.
          for i in 0..<pack.count { singles.insert(pack.index.id(at: i)) }
        }
      }
    }
    loose.formUnion(singles)
    location = inventory.location
    isPartial = inventory.isPartial
    self.packs = packs
    self.gaps = gaps
    self.known = known
    var bases: [Int] = []
    var next = 0
    for pack in packs {
      bases.append(next)
      next += pack.pack.count
    }
    self.bases = bases
    looseBase = next
    self.loose = loose.filter { id in
      !packs.contains { $0.pack.position(of: id) != nil }
    }.sorted()
    singleNames = singles.filter { id in
      !packs.contains { $0.entries.count > 0 && $0.pack.position(of: id) != nil }
    }.sorted()
  }

  /// The numbers of the objects that no sweep takes and that are to be read one by one.
  package var singles: [Int] { singleNames.compactMap { number(of: $0) }.sorted() }

  /// How many objects are to be read.
  var unreadCount: Int {
    packs.reduce(singleNames.count) { $0 + $1.entries.count }
      - known.values.reduce(0) { sum, known in
        sum + known.count { $0 }
      }
  }

  /// The names that begin with a byte, of all objects that are to be read, in order.
  func unread(beginningWith byte: UInt8) -> [ObjectID] {
    var ids: [ObjectID] = []
    for (i, pack) in packs.enumerated() where pack.entries.count > 0 {
      let known = known[i]
      for position in pack.pack.index.positions(beginningWith: byte)
      where known?[position] != true {
        ids.append(pack.pack.index.id(at: position))
      }
    }
    let first = firstSingle { $0.prefix >> 24 >= UInt32(byte) }
    ids += singleNames[first..<firstSingle { $0.prefix >> 24 > UInt32(byte) }]
    // Each pack's names are in order, and sorting makes use of that.
    ids.sort()
    var last: ObjectID?
    ids.removeAll { id in
      defer { last = id }
      return id == last
    }
    return ids
  }

  /// The position of the first single name that `isBehind` is true of, as of all after it.
  private func firstSingle(_ isBehind: (ObjectID) -> Bool) -> Int {
    var (low, high) = (0, singleNames.count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(singleNames[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The number of the object named `id`; `nil` if it is not at hand.
  package func number(of id: ObjectID) -> Int? {
    for i in bases.indices {
      if let position = packs[i].pack.index.position(of: id) { return bases[i] + position }
    }
    return looseNumber(of: id)
  }

  /// Adds those of `ids` to `missing` that are not at hand.
  func addMissing(of ids: [ObjectID], to missing: inout Set<ObjectID>) {
    forEachNumber(of: ids) { i, number in
      if number == nil { missing.insert(ids[i]) }
    }
  }

  /// From how many names on it is worth it to put them into order first.
  private static let many = 1 << 12

  /// Calls `body` with the position of each name and its number; with many names in any order.
  ///
  /// They are looked up roughly in the order of an index, so that what it says of one is near
  /// what it says of the next.
  func forEachNumber(of ids: [ObjectID], _ body: (_ position: Int, _ number: Int?) -> Void) {
    if ids.count < Self.many {
      for (i, id) in ids.enumerated() { body(i, number(of: id)) }
      return
    }
    var names = ids
    var positions = ids.indices.map { UInt32($0) }
    for byte in [UInt32(1), 0] { Self.sort(&names, &positions, byByte: byte) }
    // Pack by pack: to ask each pack for each name would count its users as often.
    var count = ids.count
    for (i, pack) in packs.enumerated() where count > 0 {
      let index = pack.pack
      let base = bases[i]
      var cursor = PackIndex.Cursor()
      var left = 0
      for k in 0..<count {
        if let found = index.position(of: names[k], after: &cursor) {
          body(Int(positions[k]), base + found)
        } else {
          (names[left], positions[left]) = (names[k], positions[k])
          left += 1
        }
      }
      count = left
    }
    for k in 0..<count { body(Int(positions[k]), looseNumber(of: names[k])) }
  }

  /// Puts names, and what belongs to each, into the order of one of their first four bytes; those
  /// that have it in common stay in their order.
  private static func sort(
    _ names: inout [ObjectID], _ positions: inout [UInt32], byByte byte: UInt32
  ) {
    let shift = 24 - 8 * byte
    var starts = [Int](repeating: 0, count: 257)
    for name in names { starts[Int(name.prefix >> shift & 0xFF) + 1] += 1 }
    for i in 1..<starts.count { starts[i] += starts[i - 1] }
    var (sorted, order) = (names, positions)
    for (i, name) in names.enumerated() {
      let place = Int(name.prefix >> shift & 0xFF)
      (sorted[starts[place]], order[starts[place]]) = (name, positions[i])
      starts[place] += 1
    }
    (names, positions) = (sorted, order)
  }

  private func looseNumber(of id: ObjectID) -> Int? {
    var low = 0
    var high = loose.count
    while low < high {
      let middle = (low + high) / 2
      if loose[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < loose.count && loose[low] == id ? looseBase + low : nil
  }

  /// The number of an entry, which is that of its first copy if several packs hold it.
  ///
  /// It is not the first if the object was read earlier.
  package func number(of entry: PackEntry) -> (number: Int, isFirst: Bool) {
    let own = bases[entry.pack] + entry.position
    let isNew = known.isEmpty || known[entry.pack]?[entry.position] != true
    if entry.pack == 0 { return (own, isNew) }
    let id = packs[entry.pack].pack.index.id(at: entry.position)
    for i in 0..<entry.pack {
      if let position = packs[i].pack.index.position(of: id) { return (bases[i] + position, false) }
    }
    return (own, isNew)
  }

  // MARK: Numbers of other runs

  /// How the objects of packs are numbered: numbers of one run are those of another as far as
  /// both have the pack.
  struct Layout: Sendable {
    /// The checksum that each pack ends with, its first number and how many objects it has.
    let packs: [(trailer: [UInt8], first: Int, count: Int)]
  }

  /// See ``Layout``.
  var layout: Layout {
    Layout(
      packs: packs.indices.map { (packs[$0].pack.trailer, bases[$0], packs[$0].pack.count) })
  }

  /// Turns numbers of another run into those of this one; ``Commits/none`` for what was none.
  ///
  /// `unknown` are the positions of what was in no pack, or in one that is gone.
  func numbers(
    of numbers: [UInt32], in layout: Layout
  ) -> (known: [UInt32], unknown: [Int]) {
    var shifts: [(range: Range<Int>, by: Int)] = []
    for pack in layout.packs {
      let same = packs.indices.first {
        packs[$0].pack.count == pack.count && packs[$0].pack.trailer == pack.trailer
      }
      if let same {
        shifts.append((pack.first..<(pack.first + pack.count), bases[same] - pack.first))
      }
    }
    var known = [UInt32](repeating: Commits.none, count: numbers.count)
    var unknown: [Int] = []
    for (i, number) in numbers.enumerated() where number != Commits.none {
      let shift = shifts.first { $0.range.contains(Int(number)) }
      if let shift { known[i] = UInt32(Int(number) + shift.by) } else { unknown.append(i) }
    }
    return (known, unknown)
  }

  // MARK: Entries

  /// How many entries all packs that are swept have.
  var entryCount: Int { packs.reduce(0) { $0 + $1.entries.count } }

  /// A number for an entry of a pack that is swept: they are numbered pack by pack.
  func entryNumber(of entry: PackEntry) -> UInt32 {
    var first = 0
    for i in 0..<entry.pack { first += packs[i].entries.count }
    return UInt32(first + entry.number)
  }

  /// The entry with a number; `nil` if there are not as many.
  func entry(numbered number: UInt32) -> (pack: Int, entry: Int)? {
    var left = Int(number)
    for (i, pack) in packs.enumerated() {
      if left < pack.entries.count { return (i, left) }
      left -= pack.entries.count
    }
    return nil
  }

  /// The name of the object with a number.
  package func id(_ number: Int) -> ObjectID {
    if number >= looseBase { return loose[number - looseBase] }
    var pack = 0
    while pack + 1 < bases.count, bases[pack + 1] <= number { pack += 1 }
    return packs[pack].pack.index.id(at: number - bases[pack])
  }
}

extension ObjectCatalog.Layout {
  init(_ reader: inout ByteReader) throws(StoreError) {
    packs = try reader.each { reader throws(StoreError) in
      (try reader.array(), try reader.number(), try reader.number())
    }
  }

  func write(to writer: inout ByteWriter) {
    writer.add(each: packs) { writer, pack in
      writer.add(pack.trailer)
      writer.add(pack.first)
      writer.add(pack.count)
    }
  }
}
