import LiveChecks
import Model
import Store
import Synchronization
import TestSupport
import Testing

/// Who is asked, how often, and what becomes of the answers.
struct LiveCheckerTests {
  private struct Check: CredentialCheck {
    var provider = "somebody"
    var isOnlyIfNamed = false
    var hosts: Set<String> = ["api.example.com"]
    let asked = Counter()

    func plan(_ credential: Credential) -> [PlannedRequest] {
      credential.secret.exposed.isEmpty
        ? [] : hosts.sorted().map { PlannedRequest(host: $0, kind: "look") }
    }

    func verdict(on credential: Credential, asking asker: Asker) async -> Verdict {
      asked.add()
      return Verdict(.active, reason: "it is taken", checkedAt: asker.now(), toDo: ["Replace it."])
    }
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func add() { value.add(1, ordering: .relaxed) }
    var count: Int { value.load(ordering: .relaxed) }
  }

  private static func credential(
    _ text: String, rule: String = "a.b", number: UInt8 = 1
  ) -> Credential {
    Credential(
      rule: RuleID(rule), secret: Secret(Array(text.utf8)),
      fingerprint: Fingerprint(prefixOf: [UInt8](repeating: number, count: 32)))
  }

  private let asker = FakeProvider { _ in .init(200, "") }.asker

  private func outcomes(
    _ check: Check, _ consent: Consent, foreign: Set<RuleID> = [],
    contested: Set<Fingerprint> = [], _ credentials: [Credential]
  ) async -> [Verdict.Outcome?] {
    let checker = LiveChecker([RuleID("a.b"): check], foreign: foreign, consent: consent)
    let verdicts = await checker.verdicts(on: credentials, contested: contested, asking: asker)
    let plan = checker.plan(credentials, contested: contested)
    #expect((plan.secrets > 0) == (check.asked.count > 0), "what is planned is what is sent")
    return credentials.map { verdicts[$0.fingerprint]?.outcome }
  }

  @Test func `nobody is asked whom nobody named`() async {
    let secret = Self.credential("x")
    #expect(await outcomes(Check(), Consent(), [secret]) == [.notChecked])
    #expect(await outcomes(Check(), Consent(providers: ["other"]), [secret]) == [.notChecked])
    #expect(await outcomes(Check(), Consent(providers: ["somebody"]), [secret]) == [.active])
    #expect(await outcomes(Check(), Consent(providers: ["all"]), [secret]) == [.active])
    var dangerous = Check()
    dangerous.isOnlyIfNamed = true
    #expect(await outcomes(dangerous, Consent(providers: ["all"]), [secret]) == [.notChecked])
    #expect(await outcomes(dangerous, Consent(providers: ["somebody"]), [secret]) == [.active])
  }

  @Test func `a rule that is not built in asks only hosts that the user named`() async {
    let secret = Self.credential("x")
    let all = Set(["all"])
    let cases: [(Set<String>, Verdict.Outcome)] = [
      ([], .notChecked), (["www.example.com"], .notChecked), (["api.example.com"], .active),
    ]
    for (hosts, outcome) in cases {
      let consent = Consent(providers: all, hosts: hosts)
      #expect(await outcomes(Check(), consent, foreign: [RuleID("a.b")], [secret]) == [outcome])
    }
  }

  @Test func `what two rules claim is not sent, nor what nobody can be asked about`() async {
    let secret = Self.credential("x")
    let consent = Consent(providers: ["all"])
    #expect(
      await outcomes(Check(), consent, contested: [secret.fingerprint], [secret]) == [.notChecked])
    #expect(await outcomes(Check(), consent, [Self.credential("")]) == [.notChecked])
    #expect(await outcomes(Check(), consent, [Self.credential("x", rule: "c.d")]) == [.notChecked])
  }

  @Test func `one secret is asked about once, wherever it was found`() async {
    let check = Check()
    let credentials =
      (1...20).map { Self.credential("same", number: $0) } + [Self.credential("other", number: 21)]
    let outcomes = await outcomes(check, Consent(providers: ["somebody"]), credentials)
    #expect(outcomes.allSatisfy { $0 == .active } && check.asked.count == 2)
  }

  // MARK: What is kept

  private func cache(_ folder: TemporaryFolder, at time: Int) throws -> VerdictCache {
    try VerdictCache(
      edition: "1", key: SealKey([UInt8](repeating: 5, count: 32)), in: Array(folder.path.utf8)
    ) { time }
  }

  @Test func `a verdict is kept for a while, and nothing of the secret`() async throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    let credential = Self.credential(key)
    var verdict = Verdict(.active, reason: "it is taken", checkedAt: 1000, toDo: ["Replace it."])
    verdict.opens = [.init(service: "Gemini API", outcome: .active, detail: "3 models")]
    verdict.project = CloudProject(number: "123456789012", id: nil)
    let first = try cache(folder, at: 1000)
    await first.keep(verdict, on: credential)
    try await first.save()
    let kept = try await cache(folder, at: 1000 + 3599).verdict(on: credential)
    verdict.isKept = true
    #expect(kept == verdict)
    #expect(try await cache(folder, at: 1000 + 3600).verdict(on: credential) == nil)
    #expect(
      try await cache(folder, at: 1001).verdict(on: Self.credential(LookAlike.apiKey())) == nil)
    let content = String(decoding: try folder.bytes("live-checks/verdicts"), as: UTF8.self)
    #expect(content.contains("it is taken") && !content.contains(key.dropFirst(6).prefix(12)))
  }

  @Test func `what does not tell is not kept`() async throws {
    let folder = TemporaryFolder()
    let cache = try cache(folder, at: 1000)
    for outcome in Verdict.Outcome.allCases where [.unknown, .notChecked].contains(outcome.state) {
      await cache.keep(Verdict(outcome, reason: "x"), on: Self.credential("x"))
      #expect(await cache.verdict(on: Self.credential("x")) == nil)
    }
  }
}
