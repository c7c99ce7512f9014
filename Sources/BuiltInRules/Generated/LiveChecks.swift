// swift-format-ignore-file
// Made from rules/*.yml by `make build`; a test fails when the two differ.
package import Model
package import Rules

extension RuleBook {
  /// How it is asked whether a secret of a built-in rule is alive; made when it is asked for.
  package static let builtInLiveChecks: [RuleID: LiveCheck] = [
    RuleID("anthropic.api-key"): check0(),
    RuleID("anthropic.admin-key"): check1(),
    RuleID("aws.access-key"): check2(),
    RuleID("bitbank.secret-key"): check3(),
    RuleID("cloudflare.user-api-token"): check4(),
    RuleID("coincheck.secret-key"): check5(),
    RuleID("digitalocean.personal-access-token"): check6(),
    RuleID("digitalocean.oauth-token"): check7(),
    RuleID("github.token"): check8(),
    RuleID("github.fine-grained-token"): check9(),
    RuleID("gitlab.access-token"): check10(),
    RuleID("gmo-coin.secret-key"): check11(),
    RuleID("huggingface.access-token"): check12(),
    RuleID("npm.access-token"): check13(),
    RuleID("openai.project-key"): check14(),
    RuleID("openai.service-account-key"): check15(),
    RuleID("openai.admin-key"): check16(),
    RuleID("openai.user-key"): check17(),
    RuleID("sendgrid.api-key"): check18(),
    RuleID("slack.bot-token"): check19(),
    RuleID("slack.user-token"): check20(),
    RuleID("slack.app-token"): check21(),
    RuleID("slack.rotating-token"): check22(),
    RuleID("slack.workspace-token"): check23(),
    RuleID("slack.webhook"): check24(),
    RuleID("stripe.secret-key"): check25(),
    RuleID("stripe.restricted-key"): check26(),
    RuleID("stripe.test-key"): check27(),
  ]
}

private func check0() -> LiveCheck {
  LiveCheck(
    provider: "anthropic",
    isOnlyIfNamed: false,
    effect: "One request of the organization, which costs nothing.",
    onlyFor: [],
    controls: ["sk-ant-api03-{base64url 93}AA"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of models", method: .get, host: "api.anthropic.com", path: Template([.text("/v1/models?limit=1000")]),
      headers: [LiveCheck.Header("x-api-key", Template([.secret])), LiveCheck.Header("anthropic-version", Template([.text("2023-06-01")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .count(of: "\"type\": \"model\"", name: "models"),
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "Anthropic takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["authentication_error"], outcome: .invalid, because: "Anthropic does not know the key, or it is disabled"),
      LiveCheck.Answer(statuses: [404], says: ["not_found_error"], outcome: .invalid, because: "Anthropic does not know the key, or it is disabled"),
      LiveCheck.Answer(statuses: [403], says: ["permission_error"], outcome: .restricted, because: "Anthropic knows the key, which may not list this"),
      LiveCheck.Answer(statuses: [429], says: ["rate_limit_error"], outcome: .rateLimited, because: "Anthropic knows the key, which was used too often"),
      LiveCheck.Answer(statuses: [400], outcome: .inconclusive, because: "Anthropic takes the request for a wrong one and does not say whether it knows the key")])
}

private func check1() -> LiveCheck {
  LiveCheck(
    provider: "anthropic",
    isOnlyIfNamed: false,
    effect: "One request of the organization, which costs nothing.",
    onlyFor: [],
    controls: ["sk-ant-admin01-{base64url 93}AA"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of one API key", method: .get, host: "api.anthropic.com", path: Template([.text("/v1/organizations/api_keys?limit=1")]),
      headers: [LiveCheck.Header("x-api-key", Template([.secret])), LiveCheck.Header("anthropic-version", Template([.text("2023-06-01")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "Anthropic takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["authentication_error"], outcome: .invalid, because: "Anthropic does not know the key, or it is disabled"),
      LiveCheck.Answer(statuses: [404], says: ["not_found_error"], outcome: .invalid, because: "Anthropic does not know the key, or it is disabled"),
      LiveCheck.Answer(statuses: [403], says: ["permission_error"], outcome: .restricted, because: "Anthropic knows the key, which may not list this"),
      LiveCheck.Answer(statuses: [429], says: ["rate_limit_error"], outcome: .rateLimited, because: "Anthropic knows the key, which was used too often"),
      LiveCheck.Answer(statuses: [400], outcome: .inconclusive, because: "Anthropic takes the request for a wrong one and does not say whether it knows the key")])
}

private func check2() -> LiveCheck {
  LiveCheck(
    provider: "aws",
    isOnlyIfNamed: false,
    effect: "A request that needs no right and costs nothing; the account's CloudTrail shows it.",
    onlyFor: [],
    controls: ["{base64 39}Q"],
    partner: LiveCheck.Partner(rule: RuleID("aws.access-key-id"), control: "AKIA{base32 16}", onlyFor: ["AKIA"]),
    request: LiveCheck.Request(asksFor: "whose the key is", method: .post, host: "sts.amazonaws.com", path: Template([.text("/")]),
      headers: [LiveCheck.Header("Content-Type", Template([.text("application/x-www-form-urlencoded; charset=utf-8")]))], body: Template([.text("Action=GetCallerIdentity&Version=2011-06-15")]), signature: .awsSigV4(service: "sts", region: "us-east-1"), answersIn: .xml),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["GetCallerIdentityResult"], outcome: .active, because: "AWS takes the key"),
      LiveCheck.Answer(statuses: [403], says: ["InvalidClientTokenId"], outcome: .invalid, because: "AWS does not know the id beside it, or the key is switched off", toDo: ["If it is of AWS in China or of GovCloud, look there; they know their keys alone."], isOfPartner: true),
      LiveCheck.Answer(statuses: [403], says: ["ExpiredToken"], outcome: .expired, because: "the key has run out"),
      LiveCheck.Answer(statuses: [403], says: ["SignatureDoesNotMatch"], outcome: .unconfirmed, because: "AWS knows the id beside it, and the secret is not that key's", askAgainAfter: 6, isOfPartner: true),
      LiveCheck.Answer(statuses: [403], says: ["AccessDenied"], outcome: .restricted, because: "AWS knows the key, and a policy denies it even this"),
      LiveCheck.Answer(statuses: [400, 403], says: ["RequestExpired", "Signature expired", "Signature not yet current"], outcome: .checkError, because: "AWS does not take the time of this machine’s clock"),
      LiveCheck.Answer(statuses: [400, 429], says: ["Throttling"], outcome: .network, because: "AWS was asked too often")])
}

private func check3() -> LiveCheck {
  LiveCheck(
    provider: "bitbank",
    isOnlyIfNamed: false,
    effect: "A request for the account's assets, of which nothing is kept; no nonce is used up.",
    onlyFor: [],
    controls: ["{hex 64}"],
    partner: LiveCheck.Partner(rule: RuleID("bitbank.access-key"), control: "{hex 8}-{hex 4}-4{hex 3}-{hex 4}-{hex 12}", onlyFor: []),
    request: LiveCheck.Request(asksFor: "assets", method: .get, host: "api.bitbank.cc", path: Template([.text("/v1/user/assets")]),
      headers: [LiveCheck.Header("ACCESS-KEY", Template([.partner])), LiveCheck.Header("ACCESS-REQUEST-TIME", Template([.timeInMilliseconds])), LiveCheck.Header("ACCESS-TIME-WINDOW", Template([.text("5000")])), LiveCheck.Header("ACCESS-SIGNATURE", Template([.hmacSHA256([.timeInMilliseconds, .text("5000/v1/user/assets")])]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(says: ["\"success\":1"], outcome: .active, because: "bitbank takes the key"),
      LiveCheck.Answer(says: ["\"code\":20001"], outcome: .invalid, because: "bitbank does not take the key", isOfPartner: true),
      LiveCheck.Answer(says: ["\"code\":20002", "\"code\":20003"], outcome: .invalid, because: "bitbank does not know the access key", isOfPartner: true),
      LiveCheck.Answer(says: ["\"code\":20005"], outcome: .unconfirmed, because: "bitbank knows the access key beside it, and the secret is not that key's", isOfPartner: true),
      LiveCheck.Answer(says: ["\"code\":20033", "\"code\":20034"], outcome: .checkError, because: "bitbank does not take the time of this machine’s clock"),
      LiveCheck.Answer(says: ["\"code\":50005", "\"code\":50006"], outcome: .suspended, because: "the account of the key is blocked"),
      LiveCheck.Answer(says: ["\"code\":50003", "\"code\":50004", "\"code\":50008"], outcome: .restricted, because: "bitbank knows the key, whose account is restricted"),
      LiveCheck.Answer(says: ["\"code\":10008", "\"code\":10009", "\"code\":70011"], outcome: .network, because: "bitbank is busy, or was asked too often")])
}

private func check4() -> LiveCheck {
  LiveCheck(
    provider: "cloudflare",
    isOnlyIfNamed: false,
    effect: "A request that is there for this; nothing is done with the token.",
    onlyFor: [],
    controls: ["cfut_{alnum 40}{hex 8}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "test of the token", method: .get, host: "api.cloudflare.com", path: Template([.text("/client/v4/user/tokens/verify")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"status\":\"active\""], outcome: .active, because: "Cloudflare takes the token"),
      LiveCheck.Answer(statuses: [200, 401, 403], says: ["\"status\":\"expired\""], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [200, 401, 403], says: ["\"status\":\"disabled\""], outcome: .suspended, because: "the token is switched off and can be switched on again"),
      LiveCheck.Answer(statuses: [400, 401, 403], says: ["\"code\":1000", "Invalid API Token"], outcome: .invalid, because: "Cloudflare does not know the token as a user's"),
      LiveCheck.Answer(statuses: [400, 401, 403], says: ["Invalid format for Authorization header"], outcome: .invalid, because: "Cloudflare says that its tokens do not look so"),
      LiveCheck.Answer(statuses: [401, 403], says: ["from location"], outcome: .restricted, because: "Cloudflare knows the token and takes it from other addresses only")])
}

private func check5() -> LiveCheck {
  LiveCheck(
    provider: "coincheck",
    isOnlyIfNamed: true,
    effect: "It can lock the owner out: every request of a key needs a greater nonce than the one before, and this one sends the time in milliseconds. A program that counts from one, or in seconds, is refused from then on.",
    onlyFor: [],
    controls: ["{hex 40}"],
    partner: LiveCheck.Partner(rule: RuleID("coincheck.access-key"), control: "{hex 40}", onlyFor: []),
    request: LiveCheck.Request(asksFor: "balance", method: .get, host: "coincheck.com", path: Template([.text("/api/accounts/balance")]),
      headers: [LiveCheck.Header("ACCESS-KEY", Template([.partner])), LiveCheck.Header("ACCESS-NONCE", Template([.timeInMilliseconds])), LiveCheck.Header("ACCESS-SIGNATURE", Template([.hmacSHA256([.timeInMilliseconds, .text("https://coincheck.com/api/accounts/balance")])]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(says: ["\"success\":true"], outcome: .active, because: "Coincheck takes the key"),
      LiveCheck.Answer(says: ["invalid authentication"], outcome: .invalid, because: "Coincheck does not know the key, or the secret is not its", isOfPartner: true),
      LiveCheck.Answer(says: ["Nonce must be incremented"], outcome: .checkError, because: "the key has been used with a nonce greater than the time, so that nothing was learned"),
      LiveCheck.Answer(says: ["IP address"], outcome: .restricted, because: "Coincheck knows the key and takes it from other addresses only"),
      LiveCheck.Answer(says: ["permission"], outcome: .restricted, because: "Coincheck knows the key, which may not see the balance")])
}

private func check6() -> LiveCheck {
  LiveCheck(
    provider: "digitalocean",
    isOnlyIfNamed: false,
    effect: "A request of the account; nothing of who that is is kept.",
    onlyFor: [],
    controls: ["dop_v1_{hex 64}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "account", method: .get, host: "api.digitalocean.com", path: Template([.text("/v2/account")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"account\""], outcome: .active, because: "DigitalOcean takes the token"),
      LiveCheck.Answer(statuses: [401], says: ["Unable to authenticate you"], outcome: .invalid, because: "DigitalOcean does not know the token"),
      LiveCheck.Answer(statuses: [403], says: ["\"id\":\"forbidden\"", "not authorized"], outcome: .restricted, because: "DigitalOcean knows the token, which may not see this")])
}

private func check7() -> LiveCheck {
  LiveCheck(
    provider: "digitalocean",
    isOnlyIfNamed: false,
    effect: "A request of the account; nothing of who that is is kept.",
    onlyFor: [],
    controls: ["doo_v1_{hex 64}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "account", method: .get, host: "api.digitalocean.com", path: Template([.text("/v2/account")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"account\""], outcome: .active, because: "DigitalOcean takes the token"),
      LiveCheck.Answer(statuses: [401], says: ["Unable to authenticate you"], outcome: .invalid, because: "DigitalOcean does not know the token"),
      LiveCheck.Answer(statuses: [403], says: ["\"id\":\"forbidden\"", "not authorized"], outcome: .restricted, because: "DigitalOcean knows the token, which may not see this")])
}

private func check8() -> LiveCheck {
  LiveCheck(
    provider: "github",
    isOnlyIfNamed: false,
    effect: "None; a request for the rate limit counts towards none.",
    onlyFor: [],
    controls: ["ghp_{alnum 30}{crc32 6}", "gho_{alnum 30}{crc32 6}", "ghu_{alnum 30}{crc32 6}", "ghs_{alnum 30}{crc32 6}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "rate limit", method: .get, host: "api.github.com", path: Template([.text("/rate_limit")]),
      headers: [LiveCheck.Header("Accept", Template([.text("application/vnd.github+json")])), LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("X-GitHub-Api-Version", Template([.text("2022-11-28")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "GitHub takes the token"),
      LiveCheck.Answer(statuses: [401], says: ["Bad credentials"], outcome: .invalid, because: "GitHub does not know the token", toDo: ["If it belongs to a GitHub Enterprise Server, ask that one; only api.github.com was asked."]),
      LiveCheck.Answer(statuses: [403], says: ["account was suspended", "account is suspended"], outcome: .suspended, because: "the account of the token is suspended"),
      LiveCheck.Answer(statuses: [403, 429], says: ["rate limit"], outcome: .network, because: "GitHub was asked too often"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "GitHub knows the token, and does not take it for this or from here")])
}

private func check9() -> LiveCheck {
  LiveCheck(
    provider: "github",
    isOnlyIfNamed: false,
    effect: "None; a request for the rate limit counts towards none.",
    onlyFor: [],
    controls: ["github_pat_{alnum 22}_{alnum 59}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "rate limit", method: .get, host: "api.github.com", path: Template([.text("/rate_limit")]),
      headers: [LiveCheck.Header("Accept", Template([.text("application/vnd.github+json")])), LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("X-GitHub-Api-Version", Template([.text("2022-11-28")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "GitHub takes the token"),
      LiveCheck.Answer(statuses: [401], says: ["Bad credentials"], outcome: .invalid, because: "GitHub does not know the token", toDo: ["If it belongs to a GitHub Enterprise Server, ask that one; only api.github.com was asked."]),
      LiveCheck.Answer(statuses: [403], says: ["account was suspended", "account is suspended"], outcome: .suspended, because: "the account of the token is suspended"),
      LiveCheck.Answer(statuses: [403, 429], says: ["rate limit"], outcome: .network, because: "GitHub was asked too often"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "GitHub knows the token, and does not take it for this or from here")])
}

private func check10() -> LiveCheck {
  LiveCheck(
    provider: "gitlab",
    isOnlyIfNamed: false,
    effect: "A request of the user, for which gitlab.com notes that the token was used; a token of another GitLab is sent to gitlab.com too.",
    onlyFor: [],
    controls: ["glpat-{base64url 20}", "glpat-{base64url 32}.01.{lownum 9}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "the token's own description", method: .get, host: "gitlab.com", path: Template([.text("/api/v4/personal_access_tokens/self")]),
      headers: [LiveCheck.Header("PRIVATE-TOKEN", Template([.secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"active\":true"], outcome: .active, because: "gitlab.com takes the token"),
      LiveCheck.Answer(statuses: [401], says: ["Token is expired"], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [401], says: ["Token was revoked"], outcome: .invalid, because: "the token was revoked"),
      LiveCheck.Answer(statuses: [401], says: ["401 Unauthorized", "invalid_token"], outcome: .unconfirmed, because: "gitlab.com does not know the token, which may be another GitLab's", toDo: ["If it belongs to another GitLab, ask that one; only gitlab.com was asked."]),
      LiveCheck.Answer(statuses: [403], says: ["insufficient_scope", "insufficient_granular_scope"], outcome: .restricted, because: "gitlab.com knows the token, which may not see this"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "gitlab.com knows the token and does not take it for this or from here")])
}

private func check11() -> LiveCheck {
  LiveCheck(
    provider: "gmo-coin",
    isOnlyIfNamed: false,
    effect: "A request for the account's assets, of which nothing is kept; no nonce is used up.",
    onlyFor: [],
    controls: ["{alnum 64}"],
    partner: LiveCheck.Partner(rule: RuleID("gmo-coin.access-key"), control: "{alnum 32}", onlyFor: []),
    request: LiveCheck.Request(asksFor: "assets", method: .get, host: "api.coin.z.com", path: Template([.text("/private/v1/account/assets")]),
      headers: [LiveCheck.Header("API-KEY", Template([.partner])), LiveCheck.Header("API-TIMESTAMP", Template([.timeInMilliseconds])), LiveCheck.Header("API-SIGN", Template([.hmacSHA256([.timeInMilliseconds, .text("GET/v1/account/assets")])]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"status\":0"], outcome: .active, because: "GMO Coin takes the key"),
      LiveCheck.Answer(says: ["ERR-5012"], outcome: .invalid, because: "GMO Coin does not know the key, or takes it from other addresses only", isOfPartner: true),
      LiveCheck.Answer(says: ["ERR-5010"], outcome: .unconfirmed, because: "GMO Coin does not take the signature, so the secret may not be this key's", isOfPartner: true),
      LiveCheck.Answer(says: ["ERR-5008", "ERR-5009"], outcome: .checkError, because: "GMO Coin does not take the time of this machine’s clock"),
      LiveCheck.Answer(says: ["ERR-5003"], outcome: .network, because: "GMO Coin was asked too often"),
      LiveCheck.Answer(says: ["ERR-5201", "ERR-5202"], outcome: .network, because: "GMO Coin is closed for maintenance")])
}

private func check12() -> LiveCheck {
  LiveCheck(
    provider: "huggingface",
    isOnlyIfNamed: false,
    effect: "A request of the user; nothing of who that is is kept.",
    onlyFor: [],
    controls: ["hf_{alpha 34}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "whose the token is", method: .get, host: "huggingface.co", path: Template([.text("/api/whoami-v2")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"accessToken\"", "\"type\":\"user\""], outcome: .active, because: "Hugging Face takes the token"),
      LiveCheck.Answer(statuses: [401], says: ["Invalid username or password", "Invalid credentials", "Invalid user token"], outcome: .invalid, because: "Hugging Face does not know the token"),
      LiveCheck.Answer(statuses: [401], says: ["expired"], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "Hugging Face knows the token and does not take it for this")])
}

private func check13() -> LiveCheck {
  LiveCheck(
    provider: "npm",
    isOnlyIfNamed: false,
    effect: "A request of the user; nothing of who that is is kept.",
    onlyFor: [],
    controls: ["npm_{alnum 36}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "whose the token is", method: .get, host: "registry.npmjs.org", path: Template([.text("/-/whoami")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"username\""], outcome: .active, because: "The npm registry takes the token"),
      LiveCheck.Answer(statuses: [401], outcome: .invalid, because: "The npm registry does not know the token"),
      LiveCheck.Answer(statuses: [403], outcome: .denied, because: "The npm registry refuses the token and does not say as what")])
}

private func check14() -> LiveCheck {
  LiveCheck(
    provider: "openai",
    isOnlyIfNamed: false,
    effect: "One request of the organization, which costs nothing; its log may show it.",
    onlyFor: [],
    controls: ["sk-proj-{base64url 74}T3BlbkFJ{base64url 74}", "sk-None-{alnum 20}T3BlbkFJ{alnum 20}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of models", method: .get, host: "api.openai.com", path: Template([.text("/v1/models")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .count(of: "\"object\": \"model\"", name: "models"),
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "OpenAI takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["invalid_api_key", "Incorrect API key"], outcome: .invalid, because: "OpenAI does not know the key"),
      LiveCheck.Answer(statuses: [401], says: ["ip_not_authorized", "IP that is not authorized"], outcome: .restricted, because: "OpenAI knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [401, 403], says: ["account_deactivated", "has been deactivated", "deactivated_workspace"], outcome: .invalid, because: "the account or the organization of the key is deactivated"),
      LiveCheck.Answer(statuses: [401], outcome: .invalidOrRevoked, because: "OpenAI refuses the key and does not say that it is unknown"),
      LiveCheck.Answer(statuses: [403], says: ["unsupported_country_region_territory"], outcome: .regionBlocked, because: "OpenAI does not serve the country that was asked from"),
      LiveCheck.Answer(statuses: [403], says: ["missing scopes", "insufficient permissions", "ip_not_authorized"], outcome: .restricted, because: "OpenAI knows the key, which may not list this"),
      LiveCheck.Answer(statuses: [429], says: ["insufficient_quota"], outcome: .rateLimited, because: "OpenAI knows the key, whose credit is used up"),
      LiveCheck.Answer(statuses: [429], says: ["rate_limit"], outcome: .rateLimited, because: "OpenAI knows the key, which was used too often")])
}

private func check15() -> LiveCheck {
  LiveCheck(
    provider: "openai",
    isOnlyIfNamed: false,
    effect: "One request of the organization, which costs nothing; its log may show it.",
    onlyFor: [],
    controls: ["sk-svcacct-{base64url 74}T3BlbkFJ{base64url 74}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of models", method: .get, host: "api.openai.com", path: Template([.text("/v1/models")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .count(of: "\"object\": \"model\"", name: "models"),
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "OpenAI takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["invalid_api_key", "Incorrect API key"], outcome: .invalid, because: "OpenAI does not know the key"),
      LiveCheck.Answer(statuses: [401], says: ["ip_not_authorized", "IP that is not authorized"], outcome: .restricted, because: "OpenAI knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [401, 403], says: ["account_deactivated", "has been deactivated", "deactivated_workspace"], outcome: .invalid, because: "the account or the organization of the key is deactivated"),
      LiveCheck.Answer(statuses: [401], outcome: .invalidOrRevoked, because: "OpenAI refuses the key and does not say that it is unknown"),
      LiveCheck.Answer(statuses: [403], says: ["unsupported_country_region_territory"], outcome: .regionBlocked, because: "OpenAI does not serve the country that was asked from"),
      LiveCheck.Answer(statuses: [403], says: ["missing scopes", "insufficient permissions", "ip_not_authorized"], outcome: .restricted, because: "OpenAI knows the key, which may not list this"),
      LiveCheck.Answer(statuses: [429], says: ["insufficient_quota"], outcome: .rateLimited, because: "OpenAI knows the key, whose credit is used up"),
      LiveCheck.Answer(statuses: [429], says: ["rate_limit"], outcome: .rateLimited, because: "OpenAI knows the key, which was used too often")])
}

private func check16() -> LiveCheck {
  LiveCheck(
    provider: "openai",
    isOnlyIfNamed: false,
    effect: "One request of the organization, which costs nothing; its log may show it.",
    onlyFor: [],
    controls: ["sk-admin-{base64url 58}T3BlbkFJ{base64url 58}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of one admin key", method: .get, host: "api.openai.com", path: Template([.text("/v1/organization/admin_api_keys?limit=1")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "OpenAI takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["invalid_api_key", "Incorrect API key"], outcome: .invalid, because: "OpenAI does not know the key"),
      LiveCheck.Answer(statuses: [401], says: ["ip_not_authorized", "IP that is not authorized"], outcome: .restricted, because: "OpenAI knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [401, 403], says: ["account_deactivated", "has been deactivated", "deactivated_workspace"], outcome: .invalid, because: "the account or the organization of the key is deactivated"),
      LiveCheck.Answer(statuses: [401], outcome: .invalidOrRevoked, because: "OpenAI refuses the key and does not say that it is unknown"),
      LiveCheck.Answer(statuses: [403], says: ["unsupported_country_region_territory"], outcome: .regionBlocked, because: "OpenAI does not serve the country that was asked from"),
      LiveCheck.Answer(statuses: [403], says: ["missing scopes", "insufficient permissions", "ip_not_authorized"], outcome: .restricted, because: "OpenAI knows the key, which may not list this"),
      LiveCheck.Answer(statuses: [429], says: ["insufficient_quota"], outcome: .rateLimited, because: "OpenAI knows the key, whose credit is used up"),
      LiveCheck.Answer(statuses: [429], says: ["rate_limit"], outcome: .rateLimited, because: "OpenAI knows the key, which was used too often")])
}

private func check17() -> LiveCheck {
  LiveCheck(
    provider: "openai",
    isOnlyIfNamed: false,
    effect: "One request of the organization, which costs nothing; its log may show it.",
    onlyFor: [],
    controls: ["sk-{alnum 20}T3BlbkFJ{alnum 20}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of models", method: .get, host: "api.openai.com", path: Template([.text("/v1/models")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .count(of: "\"object\": \"model\"", name: "models"),
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "OpenAI takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["invalid_api_key", "Incorrect API key"], outcome: .invalid, because: "OpenAI does not know the key"),
      LiveCheck.Answer(statuses: [401], says: ["ip_not_authorized", "IP that is not authorized"], outcome: .restricted, because: "OpenAI knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [401, 403], says: ["account_deactivated", "has been deactivated", "deactivated_workspace"], outcome: .invalid, because: "the account or the organization of the key is deactivated"),
      LiveCheck.Answer(statuses: [401], outcome: .invalidOrRevoked, because: "OpenAI refuses the key and does not say that it is unknown"),
      LiveCheck.Answer(statuses: [403], says: ["unsupported_country_region_territory"], outcome: .regionBlocked, because: "OpenAI does not serve the country that was asked from"),
      LiveCheck.Answer(statuses: [403], says: ["missing scopes", "insufficient permissions", "ip_not_authorized"], outcome: .restricted, because: "OpenAI knows the key, which may not list this"),
      LiveCheck.Answer(statuses: [429], says: ["insufficient_quota"], outcome: .rateLimited, because: "OpenAI knows the key, whose credit is used up"),
      LiveCheck.Answer(statuses: [429], says: ["rate_limit"], outcome: .rateLimited, because: "OpenAI knows the key, which was used too often")])
}

private func check18() -> LiveCheck {
  LiveCheck(
    provider: "sendgrid",
    isOnlyIfNamed: false,
    effect: "A request of the account; no mail is sent.",
    onlyFor: [],
    controls: ["SG.{base64url 22}.{base64url 43}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "list of the key's rights", method: .get, host: "api.sendgrid.com", path: Template([.text("/v3/scopes")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"scopes\""], outcome: .active, because: "SendGrid takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["authorization grant is invalid", "authorization required"], outcome: .invalid, because: "SendGrid does not know the key"),
      LiveCheck.Answer(statuses: [401], says: ["Maximum credits exceeded"], outcome: .rateLimited, because: "SendGrid knows the key, whose credits are used up"),
      LiveCheck.Answer(statuses: [403], says: ["access forbidden"], outcome: .restricted, because: "SendGrid knows the key and does not take it for this or from here")])
}

private func check19() -> LiveCheck {
  LiveCheck(
    provider: "slack",
    isOnlyIfNamed: false,
    effect: "A request of the app or the person, which the workspace's access log may show.",
    onlyFor: [],
    controls: ["xoxb-{digit 12}-{digit 13}-{alnum 24}", "xoxb-{digit 12}-{alnum 24}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "test of the token", method: .post, host: "slack.com", path: Template([.text("/api/auth.test")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("Content-Type", Template([.text("application/x-www-form-urlencoded")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"ok\":true"], outcome: .active, because: "Slack takes the token"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"invalid_auth\""], outcome: .invalid, because: "Slack does not know the token, or takes it from other addresses only"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_revoked\""], outcome: .invalid, because: "the token was revoked"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"account_inactive\""], outcome: .invalid, because: "the account of the token is gone"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_expired\""], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ekm_access_denied\"", "\"error\":\"access_denied\"", "\"error\":\"accesslimited\"", "\"error\":\"no_permission\"", "\"error\":\"missing_scope\"", "\"error\":\"org_login_required\""], outcome: .restricted, because: "Slack knows the token, and does not take it for this or from here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"not_allowed_token_type\"", "\"error\":\"not_authed\""], outcome: .inconclusive, because: "Slack does not take such tokens here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ratelimited\""], outcome: .network, because: "Slack was asked too often")])
}

private func check20() -> LiveCheck {
  LiveCheck(
    provider: "slack",
    isOnlyIfNamed: false,
    effect: "A request of the app or the person, which the workspace's access log may show.",
    onlyFor: [],
    controls: ["xoxp-{digit 12}-{digit 12}-{digit 13}-{hex 32}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "test of the token", method: .post, host: "slack.com", path: Template([.text("/api/auth.test")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("Content-Type", Template([.text("application/x-www-form-urlencoded")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"ok\":true"], outcome: .active, because: "Slack takes the token"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"invalid_auth\""], outcome: .invalid, because: "Slack does not know the token, or takes it from other addresses only"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_revoked\""], outcome: .invalid, because: "the token was revoked"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"account_inactive\""], outcome: .invalid, because: "the account of the token is gone"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_expired\""], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ekm_access_denied\"", "\"error\":\"access_denied\"", "\"error\":\"accesslimited\"", "\"error\":\"no_permission\"", "\"error\":\"missing_scope\"", "\"error\":\"org_login_required\""], outcome: .restricted, because: "Slack knows the token, and does not take it for this or from here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"not_allowed_token_type\"", "\"error\":\"not_authed\""], outcome: .inconclusive, because: "Slack does not take such tokens here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ratelimited\""], outcome: .network, because: "Slack was asked too often")])
}

private func check21() -> LiveCheck {
  LiveCheck(
    provider: "slack",
    isOnlyIfNamed: false,
    effect: "A request of the app or the person, which the workspace's access log may show.",
    onlyFor: [],
    controls: ["xapp-1-A{upnum 10}-{digit 13}-{hex 64}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "test of the token", method: .post, host: "slack.com", path: Template([.text("/api/auth.test")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("Content-Type", Template([.text("application/x-www-form-urlencoded")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"ok\":true"], outcome: .active, because: "Slack takes the token"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"invalid_auth\""], outcome: .invalid, because: "Slack does not know the token, or takes it from other addresses only"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_revoked\""], outcome: .invalid, because: "the token was revoked"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"account_inactive\""], outcome: .invalid, because: "the account of the token is gone"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_expired\""], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ekm_access_denied\"", "\"error\":\"access_denied\"", "\"error\":\"accesslimited\"", "\"error\":\"no_permission\"", "\"error\":\"missing_scope\"", "\"error\":\"org_login_required\""], outcome: .restricted, because: "Slack knows the token, and does not take it for this or from here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"not_allowed_token_type\"", "\"error\":\"not_authed\""], outcome: .inconclusive, because: "Slack does not take such tokens here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ratelimited\""], outcome: .network, because: "Slack was asked too often")])
}

private func check22() -> LiveCheck {
  LiveCheck(
    provider: "slack",
    isOnlyIfNamed: false,
    effect: "A request of the app or the person, which the workspace's access log may show.",
    onlyFor: ["xoxe.xoxb-", "xoxe.xoxp-"],
    controls: ["xoxe.xoxb-1-{alnum 163}", "xoxe.xoxp-1-{alnum 163}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "test of the token", method: .post, host: "slack.com", path: Template([.text("/api/auth.test")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("Content-Type", Template([.text("application/x-www-form-urlencoded")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"ok\":true"], outcome: .active, because: "Slack takes the token"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"invalid_auth\""], outcome: .invalid, because: "Slack does not know the token, or takes it from other addresses only"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_revoked\""], outcome: .invalid, because: "the token was revoked"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"account_inactive\""], outcome: .invalid, because: "the account of the token is gone"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_expired\""], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ekm_access_denied\"", "\"error\":\"access_denied\"", "\"error\":\"accesslimited\"", "\"error\":\"no_permission\"", "\"error\":\"missing_scope\"", "\"error\":\"org_login_required\""], outcome: .restricted, because: "Slack knows the token, and does not take it for this or from here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"not_allowed_token_type\"", "\"error\":\"not_authed\""], outcome: .inconclusive, because: "Slack does not take such tokens here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ratelimited\""], outcome: .network, because: "Slack was asked too often")])
}

private func check23() -> LiveCheck {
  LiveCheck(
    provider: "slack",
    isOnlyIfNamed: false,
    effect: "A request of the app or the person, which the workspace's access log may show.",
    onlyFor: ["xoxa-"],
    controls: ["xoxa-2-{digit 12}-{digit 12}-{digit 12}-{hex 32}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "test of the token", method: .post, host: "slack.com", path: Template([.text("/api/auth.test")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret])), LiveCheck.Header("Content-Type", Template([.text("application/x-www-form-urlencoded")]))], body: Template([]), signature: nil, answersIn: .json),
    detail: .header("x-oauth-scopes", name: "scopes"),
    answers: [
      LiveCheck.Answer(statuses: [200], says: ["\"ok\":true"], outcome: .active, because: "Slack takes the token"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"invalid_auth\""], outcome: .invalid, because: "Slack does not know the token, or takes it from other addresses only"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_revoked\""], outcome: .invalid, because: "the token was revoked"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"account_inactive\""], outcome: .invalid, because: "the account of the token is gone"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"token_expired\""], outcome: .expired, because: "the token has run out"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ekm_access_denied\"", "\"error\":\"access_denied\"", "\"error\":\"accesslimited\"", "\"error\":\"no_permission\"", "\"error\":\"missing_scope\"", "\"error\":\"org_login_required\""], outcome: .restricted, because: "Slack knows the token, and does not take it for this or from here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"not_allowed_token_type\"", "\"error\":\"not_authed\""], outcome: .inconclusive, because: "Slack does not take such tokens here"),
      LiveCheck.Answer(statuses: [200], says: ["\"error\":\"ratelimited\""], outcome: .network, because: "Slack was asked too often")])
}

private func check24() -> LiveCheck {
  LiveCheck(
    provider: "slack",
    isOnlyIfNamed: false,
    effect: "A request that is broken on purpose, so that it posts nothing.",
    onlyFor: [],
    controls: ["{alnum 24}"],
    partner: LiveCheck.Partner(rule: RuleID("slack.webhook-place"), control: "T{upnum 10}/B{upnum 10}", onlyFor: []),
    request: LiveCheck.Request(asksFor: "refusal of a broken message", method: .post, host: "hooks.slack.com", path: Template([.text("/services/"), .partner, .text("/"), .secret]), isAddressSecret: true,
      headers: [LiveCheck.Header("Content-Type", Template([.text("application/json")]))], body: Template([.text("{")]), signature: nil, answersIn: .text),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [400], says: ["invalid_payload", "no_text", "missing_text"], outcome: .active, because: "Slack takes the webhook and refused the broken message"),
      LiveCheck.Answer(statuses: [403], says: ["invalid_token"], outcome: .invalid, because: "Slack does not know the webhook"),
      LiveCheck.Answer(statuses: [404], says: ["no_service", "no_team", "no_active_hooks"], outcome: .invalid, because: "Slack does not know the webhook, or it was removed"),
      LiveCheck.Answer(statuses: [404, 410], says: ["channel_not_found", "channel_is_archived"], outcome: .unusableNow, because: "the webhook's channel is archived or gone"),
      LiveCheck.Answer(statuses: [403], says: ["action_prohibited", "posting_to_general_channel_denied", "team_disabled"], outcome: .restricted, because: "Slack knows the webhook, which may not post"),
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "Slack takes the webhook, and took the broken message for one")])
}

private func check25() -> LiveCheck {
  LiveCheck(
    provider: "stripe",
    isOnlyIfNamed: false,
    effect: "A request that the log of the account shows.",
    onlyFor: [],
    controls: ["sk_live_51{alnum 97}", "sk_live_{alnum 24}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "balance", method: .get, host: "api.stripe.com", path: Template([.text("/v1/balance")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "Stripe takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["api_key_expired", "Expired API Key"], outcome: .expired, because: "the key was rolled or has run out"),
      LiveCheck.Answer(statuses: [401], says: ["Invalid API Key"], outcome: .invalid, because: "Stripe does not know the key"),
      LiveCheck.Answer(statuses: [403], says: ["required permissions"], outcome: .restricted, because: "Stripe knows the key, which may not see the balance"),
      LiveCheck.Answer(statuses: [403], says: ["IP address"], outcome: .restricted, because: "Stripe knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "Stripe knows the key and does not take it for this")])
}

private func check26() -> LiveCheck {
  LiveCheck(
    provider: "stripe",
    isOnlyIfNamed: false,
    effect: "A request that the log of the account shows.",
    onlyFor: [],
    controls: ["rk_live_51{alnum 97}", "rk_live_{alnum 24}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "balance", method: .get, host: "api.stripe.com", path: Template([.text("/v1/balance")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "Stripe takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["api_key_expired", "Expired API Key"], outcome: .expired, because: "the key was rolled or has run out"),
      LiveCheck.Answer(statuses: [401], says: ["Invalid API Key"], outcome: .invalid, because: "Stripe does not know the key"),
      LiveCheck.Answer(statuses: [403], says: ["required permissions"], outcome: .restricted, because: "Stripe knows the key, which may not see the balance"),
      LiveCheck.Answer(statuses: [403], says: ["IP address"], outcome: .restricted, because: "Stripe knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "Stripe knows the key and does not take it for this")])
}

private func check27() -> LiveCheck {
  LiveCheck(
    provider: "stripe",
    isOnlyIfNamed: false,
    effect: "A request that the log of the account shows.",
    onlyFor: [],
    controls: ["sk_test_51{alnum 97}", "rk_test_51{alnum 97}"],
    partner: nil,
    request: LiveCheck.Request(asksFor: "balance", method: .get, host: "api.stripe.com", path: Template([.text("/v1/balance")]),
      headers: [LiveCheck.Header("Authorization", Template([.text("Bearer "), .secret]))], body: Template([]), signature: nil, answersIn: .json),
    detail: nil,
    answers: [
      LiveCheck.Answer(statuses: [200], outcome: .active, because: "Stripe takes the key"),
      LiveCheck.Answer(statuses: [401], says: ["api_key_expired", "Expired API Key"], outcome: .expired, because: "the key was rolled or has run out"),
      LiveCheck.Answer(statuses: [401], says: ["Invalid API Key"], outcome: .invalid, because: "Stripe does not know the key"),
      LiveCheck.Answer(statuses: [403], says: ["required permissions"], outcome: .restricted, because: "Stripe knows the key, which may not see the balance"),
      LiveCheck.Answer(statuses: [403], says: ["IP address"], outcome: .restricted, because: "Stripe knows the key and takes it from other addresses only"),
      LiveCheck.Answer(statuses: [403], outcome: .restricted, because: "Stripe knows the key and does not take it for this")])
}
