internal import Bytes
package import Model

/// The report as one JSON document, or as lines of JSON: a finding each, and a summary last.
///
/// The schema is a promise to other programs: names stay, and what is added does not change
/// what was there.
package struct JSONReport {
  private let report: Report
  private let showsSecrets: Bool

  package static let schema = "keyscan.report/1"

  package init(_ report: Report, showsSecrets: Bool) {
    self.report = report
    self.showsSecrets = showsSecrets
  }

  /// One indented document.
  package func document() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      writeHead(&json)
      json.array("findings") { json in
        for finding in report.findings { json.object { write(finding, &$0) } }
      }
      writeTail(&json)
    }
    json.endLine()
    return json.bytes
  }

  /// A line a finding, and a last line with everything else.
  package func lines() -> [UInt8] {
    var json = JSONWriter(isIndented: false)
    for finding in report.findings {
      json.object { json in
        json.value("type", "finding")
        write(finding, &json)
      }
      json.endLine()
    }
    json.object { json in
      json.value("type", "summary")
      writeHead(&json)
      json.value("findings", report.findings.count)
      writeTail(&json)
    }
    json.endLine()
    return json.bytes
  }

  private func writeHead(_ json: inout JSONWriter) {
    json.value("schema", Self.schema)
    json.value("status", Int(report.status.rawValue))
    json.value("partial", report.isPartial)
    json.object("tool") { json in
      json.value("name", "keyscan")
      json.value("version", report.toolVersion)
      json.value("rules", report.rules)
    }
    json.array("targets") { json in
      for target in report.targets {
        json.object { json in
          json.value("path", target.path)
          json.value("kind", target.kind.rawValue)
          json.value("head", target.head)
          if let part = target.part { json.value("part", part) }
        }
      }
    }
    let coverage = report.coverage
    json.object("coverage") { json in
      json.value("complete", coverage.isComplete)
      json.value("connectivity", coverage.checksTrees ? "all" : "tips")
      json.value("files", coverage.files)
      json.value("blobs", coverage.blobs)
      json.value("commits", coverage.commits)
      json.value("bytes", coverage.bytes)
      json.value("references", coverage.references)
      if !coverage.alternates.isEmpty {
        json.array("alternates") { json in
          for alternate in coverage.alternates { json.value(nil, alternate) }
        }
      }
      json.array("gaps") { json in
        for gap in coverage.gaps {
          json.object { json in
            json.value("kind", gap.kind.rawValue)
            json.value("subject", gap.subject)
            json.value("reason", gap.reason)
            json.value("count", gap.count)
            json.value("fails", gap.kind.fails)
            if let accepted = gap.accepted { json.value("accepted", accepted) }
          }
        }
      }
    }
  }

  private func writeTail(_ json: inout JSONWriter) {
    json.array("projects") { json in
      for group in report.projects {
        json.object { json in
          json.value("number", group.project.number)
          json.value("id", group.project.id)
          json.strings("findings", group.findings.map(\.description))
          json.strings("opens", group.opens)
        }
      }
    }
    json.array("hints") { json in
      for hint in report.hints {
        json.object { json in
          json.value("subject", hint.subject)
          json.value("text", hint.text)
        }
      }
    }
    json.array("suppressed") { json in
      for suppression in report.suppressed {
        json.object { json in
          json.value("rule", suppression.finding.rule.description)
          json.value("fingerprint", suppression.finding.fingerprint.description)
          json.value("by", suppression.by.rawValue)
          if let source = suppression.source { json.value("source", source) }
          if let note = suppression.note { json.value("reason", note) }
        }
      }
    }
  }

  private func write(_ finding: Finding, _ json: inout JSONWriter) {
    json.value("rule", finding.rule.description)
    json.value("title", finding.title)
    json.value("provider", finding.provider)
    json.value("severity", finding.severity.rawValue)
    json.value("confidence", finding.confidence.rawValue)
    if showsSecrets, let secret = finding.secret {
      json.value("secret", secret.shown(inClear: true))
    } else {
      json.value("secret", finding.secret?.redacted)
    }
    json.value("fingerprint", finding.fingerprint.description)
    json.strings("alsoMatched", finding.alsoMatched.map(\.description))
    json.strings("standsIn", finding.standsIn.map(\.rawValue))
    json.value("published", finding.published.rawValue)
    if let assessment = finding.assessment {
      json.object("assessment") { json in
        json.value("kind", assessment.kind.rawValue)
        json.value("reason", assessment.reason)
      }
    } else {
      json.null("assessment")
    }
    if let verdict = finding.verdict {
      json.object("verdict") { write(verdict, &$0) }
    } else {
      json.null("verdict")
    }
    json.array("advice") { json in for step in finding.advice { json.value(nil, step) } }
    if !finding.notes.isEmpty {
      json.array("notes") { json in for note in finding.notes { json.value(nil, note) } }
    }
    json.array("relations") { json in
      for relation in finding.relations {
        json.object { json in
          json.value("kind", relation.kind.rawValue)
          json.value("reason", relation.reason)
          json.strings("findings", relation.others.map(\.description))
        }
      }
    }
    json.array("repair") { json in for line in finding.repair { json.value(nil, line) } }
    json.array("places") { json in
      for place in finding.places { json.object { write(place, &$0) } }
    }
  }

  private func write(_ verdict: Verdict, _ json: inout JSONWriter) {
    json.value("state", verdict.state.rawValue)
    json.value("outcome", verdict.outcome.rawValue)
    json.value("reason", verdict.reason)
    json.value("checkedAt", verdict.checkedAt.map(Instant.text))
    json.value("kept", verdict.isKept)
    json.strings("next", verdict.toDo)
    json.array("opens") { json in
      for opened in verdict.opens {
        json.object { json in
          json.value("service", opened.service)
          json.value("outcome", opened.outcome.rawValue)
          json.value("detail", opened.detail)
        }
      }
    }
    if let project = verdict.project {
      json.object("project") { json in
        json.value("number", project.number)
        json.value("id", project.id)
      }
    } else {
      json.null("project")
    }
  }

  private func write(_ place: Place, _ json: inout JSONWriter) {
    json.value("target", place.target)
    switch place.kind {
    case .file, .name: json.value("path", place.path)
    case .object: json.null("path")
    }
    if !place.path.isUTF8 {
      json.value("pathBytes", String(decoding: Base64.encode(place.path.bytes), as: UTF8.self))
    }
    if let container = place.container { json.value("container", container) }
    if let member = place.member { json.value("member", member) }
    json.value("line", place.region?.line)
    json.value("column", place.region?.column)
    json.value("endLine", place.region?.endLine)
    json.value("endColumn", place.region?.endColumn)
    json.value("offset", place.region?.offset)
    json.value("length", place.region?.length)
    if let cell = place.region?.cell { json.value("cell", cell) }
    if let output = place.region?.output { json.value("output", output) }
    json.value("commit", place.commit)
    json.value("blob", place.blob)
    json.value("author", place.past?.author)
    json.value("date", place.past?.date.map(Instant.text))
    json.value("subject", place.past?.subject)
    json.value("removed", place.past?.removed)
    json.value("first", place.past?.first.map(Instant.text))
    json.value("last", place.past?.last.map(Instant.text))
    if let past = place.past {
      json.value("versions", past.versions)
    } else {
      json.null("versions")
    }
    json.strings("decoded", place.decoded)
    json.strings("standsIn", place.standsIn.members.map(\.rawValue))
  }
}
