package import Model

/// What other scanners were told, in keyscan's words, and what of it has none.
package struct Migration: Sendable {
  /// Something that was carried over or was not.
  package struct Item: Equatable, Sendable {
    /// Where it stands: `.gitleaks.toml: rules[3] acme-token`.
    package let source: String
    /// What it is now, or why it is nothing; a sentence without its end.
    package let text: String
    /// The rule that it became, if it did.
    fileprivate var rule: String?
  }

  package private(set) var carried: [Item] = []
  package private(set) var left: [Item] = []
  package private(set) var rules: [TranslatedRule] = []
  /// What is asked about each finding.
  package private(set) var judgements: [Judgement] = []
  package private(set) var entries: [ForeignEntry] = []

  private var excludes: [(glob: String, source: String)] = []
  private var settings: [(rule: String, source: String)] = []
  private var allows: [(rule: String, path: String, fingerprint: Fingerprint?, source: String)] =
    []
  /// Rules that files define and keyscan cannot say.
  private var untranslated: Set<String> = []

  /// What the rules that are taken over are named by.
  package let scanner: String
  private let providers: Set<String>
  private let taken: Set<String>
  private let holdsSecret: @Sendable (String) -> Bool

  /// `scanner` names the rules that are taken over, `rules` are those that keyscan has, and
  /// `holdsSecret` tells whether a text may not be copied into another file.
  package init(
    scanner: String, beside rules: [RuleID], holdsSecret: @escaping @Sendable (String) -> Bool
  ) {
    self.scanner = scanner
    providers = Set(rules.map(\.provider))
    taken = Set(rules.map(\.description))
    self.holdsSecret = holdsSecret
  }

  private mutating func carry(_ source: String, _ text: String, rule: String? = nil) {
    carried.append(Item(source: masked(source), text: masked(text), rule: rule))
  }

  /// The text, or what says that it holds a secret.
  private func masked(_ text: String) -> String {
    holdsSecret(text) ? "(what looks like a secret)" : text
  }

  /// Says that something is not carried over.
  package mutating func leave(_ source: String, _ reason: String) {
    left.append(Item(source: masked(source), text: masked(reason)))
  }

  // MARK: Configurations

  /// Takes a configuration over, with those that it builds on already in it.
  package mutating func add(_ configuration: ForeignConfiguration) {
    let file = configuration.file
    for one in configuration.left { leave("\(file): \(one.place)", one.reason) }
    if configuration.extendsDefault {
      carry("\(file): extend.useDefault", "keyscan's own rules take the place of the default ones")
    } else if !configuration.rules.isEmpty {
      carry(file, "its rules come beside keyscan's own, which --no-rule leaves out")
    }
    for rule in configuration.rules { add(rule, of: file) }
    let own = Set(configuration.rules.filter { $0.regex != nil || $0.path != nil }.map(\.id))
    for id in configuration.disabledRules {
      disable(id, file, isDefault: configuration.extendsDefault && !own.contains(id))
    }
    for list in configuration.allowlists { add(list, of: file, for: list.rules) }
  }

  private mutating func add(_ rule: ForeignRule, of file: String) {
    let source = "\(file): \(rule.place) \(rule.id)"
    guard rule.regex != nil || rule.path != nil else {
      // A rule of the scanner's own that gets something besides.
      if rule.allowlists.isEmpty {
        leave(source, "it changes a rule of gitleaks' own, which keyscan has in words of its own")
      }
      for list in rule.allowlists { add(list, of: file, for: [rule.id]) }
      return
    }
    var notes: [String] = []
    do throws(ForeignPattern.Fault) {
      let translated = try TranslatedRule(
        rule, from: file, scanner: scanner, taken: taken.union(rules.map(\.id)), notes: &notes)
      guard !holdsSecret(translated.lines.joined(separator: "\n")) else {
        untranslated.insert(rule.id)
        return leave(source, "it holds what looks like a secret itself")
      }
      rules.append(translated)
      carry(
        source, (["the rule \(translated.id)"] + notes).joined(separator: "; "),
        rule: translated.id)
      for list in rule.allowlists { add(list, of: file, for: [rule.id]) }
    } catch {
      untranslated.insert(rule.id)
      leave(source, error.reason)
    }
  }

  /// Takes back a rule that does not hold what a rule must, and what was said of it.
  package mutating func drop(_ id: String, because reason: String) {
    forget(id)
    if let i = carried.firstIndex(where: { $0.rule == id }) {
      leave(carried.remove(at: i).source, reason)
    }
  }

  /// Takes back a rule that one of keyscan's own makes needless, and what was said of it.
  package mutating func drop(_ id: String, inFavorOf other: RuleID) {
    let hadMore = allows.contains { $0.rule == id }
    forget(id)
    guard let i = carried.firstIndex(where: { $0.rule == id }) else { return }
    let more = hadMore ? "; what it was told to pass over is not carried over" : ""
    carried[i] = Item(
      source: carried[i].source, text: "nothing: keyscan's own \(other) finds the same\(more)")
  }

  private mutating func forget(_ id: String) {
    untranslated.formUnion(rules.filter { $0.id == id }.map(\.foreignID))
    rules.removeAll { $0.id == id }
    allows.removeAll { $0.rule == id }
  }

  /// Has one of two rules that find the same come before the other.
  package mutating func put(_ id: String, before other: String) {
    guard let i = rules.firstIndex(where: { $0.id == id }),
      !rules[i].supersedes.contains(other)
    else { return }
    rules[i].supersedes.append(other)
  }

  /// Chooses which of a rule's examples stands in its file.
  package mutating func choose(example: Int, for id: String) {
    guard let i = rules.firstIndex(where: { $0.id == id }) else { return }
    rules[i].example = example
  }

  private mutating func disable(_ id: String, _ file: String, isDefault: Bool) {
    let source = "\(file): extend.disabledRules \(id)"
    guard isDefault else {
      return leave(source, "it is no rule of gitleaks' own here")
    }
    guard let name = KnownRules.name(for: id) else {
      return leave(
        source, "which rule of keyscan's does the same is not sure; turn it off under “rules”")
    }
    settings.append((name.text, source))
    carry(source, "\(name.text) is off")
  }

  /// The names here of rules there; the first id that has none instead.
  private func names(of ids: [String]) -> (names: [RuleName], unknown: String?) {
    var names: [RuleName] = []
    for id in ids {
      if let own = rules.first(where: { $0.foreignID == id }) {
        names.append(RuleName(own.id))
      } else if !untranslated.contains(id), let known = KnownRules.name(for: id) {
        names.append(known)
      } else {
        return ([], id)
      }
    }
    return (names, nil)
  }

  /// The names of rules that may have found at one place what the rule `id` of the other scanner
  /// found there; `nil` if that is not known.
  package func relatives(of id: String) -> [RuleName]? {
    if let own = rules.first(where: { $0.foreignID == id }) { return [RuleName(own.id)] }
    if untranslated.contains(id) { return nil }
    return KnownRules.relatives(of: id, among: providers)
  }

  /// `ids` are the rules that it is for; none for all.
  private mutating func add(_ list: ForeignAllowlist, of file: String, for ids: [String]) {
    let source = "\(file): \(list.place)"
    let (names, unknown) = names(of: ids)
    if let unknown {
      return leave(source, "it is about a rule that keyscan knows by no name: \(unknown)")
    }
    var list = list
    list.paths.removeAll { path in
      do throws(ForeignPattern.Fault) {
        _ = try Judgement.pattern(path)
        return false
      } catch {
        // Of what must all hold nothing may be left out.
        if list.needsAll { return false }
        leave(source, "a path cannot be used: \(error.reason)")
        return true
      }
    }
    if list.isEmpty { return }
    let isPartly = list.target != .secret && !list.regexes.isEmpty
    if isPartly {
      let what = "expressions about a whole \(list.target.rawValue) have no like in keyscan"
      if list.needsAll || list.commits.isEmpty && list.paths.isEmpty && list.stopwords.isEmpty {
        return leave(source, what)
      }
      leave("\(source).regexes", what)
    }
    let judgement: Judgement
    do throws(ForeignPattern.Fault) {
      judgement = try Judgement(list, for: names, source: source)
    } catch {
      return leave(source, "an expression cannot be used: \(error.reason)")
    }
    if list.needsAll {
      judgements.append(judgement)
      return carry(source, "what it allows now goes into the baseline; it asks for several things")
    }
    var rest: [String] = []
    if !list.paths.isEmpty, !addPaths(list, source, names) { rest.append("some of its paths") }
    if !list.commits.isEmpty { rest.append("its commits") }
    let asksAboutSecrets = !list.stopwords.isEmpty || !list.regexes.isEmpty && !isPartly
    if asksAboutSecrets, !addExceptions(list, ids, of: file) {
      rest.append("what it says of secrets")
    }
    if rest.isEmpty { return }
    judgements.append(judgement)
    carry(
      source,
      "what is found now by \(rest.joined(separator: " and ")) goes into the baseline, since the "
        + "configuration cannot say it")
  }

  /// Whether all paths could be said as patterns of ignore files.
  private mutating func addPaths(
    _ list: ForeignAllowlist, _ source: String, _ names: [RuleName]
  ) -> Bool {
    var isWhole = true
    for (i, path) in list.paths.enumerated() {
      let place = "\(source).paths[\(i)]"
      guard !holdsSecret(path), let pattern = try? ForeignPattern(path),
        let globs = PathGlobs.globs(for: pattern), !globs.contains(where: holdsSecret)
      else {
        isWhole = false
        continue
      }
      for glob in globs {
        if names.isEmpty {
          if !excludes.contains(where: { $0.glob == glob }) { excludes.append((glob, place)) }
        } else {
          allows += names.map { ($0.text, glob, nil, place) }
        }
      }
      let what =
        names.isEmpty ? "excluded" : "allowed for \(names.map(\.text).joined(separator: ", "))"
      carry(place, "\(what): \(globs.joined(separator: "  "))")
    }
    return isWhole
  }

  /// Whether every rule that a list is for could be given its expressions and words.
  private mutating func addExceptions(
    _ list: ForeignAllowlist, _ ids: [String], of file: String
  ) -> Bool {
    let texts =
      list.stopwords.map { "(?i:\\Q\($0)\\E)" } + (list.target == .secret ? list.regexes : [])
    let raw = list.stopwords + (list.target == .secret ? list.regexes : [])
    var patterns: [String] = []
    for (text, raw) in zip(texts, raw) where !holdsSecret(raw) {
      guard let pattern = try? ForeignPattern(text), !isValue(raw, pattern) else { continue }
      patterns.append(pattern.text(secret: nil))
    }
    let isFitting = patterns.reduce(0) { $0 + $1.utf8.count } <= Self.mostExceptionBytes
    if !isFitting { patterns = [] }
    for i in rules.indices
    where rules[i].file == file && (ids.isEmpty || ids.contains(rules[i].foreignID)) {
      rules[i].exceptions += patterns.filter { !rules[i].exceptions.contains($0) }
    }
    let own = Set(rules.filter { $0.file == file }.map(\.foreignID))
    return !ids.isEmpty && ids.allSatisfy(own.contains) && patterns.count == raw.count
  }

  /// The most bytes of all that a list takes out of a rule: they are compiled as one.
  private static let mostExceptionBytes = 8000

  /// Whether an expression is one value and no word: a password may be, which is not copied.
  private func isValue(_ raw: String, _ pattern: ForeignPattern) -> Bool {
    guard raw.utf8.count >= 8, FixedText.isFixed(pattern) else { return false }
    return raw.contains(where: \.isNumber)
      || raw.contains(where: \.isUppercase) && raw.contains(where: \.isLowercase)
  }

  // MARK: Places

  /// Takes over what is passed over at single places, and the paths that are left out.
  package mutating func add(_ others: ForeignEntries, from file: String) {
    entries += others.entries
    for one in others.left {
      leave(one.place.hasPrefix(file) ? one.place : "\(file): \(one.place)", one.reason)
    }
    for (place, pattern) in others.pathPatterns {
      var list = ForeignAllowlist(place: place)
      list.paths = [pattern]
      add(list, of: file, for: [])
    }
  }

  /// Allows one finding at one path, and nowhere else.
  package mutating func allow(_ finding: Finding, at path: [UInt8], source: String) {
    guard let text = String(validating: path, as: UTF8.self) else { return }
    var glob = "/"
    for character in text.unicodeScalars {
      if "*?[\\".unicodeScalars.contains(character) { glob += "\\" }
      glob.unicodeScalars.append(character)
    }
    allows.append((finding.rule.base.description, glob, finding.fingerprint, source))
  }

  // MARK: What is written

  /// A file of rules; `nil` without any.
  package var ruleFile: String? {
    guard !rules.isEmpty else { return nil }
    let head = ["# Taken over by keyscan migrate.", "provider: \(scanner)", "rules:"]
    return (head + rules.flatMap(\.lines)).joined(separator: "\n") + "\n"
  }

  /// A configuration; `nil` if it would say nothing.
  package var configuration: String? {
    if excludes.isEmpty, settings.isEmpty, allows.isEmpty { return nil }
    var lines = ["# Taken over by keyscan migrate.", "version: 1"]
    if !excludes.isEmpty {
      lines.append("exclude:")
      for (glob, source) in excludes {
        lines += ["  # \(source)", "  - \(TranslatedRule.quoted(glob))"]
      }
    }
    if !settings.isEmpty {
      lines.append("rules:")
      for (rule, source) in settings where !lines.contains("  \(TranslatedRule.quoted(rule)): off")
      {
        lines += ["  # \(source)", "  \(TranslatedRule.quoted(rule)): off"]
      }
    }
    if !allows.isEmpty {
      lines.append("allow:")
      for (rule, path, fingerprint, source) in allows {
        lines += [
          "  - rule: \(TranslatedRule.quoted(rule))", "    path: \(TranslatedRule.quoted(path))",
        ]
        if let fingerprint { lines.append("    fingerprint: \(fingerprint)") }
        lines.append("    reason: \(TranslatedRule.quoted(masked(source)))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
