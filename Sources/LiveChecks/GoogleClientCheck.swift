internal import Bytes
package import Model
internal import Rules

/// Asks Google about what belongs to an OAuth client: its secret, and tokens that users gave it.
package struct GoogleClientCheck: CredentialCheck {
  /// What is asked about.
  package enum Subject: Sendable {
    /// With a code that nobody was given: whether the secret is right shows before the code is
    /// looked at.
    case clientSecret
    /// A refresh token can only be tried by using it, which makes an access token; so it goes by a
    /// name of its own, for those who agree to that.
    case refreshToken
  }

  private let subject: Subject
  package var effect: String {
    switch subject {
    case .clientSecret: ""
    case .refreshToken: "Google makes an access token, which runs out after an hour."
    }
  }
  package var provider: String {
    switch subject {
    case .clientSecret: "google"
    case .refreshToken: "google-refresh-tokens"
    }
  }
  package var isOnlyIfNamed: Bool {
    switch subject {
    case .clientSecret: false
    case .refreshToken: true
    }
  }

  /// The rules of client secrets, and of refresh tokens.
  package static let clientSecretRules = [
    RuleID("google.oauth-client-secret"), RuleID("google.oauth-client-secret-installed"),
    RuleID("google.oauth-client-secret-legacy"),
    RuleID("google.oauth-client-secret-legacy-installed"),
  ]
  package static let refreshTokenRule = RuleID("google.oauth-refresh-token")

  private static let host = "oauth2.googleapis.com"

  package init(_ subject: Subject) {
    self.subject = subject
  }

  private var kind: String {
    switch subject {
    case .clientSecret: "exchange of a made-up code"
    case .refreshToken: "exchange of the token for an access token, which is forgotten"
    }
  }

  package var hosts: Set<String> { [Self.host] }

  package func plan(_ credential: Credential) -> [PlannedRequest] {
    client(of: credential) == nil
      ? []
      : [true, false].map { PlannedRequest(host: Self.host, kind: kind, isControl: $0) }
  }

  package func verdict(on credential: Credential, asking asker: Asker) async -> Verdict {
    guard let client = client(of: credential) else {
      return Verdict(
        .notChecked,
        reason: subject == .clientSecret
          ? "the id of its client does not stand beside it"
          : "id and secret of its client do not stand beside it")
    }
    let isTrusted = await asker.isTrusted("\(Self.host) \(kind)") {
      await madeUp(client, asker).outcome == .invalid
    }
    guard isTrusted else { return .untrusted(Self.host, asker) }
    var verdict = await exchange(client, credential.secret.exposed, asker)
    verdict.checkedAt = asker.now()
    return verdict
  }

  private struct Client {
    let id: String
    /// Of a refresh token's client; the secret that is asked about is none.
    let secret: String
  }

  private func client(of credential: Credential) -> Client? {
    guard let id = credential.partner("google.oauth-client-id") else { return nil }
    switch subject {
    case .clientSecret: return Client(id: id, secret: "")
    case .refreshToken:
      return credential.partner("google.oauth-client-secret").map { Client(id: id, secret: $0) }
    }
  }

  /// Asks about what nobody has.
  private func madeUp(_ client: Client, _ asker: Asker) async -> Verdict {
    switch subject {
    case .clientSecret:
      let made = FillIn.expand(
        "{digit 12}-{lownum 32}.apps.googleusercontent.com GOCSPX-{base64url 28}",
        seed: Credential.seed()
      ).split(separator: " ").map(String.init)
      return await exchange(Client(id: made[0], secret: ""), Array(made[1].utf8), asker)
    case .refreshToken:
      let token = FillIn.expand("1//0e{base64url 98}", seed: Credential.seed())
      return await exchange(client, Array(token.utf8), asker)
    }
  }

  private func exchange(_ client: Client, _ secret: [UInt8], _ asker: Asker) async -> Verdict {
    var fields = [("client_id", Array(client.id.utf8))]
    switch subject {
    case .clientSecret:
      let code = FillIn.expand("4/0A{base64url 70}", seed: Credential.seed())
      fields += [
        ("client_secret", secret), ("code", Array(code.utf8)),
        ("grant_type", Array("authorization_code".utf8)),
        ("redirect_uri", Array("http://localhost".utf8)),
      ]
    case .refreshToken:
      fields += [
        ("client_secret", Array(client.secret.utf8)), ("refresh_token", secret),
        ("grant_type", Array("refresh_token".utf8)),
      ]
    }
    let request = CheckRequest(
      .post, host: Self.host, path: "/token",
      headers: [.init("content-type", "application/x-www-form-urlencoded")],
      body: Form.encoded(fields.map { (name: $0.0, value: $0.1) }))
    do throws(CheckFailure) {
      return judge(try await asker.send(request))
    } catch {
      return .unanswered(error)
    }
  }

  private func judge(_ answer: CheckAnswer) -> Verdict {
    guard let body = TokenAnswer(answer) else { return .notUnderstood(answer) }
    switch (subject, body.error) {
    case (.clientSecret, "invalid_grant"?):
      return Verdict(
        .active, reason: "Google takes the client's secret, and refused only the code",
        toDo: [
          "Add a second secret to the client at https://console.cloud.google.com/auth/clients, deploy "
            + "it, then disable and delete this one."
        ])
    case (.clientSecret, "invalid_client"?), (.clientSecret, "deleted_client"?):
      return Verdict(
        .invalid, reason: "Google does not take it for the secret of the client beside it",
        toDo: ["If it belongs to another client, look at that one's page."])
    case (.refreshToken, nil) where answer.status == 200:
      return Verdict(
        .active, reason: "it buys access tokens in its user's name",
        toDo: [
          "Take the access away now: https://myaccount.google.com/permissions, or gcloud auth revoke",
          "Look at the account's activity, and sign in again.",
        ])
    case (.refreshToken, "invalid_grant"?):
      return Verdict(
        .invalid, reason: "it was revoked, or has run out",
        toDo: ["Take it out of the files."])
    case (.refreshToken, "invalid_client"?), (.refreshToken, "unauthorized_client"?),
      (.refreshToken, "deleted_client"?):
      return Verdict(
        .inconclusive, reason: "it is not of the client beside it, or that client is gone")
    default: return .notUnderstood(answer)
    }
  }
}
