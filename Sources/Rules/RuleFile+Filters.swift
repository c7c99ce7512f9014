internal import Documents
internal import Matching
internal import Model
internal import Yams

/// Reading what a secret must be like beyond its shape.
extension RuleFile {
  static func filters(_ fields: Fields, _ faults: Fields.Faults) -> Rule.Filters {
    guard let node = fields["filters"],
      let filters = Fields(
        node,
        keys: [
          "entropy", "placeholders", "except", "structure", "checksum", "claims", "looks-random",
          "accounts",
        ],
        what: "filters", faults: faults)
    else { return Rule.Filters() }
    var structure: Rule.Structure?
    if let node = filters["structure"],
      let inner = Fields(
        node, keys: ["pattern", "otherwise"], what: "a structure", faults: faults),
      let pattern = inner.text("pattern")
    {
      do throws(MatchingError) {
        _ = try Pattern(pattern)
        structure = Rule.Structure(
          pattern: pattern, otherwise: inner.choice("otherwise", as: Confidence.self) ?? .medium)
      } catch {
        inner.note("the pattern cannot be used: \(error.reason)", at: "pattern")
      }
    }
    return Rule.Filters(
      minimumEntropy: filters.decimal("entropy", in: 0...8),
      placeholders: filters.texts("placeholders"), exceptions: exceptions(filters, faults),
      structure: structure,
      checksum: filters["checksum"].flatMap { checksum($0, faults) },
      claims: filters.choice("claims", as: Rule.Claims.self),
      looksRandom: filters.flag("looks-random"),
      accounts: filters["accounts"].flatMap { accounts($0, faults) })
  }

  private static func exceptions(_ filters: Fields, _ faults: Fields.Faults) -> [String] {
    filters.nodes("except").compactMap { node in
      guard let pattern = node.scalar?.string else {
        faults.note("“except” must be a list of patterns", at: node)
        return nil
      }
      do throws(MatchingError) {
        _ = try Pattern(pattern)
        return pattern
      } catch {
        faults.note("the pattern cannot be used: \(error.reason)", at: node)
        return nil
      }
    }
  }

  private static func checksum(_ node: Node, _ faults: Fields.Faults) -> Rule.Checksum? {
    guard
      let fields = Fields(
        node, keys: ["kind", "otherwise"], what: "a checksum", shape: "{kind: crc32-base62}",
        faults: faults)
    else { return nil }
    guard let kind = fields.choice("kind", as: Rule.Checksum.Kind.self) else {
      if fields.isMissing("kind") { fields.note("“kind” is missing") }
      return nil
    }
    return Rule.Checksum(
      kind: kind, otherwise: fields.choice("otherwise", as: Confidence.self) ?? .low)
  }

  private static func accounts(_ node: Node, _ faults: Fields.Faults) -> Rule.Accounts? {
    guard let fields = Fields(node, keys: ["only", "except"], what: "accounts", faults: faults)
    else { return nil }
    let (only, except) = (fields.texts("only"), fields.texts("except"))
    if only.isEmpty == except.isEmpty {
      fields.note("accounts are either a list “only” or a list “except”")
      return nil
    }
    for number in only + except
    where number.utf8.count != 12 || !number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      fields.note("“\(number)” is no account: a number of twelve digits, in quotes")
    }
    return Rule.Accounts(only + except, isExcept: only.isEmpty)
  }
}
