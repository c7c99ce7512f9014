internal import Bytes

/// Fixed texts of which every match of an expression holds one, and where it begins.
///
/// keyscan searches for fixed texts first and judges the expression around them, so that an
/// expression without any costs nothing where it cannot match.
package struct FixedText: Equatable {
  /// Different texts, of which a match holds at least one.
  package var texts: Set<[UInt8]>
  /// A match begins at most so many bytes before the text.
  package var lead: Int
  /// Their letters may be of either case.
  package var ignoresCase: Bool

  /// The most different texts, and the fewest and the most bytes of each that are of use.
  private static let most = 64
  private static let lengths = 3...32

  /// The best texts that every match of a bounded expression holds; `nil` if there are none.
  package static func best(of pattern: ForeignPattern) -> FixedText? {
    candidates(of: pattern).filter { $0.isUseful }.max { $0.worth < $1.worth }
      .map { best in
        var best = best
        best.texts = Set(best.texts.map { Array($0.prefix(lengths.upperBound)) })
        return best
      }
  }

  /// Whether every match of a part is one of few texts.
  static func isFixed(_ pattern: ForeignPattern) -> Bool { exact(pattern) != nil }

  private var shortest: Int { texts.map(\.count).min() ?? 0 }
  private var isUseful: Bool { shortest >= Self.lengths.lowerBound && texts.count <= Self.most }

  /// Long texts are rare, few are cheap, and those at the beginning need a small window.
  private var worth: (Int, Int, Int) { (min(shortest, 12), -texts.count, -lead) }

  /// What a part of an expression is exactly, if that is few enough texts.
  private static func exact(_ pattern: ForeignPattern) -> (texts: Set<[UInt8]>, folds: Bool)? {
    switch pattern {
    case .empty, .assertion: return ([[]], false)
    case .literal(let bytes, let ignoresCase):
      return ([ignoresCase ? bytes.map(\.lowercased) : bytes], ignoresCase)
    case .set(let set):
      let members = set.members
      return members.count <= 8 ? (Set(members.map { [$0] }), false) : nil
    case .group(let inner, _): return exact(inner)
    case .sequence(let parts):
      var all: Set<[UInt8]> = [[]]
      var folds = false
      for part in parts {
        guard let one = exact(part), let both = product(all, one.texts) else { return nil }
        (all, folds) = (both, folds || one.folds)
      }
      return (all, folds)
    case .alternatives(let parts):
      var all: Set<[UInt8]> = []
      var folds = false
      for part in parts {
        guard let one = exact(part) else { return nil }
        all.formUnion(one.texts)
        folds = folds || one.folds
      }
      return all.count <= most ? (all, folds) : nil
    case .repetition(let inner, let least, let count, _):
      guard let count, count <= 8, let one = exact(inner) else { return nil }
      var all: Set<[UInt8]> = []
      var power: Set<[UInt8]> = [[]]
      for i in 0...count {
        if i >= least { all.formUnion(power) }
        guard i < count else { break }
        guard let longer = product(power, one.texts) else { return nil }
        power = longer
      }
      return all.count <= most ? (all, one.folds) : nil
    }
  }

  private static func product(_ a: Set<[UInt8]>, _ b: Set<[UInt8]>) -> Set<[UInt8]>? {
    guard a.count * b.count <= most else { return nil }
    return Set(a.flatMap { x in b.map { x + $0 } })
  }

  private static func candidates(of pattern: ForeignPattern) -> [FixedText] {
    if let exact = exact(pattern) {
      return [FixedText(texts: exact.texts, lead: 0, ignoresCase: exact.folds).lowercased]
    }
    switch pattern {
    case .empty, .assertion, .literal, .set: return []
    case .group(let inner, _): return candidates(of: inner)
    case .repetition(let inner, let least, _, _): return least > 0 ? candidates(of: inner) : []
    case .alternatives(let parts):
      // Every branch must bring its own.
      var all = FixedText(texts: [], lead: 0, ignoresCase: false)
      for part in parts {
        guard let best = best(of: part) else { return [] }
        all.texts.formUnion(best.texts)
        all.lead = max(all.lead, best.lead)
        all.ignoresCase = all.ignoresCase || best.ignoresCase
      }
      return [all.lowercased]
    case .sequence(let parts): return candidates(ofParts: parts)
    }
  }

  /// Runs of parts that are known exactly, and what single parts bring.
  private static func candidates(ofParts parts: [ForeignPattern]) -> [FixedText] {
    var found: [FixedText] = []
    var offset = 0
    var run = FixedText(texts: [[]], lead: 0, ignoresCase: false)
    func end() {
      if run.texts != [[]] { found.append(run.lowercased) }
    }
    for part in parts {
      let width = part.widths.most ?? 1 << 20
      if let exact = exact(part) {
        if let longer = product(run.texts, exact.texts) {
          run.texts = longer
        } else {
          end()
          run = FixedText(texts: exact.texts, lead: offset, ignoresCase: false)
        }
        run.ignoresCase = run.ignoresCase || exact.folds
      } else {
        end()
        for var one in candidates(of: part) {
          one.lead += offset
          found.append(one)
        }
        run = FixedText(texts: [[]], lead: offset + width, ignoresCase: false)
      }
      offset += width
    }
    end()
    return found
  }

  /// Texts in either case are searched for in lower case.
  private var lowercased: FixedText {
    guard ignoresCase else { return self }
    var lowered = self
    lowered.texts = Set(texts.map { $0.map(\.lowercased) })
    return lowered
  }
}
