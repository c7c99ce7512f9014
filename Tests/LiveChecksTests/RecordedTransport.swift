import BuiltInRules
import LiveChecks
import Model
import Rules
import Synchronization
import Testing

/// Answers from a list, in order, and keeps what was asked; the last answer stays.
final class RecordedTransport: Transport {
  private let answers: @Sendable (Int, CheckRequest) throws(CheckFailure) -> CheckAnswer
  private let sent = Mutex<[CheckRequest]>([])

  init(_ answers: @escaping @Sendable (Int, CheckRequest) throws(CheckFailure) -> CheckAnswer) {
    self.answers = answers
  }

  convenience init(_ answers: CheckAnswer...) {
    self.init { i, _ in answers[min(i, answers.count - 1)] }
  }

  var requests: [CheckRequest] { sent.withLock { $0 } }

  func send(_ request: CheckRequest) async throws(CheckFailure) -> CheckAnswer {
    let number = sent.withLock { sent in
      sent.append(request)
      return sent.count - 1
    }
    return try answers(number, request)
  }

  /// A moment in 2026.
  static let now = 1_795_000_000

  var asker: Asker { Asker(self, now: { Self.now }) }
}

extension CheckAnswer {
  init(_ status: Int, _ body: String, headers: [String: String] = [:]) {
    self.init(status: status, headers: headers, body: Array(body.utf8))
  }
}

/// A built-in check with a secret that nobody ever had, as if it had been found.
struct Found {
  let rule: Rule
  let check: LiveCheck
  let credential: Credential
  let pauses = Pauses()

  /// Seconds that were waited.
  final class Pauses: Sendable {
    private let seconds = Mutex<[Int]>([])
    var all: [Int] { seconds.withLock { $0 } }
    func add(_ count: Int) { seconds.withLock { $0.append(count) } }
  }

  init(_ id: String, control: Int = 0, partners: Int = 1) throws {
    rule = try #require(RuleBook.builtIn[RuleID(id)])
    check = try #require(RuleBook.liveCheck(of: rule))
    let secret = FillIn.expand(check.controls[control], seed: "found \(id)")
    let partner = check.partner
    credential = Credential(
      rule: rule.id, secret: Secret(Array(secret.utf8)),
      partners: (0..<partners).compactMap { number in
        partner.map {
          Credential.Partner(
            rule: $0.rule,
            secret: Secret(Array(FillIn.expand($0.control, seed: "beside \(id) \(number)").utf8)))
        }
      },
      fingerprint: Fingerprint(prefixOf: [UInt8](repeating: 7, count: 16)))
  }

  var secret: String { String(decoding: credential.secret.exposed, as: UTF8.self) }

  var dataCheck: DataCheck {
    DataCheck(check, of: rule) { [pauses] in pauses.add($0) }
  }

  func verdict(_ transport: RecordedTransport) async -> Verdict {
    await dataCheck.verdict(on: credential, asking: transport.asker)
  }

  /// Whether anything that is said holds eight characters of the secret or of a partner.
  func isToldBy(_ verdict: Verdict) -> Bool {
    let said =
      [verdict.reason] + verdict.toDo + verdict.opens.flatMap { [$0.service, $0.detail ?? ""] }
    return ([credential.secret] + credential.partners.map(\.secret)).contains { secret in
      let bytes = secret.exposed
      return (secretStart(bytes)..<max(bytes.count - 7, secretStart(bytes))).contains { start in
        let piece = String(decoding: bytes[start..<(start + 8)], as: UTF8.self)
        return said.contains { $0.contains(piece) }
      }
    }
  }

  /// Behind what all secrets of the rule begin with.
  private func secretStart(_ bytes: [UInt8]) -> Int {
    bytes.count > 24 ? min(16, bytes.count - 8) : 0
  }
}
