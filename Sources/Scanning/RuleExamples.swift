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
    /// What was expected and what happened, as a sentence.
    package let message: String
  }

  /// Checks every example of `rule`.
  package mutating func failures(of rule: Rule) throws(MatchingError) -> [Failure] {
    var failures: [Failure] = []
    func note(_ message: String) { failures.append(Failure(rule: rule.id, message: message)) }
    for (i, example) in rule.examples.enumerated() {
      let found = try rules(in: example, of: rule, number: i)
      if !found.contains(rule.id) { note("example \(i + 1) is not found: \(shown(example))") }
    }
    for (i, one) in rule.nonExamples.enumerated() {
      let found = try rules(in: one.example, of: rule, number: 1000 + i)
      if found.contains(rule.id) {
        note("non-example \(i + 1) is found, although \(one.because): \(shown(one.example))")
      }
    }
    for (i, miss) in rule.knownMisses.enumerated() {
      let found = try rules(in: miss, of: rule, number: 2000 + i)
      if found.contains(rule.id) {
        note("known miss \(i + 1) is found now; make it an example: \(shown(miss))")
      }
    }
    return failures
  }

  /// What is found in an example, whatever names it best.
  package mutating func rules(
    in example: Rule.Example, of rule: Rule, number: Int
  ) throws(MatchingError) -> Set<RuleID> {
    let text = Self.text(of: example, of: rule, number: number)
    let path = Array((example.path ?? "example.txt").utf8)
    var found = Set(compiled.rules(naming: path))
    for match in try detector.matches(in: text.span) where compiled.applies(match.rule, to: path) {
      found.insert(match.rule)
    }
    return Set(found.map { compiled.book.rules[$0].id })
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
    let line = example.text.split(separator: "\n").first.map(String.init) ?? ""
    return line.count > 60 ? "\(line.prefix(60))…" : line
  }

  /// Pairs of rules that meet on an example although nothing decides which names it best.
  package mutating func undecided(among rules: [Rule]) throws(MatchingError) -> [Failure] {
    var failures: [Failure] = []
    for rule in rules {
      for (i, example) in rule.examples.enumerated() {
        let text = Self.text(of: example, of: rule, number: i)
        let path = Array((example.path ?? "example.txt").utf8)
        let matches = try detector.matches(in: text.span).filter {
          compiled.applies($0.rule, to: path)
        }
        for (a, b) in Overlaps.undecided(matches, in: compiled.book) {
          let message =
            "example \(i + 1) is matched by \(a) and \(b) alike; say with “supersedes” which of "
            + "the two names it better"
          let failure = Failure(rule: rule.id, message: message)
          if !failures.contains(failure) { failures.append(failure) }
        }
      }
    }
    return failures
  }
}
