internal import Model

extension RuleBook {
  /// The rules' live checks as the source of the target `BuiltInRules`.
  package var liveChecksSource: String {
    let checks = rules.compactMap { rule in rule.liveCheck.map { (id: rule.id, check: $0) } }
    var text = """
      // swift-format-ignore-file
      // Made from rules/*.yml by `make build`; a test fails when the two differ.
      package import Model
      package import Rules

      extension RuleBook {
        /// How it is asked whether a secret of a built-in rule is alive; made when it is asked for.
        package static let builtInLiveChecks: [RuleID: LiveCheck] = [
      \(checks.indices.map { "    RuleID(\(literal(checks[$0].id.description))): check\($0)()," }
        .joined(separator: "\n"))
        ]
      }

      """
    if checks.isEmpty { text.replace("[\n\n  ]", with: "[:]") }
    for (i, one) in checks.enumerated() {
      text += "\nprivate func check\(i)() -> LiveCheck {\n  LiveCheck(\n"
      text += fields(of: one.check).map { "    \($0.name): \($0.value)" }.joined(separator: ",\n")
      text += ")\n}\n"
    }
    return text
  }

  private func fields(of check: LiveCheck) -> [(name: String, value: String)] {
    [
      ("provider", literal(check.provider)),
      ("isOnlyIfNamed", "\(check.isOnlyIfNamed)"),
      ("effect", literal(check.effect)),
      ("onlyFor", list(check.onlyFor.map(literal))),
      ("controls", list(check.controls.map(literal))),
      ("partner", check.partner.map(partner) ?? "nil"),
      ("request", request(check.request)),
      ("detail", check.detail.map(detail) ?? "nil"),
      ("answers", "[\n\(check.answers.map { "      \(answer($0))" }.joined(separator: ",\n"))]"),
    ]
  }

  private func partner(_ partner: LiveCheck.Partner) -> String {
    """
    LiveCheck.Partner(rule: RuleID(\(literal(partner.rule.description))), \
    control: \(literal(partner.control)), onlyFor: \(list(partner.onlyFor.map(literal))))
    """
  }

  private func request(_ request: LiveCheck.Request) -> String {
    let headers = request.headers.map {
      "LiveCheck.Header(\(literal($0.name)), \(template($0.value)))"
    }
    let signature = request.signature.map { signature in
      switch signature {
      case .awsSigV4(let service, let region):
        ".awsSigV4(service: \(literal(service)), region: \(literal(region)))"
      }
    }
    return """
      LiveCheck.Request(asksFor: \(literal(request.asksFor)), method: .\(request.method), \
      host: \(literal(request.host)), path: \(template(request.path)),\
      \(request.isAddressSecret ? " isAddressSecret: true," : "")
            headers: \(list(headers)), body: \(template(request.body)), \
      signature: \(signature ?? "nil"), answersIn: .\(request.answersIn))
      """
  }

  private func template(_ template: Template) -> String { "Template(\(pieces(template.pieces)))" }

  private func pieces(_ pieces: [Template.Piece]) -> String {
    list(
      pieces.map { piece in
        switch piece {
        case .text(let text): ".text(\(literal(text)))"
        case .secret: ".secret"
        case .partner: ".partner"
        case .time: ".time"
        case .timeInMilliseconds: ".timeInMilliseconds"
        case .hmacSHA256(let inner): ".hmacSHA256(\(self.pieces(inner)))"
        }
      })
  }

  private func detail(_ detail: LiveCheck.Detail) -> String {
    switch detail {
    case .header(let header, let name): ".header(\(literal(header)), name: \(literal(name)))"
    case .count(let phrase, let name): ".count(of: \(literal(phrase)), name: \(literal(name)))"
    }
  }

  private func answer(_ answer: LiveCheck.Answer) -> String {
    // Most answers have few of these.
    var parts: [String] = []
    if !answer.statuses.isEmpty { parts.append("statuses: \(answer.statuses)") }
    if !answer.says.isEmpty { parts.append("says: \(list(answer.says.map(literal)))") }
    parts.append("outcome: .\(answer.outcome)")
    parts.append("because: \(literal(answer.because))")
    if !answer.toDo.isEmpty { parts.append("toDo: \(list(answer.toDo.map(literal)))") }
    if let seconds = answer.askAgainAfter { parts.append("askAgainAfter: \(seconds)") }
    if answer.isOfPartner { parts.append("isOfPartner: true") }
    return "LiveCheck.Answer(\(parts.joined(separator: ", ")))"
  }
}
