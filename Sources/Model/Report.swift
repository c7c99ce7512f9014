/// Everything a run has to say.
package struct Report: Equatable, Sendable {
  package var toolVersion: String
  /// How many rules were applied.
  package var rules: Int
  package var targets: [Target]
  package var coverage: Coverage
  /// In the order of ``Finding/precedes(_:_:)``.
  package var findings: [Finding]
  /// Findings that belong together because one Google Cloud project does.
  package var projects: [ProjectGroup] = []
  package var hints: [Hint]
  package var suppressed: [Suppression]
  /// The run was interrupted.
  package var isPartial: Bool
  /// What there is to say of the rules that findings name, in the order of their ids.
  package var notes: [RuleNote]
  package var status: ExitStatus

  package init(
    toolVersion: String, rules: Int, targets: [Target], coverage: Coverage, findings: [Finding],
    hints: [Hint], suppressed: [Suppression], isPartial: Bool, notes: [RuleNote],
    status: ExitStatus
  ) {
    self.toolVersion = toolVersion
    self.rules = rules
    self.targets = targets
    self.coverage = coverage
    self.findings = findings
    self.hints = hints
    self.suppressed = suppressed
    self.isPartial = isPartial
    self.notes = notes
    self.status = status
  }
}

/// One thing that the user pointed at.
package struct Target: Equatable, Sendable {
  /// As the user wrote it.
  package let path: ForeignText
  package let kind: Kind
  /// The commit that HEAD names; `nil` before the first commit and outside of a repository.
  package let head: String?
  /// The part that was scanned when it is not the whole repository: `src`.
  package let part: ForeignText?
  /// What to write before a place's path so that it leads there from the current folder.
  package let prefix: ForeignText
  /// The address that the repository was cloned from, without a user's name or password; `nil` if
  /// there is none that others could use.
  package var origin: ForeignText?

  package enum Kind: String, Sendable {
    case repository
    case bareRepository = "bare-repository"
    /// A folder or file inside a repository.
    case part = "repository-part"
    case folder, file
    case staged, push
    /// Commits that were named.
    case range
    case standardInput = "standard-input"
  }

  package init(
    path: ForeignText, kind: Kind, head: String? = nil, part: ForeignText? = nil,
    prefix: ForeignText = ForeignText("")
  ) {
    self.path = path
    self.kind = kind
    self.head = head
    self.part = part
    self.prefix = prefix
  }
}

/// How a run ended.
///
/// Zero and one are answers. Every failure to answer is 64 or more, as in `sysexits.h`, so a
/// script can never mistake a broken scan for a clean one.
package enum ExitStatus: Int32, Sendable {
  /// Scanned, and nothing at or above the threshold.
  case clean = 0
  /// At least one such finding.
  case found = 1
  case usage = 64
  /// A rule file, the configuration or the baseline is wrong.
  case badData = 65
  /// What was to be scanned does not exist or cannot be read.
  case noInput = 66
  /// A fault of keyscan's own.
  case bug = 70
  /// The report cannot be written.
  case cannotWrite = 73
  /// Nothing was found, but something that should have been read could not be.
  case incomplete = 74
  case interrupted = 130

  /// Which findings make the status 1.
  package enum Threshold: Equatable, Sendable {
    case never
    /// From this severity on.
    case severity(Severity)
    /// What its provider says is alive, from medium on; what nobody could tell of leaves the run
    /// without an answer.
    case live
  }

  /// What a finished scan says.
  ///
  /// A finding outweighs everything: a leak is a leak, whatever else went wrong.
  package init(
    findings: [Finding], gaps: [Gap], failOn threshold: Threshold, requiresComplete: Bool,
    missesInput: Bool, isPartial: Bool
  ) {
    let counted = findings.filter(\.counts)
    let isFound: Bool
    var isUntold = false
    switch threshold {
    case .never: isFound = false
    case .severity(let least): isFound = counted.contains { $0.weight >= least }
    case .live:
      let grave = counted.filter { $0.weight >= .medium }
      isFound = grave.contains { $0.verdict?.state == .live }
      isUntold = grave.contains { $0.verdict?.outcome.isOpenQuestion ?? false }
    }
    self =
      if isFound {
        .found
      } else if isPartial {
        .interrupted
      } else if missesInput {
        .noInput
      } else if gaps.contains(where: { $0.kind.fails })
        || isUntold || requiresComplete && gaps.contains(where: { $0.accepted == nil })
      {
        .incomplete
      } else {
        .clean
      }
  }
}
