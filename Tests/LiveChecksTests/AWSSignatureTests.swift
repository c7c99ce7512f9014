import LiveChecks
import Model
import Rules
import Testing

/// Against the test suite that AWS publishes for Signature Version 4 and against botocore, which
/// sign the same for the same moment.
struct AWSSignatureTests {
  private func signed(
    _ method: LiveCheck.Method, _ headers: [LiveCheck.Header] = [], _ body: String = ""
  ) async throws -> CheckRequest {
    let partner = RuleID("example.id")
    let rule = Rule(
      id: RuleID("example.key"), provider: "Example", title: "", description: "",
      severity: .high, kind: .secret, remediation: ["Make a new one."])
    let check = LiveCheck(
      provider: "example", effect: "None.", controls: ["{alnum 40}"],
      partner: .init(rule: partner, control: "AKID{upper 7}"),
      request: LiveCheck.Request(
        asksFor: "a test", method: method, host: "example.amazonaws.com",
        path: Template([.text("/")]), headers: headers, body: Template([.text(body)]),
        signature: .awsSigV4(service: "service", region: "us-east-1"), answersIn: .text),
      answers: [.init(statuses: [403], outcome: .invalid, because: "it is unknown")])
    // The secret of the published test suite, in two pieces so that nobody takes it for one.
    let credential = Credential(
      rule: rule.id,
      secret: Secret(Array("wJalrXUtnFEMI/K7MDENG".utf8) + "+bPxRfiCYEXAMPLEKEY".utf8),
      partners: [.init(rule: partner, secret: Secret(Array("AKIDEXAMPLE".utf8)))],
      fingerprint: Fingerprint(prefixOf: [UInt8](repeating: 1, count: 16)))
    let transport = RecordedTransport(CheckAnswer(403, "no"))
    let asker = Asker(transport, now: { 1_440_938_160 })
    _ = await DataCheck(check, of: rule).verdict(on: credential, asking: asker)
    return try #require(transport.requests.last)
  }

  private func authorization(_ names: String, _ signature: String) -> CheckRequest.Header {
    CheckRequest.Header(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=\(names), Signature=\(signature)")
  }

  @Test func `a GET without anything is signed as get-vanilla`() async throws {
    let request = try await signed(.get)
    #expect(
      request.headers == [
        CheckRequest.Header("X-Amz-Date", "20150830T123600Z"),
        authorization(
          "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
      ])
  }

  @Test func `a POST is signed as post-vanilla`() async throws {
    #expect(
      try await signed(.post).headers.last
        == authorization(
          "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"))
  }

  @Test(arguments: [
    (
      "application/x-www-form-urlencoded", "Param1=value1",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    ),
    (
      "application/x-www-form-urlencoded; charset=utf-8",
      "Action=GetCallerIdentity&Version=2011-06-15",
      "d8aef9ef9f7b80305f829ce1b9c069c49c4fe4c4d2755d2c3b4fce2542ee0986"
    ),
  ])
  func `a form is signed with its type and its body`(
    type: String, body: String, signature: String
  ) async throws {
    let request = try await signed(
      .post, [.init("Content-Type", Template([.text(type)]))], body)
    #expect(request.body == Array(body.utf8))
    #expect(request.headers.last == authorization("content-type;host;x-amz-date", signature))
  }
}
