import LiveChecks
import Model

/// What a provider answers, as it was recorded or as its documentation shows it, and what that
/// means; `SECRET` stands for what was sent.
struct ProviderAnswers: Sendable {
  let rules: [String]
  /// What it says of a secret that it does not know.
  let dead: Answer
  let answers: [Row]

  struct Answer: Sendable {
    let status: Int
    let body: String
    var headers: [String: String] = [:]
  }

  struct Row: Sendable {
    let answer: Answer
    let outcome: Verdict.Outcome
    let detail: String?

    init(
      _ status: Int, _ body: String, _ outcome: Verdict.Outcome, headers: [String: String] = [:],
      detail: String? = nil
    ) {
      answer = Answer(status: status, body: body, headers: headers)
      self.outcome = outcome
      self.detail = detail
    }
  }

  /// OpenAI's error object.
  private static func openAI(_ message: String, code: String) -> String {
    #"{"error":{"message":"\#(message)","type":"invalid_request_error","param":null,"code":"\#(code)"}}"#
  }

  /// Anthropic's error object.
  private static func anthropic(_ type: String, _ message: String) -> String {
    #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"},"request_id":"req_01"}"#
  }

  private static func stripe(_ message: String, code: String? = nil) -> String {
    let code = code.map { #""code": "\#($0)", "# } ?? ""
    return #"{"error": {\#(code)"message": "\#(message)", "type": "invalid_request_error"}}"#
  }

  private static func bitbank(_ code: Int) -> String {
    #"{"success":0,"data":{"code":\#(code)}}"#
  }

  private static func gmo(_ code: String, _ text: String) -> String {
    #"{"status":5,"messages":[{"message_code":"\#(code)","message_string":"\#(text)"}],"responsetime":"2026-11-22T00:00:00.000Z"}"#
  }

  private static func slack(_ error: String) -> String { #"{"ok":false,"error":"\#(error)"}"# }

  private static func aws(_ code: String, _ message: String) -> String {
    """
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <Error>
        <Type>Sender</Type>
        <Code>\(code)</Code>
        <Message>\(message)</Message>
      </Error>
      <RequestId>00000000-0000-0000-0000-000000000000</RequestId>
    </ErrorResponse>
    """
  }

  private static func cloudflare(_ errors: String, result: String = "null") -> String {
    #"{"success":\#(errors.isEmpty),"errors":[\#(errors)],"messages":[],"result":\#(result)}"#
  }

  private static let openAIUnknown = openAI(
    "Incorrect API key provided: SECRET. You can find your API key at https://platform.openai.com/account/api-keys.",
    code: "invalid_api_key")
  private static let openAIRows = [
    Row(401, openAIUnknown, .invalid),
    Row(
      401, openAI("Your request was made from an IP that is not authorized.", code: "x"),
      .restricted),
    Row(
      401,
      openAI(
        "The OpenAI account associated with this API key has been deactivated.",
        code: "account_deactivated"), .invalid),
    Row(
      401, openAI("You must be a member of an organization to use the API.", code: "x"),
      .invalidOrRevoked),
    Row(
      403,
      openAI(
        "Country, region, or territory not supported", code: "unsupported_country_region_territory"),
      .regionBlocked),
    Row(
      403,
      #"{"error":"You have insufficient permissions for this operation. Missing scopes: api.model.read."}"#,
      .restricted),
    Row(
      429, openAI("You exceeded your current quota", code: "insufficient_quota"), .rateLimited),
    Row(
      429, openAI("Rate limit reached for requests", code: "rate_limit_exceeded"), .rateLimited),
  ]

  static let all: [ProviderAnswers] = [
    ProviderAnswers(
      rules: ["openai.project-key", "openai.service-account-key", "openai.user-key"],
      dead: Answer(status: 401, body: openAIUnknown),
      answers: [
        Row(
          200,
          #"{"object":"list","data":[{"id":"gpt-x","object":"model","owned_by":"SECRET"},{"id":"gpt-y", "object": "model"}]}"#,
          .active, detail: "2 models")
      ] + openAIRows),
    ProviderAnswers(
      rules: ["openai.admin-key"], dead: Answer(status: 401, body: openAIUnknown),
      answers: [
        Row(200, #"{"object":"list","data":[],"has_more":false}"#, .active)
      ] + openAIRows),
    ProviderAnswers(
      rules: ["anthropic.api-key", "anthropic.admin-key"],
      dead: Answer(status: 401, body: anthropic("authentication_error", "invalid x-api-key")),
      answers: [
        Row(200, #"{"data":[],"has_more":false,"first_id":"SECRET"}"#, .active),
        Row(401, anthropic("authentication_error", "invalid x-api-key SECRET"), .invalid),
        Row(404, anthropic("not_found_error", "Not found"), .invalid),
        Row(403, anthropic("permission_error", "Your API key does not"), .restricted),
        Row(429, anthropic("rate_limit_error", "too many"), .rateLimited),
        Row(400, anthropic("invalid_request_error", "SECRET"), .inconclusive),
        Row(529, anthropic("overloaded_error", "Overloaded"), .network),
      ]),
    ProviderAnswers(
      rules: ["github.token", "github.fine-grained-token"],
      dead: Answer(
        status: 401, body: #"{"message":"Bad credentials","documentation_url":"https://docs"}"#),
      answers: [
        Row(
          200, #"{"resources":{"core":{"limit":5000}},"rate":{"limit":5000}}"#, .active,
          headers: ["x-oauth-scopes": "repo, workflow"], detail: "scopes: repo, workflow"),
        Row(
          200, #"{"resources":{}}"#, .active, headers: ["x-oauth-scopes": "repo SECRET"]),
        Row(200, #"{"resources":{}}"#, .active, headers: ["x-oauth-scopes": ""]),
        Row(401, #"{"message":"Bad credentials","token":"SECRET"}"#, .invalid),
        Row(403, #"{"message":"Sorry. Your account was suspended."}"#, .suspended),
        Row(403, #"{"message":"API rate limit exceeded for user ID 1."}"#, .network),
        Row(
          403, #"{"message":"Resource protected by organization SAML enforcement."}"#, .restricted),
      ]),
    ProviderAnswers(
      rules: [
        "slack.bot-token", "slack.user-token", "slack.app-token", "slack.rotating-token",
        "slack.workspace-token",
      ],
      dead: Answer(status: 200, body: slack("invalid_auth")),
      answers: [
        Row(
          200,
          #"{"ok":true,"url":"https://some.slack.com/","team":"Some","user":"SECRET","team_id":"T0"}"#,
          .active, headers: ["x-oauth-scopes": "chat:write,channels:read"],
          detail: "scopes: chat:write,channels:read"),
        Row(200, slack("invalid_auth"), .invalid),
        Row(200, slack("token_revoked"), .invalid),
        Row(200, slack("account_inactive"), .invalid),
        Row(200, slack("token_expired"), .expired),
        Row(200, slack("missing_scope"), .restricted),
        Row(200, slack("not_allowed_token_type"), .inconclusive),
        Row(200, slack("ratelimited"), .network),
        Row(200, slack("SECRET"), .checkError),
        Row(200, slack("fatal_error"), .checkError),
      ]),
    ProviderAnswers(
      rules: ["slack.webhook"], dead: Answer(status: 404, body: "no_team"),
      answers: [
        Row(400, "invalid_payload", .active),
        Row(400, "missing_text_or_fallback_or_attachments", .active),
        Row(403, "invalid_token", .invalid), Row(404, "no_service", .invalid),
        Row(410, "channel_is_archived", .unusableNow), Row(403, "action_prohibited", .restricted),
        Row(403, "SECRET", .denied), Row(200, "ok", .active), Row(302, "", .checkError),
      ]),
    ProviderAnswers(
      rules: ["stripe.secret-key", "stripe.restricted-key", "stripe.test-key"],
      dead: Answer(status: 401, body: stripe("Invalid API Key provided: ****")),
      answers: [
        Row(200, #"{"object": "balance", "available": [{"amount": 1}]}"#, .active),
        Row(401, stripe("Expired API Key provided: SECRET", code: "api_key_expired"), .expired),
        Row(401, stripe("Invalid API Key provided: SECRET"), .invalid),
        Row(
          403,
          stripe(
            "The provided key 'SECRET' does not have the required permissions for this endpoint on account 'a'."
          ), .restricted),
        Row(
          403, stripe("The API key provided does not allow requests from your IP address."),
          .restricted),
        Row(403, stripe("No such account"), .restricted),
        Row(429, stripe("Too many requests", code: "rate_limit"), .network),
      ]),
    ProviderAnswers(
      rules: ["bitbank.secret-key"], dead: Answer(status: 200, body: bitbank(20003)),
      answers: [
        Row(200, #"{"success":1,"data":{"assets":[{"asset":"jpy"}]}}"#, .active),
        Row(200, bitbank(20001), .invalid), Row(200, bitbank(20002), .invalid),
        Row(200, bitbank(20005), .unconfirmed), Row(200, bitbank(20033), .checkError),
        Row(200, bitbank(50005), .suspended), Row(200, bitbank(50003), .restricted),
        Row(200, bitbank(10009), .network), Row(200, bitbank(10000), .checkError),
      ]),
    ProviderAnswers(
      rules: ["gmo-coin.secret-key"],
      dead: Answer(status: 401, body: gmo("ERR-5012", "The API authentication is invalid.")),
      answers: [
        Row(
          200, #"{"status":0,"data":[{"amount":"1","symbol":"JPY"}],"responsetime":"x"}"#, .active),
        Row(401, gmo("ERR-5012", "SECRET"), .invalid),
        Row(200, gmo("ERR-5010", "Invalid API-SIGN."), .unconfirmed),
        Row(200, gmo("ERR-5009", "too early"), .checkError),
        Row(200, gmo("ERR-5003", "Requests are too many."), .network),
        Row(200, gmo("ERR-5201", "MAINTENANCE"), .network),
        Row(200, gmo("ERR-5106", "invalid"), .checkError),
      ]),
    ProviderAnswers(
      rules: ["coincheck.secret-key"],
      dead: Answer(status: 401, body: #"{"success":false,"error":"invalid authentication"}"#),
      answers: [
        Row(200, #"{"success":true,"jpy":"1","btc":"0"}"#, .active),
        Row(401, #"{"success":false,"error":"invalid authentication SECRET"}"#, .invalid),
        Row(401, #"{"success":false,"error":"Nonce must be incremented"}"#, .checkError),
        Row(403, #"{"success":false,"error":"Your IP address is not permitted"}"#, .restricted),
        Row(
          403, #"{"success":false,"error":"You don't have the permission"}"#, .restricted),
        Row(404, #"{"success":false,"error":"invalid"}"#, .checkError),
      ]),
    ProviderAnswers(
      rules: ["aws.access-key"],
      dead: Answer(
        status: 403,
        body: aws("InvalidClientTokenId", "The security token included in the request is invalid.")),
      answers: [
        Row(
          200,
          "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>SECRET</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
          .active),
        Row(403, aws("InvalidClientTokenId", "SECRET"), .invalid),
        Row(403, aws("ExpiredToken", "The security token is expired"), .expired),
        Row(403, aws("SignatureDoesNotMatch", "The request signature"), .unconfirmed),
        Row(403, aws("AccessDenied", "explicit deny"), .restricted),
        Row(400, aws("RequestExpired", "Request has expired"), .checkError),
        Row(400, aws("Throttling", "Rate exceeded"), .network),
        Row(200, "SECRET", .checkError), Row(403, "", .denied),
      ]),
    ProviderAnswers(
      rules: ["huggingface.access-token"],
      dead: Answer(status: 401, body: #"{"error":"Invalid username or password."}"#),
      answers: [
        Row(
          200,
          #"{"type":"user","name":"x","email":"x@example.org","auth":{"type":"access_token","accessToken":{"role":"read"}}}"#,
          .active),
        Row(401, #"{"error":"Invalid credentials in Authorization header"}"#, .invalid),
        Row(401, #"{"error":"User Access Token \"x\" is expired"}"#, .expired),
        Row(403, #"{"error":"Forbidden"}"#, .restricted),
      ]),
    ProviderAnswers(
      rules: ["gitlab.access-token"],
      dead: Answer(status: 401, body: #"{"message":"401 Unauthorized"}"#),
      answers: [
        Row(200, #"{"id":1,"name":"x","revoked":false,"scopes":["api"],"active":true}"#, .active),
        Row(
          401,
          #"{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}"#,
          .expired),
        Row(
          401,
          #"{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}"#,
          .invalid),
        Row(401, #"{"message":"401 Unauthorized"}"#, .unconfirmed),
        Row(
          403,
          #"{"error":"insufficient_scope","error_description":"SECRET","scope":"api read_api"}"#,
          .restricted),
        Row(403, #"{"message":"403 Forbidden"}"#, .restricted),
      ]),
    ProviderAnswers(
      rules: ["sendgrid.api-key"],
      dead: Answer(
        status: 401,
        body:
          #"{"errors":[{"field":null,"message":"The provided authorization grant is invalid, expired, or revoked"}]}"#
      ),
      answers: [
        Row(200, #"{"scopes": ["mail.send", "alerts.read"]}"#, .active),
        Row(401, #"{"errors":[{"field":null,"message":"authorization required"}]}"#, .invalid),
        Row(401, #"{"errors":[{"message":"Maximum credits exceeded"}]}"#, .rateLimited),
        Row(403, #"{"errors":[{"field":null,"message":"access forbidden"}]}"#, .restricted),
      ]),
    ProviderAnswers(
      rules: ["npm.access-token"], dead: Answer(status: 401, body: "{}"),
      answers: [
        Row(200, #"{"username":"somebody"}"#, .active), Row(401, "", .invalid),
        Row(403, #"{"message":"SECRET"}"#, .denied), Row(200, "{}", .checkError),
      ]),
    ProviderAnswers(
      rules: ["digitalocean.personal-access-token", "digitalocean.oauth-token"],
      dead: Answer(
        status: 401, body: #"{"id":"Unauthorized","message":"Unable to authenticate you"}"#),
      answers: [
        Row(200, #"{"account":{"status":"active","email":"x@example.org"}}"#, .active),
        Row(401, #"{"id":"Unauthorized","message":"Unable to authenticate you"}"#, .invalid),
        Row(
          403,
          #"{"id":"Forbidden","message":"You are not authorized to perform this operation"}"#,
          .restricted),
        Row(429, #"{"id":"too_many_requests","message":"x"}"#, .network),
      ]),
    ProviderAnswers(
      rules: ["cloudflare.user-api-token"],
      dead: Answer(
        status: 401, body: cloudflare(#"{"code":1000,"message":"Invalid API Token"}"#)),
      answers: [
        Row(200, cloudflare("", result: #"{"id":"x","status":"active"}"#), .active),
        Row(200, cloudflare("", result: #"{"id":"x","status":"expired"}"#), .expired),
        Row(200, cloudflare("", result: #"{"id":"x","status":"disabled"}"#), .suspended),
        Row(401, cloudflare(#"{"code":1000,"message":"Invalid API Token"}"#), .invalid),
        Row(
          400,
          cloudflare(
            #"{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}"#
          ), .invalid),
        Row(
          403,
          cloudflare(
            #"{"code":9109,"message":"Cannot use the access token from location: 192.0.2.1"}"#),
          .restricted),
      ]),
  ]
}
