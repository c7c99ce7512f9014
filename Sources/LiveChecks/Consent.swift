/// Who may be asked, by the user's own word.
package struct Consent: Equatable, Sendable {
  /// Providers by the names of their checks: `google`, `openai`.
  package var providers: Set<String>
  /// Hosts that rules may ask which are not built in.
  package var hosts: Set<String>

  /// Everybody may be asked, but for those whose check says that it must be named.
  package static let everybody = "all"

  package init(providers: Set<String> = [], hosts: Set<String> = []) {
    self.providers = providers
    self.hosts = hosts
  }

  package var isGiven: Bool { !providers.isEmpty }

  /// Whether a provider may be asked.
  func admits(_ check: some CredentialCheck) -> Bool {
    providers.contains(check.provider)
      || providers.contains(Self.everybody) && !check.isOnlyIfNamed
  }
}
