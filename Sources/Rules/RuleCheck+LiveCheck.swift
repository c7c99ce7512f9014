internal import Bytes
internal import Matching
internal import Model

/// What must be true of a live check beyond its being read.
extension RuleCheck {
  static let wordBytes = ByteSet("abcdefghijklmnopqrstuvwxyz0123456789-")

  static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(wordBytes.contains)
  }

  /// Headers that the transport sets, and those that would say who asks.
  static let reservedHeaders: Set<String> = [
    "host", "user-agent", "content-length", "connection", "transfer-encoding", "referer", "origin",
    "cookie", "accept-encoding",
  ]

  /// What no answer can mean.
  static let ownOutcomes: Set<Verdict.Outcome> = [.untrusted, .notChecked, .moved]

  /// What is wrong with a made-up secret of `rule`; `nil` if nothing is.
  static func control(_ control: String, of rule: Rule) -> String? {
    guard let text = rule.valuePattern, text.hasPrefix("(?<secret>"),
      let pattern = try? Pattern(text)
    else { return nil }
    var matcher = Matcher()
    // What is drawn may fit by chance, or fail to.
    for seed in 0..<8 {
      let bytes = Array(FillIn.expand(control, seed: "\(rule.id)/\(seed)").utf8)
      let fits = try? matcher.find(pattern, in: bytes.span, startingIn: 0...0, end: bytes.count)
      if fits != true || matcher.range(of: pattern.secretGroup) != bytes.indices {
        return "the control is no \(rule.id): the rule's pattern does not match all of it"
      }
    }
    return control.contains("{")
      ? nil : "a control is made up anew each time, by fill-ins such as {alnum 32}"
  }

  /// What a request lacks, or has for nothing.
  static func uses(of check: LiveCheck) -> [String] {
    let request = check.request
    let templates = request.headers.map(\.value) + [request.path, request.body]
    let isSigned = templates.contains(where: \.isSigned) || request.signature != nil
    let namesPartner = templates.contains { $0.holds(.partner) } || request.signature != nil
    var faults: [String] = []
    if !isSigned, !templates.contains(where: { $0.holds(.secret) }) {
      faults.append("nothing in the request is made of the secret; write {secret} in a header")
    }
    if namesPartner, check.partner == nil {
      faults.append("the request takes a {partner}; say with “partner” which rule's it is")
    }
    if !namesPartner, check.partner != nil {
      faults.append("there is a “partner” that nothing in the request is made of")
    }
    return faults
  }

  /// What is wrong with a list of answers.
  static func answers(of check: LiveCheck) -> [String] {
    var faults: [String] = []
    if !check.answers.contains(where: { LiveCheck.refusals.contains($0.outcome) }) {
      let refusals = LiveCheck.refusals.map { "“\($0.rawValue)”" }.joined(separator: ", ")
      faults.append(
        "no answer is one of \(refusals), so that none could be believed: a made-up secret must be "
          + "refused")
    }
    if !check.answers.contains(where: { $0.outcome.state == .live }) {
      faults.append("no answer says that a secret is alive")
    }
    for (i, answer) in check.answers.enumerated() {
      let earlier = check.answers[..<i].contains { other in
        other.says.isEmpty && !answer.statuses.isEmpty
          && answer.statuses.allSatisfy(other.statuses.contains)
      }
      if earlier {
        faults.append(
          "answer \(i + 1) is never reached: one before it takes all of its statuses, whatever "
            + "they say")
      }
      if answer.isOfPartner, check.partner == nil {
        faults.append("answer \(i + 1) blames a partner, and there is none")
      }
    }
    return faults
  }

  /// What is wrong with the partner of a rule's live check, which another of `rules` finds.
  static func partner(of rule: Rule, among rules: [Rule]) -> String? {
    guard let partner = rule.liveCheck?.partner,
      let other = rules.first(where: { $0.id == partner.rule })
    else { return nil }
    return control(partner.control, of: other)
  }
}
