import LiveChecks
import Model
import Testing

struct PairingTests {
  private let secretRule = RuleID("bitbank.secret-key")
  private let keyRule = RuleID("bitbank.access-key")

  private func finding(
    _ rule: RuleID, _ number: UInt8, _ places: [(path: String, offset: Int, isPresent: Bool)],
    target: Int = 0
  ) -> Finding {
    Finding(
      rule: rule, title: "t", provider: "p", severity: .high, confidence: .high,
      secret: Secret(Array("secret \(number)".utf8)),
      fingerprint: Fingerprint(prefixOf: [UInt8](repeating: number, count: 16)), advice: [],
      places: places.map { place in
        Place(
          target: target, path: ForeignText(place.path),
          region: Region(
            line: 1, column: 1, endLine: 1, endColumn: 2, offset: place.offset, length: 8,
            cell: nil),
          standsIn: place.isPresent ? [.worktree] : [.history])
      })
  }

  private func partners(_ findings: [Finding]) -> [String] {
    let all = Pairing.partners(for: findings) { $0 == secretRule ? keyRule : nil }
    #expect(all.count <= 1)
    return all[findings[0].fingerprint, default: []].map {
      #expect($0.rule == keyRule)
      return String(decoding: $0.secret.exposed, as: UTF8.self)
    }
  }

  @Test func `what is nearest in the same file comes first`() {
    let secret = finding(secretRule, 1, [(".env", 500, true)])
    let found = partners([
      secret, finding(keyRule, 2, [(".env", 100, true)]),
      finding(keyRule, 3, [(".env", 540, true)]),
      finding(keyRule, 4, [("other", 501, true)]), finding(RuleID("a.b"), 5, [(".env", 501, true)]),
    ])
    #expect(found == ["secret 3", "secret 2"])
  }

  @Test func `what stands there now comes before what only history holds`() {
    let secret = finding(secretRule, 1, [("a", 500, true), ("b", 9, false)])
    let found = partners([
      secret, finding(keyRule, 2, [("b", 20, false)]), finding(keyRule, 3, [("a", 4000, true)]),
    ])
    #expect(found == ["secret 3", "secret 2"])
  }

  @Test func `files of the same name in other targets are other files`() {
    let secret = finding(secretRule, 1, [(".env", 500, true)])
    #expect(partners([secret, finding(keyRule, 2, [(".env", 10, true)], target: 1)]).isEmpty)
  }

  @Test func `a rule that context made more precise pairs as its base`() {
    let secret = finding(RuleID("bitbank.secret-key/public"), 1, [(".env", 500, true)])
    #expect(partners([secret, finding(keyRule, 2, [(".env", 10, true)])]) == ["secret 2"])
  }
}
