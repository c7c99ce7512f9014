package import Model

/// What a verdict makes of a finding: its severity, its rule's id, what is said and what to do.
package enum VerdictEffect {
  /// Gives a finding its verdict.
  ///
  /// Nothing that does not tell lowers anything. What is dead is shown as low, and counts for the
  /// status of the run as it did before.
  package static func apply(_ verdict: Verdict, to finding: inout Finding) {
    finding.verdict = verdict
    let time = verdict.checkedAt.map { time in
      " (asked \(Instant.text(time))\(verdict.isKept ? ", kept from an earlier run" : ""))"
    }
    var said = ["live check: \(verdict.outcome.rawValue), \(verdict.reason)\(time ?? "")"]
    if !verdict.opens.isEmpty { said.append(opened(verdict.opens)) }
    finding.notes.insert(contentsOf: said.map { ForeignText($0) }, at: 0)
    advise(verdict, in: &finding)
    let isPublicClient = finding.assessment?.kind == .publicClient
    guard let group = group(verdict.outcome, isPublicClient: isPublicClient) else { return }
    finding.severityUnasked = finding.severity
    finding.severity = severity(verdict.outcome, of: finding)
    finding.rule = RuleID("\(finding.rule.base)/\(group.rawValue)")
    finding.title = "\(finding.title), \(group.words)"
  }

  /// What is known to be alive or dead needs no advice for the case that it may be either.
  private static func advise(_ verdict: Verdict, in finding: inout Finding) {
    guard !verdict.toDo.isEmpty else { return }
    let steps = verdict.toDo.map { ForeignText($0) }
    switch verdict.state {
    case .live, .dead: finding.advice = steps
    case .unknown: finding.advice = steps + finding.advice.filter { !steps.contains($0) }
    case .notChecked: break
    }
  }

  /// What is appended to a rule's id once it is known, so that severities differ by ids.
  private enum Group: String, CaseIterable {
    case live
    case blockedAsLeaked = "blocked-as-leaked"
    case restricted
    case latent
    case dead

    var words: String {
      switch self {
      case .live: "live"
      case .blockedAsLeaked: "blocked as leaked"
      case .restricted: "alive, but not for everything"
      case .latent: "alive, and shut for now"
      case .dead: "dead"
      }
    }

    var description: String {
      switch self {
      case .live: "A live check found that it is taken."
      case .blockedAsLeaked:
        "A live check found that Gemini blocks it since it stood in public; other services may take it."
      case .restricted: "A live check found that it is alive, and refused for what was asked."
      case .latent:
        "A live check found that it is alive, and that what was asked is off, unpaid or suspended: it "
          + "opens other services, and this one when that changes."
      case .dead:
        "A live check found that it is refused as one that does not exist, and that made-up ones are "
          + "refused in the same way."
      }
    }
  }

  /// `nil` for what does not tell, and for an app's key that is restricted as it should be.
  private static func group(_ outcome: Verdict.Outcome, isPublicClient: Bool) -> Group? {
    switch outcome {
    case .active, .activeWithData, .rateLimited, .regionBlocked: .live
    case .blockedAsLeaked: .blockedAsLeaked
    case .restricted: isPublicClient ? nil : .restricted
    case .serviceDisabled, .unusableNow, .suspended, .projectUnusable: .latent
    case .invalid, .expired: .dead
    default: nil
    }
  }

  /// The severity that a finding has by what a live check said.
  private static func severity(_ outcome: Verdict.Outcome, of finding: Finding) -> Severity {
    let isGoogleKey = GoogleKeyCheck.rules.contains(finding.rule.base)
    return switch outcome {
    // Gemini is open to whoever has it: bills, and what is stored there.
    case .active, .activeWithData: isGoogleKey ? .critical : finding.severity
    case .rateLimited, .regionBlocked, .blockedAsLeaked:
      isGoogleKey ? max(finding.severity, .high) : finding.severity
    // It opens what it is restricted to, which is not what is billed most.
    case .restricted: isGoogleKey ? .medium : finding.severity
    case .serviceDisabled, .unusableNow, .suspended: max(finding.severity, .medium)
    case .projectUnusable, .invalid, .expired: .low
    default: finding.severity
    }
  }

  /// What it opens and what not, without the services that did not tell.
  private static func opened(_ all: [Verdict.Opened]) -> String {
    func names(_ outcomes: [Verdict.Outcome]) -> String? {
      let named = all.filter { outcomes.contains($0.outcome) }
        .map { one in one.detail.map { "\(one.service) (\($0))" } ?? one.service }
      return named.isEmpty ? nil : named.joined(separator: ", ")
    }
    let parts = [
      names([.active, .activeWithData, .rateLimited]).map { "it opens \($0)" },
      names([.serviceDisabled]).map { "off in its project: \($0)" },
      names([.restricted, .unusableNow, .refusedKeyType, .suspended, .denied]).map {
        "it does not open \($0)"
      },
    ].compactMap { $0 }
    return parts.isEmpty ? "what it opens could not be seen" : parts.joined(separator: "; ")
  }

  /// What reports say of a rule with each outcome.
  package static func notes(of note: RuleNote) -> [RuleNote] {
    Group.allCases.map { group in
      let isGoogleKey = GoogleKeyCheck.rules.contains(note.id)
      let severity: Severity =
        switch group {
        case .live: isGoogleKey ? .critical : note.severity
        case .blockedAsLeaked: max(note.severity, .high)
        case .restricted: isGoogleKey ? .medium : note.severity
        case .latent: max(note.severity, .medium)
        case .dead: .low
        }
      return RuleNote(
        id: RuleID("\(note.id)/\(group.rawValue)"), title: "\(note.title), \(group.words)",
        provider: note.provider, severity: severity,
        description: "\(note.description) \(group.description)", help: note.help,
        references: note.references)
    }
  }

  /// What may stand behind a rule's own id once it was asked about.
  package static var suffixes: [String] { Group.allCases.map(\.rawValue) }
}
