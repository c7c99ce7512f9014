package import Model

/// Which environment a file is for, by its name and its folders.
package enum Environment: String, CaseIterable, Sendable {
  case development, staging, production

  /// The environment of the file at `path`; `nil` if the path says nothing, or two things.
  package init?(path: ForeignText) {
    let words = Set(
      path.visible.lowercased()
        .split { "/.-_ ".contains($0) }.map(String.init))
    let named = Self.allCases.filter { !$0.words.isDisjoint(with: words) }
    guard let first = named.first, named.count == 1 else { return nil }
    self = first
  }

  private var words: Set<String> {
    switch self {
    case .development: ["dev", "develop", "development", "debug", "local"]
    case .staging: ["staging", "stage", "stg", "qa", "uat", "preprod"]
    case .production: ["prod", "production", "live", "release"]
    }
  }
}
