internal import Bytes
package import Matching
package import Model

/// Rules that fit together, and what is searched for to apply them.
package struct RuleBook: Sendable {
  package let rules: [Rule]
  /// What is known of each literal that is searched for; a hit's literal is a position in it.
  package let table: LiteralTable
  /// The rules that an anchor leads to, by the anchor's position.
  package let rulesOfAnchor: [[Int]]
  /// How many bytes an anchor has as it is, by its position.
  package let anchorLengths: [Int]
  private let searches: [Search]
  private let positions: [RuleID: Int]

  /// An anchor, and how it is searched for; anchors of several rules are one if that is alike.
  struct Search: Hashable {
    let anchor: Rule.Anchor
    let ignoresCase: Bool
    let searchesEscapes: Bool
    /// Base64 that a line break cuts is searched for with the escapes.
    var searchesCuts = true
  }

  /// The ids must be different; ``RuleFile`` sees to that.
  ///
  /// `table` is that of the same rules, if it was made before.
  package init(_ rules: [Rule], table: LiteralTable? = nil) {
    self.init(rules) { table ?? LiteralTable(of: $0) }
  }

  private init(_ rules: [Rule], makingTable: ([Search]) -> LiteralTable) {
    var numbers: [Search: Int] = [:]
    var searches: [Search] = []
    var rulesOfAnchor: [[Int]] = []
    for (i, rule) in rules.enumerated() where rule.role == .finding {
      for anchor in rule.anchors {
        let search = Search(
          anchor: anchor, ignoresCase: rule.ignoresCase, searchesEscapes: rule.searchesEscapes,
          searchesCuts: rule.known == nil)
        if let known = numbers[search] {
          rulesOfAnchor[known].append(i)
          continue
        }
        numbers[search] = searches.count
        searches.append(search)
        rulesOfAnchor.append([i])
      }
    }
    self.rules = rules
    self.searches = searches
    self.rulesOfAnchor = rulesOfAnchor
    anchorLengths = searches.map { $0.anchor.text.utf8.count }
    table = makingTable(searches)
    positions = Dictionary(
      rules.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// What is searched for, in the order of the table.
  package func literals() -> [Literal] {
    searches.flatMap { AnchorForm.spellings(of: $0).map(\.literal) }
  }

  /// Whether an anchor stands at `start` of `bytes`, from its first byte to its last.
  ///
  /// Of a long one the literal that is searched for is only the beginning.
  package func stands(anchor: Int, in bytes: Span<UInt8>, at start: Int) -> Bool {
    let search = searches[anchor]
    let text = search.anchor.text.utf8
    guard start >= 0, start + text.count <= bytes.count else { return false }
    var i = start
    for wanted in text {
      let byte = bytes[i]
      guard byte == wanted || search.ignoresCase && byte.lowercased == wanted.lowercased else {
        return false
      }
      i += 1
    }
    return true
  }

  /// The rule named `id`.
  package subscript(id: RuleID) -> Rule? { positions[id].map { rules[$0] } }

  /// The position of the rule named `id`.
  package func position(of id: RuleID) -> Int? { positions[id] }

  /// The same rules and `others` after them.
  package func adding(_ others: [Rule]) -> RuleBook { RuleBook(rules + others) }

  /// The same rules and after them `known` ones, whose literals come after all others.
  ///
  /// What is known of the literals of these rules is not worked out again.
  package func beside(known: [Rule]) -> RuleBook {
    let count = searches.count
    return RuleBook(rules + known) { LiteralTable(table, adding: $0.dropFirst(count), from: count) }
  }

  /// The literals that `other`, which these rules were put beside, does not have.
  package func literals(notIn other: RuleBook) -> [Literal] {
    searches.dropFirst(other.searches.count).flatMap {
      AnchorForm.spellings(of: $0).map(\.literal)
    }
  }

  /// The widest window that judging any anchor needs, in bytes of a content.
  package var widestWindow: JudgingWindow {
    rules.reduce(JudgingWindow(before: 0, after: 0)) { widest, rule in
      let window = rule.surroundingsWindow
      // The widest form shows one byte in four.
      let factor = rule.undoesEscapes ? 4 : 2
      return JudgingWindow(
        before: max(widest.before, window.before * factor),
        after: max(widest.after, window.after * factor))
    }
  }
}
