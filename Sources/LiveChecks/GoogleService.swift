/// A service of Google's that a key may open, and a request for it that costs and does nothing.
///
/// Each takes the key in a header. What takes it only in an address (the older web services of
/// Maps), creates something, or is billed is not among them.
struct GoogleService: Equatable, Sendable {
  /// As people write it.
  let name: String
  let host: String
  let path: String

  /// The list of models: free, generates nothing.
  ///
  /// Names alone are asked for, so that the whole list fits.
  static let models = GoogleService(
    name: "Gemini API", host: "generativelanguage.googleapis.com",
    path: "/v1beta/models?pageSize=1000&fields=models/name")

  /// What the owner has uploaded.
  static let files = GoogleService(
    name: "Gemini API: uploaded files", host: models.host,
    path: "/v1beta/files?pageSize=1&fields=files/name")

  static let cachedContents = GoogleService(
    name: "Gemini API: cached contents", host: models.host,
    path: "/v1beta/cachedContents?pageSize=1&fields=cachedContents/name")

  /// The settings of Firebase's sign-in, by which a dead key is told from one that Gemini refuses.
  static let identity = GoogleService(
    name: "Firebase Authentication", host: "identitytoolkit.googleapis.com", path: "/v1/projects")

  /// What else is looked at with `--probe`; most requests lack what they would need to do any work.
  static let probes = [
    identity,
    GoogleService(
      name: "Identity Platform", host: identity.host, path: "/v2/passwordPolicy"),
    // One unit of a quota of 10,000 a day.
    GoogleService(
      name: "YouTube Data API", host: "www.googleapis.com",
      path: "/youtube/v3/i18nLanguages?part=snippet&fields=kind"),
    GoogleService(
      name: "Custom Search API", host: "customsearch.googleapis.com", path: "/customsearch/v1"),
    GoogleService(
      name: "Cloud Translation API", host: "translation.googleapis.com",
      path: "/language/translate/v2/languages"),
    GoogleService(
      name: "Web Fonts API", host: "www.googleapis.com", path: "/webfonts/v1/webfonts?fields=kind"),
    GoogleService(
      name: "Knowledge Graph Search API", host: "kgsearch.googleapis.com",
      path: "/v1/entities:search"),
    GoogleService(
      name: "Sensitive Data Protection API", host: "dlp.googleapis.com",
      path: "/v2/infoTypes?fields=infoTypes/name"),
    GoogleService(
      name: "PageSpeed Insights API", host: "pagespeedonline.googleapis.com",
      path: "/pagespeedonline/v5/runPagespeed"),
    GoogleService(
      name: "Civic Information API", host: "civicinfo.googleapis.com",
      path: "/civicinfo/v2/elections"),
  ]

  /// The request with a key in its header.
  func request(_ key: String) -> CheckRequest {
    CheckRequest(
      host: host, path: path,
      headers: [.init("x-goog-api-key", key), .init("accept", "application/json")])
  }

  /// Counts the tokens of one letter with a model: free, and refused where a project may list models
  /// and not use them.
  static func countTokens(model: String, _ key: String) -> CheckRequest {
    CheckRequest(
      .post, host: models.host, path: "/v1beta/\(model):countTokens",
      headers: [
        .init("x-goog-api-key", key), .init("content-type", "application/json"),
        .init("accept", "application/json"),
      ], body: Array("{\"contents\":[{\"parts\":[{\"text\":\"a\"}]}]}".utf8))
  }
}
