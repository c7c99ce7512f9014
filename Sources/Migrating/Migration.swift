package import Model

/// What other scanners were told, in keyscan's words, and what of it has none.
package struct Migration: Sendable {
  /// Something that was carried over or was not.
  package struct Item: Equatable, Sendable {
    /// Where it stands: `.gitleaks.toml: rules[3] acme-token`.
    package let source: String
    /// What it is now, or why it is nothing; a sentence without its end.
    package let text: String
  }

  package private(set) var carried: [Item] = []
  package private(set) var left: [Item] = []
  package private(set) var rules: [TranslatedRule] = []
  /// What is asked about each finding.
  package private(set) var judgements: [Judgement] = []
  package private(set) var entries: [ForeignEntry] = []

  private var excludes: [(glob: String, source: String)] = []
  private var settings: [(rule: String, source: String)] = []
  private var allows: [(rule: String, path: String, source: String)] = []

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

  private mutating func carry(_ source: String, _ text: String) {
    carried.append(Item(source: source, text: text))
  }

  /// Says that something is not carried over.
  package mutating func leave(_ source: String, _ reason: String) {
    left.append(Item(source: source, text: reason))
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
    for id in configuration.disabledRules { disable(id, file) }
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
        return leave(source, "it holds what looks like a secret itself")
      }
      rules.append(translated)
      carry(source, (["the rule \(translated.id)"] + notes).joined(separator: "; "))
      for list in rule.allowlists { add(list, of: file, for: [rule.id]) }
    } catch {
      leave(source, error.reason)
    }
  }

  /// Takes back a rule that does not hold what a rule must.
  package mutating func drop(_ id: String, because reason: String) {
    rules.removeAll { $0.id == id }
    allows.removeAll { $0.rule == id }
    if let i = carried.firstIndex(where: { $0.text.hasPrefix("the rule \(id)") }) {
      leave(carried.remove(at: i).source, reason)
    }
  }

  /// Takes back a rule that one of keyscan's own makes needless.
  package mutating func drop(_ id: String, inFavorOf other: RuleID) {
    rules.removeAll { $0.id == id }
    for i in allows.indices where allows[i].rule == id { allows[i].rule = other.description }
    if let i = carried.firstIndex(where: { $0.text.hasPrefix("the rule \(id)") }) {
      carried[i] = Item(
        source: carried[i].source, text: "nothing: keyscan's own \(other) finds the same")
    }
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

  private mutating func disable(_ id: String, _ file: String) {
    let source = "\(file): extend.disabledRules \(id)"
    guard KnownRules.isAlike(id), let name = KnownRules.name(for: id, among: providers) else {
      return leave(
        source, "which rule of keyscan's does the same is not sure; turn it off under “rules”")
    }
    settings.append((name.text, source))
    carry(source, "\(name.text) is off")
  }

  /// The names here of rules there; `nil` if one has none.
  private func names(of ids: [String]) -> [RuleName]? {
    var names: [RuleName] = []
    for id in ids {
      if let own = rules.first(where: { $0.foreignID == id }) {
        names.append(RuleName(own.id))
      } else if let known = KnownRules.name(for: id, among: providers) {
        names.append(known)
      } else {
        return nil
      }
    }
    return names
  }

  /// `ids` are the rules that it is for; none for all.
  private mutating func add(_ list: ForeignAllowlist, of file: String, for ids: [String]) {
    let source = "\(file): \(list.place)"
    guard let names = names(of: ids) else {
      return leave(source, "it is about a rule that keyscan knows by no name: \(ids[0])")
    }
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
    if asksAboutSecrets, !addExceptions(list, ids) { rest.append("what it says of secrets") }
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
      guard let pattern = try? ForeignPattern(path), let globs = PathGlobs.globs(for: pattern)
      else {
        isWhole = false
        continue
      }
      for glob in globs {
        if names.isEmpty {
          if !excludes.contains(where: { $0.glob == glob }) { excludes.append((glob, place)) }
        } else {
          allows += names.map { ($0.text, glob, place) }
        }
      }
      let what =
        names.isEmpty ? "excluded" : "allowed for \(names.map(\.text).joined(separator: ", "))"
      carry(place, "\(what): \(globs.joined(separator: "  "))")
    }
    return isWhole
  }

  /// Whether every rule that a list is for could be given its expressions and words.
  private mutating func addExceptions(_ list: ForeignAllowlist, _ ids: [String]) -> Bool {
    var patterns = list.stopwords.compactMap { word in
      (try? ForeignPattern("(?i:\\Q\(word)\\E)"))?.text(secret: nil)
    }
    if list.target == .secret {
      patterns += list.regexes.compactMap { (try? ForeignPattern($0))?.text(secret: nil) }
    }
    patterns.removeAll(where: holdsSecret)
    for i in rules.indices where ids.isEmpty || ids.contains(rules[i].foreignID) {
      rules[i].exceptions += patterns.filter { !rules[i].exceptions.contains($0) }
    }
    let own = Set(rules.map(\.foreignID))
    return !ids.isEmpty && ids.allSatisfy(own.contains)
      && patterns.count == list.stopwords.count + (list.target == .secret ? list.regexes.count : 0)
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
      for (rule, path, source) in allows {
        lines += [
          "  - rule: \(TranslatedRule.quoted(rule))", "    path: \(TranslatedRule.quoted(path))",
          "    reason: \(TranslatedRule.quoted(source))",
        ]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
