import LiveChecks
import Model
import Testing

/// Error texts of Google's, and what each means.
struct GoogleMessageTests {
  /// A text of one of the kinds of answer that are known, numbered, and its verdict.
  struct Row: Sendable, CustomTestStringConvertible {
    let number: Int
    let text: String
    let outcome: Verdict.Outcome?
    var isAuthorizationKey = false

    var testDescription: String { "\(number): \(text.prefix(60))" }
  }

  static let rows: [Row] = [
    Row(number: 1, text: "{\"models\": [{\"name\": \"models/a\"}]}", outcome: .active),
    Row(
      number: 2,
      text: "400 INVALID_ARGUMENT: API key not valid. Please pass a valid API key. API_KEY_INVALID",
      outcome: .invalid),
    Row(
      number: 3,
      text: "400 INVALID_ARGUMENT: API Key not found. Please pass a valid API key. API_KEY_INVALID",
      outcome: .invalid),
    Row(
      number: 4,
      text: "400 INVALID_ARGUMENT: API key expired. Please renew the API key. API_KEY_INVALID",
      outcome: .expired),
    Row(
      number: 5,
      text:
        "403 PERMISSION_DENIED: Your API key was reported as leaked. Please use another API key.",
      outcome: .blockedAsLeaked),
    Row(
      number: 6,
      text:
        "403 Generative Language API has not been used in project 123 before or it is disabled. "
        + "Enable it by visiting https://console.developers.google.com/", outcome: .serviceDisabled),
    Row(
      number: 6, text: "{\"reason\": \"SERVICE_DISABLED\", \"code\": 403}",
      outcome: .serviceDisabled),
    Row(
      number: 7,
      text: "403 Requests to this API generativelanguage.googleapis.com method "
        + "google.ai.generativelanguage.v1beta.ModelService.ListModels are blocked.",
      outcome: .restricted),
    Row(number: 7, text: "\"reason\": \"API_KEY_SERVICE_BLOCKED\"", outcome: .restricted),
    Row(number: 8, text: "403 Requests from referer <empty> are blocked.", outcome: .restricted),
    Row(
      number: 9,
      text: "The provided API key has an IP address restriction. The originating IP address of the "
        + "call (192.0.2.1) violates this restriction.", outcome: .restricted),
    Row(
      number: 10, text: "Requests from this Android client application <empty> are blocked.",
      outcome: .restricted),
    Row(
      number: 11, text: "Requests from this iOS client application <empty> are blocked.",
      outcome: .restricted),
    Row(
      number: 12, text: "403 Permission denied: Consumer 'api_key:X' has been suspended.",
      outcome: .suspended),
    Row(
      number: 13, text: "403 Your project has been denied access. Please contact support.",
      outcome: .suspended),
    Row(
      number: 14,
      text: "401 Request had invalid authentication credentials. Expected OAuth 2 access token, "
        + "login cookie or other valid authentication credential. ACCESS_TOKEN_TYPE_UNSUPPORTED",
      outcome: .refusedKeyType),
    Row(
      number: 14, text: "401 ACCESS_TOKEN_TYPE_UNSUPPORTED", outcome: .invalidOrRevoked,
      isAuthorizationKey: true),
    Row(number: 14, text: "401 ACCESS_TOKEN_TYPE_UNSUPPORTED", outcome: .refusedKeyType),
    Row(
      number: 15,
      text: "401 API keys are not supported by this API. Expected OAuth2 access token or other "
        + "authentication credentials that assert a principal. CREDENTIALS_MISSING",
      outcome: .inconclusive),
    Row(
      number: 16,
      text: "400 FAILED_PRECONDITION: User location is not supported for the API use.",
      outcome: .regionBlocked),
    Row(
      number: 17,
      text: "429 RESOURCE_EXHAUSTED: You exceeded your current quota, please check your plan.",
      outcome: .rateLimited),
    Row(
      number: 17,
      text: "Quota exceeded for metric: generate_content_free_tier_requests, limit: 0",
      outcome: .rateLimited),
    Row(number: 17, text: "Resource has been exhausted (e.g. check quota).", outcome: .rateLimited),
    Row(
      number: 18,
      text: "403 Method doesn't allow unregistered callers (callers without established identity).",
      outcome: .checkError),
    Row(
      number: 19,
      text: "400 Multiple authentication credentials received. Please pass only one.",
      outcome: .checkError),
    Row(
      number: 20, text: "403 Permission denied on resource project nothing. CONSUMER_INVALID",
      outcome: .projectUnusable),
    Row(number: 21, text: "403 \"reason\": \"BILLING_DISABLED\"", outcome: .unusableNow),
    Row(number: 21, text: "403 \"reason\": \"USER_PROJECT_DENIED\"", outcome: .unusableNow),
    Row(number: 21, text: "403 \"reason\": \"SECURITY_POLICY_VIOLATED\"", outcome: .unusableNow),
    Row(
      number: 22,
      text: "<html>403 Your client does not have permission to get URL /v1beta from this server.",
      outcome: .network),
    Row(
      number: 23,
      text: "404 models/gemini-pro is not found for API version v1beta, or is not supported for "
        + "generateContent.", outcome: .checkError),
    Row(number: 23, text: "404 NOT_FOUND", outcome: .checkError),
    Row(number: 24, text: "500 INTERNAL", outcome: .network),
    Row(number: 24, text: "503 UNAVAILABLE: the model is overloaded", outcome: .network),
    Row(number: 24, text: "504 DEADLINE_EXCEEDED", outcome: .network),
    Row(number: 24, text: "499 CANCELLED", outcome: .network),
    Row(number: 25, text: "401 ACCESS_TOKEN_EXPIRED", outcome: .unusableNow),
    // What people tell without one of the texts above.
    Row(number: 0, text: "401 Unauthorized", outcome: .denied),
    Row(number: 0, text: "403 PERMISSION_DENIED", outcome: .denied),
    Row(number: 0, text: "429 Too Many Requests", outcome: .rateLimited),
    Row(number: 0, text: "400 INVALID_ARGUMENT", outcome: nil),
    Row(number: 0, text: "TypeError: fetch failed", outcome: .network),
    Row(number: 0, text: "Read timed out.", outcome: .network),
    Row(number: 0, text: "all is well", outcome: nil),
    Row(number: 0, text: "1401 apples", outcome: nil),
  ]

  @Test(arguments: rows)
  func `a message means what the table says`(row: Row) {
    let message = GoogleMessage(
      Array(row.text.utf8), isAuthorizationKey: row.isAuthorizationKey)
    #expect(message.outcome == row.outcome, "\(row.text)")
    #expect(!message.meaning.isEmpty && !message.toDo.isEmpty)
    #expect(!message.holdsKey)
  }

  @Test func `every row of the table that has a text is here`() {
    #expect(Set(rows.map(\.number)).isSuperset(of: 1...25))
  }

  private var rows: [Row] { Self.rows }

  @Test func `what a message says comes before its status`() {
    // Sample code that is going round asks for PERMISSION_DENIED first, so that its branch for leaks is never taken.
    for status in ["403 PERMISSION_DENIED", "401", "429", "500", "400 INVALID_ARGUMENT", ""] {
      let text =
        "\(status) Your API key was reported as leaked. Please use another API key. \(status)"
      #expect(
        GoogleMessage(Array(text.utf8), isAuthorizationKey: false).outcome == .blockedAsLeaked)
    }
  }

  @Test func `a key in a message is noticed`() {
    let key = "AIza" + "Sy" + String(repeating: "bQ7", count: 11)
    #expect(
      GoogleMessage(Array("Invalid API key: \(key)".utf8), isAuthorizationKey: false).holdsKey)
    #expect(
      !GoogleMessage(Array("Invalid API key: AIza…".utf8), isAuthorizationKey: false).holdsKey)
  }
}
