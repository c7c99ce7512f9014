import LiveChecks
import Synchronization

/// Answers in a provider's place, and remembers what it was asked.
final class FakeProvider: Transport {
  private let answer: @Sendable (CheckRequest) throws(CheckFailure) -> CheckAnswer
  private let asked = Mutex<[CheckRequest]>([])

  init(_ answer: @escaping @Sendable (CheckRequest) throws(CheckFailure) -> CheckAnswer) {
    self.answer = answer
  }

  var requests: [CheckRequest] { asked.withLock { $0 } }

  func send(_ request: CheckRequest) async throws(CheckFailure) -> CheckAnswer {
    asked.withLock { $0.append(request) }
    return try answer(request)
  }

  /// A moment that tests can tell.
  static let time = 1_800_000_000

  var asker: Asker { Asker(self) { Self.time } }
}

extension CheckAnswer {
  init(_ status: Int, _ body: String) {
    self.init(status: status, body: Array(body.utf8))
  }

  /// An error as Google's services shape it.
  static func google(
    _ code: Int, _ status: String, _ message: String, reason: String? = nil,
    consumer: String? = nil
  ) -> CheckAnswer {
    var details = ""
    if let reason {
      let metadata = consumer.map { "\"consumer\": \"\($0)\", " } ?? ""
      details = """
        , "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "\(reason)", \
        "domain": "googleapis.com", "metadata": {\(metadata)"service": "generativelanguage.googleapis.com"}}, \
        {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": "-"}]
        """
    }
    return CheckAnswer(
      code,
      "{\"error\": {\"code\": \(code), \"message\": \"\(message)\", \"status\": \"\(status)\"\(details)}}"
    )
  }

  static let invalidKey = google(
    400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
    reason: "API_KEY_INVALID")
}

extension CheckRequest {
  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
