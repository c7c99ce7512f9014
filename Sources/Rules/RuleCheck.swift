internal import Bytes
internal import Documents
internal import Model

/// What must be true of rules beyond their being read.
package enum RuleCheck {
  /// What is wrong with an id; `nil` if nothing is.
  static func id(_ id: String, prefix: String) -> String? {
    let parts = id.split(separator: ".", omittingEmptySubsequences: false)
    let isWord = { (part: Substring) in
      part.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } == true
        && part.utf8.allSatisfy { ByteSet("abcdefghijklmnopqrstuvwxyz0123456789-").contains($0) }
    }
    guard parts.count == 2, parts.allSatisfy(isWord) else {
      return "the id “\(id)” must read provider.kind, in small letters, digits and hyphens"
    }
    guard parts[0] == prefix else {
      return "the id “\(id)” must begin with “\(prefix).”, as its file is named"
    }
    return nil
  }

  /// What is wrong with an anchor; `nil` if nothing is.
  static func anchor(_ anchor: Rule.Anchor) -> String? {
    let longest = Rule.Anchor.longest
    for text in [anchor.text, anchor.encoded].compactMap(\.self) {
      if text.isEmpty || text.utf8.count > longest {
        return "an anchor has 1 to \(longest) bytes; “\(text)” has \(text.utf8.count)"
      }
      if !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
        return "an anchor is made of ASCII characters that can be seen"
      }
    }
    if let encoded = anchor.encoded, !encoded.hasPrefix(anchor.text) {
      return "“encoded” must begin with “\(anchor.text)”"
    }
    return nil
  }

  /// Whether every match of `pattern` begins with `text`, as far as its first characters show.
  static func begins(_ pattern: String, with text: String) -> Bool {
    let pattern = pattern.hasPrefix("(?<secret>") ? pattern.dropFirst(10) : pattern[...]
    var literal = ""
    var rest = pattern
    while let next = rest.first, literal.utf8.count < text.utf8.count {
      if next == "\\" {
        guard let escaped = rest.dropFirst().first, escaped.isPunctuation || escaped.isSymbol else {
          return false
        }
        literal.append(escaped)
        rest = rest.dropFirst(2)
      } else {
        guard !"[](){}?*+|^$.".contains(next) else { return false }
        literal.append(next)
        rest = rest.dropFirst()
      }
    }
    // A repetition after the last character would make it optional.
    return literal == text && !"?*{".contains(rest.first ?? " ")
  }

  /// What is wrong with the windows in which a rule is judged.
  static func windows(of rule: Rule) -> [String] {
    guard let shape = rule.shape else { return [] }
    let before = shape.lead + Rule.neighbourhood
    let after = max(0, shape.reach ?? 0) + shape.widths.upperBound + Rule.neighbourhood
    let limit = JudgingWindow.limit
    return max(before, after) <= limit
      ? []
      : ["a match needs \(before) bytes before its anchor and \(after) after it; at most \(limit)"]
  }

  /// What is wrong with rules as a set: ids that are taken, and names of rules that are none.
  ///
  /// Rules with faults of their own are not missed.
  static func relations(
    of rules: [Rule], beside known: [Rule], at origins: [RuleID: RuleFile.Origin],
    faulty: Set<RuleID>
  ) -> [DocumentError] {
    var errors: [DocumentError] = []
    func note(_ rule: Rule, _ message: String) {
      let origin = origins[rule.id]
      errors.append(
        DocumentError(
          file: origin?.file ?? rule.id.description, line: origin?.line, column: nil,
          message: message))
    }
    let taken = Set(known.map(\.id))
    for rule in rules where taken.contains(rule.id) { note(rule, self.taken(rule.id, by: known)) }
    let all = taken.union(rules.map(\.id))
    for rule in rules {
      let partners = rule.liveCheck?.partner.map { [$0.rule] } ?? []
      for other in rule.supersedes + rule.companions.map(\.rule) + partners
      where !all.contains(other) && !faulty.contains(other) {
        let near = Spelling.nearest(to: other.description, among: rules.map(\.id.description))
        let hint = near.map { "; did you mean “\($0)”?" } ?? ""
        note(rule, "\(rule.id) names the rule “\(other)”, which does not exist\(hint)")
      }
      if let fault = partner(of: rule, among: known + rules) { note(rule, fault) }
    }
    return errors
  }

  /// That an id is another rule's: of a file that was read, or of the rules that were there.
  static func taken(_ id: RuleID, by known: [Rule]?) -> String {
    let whose =
      known == nil ? "a rule before it in this file has it" : "a rule that is loaded has it"
    return "the id “\(id)” is taken already, \(whose); choose another"
  }
}
