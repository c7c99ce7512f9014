import Assessing
import Dotenv
import Files
import Git
import History
import Inputs
import Matching
import Model
import OwnSecrets
import Reporting
import Rules
import Scanning
import Store
import Suppressing

/// From a plan to a report: six steps, each from values to values.
struct Pipeline {
  let plan: Plan
  let book: CompiledBook
  /// All rules, to mask what must not be shown.
  private let whole: Task<CompiledBook, any Error>
  private let selection: RuleSelection
  /// The user's own secrets, if they are looked for.
  private let own: OwnSecrets?
  let verdict: VerdictOptions
  let console: Console

  /// What is found out of each history of the plan meanwhile.
  private let preparations: [Task<HistoryPreparation, Never>]
  private let tagger: SecretTagger
  private var decisions: [Int: Decisions] = [:]
  private var excludes: [String] = []
  private var honorsComments = true
  /// What is packed in files is looked at.
  var opensContainers = true
  /// Findings get what a SARIF report says besides.
  var describesForCodeScanning = false
  /// Asks about what is found; `nil` if nobody wants that.
  var live: LiveAsking?
  /// What an earlier run reported: then nothing else counts, and what is no longer there is said.
  var reported: Reported?

  init(plan: Plan, book: LoadedBook, verdict: VerdictOptions, console: Console) {
    self.init(
      book: book, verdict: verdict, prepared: Prepared(plan, edition: book.edition, console))
  }

  init(book: LoadedBook, verdict: VerdictOptions, prepared: Prepared) {
    plan = prepared.plan
    self.book = book.compiled
    whole = book.whole
    selection = book.selection
    own = book.own
    self.verdict = verdict
    console = prepared.console
    preparations = prepared.histories
    tagger = prepared.tagger
  }

  /// Takes what was decided about the findings of each target; without it all are reported.
  mutating func decide(_ decisions: [Int: Decisions], _ options: DecisionOptions) {
    self.decisions = decisions
    excludes = options.excludes
    honorsComments = !options.noAllowComments
  }

  func run() async throws -> Report {
    Interruption.listen()
    CurrentProcess.raiseOpenFileLimit()
    let progress = Progress()
    var options = ScanOptions(
      jobs: console.settings.jobs, keepsContent: DotenvRules.keepsContent,
      watchesFolder: DotenvRules.watches)
    options.watchesFile = DotenvRules.watchesFile
    options.opensContainers = opensContainers
    let (plan, book) = (plan, book)
    options.readsContext = Assessor.reader(for: book.book)
    options.keepsBelongings = live != nil
    if let own { options.holdsKnown = { own.isSource($0) } }
    let scanOptions = options
    var tally = try await console.timing("scan") {
      try await console.showing(progress) {
        try await scan(plan, with: book, options: scanOptions, progress: progress)
      }
    }
    let past = try await readHistories(progress)
    let second = try await lookAgain(at: past, beside: tally, scanOptions, progress)
    console.detail(
      "containers: \(tally.unpacked) of files and the index looked into, "
        + "\(second.tally.unpacked) of history")
    tally.add(second.tally)
    var grouped = group(
      tally.items, by: book.book, minConfidence: verdict.minConfidence,
      honorsComments: honorsComments, taggedBy: tagger)
    grouped.findings += DotenvRules.findings(of: sightings(in: tally)) { rule, path in
      fingerprint(ofFile: path, rule: rule)
    }.filter { selection.picks($0.rule) }
    try markHead(&grouped.findings)
    annotate(
      &grouped.findings, notes: second.notes,
      of: Dictionary(uniqueKeysWithValues: plan.histories.map { ($0.target, $0.location) }),
      tracking: Set(past.filter(\.value.hasTracking).keys))
    label(&grouped.findings, commitsOf: plan.commitSources)
    try await Assessor.assess(&grouped, of: plan, jobs: console.settings.jobs)
    var suppressor = self.suppressor
    grouped.suppressed += suppressor.apply(to: &grouped.findings)
    grouped.suppressed.sort(by: Suppression.precedes)
    let moved = reported?.pick(from: &grouped.findings) ?? []
    if !Interruption.isAsked { try await live?.ask(&grouped, progress) }
    grouped.findings += moved
    if describesForCodeScanning { describe(&grouped.findings) }
    for i in grouped.findings.indices { addRepair(to: &grouped.findings[i], past) }
    grouped.findings.sort(by: Finding.precedes)
    let projects = Assessor.relate(&grouped)
    var result = try await report(grouped, tally, past, suppressor, hints: projects.hints)
    result.projects = projects.groups
    return result
  }

  private var suppressor: Suppressor {
    // Entries that match nothing are told of where everything was looked at.
    let read = Set(plan.histories.map(\.target))
    let trees = Set(plan.trees.map(\.target))
    let whole = decisions.map { target, decision in
      var decision = decision
      decision.isWhole =
        selection.isAll && verdict.minConfidence <= .medium && read.contains(target)
        && !Interruption.isAsked
        && (trees.contains(target) || plan.targets[target].kind == .bareRepository)
      return (target, decision)
    }
    return Suppressor(
      Dictionary(uniqueKeysWithValues: whole), excludes: excludes, now: CurrentProcess.time)
  }

  private func describe(_ findings: inout [Finding]) {
    let trees = Dictionary(
      (plan.trees + plan.partTrees).map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first }
    )
    var scanning = CodeScanning(trees, plan.locations)
    scanning.describe(&findings)
    // The hash of a line gives away what stands in it if all else in it is known.
    for i in findings.indices where findings[i].secret?.isOwn == true {
      for k in findings[i].places.indices { findings[i].places[k].lineHash = nil }
    }
  }

  private func addRepair(to finding: inout Finding, _ past: [Int: HistoryReading]) {
    // Several repositories need a plan each; the places say which.
    guard let target = finding.places.first?.target,
      finding.places.allSatisfy({ $0.target == target }), let reading = past[target]
    else { return }
    let stashes = Dictionary(
      uniqueKeysWithValues: reading.stashes.map { ($0.key.description, $0.value) })
    finding.repair =
      RepairPlan(
        for: finding, head: plan.targets[target].head, stashes: stashes,
        findOptions: finding.rule == OwnRule.id ? own?.options ?? "" : ""
      ).lines
  }

  // MARK: History

  /// Reads the history of every repository that is asked for, by its target.
  private func readHistories(_ progress: Progress) async throws -> [Int: HistoryReading] {
    var readings: [Int: HistoryReading] = [:]
    let book = book
    var options = SweepOptions(jobs: console.settings.jobs)
    options.isNoteworthy = { DotenvName($0) != nil || book.mayName($0) }
    options.opensContainers = opensContainers
    let sweepOptions = options
    for (work, task) in zip(plan.histories, preparations) where !Interruption.isAsked {
      let reader = try await console.timing("sweep") {
        let preparation = await task.value
        return try await console.showing(progress) {
          try await HistoryReader.sweep(
            preparation, with: book, options: sweepOptions, progress: progress)
        }
      }
      let reading = try await console.timing("attribution") {
        try await reader.attribute()
      }
      let counts = reading.counts
      console.detail(
        "history: \(counts.searched) of \(reading.bytes) bytes searched, "
          + "\(counts.found) anchors found, \(counts.carried) answers carried, "
          + "\(counts.judged) judged")
      readings[work.target] = reading
    }
    return readings
  }

  /// Looks again at what history holds, now that its paths are known, and keeps what was learned.
  private func lookAgain(
    at past: [Int: HistoryReading], beside first: Tally, _ options: ScanOptions,
    _ progress: Progress
  ) async throws -> SecondLook {
    let book = book
    let second = try await console.timing("places") {
      try await SecondLook(
        at: past, beside: first, minConfidence: verdict.minConfidence, taggedBy: tagger
      ) { items in
        var plan = Plan()
        plan.work = [.items(items)]
        return try await scan(plan, with: book, options: options, progress: progress)
      }
    }
    guard !Interruption.isAsked else { return second }
    do {
      try await second.keep()
    } catch {
      console.detail("nothing is kept for the next run: \(error)")
    }
    return second
  }

  /// The files of environment variables among what was read, and those that Compose files name.
  private func sightings(in tally: Tally) -> [DotenvSighting] {
    tally.items.flatMap { scanned -> [DotenvSighting] in
      let item = scanned.item
      guard let content = scanned.content else { return [] }
      var isBlob = false
      if case .blob = item.source { isBlob = true }
      guard isBlob || item.tree != nil else { return [] }
      if DotenvName(item.name) == nil {
        guard let tree = item.tree, !isBlob else { return [] }
        return EnvironmentFileTargets.sightings(of: content, at: item.path, in: tree)
      }
      var sighting = DotenvSighting(
        target: item.target, path: item.path, tree: item.tree,
        isTracked: isBlob || item.entry != nil, content: content,
        previous: scanned.previousContents,
        hasMatches: scanned.matches.contains { !$0.match.isAllowed }, standsIn: item.standsIn,
        commit: item.commit?.description, blob: scanned.blob?.description,
        isPast: scanned.history != nil && item.standsIn.isDisjoint(with: [.head]))
      if case .entry(_, isLink: true) = item.source { sighting.isLink = true }
      sighting.isTooLarge = scanned.isContentTooLarge
      return [sighting]
    }
  }

  private func markHead(_ findings: inout [Finding]) throws {
    guard !findings.isEmpty else { return }
    for tree in plan.trees + plan.partTrees {
      guard var head = try HeadStanding(of: tree, with: book) else { continue }
      for i in findings.indices { head.mark(&findings[i]) }
    }
  }

  /// What is left out is said, with the way to see it.
  private static func hint(ofUnsure count: Int) -> Hint {
    let text = count == 1 ? "1 finding is" : "\(count) findings are"
    return Hint(
      subject: ForeignText(""),
      text: ForeignText(
        "\(text) too unsure to be shown or to count; --min-confidence low shows them all"))
  }

  private func report(
    _ grouped: Grouped, _ tally: Tally, _ past: [Int: HistoryReading], _ suppressor: Suppressor,
    hints more: [Hint]
  ) async throws -> Report {
    var suppressor = suppressor
    var coverage = Coverage()
    coverage.files = tally.files
    coverage.blobs = tally.blobs
    coverage.commits = tally.commits
    coverage.bytes = tally.bytes
    for reading in past.values {
      coverage.blobs += reading.blobs
      coverage.commits += reading.commits
      coverage.bytes += reading.bytes
      coverage.references += reading.references
    }
    coverage.checksTrees = !past.isEmpty
    coverage.alternates = plan.alternates
    let whole = try await self.whole.value
    var redactor = try Redactor(
      whole,
      secrets: (grouped.findings + grouped.suppressed.map(\.finding)).compactMap(\.secret))
    var findings = grouped.findings
    for i in findings.indices { redactor.redact(&findings[i]) }
    var gaps: [Gap] = []
    for gap in plan.gaps + (own?.gaps ?? []) + tally.gaps + past.values.flatMap(\.gaps) {
      gaps.append(redactor.redact(gap))
    }
    suppressor.accept(&gaps)
    coverage.gaps = gaps.sorted(by: Gap.precedes)
    var hints: [Hint] = []
    // Thousands of names, which are asked for only where a configuration has some of its own.
    let ids = {
      Assessor.ids(with: whole.book.rules.map(\.id) + DotenvRules.notes.map(\.id)) + [OwnRule.id]
    }
    for hint in plan.hints + (own?.hints ?? []) + tally.hints + tally.watched.map(DotenvRules.hint)
      + DotenvRules.hints(ofIgnored: tally.ignored) + suppressor.hints(rules: ids) + more
    {
      hints.append(redactor.redact(hint))
    }
    var suppressed = grouped.suppressed
    for i in suppressed.indices { redactor.redact(&suppressed[i].finding) }
    var targets: [Target] = []
    for (i, target) in plan.targets.enumerated() {
      var shown = redactor.redact(target)
      if describesForCodeScanning, let location = plan.locations[i] {
        shown.origin = RemoteAddress.origin(of: location).map { redactor.redact(ForeignText($0)) }
      }
      targets.append(shown)
    }
    for failure in plan.failures { console.note(redactor.redact(failure).visible) }

    let unsure = grouped.unsure.count + grouped.unsureFiles
    if unsure > 0 { hints.append(Self.hint(ofUnsure: unsure)) }

    let named = Set(findings.map(\.rule))
    let rules = book.book.rules.filter { $0.known == nil || own == nil }
    let bases = Set(named.map(\.base))
    let notes =
      (rules.filter { bases.contains($0.id) }.map(\.note) + DotenvRules.notes + [OwnRule.note])
      .flatMap { [$0] + Assessor.notes(of: $0) }.filter { named.contains($0.id) }
    let isPartial = Interruption.isAsked
    return Report(
      toolVersion: Version.current,
      rules: rules.count { $0.role == .finding } + (rules.count < book.book.rules.count ? 1 : 0)
        + DotenvRules.notes.count { selection.picks($0.id) },
      targets: targets, coverage: coverage, findings: findings,
      hints: hints.sorted { ($0.subject, $0.text) < ($1.subject, $1.text) },
      suppressed: suppressed, isPartial: isPartial,
      notes: notes.sorted { $0.id < $1.id },
      status: ExitStatus(
        findings: findings, gaps: coverage.gaps, failOn: verdict.failOn.threshold,
        requiresComplete: verdict.requireComplete, missesInput: !plan.failures.isEmpty,
        isPartial: isPartial))
  }
}
