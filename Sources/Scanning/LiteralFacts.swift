internal import Rules

/// What judging asks of every literal, in flat lists of one worker's own.
///
/// Lists that all workers share, and lists in lists, cost a count of their users at every anchor.
struct LiteralFacts {
  private let facts: [Fact]
  /// The rules of all anchors, one anchor after the other.
  let ruleNumbers: [Int]

  private struct Fact {
    let first: Int32
    let last: Int32
    let isPlain: Bool
    let isCut: Bool
  }

  init(_ compiled: CompiledBook) {
    var numbers: [Int] = []
    var starts: [Int32] = []
    for rules in compiled.book.rulesOfAnchor {
      starts.append(Int32(numbers.count))
      numbers += rules
    }
    starts.append(Int32(numbers.count))
    ruleNumbers = numbers
    let table = compiled.book.table
    facts = table.meanings.indices.map { literal in
      let meaning = table.meanings[literal]
      return Fact(
        first: starts[meaning.anchor], last: starts[meaning.anchor + 1], isPlain: meaning.isPlain,
        isCut: table.rests[literal] > 0)
    }
  }

  /// Which of ``ruleNumbers`` a literal leads to.
  func rules(of literal: Int) -> Range<Int> {
    let fact = facts[literal]
    return Int(fact.first)..<Int(fact.last)
  }

  /// Whether the anchor stands there as it is.
  func isPlain(_ literal: Int) -> Bool { facts[literal].isPlain }

  /// Whether the literal is only the beginning of how the anchor is written.
  func isCut(_ literal: Int) -> Bool { facts[literal].isCut }
}
