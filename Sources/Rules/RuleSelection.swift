package import Model

/// Which rules of a book are applied.
package struct RuleSelection: Sendable, Equatable {
  /// If there are any, only these; each is an id, or the beginning of ids with an asterisk.
  package var only: [RuleName]
  /// Not these, written alike.
  package var without: [RuleName]

  package init(only: [RuleName] = [], without: [RuleName] = []) {
    self.only = only
    self.without = without
  }

  /// All rules are applied.
  package var isAll: Bool { only.isEmpty && without.isEmpty }

  package func picks(_ id: RuleID) -> Bool {
    (only.isEmpty || only.contains { $0.names(id) })
      && !without.contains { $0.names(id) }
  }

  /// The names that are none of `ids`, which can only be mistakes.
  package func strangers(among ids: [RuleID]) -> [RuleName] {
    (only + without).filter { name in !ids.contains { name.names($0) } }
  }

  /// What tells this selection from others.
  package var edition: [UInt8] {
    var edition: [UInt8] = []
    for (sign, names) in [("+", only), ("-", without)] {
      for name in names { edition += Array("\(sign)\(name.text)\n".utf8) }
    }
    return edition
  }
}

extension RuleBook {
  /// The rules that `selection` picks, and what they need of the others beside a secret.
  package func selecting(_ selection: RuleSelection) -> RuleBook {
    if selection.isAll { return self }
    let picked = rules.filter { selection.picks($0.id) }
    let needed = Set(picked.flatMap(\.companions).map(\.rule))
    return RuleBook(
      rules.compactMap { rule in
        if selection.picks(rule.id) { return rule }
        guard needed.contains(rule.id) else { return nil }
        var companion = rule
        companion.role = .companion
        return companion
      })
  }
}
