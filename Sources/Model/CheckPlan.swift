/// What would be sent, and what would not: names of hosts, numbers and kinds of requests.
package struct CheckPlan: Equatable, Sendable {
  /// By provider, host and kind.
  package private(set) var lines: [Line] = []
  /// Reasons why secrets are not asked about, with how many secrets each is for.
  package private(set) var left: [Reason: Int] = [:]
  /// What asking does besides, by providers: a sentence each.
  package private(set) var effects: [String: [String]] = [:]
  /// How many secrets would be asked about.
  package private(set) var secrets = 0

  /// Requests of one kind to one host.
  package struct Line: Equatable, Sendable {
    package let provider: String
    package let request: PlannedRequest
    /// The most that are sent.
    package var count: Int
  }

  /// Why a secret is not asked about.
  package enum Reason: Hashable, Sendable {
    /// Nobody agreed to it.
    case noConsent(provider: String)
    /// The rule is not built in, and the user's configuration does not name its host.
    case hostNotNamed(rule: RuleID, host: String)
    /// The rule comes from what is scanned.
    case ruleOfTarget(RuleID)
    /// Two rules claim the same bytes.
    case contested
    /// What belongs to it does not stand beside it.
    case incomplete(provider: String)
    /// Nobody can be asked without doing something.
    case noCheck(rule: RuleID)
  }

  package init() {}

  package mutating func add(
    _ requests: [PlannedRequest], of provider: String, effect: String = ""
  ) {
    secrets += 1
    if !effect.isEmpty, effects[provider]?.contains(effect) != true {
      effects[provider, default: []].append(effect)
    }
    for request in requests {
      let place = lines.firstIndex { $0.provider == provider && $0.request == request }
      if let place {
        if !request.isControl { lines[place].count += 1 }
      } else {
        lines.append(Line(provider: provider, request: request, count: 1))
      }
    }
  }

  package mutating func leave(_ reason: Reason) { left[reason, default: 0] += 1 }

  /// The providers that nobody agreed to, in order.
  package var unnamed: [String] {
    left.keys.compactMap { reason in
      if case .noConsent(let provider) = reason { provider } else { nil }
    }.sorted()
  }
}

extension CheckPlan.Reason {
  /// The reason in a few words, after a number of secrets.
  package var words: String {
    switch self {
    case .noConsent(let provider): "nobody agreed to ask about \(provider): --verify=\(provider)"
    case .hostNotNamed(let rule, let host):
      "\(rule) is not built in, and verify-hosts of your own configuration does not name \(host)"
    case .ruleOfTarget(let rule): "\(rule) stands in what is scanned, whose rules ask nobody"
    case .contested: "two rules claim the same bytes, so whose it is is not known"
    case .incomplete(let provider): "what \(provider) needs with it does not stand beside it"
    case .noCheck(let rule): "nobody can be asked about \(rule) without doing something"
    }
  }
}

/// A request that a check would send.
package struct PlannedRequest: Hashable, Sendable {
  package let host: String
  /// What it does, in a few words: `list of models`.
  package let kind: String
  /// Only some answers lead to it.
  package let isConditional: Bool
  /// It is sent once a run and host, with a made-up secret.
  package let isControl: Bool

  package init(host: String, kind: String, isConditional: Bool = false, isControl: Bool = false) {
    self.host = host
    self.kind = kind
    self.isConditional = isConditional
    self.isControl = isControl
  }
}
