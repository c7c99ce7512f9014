internal import Model

/// What was not read for one reason.
struct GapGroup {
  let kind: Gap.Kind
  let reason: ForeignText
  /// Where somebody accepted it.
  let accepted: ForeignText?
  fileprivate(set) var gaps: [Gap]

  var subjects: [ForeignText] { gaps.map(\.subject) }

  /// What the gaps of one group share.
  struct Key: Hashable {
    let kind: Gap.Kind
    let reason: ForeignText
    let accepted: ForeignText?
  }

  /// How many things of one group are named.
  static let namedSubjects = 3

  /// The first things of the group, as far as they are named.
  var named: some Sequence<String> {
    gaps.prefix(Self.namedSubjects).lazy.map(\.subject.shown)
  }

  /// What stands after the names: ` and 7 more`.
  var rest: String {
    let count = gaps.count - Self.namedSubjects
    return count > 0 ? " and \(count) more" : ""
  }

  /// The group in one line: `a.zip, b.zip and 7 more: an archive`.
  var line: String { "\(named.joined(separator: ", "))\(rest): \(reason.shown)" }
}

extension Sequence<Gap> {
  /// The gaps by kind and reason, in the order in which each first comes.
  var groups: [GapGroup] {
    var groups: [GapGroup] = []
    var positions: [GapGroup.Key: Int] = [:]
    for gap in self {
      let key = GapGroup.Key(kind: gap.kind, reason: gap.reason, accepted: gap.accepted)
      if let i = positions[key] {
        groups[i].gaps.append(gap)
      } else {
        positions[key] = groups.count
        groups.append(
          GapGroup(kind: gap.kind, reason: gap.reason, accepted: gap.accepted, gaps: [gap]))
      }
    }
    return groups
  }
}

extension Suppression.Reason {
  /// In words, after `by`.
  var name: String {
    switch self {
    case .comment: "allow comments"
    case .baseline: "the baseline"
    case .allow: "the configuration"
    case .rule: "rules that are off"
    case .exclude: "excluded paths"
    }
  }
}

extension Report {
  /// The gaps for which the run fails; all of them where nothing may be left out.
  var failingGaps: [Gap] {
    let failing = coverage.gaps.filter(\.kind.fails)
    return failing.isEmpty && status == .incomplete
      ? coverage.gaps.filter { $0.accepted == nil } : failing
  }

  /// The run came to its end and read what it should have.
  var isSuccessful: Bool {
    failingGaps.isEmpty && !isPartial && (status == .clean || status == .found)
  }

  /// What was found, in one line: `2 findings (1 critical, 1 low) in 3 places`.
  var verdict: String {
    let counted = findings.filter(\.counts)
    let local = findings.count - counted.count
    let more = local == 0 ? "" : "; \(local.counted("finding")) that a push does not send"
    if counted.isEmpty { return "no secret found in what was read\(more)" }
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = counted.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)"
    }
    let places = counted.reduce(0) { $0 + $1.places.count }
    return "\(counted.count.counted("finding")) (\(counts.joined(separator: ", "))) "
      + "in \(places.counted("place"))\(more)"
  }

  /// What there is to say of the run itself, a sentence each, without what was not read.
  var remarks: [String] {
    var read = [coverage.files.counted("file")]
    if coverage.blobs > 0 { read.append(coverage.blobs.counted("blob")) }
    if coverage.commits > 0 { read.append(coverage.commits.counted("commit")) }
    if coverage.references > 0 { read.append(coverage.references.counted("reference")) }
    let sum = "read \(read.joined(separator: ", ")), \(coverage.bytes.inBytes)"
    var remarks = [coverage.isComplete ? "\(sum); everything was read" : sum]
    for target in targets {
      guard let part = target.part else { continue }
      remarks.append(
        target.kind == .range
          ? "only what these commits add was scanned: \(part.shown)"
          : "\(part.shown) only; history, index and the rest not scanned")
    }
    for alternate in coverage.alternates {
      remarks.append(
        "objects are also read from \(alternate.shown), which the repository borrows from")
    }
    if !suppressed.isEmpty {
      let counts = Suppression.Reason.allCases.compactMap { reason -> String? in
        let count = suppressed.count { $0.by == reason }
        return count == 0 ? nil : "\(count) by \(reason.name)"
      }
      remarks.append(
        "\(suppressed.count.counted("finding")) suppressed: \(counts.joined(separator: ", "))")
    }
    if isPartial { remarks.append("interrupted; this is not all") }
    return remarks
  }
}
