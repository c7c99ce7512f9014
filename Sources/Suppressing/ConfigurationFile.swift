package import Documents
internal import Model
internal import Yams

extension Configuration {
  /// The name of the file at a repository's root.
  package static let fileName = ".keyscan.yml"
  /// The most bytes that such a file may have.
  package static let sizeLimit = 1 << 20

  /// Reads the content of a configuration file, and notes everything that is wrong with it.
  ///
  /// `source` is the file as the user knows it.
  package static func read(
    _ content: String, source: String
  ) -> (configuration: Configuration, errors: [DocumentError]) {
    let faults = Fields.Faults(file: source)
    var configuration = Configuration(source: source)
    if let root = YAMLDocument.root(of: content, from: .anybody, faults),
      let fields = Fields(
        root, keys: ["version", "exclude", "rules", "allow", "accept-gaps"],
        what: "a configuration", faults: faults)
    {
      if fields.number("version", in: 1...1) == nil, fields["version"] == nil {
        fields.note("“version: 1” is missing")
      }
      configuration.readExcludes(fields, faults)
      configuration.readRules(fields, faults)
      for node in fields.nodes("allow") {
        if let allow = Allow(node, faults) { configuration.allows.append(allow) }
      }
      for node in fields.nodes("accept-gaps") {
        if let gap = AcceptedGap(node, faults) { configuration.acceptedGaps.append(gap) }
      }
    }
    return (configuration, faults.errors)
  }

  private mutating func readExcludes(_ fields: Fields, _ faults: Fields.Faults) {
    for node in fields.nodes("exclude") {
      guard let text = node.scalar?.string, !text.isEmpty, !text.contains("\n") else {
        faults.note("“exclude” must be a list of patterns, each on a line", at: node)
        continue
      }
      excludes.append(Exclude(pattern: text, line: node.mark?.line ?? 0))
    }
  }

  private mutating func readRules(_ fields: Fields, _ faults: Fields.Faults) {
    guard let node = fields["rules"] else { return }
    guard let mapping = node.mapping else {
      faults.note("“rules” must be a mapping of rules to off or a severity", at: node)
      return
    }
    let words = Severity.allCases.map(\.rawValue).joined(separator: ", ")
    for (key, value) in mapping {
      let (name, word) = (key.string ?? "", value.scalar?.string ?? "")
      let severity = Severity(rawValue: word)
      guard !name.isEmpty, word == "off" || severity != nil else {
        faults.note("a rule is set to off or to one of \(words)", at: value)
        continue
      }
      rules.append(
        RuleSetting(names: RuleName(name), severity: severity, line: key.mark?.line ?? 0))
    }
  }
}

extension Configuration.Allow {
  fileprivate init?(_ node: Node, _ faults: Fields.Faults) {
    guard
      let fields = Fields(
        node, keys: ["rule", "path", "fingerprint", "reason", "until"],
        what: "an entry of “allow”", faults: faults)
    else { return nil }
    line = node.mark?.line ?? 0
    rule = fields.optionalText("rule").map { RuleName($0) }
    path = fields.optionalText("path")
    reason = fields.optionalText("reason")
    until = fields.day("until")
    if let text = fields.optionalText("fingerprint") {
      fingerprint = Fingerprint(hexadecimal: text)
      if fingerprint == nil {
        fields.note("“fingerprint” must be the 32 digits that a report shows", at: "fingerprint")
        return nil
      }
    }
    if rule == nil, path == nil, fingerprint == nil {
      fields.note("an entry of “allow” needs a rule, a path or a fingerprint")
      return nil
    }
  }
}

extension Configuration.AcceptedGap {
  fileprivate init?(_ node: Node, _ faults: Fields.Faults) {
    guard
      let fields = Fields(
        node, keys: ["kind", "path", "reason", "until"], what: "an entry of “accept-gaps”",
        faults: faults)
    else { return nil }
    let known = Self.kinds.map(\.rawValue).joined(separator: ", ")
    guard let text = fields.text("kind"),
      let kind = Self.kinds.first(where: { $0.rawValue == text })
    else {
      fields.note("“kind” must be one of \(known)", at: "kind")
      return nil
    }
    self.kind = kind
    line = node.mark?.line ?? 0
    path = fields.optionalText("path")
    reason = fields.optionalText("reason")
    until = fields.day("until")
  }
}

extension Fields {
  /// The end of a day, in seconds since 1970; a fault if it is none.
  fileprivate func day(_ key: String) -> Int? {
    guard let text = optionalText(key) else { return nil }
    guard let day = Instant.endOfDay(text) else {
      note("“\(key)” must be a day such as 2027-01-31", at: key)
      return nil
    }
    return day
  }
}
