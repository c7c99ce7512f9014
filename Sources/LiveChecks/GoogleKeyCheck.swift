internal import Bytes
package import Model
internal import Rules

/// Asks Google about a key of one of its projects: whether it is alive, and what it opens.
///
/// "Gemini refuses it" and "it is dead" are two things: Gemini has been refusing whole types of keys
/// since 2026 that open other services all the same. So nobody is told "dead" before a second
/// service says so too.
package struct GoogleKeyCheck: CredentialCheck {
  package let provider = "google"
  /// The services that the key opens are gone through as well.
  private let probes: Bool
  private let isAuthorizationKey: Bool

  /// The rules of the keys that are asked about.
  package static let rules: Set<RuleID> = [
    RuleID("google.api-key"), RuleID("google.auth-key"), RuleID("google.auth-key-by-context"),
  ]

  package init(rule: RuleID, probes: Bool) {
    self.probes = probes
    isAuthorizationKey = rule != RuleID("google.api-key")
  }

  package var hosts: Set<String> {
    Set(
      [GoogleService.models, .identity].map(\.host)
        + (probes ? GoogleService.probes.map(\.host) : []))
  }

  package func plan(_ credential: Credential) -> [PlannedRequest] {
    let models = GoogleService.models
    let identity = GoogleService.identity
    var plan = [
      PlannedRequest(host: models.host, kind: "list of models", isControl: true),
      PlannedRequest(host: models.host, kind: "list of models"),
      PlannedRequest(
        host: identity.host, kind: "settings of sign-in", isConditional: true, isControl: true),
      PlannedRequest(host: identity.host, kind: "settings of sign-in", isConditional: true),
    ]
    guard probes else { return plan }
    plan += [
      PlannedRequest(host: models.host, kind: "list of uploaded files", isConditional: true),
      PlannedRequest(host: models.host, kind: "list of cached contents", isConditional: true),
      PlannedRequest(host: models.host, kind: "count of one token", isConditional: true),
    ]
    return plan
      + GoogleService.probes.map {
        PlannedRequest(host: $0.host, kind: "probe of \($0.name)", isConditional: true)
      }
  }

  package func verdict(on credential: Credential, asking asker: Asker) async -> Verdict {
    guard let key = String(validating: credential.secret.exposed, as: UTF8.self) else {
      return Verdict(.checkError, reason: "it is no text, and no key")
    }
    guard await isTrusted(.models, asker) else {
      return .untrusted(GoogleService.models.host, asker)
    }
    let first = await ask(.models, key, asker)
    var verdict = await judged(first, key, asker)
    verdict.project = verdict.project ?? first.project
    if probes, verdict.state == .live { await probe(&verdict, first, key, asker) }
    verdict.checkedAt = asker.now()
    return verdict
  }

  // MARK: Alive?

  /// What the answer about models comes to, after a second opinion where it needs one.
  private func judged(_ first: GoogleAnswer, _ key: String, _ asker: Asker) async -> Verdict {
    switch first.outcome {
    case .active:
      let names = first.names ?? []
      let count =
        names.count == 1 ? "1 model" : "\(first.isCut ? "at least " : "")\(names.count) models"
      var verdict = Verdict(
        .active, reason: "Gemini takes it, and lists \(count)", toDo: Self.replace)
      verdict.opens = [.init(service: GoogleService.models.name, outcome: .active, detail: count)]
      return verdict
    case .invalid, .expired, .invalidOrRevoked, .refusedKeyType, .inconclusive:
      return await confirmed(first, key, asker)
    default:
      var verdict = Verdict(first.outcome, reason: first.reason, toDo: first.toDo)
      if first.outcome.state == .live {
        verdict.opens = [.init(service: GoogleService.models.name, outcome: first.outcome)]
      }
      return verdict
    }
  }

  /// What a key is that Gemini refuses: a second service tells whether it exists at all.
  private func confirmed(_ first: GoogleAnswer, _ key: String, _ asker: Asker) async -> Verdict {
    guard await isTrusted(.identity, asker) else {
      return Verdict(
        first.outcome.state == .dead ? .unconfirmed : first.outcome,
        reason: "\(first.reason); a second service could not confirm that it is dead",
        toDo: first.toDo)
    }
    let second = await ask(.identity, key, asker)
    switch (first.outcome, second.outcome) {
    case (_, .expired), (.expired, .invalid):
      return Verdict(
        .expired, reason: "Gemini and Firebase Authentication both say that it has expired",
        toDo: Self.bury)
    case (_, .invalid):
      return Verdict(
        .invalid,
        reason: "Gemini and Firebase Authentication both refuse it as a key that does not exist",
        toDo: Self.bury)
    case (_, let outcome) where outcome.state == .live:
      var verdict = Verdict(
        .restricted,
        reason: "Gemini refuses it (\(first.outcome.rawValue)), but Google knows the key: "
          + "Firebase Authentication answers \(outcome.rawValue)", toDo: Self.restrict)
      verdict.project = second.project
      verdict.opens = [
        .init(service: GoogleService.models.name, outcome: first.outcome),
        .init(service: GoogleService.identity.name, outcome: outcome),
      ]
      return verdict
    default:
      return Verdict(
        first.outcome.state == .dead ? .unconfirmed : first.outcome,
        reason: "\(first.reason); a second service could not confirm that it is dead",
        toDo: first.toDo)
    }
  }

  /// Whether a made-up key of the same type is refused, so that answers about found ones mean something.
  private func isTrusted(_ service: GoogleService, _ asker: Asker) async -> Bool {
    let type = isAuthorizationKey ? "authorization" : "standard"
    return await asker.isTrusted("\(service.host) \(type)") {
      let answer = await ask(service, madeUp(), asker)
      switch answer.outcome {
      case .invalid, .invalidOrRevoked: return true
      // Gemini refuses the whole type by now; that it takes one is told all the better.
      case .refusedKeyType: return service == .models
      default: return false
      }
    }
  }

  /// A key that nobody has: 192 or 256 random bits after what all keys of its type begin with.
  private func madeUp() -> String {
    FillIn.expand(
      isAuthorizationKey
        ? "AQ.Ab8RN6{from IJKL 1}{base64url 42}{from AQgw 1}"
        : "AIzaSy{from ABCD 1}{base64url 31}{from AEIMQUYcgkosw048 1}",
      seed: Credential.seed())
  }

  private func ask(_ service: GoogleService, _ key: String, _ asker: Asker) async -> GoogleAnswer {
    await ask(service.request(key), asker)
  }

  private func ask(_ request: CheckRequest, _ asker: Asker) async -> GoogleAnswer {
    do throws(CheckFailure) {
      return GoogleAnswer(try await asker.send(request), isAuthorizationKey: isAuthorizationKey)
    } catch {
      return GoogleAnswer(error)
    }
  }

  // MARK: What does it open?

  private func probe(
    _ verdict: inout Verdict, _ first: GoogleAnswer, _ key: String, _ asker: Asker
  ) async {
    if first.isTaken {
      await probeData(&verdict, key, asker)
      if let model = first.names?.first(where: Self.isModel) {
        let use = await ask(GoogleService.countTokens(model: model, key), asker)
        verdict.opens.append(.init(service: "Gemini API: use of a model", outcome: use.outcome))
        if use.outcome == .suspended || use.outcome == .refusedKeyType {
          verdict.reason += "; using one is refused (\(use.outcome.rawValue))"
        }
      }
    }
    for service in GoogleService.probes
    where !verdict.opens.contains(where: { $0.service == service.name }) {
      let answer = await ask(service, key, asker)
      verdict.project = verdict.project ?? answer.project
      verdict.opens.append(.init(service: service.name, outcome: answer.probed))
    }
  }

  /// Whether what the owner keeps at Gemini can be listed: not what it is.
  private func probeData(_ verdict: inout Verdict, _ key: String, _ asker: Asker) async {
    for service in [GoogleService.files, .cachedContents] {
      let answer = await ask(service, key, asker)
      let holds = answer.names?.isEmpty == false
      verdict.opens.append(
        .init(
          service: service.name, outcome: answer.outcome,
          detail: answer.isTaken ? (holds ? "there are some" : "none") : nil))
      if answer.isTaken, holds {
        verdict.outcome = .activeWithData
        verdict.reason += "; files or contents that its owner keeps there can be read"
      }
    }
  }

  /// The name goes into an address, so it must be one that Google's models have.
  private static func isModel(_ name: String) -> Bool {
    name.hasPrefix("models/gemini")
      && name.utf8.dropFirst("models/".utf8.count).allSatisfy {
        ByteSet.word.contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      }
  }

  // MARK: What to do

  private static let replace = [
    "Replace it today: make a new key, deploy it, then delete this one: "
      + "gcloud services api-keys lookup KEY; gcloud services api-keys delete ID",
    "Until then restrict it: gcloud services api-keys update ID "
      + "--api-target=service=generativelanguage.googleapis.com --allowed-ips=ADDRESSES",
    "Look at the project's usage and billing for calls that are not yours.",
  ]

  private static let restrict = [
    "Restrict it to the services that it is for: gcloud services api-keys update ID "
      + "--api-target=service=SERVICE",
    "If it is not meant to be public, replace it all the same.",
  ]

  private static let bury = [
    "See that nothing uses it any more, and take it out of the files.",
    "A deleted key can be restored for 30 days (gcloud services api-keys undelete ID): if it "
      + "leaked, leave it deleted.",
  ]
}
