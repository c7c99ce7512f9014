internal import Model
internal import Rules

/// Decides which rule names bytes best that several rules matched.
enum Overlaps {
  /// Keeps, of matches that overlap, the one whose rule comes first, and notes the others on it.
  ///
  /// A rule whose token shows what it is comes before one that goes by what stands beside it,
  /// that before one that goes by a name in any case, and the one that goes by how random a value
  /// looks comes last but for what is known to be a secret; then the longer secret; then what a rule supersedes. A rule comes no later
  /// than those that it supersedes: one that asks for more than another's token knows better what
  /// it is. What belongs to a secret, such as the id of a key, is part of that finding.
  static func resolve(_ matches: [PlacedMatch], in book: RuleBook) -> [PlacedMatch] {
    guard matches.count > 1 else { return matches }
    var kept: [PlacedMatch] = []
    for match in matches.sorted(by: { precedes($0.match, $1.match, in: book) }) {
      let rule = match.match.rule
      let range = match.match.range
      let first = kept.firstIndex { kept in
        kept.match.range.overlaps(range) || kept.match.companions.contains { $0 == range }
      }
      if let i = first {
        if rule != kept[i].match.rule, !kept[i].alsoMatched.contains(rule) {
          kept[i].alsoMatched.append(rule)
        }
        if isUndecided(kept[i].match, match.match, in: book) { kept[i].isContested = true }
        if book.rules[rule].known != nil { strengthen(&kept[i], by: match, in: book) }
      } else {
        kept.append(match)
      }
    }
    return kept.sorted { $0.match.range.lowerBound < $1.match.range.lowerBound }
  }

  /// Takes into account that `known` is a secret in the same place: none by guess alone.
  ///
  /// A guess that nobody would be shown gives way to it.
  private static func strengthen(
    _ kept: inout PlacedMatch, by known: PlacedMatch, in book: RuleBook
  ) {
    if book.rules[kept.match.rule].known == nil, kept.match.confidence == .low {
      let others = [kept.match.rule] + kept.alsoMatched.filter { $0 != known.match.rule }
      let isContested = kept.isContested
      kept = known
      kept.alsoMatched = others
      kept.isContested = isContested
    } else {
      kept.match.confidence = .high
    }
  }

  /// The pairs of rules that overlap and differ in nothing but their names.
  static func undecided(_ matches: [Match], in book: RuleBook) -> [(RuleID, RuleID)] {
    var pairs: [(RuleID, RuleID)] = []
    for (i, a) in matches.enumerated() {
      for b in matches[(i + 1)...] where a.range.overlaps(b.range) {
        let (x, y) = (book.rules[a.rule].id, book.rules[b.rule].id)
        if isUndecided(a, b, in: book) { pairs.append((min(x, y), max(x, y))) }
      }
    }
    return pairs
  }

  /// Whether two matches are different rules' that differ in nothing but their names.
  ///
  /// What belongs to a secret is no other claim to its bytes.
  private static func isUndecided(_ a: Match, _ b: Match, in book: RuleBook) -> Bool {
    let (x, y) = (book.rules[a.rule], book.rules[b.rule])
    return a.rule != b.rule && a.range.overlaps(b.range) && x.rank(in: book) == y.rank(in: book)
      && a.secret.exposed.count == b.secret.exposed.count
      && x.supersedes.contains(y.id) == y.supersedes.contains(x.id)
  }

  /// Whether matches of one secret leave it open which rule names it best.
  static func isContested(_ matches: [PlacedMatch], in book: RuleBook) -> Bool {
    if matches.contains(where: \.isContested) { return true }
    let rules = Set(matches.map(\.match.rule)).sorted().map { book.rules[$0] }
    guard rules.count > 1 else { return false }
    let first = rules.map { $0.rank(in: book) }.min()
    let best = rules.filter { $0.rank(in: book) == first }
    // One of them may be superseded by another.
    return best.filter { rule in !best.contains { $0.supersedes.contains(rule.id) } }.count > 1
  }

  /// Of matches of one secret in several places, the one whose rule names it best.
  static func best(of matches: [PlacedMatch], in book: RuleBook) -> PlacedMatch {
    guard let first = matches.first else { preconditionFailure("a secret was found somewhere") }
    return matches.dropFirst().reduce(first) { best, match in
      precedes(match.match, best.match, in: book) ? match : best
    }
  }

  private static func precedes(_ a: Match, _ b: Match, in book: RuleBook) -> Bool {
    let (x, y) = (book.rules[a.rule], book.rules[b.rule])
    if a.rule != b.rule {
      let (i, j) = (x.rank(in: book), y.rank(in: book))
      if i != j { return i < j }
      let (m, n) = (a.secret.exposed.count, b.secret.exposed.count)
      if m != n { return m > n }
      if x.supersedes.contains(y.id) != y.supersedes.contains(x.id) {
        return x.supersedes.contains(y.id)
      }
      if x.id != y.id { return x.id < y.id }
    }
    // Latin text in UTF-16 reads as text in the other byte order too, one byte beside it.
    if a.isAligned != b.isAligned { return a.isAligned }
    if a.range.lowerBound != b.range.lowerBound { return a.range.lowerBound < b.range.lowerBound }
    // What was found with less undone is nearer to what stands there.
    return a.layers.count < b.layers.count
  }
}

extension Rule {
  /// 0 for a rule whose token shows what it is, 1 for one that needs a keyword or goes by where
  /// the token stands, 2 for one that goes by a name, 3 for one that goes by how random it looks,
  /// 4 for one that knows a secret and not what it is for.
  ///
  /// It is at most that of the rules that this one supersedes.
  fileprivate func rank(in book: RuleBook) -> Int {
    supersedes.reduce(ownRank) { min($0, book[$1]?.ownRank ?? $0) }
  }

  private var ownRank: Int {
    if known != nil { return 4 }
    if filters.looksRandom { return 3 }
    if ignoresCase { return 2 }
    return keywords.isEmpty && shape?.pattern.hasPrefix("(?<secret>") != false ? 0 : 1
  }
}

extension Match {
  /// Whether the units of UTF-16 that it was read from begin at even offsets of the content.
  fileprivate var isAligned: Bool {
    layers.first?.isUTF16 == true ? range.lowerBound % 2 == 0 : true
  }
}
