internal import Dispatch
internal import Git

/// The entries of a pack while their heads are read.
struct EntriesDraft {
  private(set) var lowOffsets: [UInt32] = []
  private(set) var highOffsets: [UInt8] = []
  private(set) var positions: [UInt32] = []
  private(set) var firstChildren: [UInt32] = []
  private(set) var siblings: [UInt32] = []
  private(set) var weights: [UInt32] = []
  private(set) var kinds: [UInt8] = []

  private static let none = PackEntries.none
  private static let whole = PackEntries.whole

  /// None.
  init() {}

  /// Those of `pack`; their heads are read on as many threads as `jobs`.
  init(of pack: Pack, jobs: Int) throws(PackError) {
    try order(pack)
    let bases = bases(in: pack, jobs: jobs)
    link(bases)
    weigh(bases)
  }

  private var count: Int { positions.count }

  fileprivate func offset(of entry: Int) -> Int {
    highOffsets.isEmpty
      ? Int(lowOffsets[entry]) : Int(highOffsets[entry]) << 32 | Int(lowOffsets[entry])
  }

  // MARK: Order

  /// Puts the entries into the order in which they stand.
  private mutating func order(_ pack: Pack) throws(PackError) {
    let count = pack.count
    lowOffsets.reserveCapacity(count)
    positions.reserveCapacity(count)
    if pack.file.size <= Int(UInt32.max), count <= Int(UInt32.max) {
      var keys: [UInt64] = []
      keys.reserveCapacity(count)
      for position in 0..<count {
        keys.append(UInt64(try pack.index.offset(at: position)) << 32 | UInt64(position))
      }
      keys.sortByHighHalf()
      for key in keys {
        lowOffsets.append(UInt32(key >> 32))
        positions.append(UInt32(truncatingIfNeeded: key))
      }
    } else {
      var pairs: [(offset: Int, position: UInt32)] = []
      pairs.reserveCapacity(count)
      for position in 0..<count {
        pairs.append((try pack.index.offset(at: position), UInt32(position)))
      }
      pairs.sort { $0.offset < $1.offset }
      highOffsets.reserveCapacity(count)
      for (offset, position) in pairs {
        lowOffsets.append(UInt32(truncatingIfNeeded: offset))
        highOffsets.append(UInt8(truncatingIfNeeded: offset >> 32))
        positions.append(position)
      }
    }
  }

  // MARK: What is made from which

  /// How many entries a thread takes at a time.
  private static let part = 1 << 14

  /// Reads the head of every entry: which entry it is made from, if from any.
  ///
  /// Of those that are whole, `kinds` says what they are.
  private mutating func bases(in pack: Pack, jobs: Int) -> [UInt32] {
    let count = self.count
    kinds = Array(repeating: 0, count: count)
    var bases = [UInt32](repeating: Self.none, count: count)
    var kinds: [UInt8] = []
    swap(&kinds, &self.kinds)
    let finder = EntryFinder(self, in: pack)
    let draft = self
    let parts = (count + Self.part - 1) / Self.part
    let threads = min(jobs, parts)
    unsafe bases.withUnsafeMutableBufferPointer { bases in
      unsafe kinds.withUnsafeMutableBufferPointer { kinds in
        // Every entry is written by one thread, and nobody reads before all are done.
        nonisolated(unsafe) let (bases, kinds) = unsafe (bases, kinds)
        @Sendable func read(_ thread: Int) {
          for part in stride(from: thread, to: parts, by: threads) {
            for i in (part * Self.part)..<min((part + 1) * Self.part, count) {
              switch finder.base(of: i, in: draft, pack) {
              case .whole(let kind): unsafe kinds[i] = kind.rawValue | Self.whole
              case .entry(let base): unsafe bases[i] = UInt32(base)
              case nil: break
              }
            }
          }
        }
        if threads == 1 {
          read(0)
        } else if threads > 1 {
          DispatchQueue.concurrentPerform(iterations: threads, execute: read)
        }
      }
    }
    self.kinds = kinds
    return bases
  }

  /// Makes the lists of deltas.
  private mutating func link(_ bases: [UInt32]) {
    firstChildren = Array(repeating: Self.none, count: count)
    siblings = Array(repeating: Self.none, count: count)
    // Backwards, so that each list is in the order in which they stand.
    for i in bases.indices.reversed() where bases[i] != Self.none {
      let base = Int(bases[i])
      siblings[i] = firstChildren[base]
      firstChildren[base] = UInt32(i)
    }
  }

  /// Counts what hangs on each entry, and says of each what it is when everything is undone.
  private mutating func weigh(_ bases: [UInt32]) {
    weights = Array(repeating: 0, count: count)
    // Nearly every pack has each delta behind its base; then no list has to be gone through.
    guard bases.indices.allSatisfy({ bases[$0] == Self.none || bases[$0] < $0 }) else {
      return weighByLists()
    }
    for i in bases.indices {
      if bases[i] != Self.none { kinds[i] = kinds[Int(bases[i])] & ~Self.whole }
      if kinds[i] != 0 { weights[i] = 1 }
    }
    for i in bases.indices.reversed() where bases[i] != Self.none {
      weights[Int(bases[i])] += weights[i]
    }
  }

  /// The same, from the whole entries onwards.
  private mutating func weighByLists() {
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

  init(_ entries: EntriesDraft, in pack: Pack) {
    var shift = 6
    while pack.file.size >> shift > max(1024, entries.positions.count / 2) { shift += 1 }
    self.shift = shift
    firsts.reserveCapacity(pack.file.size >> shift + 2)
    for i in entries.positions.indices {
      let block = entries.offset(of: i) >> shift
      while firsts.count <= block { firsts.append(UInt32(i)) }
    }
  }

  /// What an entry hangs on.
  enum Base {
    /// On nothing; it is such an object.
    case whole(ObjectHeader.Kind)
    case entry(Int)
  }

  /// What the head of an entry says; `nil` if it makes no sense or what it names is not there.
  func base(of entry: Int, in entries: EntriesDraft, _ pack: Pack) -> Base? {
    guard let head = pack.file.head(at: entries.offset(of: entry)) else { return nil }
    switch head.base {
    case nil: return .whole(head.header.kind)
    case .offset(let offset): return self.entry(at: offset, in: entries).map { .entry($0) }
    case .name(let id):
      guard let position = pack.index.position(of: id),
        let offset = try? pack.index.offset(at: position)
      else { return nil }
      return self.entry(at: offset, in: entries).map { .entry($0) }
    }
  }

  private func entry(at offset: Int, in entries: EntriesDraft) -> Int? {
    let block = offset >> shift
    guard offset >= 0, block < firsts.count else { return nil }
    var i = Int(firsts[block])
    while i < entries.positions.count {
      let found = entries.offset(of: i)
      if found >= offset { return found == offset ? i : nil }
      i += 1
    }
    return nil
  }
}

extension [UInt64] {
  /// Sorts by the upper 32 bits, eleven at a time: what is spread evenly is sorted in a fifth of
  /// the time that a comparison a step would take.
  fileprivate mutating func sortByHighHalf() {
    var other = [UInt64](repeating: 0, count: count)
    for shift in [UInt64(32), 43, 54] {
      var starts = [Int](repeating: 0, count: 2049)
      for key in self { starts[Int(key >> shift & 2047) + 1] += 1 }
      for i in 1..<2049 { starts[i] += starts[i - 1] }
      for key in self {
        let digit = Int(key >> shift & 2047)
        other[starts[digit]] = key
        starts[digit] += 1
      }
      swap(&self, &other)
    }
  }
}
