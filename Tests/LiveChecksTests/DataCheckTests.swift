import BuiltInRules
import LiveChecks
import Model
import Rules
import Testing

struct DataCheckTests {
  private let unknown = CheckAnswer(401, #"{"message":"Bad credentials"}"#)
  private let taken = CheckAnswer(200, #"{"rate":{"limit":5000}}"#)
  private let noID = CheckAnswer(
    403, "<ErrorResponse><Code>InvalidClientTokenId</Code></ErrorResponse>")
  private let mismatch = CheckAnswer(
    403, "<ErrorResponse><Code>SignatureDoesNotMatch</Code></ErrorResponse>")
  private let identity = CheckAnswer(200, "<GetCallerIdentityResult/>")

  @Test func `a service that takes a made-up secret too is not believed`() async throws {
    let found = try Found("github.token")
    let verdict = await found.verdict(RecordedTransport(taken))
    #expect(verdict.outcome == .untrusted)
    #expect(verdict.reason.contains("api.github.com did not refuse a made-up secret"))
    #expect(verdict.checkedAt == RecordedTransport.now)
  }

  @Test(arguments: [
    CheckAnswer(403, #"{"message":"Forbidden"}"#), CheckAnswer(200, "{}"),
    CheckAnswer(404, "{}"), CheckAnswer(401, #"{"message":"something new"}"#),
    CheckAnswer(302, ""), CheckAnswer(200, "garbage"),
  ])
  func `any other answer to a made-up secret makes all of them worthless`(
    control: CheckAnswer
  ) async throws {
    let found = try Found("github.token")
    let transport = RecordedTransport(control, unknown)
    #expect(await found.verdict(transport).outcome == .untrusted)
    #expect(transport.requests.count == 1, "the secret itself need not be sent")
  }

  @Test func `a made-up secret is asked about once a run, for each form`() async throws {
    let found = try Found("github.token")
    let other = try Found("github.token", control: 3)
    let transport = RecordedTransport(unknown, unknown, unknown, unknown)
    let asker = transport.asker
    for one in [found, found, other] {
      let verdict = await one.dataCheck.verdict(on: one.credential, asking: asker)
      #expect(verdict.outcome == .invalid)
    }
    #expect(transport.requests.count == 5)
    let tokens = transport.requests.compactMap { request in
      request.headers.first { $0.name == "Authorization" }?.value.dropFirst(7)
    }
    #expect(tokens.map { $0.prefix(4) } == ["ghp_", "ghp_", "ghp_", "ghs_", "ghs_"])
    #expect(tokens[0].count == found.secret.utf8.count && tokens[0] != tokens[1])
    #expect(tokens[1] == tokens[2])
  }

  @Test func `another run makes up another secret`() async throws {
    let found = try Found("github.token")
    let transport = RecordedTransport(unknown)
    _ = await found.verdict(transport)
    _ = await found.verdict(transport)
    #expect(transport.requests[0] != transport.requests[2])
  }

  @Test(arguments: [CheckFailure.timedOut, .untrustedConnection, .forbiddenAddress, .interrupted])
  func `what goes wrong on the way is said, at the control and after it`(
    failure: CheckFailure
  ) async throws {
    let found = try Found("github.token")
    for broken in [0, 1] {
      let unknown = unknown
      let transport = RecordedTransport { (i, _) throws(CheckFailure) in
        if i == broken { throw failure }
        return unknown
      }
      let verdict = await found.verdict(transport)
      #expect(verdict.outcome == .network)
      #expect(verdict.reason == "api.github.com could not be asked: \(failure.words)")
      #expect(verdict.toDo.first?.hasPrefix("Ask again later") == true)
    }
  }

  @Test(arguments: [
    (CheckAnswer(500, "{}"), Verdict.Outcome.network), (CheckAnswer(503, "<html>"), .network),
    (CheckAnswer(499, ""), .network), (CheckAnswer(200, "<!DOCTYPE html><p>"), .network),
    (CheckAnswer(403, "  <HTML>"), .network), (CheckAnswer(429, ""), .network),
    (CheckAnswer(302, ""), .checkError), (CheckAnswer(308, "{}"), .checkError),
    (CheckAnswer(200, ""), .checkError), (CheckAnswer(200, "not JSON"), .checkError),
    (CheckAnswer(418, "{}"), .checkError), (CheckAnswer(401, "{}"), .denied),
    (CheckAnswer(200, #"{"resources""#), .active),
  ])
  func `what is no answer of the service is told from one`(
    answer: CheckAnswer, outcome: Verdict.Outcome
  ) async throws {
    let found = try Found("github.token")
    let verdict = await found.verdict(RecordedTransport(unknown, answer))
    #expect(verdict.outcome == outcome, "\(verdict.reason)")
  }

  @Test func `a number of a body that was cut is a least one`() async throws {
    let found = try Found("openai.project-key")
    let dead = CheckAnswer(401, #"{"error":{"code":"invalid_api_key"}}"#)
    let cut = CheckAnswer(
      status: 200, body: Array(#"{"data":[{"object":"model"},{"object":"mod"#.utf8), isCut: true)
    let verdict = await found.verdict(RecordedTransport(dead, cut))
    #expect(verdict.opens.first?.detail == "at least 1 models")
  }

  @Test func `a header that may hold more than rights is not passed on`() async throws {
    let found = try Found("github.token")
    for value in ["somebody@example.org", "\u{1B}[31m", String(repeating: "a", count: 400)] {
      let verdict = await found.verdict(
        RecordedTransport(
          unknown, CheckAnswer(200, "{}", headers: ["x-oauth-scopes": value])))
      #expect(verdict.outcome == .active && verdict.opens.isEmpty)
    }
  }

  // MARK: Partners

  @Test func `without what belongs to it a secret is not sent`() async throws {
    let found = try Found("aws.access-key", partners: 0)
    let transport = RecordedTransport(noID)
    let verdict = await found.verdict(transport)
    #expect(verdict.outcome == .notChecked && verdict.checkedAt == nil)
    #expect(verdict.reason.contains("aws.access-key-id"))
    #expect(transport.requests.isEmpty && found.dataCheck.plan(found.credential).isEmpty)
  }

  @Test func `a temporary key, and what a header cannot hold, are not sent`() async throws {
    let found = try Found("aws.access-key")
    let id = "ASIA" + FillIn.expand("{base32 16}", seed: "t")
    let temporary = Credential(
      rule: found.rule.id, secret: found.credential.secret,
      partners: [.init(rule: RuleID("aws.access-key-id"), secret: Secret(Array(id.utf8)))],
      fingerprint: found.credential.fingerprint)
    let github = try Found("github.token")
    let injected = Credential(
      rule: github.rule.id, secret: Secret(Array("\(github.secret)\r\nX: y".utf8)),
      fingerprint: github.credential.fingerprint)
    let slack = try Found("slack.rotating-token")
    let refresh = Credential(
      rule: slack.rule.id,
      secret: Secret(Array(FillIn.expand("xoxe-1-{alnum 146}", seed: "r").utf8)),
      fingerprint: slack.credential.fingerprint)
    for (found, credential) in [(found, temporary), (github, injected), (slack, refresh)] {
      let transport = RecordedTransport(noID)
      let verdict = await found.dataCheck.verdict(on: credential, asking: transport.asker)
      #expect(verdict.outcome == .notChecked)
      #expect(transport.requests.isEmpty && found.dataCheck.plan(credential).isEmpty)
    }
  }

  @Test func `a webhook is asked about with a message that cannot be posted`() async throws {
    let found = try Found("slack.webhook")
    let transport = RecordedTransport(
      CheckAnswer(404, "no_team"), CheckAnswer(400, "invalid_payload"))
    #expect(await found.verdict(transport).outcome == .active)
    let place = try #require(found.credential.partners.first?.secret.exposed)
    let request = try #require(transport.requests.last)
    #expect(
      request.path == "/services/\(String(decoding: place, as: UTF8.self))/\(found.secret)")
    #expect(request.method == .post && request.body == Array("{".utf8))
    #expect(!found.secret.contains("/") && !transport.requests[0].path.contains(found.secret))
    let odd = Credential(
      rule: found.rule.id, secret: Secret(Array("a?b=../c".utf8)),
      partners: found.credential.partners, fingerprint: found.credential.fingerprint)
    let silent = RecordedTransport(CheckAnswer(404, "no_team"))
    let verdict = await found.dataCheck.verdict(on: odd, asking: silent.asker)
    #expect(verdict.outcome == .notChecked && silent.requests.isEmpty)
  }

  @Test func `other ids are tried while one is the wrong one, three at most`() async throws {
    let found = try Found("aws.access-key", partners: 5)
    let right = RecordedTransport(noID, noID, mismatch, mismatch, identity)
    #expect(await found.verdict(right).outcome == .active)
    #expect(right.requests.count == 5 && found.pauses.all == [6])
    let wrong = RecordedTransport(noID)
    #expect(await found.verdict(wrong).outcome == .invalid)
    #expect(wrong.requests.count == 4)
    // With one living id among them it is not known whose the secret is.
    let open = RecordedTransport(noID, mismatch, mismatch, noID)
    #expect(await found.verdict(open).outcome == .unconfirmed)
  }

  @Test func `a wrong signature is asked about once more after six seconds`() async throws {
    let found = try Found("aws.access-key")
    let transport = RecordedTransport(noID, mismatch, identity)
    #expect(await found.verdict(transport).outcome == .active)
    #expect(found.pauses.all == [6])
    #expect(transport.requests[1] == transport.requests[2])
  }

  // MARK: Plans

  @Test func `the plan says what would be sent to whom`() throws {
    let github = try Found("github.token")
    #expect(
      github.dataCheck.plan(github.credential) == [
        PlannedRequest(
          host: "api.github.com", kind: "rate limit (github.token)", isControl: true),
        PlannedRequest(host: "api.github.com", kind: "rate limit"),
      ])
    let aws = try Found("aws.access-key", partners: 2)
    #expect(
      aws.dataCheck.plan(aws.credential).filter(\.isConditional).map(\.kind) == [
        "whose the key is, with another id", "whose the key is, once more",
      ])
    let coincheck = try Found("coincheck.secret-key")
    #expect(coincheck.dataCheck.isOnlyIfNamed && coincheck.dataCheck.provider == "coincheck")
    #expect(coincheck.dataCheck.hosts == ["coincheck.com"])
    #expect(coincheck.dataCheck.effect.contains("lock the owner out"))
    #expect(coincheck.dataCheck.partnerRule == RuleID("coincheck.access-key"))
  }
}
