import ArgumentParser
import Files
import Git
import Inputs
import Model
import Reporting
import Scanning

/// The command `keyscan verify`, which asks whether a secret is alive.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Ask providers whether a secret is alive, or those that a report names.",
    discussion: """
      Without a report, the secret is read from standard input, or from a variable of the \
      environment; never from the command line, which other programs can see. What belongs to it, \
      such as the id of a key, goes with it, as it would stand in a file.

      With a report that keyscan wrote as JSON, each secret is read again where it stood and asked \
      about if it still stands there.

      Nobody is asked who is not named here or under verify: in your own keyscan/config.yml.

      Exit status: 0 nothing of what was asked about is alive, 1 something is, 64 nobody was named \
      who may be asked, 65 the report is none, 66 there is nothing to ask about, 74 for something \
      no answer tells.
      """)

  @Argument(
    help: ArgumentHelp("A report that keyscan wrote as JSON.", valueName: "report"),
    completion: .file(extensions: ["json"]))
  var file: String?

  @Option(
    help: ArgumentHelp("Read the secret from this variable of the environment.", valueName: "name"))
  var fromEnv: String?

  @Option(
    help: ArgumentHelp(
      "Who may be asked: google, openai, … or all; without it, those that your own configuration "
        + "names.", valueName: "provider,…"), completion: .list(LiveCheckNames.builtIn))
  var ask: ProviderList?

  @OptionGroup(title: "Live checks") var details: LiveCheckDetails
  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions

  func validate() throws {
    if file != nil, fromEnv != nil {
      throw ValidationError("Give either a report or --from-env.")
    }
  }

  func run() async throws {
    let console = Console(settings: settings)
    let start = CurrentProcess.time
    let earlier = try file.map { try read($0, console) }
    let book = try LoadedBook(adding: rules.folders, console: console)
    var live = try LiveAsking(
      ask ?? ProviderList(providers: []), details, book: book.all,
      ofUser: UserConfiguration.load(console), console: console)
    live.plansAsJSON = report.format == .json || report.format == .jsonl
    var verdict = try VerdictOptions.usual
    verdict.minConfidence = .low
    verdict.failOn = .live
    let plan = try earlier.map { self.plan(of: $0, console) } ?? self.plan(console)
    var pipeline = Pipeline(plan: plan, book: book, verdict: verdict, console: console)
    pipeline.live = live
    pipeline.reported = earlier.map { Reported($0.findings) }
    let result = try await pipeline.run()
    let status = ReportOutput(options: report, console: console, start: start).write(result)
    if result.findings.isEmpty, status == .clean {
      console.note(
        earlier == nil
          ? "no rule knows what this is, so there is nobody to ask" : "the report names no secret")
      try ExitStatus.noInput.exit()
    }
    try status.exit()
  }

  /// The secret that the user hands over.
  private func plan(_ console: Console) throws -> Plan {
    guard let fromEnv else { return Planner.planStandardInput(name: Array("<stdin>".utf8)) }
    guard let value = CurrentProcess.variable(fromEnv), !value.isEmpty else {
      console.note("\(fromEnv) is not set in the environment, or empty")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    // With its name, by which some rules know it.
    return Planner.plan(
      given: Array("\(fromEnv)=\(value)\n".utf8), name: Array("<environment>".utf8))
  }

  private func read(_ file: String, _ console: Console) throws -> JSONReportReader {
    let limit = 1 << 28
    let content: [UInt8]?
    do throws(FileError) {
      content = try File(at: Array(file.utf8)).contents(limit: limit)
    } catch {
      console.note("the report cannot be read: \(error)")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    do throws(JSONReportError) {
      guard let content else { throw JSONReportError("\(file) has more than \(limit) bytes") }
      return try JSONReportReader(content, file: file)
    } catch {
      console.note(error.description)
      throw ExitCode(ExitStatus.badData.rawValue)
    }
  }

  /// The places of a report's findings, as things to read: blobs by their names, files by their paths.
  private func plan(of report: JSONReportReader, _ console: Console) -> Plan {
    var plan = Plan()
    plan.targets = report.targets
    for (i, target) in report.targets.enumerated() {
      let path = Paths.real(target.path.bytes) ?? target.path.bytes
      plan.locations[i] = try? RepositoryLocation.containing(path)
    }
    var seen: Set<[UInt8]> = []
    var items: [Item] = []
    for place in report.findings.flatMap(\.places) {
      guard let source = source(of: place, in: plan) else { continue }
      let key = Array("\(place.target) \(place.blob ?? "") ".utf8) + place.file.bytes
      guard seen.insert(key).inserted else { continue }
      items.append(
        Item(
          target: place.target, path: place.file.bytes, source: source, standsIn: place.standsIn))
    }
    plan.work = [.items(items)]
    return plan
  }

  private func source(of place: Place, in plan: Plan) -> Item.Source? {
    let target = plan.targets[place.target]
    let location = plan.locations[place.target]
    // What stands in the work tree is read there: the report's blob may be what was staged.
    let isInTree = place.standsIn.contains(.worktree)
    if let location, !isInTree, let blob = place.blob.flatMap({ ObjectID(hex: $0.utf8) }) {
      return .blob(blob, location)
    }
    guard place.kind == .file, !place.file.bytes.isEmpty else { return nil }
    switch target.kind {
    case .repository, .part, .staged, .push, .range, .bareRepository:
      guard let root = location?.workTree else { return nil }
      return .file(path: Paths.join(root, place.file.bytes))
    case .folder: return .file(path: Paths.join(target.path.bytes, place.file.bytes))
    case .file: return .file(path: target.path.bytes)
    case .standardInput: return nil
    }
  }
}
