internal import Bytes
package import Model

/// The report as SARIF 2.1.0 (OASIS), shaped for code scanning at GitHub.
///
/// GitHub takes a result's severity from its rule, shows the first location alone, and knows a
/// result again by ``Place/lineHash``; what else it takes stands in its documentation of SARIF
/// support.
package struct SARIFReport {
  private let report: Report
  private let options: Options
  /// The rules as SARIF names them, in the order of their names.
  private let rules: [SARIFRule]
  private let positions: [String: Int]
  /// The findings that are results.
  private let results: [Finding]

  /// What is to be written.
  package struct Options: Sendable {
    package var showsSecrets: Bool
    /// What only history holds has no result.
    package var omitsHistory: Bool

    package init(showsSecrets: Bool = false, omitsHistory: Bool = false) {
      self.showsSecrets = showsSecrets
      self.omitsHistory = omitsHistory
    }
  }

  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  /// The most results of a run that GitHub takes; the worst come first.
  private static let mostResults = 25_000
  /// The most locations of a result that GitHub keeps.
  private static let mostLocations = 100

  package init(_ report: Report, options: Options = Options()) {
    self.report = report
    self.options = options
    let wanted = report.findings.filter { !options.omitsHistory || !$0.isPast }
    results = Array(wanted.prefix(Self.mostResults))
    let notes = Dictionary(
      report.notes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var rules: [String: SARIFRule] = [:]
    for finding in results {
      guard let note = notes[finding.rule] else { continue }
      let rule = SARIFRule(note, finding)
      if rules[rule.id].map({ $0.confidence < rule.confidence }) ?? true { rules[rule.id] = rule }
    }
    self.rules = rules.values.sorted { $0.id < $1.id }
    positions = Dictionary(
      uniqueKeysWithValues: self.rules.enumerated().map { ($0.element.id, $0.offset) })
  }

  package func document() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      json.value("$schema", Self.schema)
      json.value("version", "2.1.0")
      json.array("runs") { json in
        json.object { json in
          writeTool(&json)
          writeProvenance(&json)
          json.object("automationDetails") { $0.value("id", category) }
          writeInvocation(&json)
          json.value("columnKind", "utf16CodeUnits")
          var hashes = LineHashes()
          json.array("results") { json in
            for finding in results { json.object { write(finding, &hashes, &$0) } }
          }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  /// What tells uploads for one commit apart: a later one replaces an earlier of the same name.
  private var category: String {
    let part = report.targets.first?.part.map { Self.uri($0.bytes) + "/" } ?? ""
    return "keyscan/\(part)"
  }

  private func writeTool(_ json: inout JSONWriter) {
    json.object("tool") { json in
      json.object("driver") { json in
        json.value("name", "keyscan")
        json.value("version", report.toolVersion)
        json.value("semanticVersion", report.toolVersion)
        json.array("rules") { json in
          for rule in rules { json.object { rule.write(to: &$0) } }
        }
      }
    }
  }

  /// Where what was scanned comes from; SARIF wants an address with it.
  private func writeProvenance(_ json: inout JSONWriter) {
    let known = report.targets.filter { $0.origin != nil }
    if known.isEmpty { return }
    json.array("versionControlProvenance") { json in
      for target in known {
        json.object { json in
          json.value("repositoryUri", target.origin)
          if let head = target.head { json.value("revisionId", head) }
        }
      }
    }
  }

  private func writeInvocation(_ json: inout JSONWriter) {
    let fails = report.coverage.gaps.contains { $0.kind.fails }
    json.array("invocations") { json in
      json.object { json in
        json.value("executionSuccessful", !fails && !report.isPartial)
        json.value("exitCode", Int(report.status.rawValue))
        json.array("toolExecutionNotifications") { json in
          for gap in report.coverage.gaps { write(gap, &json) }
          for hint in report.hints {
            let subject = hint.subject.shown
            notify(
              "note", (subject.isEmpty ? "" : "\(subject): ") + hint.text.shown, &json)
          }
          let left = report.findings.count - results.count
          if left > 0 {
            notify("warning", "\(left) findings are not in this file, but in the report", &json)
          }
        }
      }
    }
  }

  private func write(_ gap: Gap, _ json: inout JSONWriter) {
    json.object { json in
      json.value("level", gap.kind.fails ? "error" : "warning")
      json.object("message") { json in
        let accepted = gap.accepted.map { " (accepted by \($0.shown))" } ?? ""
        json.value("text", "Not read: \(gap.subject.shown): \(gap.reason.shown)\(accepted)")
      }
      json.object("descriptor") { $0.value("id", "gap/\(gap.kind.rawValue)") }
    }
  }

  private func notify(_ level: String, _ text: String, _ json: inout JSONWriter) {
    json.object { json in
      json.value("level", level)
      json.object("message") { $0.value("text", text) }
    }
  }

  // MARK: Results

  private func write(
    _ finding: Finding, _ hashes: inout LineHashes, _ json: inout JSONWriter
  ) {
    let id = SARIFRule.id(finding, report.notes.first { $0.id == finding.rule })
    json.value("ruleId", id)
    if let index = positions[id] { json.value("ruleIndex", index) }
    json.value("level", SARIFRule.level(finding.severity))
    json.object("message") { json in json.value("text", message(finding)) }
    // Of what only history holds every place is a related one, and a file that is there is shown.
    let shown = finding.isPast ? nil : finding.mainPlace
    let related = Array(
      (shown == nil ? finding.places : finding.otherPlaces)
        .prefix(Self.mostLocations))
    json.array("locations") { json in
      if let shown {
        json.object { write(shown, &$0) }
      } else {
        json.object { writeAnchor(of: finding, &$0) }
      }
    }
    if !related.isEmpty {
      json.array("relatedLocations") { json in
        for (i, place) in related.enumerated() {
          json.object { json in
            json.value("id", i + 1)
            write(place, &json)
            json.object("message") { $0.value("text", "The same secret") }
          }
        }
      }
    }
    json.object("partialFingerprints") { json in
      json.value("keyscan/secret/v1", finding.fingerprint.description)
      json.value("primaryLocationLineHash", hashes.hash(of: finding, rule: id))
    }
    json.object("properties") { json in
      json.value("severity", finding.severity.rawValue)
      json.value("confidence", finding.confidence.rawValue)
      json.strings("standsIn", finding.standsIn.map(\.rawValue))
      json.value("published", finding.published.rawValue)
    }
  }

  private func message(_ finding: Finding) -> String {
    var sentences = [finding.title]
    if let secret = finding.secret {
      let shown = secret.shown(inClear: options.showsSecrets).shown
      sentences[0] += " \(shown)"
    }
    let first = finding.mainPlace
    if let first, first.kind == .file {
      sentences[0] += " in \(first.path.shown)"
      if finding.isPast {
        if let line = first.region?.line { sentences[0] += ":\(line)" }
        sentences[0] += ", in history only"
      }
    }
    if let commit = first?.commit {
      let date = first?.past?.date.map { " on \(Instant.day($0))" } ?? ""
      sentences[0] += finding.isPast ? " (commit \(commit.prefix(12))\(date))" : ""
    }
    sentences[0] += "."
    sentences += finding.notes.map { note in
      let text = note.shown
      // What begins with a name keeps it.
      return text.hasPrefix("it ") ? "It\(text.dropFirst(2))." : "\(text)."
    }
    sentences += finding.advice.map(\.shown)
    let others = finding.isPast ? finding.places : finding.otherPlaces
    if !others.isEmpty {
      let links = others.prefix(10).enumerated().map { i, place in
        "[\(Self.linkText(place.path.shown))](\(i + 1))"
      }
      let rest = others.count > 10 ? " and \(others.count - 10) more" : ""
      sentences.append(
        "It \(finding.isPast ? "stood" : "also stands") in \(links.joined(separator: ", "))\(rest)."
      )
    }
    return sentences.joined(separator: " ")
  }

  /// What may stand between the brackets of a link.
  private static func linkText(_ text: String) -> String {
    text.isEmpty
      ? "an object" : text.map { "[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private func writeAnchor(of finding: Finding, _ json: inout JSONWriter) {
    json.object("physicalLocation") { json in
      json.object("artifactLocation") { json in
        let path = finding.anchor?.bytes ?? finding.places.first?.file.bytes ?? []
        json.value("uri", path.isEmpty ? "COMMIT" : Self.uri(path))
      }
      Self.writeStart(&json)
    }
  }

  /// A region for what has none in the file that is shown.
  private static func writeStart(_ json: inout JSONWriter) {
    json.object("region") { json in
      json.value("startLine", 1)
      json.value("startColumn", 1)
      json.value("endLine", 1)
      json.value("endColumn", 2)
    }
  }

  private func write(_ place: Place, _ json: inout JSONWriter) {
    json.object("physicalLocation") { json in
      json.object("artifactLocation") { json in
        let path = place.kind == .file ? place.file.bytes : Array("COMMIT".utf8)
        json.value("uri", Self.uri(path))
      }
      if place.container != nil {
        Self.writeStart(&json)
      } else if let region = place.region {
        json.object("region") { json in
          json.value("startLine", region.line)
          json.value("startColumn", region.column)
          json.value("endLine", region.endLine)
          // SARIF wants a region of at least one column on one line.
          let isEmpty = region.endLine == region.line && region.endColumn == region.column
          json.value("endColumn", isEmpty ? region.endColumn + 1 : region.endColumn)
          json.value("byteOffset", region.offset)
          json.value("byteLength", region.length)
          if let line = place.frame?.lines.first {
            json.object("snippet") { $0.value("text", line.text) }
          }
        }
      }
    }
    if let member = place.member {
      json.array("logicalLocations") { json in
        json.object { json in
          json.value("name", member)
          json.value("fullyQualifiedName", place.path)
          json.value("kind", "resource")
        }
      }
    }
    json.object("properties") { json in
      json.strings("standsIn", place.standsIn.members.map(\.rawValue))
      if place.container != nil, let region = place.region {
        json.value("memberLine", region.line)
        json.value("memberColumn", region.column)
      }
      if let commit = place.commit { json.value("commit", commit) }
      if let blob = place.blob { json.value("blob", blob) }
      if !place.decoded.isEmpty { json.strings("decoded", place.decoded) }
    }
  }

  /// A path as a relative URI reference: everything but unreserved characters and slashes is
  /// percent-encoded, so no path can pass for an address or leave the page it is shown on.
  private static func uri(_ path: [UInt8]) -> String {
    let plain = ByteSet.alphanumerics.union(ByteSet("-._~/"))
    let digits = Array("0123456789ABCDEF".utf8)
    var uri: [UInt8] = []
    for byte in path {
      if plain.contains(byte) {
        uri.append(byte)
      } else {
        uri += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: uri, as: UTF8.self)
  }
}

/// What GitHub knows results by, each once: two of a rule with the same would be one.
private struct LineHashes {
  private var seen: Set<String> = []

  mutating func hash(of finding: Finding, rule: String) -> String {
    // On the line of an anchor stands nothing that belongs to the finding.
    let own = finding.fingerprint.description.prefix(16)
    guard !finding.isPast, let hash = finding.mainPlace?.lineHash else { return "\(own):1" }
    let path = finding.mainPlace?.path.shown ?? ""
    if seen.insert("\(rule)\n\(path)\n\(hash)").inserted { return hash }
    return "\(own):1"
  }
}

extension Finding {
  /// Only history holds it, or no reference does.
  fileprivate var isPast: Bool {
    Set(standsIn).isDisjoint(with: [.worktree, .index, .head])
  }

  /// All places but ``mainPlace``.
  fileprivate var otherPlaces: [Place] {
    places.indices.filter { $0 != mainPlacePosition }.map { places[$0] }
  }
}
