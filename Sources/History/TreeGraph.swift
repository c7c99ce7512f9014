/// Which trees lead to which, and to what is wanted.
///
/// A tree that is a delta keeps only how it differs from its base. Trees are told by the numbers
/// of their entries (``ObjectCatalog/entryNumber(of:)``).
struct TreeGraph: Sendable {
  /// A line that leads somewhere, and that the base of its tree does not have.
  struct Edge: Sendable {
    /// The number of what it names; ``TreeGraph/none`` for what is not at hand.
    var child: UInt32
    let name: UInt32
    let tree: UInt32
  }

  /// A line of its base that a tree does not take over, as ``TreeEdge`` tells it from others.
  struct Dropped: Sendable {
    let key: UInt32
    let name: UInt32
    let tree: UInt32
  }

  /// What one worker noted.
  struct Part: Sendable {
    var added = Chunks<Edge>()
    var dropped = Chunks<Dropped>()
    /// Trees that cannot be read.
    var lost: [UInt32] = []
  }

  var parts: [Part] = []

  /// The added lines of all parts.
  var edges: Joined<Edge> { Joined(parts.map(\.added)) }

  static let none = UInt32.max

  mutating func add(_ other: TreeGraph) { parts += other.parts }
}
