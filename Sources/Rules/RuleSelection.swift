package import Model

/// Which rules of a book are applied.
package struct RuleSelection: Sendable, Equatable {
  /// If there are any, only these; each is an id, or the beginning of ids with an asterisk.
  package var only: [String]
  /// Not these, written alike.
  package var without: [String]

  package init(only: [String] = [], without: [String] = []) {
    self.only = only
    self.without = without
  }

  /// All rules are applied.
  package var isAll: Bool { only.isEmpty && without.isEmpty }

  package func picks(_ id: RuleID) -> Bool {
    (only.isEmpty || only.contains { Self.names(id, $0) })
      && !without.contains { Self.names(id, $0) }
  }

  /// The texts that name none of `ids`, which can only be mistakes.
  package func strangers(among ids: [RuleID]) -> [String] {
    (only + without).filter { text in !ids.contains { Self.names($0, text) } }
  }

  /// What tells this selection from others.
  package var edition: [UInt8] {
    var edition: [UInt8] = []
    for (sign, texts) in [("+", only), ("-", without)] {
      for text in texts { edition += Array("\(sign)\(text)\n".utf8) }
    }
    return edition
  }

  private static func names(_ id: RuleID, _ text: String) -> Bool {
    text.hasSuffix("*") ? id.description.hasPrefix(text.dropLast()) : id.description == text
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
