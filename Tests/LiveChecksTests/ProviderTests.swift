import BuiltInRules
import LiveChecks
import Model
import Rules
import Testing

struct ProviderTests {
  @Test(arguments: ProviderAnswers.all)
  func `every answer of a provider means what its rule says`(provider: ProviderAnswers) async throws
  {
    for rule in provider.rules {
      let found = try Found(rule)
      var reasons: Set<String> = []
      for row in provider.answers {
        let body = row.answer.body.replacing("SECRET", with: found.secret)
        let headers = row.answer.headers.mapValues { $0.replacing("SECRET", with: found.secret) }
        let transport = RecordedTransport(
          CheckAnswer(provider.dead.status, provider.dead.body),
          CheckAnswer(row.answer.status, body, headers: headers))
        let verdict = await found.verdict(transport)
        #expect(verdict.outcome == row.outcome, "\(rule): \(row.answer): \(verdict.reason)")
        #expect(verdict.checkedAt == RecordedTransport.now)
        #expect(!verdict.toDo.isEmpty && !verdict.reason.isEmpty)
        #expect(!verdict.reason.hasSuffix("."))
        #expect(verdict.opens.first?.detail == row.detail, "\(rule): \(row.answer)")
        #expect(!found.isToldBy(verdict), "\(rule): \(verdict)")
        reasons.insert(verdict.reason)
      }
      let rows = Set(found.check.answers.map(\.because))
      #expect(rows.subtracting(reasons) == [], "\(rule) has answers without a test")
    }
  }

  @Test func `every built-in live check has its answers here`() {
    let tested = Set(ProviderAnswers.all.flatMap(\.rules).map { RuleID($0) })
    #expect(tested == Set(RuleBook.builtInLiveChecks.keys))
  }

  @Test(arguments: ProviderAnswers.all)
  func `a secret stands in headers alone, and signs without standing anywhere`(
    provider: ProviderAnswers
  ) async throws {
    for rule in provider.rules {
      let found = try Found(rule)
      let transport = RecordedTransport(CheckAnswer(provider.dead.status, provider.dead.body))
      _ = await found.verdict(transport)
      #expect(transport.requests.count == 2)
      let (control, asked) = (transport.requests[0], transport.requests[1])
      for request in transport.requests {
        #expect(request.host == found.check.request.host && request.path.hasPrefix("/"))
        let isWebhook = rule == "slack.webhook"
        #expect(found.check.request.isAddressSecret == isWebhook)
        #expect(request.path.contains(found.secret) == (isWebhook && request == asked))
        #expect(!String(decoding: request.body, as: UTF8.self).contains(found.secret))
        #expect(request.headers.allSatisfy { !$0.value.contains("{") })
      }
      // The made-up secret is none of the found one, and the rest is the same.
      #expect(control != asked && control.body == asked.body)
      #expect(!control.headers.contains { $0.value.contains(found.secret) })
      #expect(control.headers.map(\.name) == asked.headers.map(\.name))
      // What has a partner signs, or is the address.
      let isSigned = found.check.partner != nil
      #expect(asked.headers.contains { $0.value.contains(found.secret) } == !isSigned)
    }
  }

  @Test func `bitbank is asked within a window of time, and signed for it`() async throws {
    let found = try Found("bitbank.secret-key")
    let transport = RecordedTransport(CheckAnswer(200, #"{"success":0,"data":{"code":20003}}"#))
    _ = await found.verdict(transport)
    let request = try #require(transport.requests.last)
    let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
    #expect(request.path == "/v1/user/assets" && request.method == .get)
    #expect(headers["ACCESS-REQUEST-TIME"] == "\(RecordedTransport.now)000")
    #expect(headers["ACCESS-TIME-WINDOW"] == "5000" && headers["ACCESS-NONCE"] == nil)
    let partner = try #require(found.credential.partners.first?.secret.exposed)
    #expect(headers["ACCESS-KEY"] == String(decoding: partner, as: UTF8.self))
    #expect(headers["ACCESS-SIGNATURE"]?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
  }
}
