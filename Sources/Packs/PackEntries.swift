package import Git

/// The entries of a pack in the order in which they stand, and which is made from which.
///
/// It takes 22 bytes an entry. A class, because it is looked at for every entry, and a copy of a
/// structure with that many arrays counts the users of each.
public final class PackEntries: Sendable {
  // Where each entry begins, in two parts: no pack has more than a tebibyte.
  private let lowOffsets: [UInt32]
  private let highOffsets: [UInt8]
  /// The position of each entry's name in the index.
  @usableFromInline let positions: [UInt32]
  // The deltas of an entry are a list: the first of them, and for each the next.
  @usableFromInline let firstChildren: [UInt32]
  @usableFromInline let siblings: [UInt32]
  /// How many entries hang on each, itself included; 0 for one that hangs on none.
  private let weights: [UInt32]
  /// What each entry is when everything is undone, and whether nothing has to be.
  private let kinds: [UInt8]

  /// Entries that hang on no whole one, by their numbers: damaged, in a circle, or made from an
  /// object that is not in the pack.
  package let lost: [Int]

  @inlinable static var none: UInt32 { UInt32.max }
  fileprivate static let whole: UInt8 = 8

  package var count: Int { positions.count }

  package func offset(of entry: Int) -> Int {
    Int(highOffsets[entry]) << 32 | Int(lowOffsets[entry])
  }

  /// The position of an entry's name in the pack's index.
  @inlinable public func position(of entry: Int) -> Int { Int(positions[entry]) }

  /// How many entries hang on one, itself included.
  package func weight(of entry: Int) -> Int { Int(weights[entry]) }

  /// Where the bytes of an entry may reach; `limit` is where those of all entries end.
  func end(of entry: Int, before limit: Int) -> Int {
    // An index that is damaged may say that the next one begins behind the end.
    entry + 1 < count ? min(offset(of: entry + 1), limit) : limit
  }

  /// The deltas of an entry, those on which the fewest others hang first.
  func children(of entry: Int) -> [UInt32] {
    var children: [UInt32] = []
    var next = firstChildren[entry]
    while next != Self.none {
      children.append(next)
      next = siblings[Int(next)]
    }
    if children.count > 1 {
      children.sort { (weights[Int($0)], $0) < (weights[Int($1)], $1) }
    }
    return children
  }

  /// The entry that begins at `offset`, if one does.
  func entry(at offset: Int) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.offset(of: middle) < offset { low = middle + 1 } else { high = middle }
    }
    return low < count && self.offset(of: low) == offset ? low : nil
  }

  /// Calls `body` with each delta of an entry, in the order in which they stand.
  @inlinable public func forEachChild(of entry: Int, _ body: (Int) -> Void) {
    var next = firstChildren[entry]
    while next != Self.none {
      body(Int(next))
      next = siblings[Int(next)]
    }
  }

  /// Whether anything is made from an entry.
  @inlinable public func hasChildren(_ entry: Int) -> Bool { firstChildren[entry] != Self.none }

  /// The whole entries of some kinds, on which all others hang; the heaviest first.
  package func roots(of kinds: [ObjectKind]) -> [Int] {
    var isWanted = [Bool](repeating: false, count: 256)
    for kind in kinds { isWanted[Int(UInt8(kind.rawValue) | Self.whole)] = true }
    var roots: [Int] = []
    for i in 0..<count where isWanted[Int(self.kinds[i])] { roots.append(i) }
    // Most are alone, and they come in the order in which they stand.
    let heavy = roots.filter { weights[$0] > 1 }.sorted {
      (weights[$1], $0) < (weights[$0], $1)
    }
    return heavy + roots.filter { weights[$0] == 1 }
  }

  /// No entries at all.
  package convenience init() { self.init(Draft(count: 0)) }

  /// Reads the head of every entry of `pack`.
  package convenience init(of pack: Pack) throws(PackError) {
    var draft = Draft(count: pack.count)
    try draft.order(pack)
    draft.link(pack)
    self.init(draft)
  }

  private init(_ draft: Draft) {
    lowOffsets = draft.lowOffsets
    highOffsets = draft.highOffsets
    positions = draft.positions
    firstChildren = draft.firstChildren
    siblings = draft.siblings
    weights = draft.weights
    kinds = draft.kinds
    lost = draft.weights.indices.filter { draft.weights[$0] == 0 }
  }
}

/// The entries of a pack while their heads are read.
private struct Draft {
  var lowOffsets: [UInt32] = []
  var highOffsets: [UInt8] = []
  var positions: [UInt32] = []
  var firstChildren: [UInt32]
  var siblings: [UInt32]
  var weights: [UInt32]
  var kinds: [UInt8]

  private static let none = PackEntries.none
  private static let whole = PackEntries.whole

  init(count: Int) {
    firstChildren = Array(repeating: Self.none, count: count)
    siblings = Array(repeating: Self.none, count: count)
    weights = Array(repeating: 0, count: count)
    kinds = Array(repeating: 0, count: count)
  }

  var count: Int { positions.count }

  func offset(of entry: Int) -> Int {
    Int(highOffsets[entry]) << 32 | Int(lowOffsets[entry])
  }

  /// Puts the entries into the order in which they stand.
  mutating func order(_ pack: Pack) throws(PackError) {
    let count = pack.count
    lowOffsets.reserveCapacity(count)
    highOffsets.reserveCapacity(count)
    positions.reserveCapacity(count)
    if pack.file.size <= Int(UInt32.max), count <= Int(UInt32.max) {
      var keys: [UInt64] = []
      keys.reserveCapacity(count)
      for position in 0..<count {
        keys.append(UInt64(try pack.index.offset(at: position)) << 32 | UInt64(position))
      }
      Self.sortByHighHalf(&keys)
      for key in keys {
        lowOffsets.append(UInt32(key >> 32))
        highOffsets.append(0)
        positions.append(UInt32(truncatingIfNeeded: key))
      }
    } else {
      var pairs: [(offset: Int, position: UInt32)] = []
      pairs.reserveCapacity(count)
      for position in 0..<count {
        pairs.append((try pack.index.offset(at: position), UInt32(position)))
      }
      pairs.sort { $0.offset < $1.offset }
      for (offset, position) in pairs {
        lowOffsets.append(UInt32(truncatingIfNeeded: offset))
        highOffsets.append(UInt8(truncatingIfNeeded: offset >> 32))
        positions.append(position)
      }
    }
  }

  /// Sorts by the upper 32 bits, eleven at a time: offsets are spread evenly, and a comparison
  /// a step would cost five times as much.
  private static func sortByHighHalf(_ keys: inout [UInt64]) {
    var other = [UInt64](repeating: 0, count: keys.count)
    for shift in [UInt64(32), 43, 54] {
      var starts = [Int](repeating: 0, count: 2049)
      for key in keys { starts[Int(key >> shift & 2047) + 1] += 1 }
      for i in 1..<2049 { starts[i] += starts[i - 1] }
      for key in keys {
        let digit = Int(key >> shift & 2047)
        other[starts[digit]] = key
        starts[digit] += 1
      }
      swap(&keys, &other)
    }
  }

  /// Finds the base of every delta, and from the whole entries onwards what each is.
  mutating func link(_ pack: Pack) {
    let count = self.count
    let entries = EntryFinder(self, in: pack)
    // Backwards, so that each list of deltas is in the order in which they stand.
    for i in stride(from: count - 1, through: 0, by: -1) {
      guard let head = pack.file.head(at: offset(of: i)) else { continue }
      var base: Int?
      switch head.base {
      case .offset(let offset): base = entries.entry(at: offset, in: self)
      case .name(let id):
        base = pack.index.position(of: id).flatMap { position in
          (try? pack.index.offset(at: position)).flatMap { entries.entry(at: $0, in: self) }
        }
      case nil: kinds[i] = head.header.kind.rawValue | Self.whole
      }
      guard let base else { continue }
      siblings[i] = firstChildren[base]
      firstChildren[base] = UInt32(i)
    }
    weigh()
  }

  /// Counts what hangs on each entry, from the whole ones onwards.
  private mutating func weigh() {
    var order: [(entry: UInt32, base: UInt32)] = []
    for root in 0..<count where kinds[root] & Self.whole != 0 {
      order.removeAll(keepingCapacity: true)
      order.append((UInt32(root), Self.none))
      var next = 0
      while next < order.count {
        let (entry, _) = order[next]
        next += 1
        weights[Int(entry)] = 1
        kinds[Int(entry)] |= kinds[root] & ~Self.whole
        var child = firstChildren[Int(entry)]
        while child != Self.none {
          order.append((child, entry))
          child = siblings[Int(child)]
        }
      }
      for (entry, base) in order.reversed() where base != Self.none {
        weights[Int(base)] += weights[Int(entry)]
      }
    }
  }
}

/// Finds entries by their offsets, with a table that leads near them.
private struct EntryFinder {
  /// The first entry that begins in each block of the pack.
  private var firsts: [UInt32] = []
  private let shift: Int

  init(_ entries: borrowing Draft, in pack: Pack) {
    var shift = 6
    while pack.file.size >> shift > max(1024, entries.count / 2) { shift += 1 }
    self.shift = shift
    firsts.reserveCapacity(pack.file.size >> shift + 2)
    for i in 0..<entries.count {
      let block = entries.offset(of: i) >> shift
      while firsts.count <= block { firsts.append(UInt32(i)) }
    }
  }

  func entry(at offset: Int, in entries: borrowing Draft) -> Int? {
    let block = offset >> shift
    guard offset >= 0, block < firsts.count else { return nil }
    var i = Int(firsts[block])
    while i < entries.count {
      let found = entries.offset(of: i)
      if found >= offset { return found == offset ? i : nil }
      i += 1
    }
    return nil
  }
}
