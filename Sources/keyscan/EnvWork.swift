import Dotenv
import Files
import Git
import Inputs
import Model
import Scanning

/// The repository that `keyscan env` is about, and the part of it.
struct EnvPlace {
  let location: RepositoryLocation
  /// From the root; empty for all of it.
  let part: [UInt8]
  /// As the user wrote it.
  let name: [UInt8]
  /// Where the root is from the current folder.
  let root: [UInt8]

  /// Without a path it is all of the repository that the current folder is in.
  init(_ path: String?) throws(PlanFailure) {
    name = Array((path ?? ".").utf8)
    let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
    let name = name
    _ = try PlanFailure.files { () throws(FileError) in try Paths.status(name) }
    location = try PlanFailure.repository(at: name, from: here, usesEnvironment: path == nil)
    let base = Paths.real(here) ?? here
    let real = Paths.real(Paths.join(here, name)) ?? Paths.join(base, name)
    let top = location.workTree ?? location.gitFolder
    // The git folder stands for the work tree around it.
    part = path == nil || real == location.gitFolder ? [] : Paths.relative(real, to: top) ?? []
    root = Paths.route(from: base, to: top)
  }
}

/// From a place to a report on its files of variables.
///
/// The files are judged by the pipeline that scans them, so that `keyscan .` says the same.
struct EnvWork {
  let place: EnvPlace
  let console: Console
  let threshold: Severity?

  init(_ place: EnvPlace, _ console: Console, failOn threshold: Severity?) {
    self.place = place
    self.console = console
    self.threshold = threshold
  }

  /// What came of it.
  struct Outcome {
    let report: EnvReport
    /// The files before anything was masked; not to be shown.
    let files: [EnvFile]
    /// `nil` for a bare repository.
    let survey: EnvSurvey?
    let book: LoadedBook
    let secrets: [Secret]

    /// Masks what a rule finds, and the secrets that were found.
    func redactor() async throws -> Redactor {
      try Redactor(try await book.whole.value, secrets: secrets)
    }
  }

  /// Surveys, scans and judges.
  func run() async throws -> Outcome {
    var options = Planner.Options()
    options.includesIgnored = true
    var plan = Planner.plan(paths: [place.root], options: options)
    if let failure = plan.failures.first {
      throw PlanFailure(message: failure.visible, status: .noInput)
    }
    let survey = plan.trees.first.map { EnvSurvey(of: $0, part: place.part) }
    // Only these files are read; the rest of the tree is what keyscan scan is for.
    plan.work = survey.map { [.items($0.items)] } ?? []
    plan.partTrees = plan.trees
    plan.trees = []
    let book = try LoadedBook(adding: [], console: console)
    let scanned = try await Pipeline(
      plan: plan, book: book, verdict: try VerdictOptions.usual, console: console
    ).run()
    let files = try files(of: survey, scanned.findings.filter { $0.provider == "dotenv" })
    let secrets = scanned.findings.compactMap(\.secret)
    var redactor = try Redactor(try await book.whole.value, secrets: secrets)
    var report = EnvReport(
      toolVersion: Version.current, repository: redactor.redact(ForeignText(place.name)),
      files: files.sorted(by: EnvFile.precedes), gaps: scanned.coverage.gaps, notes: [],
      status: .clean)
    for gap in survey?.gaps ?? [] {
      let gap = redactor.redact(gap)
      if !report.gaps.contains(gap) { report.gaps.append(gap) }
    }
    report.gaps.sort(by: Gap.precedes)
    for note in survey?.notes ?? [] { report.notes.append(redactor.redact(note)) }
    for i in report.files.indices { redactor.redact(&report.files[i]) }
    report.status = status(of: report, isPartial: scanned.isPartial)
    return Outcome(report: report, files: files, survey: survey, book: book, secrets: secrets)
  }

  private func status(of report: EnvReport, isPartial: Bool) -> ExitStatus {
    let isFound = report.files.contains { file in
      threshold.map { wanted in file.severity.map { $0 >= wanted } ?? false } ?? false
    }
    if isFound { return .found }
    if isPartial { return .interrupted }
    return report.gaps.contains(where: \.kind.fails) ? .incomplete : .clean
  }

  /// The files of the survey, and those that only commits have.
  private func files(of survey: EnvSurvey?, _ findings: [Finding]) throws -> [EnvFile] {
    var rest = Dictionary(grouping: findings, by: \.fingerprint)
    var files: [EnvFile] = []
    if let survey {
      var facts = try EnvFacts(of: survey, in: place.location)
      files = facts.files { path in
        DotenvRules.notes.flatMap { note in
          rest.removeValue(forKey: fingerprint(ofFile: path, rule: note.id)) ?? []
        }
      }
    }
    let past = rest.values.joined().filter { finding in
      let path = finding.places.first?.path.bytes ?? []
      return place.part.isEmpty || path == place.part
        || Paths.relative(path, to: place.part) != nil
    }
    return files + past.compactMap { EnvFacts.pastFile($0) }
  }
}

extension Redactor {
  /// The same file with everything masked that may hold a secret by accident.
  mutating func redact(_ file: inout EnvFile) {
    func each(_ texts: inout [ForeignText], _ redactor: inout Redactor) {
      for i in texts.indices { texts[i] = redactor.redact(texts[i]) }
    }
    file.path = redact(file.path)
    if let namedBy = file.namedBy { file.namedBy = redact(namedBy) }
    if let text = file.ignore?.text { file.ignore?.text = redact(text) }
    if let text = file.nearMiss?.spot.text { file.nearMiss?.spot.text = redact(text) }
    if let reason = file.nearMiss?.reason { file.nearMiss?.reason = redact(reason) }
    if let target = file.link?.target { file.link?.target = redact(target) }
    if var drift = file.drift {
      each(&drift.missing, &self)
      each(&drift.extra, &self)
      file.drift = drift
    }
    each(&file.givesAway, &self)
    each(&file.ships, &self)
    each(&file.notes, &self)
    each(&file.advice, &self)
  }
}
