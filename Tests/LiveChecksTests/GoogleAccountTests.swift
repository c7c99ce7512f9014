import Foundation
import LiveChecks
import Model
import TestSupport
import Testing

/// Tokens, clients and service accounts of Google's.
struct GoogleAccountTests {
  private static func credential(
    _ rule: String, _ secret: String, _ partners: [(String, String)] = []
  ) -> Credential {
    Credential(
      rule: RuleID(rule), secret: Secret(Array(secret.utf8)),
      partners: partners.map {
        .init(rule: RuleID($0.0), secret: Secret(Array($0.1.utf8)))
      }, fingerprint: Fingerprint(prefixOf: [UInt8](repeating: 1, count: 32)))
  }

  // MARK: Access tokens

  private func verdict(onToken answer: CheckAnswer, madeUp: CheckAnswer) async -> Verdict {
    let token = "ya29." + LookAlike.plain(120)
    let provider = FakeProvider { request in
      String(decoding: request.body, as: UTF8.self).contains(token) ? answer : madeUp
    }
    let verdict = await GoogleAccessTokenCheck()
      .verdict(on: Self.credential("google.oauth-access-token", token), asking: provider.asker)
    for request in provider.requests {
      #expect(request.method == .post && !request.path.contains("ya29"))
    }
    return verdict
  }

  private static let invalidToken = CheckAnswer(
    400, #"{"error": "invalid_token", "error_description": "Invalid Value"}"#)

  @Test func `an access token is good, or it has run out`() async {
    let good = CheckAnswer(
      200, #"{"scope": "https://a https://b", "expires_in": "1799", "email": "a@example.org"}"#)
    let verdict = await verdict(onToken: good, madeUp: Self.invalidToken)
    #expect(verdict.outcome == .active)
    #expect(verdict.reason == "Google takes it, for 30 more minutes")
    #expect(verdict.opens.first?.detail == "2 scopes")
    #expect(!"\(verdict)".contains("example.org"))
    let old = CheckAnswer(400, #"{"error_description": "Invalid Value"}"#)
    #expect(await self.verdict(onToken: old, madeUp: Self.invalidToken).outcome == .expired)
    #expect(await self.verdict(onToken: good, madeUp: good).outcome == .untrusted)
    let broken = CheckAnswer(503, "<html>")
    #expect(await self.verdict(onToken: broken, madeUp: Self.invalidToken).state == .unknown)
  }

  // MARK: Clients

  private static let clientID =
    "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com"

  @Test(arguments: [
    (#"{"error": "invalid_grant"}"#, 400, Verdict.Outcome.active),
    (#"{"error": "invalid_client", "error_description": "Unauthorized"}"#, 401, .invalid),
    (#"{"error": "deleted_client"}"#, 401, .invalid),
    (#"{"error": "redirect_uri_mismatch"}"#, 400, .checkError),
    ("{}", 200, .checkError), ("", 500, .network),
  ])
  func `a client's secret shows before the code is looked at`(
    body: String, status: Int, outcome: Verdict.Outcome
  ) async {
    let secret = LookAlike.clientSecret()
    let provider = FakeProvider { request in
      let form = String(decoding: request.body, as: UTF8.self)
      #expect(request.path == "/token" && form.contains("grant_type=authorization_code"))
      return form.contains(secret)
        ? CheckAnswer(status, body) : CheckAnswer(401, #"{"error": "invalid_client"}"#)
    }
    let credential = Self.credential(
      "google.oauth-client-secret", secret, [("google.oauth-client-id", Self.clientID)])
    let verdict = await GoogleClientCheck(.clientSecret)
      .verdict(on: credential, asking: provider.asker)
    #expect(verdict.outcome == outcome, "\(verdict)")
  }

  @Test func `without its client's id nothing is sent`() async {
    let provider = FakeProvider { _ in .init(200, "") }
    for (subject, rule) in [
      (GoogleClientCheck.Subject.clientSecret, "google.oauth-client-secret"),
      (.refreshToken, "google.oauth-refresh-token"),
    ] {
      let check = GoogleClientCheck(subject)
      let alone = Self.credential(rule, LookAlike.clientSecret())
      #expect(check.plan(alone).isEmpty)
      #expect(await check.verdict(on: alone, asking: provider.asker).outcome == .notChecked)
    }
    #expect(provider.requests.isEmpty)
  }

  @Test func `a refresh token is used only by those who name it`() async {
    let (token, secret) = ("1//0e" + LookAlike.plain(98), LookAlike.clientSecret())
    let access = "ya29." + LookAlike.plain(60)
    let provider = FakeProvider { request in
      String(decoding: request.body, as: UTF8.self).contains("1%2F%2F0e" + token.dropFirst(5))
        ? CheckAnswer(200, "{\"access_token\": \"\(access)\", \"expires_in\": 3599}")
        : CheckAnswer(400, #"{"error": "invalid_grant"}"#)
    }
    let check = GoogleClientCheck(.refreshToken)
    #expect(check.isOnlyIfNamed && check.provider != "google")
    let credential = Self.credential(
      "google.oauth-refresh-token", token,
      [("google.oauth-client-id", Self.clientID), ("google.oauth-client-secret", secret)])
    let verdict = await check.verdict(on: credential, asking: provider.asker)
    #expect(verdict.outcome == .active)
    #expect(!"\(verdict)".contains(access.suffix(20)))
  }

  // MARK: Service accounts

  /// A key that openssl made, its certificate and another's.
  private func keys() throws -> (key: String, certificate: String, other: String) {
    let folder = TemporaryFolder()
    for name in ["a", "b"] {
      let output = try Tool.run(
        "/usr/bin/env",
        [
          "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(name).key",
          "-out", "\(name).pem", "-subj", "/CN=x", "-days", "1",
        ], in: folder.path)
      try #require(output.status == 0, "\(output.errors)")
    }
    let key = try folder.read("a.key").split(separator: "\n").dropFirst().dropLast().joined()
    return (key, try folder.read("a.pem"), try folder.read("b.pem"))
  }

  @Test func `a service account lists the certificate of a key that it still takes`() async throws {
    let (key, certificate, other) = try keys()
    let account = "robot@some-project.iam.gserviceaccount.com"
    let credential = Self.credential(
      "google.service-account-key", key, [("google.service-account-email", account)])
    func verdict(_ answer: CheckAnswer, madeUp: CheckAnswer = .init(404, "{}")) async -> Verdict {
      let provider = FakeProvider { request in
        #expect(request.method == .get && request.headers.isEmpty && request.body.isEmpty)
        return request.path.contains("robot%40") ? answer : madeUp
      }
      return await GoogleServiceAccountCheck().verdict(on: credential, asking: provider.asker)
    }
    func list(_ certificates: [String]) throws -> CheckAnswer {
      let map = Dictionary(
        uniqueKeysWithValues: certificates.enumerated().map { ("id\($0)", $1) })
      return CheckAnswer(
        status: 200, body: Array(try JSONEncoder().encode(map)))
    }
    #expect(await verdict(try list([other, certificate])).outcome == .active)
    #expect(await verdict(try list([other])).outcome == .invalid)
    #expect(await verdict(try list([])).outcome == .invalid)
    #expect(await verdict(.init(404, "{}")).outcome == .invalid)
    #expect(await verdict(.init(200, "<html>")).state == .unknown)
    #expect(await verdict(try list([certificate]), madeUp: try list([other])).outcome == .untrusted)
    #expect(await verdict(try list([certificate]), madeUp: .init(500, "")).outcome == .untrusted)
  }

  @Test func `what is no key is not looked up`() async {
    let provider = FakeProvider { _ in .init(404, "{}") }
    let credential = Self.credential(
      "google.service-account-key", LookAlike.pemBody().replacingOccurrences(of: "\n", with: ""),
      [("google.service-account-email", "robot@some-project.iam.gserviceaccount.com")])
    let verdict = await GoogleServiceAccountCheck().verdict(on: credential, asking: provider.asker)
    #expect(verdict.outcome == .notChecked && provider.requests.isEmpty)
  }
}
