internal import Bytes
internal import Documents
internal import Model

/// What an answer of one of Google's services says about the key that was sent.
struct GoogleAnswer: Sendable {
  let outcome: Verdict.Outcome
  /// In words, without the last full stop.
  let reason: String
  let toDo: [String]
  /// Whose key it is, as the answer names it.
  let project: CloudProject?
  /// The names in the list that was asked for; `nil` if there is none.
  let names: [String]?
  /// The list was longer than what was read of it.
  let isCut: Bool
  /// What was sent is refused, for none of the reasons that are about keys.
  let isRequestRefused: Bool

  /// Reads an answer; `status` and body decide together, and what the body says comes first.
  init(_ answer: CheckAnswer, isAuthorizationKey: Bool) {
    let text = answer.body.drop { $0 <= 0x20 }
    if (300...399).contains(answer.status) {
      self.init(.checkError, "it answered with an address elsewhere, which is not followed")
    } else if text.first == UInt8(ascii: "<") {
      self.init(.network, "a page came back instead of an answer: a front end or a proxy sent it")
    } else if answer.status == 200, answer.isCut {
      // Nothing but a list is that long, and nobody lists for a key that is not taken.
      self.init(.active, "Google takes the key", names: Self.names(in: text), isCut: true)
    } else if let body = GoogleBody(Array(text)) {
      self.init(body, answer.status, isAuthorizationKey: isAuthorizationKey)
    } else if answer.status == 499 || answer.status >= 500 {
      self.init(.network, "Google itself failed, with status \(answer.status)")
    } else {
      self.init(.checkError, "what came back is no JSON, with status \(answer.status)")
    }
  }

  /// What came of a request that was not answered.
  init(_ failure: CheckFailure) {
    self.init(.network, "no answer came through: \(failure.words)")
  }

  private init(
    _ outcome: Verdict.Outcome, _ reason: String, toDo: [String] = [],
    project: CloudProject? = nil, names: [String]? = nil, isCut: Bool = false,
    isRequestRefused: Bool = false
  ) {
    self.outcome = outcome
    self.reason = reason
    self.toDo = toDo
    self.project = project
    self.names = names
    self.isCut = isCut
    self.isRequestRefused = isRequestRefused
  }

  private init(_ body: GoogleBody, _ status: Int, isAuthorizationKey: Bool) {
    guard let error = body.error else {
      if status == 200 {
        self.init(
          .active, "Google takes the key", project: body.project, names: body.names)
      } else if status == 499 || status >= 500 {
        self.init(.network, "Google itself failed, with status \(status)")
      } else {
        self.init(
          status == 429 ? .rateLimited : .checkError,
          "an answer without a reason came back, with status \(status)")
      }
      return
    }
    let message = GoogleMessage(
      Array(error.text.utf8), status: "\(status) \(error.status)",
      isAuthorizationKey: isAuthorizationKey)
    self.init(
      message.outcome ?? .checkError, String(message.meaning.dropLast()), toDo: message.toDo,
      project: error.project, isRequestRefused: message.outcome == nil && status == 400)
  }

  /// Google takes the key for what was asked.
  var isTaken: Bool { outcome == .active }

  /// The outcome for a request that lacks what it would need to do anything: keys are looked at
  /// first, so being told of the lack means that the key was taken.
  var probed: Verdict.Outcome { isRequestRefused ? .active : outcome }

  /// The names in the beginning of a list that is too long.
  private static func names(in text: ArraySlice<UInt8>) -> [String] {
    let mark = Array("\"name\":".utf8)
    var count = 0
    var i = text.startIndex
    while i + mark.count <= text.endIndex {
      if text[i...].starts(with: mark) { count += 1 }
      i += 1
    }
    return [String](repeating: "", count: count)
  }
}

/// The parts of a body that mean something; all else in it is passed over.
private struct GoogleBody {
  var error: Problem?
  var names: [String]?
  var project: CloudProject?

  struct Problem {
    /// Its message and its reasons.
    var text: String
    /// As the body has it: `PERMISSION_DENIED`.
    var status: String
    var project: CloudProject?
  }

  init?(_ bytes: [UInt8]) {
    let what = "answer of Google"
    if let fields = try? JSONDocument.value(Fields.self, of: bytes, file: "", what: what) {
      self.init(fields)
    } else if let all = try? JSONDocument.value([Fields].self, of: bytes, file: "", what: what),
      let first = all.first
    {
      // Streams answer with an array.
      self.init(first)
    } else {
      return nil
    }
  }

  private init(_ fields: Fields) {
    names =
      (fields.models ?? fields.files ?? fields.cachedContents)?.map { $0.name ?? "" }
    project = fields.projectId.flatMap(CloudProject.init(named:))
    if let error = fields.error {
      let details = error.details ?? []
      let reasons = details.compactMap(\.reason) + (error.errors ?? []).compactMap(\.reason)
      let texts = [error.message, error.code?.text].compactMap { $0 }
      let consumer = details.compactMap(\.metadata?.consumer).first
      self.error = Problem(
        text: (texts + reasons).joined(separator: " "), status: error.status ?? "",
        project: consumer.flatMap(CloudProject.init(consumer:)))
    } else if let status = fields.status, status != "OK", status != "ZERO_RESULTS" {
      // The older services of Maps say so with a status of 200.
      let text = [status, fields.error_message, fields.errorMessage].compactMap { $0 }
      error = Problem(text: text.joined(separator: " "), status: "", project: nil)
    } else if let word = fields.errorWord {
      error = Problem(
        text: [word, fields.error_description].compactMap { $0 }.joined(separator: " "),
        status: "", project: nil)
    }
  }

  /// Decodes what is there and leniently: what has another kind is not there.
  private struct Fields: Decodable {
    var error: Failure?
    var errorWord: String?
    var error_description: String?
    var models: [Named]?
    var files: [Named]?
    var cachedContents: [Named]?
    var projectId: String?
    var status: String?
    var error_message: String?
    var errorMessage: String?

    enum Key: String, CodingKey {
      case error, error_description, models, files, cachedContents, projectId, status
      case error_message, errorMessage
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      func value<Value: Decodable>(_ key: Key) -> Value? {
        try? values.decodeIfPresent(Value.self, forKey: key)
      }
      error = value(.error)
      errorWord = value(.error)
      error_description = value(.error_description)
      models = value(.models)
      files = value(.files)
      cachedContents = value(.cachedContents)
      projectId = value(.projectId)
      status = value(.status)
      error_message = value(.error_message)
      errorMessage = value(.errorMessage)
    }
  }

  private struct Named: Decodable {
    var name: String?
  }

  private struct Failure: Decodable {
    var code: NumberOrWord?
    var message: String?
    var status: String?
    var details: [Detail]?
    var errors: [Detail]?
  }

  private struct Detail: Decodable {
    var reason: String?
    var metadata: Metadata?

    enum Key: String, CodingKey {
      case reason, metadata
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      reason = try? values.decodeIfPresent(String.self, forKey: .reason)
      metadata = try? values.decodeIfPresent(Metadata.self, forKey: .metadata)
    }
  }

  private struct Metadata: Decodable {
    var consumer: String?
  }

  /// A status, or the word that newer interfaces have in its place.
  private struct NumberOrWord: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      text =
        (try? value.decode(Int.self)).map(String.init) ?? (try? value.decode(String.self)) ?? ""
    }
  }
}

extension CloudProject {
  /// A project by the name of a consumer: `projects/123456789012`.
  fileprivate init?(consumer: String) {
    guard consumer.hasPrefix("projects/") else { return nil }
    self.init(named: String(consumer.dropFirst("projects/".count)))
  }

  /// A project by its number or its id, if the text can be one.
  fileprivate init?(named text: String) {
    let bytes = Array(text.utf8)
    if (6...14).contains(bytes.count), bytes.allSatisfy(ByteSet.digits.contains) {
      self.init(number: text, id: nil)
      return
    }
    guard (6...30).contains(bytes.count), let first = bytes.first,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
      bytes.allSatisfy({
        ByteSet.digits.contains($0) || $0 == UInt8(ascii: "-")
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
      })
    else { return nil }
    self.init(number: nil, id: text)
  }
}
