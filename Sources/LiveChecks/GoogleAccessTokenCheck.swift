internal import Bytes
internal import Documents
package import Model
internal import Rules

/// Asks Google whether an access token is still good, which changes nothing about it.
package struct GoogleAccessTokenCheck: CredentialCheck {
  package let provider = "google"
  package static let rule = RuleID("google.oauth-access-token")

  private static let host = "oauth2.googleapis.com"
  private static let kind = "look at a token"

  package init() {}

  package var hosts: Set<String> { [Self.host] }

  package func plan(_ credential: Credential) -> [PlannedRequest] {
    [true, false].map { PlannedRequest(host: Self.host, kind: Self.kind, isControl: $0) }
  }

  package func verdict(on credential: Credential, asking asker: Asker) async -> Verdict {
    let isTrusted = await asker.isTrusted("\(Self.host) access token") {
      let madeUp = FillIn.expand("ya29.a0{base64url 200}", seed: Credential.seed())
      return await self.answer(to: Array(madeUp.utf8), asker).outcome == .expired
    }
    guard isTrusted else { return .untrusted(Self.host, asker) }
    var verdict = await answer(to: credential.secret.exposed, asker)
    verdict.checkedAt = asker.now()
    return verdict
  }

  /// In the body, since addresses are written to logs.
  private func answer(to token: [UInt8], _ asker: Asker) async -> Verdict {
    let request = CheckRequest(
      .post, host: Self.host, path: "/tokeninfo",
      headers: [.init("content-type", "application/x-www-form-urlencoded")],
      body: Form.encoded([("access_token", token)]))
    do throws(CheckFailure) {
      return Self.verdict(of: try await asker.send(request))
    } catch {
      return .unanswered(error)
    }
  }

  private static func verdict(of answer: CheckAnswer) -> Verdict {
    guard let body = TokenAnswer(answer) else { return .notUnderstood(answer) }
    switch (answer.status, body.error) {
    case (200, nil):
      let count = body.scope?.split(separator: " ").count
      var verdict = Verdict(
        .active,
        reason: "Google takes it"
          + (body.seconds.map { ", for \(($0 + 59) / 60) more minutes" } ?? ""),
        toDo: [
          "Revoke it at once: gcloud auth revoke, or https://myaccount.google.com/permissions",
          "Find out what wrote it here, and where the refresh token is that it came from.",
        ])
      if let count {
        verdict.opens = [
          .init(
            service: "Google account", outcome: .active,
            detail: count == 1 ? "1 scope" : "\(count) scopes")
        ]
      }
      return verdict
    case (400, "invalid_token"?), (400, "invalid_request"?), (401, "invalid_token"?):
      return Verdict(
        .expired, reason: "it has run out, or was revoked",
        toDo: ["See whether a refresh token stands where it came from; that lives on."])
    default: return .notUnderstood(answer)
    }
  }
}

/// What Google's token addresses answer.
struct TokenAnswer {
  let error: String?
  let scope: String?
  /// How long it is still good.
  let seconds: Int?

  init?(_ answer: CheckAnswer) {
    guard
      let body = try? JSONDocument.value(
        Body.self, of: answer.body, file: "", what: "answer about a token")
    else { return nil }
    error = body.error ?? (body.error_description == "Invalid Value" ? "invalid_token" : nil)
    scope = body.scope
    seconds = body.expires_in.flatMap { $0.number }
  }

  private struct Body: Decodable {
    var error: String?
    var error_description: String?
    var scope: String?
    var expires_in: Number?
  }

  /// A number, which older answers write as text.
  private struct Number: Decodable {
    let number: Int?

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      number = (try? value.decode(Int.self)) ?? (try? value.decode(String.self)).flatMap { Int($0) }
    }
  }
}

/// What a form sends.
enum Form {
  static func encoded(_ fields: [(name: String, value: [UInt8])]) -> [UInt8] {
    Array(
      fields.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&").utf8)
  }

  /// All but letters, digits and `-._~` as `%NN`, as RFC 3986 has it for what is no mark of its own.
  static func percentEncoded(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes {
      if ByteSet.base64url.contains(byte) || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "~")
      {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + [byte].hexadecimal.uppercased()
      }
    }
    return text
  }
}

extension Credential {
  /// Something to make a look-alike from, which nobody can foresee.
  static func seed() -> String {
    (0..<4).map { _ in String(UInt64.random(in: .min ... .max)) }.joined(separator: " ")
  }

  /// What belongs to it, as text, by the beginning of its rule's id.
  func partner(_ rule: String) -> String? {
    partners.first { $0.rule.description.hasPrefix(rule) }
      .flatMap { String(validating: $0.secret.exposed, as: UTF8.self) }
  }
}

extension Verdict {
  /// Nothing of this host's means anything, since nobody saw it refuse what nobody has.
  static func untrusted(_ host: String, _ asker: Asker) -> Verdict {
    Verdict(
      .untrusted,
      reason: "\(host) was not seen to refuse a made-up secret: it gave another answer, or none",
      checkedAt: asker.now(), toDo: ["Check network and proxy, and ask again."])
  }

  static func unanswered(_ failure: CheckFailure) -> Verdict {
    Verdict(
      .network, reason: "no answer came through: \(failure.words)",
      toDo: ["Check network and proxy, and ask again."])
  }

  static func notUnderstood(_ answer: CheckAnswer) -> Verdict {
    let isFailure = answer.status == 499 || answer.status >= 500
    return Verdict(
      isFailure ? .network : answer.status == 429 ? .rateLimited : .checkError,
      reason: isFailure
        ? "the provider itself failed, with status \(answer.status)"
        : "what came back is not understood, with status \(answer.status)")
  }
}
