/// The list of every tree with the same names for the same lists and wanted objects.
struct ContentsTable {
  /// What stands under a name.
  struct Content: Equatable {
    let name: UInt32
    /// The position of something wanted, or a list's number behind the highest bit.
    fileprivate let value: UInt32

    enum What {
      case blob(Int)
      case list(Int)
    }

    var what: What {
      value & ContentsTable.listBit == 0
        ? .blob(Int(value)) : .list(Int(value & ~ContentsTable.listBit))
    }

    fileprivate var key: UInt64 { UInt64(name) << 32 | UInt64(value) }
  }

  enum Answer {
    case known(list: Int)
    /// Contents that were not met before, by their number.
    case new(record: Int)
  }

  private static let listBit: UInt32 = 1 << 31
  private static let none = UInt32.max

  private var all: [Content] = []
  /// Where each record begins; the last is the one that is being put together.
  private var starts: [Int] = []
  private var listOfRecord: [UInt32] = []
  private var slots = Array(repeating: ContentsTable.none, count: 1 << 10)
  /// New in each run, so nobody can make up trees whose contents collide.
  private let factor = UInt64.random(in: .min ... .max) | 1

  private var records: Int { listOfRecord.count }

  mutating func begin() {
    if starts.count == records { starts.append(all.count) }
  }

  mutating func add(name: UInt32, blob: Int) {
    all.append(Content(name: name, value: UInt32(blob)))
  }

  mutating func add(name: UInt32, list: UInt32) {
    all.append(Content(name: name, value: list | Self.listBit))
  }

  /// Looks up what was added since ``begin()``.
  mutating func end() -> Answer {
    let start = starts[records]
    if all.count - start > 1 {
      all[start...].sort { $0.key < $1.key }
      // A tree that was read from two packs has each line twice.
      var kept = start + 1
      for i in (start + 1)..<all.count where all[i] != all[kept - 1] {
        all[kept] = all[i]
        kept += 1
      }
      all.removeLast(all.count - kept)
    }
    if 2 * records >= slots.count { grow() }
    let place = place(of: start..<all.count)
    if slots[place] != Self.none {
      all.removeLast(all.count - start)
      return .known(list: Int(listOfRecord[Int(slots[place])]))
    }
    slots[place] = UInt32(records)
    listOfRecord.append(0)
    return .new(record: records - 1)
  }

  mutating func set(_ list: Int, for record: Int) { listOfRecord[record] = UInt32(list) }

  subscript(record: Int) -> ArraySlice<Content> { all[range(of: record)] }

  private func range(of record: Int) -> Range<Int> {
    starts[record]..<(record + 1 < starts.count ? starts[record + 1] : all.count)
  }

  /// Where a record with some contents is, or would be put.
  private func place(of range: Range<Int>) -> Int {
    var hash: UInt64 = 0
    for i in range { hash = (hash ^ hash >> 32 ^ all[i].key) &* factor }
    var place = Int(truncatingIfNeeded: hash >> 32) & (slots.count - 1)
    while slots[place] != Self.none, !isSame(range, self.range(of: Int(slots[place]))) {
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  private func isSame(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { all[$0] == all[$1] }
  }

  private mutating func grow() {
    slots = Array(repeating: Self.none, count: 2 * slots.count)
    for record in 0..<records { slots[place(of: range(of: record))] = UInt32(record) }
  }
}
