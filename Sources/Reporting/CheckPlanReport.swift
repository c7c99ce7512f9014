package import Model

/// What would be sent, for a person and for a program.
package struct CheckPlanReport {
  private let plan: CheckPlan
  /// The proxy that a host is reached through; `nil` for none.
  private let proxy: (String) -> String?

  /// A report of `plan`; `proxy` tells through which proxy a host is reached.
  package init(_ plan: CheckPlan, proxy: @escaping (String) -> String?) {
    self.plan = plan
    self.proxy = proxy
  }

  /// In columns, one line for each kind of request.
  package var text: String {
    var lines: [String] = []
    if plan.secrets == 0 {
      lines.append("Nobody would be asked.")
    } else {
      let most = plan.lines.map(\.count).reduce(0, +)
      lines.append(
        "\(Self.count(plan.secrets, "secret")) would be asked about, with at most "
          + "\(Self.count(most, "request")):")
      let rows = plan.lines.map { line in
        [
          line.provider, line.request.host, "\(line.count) ×",
          line.request.kind
            + (line.request.isControl ? ", with a made-up secret" : "")
            + (line.request.isConditional ? ", if an answer calls for it" : ""),
        ]
      }
      let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
      for row in rows {
        let cells = row.enumerated().map { i, cell in
          i < widths.count ? cell + String(repeating: " ", count: widths[i] - cell.count) : cell
        }
        lines.append("  " + cells.joined(separator: "  "))
      }
      for (provider, effects) in plan.effects.sorted(by: { $0.key < $1.key }) {
        for effect in effects { lines.append("\(provider): \(effect)") }
      }
      var proxies: [String] = []
      for line in plan.lines {
        if let proxy = proxy(line.request.host), !proxies.contains(proxy) { proxies.append(proxy) }
      }
      for proxy in proxies { lines.append("Through the proxy \(proxy), which looks names up.") }
    }
    for (words, count) in left {
      lines.append("Not asked about \(Self.count(count, "secret")): \(words).")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The same as JSON.
  package func json() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      json.value("schema", "keyscan.plan/1")
      json.value("secrets", plan.secrets)
      json.array("requests") { json in
        for line in plan.lines {
          json.object { json in
            json.value("provider", line.provider)
            json.value("host", line.request.host)
            json.value("kind", line.request.kind)
            json.value("count", line.count)
            json.value("conditional", line.request.isConditional)
            json.value("control", line.request.isControl)
            json.value("proxy", proxy(line.request.host))
          }
        }
      }
      json.array("effects") { json in
        for (provider, effects) in plan.effects.sorted(by: { $0.key < $1.key }) {
          for effect in effects {
            json.object { json in
              json.value("provider", provider)
              json.value("effect", effect)
            }
          }
        }
      }
      json.array("left") { json in
        for (words, count) in left {
          json.object { json in
            json.value("reason", words)
            json.value("secrets", count)
          }
        }
      }
    }
    return json.bytes
  }

  private var left: [(words: String, count: Int)] {
    plan.left.map { ($0.key.words, $0.value) }.sorted { $0.words < $1.words }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }
}
