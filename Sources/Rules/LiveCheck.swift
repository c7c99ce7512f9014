package import Model

/// How a provider is asked whether a secret is alive, as data: one request and what its answers
/// mean.
package struct LiveCheck: Equatable, Sendable {
  /// By which name the user agrees to it: `openai`.
  package let provider: String
  /// Agreeing to all providers is not enough.
  package let isOnlyIfNamed: Bool
  /// What asking does to the secret's owner, as a sentence.
  package let effect: String
  /// Only secrets that begin with one of these are asked about; empty for all.
  package let onlyFor: [String]
  /// Made-up secrets with fill-ins, one for each form; what does not refuse one is not believed.
  package let controls: [String]
  package let partner: Partner?
  package let request: Request
  package let detail: Detail?
  /// What the answers mean: the first that fits counts.
  package let answers: [Answer]

  /// Another value that the request needs, such as the id of a key.
  package struct Partner: Equatable, Sendable {
    /// The rule that says what it looks like.
    package let rule: RuleID
    /// A made-up one, with fill-ins.
    package let control: String
    /// Only with values that begin with one of these the request can be made; empty for all.
    package let onlyFor: [String]

    package init(rule: RuleID, control: String, onlyFor: [String] = []) {
      self.rule = rule
      self.control = control
      self.onlyFor = onlyFor
    }
  }

  /// An HTTPS request.
  package struct Request: Equatable, Sendable {
    /// What it asks for, in a few words: `list of models`.
    package let asksFor: String
    package let method: Method
    package let host: String
    /// From the first `/` on; nothing of the secret is in it but where the address is one.
    package let path: Template
    /// The whole address is what was found, as a webhook's is: it can be asked in no other way.
    package let isAddressSecret: Bool
    package let headers: [Header]
    package let body: Template
    package let signature: Signature?
    package let answersIn: Language

    package init(
      asksFor: String, method: Method, host: String, path: Template,
      isAddressSecret: Bool = false, headers: [Header],
      body: Template, signature: Signature?, answersIn: Language
    ) {
      self.asksFor = asksFor
      self.method = method
      self.host = host
      self.path = path
      self.isAddressSecret = isAddressSecret
      self.headers = headers
      self.body = body
      self.signature = signature
      self.answersIn = answersIn
    }
  }

  package enum Method: String, CaseIterable, Sendable {
    case get = "GET"
    case post = "POST"
  }

  package struct Header: Equatable, Sendable {
    package let name: String
    package let value: Template

    package init(_ name: String, _ value: Template) {
      self.name = name
      self.value = value
    }
  }

  /// What takes more than a template to sign.
  package enum Signature: Equatable, Sendable {
    /// AWS Signature Version 4: the partner is the key's id, the secret signs.
    case awsSigV4(service: String, region: String)
  }

  /// What a body that is no fault is written in.
  package enum Language: String, CaseIterable, Sendable {
    case json, xml, text
  }

  /// What an answer tells besides whether the secret is alive: rights or a number, never names.
  package enum Detail: Equatable, Sendable {
    /// What a header says, such as `repo, workflow`; `name` is what that is.
    case header(String, name: String)
    /// How often a phrase stands in the body; `name` is what is counted.
    case count(of: String, name: String)
  }

  /// An answer, and what it means.
  package struct Answer: Equatable, Sendable {
    /// It has one of these; empty for any.
    package let statuses: [Int]
    /// One of these stands in the body, in either case and with any blanks; empty for any body.
    package let says: [String]
    package let outcome: Verdict.Outcome
    /// Why, as a sentence without its end.
    package let because: String
    /// What to do before what the outcome asks for, one step a sentence.
    package let toDo: [String]
    /// The same is asked once more after so many seconds before it is believed.
    package let askAgainAfter: Int?
    /// It says that the partner is the wrong one, so that another may be tried.
    package let isOfPartner: Bool

    package init(
      statuses: [Int] = [], says: [String] = [], outcome: Verdict.Outcome, because: String,
      toDo: [String] = [], askAgainAfter: Int? = nil, isOfPartner: Bool = false
    ) {
      self.statuses = statuses
      self.says = says
      self.outcome = outcome
      self.because = because
      self.toDo = toDo
      self.askAgainAfter = askAgainAfter
      self.isOfPartner = isOfPartner
    }
  }

  package init(
    provider: String, isOnlyIfNamed: Bool = false, effect: String, onlyFor: [String] = [],
    controls: [String], partner: Partner? = nil, request: Request, detail: Detail? = nil,
    answers: [Answer]
  ) {
    self.provider = provider
    self.isOnlyIfNamed = isOnlyIfNamed
    self.effect = effect
    self.onlyFor = onlyFor
    self.controls = controls
    self.partner = partner
    self.request = request
    self.detail = detail
    self.answers = answers
  }
}

extension LiveCheck {
  /// What a made-up secret must come out as, as one does that is not known.
  package static let refusals: [Verdict.Outcome] = [.invalid, .invalidOrRevoked, .unconfirmed]

  /// The request in a few words: `GET /v1/models`.
  package var summary: String {
    "\(request.method.rawValue) \(request.path.text)"
  }
}
