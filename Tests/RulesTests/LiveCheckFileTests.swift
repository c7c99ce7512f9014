import BuiltInRules
import Foundation
import Model
import Rules
import TestSupport
import Testing

struct LiveCheckFileTests {
  /// A rule file with a live check that is right, to be broken by a test.
  static let good = """
    provider: Example
    rules:
      - id: example.token
        title: Example token
        description: Opens the example.
        severity: high
        class: secret
        anchors: [exm_]
        pattern: '(?<secret>exm_[a-z0-9]{20})'
        remediation: [Make a new one.]
        examples: ['exm_{lownum 20}']
        live-check:
          provider: example
          effect: Its log shows it.
          control: exm_{lownum 20}
          partner: {rule: example.id, control: 'exi_{lownum 8}'}
          request:
            asks-for: list of things
            method: POST
            url: https://api.example.org/v1/things?at={time}
            headers:
              Authorization: Bearer {secret}
              X-Id: '{partner}'
              X-Sign: '{hmac-sha256-hex {time-ms}5000/v1/things}'
            body: '{"a": {"b": 1}}'
          detail: {count: '"thing"', as: things}
          answers:
            - {status: 200, outcome: active, because: it takes it}
            - {status: [401, 403], says: [bad token], outcome: invalid, because: it does not know it}
            - status: 403
              says: [bad signature]
              outcome: refused-not-confirmed
              because: the id is another's
              to-do: [Look for its id.]
              ask-again-after: 6
              wrong-partner: true
      - id: example.id
        title: t
        description: d
        severity: low
        class: identifier
        role: companion
        pattern: '(?<secret>exi_[a-z0-9]{8})'

    """

  let folder = TemporaryFolder()

  private func read(_ text: String) throws -> RuleFile.Reading {
    try folder.write("example.yml", text)
    return try RuleFile.read(folder: Array(folder.path.utf8))
  }

  @Test func `a live check is read whole`() throws {
    let reading = try read(Self.good)
    #expect(reading.errors.isEmpty, "\(reading.errors)")
    let check = try #require(reading.rules.first?.liveCheck)
    #expect(check.provider == "example" && !check.isOnlyIfNamed)
    #expect(check.effect == "Its log shows it." && check.controls == ["exm_{lownum 20}"])
    #expect(check.partner?.rule == RuleID("example.id"))
    let request = check.request
    #expect(request.host == "api.example.org" && request.method == .post)
    #expect(request.path.pieces == [.text("/v1/things?at="), .time])
    #expect(request.headers.map(\.name) == ["Authorization", "X-Id", "X-Sign"])
    #expect(request.headers[0].value.pieces == [.text("Bearer "), .secret])
    #expect(
      request.headers[2].value.pieces
        == [.hmacSHA256([.timeInMilliseconds, .text("5000/v1/things")])])
    #expect(request.headers[2].value.text == "{hmac-sha256-hex {time-ms}5000/v1/things}")
    #expect(request.body.pieces == [.text(#"{"a": {"b": 1}}"#)])
    #expect(check.summary == "POST /v1/things?at={time}")
    #expect(check.detail == .count(of: "\"thing\"", name: "things"))
    #expect(check.answers.map(\.statuses) == [[200], [401, 403], [403]])
    #expect(check.answers[2].askAgainAfter == 6 && check.answers[2].isOfPartner)
    #expect(check.answers[2].toDo == ["Look for its id."])
  }

  @Test func `the provider is the rule's if nothing else is said`() throws {
    let reading = try read(
      Self.good.replacingOccurrences(of: "      provider: example\n", with: ""))
    #expect(reading.rules.first?.liveCheck?.provider == "example")
  }

  /// What is put in place of what, and what must be said about it and in which line.
  @Test(arguments: [
    ("provider: example\n", "provder: example\n", 13, "did you mean “provider”?"),
    ("provider: example\n", "provider: Big Co\n", 13, "small letters, digits and hyphens"),
    ("effect: Its log shows it.", "effect: Its log shows it", 14, "with its full stop"),
    ("      effect: Its log shows it.\n", "", 13, "“effect” is missing"),
    ("control: exm_{lownum 20}", "control: exm_{lownum 19}", 15, "does not match all of it"),
    ("control: exm_{lownum 20}", "control: exm_{alnum 20}", 15, "does not match all of it"),
    (
      "control: exm_{lownum 20}", "control: exm_12345678901234567890", 15, "made up anew each time"
    ),
    ("control: exm_{lownum 20}", "control: exm_{lowercase 20}", 15, "is no fill-in"),
    ("{rule: example.id,", "{rule: example.di,", 3, "names the rule “example.di”"),
    ("'exi_{lownum 8}'", "'exi_{lownum 7}'", 3, "the control is no example.id"),
    ("{rule: example.id, control: 'exi_{lownum 8}'}", "example.id", 16, "{rule: ID, control: …}"),
    ("        asks-for: list of things\n", "", 18, "“asks-for” is missing"),
    ("method: POST", "method: PUT", 19, "must be one of GET, POST"),
    ("method: POST", "method: GET", 25, "a GET has no body"),
    ("https://api.example.org", "http://api.example.org", 20, "must begin with https://"),
    ("https://api.example.org", "https://api.example.org:8443", 20, "without a port"),
    ("https://api.example.org", "https://user@api.example.org", 20, "is no host"),
    ("https://api.example.org", "https://API.example.org", 20, "in small letters"),
    ("https://api.example.org", "https://{secret}.example.org", 20, "is no host"),
    ("https://api.example.org", "https://127.0.0.1", 20, "is no host"),
    ("https://api.example.org", "https://localhost", 20, "is no host"),
    ("?at={time}", "?key={secret}", 20, "only the time may be filled into an address"),
    ("?at={time}", "?id={partner}", 20, "only the time may be filled into an address"),
    (
      "?at={time}", "?key={secret}\n        address-is-secret: true", 20,
      "has {secret} in its path, and no query"
    ),
    ("?at={time}", "#x", 20, "without blanks or #"),
    ("Bearer {secret}", "Bearer {token}", 22, "“{token…}” is no place for anything"),
    ("Bearer {secret}", "Bearer x\n          Cookie: '{secret}'", 23, "not for a rule to set"),
    ("          Authorization: ", "          'A b': ", 22, "is no name of a header"),
    ("{time-ms}5000/v1/things}", "{time-ms}5000", 24, "lacks the brace at its end"),
    (
      "{time-ms}5000/v1/things}", "{hmac-sha256-hex x}}", 24, "a signature stands in a signature"
    ),
    (
      "body: '{\"a\": {\"b\": 1}}'", "body: token={secret}", 25,
      "never into the body"
    ),
    (
      "body: '{\"a\": {\"b\": 1}}'", "sign: {kind: oauth1, service: a, region: b}", 25,
      "only aws-sigv4 is known"
    ),
    ("{count: '\"thing\"', as: things}", "{as: things}", 26, "either a “header” or a “count”"),
    ("status: 200, ", "", 28, "needs “status”, “says” or both"),
    ("status: 200", "status: 302", 28, "from 200 to 299 or from 400 to 498"),
    ("says: [bad token]", "says: [ba]", 29, "less than three characters"),
    ("outcome: active", "outcome: alive", 28, "“outcome” is “alive”; it must be one of active"),
    ("outcome: active", "outcome: not-checked", 28, "what keyscan says, and no answer"),
    ("because: it takes it}", "because: It takes it.}", 28, "without its full stop"),
    ("outcome: active", "outcome: unknown-denied", 28, "no answer says that a secret is alive"),
    (
      "invalid, because: it does not know it}\n        - status: 403\n          says: [bad signature]\n          outcome: refused-not-confirmed",
      "expired, because: it does not know it}\n        - status: 403\n          says: [bad signature]\n          outcome: inconclusive",
      28, "no answer is one of “invalid”"
    ),
    (
      "status: [401, 403], says: [bad token]", "status: [401, 403]", 28,
      "answer 3 is never reached"
    ),
    ("ask-again-after: 6", "ask-again-after: 600", 35, "a number from 1 to 60"),
  ])
  func `a fault is told with its line and what is wrong`(
    old: String, new: String, line: Int, message: String
  ) throws {
    #expect(Self.good.contains(old))
    let reading = try read(Self.good.replacingOccurrences(of: old, with: new))
    let error = try #require(
      reading.errors.first { $0.message.contains(message) }, "\(reading.errors)")
    #expect(error.line == line, "\(error)")
    #expect(error.file == folder.at("example.yml"))
  }

  @Test func `what the request takes and what there is must agree`() throws {
    let unsigned = Self.good.replacingOccurrences(of: "Bearer {secret}", with: "x")
      .replacingOccurrences(of: "{hmac-sha256-hex {time-ms}5000/v1/things}", with: "y")
    #expect(try read(unsigned).errors.contains { $0.message.contains("made of the secret") })
    let alone = Self.good.replacingOccurrences(of: "          X-Id: '{partner}'\n", with: "")
    #expect(try read(alone).errors.contains { $0.message.contains("“partner” that nothing") })
    let nobody = Self.good.replacingOccurrences(
      of: "      partner: {rule: example.id, control: 'exi_{lownum 8}'}\n", with: "")
    #expect(try read(nobody).errors.contains { $0.message.contains("takes a {partner}") })
    let companion = Self.good.replacingOccurrences(
      of: "    class: secret\n", with: "    class: secret\n    role: companion\n")
    #expect(try read(companion).errors.contains { $0.message.contains("reported as a secret") })
  }

  @Test func `the rule is not taken whose live check is wrong`() throws {
    let reading = try read(Self.good.replacingOccurrences(of: "https://api", with: "ftp://api"))
    #expect(reading.rules.map(\.id) == [RuleID("example.id")])
  }
}

struct BuiltInLiveCheckTests {
  @Test func `built-in checks are asked over HTTPS with the secret in no address`() throws {
    #expect(RuleBook.builtInLiveChecks.count > 20)
    for (id, check) in RuleBook.builtInLiveChecks {
      let rule = try #require(RuleBook.builtIn[id])
      #expect(rule.liveCheck == nil && RuleBook.liveCheck(of: rule) == check)
      #expect(check.provider == id.provider)
      // A webhook's address is the secret; there is no other way to ask about one.
      #expect(check.request.isAddressSecret == (id == RuleID("slack.webhook")))
      #expect(check.request.path.holds(.secret) == check.request.isAddressSecret)
      #expect(check.request.isAddressSecret || !check.request.path.holds(.partner))
    }
  }

  @Test func `only Coincheck is asked only if it is named`() {
    let named = RuleBook.builtInLiveChecks.filter(\.value.isOnlyIfNamed).map(\.key)
    #expect(named == [RuleID("coincheck.secret-key")])
  }

  @Test func `nobody is asked about a trap`() throws {
    let trap = try #require(RuleBook.builtIn[RuleID("aws.honeytoken")])
    #expect(RuleBook.liveCheck(of: trap) == nil)
    let id = try #require(RuleBook.builtIn[RuleID("aws.access-key-id-alone")])
    #expect(RuleBook.liveCheck(of: id) == nil)
  }
}
