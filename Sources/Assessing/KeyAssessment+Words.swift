package import Model

/// What is said of a key that was judged, and what is to be done about it.
extension KeyAssessment {
  /// Gives a finding what context made of it: the rule's id, the severity, the reason, the advice.
  package static func apply(to finding: inout Finding, _ signals: [KeySignals]) {
    guard rules.contains(finding.rule), let assessment = assess(signals) else { return }
    finding.rule = finding.rule.appending(assessment.kind)
    finding.title = title(finding.title, assessment.kind)
    finding.severity = assessment.severity
    finding.notes.insert(ForeignText(assessment.reason), at: 0)
    finding.advice = advice(assessment.kind, isAuthorization: finding.rule.isAuthorizationKey)
      .map { ForeignText($0) }
    finding.assessment = assessment
  }

  /// What reports say of a rule with each outcome.
  package static func notes(of note: RuleNote) -> [RuleNote] {
    guard rules.contains(note.id) else { return [] }
    return Assessment.Kind.allCases.map { kind in
      let id = note.id.appending(kind)
      return RuleNote(
        id: id, title: title(note.title, kind), provider: note.provider,
        severity: highest(kind), description: "\(note.description) \(description(kind))",
        help: advice(kind, isAuthorization: id.isAuthorizationKey) + practices,
        references: note.references)
    }
  }

  /// What keeps the next leak small; it is said with the rule and not with each finding.
  private static let practices = [
    "Have one key for each purpose and each environment, named by it, and somebody in charge of it: "
      + "one that leaks then opens little, and its calls tell where.",
    "Replace keys every 90 days: make the new one, deploy it, see in the logs that nothing uses the "
      + "old one, delete it.",
    "Set a budget alert and quotas for each project; calls from new addresses or regions and sudden "
      + "peaks are a leak's first sign.",
  ]

  private static func highest(_ kind: Assessment.Kind) -> Severity {
    switch kind {
    case .gemini: .critical
    case .server: .high
    case .publicClient, .placeholder: .low
    }
  }

  private static func title(_ title: String, _ kind: Assessment.Kind) -> String {
    switch kind {
    case .gemini: "\(title) used with Gemini"
    case .server: "\(title) of a server"
    case .publicClient: "\(title) of an app or a page"
    case .placeholder: "\(title) in tests only"
    }
  }

  private static func description(_ kind: Assessment.Kind) -> String {
    switch kind {
    case .gemini:
      "What stands around it shows that it is used with Gemini: whoever reads it spends the owner's "
        + "money, and reads files and contents that the project keeps there."
    case .server:
      "What stands around it shows that a server or a script uses it."
    case .publicClient:
      "It stands where such keys are public by design, as in a Firebase configuration or a page's "
        + "call of Maps. That is in order as long as the key is restricted to that; one that is not "
        + "opens every API that the project enables, Gemini among them."
    case .placeholder: "It stands in tests only, and nothing around it uses it."
    }
  }

  /// The commands are those of the Google Cloud CLI's reference.
  private static func advice(_ kind: Assessment.Kind, isAuthorization: Bool) -> [String] {
    let find =
      "Find it: gcloud services api-keys lookup KEY, or in "
      + "https://console.cloud.google.com/apis/credentials"
    let delete = "gcloud services api-keys delete ID (undelete restores it for 30 days)"
    switch kind {
    case .gemini where isAuthorization:
      return [
        "Make a new key at https://aistudio.google.com/api-keys, deploy it, and delete this one there.",
        "See which roles the key's service account has: the key may do all that they allow.",
        "Look at the project's usage and billing for calls that are not yours.",
      ]
    case .gemini:
      return [
        "Make a new key at https://aistudio.google.com/api-keys, keep it in the environment of a "
          + "server or in a secret manager, deploy it, delete this one, and see that it is refused: "
          + "\(delete).",
        find + ".",
        "Until then restrict it: gcloud services api-keys update ID "
          + "--api-target=service=generativelanguage.googleapis.com --allowed-ips=ADDRESSES",
        "Look at the project's usage and billing for calls that are not yours.",
      ]
    case .server:
      return [
        find + ".",
        "Make a new key and restrict it to its API and to your servers: gcloud services api-keys "
          + "update ID --api-target=service=SERVICE --allowed-ips=ADDRESSES; deploy it, then delete "
          + "this one: \(delete).",
        "Look at the project's usage and billing for calls that are not yours.",
      ]
    case .publicClient:
      return [
        "\(find); check that it is restricted to the APIs that the client uses, and Generative "
          + "Language is not among them: gcloud services api-keys update ID "
          + "--api-target=service=SERVICE",
        "Restrict it to the page or the app as well: --allowed-referrers=, --allowed-application= or "
          + "--allowed-bundle-ids=; what Firebase lets in is decided by Security Rules and App Check.",
        "Use another key for Gemini and for web services. Do not just delete this one: apps that "
          + "people have use it.",
      ]
    case .placeholder:
      return [
        "If it was ever a real key, delete it: \(delete).",
        "If not, write one that cannot be taken for a key, or allow it with a comment keyscan:allow.",
      ]
    }
  }
}

extension RuleID {
  /// The key is one of those that are bound to a service account.
  fileprivate var isAuthorizationKey: Bool { base.description.hasPrefix("google.auth-key") }
}
