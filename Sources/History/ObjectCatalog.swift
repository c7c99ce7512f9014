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
  /// A partial clone, some of whose objects are still at the remote.
  package let isPartial: Bool
  /// What cannot be opened.
  package let gaps: [Gap]

  /// How many numbers there are.
  package var count: Int { looseBase + loose.count }

  /// `usesPacks` is false to have every object read through libgit2.
  package init(of location: RepositoryLocation, usesPacks: Bool = true) {
    var packs: [SweptPack] = []
    var gaps: [Gap] = []
    var isPartial = false
    var names: Set<[UInt8]> = []
    var single: Set<ObjectID> = []
    for folder in ObjectFolders(of: location).paths {
      let inner = Paths.join(folder, Array("pack".utf8))
      let entries = (try? Folder(at: inner).entries()) ?? []
      isPartial =
        isPartial || entries.contains { $0.name.suffix(9).elementsEqual(".promisor".utf8) }
      for entry in entries
      where entry.kind == .regular && entry.name.suffix(4).elementsEqual(".idx".utf8) {
        // Alternates often hold a copy of the same pack.
        guard names.insert(entry.name).inserted else { continue }
        let path = Paths.join(inner, entry.name)
        do throws(PackError) {
          let pack = try Pack(index: path)
          if usesPacks {
            packs.append(try SweptPack(pack))
          } else {
            for i in 0..<pack.count { single.insert(pack.index.id(at: i)) }
          }
        } catch {
          names.remove(entry.name)
          gaps.append(
            Gap(
              .damaged, subject: ForeignText(path.dropLast(4) + Array(".pack".utf8)),
              reason: ForeignText(error.reason)))
          // Of the objects that its index names, libgit2 may still find copies.
          if let index = try? PackIndex(at: path) {
            for i in 0..<index.count { single.insert(index.id(at: i)) }
          }
        }
      }
      single.formUnion(Self.looseObjects(in: folder))
    }
    self.location = location
    self.packs = packs
    self.gaps = gaps
    self.isPartial = isPartial
    var bases: [Int] = []
    var next = 0
    for pack in packs {
      bases.append(next)
      next += pack.entries.count
    }
    self.bases = bases
    looseBase = next
    loose = single.filter { id in
      !packs.contains { $0.pack.index.position(of: id) != nil }
    }.sorted()
  }

  private static func looseObjects(in folder: [UInt8]) -> [ObjectID] {
    var found: [ObjectID] = []
    for entry in (try? Folder(at: folder).entries()) ?? []
    where entry.kind == .folder && entry.name.count == 2 {
      for inner in (try? Folder(at: Paths.join(folder, entry.name)).entries()) ?? [] {
        if let id = ObjectID(hex: entry.name + inner.name) { found.append(id) }
      }
    }
    return found
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
  package func number(of entry: PackEntry) -> (number: Int, isFirst: Bool) {
    let own = bases[entry.pack] + entry.position
    if entry.pack == 0 { return (own, true) }
    let id = packs[entry.pack].pack.index.id(at: entry.position)
    for i in 0..<entry.pack {
      if let position = packs[i].pack.index.position(of: id) { return (bases[i] + position, false) }
    }
    return (own, true)
  }

  /// The name of the object with a number.
  package func id(_ number: Int) -> ObjectID {
    if number >= looseBase { return loose[number - looseBase] }
    var pack = 0
    while pack + 1 < bases.count, bases[pack + 1] <= number { pack += 1 }
    return packs[pack].pack.index.id(at: number - bases[pack])
  }
}
