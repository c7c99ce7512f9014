package import Model

/// Asks about secrets whom the user agreed to, each distinct secret once.
package struct LiveChecker: Sendable {
  /// By the rule's own id.
  private let checks: [RuleID: any CredentialCheck]
  /// The rules that are not built in.
  private let foreign: Set<RuleID>
  /// The rules that come from what is scanned.
  private let forbidden: Set<RuleID>
  private let consent: Consent

  /// How many secrets are asked about at once; each host has a limit of its own besides.
  private static let atOnce = 64

  package init(
    _ checks: [RuleID: any CredentialCheck], foreign: Set<RuleID> = [],
    forbidden: Set<RuleID> = [], consent: Consent
  ) {
    self.checks = checks
    self.foreign = foreign
    self.forbidden = forbidden
    self.consent = consent
  }

  /// The checks of Google's own credentials.
  package static func google(probes: Bool) -> [RuleID: any CredentialCheck] {
    var checks: [RuleID: any CredentialCheck] = [
      GoogleAccessTokenCheck.rule: GoogleAccessTokenCheck(),
      GoogleClientCheck.refreshTokenRule: GoogleClientCheck(.refreshToken),
      GoogleServiceAccountCheck.rule: GoogleServiceAccountCheck(),
    ]
    for rule in GoogleKeyCheck.rules { checks[rule] = GoogleKeyCheck(rule: rule, probes: probes) }
    for rule in GoogleClientCheck.clientSecretRules {
      checks[rule] = GoogleClientCheck(.clientSecret)
    }
    return checks
  }

  /// The rules about whose secrets somebody can be asked.
  package var rules: Set<RuleID> { Set(checks.keys) }

  /// Which rules' secrets belong to which, where both are findings of their own.
  package var partnerRules: [[RuleID: RuleID]] {
    let data = checks.compactMap { rule, check in
      (check as? DataCheck)?.partnerRule.map { (rule, $0) }
    }
    return [Dictionary(uniqueKeysWithValues: data)]
      + GoogleClientCheck.clientSecretRules.map { [GoogleClientCheck.refreshTokenRule: $0] }
  }

  /// By which names the user can agree to checks.
  package var providers: Set<String> { Set(checks.values.map(\.provider)) }

  /// The hosts that a provider's checks may ask, of secrets of any kind.
  package func hosts(of provider: String) -> Set<String> {
    checks.values.filter { $0.provider == provider }
      .reduce(into: Set()) { $0.formUnion($1.hosts) }
  }

  /// What would be sent about `credentials`; secrets whose owner is not known are `contested`.
  package func plan(
    _ credentials: [Credential], contested: Set<Fingerprint> = []
  ) -> CheckPlan {
    var plan = CheckPlan()
    var seen: Set<Question> = []
    for credential in credentials {
      switch decide(credential, contested) {
      case .leave(let reason): plan.leave(reason)
      case .ask(let check, let requests):
        if seen.insert(Question(credential)).inserted {
          plan.add(requests, of: check.provider, effect: check.effect)
        }
      }
    }
    return plan
  }

  private enum Decision {
    case ask(any CredentialCheck, [PlannedRequest])
    case leave(CheckPlan.Reason)
  }

  private func decide(_ credential: Credential, _ contested: Set<Fingerprint>) -> Decision {
    guard let check = checks[credential.rule] else {
      return .leave(.noCheck(rule: credential.rule))
    }
    if contested.contains(credential.fingerprint) { return .leave(.contested) }
    if forbidden.contains(credential.rule) { return .leave(.ruleOfTarget(credential.rule)) }
    if foreign.contains(credential.rule),
      let host = check.hosts.sorted().first(where: { !consent.hosts.contains($0) })
    {
      return .leave(.hostNotNamed(rule: credential.rule, host: host))
    }
    guard consent.admits(check) else { return .leave(.noConsent(provider: check.provider)) }
    let requests = check.plan(credential)
    return requests.isEmpty
      ? .leave(.incomplete(provider: check.provider)) : .ask(check, requests)
  }

  /// What two findings have in common that are asked about once.
  private struct Question: Hashable {
    let rule: RuleID
    let secret: Secret
    let partners: [Secret]

    init(_ credential: Credential) {
      rule = credential.rule
      secret = credential.secret
      partners = credential.partners.map(\.secret)
    }
  }

  /// Asks about `credentials`, and says of each what came of it, or why nobody was asked.
  ///
  /// What `kept` knows is not asked again. `onAnswer` is told how many secrets have their answer.
  package func verdicts(
    on credentials: [Credential], contested: Set<Fingerprint> = [], asking asker: Asker,
    kept: (any VerdictMemory)? = nil, onAnswer: @Sendable @escaping (Int) -> Void = { _ in }
  ) async -> [Fingerprint: Verdict] {
    var verdicts: [Fingerprint: Verdict] = [:]
    var questions: [Question: [Credential]] = [:]
    var order: [(Question, any CredentialCheck)] = []
    for credential in credentials {
      switch decide(credential, contested) {
      case .leave(let reason):
        verdicts[credential.fingerprint] = Verdict(.notChecked, reason: reason.words)
      case .ask(let check, _):
        let question = Question(credential)
        if questions[question] == nil { order.append((question, check)) }
        questions[question, default: []].append(credential)
      }
    }
    await withTaskGroup(of: (Question, Verdict).self) { group in
      var waiting = order.makeIterator()
      var answered = 0
      func start() {
        guard let (question, check) = waiting.next(), let first = questions[question]?.first
        else { return }
        group.addTask { (question, await Self.verdict(on: first, check, asker, kept)) }
      }
      for _ in 0..<Self.atOnce { start() }
      for await (question, verdict) in group {
        for credential in questions[question] ?? [] {
          verdicts[credential.fingerprint] = verdict
        }
        answered += 1
        onAnswer(answered)
        start()
      }
    }
    return verdicts
  }

  private static func verdict(
    on credential: Credential, _ check: any CredentialCheck, _ asker: Asker,
    _ kept: (any VerdictMemory)?
  ) async -> Verdict {
    if let known = await kept?.verdict(on: credential) { return known }
    let verdict = await check.verdict(on: credential, asking: asker)
    await kept?.keep(verdict, on: credential)
    return verdict
  }
}

/// Keeps verdicts for later runs.
package protocol VerdictMemory: Sendable {
  /// What is known of a secret, if it is not too old.
  func verdict(on credential: Credential) async -> Verdict?
  /// Keeps what came of asking, if it is worth keeping.
  func keep(_ verdict: Verdict, on credential: Credential) async
}
