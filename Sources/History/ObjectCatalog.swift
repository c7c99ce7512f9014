internal import Files
package import Git
package import Model
package import Packs

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
  private let singleNames: Set<ObjectID>
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
  init(_ inventory: ObjectInventory, reading selection: ObjectSelection, usesPacks: Bool = true) {
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
          let swept = try SweptPack(pack)
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
    }
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

  /// The names of all objects that are to be read, in order.
  var unread: [ObjectID] {
    var ids: [ObjectID] = []
    for (i, pack) in packs.enumerated() where pack.entries.count > 0 {
      let known = known[i]
      for position in 0..<pack.pack.count where known?[position] != true {
        ids.append(pack.pack.index.id(at: position))
      }
    }
    // Each pack's names are in order, and sorting makes use of that.
    ids += singleNames.sorted()
    ids.sort()
    var last: ObjectID?
    ids.removeAll { id in
      defer { last = id }
      return id == last
    }
    return ids
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

  /// Looks many names up, in the order of the parts of an index that they are in, and calls
  /// `body` with the position of each and its number.
  func forEachNumber(of ids: [ObjectID], _ body: (_ position: Int, _ number: Int?) -> Void) {
    var starts = [Int](repeating: 0, count: (1 << 16) + 1)
    for id in ids { starts[Int(id.prefix >> 16) + 1] += 1 }
    for i in 1..<starts.count { starts[i] += starts[i - 1] }
    var order = [UInt32](repeating: 0, count: ids.count)
    for (i, id) in ids.enumerated() {
      let bucket = Int(id.prefix >> 16)
      order[starts[bucket]] = UInt32(i)
      starts[bucket] += 1
    }
    // Pack by pack: to ask each pack for each name would count its users as often.
    var left = order
    for (i, pack) in packs.enumerated() where !left.isEmpty {
      let index = pack.pack
      let base = bases[i]
      left.removeAll { position in
        guard let found = index.position(of: ids[Int(position)]) else { return false }
        body(Int(position), base + found)
        return true
      }
    }
    for position in left { body(Int(position), looseNumber(of: ids[Int(position)])) }
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

  /// The name of the object with a number.
  package func id(_ number: Int) -> ObjectID {
    if number >= looseBase { return loose[number - looseBase] }
    var pack = 0
    while pack + 1 < bases.count, bases[pack + 1] <= number { pack += 1 }
    return packs[pack].pack.index.id(at: number - bases[pack])
  }
}
