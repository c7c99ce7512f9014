/// The variables that a Gemini key is looked for in, and those that turn it elsewhere.
package enum VariableName {
  /// Names that programs read by themselves, in the order in which they are shown.
  package static let keys = [
    "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY",
    "NANOBANANA_GOOGLE_API_KEY",
  ]

  /// What people call it and no SDK reads by itself.
  package static let misnamed = [
    "GEMINI_KEY", "GEMINI_APIKEY", "GEMINI_API_KEYS", "GEMINI_API", "GEMINI_API_TOKEN",
    "GOOGLE_GEMINI_API_KEY", "GOOGLE_GENAI_API_KEY", "GOOGLE_AI_API_KEY", "GOOGLE_AI_KEY",
    "GOOGLE_AI_STUDIO_API_KEY", "GOOGLE_KEY", "GOOGLE_APIKEY", "GENAI_API_KEY",
    "GOOGLEAI_API_KEY", "API_KEY",
  ]

  /// Addresses that take the place of Google's.
  package static let addresses = [
    "GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "GEMINI_BASE_URL", "GEMINI_API_BASE",
  ]

  package static let vertex = "GOOGLE_GENAI_USE_VERTEXAI"
  package static let login = "GOOGLE_GENAI_USE_GCA"
  package static let credentials = "GOOGLE_APPLICATION_CREDENTIALS"
  package static let project = "GOOGLE_CLOUD_PROJECT"
  package static let location = "GOOGLE_CLOUD_LOCATION"

  /// Everything that is asked of the environment.
  package static let all =
    keys + misnamed + addresses + [vertex, login, credentials, project, location, "SHELL"]

  /// Prefixes by which bundlers build a value into what every visitor gets.
  package static let publicPrefixes = [
    "NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "VUE_APP_",
    "PUBLIC_",
  ]

  /// The prefix of a name that makes its value public; `nil` if there is none.
  static func publicPrefix(of name: String) -> String? {
    guard name.contains("GEMINI") || name.contains("GOOGLE") || name.contains("GENAI"),
      name.contains("KEY")
    else { return nil }
    return publicPrefixes.first(where: name.hasPrefix)
  }

  /// Whether a definition of the name is of interest.
  static func isOfInterest(_ name: String) -> Bool {
    keys.contains(name) || misnamed.contains(name) || addresses.contains(name)
      || [vertex, login, credentials].contains(name) || publicPrefix(of: name) != nil
      || keys.contains(name.uppercased())
  }
}
