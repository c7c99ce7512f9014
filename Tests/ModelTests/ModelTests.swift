import Model
import Testing

struct SecretTests {
  @Test func `a secret never prints itself`() {
    let secret = Secret(Array("AIzaSyExampleExample".utf8), fixedPrefix: 4)
    #expect("\(secret)" == "AIza…(20)")
    #expect(String(reflecting: secret) == "AIza…(20)")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("Sy"))
  }

  @Test func `of a short secret nothing is shown, not even its length`() {
    #expect(Secret(Array("AIza5678901234x".utf8), fixedPrefix: 4).redacted == "…")
    #expect(Secret(Array("AIza567890123456".utf8), fixedPrefix: 4).redacted == "AIza…(16)")
  }
}

struct StandingsTests {
  @Test func `a byte answers as a set does`() {
    let all = Standing.allCases
    let subsets = (0..<(1 << all.count)).map { bits in
      all.indices.filter { bits >> $0 & 1 == 1 }.map { all[$0] }
    }
    for (k, members) in subsets.enumerated() {
      let standings = Standings(members)
      #expect(standings.members == members && standings.isEmpty == members.isEmpty)
      #expect(all.allSatisfy { standings.contains($0) == members.contains($0) })
      let others = subsets[k * 37 % subsets.count]
      let (a, b) = (Set(members), Set(others))
      let other = Standings(others)
      #expect(Set(standings.union(other).members) == a.union(b))
      #expect(Set(standings.intersection(other).members) == a.intersection(b))
      #expect(Set(standings.symmetricDifference(other).members) == a.symmetricDifference(b))
      #expect(standings.isDisjoint(with: other) == a.isDisjoint(with: b))
      #expect((standings == other) == (a == b))
    }
  }

  @Test func `members come and go`() {
    var standings = Standings(.head)
    #expect(standings.insert(.head).inserted == false && standings.insert(.stash).inserted)
    #expect(standings.update(with: .stash) == .stash && standings.update(with: .index) == nil)
    #expect(standings.members == [.index, .head, .stash])
    #expect(standings.remove(.head) == .head && standings.remove(.head) == nil)
    #expect(standings.members == [.index, .stash])
  }
}

struct ForeignTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\u{1B}[31mb", #"a\x1b[31mb"#), ("a\nb\r", #"a\x0ab\x0d"#),
    ("a\u{202E}b", #"a\u{202e}b"#), ("\u{2028}", #"\u{2028}"#), ("\u{200B}", #"\u{200b}"#),
    ("\u{9B}31m", #"\u{9b}31m"#), ("é漢😀", "é漢😀"), ("\u{FEFF}x", #"\u{feff}x"#),
    ("\u{E0041}", #"\u{e0041}"#), ("\0", #"\x00"#),
  ])
  func `what would act or hide is shown as an escape`(text: String, visible: String) {
    #expect(ForeignText(text).visible == visible)
  }

  @Test func `bytes that are not UTF-8 are shown as they are numbered`() {
    #expect(ForeignText([0x61, 0xFF, 0x62]).visible == #"a\xffb"#)
    #expect(!ForeignText([0xFF]).isUTF8)
    // Longer than needed, a surrogate, past the end of Unicode, cut short.
    for bytes: [UInt8] in [
      [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
    ] {
      #expect(
        ForeignText(bytes).visible
          == bytes.map { "\\x" + String($0, radix: 16) }.joined())
    }
  }
}

struct ExitStatusTests {
  private func finding(_ severity: Severity, _ standing: Standing) -> Finding {
    Finding(
      rule: RuleID("a.b"), title: "", provider: "", severity: severity, confidence: .high,
      secret: nil, fingerprint: Fingerprint(prefixOf: [UInt8](repeating: 0, count: 16)),
      advice: [],
      places: [Place(target: 0, path: ForeignText("x"), region: nil, standsIn: [standing])])
  }

  private func status(
    _ findings: [Finding] = [], _ kinds: [Gap.Kind] = [],
    failOn: Model.ExitStatus.Threshold = .severity(.medium),
    complete: Bool = false, missesInput: Bool = false, isPartial: Bool = false
  ) -> Model.ExitStatus {
    Model.ExitStatus(
      findings: findings,
      gaps: kinds.map { Gap($0, subject: ForeignText("x"), reason: ForeignText("y")) },
      failOn: failOn, requiresComplete: complete, missesInput: missesInput, isPartial: isPartial)
  }

  @Test func `a finding counts from the threshold on`() {
    #expect(status([finding(.medium, .worktree)]) == .found)
    #expect(status([finding(.low, .worktree)]) == .clean)
    #expect(status([finding(.low, .index)], failOn: .severity(.low)) == .found)
    #expect(status([finding(.critical, .head)], failOn: .never) == .clean)
  }

  private func finding(_ severity: Severity, _ outcome: Verdict.Outcome) -> Finding {
    var finding = finding(severity, .head)
    finding.verdict = Verdict(outcome, reason: "x")
    return finding
  }

  @Test func `what is dead weighs what it did before`() {
    var dead = finding(.low, .invalid)
    dead.severityUnasked = .high
    #expect(status([dead]) == .found)
    #expect(status([dead], failOn: .live) == .clean)
    dead.verdict = Verdict(.restricted, reason: "x")
    #expect(status([dead]) == .clean)
  }

  @Test func `a run that asks for live ones only has no answer where nobody could tell`() {
    #expect(status([finding(.high, .active)], failOn: .live) == .found)
    #expect(status([finding(.low, .restricted)], failOn: .live) == .clean)
    #expect(status([finding(.high, .notChecked)], failOn: .live) == .clean)
    #expect(status([finding(.critical, .head)], failOn: .live) == .clean)
    for outcome in [Verdict.Outcome.network, .untrusted, .unconfirmed, .denied, .moved] {
      #expect(status([finding(.high, outcome)], failOn: .live) == .incomplete)
      #expect(
        status([finding(.high, outcome), finding(.medium, .active)], failOn: .live) == .found)
    }
  }

  @Test func `what is alive comes first`() {
    let findings = [
      finding(.critical, .head), finding(.low, .active), finding(.high, .invalid),
      finding(.medium, .restricted),
    ].sorted(by: Finding.precedes)
    #expect(findings.map(\.severity) == [.medium, .low, .critical, .high])
  }

  @Test func `what a push does not send does not count`() {
    for standing in [Standing.stash, .reflog, .unreachable] {
      #expect(status([finding(.critical, standing)]) == .clean)
    }
  }

  @Test func `a gap that fails is no clean run, and a finding outweighs it`() {
    for kind in Gap.Kind.allCases {
      #expect(status([], [kind]) == (kind.fails ? .incomplete : .clean))
      #expect(status([], [kind], complete: true) == .incomplete)
      #expect(status([finding(.high, .worktree)], [kind]) == .found)
    }
  }

  @Test func `missing input and interruption are told unless something was found`() {
    #expect(status(missesInput: true) == .noInput)
    #expect(status([], [.damaged], missesInput: true) == .noInput)
    #expect(status([finding(.high, .worktree)], missesInput: true) == .found)
    #expect(status(isPartial: true) == .interrupted)
    #expect(status([finding(.high, .worktree)], isPartial: true) == .found)
  }

  @Test func `the statuses are those of the contract`() {
    let statuses: [(Model.ExitStatus, Int32)] = [
      (.clean, 0), (.found, 1), (.usage, 64), (.badData, 65), (.noInput, 66), (.bug, 70),
      (.cannotWrite, 73), (.incomplete, 74), (.interrupted, 130),
    ]
    for (status, number) in statuses { #expect(status.rawValue == number) }
  }
}
