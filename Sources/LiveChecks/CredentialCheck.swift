package import Model

/// A secret that somebody may be asked about.
package struct Credential: Sendable {
  /// The rule's own id.
  package let rule: RuleID
  package let secret: Secret
  /// What may belong to it, such as the id of a key: the likeliest first.
  package let partners: [Partner]
  package let fingerprint: Fingerprint

  package struct Partner: Equatable, Sendable {
    /// The rule that says what it looks like.
    package let rule: RuleID
    package let secret: Secret

    package init(rule: RuleID, secret: Secret) {
      self.rule = rule
      self.secret = secret
    }
  }

  package init(rule: RuleID, secret: Secret, partners: [Partner] = [], fingerprint: Fingerprint) {
    self.rule = rule
    self.secret = secret
    self.partners = partners
    self.fingerprint = fingerprint
  }
}

/// Asks one provider about one kind of secret.
package protocol CredentialCheck: Sendable {
  /// By which name the user agrees to it: `google`, `openai`.
  var provider: String { get }
  /// The user must name it: agreeing to everybody is not enough, since asking may do harm.
  var isOnlyIfNamed: Bool { get }
  /// What asking does besides, as a sentence; empty for nothing beyond what every request does.
  var effect: String { get }
  /// The hosts that it may ask.
  var hosts: Set<String> { get }
  /// What would be sent about `credential`; empty if nothing can be.
  ///
  /// Requests that depend on an answer are listed too, as ``PlannedRequest/isConditional``.
  func plan(_ credential: Credential) -> [PlannedRequest]
  /// Asks, and says what the answers mean.
  ///
  /// It never throws: what goes wrong is an outcome of its own.
  func verdict(on credential: Credential, asking asker: Asker) async -> Verdict
}

extension CredentialCheck {
  package var isOnlyIfNamed: Bool { false }
  package var effect: String { "" }
}

/// What a check sends its requests with: a transport, the time, and what controls came to.
package struct Asker: Sendable {
  private let transport: any Transport
  private let controls = Controls()
  /// Seconds since 1970.
  package let now: @Sendable () -> Int

  package init(_ transport: any Transport, now: @escaping @Sendable () -> Int) {
    self.transport = transport
    self.now = now
  }

  package func send(_ request: CheckRequest) async throws(CheckFailure) -> CheckAnswer {
    try await transport.send(request)
  }

  /// Whether a made-up secret is refused as a dead one is, which `ask` finds out.
  ///
  /// It is asked once for each `key`, whoever comes first; the others wait for it.
  package func isTrusted(_ key: String, _ ask: @escaping @Sendable () async -> Bool) async -> Bool {
    await controls.isTrusted(key, ask)
  }

  /// What was said of a made-up secret, which `ask` finds out.
  ///
  /// It is asked once for each `key`, whoever comes first; the others wait for it.
  func control(_ key: String, _ ask: @escaping @Sendable () async -> Verdict) async -> Verdict {
    await controls.verdict(key, ask)
  }
}

/// What came of made-up secrets, by host and kind.
private actor Controls {
  private var asked: [String: Task<Bool, Never>] = [:]
  private var verdicts: [String: Task<Verdict, Never>] = [:]

  func isTrusted(_ key: String, _ ask: @escaping @Sendable () async -> Bool) async -> Bool {
    let task = asked[key] ?? Task { await ask() }
    asked[key] = task
    return await task.value
  }

  func verdict(_ key: String, _ ask: @escaping @Sendable () async -> Verdict) async -> Verdict {
    let task = verdicts[key] ?? Task { await ask() }
    verdicts[key] = task
    return await task.value
  }
}
