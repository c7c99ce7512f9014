internal import Model

/// Which of keyscan's rules find what the other scanner's own rules are for.
enum KnownRules {
  /// Where the names alone do not tell, by the id at gitleaks.
  private static let table: [String: String] = [
    "gcp-api-key": "google.api-key", "gcp-service-account": "google.service-account-key",
    "generic-api-key": "generic.*", "private-key": "pem.*", "jwt": "jwt.*",
    "jwt-base64": "jwt.*", "aws-access-token": "aws.*", "pypi-upload-token": "pypi.*",
    "npm-access-token": "npm.*", "hashicorp-tf-api-token": "terraform.*",
    "vault-service-token": "vault.*", "vault-batch-token": "vault.*",
    "age-secret-key": "age.*", "kubernetes-secret-yaml": "kubernetes.*",
    "telegram-bot-api-token": "telegram.*",
  ]
  /// Those of which one rule here does what one rule there does, so that it may be turned off.
  private static let alike: Set<String> = [
    "gcp-api-key", "gcp-service-account", "generic-api-key", "private-key", "jwt", "jwt-base64",
    "age-secret-key",
  ]

  /// The names of keyscan's rules for one of the other's; `nil` if that is not sure.
  static func name(for id: String, among providers: Set<String>) -> RuleName? {
    if let known = table[id] { return RuleName(known) }
    // github-pat, stripe-access-token: the provider and the kind.
    let parts = id.split(separator: "-")
    for count in stride(from: parts.count - 1, to: 0, by: -1) {
      let provider = parts.prefix(count).joined(separator: "-")
      if providers.contains(provider) { return RuleName("\(provider).*") }
    }
    return nil
  }

  static func isAlike(_ id: String) -> Bool { alike.contains(id) }
}
