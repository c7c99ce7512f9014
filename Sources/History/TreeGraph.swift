internal import Git
internal import Model
internal import Packs

/// Which trees lead to which, and to blobs that are wanted.
///
/// A tree that is a delta keeps only how it differs from its base.
struct TreeGraph: Sendable {
  /// What one tree adds to its base, and what it does not take over.
  struct Step: Sendable {
    /// ``TreeGraph/none`` for a tree in no pack, whose number the entry is.
    let pack: UInt32
    let entry: UInt32
    let added: Range<UInt32>
    let dropped: Range<UInt32>
  }

  /// A line that leads somewhere.
  struct Edge: Sendable {
    /// The number of what it names; ``TreeGraph/none`` for what is not at hand.
    var child: UInt32
    let name: UInt32
  }

  static let none = UInt32.max

  /// A line that a tree does not take over, as ``TreeEdge`` tells it from others.
  struct Dropped: Sendable {
    let key: UInt32
    let name: UInt32
  }

  var steps: [Step] = []
  var added: [Edge] = []
  var dropped: [Dropped] = []

  mutating func add(_ other: TreeGraph) {
    let (first, firstDropped) = (UInt32(added.count), UInt32(dropped.count))
    added += other.added
    dropped += other.dropped
    steps += other.steps.map {
      Step(
        pack: $0.pack, entry: $0.entry,
        added: ($0.added.lowerBound + first)..<($0.added.upperBound + first),
        dropped: ($0.dropped.lowerBound + firstDropped)..<($0.dropped.upperBound + firstDropped))
    }
  }
}
