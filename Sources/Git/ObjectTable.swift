/// Names of objects, each with the position at which it was first put in.
///
/// Open addressing over the names' own bits, which are spread evenly, mixed with a number that is
/// new in each run: nobody can make up objects whose names collide.
package struct ObjectTable: Sendable {
  /// The names, by their positions.
  package private(set) var ids: [ObjectID] = []
  private var slots: [UInt32]
  private var shift: UInt64
  private let factor = UInt64.random(in: .min ... .max) | 1

  private static let none = UInt32.max

  /// `capacity` names find room without the table being made anew.
  package init(capacity: Int = 0) {
    var bits = 4
    while 1 << bits < 2 * capacity { bits += 1 }
    shift = UInt64(64 - bits)
    slots = Array(repeating: Self.none, count: 1 << bits)
    ids.reserveCapacity(capacity)
  }

  package init(_ ids: [ObjectID]) {
    self.init(capacity: ids.count)
    for id in ids { insert(id) }
  }

  package var count: Int { ids.count }

  /// The position of `id`, which is put in unless it is there.
  @discardableResult
  package mutating func insert(_ id: ObjectID) -> Int {
    if 2 * (ids.count + 1) > slots.count { grow() }
    var slot = Int((id.high &* factor) >> shift)
    while slots[slot] != Self.none {
      let position = Int(slots[slot])
      if ids[position] == id { return position }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = UInt32(ids.count)
    ids.append(id)
    return ids.count - 1
  }

  /// The position of `id`; `nil` if it is not there.
  package func position(of id: ObjectID) -> Int? {
    var slot = Int((id.high &* factor) >> shift)
    while slots[slot] != Self.none {
      let position = Int(slots[slot])
      if ids[position] == id { return position }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func grow() {
    shift -= 1
    slots = Array(repeating: Self.none, count: 2 * slots.count)
    for (position, id) in ids.enumerated() {
      var slot = Int((id.high &* factor) >> shift)
      while slots[slot] != Self.none { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(position)
    }
  }
}
