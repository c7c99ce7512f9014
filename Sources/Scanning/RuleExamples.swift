package import Matching
package import Model
package import Rules

/// Runs the examples that rules carry through everything that a file goes through.
package struct RuleExamples: ~Copyable {
  private let compiled: CompiledBook
  private var detector: Detector

  package init(_ compiled: CompiledBook) throws(MatchingError) {
    self.compiled = compiled
    detector = try Detector(compiled)
  }

  /// An example that does not come out as its rule says.
  package struct Failure: Equatable, Sendable {
    package let rule: RuleID
    /// Which of the rule's texts it is, and its position among those.
    package let text: Text
    package let position: Int
    /// What was expected and what happened, as a sentence.
    package let message: String
  }

  /// The kinds of texts that a rule carries.
  package enum Text: Sendable {
    case example, nonExample, knownMiss
    /// A made-up secret of a live check.
    case control
  }

  /// Checks every example of `rule`.
  package mutating func failures(of rule: Rule) throws(MatchingError) -> [Failure] {
    var failures: [Failure] = []
    func note(_ text: Text, _ position: Int, _ message: String) {
      failures.append(
        Failure(rule: rule.id, text: text, position: position, message: message))
    }
    var isSure = false
    for (i, example) in rule.examples.enumerated() {
      let found = try finds(in: example, of: rule, number: i)
      guard let confidence = found[rule.id] else {
        let obstacle = try obstacle(to: rule, in: example, number: i)
        note(
          .example, i, "example \(i + 1) is not found, because \(obstacle): \(shown(example))")
        continue
      }
      isSure = isSure || confidence == rule.confidence
    }
    // One example may show that a wrong checksum is found too; all would show a mistake.
    if rule.filters.checksum != nil, !isSure, failures.isEmpty, let example = rule.examples.first {
      note(
        .example, 0,
        "example 1, as all others, is found with less confidence than the rule's, because its "
          + "checksum is wrong; {crc32 6} makes one: \(shown(example))")
    }
    for (i, one) in rule.nonExamples.enumerated() {
      let found = try finds(in: one.example, of: rule, number: 1000 + i)
      if let confidence = found[rule.id] {
        note(
          .nonExample, i,
          "non-example \(i + 1) is found with \(confidence) confidence, although \(one.because): "
            + shown(one.example))
      }
    }
    for (i, control) in (rule.liveCheck?.controls ?? []).enumerated() {
      guard let number = compiled.book.position(of: rule.id) else { continue }
      let bytes = Array(FillIn.expand(control, seed: "\(rule.id)").utf8)
      let secret = rule.secret(at: bytes.indices, in: bytes.span)
      let confidence = try detector.confidence(of: number, secret)
      if confidence != rule.confidence || !rule.filters.admit(secret, isKnown: false) {
        note(
          .control, i,
          "a provider could tell the made-up secret from a real one, because a filter or a checksum "
            + "of the rule does; {crc32 6} makes a checksum: \(control)")
      }
    }
    for (i, miss) in rule.knownMisses.enumerated() {
      let found = try finds(in: miss, of: rule, number: 2000 + i)
      if found[rule.id] != nil {
        note(
          .knownMiss, i,
          "known miss \(i + 1) is found now; make it an example: \(shown(miss))")
      }
    }
    return failures
  }

  /// Why a rule does not find one of its examples.
  private mutating func obstacle(
    to rule: Rule, in example: Rule.Example, number: Int
  ) throws(MatchingError) -> String {
    guard let position = compiled.book.position(of: rule.id) else {
      return "the rule is not loaded"
    }
    let path = example.path ?? Self.path
    guard compiled.applies(position, to: Array(path.utf8)) else {
      return "its path, \(path), is none of the rule's “names”"
    }
    let text = Self.text(of: example, of: rule, number: number)
    return try detector.obstacle(to: position, in: text.span)
  }

  /// The path of an example that has none.
  private static let path = "example.txt"

  /// The rules that find something in an example, whatever names it best, and how sure they are.
  private mutating func finds(
    in example: Rule.Example, of rule: Rule, number: Int
  ) throws(MatchingError) -> [RuleID: Confidence] {
    let text = Self.text(of: example, of: rule, number: number)
    let path = Array((example.path ?? Self.path).utf8)
    var found: [RuleID: Confidence] = [:]
    for position in compiled.rules(naming: path) {
      found[compiled.book.rules[position].id] = compiled.book.rules[position].confidence
    }
    for match in try detector.matches(in: text.span) where compiled.applies(match.rule, to: path) {
      let id = compiled.book.rules[match.rule].id
      found[id] = max(found[id] ?? .low, match.confidence)
    }
    return found
  }

  /// The first secret that `rule` finds in an example; `nil` if it finds a file by its name.
  package mutating func secret(
    in example: Rule.Example, of rule: Rule, number: Int
  ) throws(MatchingError) -> Secret? {
    let text = Self.text(of: example, of: rule, number: number)
    return try detector.matches(in: text.span).first { compiled.book.rules[$0.rule].id == rule.id }?
      .secret
  }

  /// The bytes of an example, its fill-ins made.
  package static func text(of example: Rule.Example, of rule: Rule, number: Int) -> [UInt8] {
    Array(FillIn.expand(example.text, seed: "\(rule.id)/\(number)").utf8)
  }

  private func shown(_ example: Rule.Example) -> String {
    let line = example.text.split(separator: "\n").joined(separator: #"\n"#)
    return line.count > 120 ? "\(line.prefix(120))…" : line
  }

  /// Pairs of rules that meet on an example although nothing decides which names it best.
  package mutating func undecided(among rules: [Rule]) throws(MatchingError) -> [Failure] {
    var failures: [Failure] = []
    for rule in rules {
      for i in rule.examples.indices {
        for (a, b) in try meetings(onExample: i, of: rule) {
          let message =
            "example \(i + 1) is matched by \(a) and \(b) alike; say with “supersedes” which of "
            + "the two names it better"
          let failure = Failure(rule: rule.id, text: .example, position: i, message: message)
          if !failures.contains(failure) { failures.append(failure) }
        }
      }
    }
    return failures
  }

  /// The pairs of rules that find the same in one example, and that nothing tells apart.
  package mutating func meetings(
    onExample number: Int, of rule: Rule
  ) throws(MatchingError) -> [(RuleID, RuleID)] {
    let example = rule.examples[number]
    let text = Self.text(of: example, of: rule, number: number)
    let path = Array((example.path ?? Self.path).utf8)
    let matches = try detector.matches(in: text.span).filter {
      compiled.applies($0.rule, to: path)
    }
    return Overlaps.undecided(matches, in: compiled.book)
  }
}
