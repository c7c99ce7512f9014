internal import Crypto
package import Matching
package import Model

/// Rules that fit together, and everything that is searched for to apply them.
package struct RuleBook: Sendable {
  package let rules: [Rule]
  /// What is searched for; a hit's literal is a position here.
  package let literals: [Literal]
  /// What a literal means, by its position.
  package let meanings: [Meaning]
  /// The rules that an anchor leads to, by the anchor's position.
  package let rulesOfAnchor: [[Int]]
  /// How many bytes an anchor has as it is, by its position.
  package let anchorLengths: [Int]
  private let positions: [RuleID: Int]

  /// Which anchor a literal shows, and how.
  package struct Meaning: Equatable, Sendable {
    package let anchor: Int
    package let form: AnchorForm
  }

  /// Anchors of several rules are one if they are searched for alike.
  private struct Key: Hashable {
    let anchor: Rule.Anchor
    let ignoresCase: Bool
    let searchesEscapes: Bool
  }

  /// The ids must be different; ``RuleFile`` sees to that.
  package init(_ rules: [Rule]) {
    var anchors: [Key: Int] = [:]
    var rulesOfAnchor: [[Int]] = []
    var anchorLengths: [Int] = []
    var literals: [Literal] = []
    var meanings: [Meaning] = []
    for (i, rule) in rules.enumerated() where rule.role == .finding {
      for anchor in rule.anchors {
        let key = Key(
          anchor: anchor, ignoresCase: rule.ignoresCase, searchesEscapes: rule.searchesEscapes)
        if let known = anchors[key] {
          rulesOfAnchor[known].append(i)
          continue
        }
        let number = rulesOfAnchor.count
        anchors[key] = number
        rulesOfAnchor.append([i])
        anchorLengths.append(anchor.text.utf8.count)
        let forms = AnchorForm.literals(
          of: anchor, ignoresCase: rule.ignoresCase, searchesEscapes: rule.searchesEscapes)
        for (form, literal) in forms {
          literals.append(literal)
          meanings.append(Meaning(anchor: number, form: form))
        }
      }
    }
    self.rules = rules
    self.literals = literals
    self.meanings = meanings
    self.rulesOfAnchor = rulesOfAnchor
    self.anchorLengths = anchorLengths
    positions = Dictionary(
      rules.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// The rule named `id`.
  package subscript(id: RuleID) -> Rule? { positions[id].map { rules[$0] } }

  /// The position of the rule named `id`.
  package func position(of id: RuleID) -> Int? { positions[id] }

  /// The same rules and `others` after them.
  package func adding(_ others: [Rule]) -> RuleBook { RuleBook(rules + others) }

  /// What tells the literals of one book from those of any other.
  package var literalsDigest: [UInt8] {
    var hash = SHA256()
    for literal in literals {
      hash.update(data: [
        literal.ignoresCase ? 1 : 0, UInt8(truncatingIfNeeded: literal.bytes.count),
      ])
      hash.update(data: literal.bytes)
    }
    return Array(hash.finalize())
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
