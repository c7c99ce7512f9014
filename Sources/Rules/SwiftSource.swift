internal import Bytes
internal import Model

extension RuleBook {
  /// The book as the source of the target `BuiltInRules`, so that nothing is parsed at start.
  package var swiftSource: String {
    var text = """
      // swift-format-ignore-file
      // Made from rules/*.yml by `make build`; a test fails when the two differ.
      package import Rules
      internal import Bytes
      internal import Model

      extension RuleBook {
        /// The rules that keyscan comes with.
        package static let builtIn = RuleBook([
      \(rules.indices.map { "    rule\($0)()," }.joined(separator: "\n"))
        ], table: LiteralTable(text: \(literal(table.text)),
          digest: \(table.digest)))
      }

      """
    for (i, rule) in rules.enumerated() {
      text += "\nprivate func rule\(i)() -> Rule {\n  Rule(\n"
      text += fields(of: rule).map { "    \($0.name): \($0.value)" }.joined(separator: ",\n")
      text += ")\n}\n"
    }
    return text
  }

  private func fields(of rule: Rule) -> [(name: String, value: String)] {
    [
      ("id", "RuleID(\(literal(rule.id.description)))"),
      ("provider", literal(rule.provider)),
      ("title", literal(rule.title)),
      ("description", literal(rule.description)),
      ("severity", ".\(rule.severity)"),
      ("confidence", ".\(rule.confidence)"),
      ("kind", ".\(rule.kind)"),
      ("role", ".\(rule.role)"),
      ("anchors", list(rule.anchors.map(anchor))),
      ("ignoresCase", "\(rule.ignoresCase)"),
      ("searchesEscapes", "\(rule.searchesEscapes)"),
      ("assignedTo", rule.assignedTo.map(literal) ?? "nil"),
      ("shape", rule.shape.map(shape) ?? "nil"),
      ("notBefore", set(rule.notBefore)),
      ("notAfter", set(rule.notAfter)),
      ("keywords", list(rule.keywords.map(literal))),
      ("keywordDistance", "\(rule.keywordDistance)"),
      ("companions", list(rule.companions.map(companion))),
      ("filters", filters(rule.filters)),
      ("names", list(rule.names.map(literal))),
      ("supersedes", list(rule.supersedes.map { "RuleID(\(literal($0.description)))" })),
      ("lessSureIn", list(rule.lessSureIn.map(literal))),
      ("joinsLines", "\(rule.joinsLines)"),
      ("remediation", list(rule.remediation.map(literal))),
      ("references", list(rule.references.map(literal))),
      ("examples", list(rule.examples.map(example))),
      ("nonExamples", list(rule.nonExamples.map(nonExample))),
      ("knownMisses", list(rule.knownMisses.map(example))),
    ]
  }

  func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

  private func anchor(_ anchor: Rule.Anchor) -> String {
    let encoded = anchor.encoded.map { ", encoded: \(literal($0))" } ?? ""
    return "Rule.Anchor(\(literal(anchor.text))\(encoded))"
  }

  private func shape(_ shape: Rule.Shape) -> String {
    """
    Rule.Shape(pattern: \(literal(shape.pattern)), \
    widths: \(shape.widths.lowerBound)...\(shape.widths.upperBound), \
    lead: \(shape.lead), reach: \(shape.reach.map(String.init) ?? "nil"))
    """
  }

  /// A set is written as the named sets that make it up, and single characters.
  private func set(_ set: ByteSet) -> String {
    set.isEmpty ? "ByteSet()" : "ByteSet(\(literal(String(decoding: set.members, as: UTF8.self))))"
  }

  private func companion(_ companion: Rule.Companion) -> String {
    """
    Rule.Companion(rule: RuleID(\(literal(companion.rule.description))), \
    distance: \(companion.distance), isRequired: \(companion.isRequired))
    """
  }

  private func filters(_ filters: Rule.Filters) -> String {
    let structure = filters.structure.map {
      "Rule.Structure(pattern: \(literal($0.pattern)), otherwise: .\($0.otherwise))"
    }
    let checksum = filters.checksum.map {
      "Rule.Checksum(kind: .\($0.kind), otherwise: .\($0.otherwise))"
    }
    let accounts = filters.accounts.map {
      "Rule.Accounts(\(list($0.numbers.map(literal))), isExcept: \($0.isExcept))"
    }
    // Few rules have any, so that the others need not say so.
    let exceptions =
      filters.exceptions.isEmpty
      ? "" : "exceptions: \(list(filters.exceptions.map(literal))), "
    return """
      Rule.Filters(minimumEntropy: \(filters.minimumEntropy.map { String($0) } ?? "nil"), \
      placeholders: \(list(filters.placeholders.map(literal))), \(exceptions)structure: \(structure ?? "nil"), \
      checksum: \(checksum ?? "nil"), claims: \(filters.claims.map { ".\($0)" } ?? "nil"), \
      looksRandom: \(filters.looksRandom), accounts: \(accounts ?? "nil"))
      """
  }

  private func example(_ example: Rule.Example) -> String {
    let path = example.path.map { ", path: \(literal($0))" } ?? ""
    return "Rule.Example(\(literal(example.text))\(path))"
  }

  private func nonExample(_ one: Rule.NonExample) -> String {
    let path = one.example.path.map { ", path: \(literal($0))" } ?? ""
    return
      "Rule.NonExample(\(literal(one.example.text))\(path), because: \(literal(one.because)))"
  }

  func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": literal += "\\\(scalar)"
      case "\n": literal += "\\n"
      case let scalar where scalar.value < 0x20:
        literal += "\\u{\(String(scalar.value, radix: 16))}"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
