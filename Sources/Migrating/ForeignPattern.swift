package import Bytes

/// A regular expression of another scanner, in the dialect of Go's RE2 or of Python, as far as
/// both mean the same by it.
///
/// RE2 matches characters, keyscan's rules match bytes; for ASCII that is the same. What cannot
/// be said with bytes is refused, not guessed.
package indirect enum ForeignPattern: Equatable, Sendable {
  case empty
  /// The bytes of one character; a letter may be of either case.
  case literal([UInt8], ignoresCase: Bool)
  case set(ByteSet)
  case assertion(Assertion)
  /// A part in parentheses; `number` counts those that capture from 1.
  case group(ForeignPattern, number: Int?)
  case sequence([ForeignPattern])
  case alternatives([ForeignPattern])
  case repetition(ForeignPattern, least: Int, most: Int?, isLazy: Bool)

  /// What holds between two characters.
  package enum Assertion: String, Sendable {
    case start = #"\A"#
    case end = #"\z"#
    case lineStart = "(?m:^)"
    case lineEnd = "(?m:$)"
    case boundary = #"\b"#
    case noBoundary = #"\B"#
  }

  /// Why an expression cannot be taken over.
  package struct Fault: Error, Equatable {
    package let reason: String
  }

  /// Reads an expression; throws if it is wrong, or says what keyscan cannot.
  package init(_ text: String) throws(Fault) {
    var parser = ForeignPatternParser(text)
    self = try parser.whole()
  }
}

extension ForeignPattern {
  /// How many groups capture.
  package var groups: Int {
    switch self {
    case .empty, .literal, .set, .assertion: 0
    case .group(let inner, let number): max(number ?? 0, inner.groups)
    case .sequence(let parts), .alternatives(let parts): parts.map(\.groups).max() ?? 0
    case .repetition(let inner, _, _, _): inner.groups
    }
  }

  /// Whether texts of quite different kinds match it.
  var hasAlternatives: Bool {
    switch self {
    case .empty, .literal, .set, .assertion: false
    case .group(let inner, _), .repetition(let inner, _, _, _): inner.hasAlternatives
    case .sequence(let parts): parts.contains(where: \.hasAlternatives)
    case .alternatives(let parts):
      // A delimiter or the end of the text is no kind of its own.
      parts.contains { ($0.widths.most ?? 2) > 1 }
    }
  }

  /// What stands in the group with this number; `nil` if there is none.
  func group(_ number: Int) -> ForeignPattern? {
    switch self {
    case .empty, .literal, .set, .assertion: nil
    case .group(let inner, let own): own == number ? inner : inner.group(number)
    case .sequence(let parts), .alternatives(let parts):
      parts.lazy.compactMap { $0.group(number) }.first
    case .repetition(let inner, _, _, _): inner.group(number)
    }
  }

  /// Every match passes through the group with this number, once.
  func always(passes number: Int) -> Bool {
    switch self {
    case .empty, .literal, .set, .assertion, .alternatives: false
    case .group(let inner, let own): own == number || inner.always(passes: number)
    case .sequence(let parts): parts.contains { $0.always(passes: number) }
    case .repetition(let inner, let least, let most, _):
      least == 1 && most == 1 && inner.always(passes: number)
    }
  }

  /// The fewest and the most bytes of a match; no most if there is none, or it is beyond 1 MiB.
  var widths: (least: Int, most: Int?) {
    let limit = 1 << 20
    switch self {
    case .empty, .assertion: return (0, 0)
    case .literal(let bytes, _): return (bytes.count, bytes.count)
    case .set: return (1, 1)
    case .group(let inner, _): return inner.widths
    case .sequence(let parts):
      return parts.reduce((0, 0)) { sum, part in
        let one = part.widths
        let most = sum.1.flatMap { a in one.most.map { a + $0 } }
        return (min(limit, sum.0 + one.least), most.flatMap { $0 > limit ? nil : $0 })
      }
    case .alternatives(let parts):
      let all = parts.map(\.widths)
      let most = all.map(\.most)
      return (
        all.map(\.least).min() ?? 0,
        most.contains { $0 == nil } ? nil : most.compactMap(\.self).max() ?? 0
      )
    case .repetition(let inner, let least, let most, _):
      let one = inner.widths
      let top = most.flatMap { count in one.most.map { $0.multipliedReportingOverflow(by: count) } }
      return (
        min(limit, one.least.multipliedReportingOverflow(by: least).partialValue),
        top.flatMap { $0.overflow || $0.partialValue > limit ? nil : $0.partialValue }
      )
    }
  }

  /// The same with at most `count` further repetitions where there was no bound.
  func bounded(by count: Int) -> ForeignPattern {
    switch self {
    case .empty, .literal, .set, .assertion: self
    case .group(let inner, let number): .group(inner.bounded(by: count), number: number)
    case .sequence(let parts): .sequence(parts.map { $0.bounded(by: count) })
    case .alternatives(let parts): .alternatives(parts.map { $0.bounded(by: count) })
    case .repetition(let inner, let least, let most, let isLazy):
      .repetition(
        inner.bounded(by: count), least: least, most: most ?? max(least, 1) + count - 1,
        isLazy: isLazy)
    }
  }

  /// The same without what can match nothing at its beginning and captures nothing: `.*` there
  /// changes which bytes a match spans, and not what is in it; at the end too, if the secret is a
  /// group of it.
  func withoutLooseEnds(atEnd: Bool) -> ForeignPattern {
    guard case .sequence(var parts) = self else { return self }
    func isLoose(_ part: ForeignPattern?) -> Bool {
      guard case .repetition(let inner, 0, nil, _) = part, inner.groups == 0 else { return false }
      return true
    }
    while isLoose(parts.first) { parts.removeFirst() }
    while atEnd, isLoose(parts.last) { parts.removeLast() }
    return .sequence(parts)
  }
}
