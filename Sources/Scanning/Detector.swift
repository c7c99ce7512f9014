internal import Bytes
package import Matching
internal import Model
package import Rules

/// Finds anchors and judges them; each worker owns one.
///
/// The two steps stay apart on purpose: an anchor depends on its own bytes alone, and judging
/// one on a window of known size around it. So whoever knows that bytes were seen before can
/// carry anchors and answers over instead of asking again.
package struct Detector: ~Copyable {
  let compiled: CompiledBook
  private var search: AnchorSearch
  var matcher = Matcher()
  private var hits: [LiteralHit] = []
  private var patterns: [Pattern?]
  /// Its own copy of what is asked of each rule, for the same reason as a pattern's.
  private let spans: [CompiledBook.Span?]
  private let literals: LiteralFacts
  private var outer = DecodedText()
  private var inner = DecodedText()
  /// Whether the last judgement looked at all that both stages may look at, not at the first's
  /// window alone.
  ///
  /// Undoing an encoding does, even if there is no shape in what comes of it.
  package private(set) var lookedWide = false
  /// Whether matches are to have what belongs to their secrets.
  package var keepsBelongings = false

  package init(_ compiled: CompiledBook) throws(MatchingError) {
    self.compiled = compiled
    patterns = Array(repeating: nil, count: compiled.book.rules.count)
    spans = compiled.spans.map { $0 }
    literals = LiteralFacts(compiled)
    search = try AnchorSearch(for: compiled.database)
  }

  // MARK: Step one

  /// Appends every anchor in `bytes`, in order of place.
  package mutating func anchors(
    in bytes: Span<UInt8>, into anchors: inout [Anchor]
  ) throws(MatchingError) {
    hits.removeAll(keepingCapacity: true)
    try search.search(bytes, into: &hits)
    takeHits(into: &anchors)
  }

  /// Appends every anchor that stands wholly in one of `ranges`, in order of place.
  ///
  /// The ranges must be in order and apart from each other.
  package mutating func anchors(
    in bytes: Span<UInt8>, ranges: [Range<Int>], into anchors: inout [Anchor]
  ) throws(MatchingError) {
    hits.removeAll(keepingCapacity: true)
    try search.search(bytes, in: ranges, into: &hits)
    takeHits(into: &anchors)
  }

  private func takeHits(into anchors: inout [Anchor]) {
    let first = anchors.count
    for hit in hits {
      anchors.append(Anchor(literal: hit.literal, range: hit.start..<hit.end))
    }
    if anchors.count - first > 1 {
      anchors[first...].sort {
        ($0.range.lowerBound, $0.literal) < ($1.range.lowerBound, $1.literal)
      }
    }
  }

  /// The rules that an anchor leads to: numbers for ``rule(at:)``.
  package func rules(of anchor: Anchor) -> Range<Int> { literals.rules(of: anchor.literal) }

  /// The position of a rule in its book.
  package func rule(at number: Int) -> Int { literals.ruleNumbers[number] }

  // MARK: Step two

  /// How far around an anchor the two stages of judging look, in bytes of the content.
  package func windows(
    of anchor: Anchor, rule: Int
  ) -> (shape: JudgingWindow, surroundings: JudgingWindow) {
    compiled.windows(of: anchor.literal, rule: rule)
  }

  /// Judges `anchor` for one of its rules and appends the matches that it leads to.
  ///
  /// `bytes` is the content, or a piece of it that holds the anchor's windows or ends where the
  /// content does. Throws when an engine stops without an answer.
  package mutating func judge(
    _ anchor: Anchor, rule: Int, in bytes: Span<UInt8>, into matches: inout [Match]
  ) throws(MatchingError) -> Judgement {
    let isPlain = literals.isPlain(anchor.literal)
    let (window, wide) = windows(of: anchor, rule: rule)
    func bounds(_ window: JudgingWindow) -> Range<Int> {
      max(
        0, anchor.range.lowerBound - window.before)..<min(
          bytes.count, anchor.range.upperBound + window.after)
    }
    lookedWide = !isPlain
    let isCut = literals.isCut(anchor.literal)
    if isPlain {
      let place = isCut ? whole(anchor, in: bytes) : anchor.range
      guard let place else { return .noShape }
      // In the middle of a word nothing begins, whatever is undone behind it.
      if let forbidden = spans[rule]?.forbiddenBefore,
        Neighbours.blocksBefore(bytes, place.lowerBound, forbidden),
        !Neighbours.mayBeUndone(bytes, before: place.lowerBound)
      {
        return .noShape
      }
      // Nearly all anchors are plain and lead to nothing; of them nothing is put down.
      let narrow = bounds(window)
      var found: [Found] = []
      try find(rule, in: bytes, anchor: place, narrow, of: nil, into: &found)
      if found.isEmpty, spans[rule]?.undoesEscapes != true { return .noShape }
      let question = Question(
        rule: rule, anchor: place, narrow: narrow, wide: bounds(wide), layers: [])
      return try answer(question, found, in: bytes, content: bytes, &matches)
    }
    let meaning = compiled.book.table.meanings[anchor.literal]
    var question = Question(
      rule: rule, anchor: anchor.range, narrow: bounds(window), wide: bounds(wide),
      layers: meaning.form.layers)

    // The text is taken out of `self` so that it can be read while it works.
    var outer = DecodedText()
    swap(&outer, &self.outer)
    defer { swap(&outer, &self.outer) }
    // Base64 may go on in the next line, or the next line may be about something else.
    for joinsLines in [true, false] {
      let decoded = OuterDecoder.decode(
        bytes, in: bounds(wide), anchor: anchor.range, form: meaning.form, joinsLines: joinsLines,
        into: &outer)
      guard let start = decoded else { return .noShape }
      if isCut, !compiled.book.stands(anchor: meaning.anchor, in: outer.bytes.span, at: start) {
        if outer.isJoined { continue }
        return .noShape
      }
      let count = outer.bytes.count
      question.anchor = start..<min(start + compiled.book.anchorLengths[meaning.anchor], count)
      question.narrow = 0..<count
      question.wide = 0..<count
      question.outer = outer
      var found: [Found] = []
      try find(
        rule, in: outer.bytes.span, anchor: question.anchor, question.narrow, of: question.outer,
        into: &found)
      let judgement = try answer(
        question, found, in: outer.bytes.span, content: bytes, &matches)
      if judgement != .noShape || !outer.isJoined { return judgement }
    }
    return .noShape
  }

  /// What is asked of a text: the content itself, or what is left of it when the outer
  /// encoding is undone.
  private struct Question {
    let rule: Int
    /// Where the anchor stands in the text.
    var anchor: Range<Int>
    /// What the first stage may look at, and what both may.
    var narrow: Range<Int>
    var wide: Range<Int>
    /// What was undone.
    var layers: [Layer]
    var outer: DecodedText?
    var inner: DecodedText?

    /// Where in the content a piece of the text comes from.
    func origin(of range: Range<Int>) -> Range<Int> {
      let range = inner?.origin(of: range) ?? range
      return outer?.origin(of: range) ?? range
    }
  }

  /// What comes of a question whose shape was found, or was not.
  private mutating func answer(
    _ question: Question, _ found: [Found], in text: Span<UInt8>, content: Span<UInt8>,
    _ matches: inout [Match]
  ) throws(MatchingError) -> Judgement {
    if !found.isEmpty {
      lookedWide = true
      return try settle(found, question, in: text, content: content, &matches)
    }
    guard let span = spans[question.rule], span.undoesEscapes,
      !question.layers.contains(where: \.isEscape)
    else { return .noShape }
    if span.isKnown {
      for layer in span.layers(in: text, question.narrow) {
        let judgement = try undo(layer, question, in: text, content: content, &matches)
        if judgement != .noShape { return judgement }
      }
      return .noShape
    }
    // A second layer is undone only where the token breaks off in a way that shows it.
    var end = question.anchor.upperBound
    while end < question.narrow.upperBound, ByteSet.tokens.contains(text[end]) { end += 1 }
    guard
      let layer = EscapeDecoder.layer(
        text, at: end, end: question.narrow.upperBound, isThorough: span.isThorough),
      // Lines end everywhere; of a token that is put together from pieces, half at least stands
      // before.
      span.isThorough
        || layer != .wrappedLines
          && (!layer.joinsPieces
            || 2 * (end - question.anchor.lowerBound) >= span.leastWidth)
    else { return .noShape }
    return try undo(layer, question, in: text, content: content, &matches)
  }

  /// Asks once more where a second layer is undone.
  private mutating func undo(
    _ layer: Layer, _ question: Question, in text: Span<UInt8>, content: Span<UInt8>,
    _ matches: inout [Match]
  ) throws(MatchingError) -> Judgement {
    var found: [Found] = []
    lookedWide = true
    var inner = DecodedText()
    swap(&inner, &self.inner)
    defer { swap(&inner, &self.inner) }
    inner.removeAll()
    EscapeDecoder.decode(layer, text, in: question.wide, into: &inner)
    inner.isJoined = layer == .wrappedLines
    let count = inner.bytes.count
    let start = inner.position(of: question.anchor.lowerBound)
    var deeper = question
    deeper.anchor = start..<min(start + question.anchor.count, count)
    deeper.narrow = 0..<count
    deeper.wide = 0..<count
    deeper.layers.append(layer)
    deeper.inner = inner
    try find(
      question.rule, in: inner.bytes.span, anchor: deeper.anchor, 0..<count, of: inner,
      into: &found)
    if layer.joinsPieces {
      for i in found.indices { found[i].confidence = min(found[i].confidence, .medium) }
    }
    if found.isEmpty { return .noShape }
    return try settle(found, deeper, in: inner.bytes.span, content: content, &matches)
  }

  // MARK: The shape

  /// The compiled shape of a rule; the lock that all workers share is taken once.
  private mutating func pattern(of rule: Int) throws(MatchingError) -> Pattern {
    if let known = patterns[rule] { return known }
    let pattern = try compiled.shape(of: rule).forOneWorker()
    patterns[rule] = pattern
    return pattern
  }

  /// A shape that passed everything that the first stage asks.
  private struct Found {
    let whole: Range<Int>
    let range: Range<Int>
    let secret: Secret
    var confidence: Confidence
  }

  /// `text` is what the view is of, if something was undone: what it was put together from is
  /// no neighbour.
  private mutating func find(
    _ number: Int, in view: Span<UInt8>, anchor: Range<Int>, _ bounds: Range<Int>,
    of text: DecodedText?, into found: inout [Found]
  ) throws(MatchingError) {
    // Most anchors lead to nothing; a copy of the rule would cost more than asking the pattern.
    guard let shape = spans[number] else { return }
    let pattern = try self.pattern(of: number)
    var first = max(bounds.lowerBound, anchor.lowerBound - shape.lead)
    let last = min(
      bounds.upperBound, shape.reach.map { anchor.upperBound + $0 } ?? anchor.lowerBound)
    while first <= last {
      let end = min(bounds.upperBound, last + shape.width)
      guard try matcher.find(pattern, in: view, startingIn: first...last, end: end),
        let whole = matcher.range(of: 0)
      else { return }
      let rule = compiled.book.rules[number]
      let range = rule.trimmed(matcher.range(of: pattern.secretGroup) ?? whole, in: view)
      first = whole.lowerBound + 1
      guard
        !Neighbours.blocksBefore(view, whole.lowerBound, rule.notBefore)
          || text?.isBroken(at: whole.lowerBound) == true,
        !Neighbours.blocksAfter(view, whole.upperBound, rule.notAfter)
          || text?.isBroken(at: whole.upperBound) == true,
        rule.assignedTo == nil || rule.filters.looksRandom
          || !Neighbours.isInsideWord(view, whole.lowerBound),
        rule.hasKeyword(near: whole, in: view, bounds)
      else { continue }
      let secret = rule.secret(at: range, in: view)
      guard rule.filters.admit(secret, isKnown: rule.known != nil),
        let confidence = try confidence(of: number, secret)
      else { continue }
      found.append(Found(whole: whole, range: range, secret: secret, confidence: confidence))
      first = max(first, whole.upperBound)
    }
  }

  // MARK: The surroundings

  private mutating func settle(
    _ found: [Found], _ question: Question, in text: Span<UInt8>, content: Span<UInt8>,
    _ matches: inout [Match]
  ) throws(MatchingError) -> Judgement {
    let rule = compiled.book.rules[question.rule]
    var judgement = Judgement.noSurroundings
    for one in found {
      var companions: [Range<Int>] = []
      var belongings: [Belonging] = []
      var isMissing = false
      for companion in rule.companions {
        if let range = try self.companion(
          companion, of: one.whole, beside: one.range, in: text, question.wide)
        {
          companions.append(question.origin(of: range))
          if keepsBelongings {
            let secret = Secret(range.map { text[$0] })
            belongings.append(Belonging(rule: companion.rule, secret: secret))
          }
        } else if companion.isRequired {
          isMissing = true
        }
      }
      if isMissing { continue }
      let range = question.origin(of: one.range)
      // Comments stand in the text that a person edits: decoded if that is UTF-16, else as is.
      let isAllowed =
        question.layers.first?.isUTF16 == true
        ? AllowComment.stands(beside: one.range, in: text)
        : AllowComment.stands(beside: range, in: content)
      matches.append(
        Match(
          rule: question.rule, range: range, secret: one.secret, companions: companions,
          belongings: belongings, layers: question.layers, confidence: one.confidence,
          isAllowed: isAllowed))
      judgement = .matches
    }
    return judgement
  }

  /// Where a companion stands near `whole`; the nearest if there are several.
  ///
  /// It may stand in the shape, `whole`, but not in the secret.
  private mutating func companion(
    _ companion: Rule.Companion, of whole: Range<Int>, beside secret: Range<Int>,
    in view: Span<UInt8>, _ bounds: Range<Int>
  ) throws(MatchingError) -> Range<Int>? {
    guard let number = compiled.book.position(of: companion.rule),
      let widths = compiled.book.rules[number].shape?.widths
    else { return nil }
    let pattern = try compiled.shape(of: number)
    let rule = compiled.book.rules[number]
    var first = max(bounds.lowerBound, whole.lowerBound - companion.distance - widths.upperBound)
    let last = min(bounds.upperBound, whole.upperBound + companion.distance)
    var nearest: (distance: Int, range: Range<Int>)?
    while first <= last {
      let end = min(bounds.upperBound, last + widths.upperBound)
      guard try matcher.find(pattern, in: view, startingIn: first...last, end: end),
        let match = matcher.range(of: 0)
      else { break }
      first = max(match.lowerBound + 1, match.upperBound)
      guard !match.overlaps(secret),
        !Neighbours.blocksBefore(view, match.lowerBound, rule.notBefore),
        !Neighbours.blocksAfter(view, match.upperBound, rule.notAfter)
      else { continue }
      let distance = max(whole.lowerBound - match.upperBound, match.lowerBound - whole.upperBound)
      let range = matcher.range(of: pattern.secretGroup) ?? match
      if let accounts = rule.filters.accounts, !accounts.admit(range.map { view[$0] }) { continue }
      // Beside a name that documentation uses, the secret is documentation's too.
      if rule.filters.placeholders.contains(where: { name in
        zip(name.utf8, range).allSatisfy { $0 == view[$1] } && name.utf8.count == range.count
      }) {
        continue
      }
      if distance <= companion.distance, distance < nearest?.distance ?? .max {
        nearest = (distance, range)
      }
    }
    return nearest?.range
  }
}

extension ByteSet {
  /// What tokens are made of, in any of their alphabets.
  static let tokens = base64.union(base64url).union(ByteSet(".~:"))
}

extension Layer {
  /// An escape of single characters.
  fileprivate var isEscape: Bool { self == .percent || self == .backslash || self == .entity }
  /// A layer that puts together what stands apart.
  fileprivate var joinsPieces: Bool { self == .adjacentLiterals || self == .wrappedLines }
}
