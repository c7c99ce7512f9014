internal import Bytes
internal import Crypto
package import Documents
package import Files
package import Matching
package import Model
internal import Yams

/// Reading rule files: one YAML file a provider.
package enum RuleFile {
  /// What a folder of rule files holds, and everything that is wrong with it.
  package struct Reading: Sendable {
    package var rules: [Rule] = []
    package var errors: [DocumentError] = []
    /// Where each rule stands.
    package var origins: [RuleID: Origin] = [:]
    /// The ids of rules that have a fault and were not taken.
    fileprivate var faulty: Set<RuleID> = []
  }

  /// Where a rule and its examples stand in a file; lines are counted from 1.
  package struct Origin: Sendable, Equatable {
    package let file: String
    package let line: Int
    package var examples: [Int] = []
    package var nonExamples: [Int] = []
    package var knownMisses: [Int] = []
  }

  /// The most bytes that a rule file may have.
  private static let sizeLimit = 4 << 20

  /// Reads every `.yml` file directly in `folder`, in order of their names; that there is none, or
  /// that something beside them would be taken for one, is an error.
  ///
  /// `known` are rules that the new ones may name, and whose ids they may not take; `widths` what
  /// is known of patterns.
  package static func read(
    folder path: [UInt8], beside known: [Rule] = [], widths: PatternWidths = PatternWidths()
  ) throws(FileError) -> Reading {
    let folder = try Folder(at: path)
    var reading = Reading()
    let entries = try folder.entries()
    let names = entries.map(\.name).filter { $0.suffix(4).elementsEqual(".yml".utf8) }
    reading.errors += strays(among: entries, of: path)
    if names.isEmpty, reading.errors.isEmpty {
      reading.errors.append(
        DocumentError(
          file: String(decoding: path, as: UTF8.self), line: nil, column: nil,
          message: "the folder holds no rule file; their names end in .yml"))
    }
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let file = String(decoding: Paths.join(path, name), as: UTF8.self)
      do throws(FileError) {
        let opened = try folder.file(named: name)
        guard let content = try opened.contents(limit: sizeLimit) else {
          throw FileError("it has more than \(sizeLimit) bytes", code: 0)
        }
        let provider = String(decoding: name.dropLast(4), as: UTF8.self)
        let one = read(
          String(decoding: content, as: UTF8.self), file: file, prefix: provider, widths)
        reading.rules += one.rules
        reading.errors += one.errors
        reading.origins.merge(one.origins) { first, _ in first }
        reading.faulty.formUnion(one.faulty)
      } catch {
        let message = error.code == 0 ? error.action : error.description
        reading.errors.append(
          DocumentError(file: file, line: nil, column: nil, message: message))
      }
    }
    reading.errors += RuleCheck.relations(
      of: reading.rules, beside: known, at: reading.origins, faulty: reading.faulty)
    return reading
  }

  /// What stands in a folder of rules and would be passed over without a word.
  private static func strays(
    among entries: [Folder.Entry], of folder: [UInt8]
  ) -> [DocumentError] {
    let isHidden = { (name: [UInt8]) in name.first == UInt8(ascii: ".") }
    return entries.filter { !isHidden($0.name) }.sorted {
      $0.name.lexicographicallyPrecedes($1.name)
    }.compactMap { entry in
      let file = String(decoding: Paths.join(folder, entry.name), as: UTF8.self)
      let message: String
      if entry.name.suffix(5).elementsEqual(".yaml".utf8) {
        message = "it is not read: the names of rule files end in .yml"
      } else if entry.kind == .folder {
        message = "it is not read: rule files stand in the folder itself"
      } else {
        return nil
      }
      return DocumentError(file: file, line: nil, column: nil, message: message)
    }
  }

  /// A digest of the rule files in a folder and their names: what tells these rules from others.
  package static func digest(ofFolder path: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    let folder = try? Folder(at: path)
    let names = ((try? folder?.entries()) ?? []).map(\.name)
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) })
    where name.suffix(4).elementsEqual(".yml".utf8) {
      let content = (try? folder?.file(named: name).contents(limit: sizeLimit)) ?? []
      for part in [name, content] { hash.update(data: Array("\(part.count) ".utf8) + part) }
    }
    return Array(hash.finalize())
  }

  /// Reads one file's content.
  ///
  /// `prefix` is what every id in it begins with.
  package static func read(
    _ content: String, file: String, prefix: String, _ widths: PatternWidths = PatternWidths()
  ) -> Reading {
    let faults = Fields.Faults(file: file)
    var reading = Reading()
    if let root = YAMLDocument.root(of: content, from: .chosen, faults),
      let fields = Fields(root, keys: ["provider", "rules"], what: "a rule file", faults: faults)
    {
      let provider = fields.text("provider")
      for node in fields.nodes("rules") {
        let rule = rule(node, provider: provider ?? "", prefix: prefix, faults, widths)
        if let rule {
          reading.rules.append(rule)
          let origin = origin(of: node, in: file)
          if reading.origins.updateValue(origin, forKey: rule.id) != nil {
            faults.note(RuleCheck.taken(rule.id, by: nil), at: node.mapping?["id"])
            reading.rules.removeLast()
          }
        } else if let id = node.mapping?["id"]?.scalar?.string {
          reading.faulty.insert(RuleID(id))
        }
      }
      if fields.nodes("rules").isEmpty { fields.note("“rules” is missing or empty") }
    }
    reading.errors = faults.errors
    return reading
  }

  private static func origin(of node: Node, in file: String) -> Origin {
    func lines(_ key: String) -> [Int] {
      guard let value = node.mapping?[Node(key)] else { return [] }
      return (value.sequence.map(Array.init) ?? [value]).map { $0.mark?.line ?? 0 }
    }
    return Origin(
      file: file, line: node.mapping?["id"]?.mark?.line ?? 0, examples: lines("examples"),
      nonExamples: lines("non-examples"), knownMisses: lines("known-misses"))
  }

  /// The keys of a rule, in the order in which `rules show` writes them.
  static let keys = [
    "id", "title", "description", "severity", "confidence", "class", "role", "anchors", "any-case",
    "escaped-anchors", "assigned-to", "pattern", "lead", "reach", "not-before", "not-after",
    "keywords", "within",
    "companions", "filters", "names", "supersedes", "less-sure-in", "joins-lines", "remediation",
    "references",
    "examples", "non-examples", "known-misses", "live-check",
  ]

  private static func rule(
    _ node: Node, provider: String, prefix: String, _ faults: Fields.Faults,
    _ widths: PatternWidths
  ) -> Rule? {
    let before = faults.errors.count
    guard let fields = Fields(node, keys: keys, what: "a rule", faults: faults) else { return nil }
    let id = fields.text("id") ?? ""
    if !id.isEmpty { RuleCheck.id(id, prefix: prefix).map { fields.note($0, at: "id") } }
    let title = fields.text("title")
    let description = fields.text("description")
    // One that is misspelt is a companion's: nobody writes the other.
    let role =
      fields.choice("role", as: Rule.Role.self) ?? (fields["role"] == nil ? .finding : .companion)
    let severity = fields.choice("severity", as: Severity.self)
    if severity == nil, fields.isMissing("severity") { fields.note("“severity” is missing") }
    let kind = fields.choice("class", as: Rule.Kind.self)
    if kind == nil, fields.isMissing("class") { fields.note("“class” is missing") }

    let anchors = fields.nodes("anchors").compactMap { anchor($0, faults) }
    let shape = shape(fields, anchors: anchors, role: role, widths)
    let names = fields.texts("names")
    if shape == nil, fields["pattern"] == nil {
      if !anchors.isEmpty { fields.note("“anchors” need a “pattern”") }
      if names.isEmpty {
        fields.note("a rule needs “anchors” and a “pattern”, or “names”")
      }
    }
    let keywords = fields.texts("keywords")
    let within = fields.number("within", in: 1...4096)
    if !keywords.isEmpty, within == nil { fields.note("“keywords” need “within”, in bytes") }
    if keywords.isEmpty, within != nil { fields.note("“within” needs “keywords”", at: "within") }
    let remediation = fields.texts("remediation")
    if remediation.isEmpty, role == .finding, fields.isMissing("remediation") {
      fields.note("“remediation” is missing")
    }

    var rule = Rule(
      id: RuleID(id), provider: provider, title: title ?? "", description: description ?? "",
      severity: severity ?? .medium,
      confidence: fields.choice("confidence", as: Confidence.self) ?? .high, kind: kind ?? .secret,
      role: role, anchors: anchors, ignoresCase: fields.flag("any-case"),
      searchesEscapes: fields.flag("escaped-anchors"),
      assignedTo: fields.optionalText("assigned-to"), shape: shape,
      notBefore: neighbours(fields, "not-before"), notAfter: neighbours(fields, "not-after"),
      keywords: keywords, keywordDistance: within ?? 0,
      companions: fields.nodes("companions").compactMap { companion($0, faults) },
      filters: filters(fields, faults), names: names,
      supersedes: fields.texts("supersedes").map { RuleID($0) },
      lessSureIn: fields.texts("less-sure-in"), joinsLines: fields.flag("joins-lines"),
      remediation: remediation,
      references: references(fields),
      examples: fields.nodes("examples").compactMap { example($0, faults) },
      nonExamples: fields.nodes("non-examples").compactMap { nonExample($0, faults) },
      knownMisses: fields.nodes("known-misses").compactMap { example($0, faults) })
    for fault in RuleCheck.windows(of: rule) { fields.note(fault, at: "pattern") }
    if rule.examples.isEmpty, role == .finding, fields.isMissing("examples"),
      fields.isMissing("role")
    {
      fields.note("“examples” are missing")
    }
    rule.liveCheck = liveCheck(of: rule, fields, faults)
    if !rule.examples.isEmpty, role == .companion {
      fields.note(
        "a companion is never reported alone, so that it can have no examples", at: "examples")
    }
    return faults.errors.count == before ? rule : nil
  }

  private static func anchor(_ node: Node, _ faults: Fields.Faults) -> Rule.Anchor? {
    let anchor: Rule.Anchor
    if let text = node.scalar?.string {
      anchor = Rule.Anchor(text)
    } else {
      guard
        let fields = Fields(node, keys: ["text", "encoded"], what: "an anchor", faults: faults),
        let text = fields.text("text")
      else { return nil }
      anchor = Rule.Anchor(text, encoded: fields.optionalText("encoded"))
    }
    if let fault = RuleCheck.anchor(anchor) {
      faults.note(fault, at: node)
      return nil
    }
    return anchor
  }

  private static func shape(
    _ fields: Fields, anchors: [Rule.Anchor], role: Rule.Role, _ widths: PatternWidths
  ) -> Rule.Shape? {
    guard let pattern = fields.optionalText("pattern") else { return nil }
    // A companion is looked for beside what another rule found.
    if anchors.isEmpty, role == .finding, fields.isMissing("anchors") {
      fields.note(
        "a “pattern” needs “anchors”, by which it is found"
          + (fields["assigned-to"] == nil ? "" : ", such as a word that stands in every name"))
    }
    let lead = fields.number("lead", in: 0...JudgingWindow.limit)
    let reach = fields.number("reach", in: 0...JudgingWindow.limit)
    do throws(MatchingError) {
      let compiled = try Pattern(pattern)
      guard compiled.secretGroup > 0 else {
        fields.note("“pattern” needs one group named “secret”: (?<secret>…)", at: "pattern")
        return nil
      }
      if let name = fields.optionalText("assigned-to") {
        return try assigned(to: name, pattern, fields, lead: lead, reach: reach, widths)
      }
      let widths = try widths.widths(of: pattern)
      if lead == nil, reach == nil {
        for anchor in anchors where !RuleCheck.begins(pattern, with: anchor.text) {
          fields.note(
            "the pattern does not begin with the anchor “\(anchor.text)”; say with “lead” how "
              + "many bytes before an anchor a match may begin (0 if it begins with one of "
              + "several), or with “reach” how many after it",
            at: "pattern")
        }
      }
      return Rule.Shape(pattern: pattern, widths: widths, lead: lead ?? 0, reach: reach)
    } catch {
      fields.note("the pattern cannot be used: \(error.reason)", at: "pattern")
      return nil
    }
  }

  /// The shape of a value that must be given to a name.
  private static func assigned(
    to name: String, _ pattern: String, _ fields: Fields, lead: Int?, reach: Int?,
    _ widths: PatternWidths
  ) throws(MatchingError) -> Rule.Shape? {
    if !fields.flag("any-case") {
      fields.note(
        "“assigned-to” needs “any-case: true”: names are written in either", at: "assigned-to")
    }
    if lead != nil || reach != nil {
      fields.note("“assigned-to” says where a match begins, so “lead” and “reach” must go")
    }
    do throws(MatchingError) {
      _ = try Pattern(name)
      let width = try widths.widths(of: name).upperBound
      let whole = Assignment.pattern(of: pattern, assignedTo: name)
      return Rule.Shape(
        pattern: whole, widths: try widths.widths(of: whole), lead: width, reach: nil)
    } catch {
      fields.note("the name's pattern cannot be used: \(error.reason)", at: "assigned-to")
      return nil
    }
  }

  /// The names of sets of bytes that may stand in `not-before` and `not-after`.
  static let neighbourSets: [(name: String, set: ByteSet)] = [
    ("word", .word), ("base64", .base64), ("base64url", .base64url), ("hex", .hexadecimal),
  ]

  private static func neighbours(_ fields: Fields, _ key: String) -> ByteSet {
    fields.texts(key).reduce(ByteSet()) { set, text in
      if let named = neighbourSets.first(where: { $0.name == text }) { return set.union(named.set) }
      if text.utf8.count == 1 { return set.union(ByteSet(text)) }
      let known = neighbourSets.map(\.name).joined(separator: ", ")
      fields.note("“\(text)” is neither one character nor one of \(known)", at: key)
      return set
    }
  }

  private static func companion(_ node: Node, _ faults: Fields.Faults) -> Rule.Companion? {
    guard
      let fields = Fields(
        node, keys: ["rule", "within", "required"], what: "a companion", faults: faults),
      let rule = fields.text("rule")
    else { return nil }
    guard let within = fields.number("within", in: 1...4096) else {
      if fields["within"] == nil { fields.note("“within”, in bytes, is missing") }
      return nil
    }
    return Rule.Companion(
      rule: RuleID(rule), distance: within, isRequired: fields.flag("required"))
  }

  private static func references(_ fields: Fields) -> [String] {
    fields.texts("references").filter { link in
      if link.hasPrefix("https://") { return true }
      fields.note("the reference “\(link)” must begin with https://", at: "references")
      return false
    }
  }

  private static func checkFillIns(of text: String, at node: Node, _ faults: Fields.Faults) {
    for fault in FillIn.faults(in: text) { faults.note(fault, at: node) }
  }

  /// An example's blanks count, so it is not trimmed.
  private static func example(_ node: Node, _ faults: Fields.Faults) -> Rule.Example? {
    if let text = node.scalar?.string {
      checkFillIns(of: text, at: node, faults)
      return Rule.Example(text)
    }
    guard let text = node.mapping?["text"]?.scalar?.string else {
      faults.note(
        "an example is a text, or a mapping with “text” and “path”; a text that holds “: ” or "
          + "begins with a brace needs quotes", at: node)
      return nil
    }
    checkFillIns(of: text, at: node, faults)
    guard let fields = Fields(node, keys: ["text", "path"], what: "an example", faults: faults)
    else { return nil }
    return Rule.Example(text, path: fields.optionalText("path"))
  }

  private static func nonExample(_ node: Node, _ faults: Fields.Faults) -> Rule.NonExample? {
    guard
      let fields = Fields(
        node, keys: ["text", "path", "because"], what: "a non-example",
        shape: "{text: …, because: …}", faults: faults),
      let because = fields.text("because")
    else { return nil }
    guard let text = fields["text"]?.scalar?.string else {
      if fields.isMissing("text") { fields.note("“text” is missing") }
      return nil
    }
    checkFillIns(of: text, at: node, faults)
    return Rule.NonExample(text, path: fields.optionalText("path"), because: because)
  }
}
