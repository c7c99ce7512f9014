internal import Bytes
package import Model

/// The report as SARIF 2.1.0 (OASIS), for editors and code scanning.
package struct SARIFReport {
  private let report: Report
  private let showsSecrets: Bool

  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  package init(_ report: Report, showsSecrets: Bool) {
    self.report = report
    self.showsSecrets = showsSecrets
  }

  package func document() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      json.value("$schema", Self.schema)
      json.value("version", "2.1.0")
      json.array("runs") { json in
        json.object { json in
          writeTool(&json)
          writeInvocation(&json)
          json.value("columnKind", "utf16CodeUnits")
          json.array("results") { json in
            for finding in report.findings { json.object { write(finding, &$0) } }
          }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  private func writeTool(_ json: inout JSONWriter) {
    json.object("tool") { json in
      json.object("driver") { json in
        json.value("name", "keyscan")
        json.value("version", report.toolVersion)
        json.value("semanticVersion", report.toolVersion)
        json.array("rules") { json in
          for note in report.notes { json.object { write(note, &$0) } }
        }
      }
    }
  }

  private func write(_ note: RuleNote, _ json: inout JSONWriter) {
    json.value("id", note.id.description)
    json.object("shortDescription") { $0.value("text", note.title) }
    json.object("fullDescription") { $0.value("text", note.description) }
    if let link = note.references.first { json.value("helpUri", link) }
    json.object("help") { json in
      json.value("text", note.help.joined(separator: "\n"))
      let steps = note.help.enumerated().map { "\($0.offset + 1). \($0.element)" }
      let links = note.references.map { "- <\($0)>" }
      json.value("markdown", (steps + [""] + links).joined(separator: "\n"))
    }
    json.object("defaultConfiguration") { $0.value("level", Self.level(note.severity)) }
    json.object("properties") { json in
      json.value("security-severity", Self.score(note.severity))
      json.strings("tags", ["security", "external/cwe/cwe-798"])
    }
  }

  private func writeInvocation(_ json: inout JSONWriter) {
    let fails = report.coverage.gaps.contains { $0.kind.fails }
    json.array("invocations") { json in
      json.object { json in
        json.value("executionSuccessful", !fails && !report.isPartial)
        json.value("exitCode", Int(report.status.rawValue))
        json.array("toolExecutionNotifications") { json in
          for gap in report.coverage.gaps {
            json.object { json in
              json.value("level", gap.kind.fails ? "error" : "warning")
              json.object("message") { json in
                json.value(
                  "text", "Not read: \(gap.subject.visible): \(gap.reason.visible)")
              }
              json.object("descriptor") { $0.value("id", "gap/\(gap.kind.rawValue)") }
            }
          }
          for hint in report.hints {
            json.object { json in
              json.value("level", "note")
              json.object("message") { json in
                json.value("text", "\(hint.subject.visible): \(hint.text.visible)")
              }
            }
          }
        }
      }
    }
  }

  private func write(_ finding: Finding, _ json: inout JSONWriter) {
    json.value("ruleId", finding.rule.description)
    if let index = report.notes.firstIndex(where: { $0.id == finding.rule }) {
      json.value("ruleIndex", index)
    }
    json.value("level", Self.level(finding.severity))
    json.object("message") { json in json.value("text", message(finding)) }
    json.array("locations") { json in
      if let place = finding.places.first { json.object { write(place, finding, &$0) } }
    }
    if finding.places.count > 1 {
      json.array("relatedLocations") { json in
        for (i, place) in finding.places.dropFirst().enumerated() {
          json.object { json in
            json.value("id", i + 1)
            write(place, finding, &json)
            json.object("message") { $0.value("text", "The same secret") }
          }
        }
      }
    }
    json.object("partialFingerprints") { json in
      json.value("keyscan/secret/v1", finding.fingerprint.description)
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
      let shown = showsSecrets ? ForeignText(secret.exposed).visible : secret.redacted
      sentences[0] += " \(shown)"
    }
    if let place = finding.places.first, place.kind == .file {
      sentences[0] += " in \(place.path.visible)"
    }
    sentences[0] += "."
    sentences += finding.notes.map { "It \($0.visible)." }
    sentences += finding.advice.map(\.visible)
    if finding.places.count > 1 {
      sentences.append(
        "It also stands in "
          + (1..<min(finding.places.count, 10)).map { i in
            "[\(Self.linkText(finding.places[i].path.visible))](\(i))"
          }.joined(separator: ", ") + ".")
    }
    return sentences.joined(separator: " ")
  }

  /// What may stand between the brackets of a link.
  private static func linkText(_ text: String) -> String {
    text.map { "[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private func write(_ place: Place, _ finding: Finding, _ json: inout JSONWriter) {
    json.object("physicalLocation") { json in
      json.object("artifactLocation") { json in
        let path = place.kind == .file ? place.path.bytes : Array("COMMIT".utf8)
        json.value("uri", Self.uri(path))
      }
      if let region = place.region {
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
    json.object("properties") { json in
      json.strings("standsIn", place.standsIn.sorted().map(\.rawValue))
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

  private static func level(_ severity: Severity) -> String {
    switch severity {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low: "note"
    }
  }

  /// What GitHub reads as the severity of a rule: from 9.0 on critical, from 7.0 on high, from
  /// 4.0 on medium.
  private static func score(_ severity: Severity) -> String {
    switch severity {
    case .critical: "9.5"
    case .high: "8.0"
    case .medium: "5.5"
    case .low: "3.0"
    }
  }
}
