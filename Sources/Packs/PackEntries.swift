package import Git

/// The entries of a pack in the order in which they stand, and which is made from which.
///
/// It takes 21 bytes an entry. A class, because it is looked at for every entry, and a copy of a
/// structure with that many arrays counts the users of each.
public final class PackEntries: Sendable {
  // Where each entry begins, in two parts, the upper one only if the pack has more than four
  // gibibytes: none has more than a tebibyte.
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
  static let whole: UInt8 = 8

  package var count: Int { positions.count }

  package func offset(of entry: Int) -> Int {
    highOffsets.isEmpty
      ? Int(lowOffsets[entry]) : Int(highOffsets[entry]) << 32 | Int(lowOffsets[entry])
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
  package convenience init() { self.init(EntriesDraft()) }

  /// Reads the head of every entry of `pack`, on as many threads as `jobs`.
  package convenience init(of pack: Pack, jobs: Int = 1) throws(PackError) {
    self.init(try EntriesDraft(of: pack, jobs: jobs))
  }

  private init(_ draft: EntriesDraft) {
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
