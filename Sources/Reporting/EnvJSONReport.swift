package import Model

/// What `keyscan env` says to other programs.
package struct EnvJSONReport {
  private let report: EnvReport

  package static let schema = "keyscan.env/1"

  package init(_ report: EnvReport) {
    self.report = report
  }

  package func document() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      json.value("schema", Self.schema)
      json.value("status", Int(report.status.rawValue))
      json.object("tool") { json in
        json.value("name", "keyscan")
        json.value("version", report.toolVersion)
      }
      json.value("repository", report.repository)
      json.array("files") { json in
        for file in report.files { json.object { write(file, &$0) } }
      }
      texts("notes", report.notes, &json)
      json.array("gaps") { json in
        for gap in report.gaps {
          json.object { json in
            json.value("kind", gap.kind.rawValue)
            json.value("subject", gap.subject)
            json.value("reason", gap.reason)
            json.value("count", gap.count)
            json.value("fails", gap.kind.fails)
          }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  private func write(_ file: EnvFile, _ json: inout JSONWriter) {
    json.value("path", file.path)
    json.strings("states", file.states.map(\.rawValue))
    json.value("severity", file.severity?.rawValue)
    json.value("namedBy", file.namedBy)
    if let ignore = file.ignore {
      json.object("ignore") { write(ignore, &$0) }
    } else {
      json.null("ignore")
    }
    if let nearMiss = file.nearMiss {
      json.object("nearMiss") { json in
        write(nearMiss.spot, &json)
        json.value("reason", nearMiss.reason)
      }
    } else {
      json.null("nearMiss")
    }
    texts("givesAway", file.givesAway, &json)
    json.value("template", file.isTemplate)
    json.value("encrypted", file.isEncrypted)
    json.value("brokenPromise", file.brokenPromise)
    if let link = file.link {
      json.object("link") { json in
        json.value("target", link.target)
        json.value("leavesRepository", link.leavesRepository)
      }
    } else {
      json.null("link")
    }
    if let drift = file.drift {
      json.object("drift") { json in
        json.value("template", drift.template)
        texts("missing", drift.missing, &json)
        texts("extra", drift.extra, &json)
      }
    } else {
      json.null("drift")
    }
    texts("ships", file.ships, &json)
    texts("notes", file.notes, &json)
    texts("advice", file.advice, &json)
  }

  private func write(_ spot: IgnoreSpot, _ json: inout JSONWriter) {
    json.value("file", spot.file)
    json.value("line", spot.line)
    json.value("pattern", spot.text)
    json.value("shared", spot.isShared)
  }

  private func texts(_ key: String, _ texts: [ForeignText], _ json: inout JSONWriter) {
    json.array(key) { json in for text in texts { json.value(nil, text) } }
  }
}
