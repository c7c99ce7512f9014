package import Model

/// What was decided about the findings of one target.
package struct Decisions: Sendable {
  package var configuration: Configuration?
  package var baseline: Baseline?
  /// Of the whole repository everything was looked at, so what an entry does not match is gone.
  package var isWhole: Bool

  package init(
    configuration: Configuration? = nil, baseline: Baseline? = nil, isWhole: Bool = false
  ) {
    self.configuration = configuration
    self.baseline = baseline
    self.isWhole = isWhole
  }
}

/// Takes away the findings that somebody decided not to see, and counts each.
package struct Suppressor {
  private var targets: [Int: TargetDecisions] = [:]
  /// What the command line excludes, whatever the target.
  private let excluded: PathPatterns?
  private let excludes: [String]

  /// `decisions` are those of each target, `excludes` patterns of the command line; `now` is in
  /// seconds since 1970.
  package init(_ decisions: [Int: Decisions], excludes: [String] = [], now: Int) {
    self.excludes = excludes
    excluded = excludes.isEmpty ? nil : PathPatterns(excludes)
    for (target, decision) in decisions {
      targets[target] = TargetDecisions(decision, now: now)
    }
  }

  /// Takes findings out of `findings` of which every place was decided upon, and returns them.
  ///
  /// Of others the places that nobody wants to see are taken away. Severities are set before.
  package mutating func apply(to findings: inout [Finding]) -> [Suppression] {
    var suppressed: [Suppression] = []
    var kept: [Finding] = []
    for var finding in findings {
      setSeverity(of: &finding)
      var rest: [Place] = []
      var reason: Ruling?
      for place in finding.places {
        if let found = verdict(on: place, of: finding) {
          reason = reason ?? found
        } else {
          rest.append(place)
        }
      }
      if let reason, rest.isEmpty {
        suppressed.append(
          Suppression(finding, by: reason.by, source: reason.source, note: reason.note))
      } else {
        finding.places = rest
        kept.append(finding)
      }
    }
    findings = kept
    return suppressed
  }

  /// Notes which gaps of `gaps` are accepted.
  package mutating func accept(_ gaps: inout [Gap]) {
    for i in gaps.indices {
      for target in targets.keys.sorted() where gaps[i].accepted == nil {
        gaps[i].accepted = targets[target]?.acceptance(of: gaps[i])
      }
    }
  }

  /// What is to be said of entries that are over, that match nothing, or that name no rule.
  ///
  /// To be asked after everything was applied.
  package func hints(rules: () -> [RuleID]) -> [Hint] {
    targets.sorted { $0.key < $1.key }.flatMap { $0.value.hints(rules: rules) }
  }

  private func setSeverity(of finding: inout Finding) {
    // The gravest that any of its targets wants.
    let wanted = Set(finding.places.map(\.target)).map { target in
      targets[target]?.severity(of: finding.rule) ?? finding.severity
    }
    if let gravest = wanted.max() { finding.severity = gravest }
  }

  private mutating func verdict(on place: Place, of finding: Finding) -> Ruling? {
    if place.kind != .object, let line = excluded?.line(for: place) {
      return Ruling(by: .exclude, source: ForeignText("--exclude \(excludes[line - 1])"))
    }
    return targets[place.target]?.verdict(on: place, of: finding)
  }
}

/// Why a place of a finding is not shown.
private struct Ruling {
  let by: Suppression.Reason
  var source: ForeignText?
  var note: ForeignText?
}

/// The decisions of one target, ready to be asked, and which of them were of use.
private struct TargetDecisions {
  private let decisions: Decisions
  private let excluded: PathPatterns
  private let allows: [(entry: Configuration.Allow, paths: PathPatterns?)]
  private let gaps: [(entry: Configuration.AcceptedGap, paths: PathPatterns?)]
  /// Where in the baseline each fingerprint stands.
  private var known: [Fingerprint: Int] = [:]
  private var isUsed: [Bool]
  private let expired: [(source: String, line: Int, until: Int)]

  init(_ decisions: Decisions, now: Int) {
    self.decisions = decisions
    let configuration = decisions.configuration ?? Configuration(source: "")
    func isOver(_ until: Int?) -> Bool { until.map { $0 < now } ?? false }
    excluded = PathPatterns(configuration.excludes.map(\.pattern))
    allows = configuration.allows.filter { !isOver($0.until) }.map { allow in
      (allow, allow.path.map { PathPatterns([$0]) })
    }
    gaps = configuration.acceptedGaps.filter { !isOver($0.until) }.map { gap in
      (gap, gap.path.map { PathPatterns([$0]) })
    }
    var expired: [(source: String, line: Int, until: Int)] = []
    for (line, until) in configuration.allows.map({ ($0.line, $0.until) })
      + configuration.acceptedGaps.map({ ($0.line, $0.until) })
    {
      if let until, until < now { expired.append((configuration.source, line, until)) }
    }
    let baseline = decisions.baseline ?? Baseline()
    known.reserveCapacity(baseline.entries.count)
    for (i, entry) in baseline.entries.enumerated() {
      if let until = entry.until, until < now {
        expired.append((baseline.source, entry.line, until))
      } else {
        known[entry.fingerprint] = i
      }
    }
    isUsed = Array(repeating: false, count: baseline.entries.count)
    self.expired = expired
  }

  /// What is wanted of a rule; `nil` if nothing, or that it be off.
  func severity(of rule: RuleID) -> Severity? {
    setting(of: rule)?.severity
  }

  /// Of several lines that speak of a rule the last counts.
  private func setting(of rule: RuleID) -> Configuration.RuleSetting? {
    decisions.configuration?.rules.last { $0.names.names(rule) }
  }

  mutating func verdict(on place: Place, of finding: Finding) -> Ruling? {
    let configuration = decisions.configuration
    func source(_ line: Int) -> ForeignText {
      ForeignText("\(configuration?.source ?? ""):\(line)")
    }
    if let position = known[finding.fingerprint], let baseline = decisions.baseline {
      isUsed[position] = true
      let entry = baseline.entries[position]
      return Ruling(
        by: .baseline, source: ForeignText("\(baseline.source):\(entry.line)"),
        note: entry.reason.isEmpty ? nil : ForeignText(entry.reason))
    }
    if let setting = setting(of: finding.rule), setting.severity == nil {
      return Ruling(by: .rule, source: source(setting.line))
    }
    let hasPath = place.kind != .object && !place.path.bytes.isEmpty
    if hasPath, let line = excluded.line(for: place), let configuration {
      return Ruling(by: .exclude, source: source(configuration.excludes[line - 1].line))
    }
    for (entry, paths) in allows {
      if let rule = entry.rule, !rule.names(finding.rule) { continue }
      if let fingerprint = entry.fingerprint, fingerprint != finding.fingerprint { continue }
      if let paths, !hasPath || paths.line(for: place) == nil { continue }
      return Ruling(
        by: .allow, source: source(entry.line), note: entry.reason.map { ForeignText($0) })
    }
    return nil
  }

  func acceptance(of gap: Gap) -> ForeignText? {
    for (entry, paths) in gaps where entry.kind == gap.kind {
      let names = [gap.subject] + [gap.file].compactMap { $0 }
      if let paths, names.allSatisfy({ paths.line(for: $0.bytes) == nil }) { continue }
      return ForeignText("\(decisions.configuration?.source ?? ""):\(entry.line)")
    }
    return nil
  }

  func hints(rules: () -> [RuleID]) -> [Hint] {
    var hints = expired.map { source, line, until in
      Hint(
        subject: ForeignText("\(source):\(line)"),
        text: ForeignText("ended on \(Instant.day(until)) and no longer counts"))
    }
    if let configuration = decisions.configuration {
      let named =
        configuration.rules.map { ($0.names, $0.line) }
        + configuration.allows.compactMap { allow in allow.rule.map { ($0, allow.line) } }
      let ids = named.isEmpty ? [] : rules()
      for (name, line) in named where !ids.contains(where: { name.names($0) }) {
        hints.append(
          Hint(
            subject: ForeignText("\(configuration.source):\(line)"),
            text: ForeignText("no rule is named \(name.text)")))
      }
    }
    if decisions.isWhole, let baseline = decisions.baseline {
      let unused = known.values.count { !isUsed[$0] }
      if unused > 0 {
        let entries = unused == 1 ? "1 entry matches" : "\(unused) entries match"
        hints.append(
          Hint(
            subject: ForeignText(baseline.source),
            text: ForeignText("\(entries) nothing any more; keyscan baseline prune removes them")))
      }
    }
    return hints
  }
}
