internal import Bytes
internal import Files
internal import Git
package import Matching
internal import Model
package import Rules
import Synchronization

/// A rule book ready to be searched with; all workers share one.
package final class CompiledBook: Sendable {
  package let book: RuleBook
  package let database: AnchorDatabase
  /// Why the database had to be compiled at start; `nil` if the embedded one served.
  package let compilationReason: String?

  /// How far around an anchor judging may look, in bytes of a content.
  package let reach: Int
  /// The longest literal that is searched for, in bytes.
  package let longestLiteral: Int
  /// What is asked of each rule at every anchor; `nil` for a rule without a shape.
  let spans: [Span?]
  // The windows of each rule, and what one of its bytes may take in the content by literal.
  private let shapeWindows: [JudgingWindow]
  private let surroundingsWindows: [JudgingWindow]
  private let expansions: [Int]
  /// The paths that rules with names speak of, by the rule's position.
  private let names: [Int: IgnoreRules]
  /// The paths below which matches are less sure, by the rule's position, once they were asked for.
  private let lessSure = Mutex<[Int: IgnoreRules]>([:])
  /// When tokens are taken to be looked at, in seconds since 1970.
  let now: Int
  /// What documentation shows, whichever rule knows it.
  let placeholders: Set<[UInt8]>
  /// The rules that find a file by its name alone.
  private let nameRules: [Int]
  /// What the last components of those rules' names are.
  private let lastNames: LastNames

  // A pattern costs some ten microseconds to compile, and most runs meet few anchors: each is
  // compiled when its rule is judged for the first time.
  private let shapes: Mutex<[Pattern?]>
  private let structures: Mutex<[Pattern?]>
  private let exceptions: Mutex<[Pattern?]>

  /// Where a shape may begin and how far it may go, as ``Rule/Shape`` says.
  struct Span: Sendable {
    let lead: Int
    let reach: Int?
    let width: Int
    let leastWidth: Int
    let undoesEscapes: Bool
    /// Nothing is spared for a token that is cut or written in escapes.
    let isThorough: Bool
    /// The rule finds one secret.
    let isKnown: Bool
    /// A word may stand anywhere, so that it is not put together from pieces.
    let isWord: Bool
    /// What may not stand before an anchor, of a shape that always begins with one.
    let forbiddenBefore: ByteSet?
  }

  /// Takes `database`, or else that which was embedded at build, or compiles one.
  package init(
    _ book: RuleBook, database: AnchorDatabase? = nil, now: Int = CurrentProcess.time
  ) throws(MatchingError) {
    self.book = book
    self.now = now
    let window = book.widestWindow
    reach = max(window.before, window.after) + (book.table.rests.max() ?? 0)
    longestLiteral = book.table.lengths.max() ?? 1
    spans = book.rules.map { rule in
      rule.shape.map {
        Span(
          lead: $0.lead, reach: $0.reach, width: $0.widths.upperBound,
          leastWidth: $0.widths.lowerBound, undoesEscapes: rule.undoesEscapes,
          isThorough: rule.searchesEscapes, isKnown: rule.known != nil,
          isWord: rule.known?.isWord ?? false,
          forbiddenBefore: $0.lead == 0 && $0.reach == nil ? rule.notBefore : nil)
      }
    }
    shapeWindows = book.rules.map(\.shapeWindow)
    surroundingsWindows = book.rules.map(\.surroundingsWindow)
    expansions = book.table.meanings.map(\.form.expansion)
    var names: [Int: IgnoreRules] = [:]
    for (i, rule) in book.rules.enumerated() where !rule.names.isEmpty {
      names[i] = Self.paths(rule.names)
    }
    self.names = names
    placeholders = Set(book.rules.flatMap(\.filters.placeholders).map { Array($0.utf8) })
    nameRules = names.keys.filter { book.rules[$0].anchors.isEmpty }.sorted()
    // What takes names away again only does so for some folders.
    lastNames = LastNames(
      nameRules.flatMap { (rule: Int) in book.rules[rule].names }
        .filter { (name: String) in !name.hasPrefix("!") })
    shapes = Mutex(Array(repeating: nil, count: book.rules.count))
    structures = Mutex(Array(repeating: nil, count: book.rules.count))
    exceptions = Mutex(Array(repeating: nil, count: book.rules.count))
    if let database {
      self.database = database
      compilationReason = nil
      return
    }
    var reason: String?
    let database: AnchorDatabase
    do throws(MatchingError) {
      database = try AnchorDatabase.embedded(
        digest: book.table.digest, lengths: book.table.lengths)
    } catch {
      reason = error.reason
      database = try AnchorDatabase(compiling: book.literals())
    }
    self.database = database
    compilationReason = reason
  }

  /// The rules of `base` and after them `known` ones; what was compiled for `base` serves on.
  package convenience init(_ base: CompiledBook, known: [Rule]) throws(MatchingError) {
    let book = base.book.beside(known: known)
    let literals = book.literals(notIn: base.book)
    var database = base.database
    if !literals.isEmpty {
      database = AnchorDatabase(database, adding: try AnchorDatabase(compiling: literals))
    }
    try self.init(book, database: database, now: base.now)
  }

  /// How far around a literal the two stages of judging look for a rule, in bytes of a content.
  package func windows(
    of literal: Int, rule: Int
  ) -> (shape: JudgingWindow, surroundings: JudgingWindow) {
    let expansion = expansions[literal]
    let rest = book.table.rests[literal]
    let (shape, surroundings) = (shapeWindows[rule], surroundingsWindows[rule])
    return (
      JudgingWindow(before: shape.before * expansion, after: shape.after * expansion + rest),
      JudgingWindow(
        before: surroundings.before * expansion, after: surroundings.after * expansion + rest)
    )
  }

  /// Whether `rule` applies to a file at `path`: it has no names, or one of them fits.
  package func applies(_ rule: Int, to path: [UInt8]) -> Bool {
    names[rule].map { $0.ignores(path, isFolder: false) } ?? true
  }

  /// Whether a match of `rule` in a file at `path` is less sure than elsewhere.
  package func isLessSure(_ rule: Int, at path: [UInt8]) -> Bool {
    let texts = book.rules[rule].lessSureIn
    if texts.isEmpty { return false }
    let paths = lessSure.withLock { known in
      if let paths = known[rule] { return paths }
      let made = Self.paths(texts)
      known[rule] = made
      return made
    }
    return paths.ignores(path, isFolder: false)
  }

  /// A reader of paths that a rule speaks of: the syntax is that of ignore files.
  fileprivate static func paths(_ texts: [String]) -> IgnoreRules {
    IgnoreRules(Array(texts.joined(separator: "\n").utf8), source: [], folder: [], next: nil)
  }

  /// The rules that find the file at `path` by its name alone.
  package func rules(naming path: [UInt8]) -> [Int] {
    guard lastNames.mayEnd(path) else { return [] }
    let base = path.suffix(from: path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)
    return mayName(Array(base)) ? nameRules.filter { applies($0, to: path) } : []
  }

  /// Whether a rule finds files by their names that could be called `base`.
  package func mayName(_ base: [UInt8]) -> Bool {
    lastNames.contain(base)
  }

  /// The compiled shape of a rule that has one.
  func shape(of rule: Int) throws(MatchingError) -> Pattern {
    try Self.compiled(rule, in: shapes, book.rules[rule].shape?.pattern)
  }

  /// The compiled structure of a rule that has one; it must match a secret from end to end.
  func structure(of rule: Int) throws(MatchingError) -> Pattern {
    let pattern = book.rules[rule].filters.structure?.pattern
    return try Self.compiled(rule, in: structures, pattern.map { "\\A(?:\($0))\\z" })
  }

  /// What is no secret by a rule that has exceptions.
  func exceptions(of rule: Int) throws(MatchingError) -> Pattern {
    let patterns = book.rules[rule].filters.exceptions
    return try Self.compiled(
      rule, in: exceptions, patterns.map { "(?:\($0))" }.joined(separator: "|"))
  }

  private static func compiled(
    _ rule: Int, in store: borrowing Mutex<[Pattern?]>, _ text: String?
  ) throws(MatchingError) -> Pattern {
    if let known = store.withLock({ $0[rule] }) { return known }
    guard let text else { preconditionFailure("the rule has no such pattern") }
    // Two workers may both compile it; then one of the two equal results is kept.
    let made = try Pattern(text)
    store.withLock { $0[rule] = made }
    return made
  }
}

/// The last components of names that rules find files by.
///
/// Every file is asked for, and few patterns are more than a name or an extension, which a set
/// answers at once.
private struct LastNames: Sendable {
  private var exact: Set<[UInt8]> = []
  /// What stands behind a single asterisk, beginning with a point.
  private var endings: Set<[UInt8]> = []
  private var patterns: IgnoreRules?
  /// What names without patterns end in; all others may end in anything.
  private var lastPairs = BytePairs()
  private var hasShortNames = false

  init(_ names: [String]) {
    var others: [String] = []
    for name in names {
      guard let last = name.split(separator: "/").last else { continue }
      func isPlain(_ text: Substring) -> Bool { !text.contains { "*?[\\".contains($0) } }
      let end = last.utf8.suffix(2)
      if end.count == 2, let first = end.first, let second = end.last {
        lastPairs.insert(first, second)
      } else {
        hasShortNames = true
      }
      if isPlain(last) {
        exact.insert(Array(last.utf8))
      } else if last.hasPrefix("*."), isPlain(last.dropFirst()) {
        endings.insert(Array(last.utf8.dropFirst()))
      } else {
        others.append(String(last))
      }
    }
    if !others.isEmpty { patterns = CompiledBook.paths(others) }
  }

  /// `false` only if no rule finds a file at `path` by its name.
  func mayEnd(_ path: [UInt8]) -> Bool {
    if patterns != nil || hasShortNames || path.count < 2 { return true }
    return lastPairs.mayHold(path[path.count - 2], path[path.count - 1])
  }

  func contain(_ base: [UInt8]) -> Bool {
    exact.contains(base)
      || base.indices.contains {
        base[$0] == UInt8(ascii: ".") && endings.contains(Array(base[$0...]))
      }
      || patterns?.ignores(base, isFolder: false) == true
  }
}
