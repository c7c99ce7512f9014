import LiveChecks
import Model
import TestSupport
import Testing

/// What Google's answers mean for a key: every answer that is known, as it was recorded.
struct GoogleKeyCheckTests {
  private static let gemini = "generativelanguage.googleapis.com"
  private static let identity = "identitytoolkit.googleapis.com"

  private static func credential(
    _ key: String, _ rule: String = "google.api-key"
  ) -> Credential {
    Credential(
      rule: RuleID(rule), secret: Secret(Array(key.utf8), fixedPrefix: 4),
      fingerprint: Fingerprint(prefixOf: [UInt8](repeating: 7, count: 32)))
  }

  /// Asks about a key of which Gemini says `first` and a second service `second`, and everybody
  /// refuses all others.
  private func verdict(
    _ first: CheckAnswer, _ second: CheckAnswer = .invalidKey, authorization: Bool = false,
    probes: Bool = false, madeUp: CheckAnswer = .invalidKey,
    others: CheckAnswer = .google(403, "PERMISSION_DENIED", "-", reason: "SERVICE_DISABLED")
  ) async -> (verdict: Verdict, requests: [CheckRequest], key: String) {
    let key = authorization ? LookAlike.authKey() : LookAlike.apiKey()
    let provider = FakeProvider { request in
      if request.header("x-goog-api-key") != key { return madeUp }
      switch (request.host, request.path.hasPrefix("/v1beta/models?")) {
      case (Self.gemini, true): return first
      case (Self.identity, _) where request.path == "/v1/projects": return second
      default: return others
      }
    }
    let rule = authorization ? "google.auth-key" : "google.api-key"
    let verdict = await GoogleKeyCheck(rule: RuleID(rule), probes: probes)
      .verdict(on: Self.credential(key, rule), asking: provider.asker)
    // Whatever Google repeats, nothing of a key gets into what is said.
    let said = "\(verdict)"
    #expect(!said.contains(key.dropFirst(6).prefix(10)), "\(said)")
    return (verdict, provider.requests, key)
  }

  // MARK: The table

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let answer: CheckAnswer
    let outcome: Verdict.Outcome
    var second: CheckAnswer = .invalidKey
    var authorization = false

    var testDescription: String { name }
  }

  private static let denied = "PERMISSION_DENIED"
  private static let alive = CheckAnswer.google(
    403, denied, "Requests to this API identitytoolkit.googleapis.com are blocked.",
    reason: "API_KEY_SERVICE_BLOCKED", consumer: "projects/123456789012")

  static let rows: [Row] = [
    Row(
      name: "1 models", answer: .init(200, #"{"models": [{"name": "models/a"}]}"#), outcome: .active
    ),
    Row(name: "2 not valid, twice", answer: .invalidKey, outcome: .invalid),
    Row(
      name: "3 not found, twice",
      answer: .google(
        400, "INVALID_ARGUMENT", "API Key not found. Please pass a valid API key.",
        reason: "API_KEY_INVALID"), outcome: .invalid),
    Row(
      name: "2 not valid, alive elsewhere", answer: .invalidKey, outcome: .restricted, second: alive
    ),
    Row(
      name: "2 not valid, no second answer", answer: .invalidKey, outcome: .unconfirmed,
      second: .init(503, "")),
    Row(
      name: "4 expired",
      answer: .google(
        400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.",
        reason: "API_KEY_INVALID"), outcome: .expired),
    Row(
      name: "4 expired, they say, and alive",
      answer: .google(
        400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.",
        reason: "API_KEY_INVALID"), outcome: .restricted, second: alive),
    Row(
      name: "5 leaked",
      answer: .google(
        403, denied, "Your API key was reported as leaked. Please use another API key."),
      outcome: .blockedAsLeaked),
    Row(
      name: "6 disabled",
      answer: .google(
        403, denied,
        "Generative Language API has not been used in project 123456789012 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=123456789012 then retry.",
        reason: "SERVICE_DISABLED", consumer: "projects/123456789012"), outcome: .serviceDisabled),
    Row(
      name: "7 other services",
      answer: .google(
        403, denied,
        "Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.ModelService.ListModels are blocked.",
        reason: "API_KEY_SERVICE_BLOCKED", consumer: "projects/123456789012"),
      outcome: .restricted),
    Row(
      name: "8 pages",
      answer: .google(
        403, denied, "Requests from referer <empty> are blocked.",
        reason: "API_KEY_HTTP_REFERRER_BLOCKED", consumer: "projects/123456789012"),
      outcome: .restricted),
    Row(
      name: "9 addresses",
      answer: .google(
        403, denied,
        "The provided API key has an IP address restriction. The originating IP address of the call (192.0.2.7) violates this restriction.",
        reason: "API_KEY_IP_ADDRESS_BLOCKED"), outcome: .restricted),
    Row(
      name: "10 Android",
      answer: .google(
        403, denied, "Requests from this Android client application <empty> are blocked.",
        reason: "API_KEY_ANDROID_APP_BLOCKED"), outcome: .restricted),
    Row(
      name: "11 iOS",
      answer: .google(
        403, denied, "Requests from this iOS client application <empty> are blocked.",
        reason: "API_KEY_IOS_APP_BLOCKED"), outcome: .restricted),
    Row(
      name: "12 suspended",
      answer: .google(
        403, denied, "Permission denied: Consumer 'api_key:KEY' has been suspended.",
        reason: "CONSUMER_SUSPENDED", consumer: "projects/123456789012"), outcome: .suspended),
    Row(
      name: "13 denied access",
      answer: .google(
        403, denied, "Your project has been denied access. Please contact support."),
      outcome: .suspended),
    Row(
      name: "14 type refused, dead elsewhere",
      answer: .google(
        401, "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
        reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED"), outcome: .invalid),
    Row(
      name: "14 type refused, alive elsewhere",
      answer: .google(
        401, "UNAUTHENTICATED", "Request had invalid authentication credentials.",
        reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED"), outcome: .restricted, second: alive),
    Row(
      name: "14 type refused, nobody else tells",
      answer: .google(
        401, "UNAUTHENTICATED", "Request had invalid authentication credentials.",
        reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED"), outcome: .refusedKeyType,
      second: .init(500, "<html>")),
    Row(
      name: "14 authorization key",
      answer: .google(
        401, "UNAUTHENTICATED", "Request had invalid authentication credentials.",
        reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED"), outcome: .invalidOrRevoked,
      second: .google(401, "UNAUTHENTICATED", "-", reason: "CREDENTIALS_MISSING"),
      authorization: true),
    Row(
      name: "15 no keys there, nor told elsewhere",
      answer: .google(
        401, "UNAUTHENTICATED",
        "API keys are not supported by this API. Expected OAuth2 access token.",
        reason: "CREDENTIALS_MISSING"), outcome: .inconclusive,
      second: .google(401, "UNAUTHENTICATED", "-", reason: "CREDENTIALS_MISSING")),
    Row(
      name: "16 region",
      answer: .google(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
      outcome: .regionBlocked),
    Row(
      name: "17 quota",
      answer: .google(
        429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan.",
        reason: "RATE_LIMIT_EXCEEDED", consumer: "projects/123456789012"), outcome: .rateLimited),
    Row(
      name: "18 no key arrived",
      answer: .google(
        403, denied,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."
      ),
      outcome: .checkError),
    Row(
      name: "19 two credentials",
      answer: .google(
        400, "INVALID_ARGUMENT",
        "Multiple authentication credentials received. Please pass only one."),
      outcome: .checkError),
    Row(
      name: "20 project gone",
      answer: .google(
        403, denied, "Permission denied on resource project x.", reason: "CONSUMER_INVALID"),
      outcome: .projectUnusable),
    Row(
      name: "21 billing", answer: .google(403, denied, "-", reason: "BILLING_DISABLED"),
      outcome: .unusableNow),
    Row(
      name: "21 project denied", answer: .google(403, denied, "-", reason: "USER_PROJECT_DENIED"),
      outcome: .unusableNow),
    Row(
      name: "21 policy", answer: .google(403, denied, "-", reason: "SECURITY_POLICY_VIOLATED"),
      outcome: .unusableNow),
    Row(
      name: "21 tax policy",
      answer: .google(403, denied, "-", reason: "LOCATION_TAX_POLICY_VIOLATED"),
      outcome: .unusableNow),
    Row(
      name: "22 front end",
      answer: .init(
        403,
        "<!DOCTYPE html><title>Error 403</title><p>Your client does not have permission to get URL <code>/v1beta/models</code> from this server."
      ), outcome: .network),
    Row(
      name: "23 not there",
      answer: .google(404, "NOT_FOUND", "models/gemini-pro is not found for API version v1beta"),
      outcome: .checkError),
    Row(name: "24 500", answer: .google(500, "INTERNAL", "Internal error"), outcome: .network),
    Row(name: "24 503", answer: .google(503, "UNAVAILABLE", "overloaded"), outcome: .network),
    Row(name: "24 504", answer: .init(504, "upstream request timeout"), outcome: .network),
    Row(name: "24 499", answer: .google(499, "CANCELLED", "-"), outcome: .network),
    Row(
      name: "25 access token",
      answer: .google(401, "UNAUTHENTICATED", "-", reason: "ACCESS_TOKEN_EXPIRED"),
      outcome: .unusableNow),
    Row(name: "bare 403", answer: .google(403, denied, "-"), outcome: .denied),
    Row(name: "403 without JSON", answer: .init(403, "no"), outcome: .checkError),
    Row(name: "200 without JSON", answer: .init(200, "hello"), outcome: .checkError),
    Row(name: "page with 200", answer: .init(200, "\n<html>"), outcome: .network),
    Row(
      name: "redirect",
      answer: CheckAnswer(status: 302, headers: ["location": "https://x"], body: []),
      outcome: .checkError),
    Row(
      name: "an array around it",
      answer: .init(
        403,
        "[{\"error\": {\"code\": 403, \"message\": \"Your API key was reported as leaked.\", \"status\": \"PERMISSION_DENIED\"}}]"
      ), outcome: .blockedAsLeaked),
    Row(
      name: "an error inside a message",
      answer: .init(
        400,
        #"{"error": {"code": 400, "message": "{\"error\": {\"message\": \"API key expired. Please renew the API key.\"}}", "status": "x"}}"#
      ), outcome: .expired),
    Row(
      name: "a word for a code",
      answer: .init(
        401, #"{"error": {"code": "authentication", "message": "API key not valid."}}"#),
      outcome: .invalid),
    Row(
      name: "older shape",
      answer: .init(
        403,
        #"{"error": {"code": 403, "message": "There is a per-IP or per-Referer restriction configured on your API key.", "errors": [{"domain": "usageLimits", "reason": "ipRefererBlocked"}]}}"#
      ), outcome: .restricted),
    Row(
      name: "older shape, off",
      answer: .init(
        403,
        #"{"error": {"code": 403, "message": "-", "errors": [{"reason": "accessNotConfigured"}]}}"#),
      outcome: .serviceDisabled),
    Row(
      name: "older shape, dead",
      answer: .init(
        400,
        #"{"error": {"code": 400, "message": "Bad Request", "errors": [{"reason": "keyInvalid"}]}}"#
      ), outcome: .invalid),
    Row(
      name: "older shape, quota",
      answer: .init(
        403,
        #"{"error": {"code": 403, "message": "-", "errors": [{"reason": "dailyLimitExceeded"}]}}"#),
      outcome: .rateLimited),
    Row(
      name: "older shape, no key",
      answer: .init(
        403,
        #"{"error": {"code": 403, "message": "-", "errors": [{"reason": "dailyLimitExceededUnreg"}]}}"#
      ), outcome: .checkError),
    Row(
      name: "Maps, dead",
      answer: .init(
        200, #"{"status": "REQUEST_DENIED", "error_message": "The provided API key is invalid. "}"#),
      outcome: .invalid),
    Row(
      name: "Maps, expired",
      answer: .init(
        200, #"{"status": "REQUEST_DENIED", "errorMessage": "The provided API key is expired."}"#),
      outcome: .expired),
    Row(
      name: "Maps, off",
      answer: .init(
        200,
        #"{"status": "REQUEST_DENIED", "error_message": "This API project is not authorized to use this API."}"#
      ), outcome: .serviceDisabled),
    Row(
      name: "Maps, restricted",
      answer: .init(
        200,
        #"{"status": "REQUEST_DENIED", "error_message": "This API key is not authorized to use this service or API."}"#
      ), outcome: .restricted),
    Row(
      name: "Maps, referrer",
      answer: .init(
        200,
        #"{"status": "REQUEST_DENIED", "error_message": "API keys with referer restrictions cannot be used with this API."}"#
      ), outcome: .restricted),
    Row(
      name: "Maps, address",
      answer: .init(
        200,
        #"{"status": "REQUEST_DENIED", "error_message": "This IP, site or mobile application is not authorized to use this API key. Request received from IP address 192.0.2.7"}"#
      ), outcome: .restricted),
    Row(
      name: "Maps, billing",
      answer: .init(
        200,
        #"{"status": "REQUEST_DENIED", "error_message": "You must enable Billing on the Google Cloud Project"}"#
      ), outcome: .unusableNow),
    Row(
      name: "Maps, limit", answer: .init(200, #"{"status": "OVER_QUERY_LIMIT"}"#),
      outcome: .rateLimited),
  ]

  @Test(arguments: rows)
  func `an answer means what the table says`(row: Row) async {
    let answer = await verdict(row.answer, row.second, authorization: row.authorization)
    #expect(answer.verdict.outcome == row.outcome, "\(answer.verdict)")
    #expect(!answer.verdict.reason.isEmpty && !answer.verdict.reason.hasSuffix("."))
    #expect(answer.verdict.checkedAt == FakeProvider.time)
  }

  @Test func `every answer that is known has a row`() {
    let numbers = Set(Self.rows.compactMap { Int($0.name.prefix { $0.isNumber }) })
    #expect(numbers.isSuperset(of: 1...25))
  }

  @Test func `a message counts more than its status`() async {
    for status in [400, 401, 403, 404, 429, 500, 503] {
      let answer = await verdict(
        .google(
          status, Self.denied, "Your API key was reported as leaked. Please use another API key."))
      #expect(answer.verdict.outcome == .blockedAsLeaked, "\(status)")
    }
  }

  // MARK: Trust

  @Test func `nothing is believed of a host that takes a made-up key`() async {
    let taken = CheckAnswer(200, #"{"models": [{"name": "models/a"}]}"#)
    for madeUp in [
      taken, .init(500, ""), .google(400, "x", "User location is not supported for the API use."),
      .google(403, "x", "-"),
    ] {
      let answer = await verdict(taken, madeUp: madeUp)
      #expect(answer.verdict.outcome == .untrusted)
      #expect(answer.requests.count == 1, "the found key is not sent")
    }
  }

  @Test func `nobody is dead by the word of one`() async {
    // The second service takes whatever it is sent.
    let key = LookAlike.apiKey()
    let provider = FakeProvider { request in
      request.host == Self.gemini ? .invalidKey : CheckAnswer(200, "{}")
    }
    let verdict = await GoogleKeyCheck(rule: RuleID("google.api-key"), probes: false)
      .verdict(on: Self.credential(key), asking: provider.asker)
    #expect(verdict.outcome == .unconfirmed)
    #expect(
      !provider.requests.contains { $0.host == Self.identity && $0.header("x-goog-api-key") == key }
    )
  }

  @Test func `a made-up key is new in every run, and like none that was found`() async {
    var seen: Set<String> = []
    for authorization in [false, true] {
      for _ in 0..<20 {
        let answer = await verdict(.invalidKey, authorization: authorization)
        let madeUp = answer.requests.compactMap { $0.header("x-goog-api-key") }
          .filter { $0 != answer.key }
        for key in Set(madeUp) {
          #expect(seen.insert(key).inserted)
          #expect(key.count == answer.key.count && key.hasPrefix(answer.key.prefix(6)))
          #expect(zip(key, answer.key).count { $0 == $1 } < 20)
        }
      }
    }
  }

  @Test func `a made-up key is asked about once for all keys`() async {
    let keys = (0..<20).map { _ in LookAlike.apiKey() }
    let provider = FakeProvider { _ in .invalidKey }
    let asker = provider.asker
    let check = GoogleKeyCheck(rule: RuleID("google.api-key"), probes: false)
    await withTaskGroup(of: Void.self) { group in
      for key in keys {
        group.addTask { _ = await check.verdict(on: Self.credential(key), asking: asker) }
      }
    }
    let madeUp = provider.requests.filter { !keys.contains($0.header("x-goog-api-key") ?? "") }
    #expect(madeUp.map(\.host).sorted() == [Self.gemini, Self.identity])
    #expect(provider.requests.count == 2 * keys.count + 2)
  }

  // MARK: What is sent

  @Test func `the key goes into one header, and nowhere else`() async {
    for probes in [false, true] {
      let answer = await verdict(
        .init(200, #"{"models": [{"name": "models/gemini-2.5-flash"}]}"#), probes: probes)
      #expect(answer.requests.count > 1)
      for request in answer.requests where request.header("x-goog-api-key") == answer.key {
        #expect(!request.path.contains(answer.key) && !request.body.elementsEqual(answer.key.utf8))
        #expect(request.headers.count { $0.value.contains(answer.key) } == 1)
      }
      for request in answer.requests {
        #expect(!request.path.contains("key=") && request.header("authorization") == nil)
        #expect(request.header("referer") == nil && request.header("origin") == nil)
        #expect(request.method == .get || request.path.hasSuffix(":countTokens"))
        let avoided = ["signUp", "installations", "fcm", "generateContent", "geolocat", "photo"]
        #expect(!avoided.contains { request.path.contains($0) }, "\(request.path)")
      }
    }
  }

  @Test func `the plan names every request`() async {
    for probes in [false, true] {
      let check = GoogleKeyCheck(rule: RuleID("google.api-key"), probes: probes)
      let planned = check.plan(Self.credential(LookAlike.apiKey()))
      let alive = await verdict(
        .init(200, #"{"models": [{"name": "models/gemini-2.5-flash"}]}"#), probes: probes)
      let dead = await verdict(.invalidKey, probes: probes)
      for requests in [alive.requests, dead.requests] {
        #expect(requests.count <= planned.count)
        for host in Set(requests.map(\.host)) {
          #expect(
            requests.count { $0.host == host } <= planned.count { $0.host == host }, "\(host)")
        }
      }
      #expect(Set(planned.map(\.host)) == check.hosts)
    }
  }

  // MARK: What it opens

  @Test func `models are counted`() async {
    let models = (0..<52).map { "{\"name\": \"models/m\($0)\"}" }.joined(separator: ", ")
    let answer = await verdict(.init(200, "{\"models\": [\(models)]}"))
    #expect(answer.verdict.reason == "Gemini takes it, and lists 52 models")
    let cut = CheckAnswer(
      status: 200, body: Array("{\"models\": [\(models), {\"na".utf8), isCut: true)
    #expect(await verdict(cut).verdict.reason == "Gemini takes it, and lists at least 52 models")
  }

  @Test func `the project is read off an answer`() async {
    let disabled = CheckAnswer.google(
      403, Self.denied, "-", reason: "SERVICE_DISABLED", consumer: "projects/123456789012")
    #expect(await verdict(disabled).verdict.project?.number == "123456789012")
    let named = CheckAnswer.google(
      403, Self.denied, "-", reason: "SERVICE_DISABLED", consumer: "projects/my-app-1")
    #expect(await verdict(named).verdict.project?.id == "my-app-1")
    let hostile = CheckAnswer.google(
      403, Self.denied, "-", reason: "SERVICE_DISABLED", consumer: "projects/<script>")
    #expect(await verdict(hostile).verdict.project == nil)
  }

  @Test func `probes tell what a key opens`() async {
    let key = LookAlike.apiKey()
    let provider = FakeProvider { request in
      if request.header("x-goog-api-key") != key { return .invalidKey }
      switch request.path {
      case let path where path.hasPrefix("/v1beta/models?"):
        return .init(200, #"{"models": [{"name": "models/gemini-2.5-flash"}]}"#)
      case let path where path.hasPrefix("/v1beta/files"):
        return .init(200, #"{"files": [{"name": "files/abc"}]}"#)
      case let path where path.hasPrefix("/v1beta/cached"): return .init(200, "{}")
      case let path where path.hasSuffix(":countTokens"):
        return .google(
          403, Self.denied, "Your project has been denied access. Please contact support.")
      case "/v1/projects":
        return .init(200, #"{"projectId": "123456789012", "authorizedDomains": []}"#)
      case "/customsearch/v1":
        return .google(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
      default:
        return .google(403, Self.denied, "-", reason: "API_KEY_SERVICE_BLOCKED")
      }
    }
    let verdict = await GoogleKeyCheck(rule: RuleID("google.api-key"), probes: true)
      .verdict(on: Self.credential(key), asking: provider.asker)
    #expect(verdict.outcome == .activeWithData)
    #expect(verdict.project?.number == "123456789012")
    let opens = Dictionary(uniqueKeysWithValues: verdict.opens.map { ($0.service, $0.outcome) })
    #expect(opens["Gemini API"] == .active && opens["Gemini API: uploaded files"] == .active)
    #expect(opens["Gemini API: use of a model"] == .suspended)
    #expect(opens["Firebase Authentication"] == .active)
    #expect(opens["Custom Search API"] == .active)
    #expect(opens["YouTube Data API"] == .restricted)
    #expect(verdict.opens.count == opens.count)
  }

  @Test func `a dead key is not probed`() async {
    let answer = await verdict(.invalidKey, probes: true)
    #expect(Set(answer.requests.map(\.host)) == [Self.gemini, Self.identity])
    #expect(answer.requests.count == 4)
  }

  @Test func `what is named like a model goes into no address unless it is like Google's`() async {
    for name in ["models/gemini-x/../../y", "models/gemini x", "models/gemini?k=v", "other"] {
      let answer = await verdict(
        .init(200, "{\"models\": [{\"name\": \"\(name)\"}]}"), probes: true)
      #expect(!answer.requests.contains { $0.path.hasSuffix(":countTokens") }, "\(name)")
    }
  }

  @Test func `no answer is no verdict`() async {
    for failure in [CheckFailure.timedOut, .notResolved, .untrustedConnection, .connectionLost] {
      let key = LookAlike.apiKey()
      let provider = FakeProvider { request throws(CheckFailure) in
        if request.header("x-goog-api-key") == key { throw failure }
        return .invalidKey
      }
      let verdict = await GoogleKeyCheck(rule: RuleID("google.api-key"), probes: true)
        .verdict(on: Self.credential(key), asking: provider.asker)
      #expect(verdict.outcome == .network && verdict.state == .unknown)
      #expect(verdict.reason.contains(failure.words))
    }
  }
}
