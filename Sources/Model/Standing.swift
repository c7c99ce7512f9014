/// Where a secret stands in a repository.
package enum Standing: String, CaseIterable, Comparable, Sendable {
  case worktree, index, head, history, stash, reflog, unreachable

  package static func < (a: Standing, b: Standing) -> Bool { a.order < b.order }

  fileprivate var order: UInt8 {
    switch self {
    case .worktree: 0
    case .index: 1
    case .head: 2
    case .history: 3
    case .stash: 4
    case .reflog: 5
    case .unreachable: 6
    }
  }

  /// A push sends it, or may: it is what makes a finding count for the exit status.
  package var counts: Bool {
    switch self {
    case .worktree, .index, .head, .history: true
    case .stash, .reflog, .unreachable: false
    }
  }
}

/// All that is known of where a secret stands.
///
/// Every file that is read has one, so it is a byte and not a set with memory of its own.
package struct Standings: SetAlgebra, Hashable, Sendable {
  private var bits: UInt8 = 0

  package init() {}

  /// It stands in one place.
  package init(_ only: Standing) { bits = Self.bit(only) }

  private static func bit(_ standing: Standing) -> UInt8 { 1 << standing.order }

  package func contains(_ member: Standing) -> Bool { bits & Self.bit(member) != 0 }

  @discardableResult
  package mutating func insert(
    _ newMember: Standing
  ) -> (inserted: Bool, memberAfterInsert: Standing) {
    let isNew = !contains(newMember)
    bits |= Self.bit(newMember)
    return (isNew, newMember)
  }

  @discardableResult
  package mutating func remove(_ member: Standing) -> Standing? {
    guard contains(member) else { return nil }
    bits &= ~Self.bit(member)
    return member
  }

  @discardableResult
  package mutating func update(with newMember: Standing) -> Standing? {
    insert(newMember).inserted ? nil : newMember
  }

  package mutating func formUnion(_ other: Standings) { bits |= other.bits }

  package mutating func formIntersection(_ other: Standings) { bits &= other.bits }

  package mutating func formSymmetricDifference(_ other: Standings) { bits ^= other.bits }

  package func union(_ other: Standings) -> Standings {
    var both = self
    both.formUnion(other)
    return both
  }

  package func intersection(_ other: Standings) -> Standings {
    var common = self
    common.formIntersection(other)
    return common
  }

  package func symmetricDifference(_ other: Standings) -> Standings {
    var different = self
    different.formSymmetricDifference(other)
    return different
  }

  /// What is in the set, in the order of reports.
  package var members: [Standing] { Standing.allCases.filter(contains) }
}
