import ArgumentParser
import Files
import Git
import Inputs
import Model
import Suppressing

/// The command `keyscan baseline`: findings that a team knows of and does not want to hear of.
struct BaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Accept findings that are known, so that only new ones are reported.",
    discussion: """
      The baseline stands at the repository's root as \(Baseline.fileName), a line a finding, \
      and belongs into git; with the line “\(Baseline.fileName) merge=union” in .gitattributes \
      two branches never conflict over it. It holds no secret. A secret in it is still there for \
      whoever can read the repository: replace it.
      """,
    subcommands: [Add.self, Prune.self])

  /// Which repository, and where its baseline is.
  struct Place: ParsableArguments {
    @Option(help: ArgumentHelp("The repository.", valueName: "path"), completion: .directory)
    var path = "."

    @Option(
      help: ArgumentHelp(
        "The baseline, if it is not \(Baseline.fileName) at the root.", valueName: "file"),
      completion: .file())
    var baseline: String?

    @OptionGroup(title: "Rules") var rules: RuleOptions
    @OptionGroup(title: "Own secrets") var owned: OwnSecretOptions
    @OptionGroup(title: "Settings") var settings: SettingOptions
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Put findings into the baseline: all, or those named.")

    @Argument(help: "Fingerprints, or how they begin; without any, everything that is found.")
    var fingerprints: [String] = []

    @Option(help: ArgumentHelp("Why they may stand there, for people.", valueName: "text"))
    var reason = ""

    @Option(
      help: ArgumentHelp(
        "The last day on which they may, after which they are reported again.",
        valueName: "yyyy-mm-dd"))
    var until: String?

    @OptionGroup var place: Place

    func validate() throws {
      if let until, Instant.endOfDay(until) == nil {
        throw ValidationError("--until is \(until); it must be a day such as 2027-01-31.")
      }
      for text in fingerprints where text.count < 6 || text.contains(where: { !$0.isHexDigit }) {
        throw ValidationError("\(text) is no fingerprint: it takes 6 hexadecimal digits or more.")
      }
    }

    func run() async throws {
      let console = Console(settings: place.settings)
      let file = try BaselineFile(place, console)
      let report = try await file.scan(honorsBaseline: true)
      var baseline = file.baseline
      let known = Set(baseline.entries.map(\.fingerprint))
      var chosen: [Finding] = []
      for finding in report.findings {
        let text = finding.fingerprint.description
        if fingerprints.isEmpty || fingerprints.contains(where: { text.hasPrefix($0.lowercased()) })
        {
          chosen.append(finding)
        }
      }
      for text in fingerprints
      where !chosen.contains(where: { $0.fingerprint.description.hasPrefix(text.lowercased()) }) {
        console.note("no finding begins with \(text)")
        throw ExitCode(ExitStatus.usage.rawValue)
      }
      let added = chosen.filter { !known.contains($0.fingerprint) }
      baseline.entries += added.map { finding in
        Baseline.Entry(
          finding.fingerprint, rule: finding.rule.description,
          path: finding.places.first.map { $0.path.visible } ?? "", reason: reason,
          until: until.flatMap { Instant.endOfDay($0) })
      }
      try file.write(baseline)
      let noun = added.count == 1 ? "finding" : "findings"
      try StandardStream.output.write(
        "\(added.count) \(noun) added to \(file.shown), which has \(baseline.entries.count) now\n")
      if report.isPartial || report.coverage.gaps.contains(where: \.kind.fails) {
        console.note("not everything could be read, so there may be more")
      }
    }
  }

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Take out of the baseline what is over, and what no longer stands anywhere.")

    @OptionGroup var place: Place

    func run() async throws {
      let console = Console(settings: place.settings)
      let file = try BaselineFile(place, console)
      let report = try await file.scan(honorsBaseline: false)
      // What could not be read may hold what an entry is for.
      guard !report.isPartial, !report.coverage.gaps.contains(where: \.kind.fails) else {
        console.note("nothing is pruned, because not everything could be read")
        throw ExitCode(ExitStatus.incomplete.rawValue)
      }
      let now = CurrentProcess.time
      let standing = Set(
        report.findings.map(\.fingerprint) + report.suppressed.map(\.finding.fingerprint))
      var baseline = file.baseline
      let count = baseline.entries.count
      baseline.entries.removeAll { entry in
        !standing.contains(entry.fingerprint) || entry.until.map { $0 < now } ?? false
      }
      try file.write(baseline)
      let removed = count - baseline.entries.count
      let noun = removed == 1 ? "entry" : "entries"
      try StandardStream.output.write(
        "\(removed) \(noun) removed from \(file.shown), which has \(baseline.entries.count) now\n")
    }
  }
}

/// The baseline that a command changes.
private struct BaselineFile {
  let baseline: Baseline
  private let place: BaselineCommand.Place
  private let console: Console
  private let path: [UInt8]
  private let plan: Plan

  /// As the user knows it.
  var shown: String { ForeignText(path).visible }

  init(_ place: BaselineCommand.Place, _ console: Console) throws {
    self.place = place
    self.console = console
    var scan = try ScanCommand.usual
    scan.paths = place.path == "." ? [] : [place.path]
    let plan = try scan.plan()
    self.plan = plan
    guard let location = plan.locations[0], let root = location.workTree,
      plan.targets.first?.kind == .repository
    else {
      console.note("\(place.path) is no repository with a work tree, which a baseline stands in")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    path =
      place.baseline.map { Array($0.utf8) }
      ?? Paths.join(root, Array(Baseline.fileName.utf8))
    var options = try DecisionOptions.usual
    if let file = place.baseline {
      // A new one may be begun.
      options.baseline = (try? Paths.status(Array(file.utf8))) == nil ? nil : file
      options.noRepositoryConfig = options.baseline == nil
    }
    let decisions = try DecisionLoader(options: options, console: console).decisions(for: plan)
    baseline = decisions[0]?.baseline ?? Baseline()
  }

  /// Scans as `keyscan` does; without the baseline if that is wanted.
  func scan(honorsBaseline: Bool) async throws -> Report {
    let own = try place.owned.consent(console).secrets(for: plan, console)
    let book = try LoadedBook(adding: place.rules.folders, own: own, console: console)
    let options = try DecisionOptions.usual
    var decisions = try DecisionLoader(options: options, console: console).decisions(for: plan)
    decisions[0]?.baseline = honorsBaseline ? baseline : nil
    var pipeline = Pipeline(
      plan: plan, book: book, verdict: try VerdictOptions.usual, console: console)
    pipeline.decide(decisions, options)
    return try await pipeline.run()
  }

  func write(_ baseline: Baseline) throws {
    do throws(FileError) {
      try OutputFile.write(baseline.content, to: path)
    } catch {
      console.note("\(error)")
      throw ExitCode(ExitStatus.cannotWrite.rawValue)
    }
  }
}
