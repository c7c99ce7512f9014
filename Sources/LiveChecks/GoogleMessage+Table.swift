internal import Model

extension GoogleMessage {
  private static let newKey = "Make a new key at https://aistudio.google.com/api-keys."

  /// What texts mean, in the order in which they are tried.
  static let table: [Row] = sayings + reasons + statuses

  /// Sentences of Google's, which decide whatever the status is.
  static let sayings: [Row] = [
    Row(
      outcome: .checkError,
      says: [
        "unregistered callers", "callers without established identity", "dailylimitexceededunreg",
      ],
      meaning: "The key did not arrive: the variable was empty, or the header was wrong.",
      toDo: [
        "See step 1, and send the key in the header x-goog-api-key. This says nothing about the key."
      ]),
    Row(
      outcome: .checkError, says: ["multiple authentication credentials"],
      meaning: "The request holds two credentials, such as a key and a Bearer token.",
      toDo: ["Send one: x-goog-api-key alone. This says nothing about the key."]),
    Row(
      outcome: .checkError,
      says: ["is not found for api version", "is not supported for generatecontent"],
      meaning: "The model is not there, or not in this version of the API. This says nothing about "
        + "the key.",
      toDo: ["Ask which models there are (ListModels, as in the last step), and name one of those."]
    ),
    Row(
      outcome: .blockedAsLeaked, says: ["reported as leaked"],
      meaning: "The key was found in public, and Gemini blocks it. It cannot be unblocked, and may "
        + "still open other APIs.",
      toDo: [
        newKey, "Replace the old one everywhere, then delete it.",
        "Run keyscan in the repository: it finds where the key stands, in history too.",
        "If it never was public: make a new key all the same, and tell Google's support.",
      ]),
    Row(
      outcome: .expired,
      says: ["api key expired", "keyexpired", "provided api key is expired", "expiredkeymaperror"],
      meaning: "The key has expired; keys that their owners call valid were told so too.",
      toDo: ["Try once more.", newKey]),
    Row(
      outcome: .invalid, says: ["api key not found"],
      meaning: "Gemini does not know the key. One that was just made is known after some minutes.",
      toDo: ["Wait some minutes if the key is new.", "See the steps on its shape and its source."]),
    Row(
      outcome: .invalid,
      says: [
        "api key not valid", "api_key_invalid", "keyinvalid", "provided api key is invalid",
        "invalidkeymaperror",
      ],
      meaning: "Gemini does not take the key: it is cut, has a character too many, was deleted, or "
        + "is a standard key (AIza…), which Gemini refuses by now. It may still open other APIs.",
      toDo: [
        "See the steps on its shape and its source: often another value than expected is sent.",
        newKey,
        "A standard key that was deleted can be restored for 30 days: gcloud services api-keys "
          + "undelete ID",
      ]),
    Row(
      outcome: .regionBlocked, says: ["user location is not supported"],
      meaning:
        "Gemini is not served where the request comes from, by its IP address; a server, VPN or "
        + "proxy counts with its own. In some regions it is served only with billing.",
      toDo: [
        "Try the same key from another network: if it works there, it is the region.",
        "In the EEA, Switzerland and the United Kingdom enable billing for the project.",
      ]),
    Row(
      outcome: .suspended,
      says: ["has been suspended", "has been denied access", "consumer_suspended"],
      meaning: "Google has suspended the key's project. Listing models may work all the same.",
      toDo: [
        "Read Google's mails to the project's owners, and appeal in the console or with support.",
        "The message may hold the key: do not pass it on.",
      ]),
    Row(
      outcome: .inconclusive,
      says: ["api keys are not supported by this api", "credentials_missing"],
      meaning:
        "This endpoint takes no API keys, only OAuth access tokens. It says nothing about the "
        + "key.",
      toDo: [
        "Call https://generativelanguage.googleapis.com with the key in x-goog-api-key. Vertex AI "
          + "takes keys in express mode and those bound to a service account."
      ]),
    Row(
      outcome: .serviceDisabled,
      says: [
        "service_disabled", "has not been used in project", "accessnotconfigured",
        "this api project is not authorized to use this api", "apinotactivatedmaperror",
      ],
      meaning: "The key is alive, but the Generative Language API is not enabled in its project.",
      toDo: [
        "Enable it at the address in the message, in the project whose number it names; wait some "
          + "minutes.",
        "If that project is not the one you meant, the key is of the wrong project.",
      ]),
    Row(
      outcome: .serviceDisabled, says: ["configuration_not_found"],
      meaning: "The key is alive, and sign-in by Firebase is not set up in its project.",
      toDo: ["Nothing, for Gemini; the key is of another kind of project than was meant, perhaps."]),
    Row(
      outcome: .restricted,
      says: [
        "api_key_service_blocked", "requests to this api ",
        "this api key is not authorized to use this service or api",
      ],
      meaning: "The key is alive, but its API restrictions leave Gemini out.",
      toDo: [
        "Allow the Generative Language API for the key, or better make one for Gemini alone.",
        "gcloud services api-keys update ID "
          + "--api-target=service=generativelanguage.googleapis.com",
      ]),
    Row(
      outcome: .restricted,
      says: [
        "api_key_http_referrer_blocked", "requests from referer", "referernotallowedmaperror",
        "api keys with referer restrictions cannot be used",
      ],
      meaning: "The key is alive, but for pages of certain addresses only; a server sends none.",
      toDo: ["Use another key on the server, restricted by IP address instead."]),
    Row(
      outcome: .restricted, says: ["api_key_ip_address_blocked", "ip address restriction"],
      meaning: "The key is alive, but for other IP addresses than this one.",
      toDo: ["Add the address from which the request comes, or call from one that is allowed."]),
    Row(
      outcome: .restricted,
      says: [
        "api_key_android_app_blocked", "api_key_ios_app_blocked",
        "requests from this android client",
        "requests from this ios client",
      ],
      meaning: "The key is alive, but for certain apps only.",
      toDo: ["Use another key outside of the app."]),
    Row(
      outcome: .restricted,
      says: [
        "ipreferblocked", "iprefererblocked", "per-ip or per-referer",
        "this ip, site or mobile application is not authorized",
      ],
      meaning: "The key is alive, but for other IP addresses or pages.",
      toDo: ["Look at the key's restrictions at https://console.cloud.google.com/apis/credentials."]
    ),
    Row(
      outcome: .projectUnusable,
      says: ["consumer_invalid", "permission denied on resource project"],
      meaning: "The key's project was deleted or cannot be used.",
      toDo: [
        "Make a new key in a project that is there.", "Check GOOGLE_CLOUD_PROJECT if it is set.",
      ]),
    Row(
      outcome: .rateLimited, says: ["limit: 0"],
      meaning:
        "The key is alive, but its free quota for this model is none at all: the model, or the "
        + "region, has no free tier.",
      toDo: ["Enable billing for the project, or use a model that has a free tier."]),
    Row(
      outcome: .rateLimited,
      says: [
        "exceeded your current quota", "resource has been exhausted", "quota exceeded",
        "rate_limit_exceeded", "resource_exhausted", "quotaexceeded", "ratelimitexceeded",
        "dailylimitexceeded",
        "over_query_limit", "over_daily_limit",
      ],
      meaning: "The key is alive; there were too many requests, or the free quota is used up.",
      toDo: [
        "Wait as long as the answer says, and ask more slowly: back off and repeat, keep answers.",
        "Look at the quota and billing of the project.",
      ]),
    Row(
      outcome: .network, says: ["your client does not have permission to get url"],
      meaning:
        "Google's front end refused the request before any key was looked at, as it does for "
        + "some IP addresses.",
      toDo: ["Try from another network."]),
    Row(
      outcome: .unusableNow, says: ["access_token_expired"],
      meaning: "An OAuth access token has expired; that was no API key.",
      toDo: ["Send an API key in x-goog-api-key, or get a new token."]),
    Row(
      outcome: .active, says: ["\"models\":", "\"models\" :"],
      meaning: "That is a list of models: Gemini takes the key.",
      toDo: ["If generating fails all the same, give that message."], isOfPeopleOnly: true),
  ]

  /// Reasons that come without a sentence of their own.
  static let reasons: [Row] = [
    Row(
      outcome: .unusableNow,
      says: ["billing_disabled", "you must enable billing", "billingnotenabledmaperror"],
      meaning: "The key is alive, but its project has no billing.",
      toDo: ["Enable billing for the project: https://console.cloud.google.com/billing"]),
    Row(
      outcome: .unusableNow,
      says: [
        "user_project_denied", "security_policy_violated", "location_tax_policy_violated",
        "resource_quota_exceeded",
      ],
      meaning: "The key is alive, but its project may not use the API now: a policy of the "
        + "organisation or the account forbids it.",
      toDo: ["Ask whoever administers the project, with the reason in the message."]),
    Row(
      outcome: .network,
      says: [
        "timed out", "econnrefused", "econnreset", "enotfound", "eai_again", "fetch failed",
        "could not resolve host", "connection refused", "connection reset", "name resolution",
        "network is unreachable", "deadline_exceeded", "deadline exceeded", "<html", "<!doctype",
        "ssl error", "sslerror", "ssl_error", "certificate verify failed",
        "self-signed certificate",
        "unable to get local issuer certificate", "etimedout", "readtimeout", "connecttimeout",
      ],
      meaning: "The request or its answer did not get through. That says nothing about the key.",
      toDo: [
        "Check network, proxy (HTTPS_PROXY) and the base address; try again."
      ], isOfPeopleOnly: true),
  ]

  /// Statuses, which say little by themselves.
  static let statuses: [Row] = [
    Row(
      outcome: .network, says: ["unavailable", "500", "502", "503", "504", "499"],
      meaning: "Gemini itself failed, or was too slow. That says nothing about the key.",
      toDo: ["Try again later; if it lasts, with a shorter prompt or another model."],
      areWords: true),
    Row(
      outcome: .rateLimited, says: ["429", "too many requests"],
      meaning: "The key is alive; there were too many requests, or the free quota is used up.",
      toDo: ["Wait, and ask more slowly.", "Look at the quota and billing of the project."],
      areWords: true),
    Row(
      outcome: .denied, says: ["401", "unauthenticated", "unauthorized"],
      meaning:
        "No credential arrived, or one that is not taken: the variable is not set, the header "
        + "is wrong, the key was blocked, or it is a standard key (AIza…), or one for another API.",
      toDo: [
        "See the steps on where the key is set; send it in x-goog-api-key.",
        "Look at https://aistudio.google.com/api-keys, which marks blocked keys.",
      ], areWords: true),
    Row(
      outcome: .denied, says: ["403", "permission_denied", "forbidden"],
      meaning: "The key is known but may not do this: the API is off, a restriction stands against "
        + "it, the key was blocked, or it may not use this model (a tuned one is its owner's).",
      toDo: [
        "Give the whole message: which of these it is stands in its text and its reason.",
        "Look at https://aistudio.google.com/api-keys, which marks blocked keys.",
      ], areWords: true),
    Row(
      outcome: .checkError, says: ["404", "not_found"],
      meaning: "The model or the address is not there. This says nothing about the key.",
      toDo: [
        "Ask which models there are (ListModels, as in the last step), and name one of those."
      ],
      areWords: true),
    Row(
      outcome: nil, says: ["400", "invalid_argument", "failed_precondition"],
      meaning:
        "The request is wrong, and this part of the message does not say in what: a key that is "
        + "not valid, an expired one and a wrong region are all 400.",
      toDo: ["Give the whole message."], areWords: true),
  ]
}
