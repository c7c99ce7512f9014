internal import Model

extension RuleBook {
  /// The book for a person: every rule, by provider, as the page `docs/rules.md`.
  package var catalogue: String {
    let found = rules.filter { $0.role == .finding }
    let providers = Dictionary(grouping: found, by: \.provider)
      .sorted { $0.key.lowercased() < $1.key.lowercased() }
    var page = """
      # The rule book

      \(found.count) rules for \(providers.count) providers. Made from `rules/` by `make build`; a \
      test fails when the two differ. `keyscan rules show ID` says all about a rule,
      [writing-rules.md](writing-rules.md) how to write one.

      A token is known by its own shape, by the name that it is given to, by what stands beside it,
      or by the file's name. A finding is less sure than its rule says where a checksum or a tighter
      shape does not hold, and in files that are not live (tests, documentation, vendored code),
      where the rule says so.

      """
    for (provider, rules) in providers {
      page += "\n## \(provider)\n\n| Rule | Finds | Severity | Known by |\n|---|---|---|---|\n"
      for rule in rules.sorted(by: { $0.id < $1.id }) {
        let severity =
          rule.severity.rawValue
          + (rule.confidence == .high ? "" : ", \(rule.confidence) confidence")
        page += "| `\(rule.id)` | \(cell(rule.title)) | \(severity) | \(cell(rule.hallmark)) |\n"
      }
      page += liveChecks(of: rules)
    }
    return page
  }

  /// Where it is asked whether secrets are alive, a line for each request.
  private func liveChecks(of rules: [Rule]) -> String {
    let asked = rules.compactMap { rule in rule.liveCheck.map { (id: rule.id, check: $0) } }
    let requests = Dictionary(grouping: asked) { one in
      let only = one.check.isOnlyIfNamed ? "Only with" : "With"
      return "\(only) `--verify=\(one.check.provider)`, \(one.check.request.host) is asked "
        + "(`\(one.check.summary)`) whether what is found by"
    }
    return requests.sorted { $0.key < $1.key }.map { beginning, asked in
      let ids = asked.map(\.id).sorted().map { "`\($0)`" }.joined(separator: ", ")
      return "\n\(beginning) \(ids) is alive.\n"
    }.joined()
  }

  private func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}

extension Rule {
  /// What makes the secret known, in a few words.
  fileprivate var hallmark: String {
    func list(_ texts: [String]) -> String {
      let shown = texts.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
      return texts.count > 4 ? "\(shown), …" : shown
    }
    let words = list(anchors.map(\.text))
    if filters.looksRandom { return "a random look, under a name such as \(words)" }
    if anchors.isEmpty { return "the file's name: \(list(names.filter { !$0.hasPrefix("!") }))" }
    var text =
      assignedTo != nil
      ? "a name with \(words)"
      : isKnownByToken ? "its shape: \(words)" : "what stands beside it: \(words)"
    if filters.checksum != nil { text += ", and a checksum" }
    if !keywords.isEmpty { text += ", near \(list(keywords))" }
    if companions.contains(where: \.isRequired) { text += ", with its id" }
    if !names.isEmpty { text += ", in \(list(names))" }
    return text
  }
}
