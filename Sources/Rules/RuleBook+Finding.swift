internal import Bytes
internal import Model

extension RuleBook {
  /// A book that finds texts as they are, to learn which files hold them.
  ///
  /// Each text has at most ``Rule/Anchor/longest`` bytes, all of ASCII.
  package static func finding(texts: [String]) -> RuleBook {
    RuleBook(
      texts.enumerated().map { number, text in
        var rule = Rule(
          id: RuleID("find.text-\(number)"), provider: "find", title: "A text that was asked for",
          description: "", severity: .low, kind: .identifier, anchors: [Rule.Anchor(text)],
          shape: Rule.Shape(
            pattern: "(?<secret>\\Q\(text)\\E)", widths: text.utf8.count...text.utf8.count,
            lead: 0, reach: nil))
        rule.known = Rule.Known(Secret(Array(text.utf8)))
        return rule
      })
  }

  /// A book that finds one known secret, in every encoding that rules are found in.
  package static func finding(_ secret: [UInt8]) -> RuleBook {
    // Bytes that are no text have no anchor; the longest piece of text in it serves.
    var best = 0..<0
    var start = 0
    for i in 0...secret.count where i == secret.count || !(0x20..<0x7F).contains(secret[i]) {
      if i - start > best.count { best = start..<i }
      start = i + 1
    }
    let anchor = String(decoding: secret[best].prefix(Rule.Anchor.longest), as: UTF8.self)
    let pattern = secret.map { "\\x" + [$0].hexadecimal }.joined()
    var rule = Rule(
      id: RuleID("find.secret"), provider: "find", title: "The secret that was asked for",
      description: "", severity: .high, kind: .secret, anchors: [Rule.Anchor(anchor)],
      shape: Rule.Shape(
        pattern: "(?<secret>\(pattern))", widths: secret.count...secret.count,
        lead: best.lowerBound, reach: nil))
    rule.known = Rule.Known(Secret(secret))
    return RuleBook([rule])
  }
}
