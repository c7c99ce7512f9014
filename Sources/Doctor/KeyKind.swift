internal import Bytes

/// What kind of thing stands where a Gemini key should.
package enum KeyKind: Hashable, Sendable {
  /// `AIza…`: names a project only.
  case standard
  /// `AQ.…`: bound to a service account.
  case authorization
  case empty
  case placeholder
  /// Another variable or a secret store is named; what it holds is not known here.
  case reference
  case clientSecret, clientID, accessToken, refreshToken, serviceAccount, webToken, privateKey
  /// A key of somebody else's, by the provider's name.
  case provider(String)
  case address, keyID, projectNumber, resourceName, file
  case unknown

  /// Whether Gemini takes such things in `x-goog-api-key`.
  package var isGeminiKey: Bool { self == .standard || self == .authorization }

  /// Whether it is something else altogether, so that no Gemini call can work with it.
  package var isWrong: Bool {
    switch self {
    case .standard, .authorization, .empty, .reference, .unknown: false
    default: true
    }
  }

  /// What every secret of the kind begins with, which may be shown.
  var prefix: String {
    switch self {
    case .standard: "AIza"
    case .authorization: "AQ."
    case .clientSecret: "GOCSPX-"
    case .accessToken: "ya29."
    default: ""
    }
  }

  /// What it is, in a few words with an article.
  package var words: String {
    switch self {
    case .standard: "a standard API key"
    case .authorization: "an authorization key"
    case .empty: "empty"
    case .placeholder: "a placeholder that was not replaced by a key"
    case .reference: "a reference to a value elsewhere"
    case .clientSecret: "an OAuth client secret, no API key"
    case .clientID: "an OAuth client id, no API key"
    case .accessToken: "an OAuth access token, no API key"
    case .refreshToken: "an OAuth refresh token, no API key"
    case .serviceAccount: "a service account's JSON, no API key"
    case .webToken: "a JSON Web Token, no API key"
    case .privateKey: "a private key, no API key"
    case .provider(let name): "a key of \(name), not of Google"
    case .address: "an address, no key"
    case .keyID: "the id of a key (a UUID), not the key string"
    case .projectNumber: "a number, such as a project has, no key"
    case .resourceName: "a resource name, no key"
    case .file: "the name of a file, no key"
    case .unknown: "nothing that looks like a Google key"
    }
  }

  /// The word for it in JSON.
  package var name: String {
    switch self {
    case .standard: "standard"
    case .authorization: "authorization"
    case .empty: "empty"
    case .placeholder: "placeholder"
    case .reference: "reference"
    case .clientSecret: "oauth-client-secret"
    case .clientID: "oauth-client-id"
    case .accessToken: "oauth-access-token"
    case .refreshToken: "oauth-refresh-token"
    case .serviceAccount: "service-account"
    case .webToken: "jwt"
    case .privateKey: "private-key"
    case .provider: "other-provider"
    case .address: "address"
    case .keyID: "key-id"
    case .projectNumber: "number"
    case .resourceName: "resource-name"
    case .file: "file-name"
    case .unknown: "unknown"
    }
  }

  /// Beginnings of other providers' keys; longer ones first.
  private static let providers = [
    ("sk-ant-", "Anthropic"), ("sk-or-", "OpenRouter"), ("sk-proj-", "OpenAI"),
    ("sk-svcacct-", "OpenAI"), ("sk-", "OpenAI or a provider with its form"), ("gsk_", "Groq"),
    ("xai-", "xAI"), ("AKIA", "AWS"), ("ASIA", "AWS"), ("ghp_", "GitHub"),
    ("github_pat_", "GitHub"), ("hf_", "Hugging Face"), ("pplx-", "Perplexity"),
    ("r8_", "Replicate"), ("glpat-", "GitLab"), ("xoxb-", "Slack"), ("sk_live_", "Stripe"),
  ]

  /// What other thing a value is, if it is one that is known.
  static func other(_ text: [UInt8]) -> KeyKind? {
    func begins(_ start: String) -> Bool { text.starts(with: start.utf8) }
    func ends(_ end: String) -> Bool { text.reversed().starts(with: end.utf8.reversed()) }
    if begins("{") {
      return ByteText.find("service_account", in: text) != nil ? .serviceAccount : .unknown
    }
    if begins("-----BEGIN") { return .privateKey }
    if begins("GOCSPX-") { return .clientSecret }
    if begins("ya29.") { return .accessToken }
    if begins("1//0") { return .refreshToken }
    if begins("eyJ"), text.count(where: { $0 == UInt8(ascii: ".") }) == 2 { return .webToken }
    if ends(".apps.googleusercontent.com") { return .clientID }
    if begins("http://") || begins("https://") { return .address }
    if begins("projects/") || begins("//") || ends(".iam.gserviceaccount.com") {
      return .resourceName
    }
    for (start, name) in providers where begins(start) { return .provider(name) }
    if ends(".json") || begins("/") || begins("~/") || begins("./") { return .file }
    if isUUID(text) { return .keyID }
    if text.count >= 4, text.allSatisfy(ByteSet.digits.contains) { return .projectNumber }
    return nil
  }

  private static func isUUID(_ text: [UInt8]) -> Bool {
    guard text.count == 36 else { return false }
    return text.enumerated().allSatisfy { i, byte in
      [8, 13, 18, 23].contains(i)
        ? byte == UInt8(ascii: "-") : ByteSet.hexadecimal.contains(byte)
    }
  }

  /// Whether a value stands for another: `$NAME`, `%NAME%`, `op://…`.
  static func isReference(_ text: [UInt8]) -> Bool {
    let starts = ["$", "op://", "{{", "vault:", "sm://", "ref+", "encrypted:", "ENC[", "`"]
    if starts.contains(where: { text.starts(with: $0.utf8) }) { return true }
    return text.count > 2 && text.first == UInt8(ascii: "%") && text.last == UInt8(ascii: "%")
  }
}

/// Values that stand in instructions until a key takes their place.
enum Placeholder {
  /// In capitals: so that no random key holds them by chance, only long words count there.
  private static let wordsAnywhere = [
    "YOUR_", "YOUR-", "YOURAPI", "YOURKEY", "YOUR_API", "API_KEY_HERE", "APIKEY_HERE", "KEY_HERE",
    "PLACEHOLDER", "CHANGEME", "CHANGE_ME", "CHANGE-ME", "REPLACE_", "REPLACE-", "REPLACEME",
    "INSERT_", "INSERT-", "ENTER_YOUR", "PASTE_", "PASTE-", "EXAMPLE", "XXXXXX", "<", "...", "…",
    "***", "MY_API_KEY", "MY-API-KEY", "DUMMY", "TODO", "GEMINI_API_KEY", "GOOGLE_API_KEY",
  ]
  /// In a value with a key's own beginning, as they are written.
  private static let wordsInKeys = [
    "YOUR_", "YOUR-", "EXAMPLE", "_TEST_", "FAKE_", "XXXX", "xxxx", "...", "…", "<", "***",
    "abcdef", "ABCDEF", "123456", "000000",
  ]
  /// Keys that Google's documentation and SDKs show, cut after `AIza`.
  private static let samples = [
    "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "SyDOCAbC123dEf456GhI789jKl012-MnO",
    "Syabcdefghijklmnopqrstuvwxyz1234567",
  ]
  private static let whole: Set<String> = [
    "API_KEY", "APIKEY", "API-KEY", "KEY", "SECRET", "TOKEN", "NONE", "NULL", "UNDEFINED", "TEST",
    "TRUE", "FALSE", "XXX", "FAKE", "ABC", "FOO",
  ]

  static func matches(_ text: [UInt8]) -> Bool {
    let string = String(decoding: text, as: UTF8.self)
    if text.starts(with: "AIza".utf8) || text.starts(with: "AQ.".utf8) {
      let body = text.drop { $0 != UInt8(ascii: "a") && $0 != UInt8(ascii: ".") }.dropFirst()
      return wordsInKeys.contains(where: string.contains)
        || samples.contains { body.elementsEqual($0.utf8) } || hasRepetition(text)
    }
    let upper = String(decoding: text.map(\.uppercased), as: UTF8.self)
    return whole.contains(upper) || wordsAnywhere.contains(where: upper.contains)
      || Set(text).count == 1
  }

  /// Six times the same character in a row.
  private static func hasRepetition(_ text: [UInt8]) -> Bool {
    var length = 1
    for i in text.indices.dropFirst() {
      length = text[i] == text[i - 1] ? length + 1 : 1
      if length == 6 { return true }
    }
    return false
  }
}

extension UInt8 {
  /// An ASCII small letter as its capital; anything else as it is.
  fileprivate var uppercased: UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self & 0xDF : self
  }
}
