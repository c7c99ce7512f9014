internal import Bytes
internal import Matching

/// A rule of another scanner as one of keyscan's, in the words of a rule file.
package struct TranslatedRule: Equatable, Sendable {
  /// The id under which the other scanner knows it.
  package let foreignID: String
  /// The file that it comes from.
  let file: String
  package let id: String
  /// The lines of the rule file, without the patterns of what is no secret.
  private let head: [String]
  /// Texts in which it finds something, to choose from, each with its path.
  package let examples: [Example]
  /// One example does not show all that it finds.
  package let hasAlternatives: Bool
  /// Which of ``examples`` stands in the rule.
  package var example = 0
  /// Other rules that give way to this one.
  package var supersedes: [String] = []
  /// Patterns of what is no secret, which allowlists name.
  package var exceptions: [String] = []
  private let entropy: Double?
  private let placeNames: [String]

  package struct Example: Equatable, Sendable {
    package let text: String
    package let path: String?
  }

  /// How far around a word a match is looked for, if every match holds no text of its own.
  static let keywordReach = 2000
  /// The most bytes of a match, and before its fixed text.
  private static let widest = 8000
  /// What takes the place of an unbounded repetition, the largest first.
  private static let bounds = [1000, 500, 250, 120, 60, 30, 16]

  /// Translates `rule`; throws if keyscan cannot say it.
  ///
  /// `taken` are ids that others have, `notes` gets what is different about it.
  init(
    _ rule: ForeignRule, from file: String, scanner: String, taken: Set<String>,
    notes: inout [String]
  ) throws(ForeignPattern.Fault) {
    foreignID = rule.id
    self.file = file
    id = Self.id(for: rule.id, scanner: scanner, taken: taken)
    entropy = rule.entropy.flatMap { $0 > 0 ? $0 : nil }
    placeNames = try Self.names(for: rule, hasRegex: rule.regex != nil, &notes)
    var head = [
      "  - id: \(id)",
      "    title: \(Self.quoted(Self.title(of: rule)))",
      "    description: \(Self.quoted("Taken over from \(file), where its id is \(rule.id)."))",
      "    severity: high",
      "    class: secret",
    ]
    let path = try placeNames.first.map { name throws(ForeignPattern.Fault) in
      try Self.path(named: name)
    }
    if let regex = rule.regex {
      let shape = try Shape(regex, rule, &notes)
      head += [
        "    anchors: [\(shape.anchors.map(Self.quoted).joined(separator: ", "))]",
        "    any-case: \(shape.ignoresCase)",
        "    lead: \(shape.lead)",
      ]
      if let reach = shape.reach { head.append("    reach: \(reach)") }
      head.append("    pattern: \(Self.quoted(shape.pattern))")
      examples = shape.examples.map { Example(text: $0, path: path) }
    } else {
      guard path != nil else {
        throw ForeignPattern.Fault(reason: "it has neither an expression nor a path")
      }
      examples = [Example(text: "", path: path)]
    }
    if !placeNames.isEmpty {
      head.append("    names: [\(placeNames.map(Self.quoted).joined(separator: ", "))]")
    }
    self.head = head
    hasAlternatives = (try? rule.regex.map { try ForeignPattern($0) })??.hasAlternatives ?? false
  }

  /// The rule in the words of a rule file.
  package var lines: [String] {
    var filters: [String] = []
    if let entropy { filters.append("entropy: \(entropy)") }
    if !exceptions.isEmpty {
      filters.append("except: [\(exceptions.map(Self.quoted).joined(separator: ", "))]")
    }
    var lines = head
    if !filters.isEmpty { lines.append("    filters: {\(filters.joined(separator: ", "))}") }
    if !supersedes.isEmpty {
      lines.append("    supersedes: [\(supersedes.joined(separator: ", "))]")
    }
    return lines + [
      "    remediation:",
      "      - Revoke it where it was issued, and make a new one.",
      "    examples:",
      Self.line(examples[example]),
    ]
  }

  // MARK: Names

  private static func id(for id: String, scanner: String, taken: Set<String>) -> String {
    var word = ""
    for scalar in id.lowercased().unicodeScalars {
      let isPlain =
        scalar.isASCII && ByteSet.alphanumerics.contains(UInt8(scalar.value))
      if isPlain {
        word.unicodeScalars.append(scalar)
      } else if !word.isEmpty, !word.hasSuffix("-") {
        word += "-"
      }
    }
    while word.hasSuffix("-") { word.removeLast() }
    if word.first?.isLetter != true { word = "rule" + (word.isEmpty ? "" : "-" + word) }
    var made = "\(scanner).\(word)"
    var number = 2
    while taken.contains(made) {
      made = "\(scanner).\(word)-\(number)"
      number += 1
    }
    return made
  }

  private static func title(of rule: ForeignRule) -> String {
    let title = (rule.title ?? "").split(whereSeparator: { $0.isWhitespace || $0.isNewline })
      .joined(separator: " ")
    return title.isEmpty ? rule.id : String(title.prefix(200))
  }

  /// A text in single quotes; what YAML cannot hold in them is left out.
  static func quoted(_ text: String) -> String {
    let kept = String(String.UnicodeScalarView(text.unicodeScalars.filter(isShown)))
    return "'\(kept.replacing("'", with: "''"))'"
  }

  /// Whether a character is one that a person sees as it is.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
    default: true
    }
  }

  private static func line(_ example: Example) -> String {
    var text = quoted(example.text)
    if example.text.contains("\n") {
      // What breaks lines must be written in the other quotes.
      text = "\""
      for character in example.text.unicodeScalars {
        switch character {
        case "\n": text += "\\n"
        case "\"", "\\": text += "\\\(character)"
        default: text.unicodeScalars.append(character)
        }
      }
      text += "\""
    }
    let line =
      example.path.map { "      - {text: \(text), path: \(quoted($0))}" } ?? "      - \(text)"
    // Where blanks may stand for a secret, the rule finds its own example.
    return line + "  # keyscan:allow"
  }

  /// A path that one of the rule's names fits.
  private static func path(named name: String) throws(ForeignPattern.Fault) -> String {
    var path = name
    for (glob, text) in [("**/", ""), ("/**", "/a"), ("*", "a"), ("?", "a")] {
      path = path.replacing(glob, with: text)
    }
    while let open = path.firstIndex(of: "["), let close = path[open...].firstIndex(of: "]") {
      path.replaceSubrange(open...close, with: String(path[path.index(after: open)]))
    }
    path = path.replacing("\\", with: "")
    while path.hasPrefix("/") { path.removeFirst() }
    if path.hasSuffix("/") { path += "a" }
    if path.isEmpty { throw ForeignPattern.Fault(reason: "its path says nothing") }
    return path
  }

  private static func names(
    for rule: ForeignRule, hasRegex: Bool, _ notes: inout [String]
  ) throws(ForeignPattern.Fault) -> [String] {
    guard let path = rule.path, !path.isEmpty else { return [] }
    let globs = try PathGlobs.globs(for: ForeignPattern(path))
    if let globs { return globs }
    guard hasRegex else {
      throw ForeignPattern.Fault(reason: "its path is more than patterns of ignore files can say")
    }
    notes.append(
      "it is applied to all paths, since its own are more than patterns of ignore files can say")
    return []
  }
}

extension TranslatedRule {
  /// What is searched for, and around it.
  private struct Shape {
    let anchors: [String]
    let ignoresCase: Bool
    let lead: Int
    let reach: Int?
    let pattern: String
    let examples: [String]

    init(
      _ regex: String, _ rule: ForeignRule, _ notes: inout [String]
    ) throws(ForeignPattern.Fault) {
      let read = try ForeignPattern(regex)
      let whole = read.withoutLooseEnds(
        atEnd: read.groups > 0 && read.group(max(1, rule.secretGroup)) != nil)
      guard rule.secretGroup <= whole.groups, rule.secretGroup >= 0 else {
        throw ForeignPattern.Fault(
          reason:
            "it has \(whole.groups) groups, and the secret is to be number \(rule.secretGroup)")
      }
      let bounded = try Self.bounded(whole, &notes)
      let secret = Self.secret(of: bounded, rule.secretGroup, &notes)
      let part = secret.flatMap { bounded.group($0) } ?? bounded
      guard !FixedText.isFixed(part) else {
        throw ForeignPattern.Fault(
          reason: "what it takes for the secret is the same in every match")
      }
      let text = bounded.text(secret: secret)
      pattern = secret == nil ? "(?<secret>\(text))" : text
      do throws(MatchingError) {
        _ = try Pattern(pattern)
      } catch {
        throw ForeignPattern.Fault(reason: "its expression cannot be used: \(error.reason)")
      }
      if let fixed = FixedText.best(of: bounded), fixed.lead <= TranslatedRule.widest,
        fixed.texts.allSatisfy({ $0.allSatisfy { (0x20..<0x7F).contains($0) } })
      {
        anchors = fixed.texts.map { String(decoding: $0, as: UTF8.self) }.sorted()
        (ignoresCase, lead, reach) = (fixed.ignoresCase, fixed.lead, nil)
      } else {
        let words = Set(rule.keywords.map { $0.lowercased() }).filter {
          (3...32).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        }
        guard !words.isEmpty else {
          throw ForeignPattern.Fault(
            reason: "no fixed text of three characters stands in every match, and no keyword "
              + "says where to look")
        }
        anchors = words.sorted()
        (ignoresCase, lead, reach) = (true, keywordReach, keywordReach)
        notes.append(
          "one of its keywords must stand within \(keywordReach) bytes, and not anywhere in the "
            + "same file")
      }
      let texts = ExampleText.texts(for: bounded, secret: secret)
      if texts.isEmpty {
        throw ForeignPattern.Fault(reason: "only characters that nobody can see match it")
      }
      let word = reach == nil ? "" : "\(anchors[0]) "
      examples = texts.map { word + $0 }
    }

    private static func bounded(
      _ pattern: ForeignPattern, _ notes: inout [String]
    ) throws(ForeignPattern.Fault) -> ForeignPattern {
      if let most = pattern.widths.most, most <= widest { return pattern }
      for bound in bounds {
        let bounded = pattern.bounded(by: bound)
        guard let most = bounded.widths.most, most <= widest else { continue }
        notes.append("repetitions without a bound are bound to \(bound)")
        return bounded
      }
      throw ForeignPattern.Fault(reason: "a match may have more than \(widest) bytes")
    }

    /// The group that is the secret; `nil` for the whole match.
    private static func secret(
      of pattern: ForeignPattern, _ asked: Int, _ notes: inout [String]
    ) -> Int? {
      if asked > 0 { return pattern.always(passes: asked) ? asked : nil }
      if pattern.groups == 0 { return nil }
      // What is the same in all matches is no secret, though some scanners take it for one.
      if pattern.group(1).map({ FixedText.isFixed($0) }) == true { return nil }
      let first = (1...pattern.groups).first { pattern.always(passes: $0) }
      guard let first, first == 1 else {
        notes.append("the secret is the whole match, since which group took part is not fixed")
        return nil
      }
      return first
    }
  }
}
