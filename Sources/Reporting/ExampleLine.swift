package import Model

/// A rule's example as a line of JSON, for programs that try scanners.
package enum ExampleLine {
  /// `secret` is what is found in the text; `isAlone` says that it is found wherever it stands.
  package static func line(
    rule: RuleID, text: [UInt8], path: String?, secret: [UInt8]?, isAlone: Bool
  ) -> [UInt8] {
    var json = JSONWriter(isIndented: false)
    json.object { json in
      json.value("rule", rule.description)
      json.value("text", String(decoding: text, as: UTF8.self))
      if let path { json.value("path", path) }
      if let secret { json.value("secret", String(decoding: secret, as: UTF8.self)) }
      json.value("alone", isAlone)
    }
    json.endLine()
    return json.bytes
  }
}
