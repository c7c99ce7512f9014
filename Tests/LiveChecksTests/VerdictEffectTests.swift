import LiveChecks
import Model
import Testing

/// What a verdict makes of a finding.
struct VerdictEffectTests {
  private func finding(
    _ rule: String, _ severity: Severity, _ kind: Assessment.Kind? = nil
  ) -> Finding {
    var finding = Finding(
      rule: RuleID(rule), title: "A key", provider: "x", severity: severity, confidence: .high,
      secret: nil, fingerprint: Fingerprint(prefixOf: [UInt8](repeating: 0, count: 16)),
      advice: [ForeignText("Do this.")], places: [])
    finding.assessment = kind.map { Assessment(kind: $0, severity: severity, reason: "x") }
    return finding
  }

  private func after(_ outcome: Verdict.Outcome, _ before: Finding) -> Finding {
    var finding = before
    VerdictEffect.apply(
      Verdict(outcome, reason: "so it is", checkedAt: 1_800_000_000, toDo: ["Do that."]),
      to: &finding)
    return finding
  }

  @Test func `what does not tell lowers nothing and changes no rule`() {
    for outcome in Verdict.Outcome.allCases where [.unknown, .notChecked].contains(outcome.state) {
      for severity in Severity.allCases {
        let before = finding("google.api-key/gemini", severity, .gemini)
        let after = after(outcome, before)
        #expect(after.severity == severity && after.weight == severity, "\(outcome)")
        #expect(after.rule == before.rule && after.title == before.title)
        #expect(after.verdict?.outcome == outcome)
      }
    }
  }

  @Test func `a live Google key is critical, and has a rule id of its own`() {
    let after = after(.active, finding("google.api-key/public-client", .low, .publicClient))
    #expect(after.severity == .critical && after.rule == RuleID("google.api-key/live"))
    #expect(after.rule.base == RuleID("google.api-key"))
    #expect(after.advice.map(\.visible) == ["Do that."])
    #expect(
      after.notes.first?.visible
        == "live check: active, so it is (asked 2027-01-15T08:00:00Z)")
    let unknown = self.after(.network, finding("google.api-key", .high))
    #expect(unknown.advice.map(\.visible) == ["Do that.", "Do this."])
  }

  @Test func `an app's key that is restricted is as it should be`() {
    let app = after(.restricted, finding("google.api-key/public-client", .low, .publicClient))
    #expect(app.severity == .low && app.rule == RuleID("google.api-key/public-client"))
    let server = after(.restricted, finding("google.api-key/gemini", .high, .gemini))
    #expect(server.severity == .medium && server.rule == RuleID("google.api-key/restricted"))
  }

  @Test func `a dead secret is low, and weighs what it did`() {
    let dead = after(.invalid, finding("openai.project-key", .high))
    #expect(dead.severity == .low && dead.weight == .high)
    #expect(dead.rule == RuleID("openai.project-key/dead"))
  }

  @Test func `every rule that a finding can have after a live check has a note`() {
    let note = RuleNote(
      id: RuleID("google.api-key"), title: "A key", provider: "Google", severity: .high,
      description: "x", help: [], references: [])
    let notes = Dictionary(
      uniqueKeysWithValues: VerdictEffect.notes(of: note).map { ($0.id, $0) })
    for outcome in Verdict.Outcome.allCases {
      for kind in [nil] + Assessment.Kind.allCases.map(Optional.some) {
        let before = finding("google.api-key", .high, kind)
        let after = after(outcome, before)
        guard after.rule != before.rule else { continue }
        #expect((notes[after.rule]?.severity ?? .low) >= after.severity, "\(after.rule)")
      }
    }
    #expect(
      Set(notes.keys.map(\.description))
        == Set(VerdictEffect.suffixes.map { "google.api-key/\($0)" }))
  }
}
