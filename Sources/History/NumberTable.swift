/// Numbers by numbers, by open addressing.
struct NumberTable {
  private var slots = [(key: UInt64, value: UInt32)](
    repeating: (0, NumberTable.none), count: 1 << 10)
  private var count = 0
  /// New in each run, so nobody can make up trees whose lines collide.
  private let factor = UInt64.random(in: .min ... .max) | 1

  private static let none = UInt32.max

  subscript(key: UInt64) -> UInt32? {
    get {
      let slot = slots[place(of: key)]
      return slot.value == Self.none ? nil : slot.value
    }
    set {
      guard let newValue else { return }
      if 2 * count >= slots.count { grow() }
      let place = place(of: key)
      if slots[place].value == Self.none { count += 1 }
      slots[place] = (key, newValue)
    }
  }

  /// Where a key is, or would be put.
  private func place(of key: UInt64) -> Int {
    let mixed = (key ^ key >> 32) &* factor
    var place = Int(truncatingIfNeeded: mixed >> 32) & (slots.count - 1)
    while slots[place].value != Self.none, slots[place].key != key {
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: (0, Self.none), count: 2 * old.count)
    for slot in old where slot.value != Self.none { slots[place(of: slot.key)] = slot }
  }
}
