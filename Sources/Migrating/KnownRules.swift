internal import Model

/// Which of keyscan's rules find what the other scanner's own rules are for.
enum KnownRules {
  /// Of which one name here means what the id there means: what is said of it there may be said of
  /// it here.
  private static let alike: [String: String] = [
    "gcp-api-key": "google.api-key", "gcp-service-account": "google.service-account-key",
    "generic-api-key": "generic.*", "private-key": "pem.*", "jwt": "jwt.*", "jwt-base64": "jwt.*",
    "age-secret-key": "age.secret-key",
  ]
  /// Whose findings may be what the id there found at one place.
  private static let related: [String: [String]] = [
    "aws-access-token": ["aws.*"], "pypi-upload-token": ["pypi.*"], "npm-access-token": ["npm.*"],
    "hashicorp-tf-api-token": ["terraform.*"], "vault-service-token": ["vault.*"],
    "vault-batch-token": ["vault.*"], "kubernetes-secret-yaml": ["kubernetes.*"],
    "telegram-bot-api-token": ["telegram.*"], "hashicorp-tf-password": ["generic.*"],
    "curl-auth-header": ["generic.*", "jwt.*"], "curl-auth-user": ["generic.*"],
    "Private Key": ["pem.*", "google.service-account-key"],
  ]

  /// The name of keyscan's rule that does what a rule of gitleaks' own does; `nil` if none does.
  static func name(for id: String) -> RuleName? { alike[id].map { RuleName($0) } }

  /// The names of rules that may have found the same at one place; `nil` if that is not known.
  static func relatives(of id: String, among providers: Set<String>) -> [RuleName]? {
    if let name = name(for: id) { return [name] }
    if let known = related[id] { return known.map { RuleName($0) } }
    // github-pat, stripe-access-token: the provider and the kind.
    let parts = id.split(separator: "-")
    for count in stride(from: parts.count - 1, to: 0, by: -1) {
      let provider = parts.prefix(count).joined(separator: "-")
      if providers.contains(provider) { return [RuleName("\(provider).*")] }
    }
    return nil
  }
}
