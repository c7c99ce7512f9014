internal import Bytes
internal import Documents
internal import Model
internal import Yams

/// Reading how it is asked whether a secret is alive.
extension RuleFile {
  /// What stands under “live-check”; `nil` if nothing does, or something is wrong with it.
  static func liveCheck(of rule: Rule, _ fields: Fields, _ faults: Fields.Faults) -> LiveCheck? {
    guard let node = fields["live-check"] else { return nil }
    let before = faults.errors.count
    guard
      let check = Fields(
        node,
        keys: [
          "provider", "only-if-named", "effect", "only-for", "control", "partner", "request",
          "detail", "answers",
        ],
        what: "a live check", faults: faults)
    else { return nil }
    if rule.shape == nil || rule.role == .companion {
      check.note("only what is reported as a secret can be asked about")
    }
    let provider = check.optionalText("provider") ?? rule.id.provider
    if !RuleCheck.isWord(provider) {
      check.note(
        "“provider” is what the user writes: small letters, digits and hyphens", at: "provider")
    }
    let partner = check["partner"].flatMap { self.partner($0, faults) }
    let request = check["request"].flatMap { self.request($0, faults) }
    for key in ["control", "request", "answers"] where check.isMissing(key) {
      check.note("“\(key)” is missing")
    }
    let effect = check.text("effect")
    if let effect, !effect.hasSuffix(".") {
      check.note("“effect” must be a sentence with its full stop", at: "effect")
    }
    let read = LiveCheck(
      provider: provider, isOnlyIfNamed: check.flag("only-if-named"), effect: effect ?? "",
      onlyFor: check.texts("only-for"), controls: controls(check, of: rule, faults),
      partner: partner,
      request: request
        ?? LiveCheck.Request(
          asksFor: "", method: .get, host: "", path: Template([]), headers: [],
          body: Template([]), signature: nil, answersIn: .json),
      detail: check["detail"].flatMap { detail($0, faults) },
      answers: check.nodes("answers").compactMap { answer($0, faults) })
    if let request {
      for fault in RuleCheck.uses(of: read) { check.note(fault, at: "request") }
      if request.host.isEmpty { return nil }
    }
    if faults.errors.count == before {
      for fault in RuleCheck.answers(of: read) { check.note(fault, at: "answers") }
    }
    return faults.errors.count == before ? read : nil
  }

  private static func controls(
    _ check: Fields, of rule: Rule, _ faults: Fields.Faults
  ) -> [String] {
    for node in check.nodes("control") {
      guard let text = node.scalar?.string else { continue }
      let wrong = FillIn.faults(in: text)
      for fault in wrong { faults.note(fault, at: node) }
      if wrong.isEmpty, let fault = RuleCheck.control(text, of: rule) {
        faults.note(fault, at: node)
      }
    }
    return check.texts("control")
  }

  private static func partner(_ node: Node, _ faults: Fields.Faults) -> LiveCheck.Partner? {
    guard
      let fields = Fields(
        node, keys: ["rule", "control", "only-for"], what: "a partner",
        shape: "{rule: ID, control: …}", faults: faults)
    else { return nil }
    let (rule, control) = (fields.text("rule"), fields.text("control"))
    for fault in FillIn.faults(in: control ?? "") { fields.note(fault, at: "control") }
    guard let rule, let control else { return nil }
    return LiveCheck.Partner(
      rule: RuleID(rule), control: control, onlyFor: fields.texts("only-for"))
  }

  // MARK: The request

  private static func request(_ node: Node, _ faults: Fields.Faults) -> LiveCheck.Request? {
    guard
      let fields = Fields(
        node,
        keys: [
          "asks-for", "method", "url", "address-is-secret", "headers", "body", "sign", "answers-in",
        ],
        what: "a request", faults: faults)
    else { return nil }
    let asksFor = fields.text("asks-for")
    let method = fields.choice("method", as: LiveCheck.Method.self) ?? .get
    let body = fields.optionalText("body").flatMap { template($0, fields, "body") }
    if method == .get, body != nil { fields.note("a GET has no body", at: "body") }
    if body?.holds(.secret) == true {
      fields.note("the secret goes into a header, or signs; never into the body", at: "body")
    }
    let url = fields.text("url").flatMap { address($0, fields) }
    let headers = fields["headers"].map { self.headers($0, faults) } ?? []
    guard let asksFor, let url else { return nil }
    return LiveCheck.Request(
      asksFor: asksFor, method: method, host: url.host, path: url.path,
      isAddressSecret: fields.flag("address-is-secret"), headers: headers,
      body: body ?? Template([]), signature: fields["sign"].flatMap { signature($0, faults) },
      answersIn: fields.choice("answers-in", as: LiveCheck.Language.self) ?? .json)
  }

  /// Takes an address apart whose host is written out, and in whose path only the time is not.
  private static func address(_ url: String, _ fields: Fields) -> (host: String, path: Template)? {
    guard url.hasPrefix("https://") else {
      fields.note("“url” must begin with https://", at: "url")
      return nil
    }
    let rest = url.dropFirst(8)
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    let isName = { (label: Substring) in
      !label.isEmpty && label.utf8.allSatisfy(RuleCheck.wordBytes.contains)
        && !label.hasPrefix("-") && !label.hasSuffix("-")
    }
    guard labels.count >= 2, labels.allSatisfy(isName),
      labels.last?.contains(where: \.isNumber) == false
    else {
      fields.note(
        "“\(host)” is no host: its name is written out, in small letters, without a port, a user "
          + "or a place for anything", at: "url")
      return nil
    }
    let path = rest.dropFirst(host.count)
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }),
      !path.contains("#")
    else {
      fields.note("the path begins with / and is made of ASCII without blanks or #", at: "url")
      return nil
    }
    guard let path = template(String(path), fields, "url") else { return nil }
    if fields.flag("address-is-secret") {
      if path.holds(.secret), !path.text.contains("?"), !path.isSigned {
        return (String(host), path)
      }
      fields.note("an address that is the secret has {secret} in its path, and no query", at: "url")
      return nil
    }
    if path.holds(.secret) || path.holds(.partner) || path.isSigned {
      fields.note("only the time may be filled into an address: others keep addresses", at: "url")
      return nil
    }
    return (String(host), path)
  }

  private static func headers(_ node: Node, _ faults: Fields.Faults) -> [LiveCheck.Header] {
    guard let mapping = node.mapping else {
      faults.note("“headers” must be a mapping of names to values", at: node)
      return []
    }
    return mapping.compactMap { key, value in
      guard let name = key.scalar?.string, let text = value.scalar?.string else {
        faults.note("a header is a name and a text", at: key)
        return nil
      }
      guard !name.isEmpty, name.lowercased().utf8.allSatisfy(RuleCheck.wordBytes.contains) else {
        faults.note("“\(name.prefix(64))” is no name of a header", at: key)
        return nil
      }
      if RuleCheck.reservedHeaders.contains(name.lowercased()) {
        faults.note("“\(name)” is not for a rule to set", at: key)
        return nil
      }
      guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        faults.note("a header's value is ASCII in one line", at: value)
        return nil
      }
      do throws(Template.Fault) {
        return LiveCheck.Header(name, try Template(reading: Fields.trimmed(text)))
      } catch {
        faults.note(error.message, at: value)
        return nil
      }
    }
  }

  private static func signature(_ node: Node, _ faults: Fields.Faults) -> LiveCheck.Signature? {
    guard
      let fields = Fields(
        node, keys: ["kind", "service", "region"], what: "a signature",
        shape: "{kind: aws-sigv4, service: sts, region: us-east-1}", faults: faults)
    else { return nil }
    if let kind = fields.text("kind"), kind != "aws-sigv4" {
      fields.note(
        "“kind” is “\(kind)”; only aws-sigv4 is known, others are written as {hmac-sha256-hex …}",
        at: "kind")
    }
    guard let service = fields.text("service"), let region = fields.text("region") else {
      return nil
    }
    return .awsSigV4(service: service, region: region)
  }

  private static func template(_ text: String, _ fields: Fields, _ key: String) -> Template? {
    do throws(Template.Fault) {
      return try Template(reading: text)
    } catch {
      fields.note(error.message, at: key)
      return nil
    }
  }

  // MARK: The answers

  private static func detail(_ node: Node, _ faults: Fields.Faults) -> LiveCheck.Detail? {
    guard
      let fields = Fields(
        node, keys: ["header", "count", "as"], what: "a detail",
        shape: "{header: X-OAuth-Scopes, as: scopes}", faults: faults)
    else { return nil }
    let name = fields.text("as")
    switch (fields.optionalText("header"), fields.optionalText("count")) {
    case (let header?, nil): return name.map { .header(header.lowercased(), name: $0) }
    case (nil, let phrase?): return name.map { .count(of: phrase, name: $0) }
    default:
      fields.note("a detail is either a “header” or a “count” of a phrase")
      return nil
    }
  }

  private static func answer(_ node: Node, _ faults: Fields.Faults) -> LiveCheck.Answer? {
    guard
      let fields = Fields(
        node,
        keys: [
          "status", "says", "outcome", "because", "to-do", "ask-again-after", "wrong-partner",
        ],
        what: "an answer", shape: "{status: 401, outcome: invalid, because: …}", faults: faults)
    else { return nil }
    let statuses: [Int] = fields.nodes("status").compactMap { node in
      let status = node.scalar.flatMap { Int($0.string) } ?? 0
      if (200...299).contains(status) || (400...498).contains(status) { return status }
      faults.note(
        "“status” must be from 200 to 299 or from 400 to 498; others are no answer", at: node)
      return nil
    }
    let says = fields.texts("says")
    if fields["status"] == nil, fields["says"] == nil {
      fields.note("an answer needs “status”, “says” or both")
    }
    if says.contains(where: { $0.utf8.count < 3 }) {
      fields.note("a phrase of less than three characters stands in every body", at: "says")
    }
    let outcome = fields.choice("outcome", as: Verdict.Outcome.self)
    if outcome == nil, fields.isMissing("outcome") { fields.note("“outcome” is missing") }
    if let outcome, RuleCheck.ownOutcomes.contains(outcome) {
      fields.note("“\(outcome.rawValue)” is what keyscan says, and no answer", at: "outcome")
    }
    let because = fields.text("because")
    if because?.hasSuffix(".") == true {
      fields.note("“because” is a sentence without its full stop", at: "because")
    }
    guard let outcome, let because else { return nil }
    return LiveCheck.Answer(
      statuses: statuses, says: says, outcome: outcome, because: because,
      toDo: fields.texts("to-do"), askAgainAfter: fields.number("ask-again-after", in: 1...60),
      isOfPartner: fields.flag("wrong-partner"))
  }
}
