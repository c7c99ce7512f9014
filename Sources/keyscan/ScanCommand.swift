import ArgumentParser
import Files
import Git
import Inputs
import Model

/// The command `keyscan scan`, which is the default.
struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Scan repositories, folders, files or standard input (the default command).",
    discussion: """
      A PATH that is a repository's root, or a bare repository, means all of it; another folder \
      or file means what is below it. Without a PATH it is the repository that the current \
      folder is in. What git ignores and does not track cannot be pushed and is not read.
      """)

  @Argument(help: ArgumentHelp("What to scan.", valueName: "path"), completion: .file())
  var paths: [String] = []

  @Flag(help: "Scan what is staged and differs from HEAD, and nothing else.")
  var staged = false

  @Flag(help: "Scan standard input.")
  var stdin = false

  @Option(
    help: ArgumentHelp("The path that standard input is taken to come from.", valueName: "path"),
    completion: .file())
  var stdinName: String?

  @Flag(help: "Leave history out.")
  var noHistory = false

  @Flag(help: "Leave the work tree and the index out.")
  var noWorktree = false

  @Flag(help: "Of history scan only the commits that no remote-tracking branch has.")
  var unpushed = false

  @Option(
    help: ArgumentHelp(
      "Scan what the commits add that B reaches and A does not.", valueName: "a..b"))
  var range: String?

  @Option(
    help: ArgumentHelp(
      "Scan what commits add that a revision does not reach, or that were made since a day.",
      valueName: "rev|yyyy-mm-dd"))
  var since: String?

  @Option(help: ArgumentHelp("Scan what the commits of a branch add.", valueName: "name"))
  var branch: String?

  @Flag(help: "Scan what the commits add that standard input names, as git rev-list does.")
  var revisionsFromStdin = false

  @Flag(help: "Also read untracked files that git ignores.")
  var includeIgnored = false

  @Flag(help: "Do not look into archives, databases and documents.")
  var noArchives = false

  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Rules") var chosen: SelectionOptions
  @OptionGroup(title: "Own secrets") var owned: OwnSecretOptions
  @OptionGroup(title: "Decisions") var decided: DecisionOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Verdict") var verdict: VerdictOptions
  @OptionGroup(title: "Live checks") var live: LiveCheckOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions

  func validate() throws {
    if stdin, !paths.isEmpty { throw ValidationError("--stdin takes no PATH.") }
    if stdinName != nil, !stdin { throw ValidationError("--stdin-name needs --stdin.") }
    if staged, paths.count > 1 { throw ValidationError("--staged takes one repository.") }
    if let range, !range.contains("..") || range.contains("...") {
      throw ValidationError("--range is \(range); it must read A..B.")
    }
    let chosen = [
      (staged, "--staged"), (stdin, "--stdin"), (range != nil, "--range"),
      (since != nil, "--since"), (branch != nil, "--branch"),
      (revisionsFromStdin, "--revisions-from-stdin"), (unpushed, "--unpushed"),
      (noHistory, "--no-history"),
    ].filter(\.0).map(\.1)
    if chosen.count > 1 {
      throw ValidationError("\(chosen[0]) and \(chosen[1]) exclude each other.")
    }
    if selection != nil, paths.count > 1 {
      throw ValidationError("\(chosen[0]) takes one repository.")
    }
    if noWorktree, let other = chosen.first {
      throw ValidationError("\(other) and --no-worktree exclude each other.")
    }
    if verdict.failOn == .live, live.verify == nil {
      throw ValidationError("--fail-on live needs --verify.")
    }
    if staged || stdin || noWorktree || selection != nil, includeIgnored {
      throw ValidationError("--include-ignored is about work trees.")
    }
  }

  func run() async throws {
    let console = Console(settings: settings)
    let start = CurrentProcess.time
    let consent = try owned.consent(console)
    var plan: Plan
    do {
      plan = try await console.timing("plan") { try self.plan() }
    } catch let error as PlanFailure {
      console.note(error.message)
      return try error.status.exit()
    }
    plan.explainMistypedCommand(in: Array(CommandLine.arguments.dropFirst()))
    // Of what own secrets are found in nothing is kept.
    var edition =
      consent.isGiven ? nil : LoadedBook.edition(adding: rules.folders, chosen.selection)
    if noArchives { edition?.append(0) }
    let prepared = Prepared(plan, edition: edition, console)
    let own = consent.secrets(for: plan, console)
    let book = try await console.timing("rules") {
      try LoadedBook(adding: rules.folders, chosen.selection, own: own, console: console)
    }
    let decisions = try DecisionLoader(options: decided, console: console).decisions(for: plan)
    var pipeline = Pipeline(book: book, verdict: verdict, prepared: prepared)
    pipeline.decide(decisions, decided)
    pipeline.live = try live.asking(
      book: book, from: rules.folders, for: plan, report, console)
    pipeline.opensContainers = !noArchives
    pipeline.describesForCodeScanning = report.isWanted(.sarif)
    let result = try await pipeline.run()
    try ReportOutput(options: report, console: console, start: start).write(result).exit()
  }

  /// The commits that alone are to be scanned.
  private var selection: CommitSelection? {
    if let range { return .range(range) }
    if let since { return .since(since) }
    if let branch { return .branch(branch) }
    return revisionsFromStdin ? .revisions([]) : nil
  }

  private func planCommits(_ selection: CommitSelection) throws(PlanFailure) -> Plan {
    var selection = selection
    if case .revisions = selection {
      let content = try PlanFailure.files { () throws(FileError) in
        try File.standardInput().contents(limit: 1 << 26)
      }
      let lines = String(decoding: content ?? [], as: UTF8.self).split(separator: "\n")
      selection = .revisions(lines.map { String($0) })
    }
    let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
    let path = paths.first.map { Array($0.utf8) } ?? [UInt8(ascii: ".")]
    let location = try PlanFailure.repository(at: path, from: here, usesEnvironment: paths.isEmpty)
    let chosen = selection
    return try PlanFailure.git { () throws(GitError) in
      try Planner.planCommits(chosen, in: location, named: path)
    }
  }

  func plan() throws(PlanFailure) -> Plan {
    if let selection { return try planCommits(selection) }
    var plan = try planFiles()
    if unpushed { Planner.addUnpushed(to: &plan) }
    return plan
  }

  private func planFiles() throws(PlanFailure) -> Plan {
    if stdin { return Planner.planStandardInput(name: Array((stdinName ?? "<stdin>").utf8)) }
    let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
    if staged {
      let path = paths.first.map { Array($0.utf8) } ?? [UInt8(ascii: ".")]
      let location = try PlanFailure.repository(
        at: path, from: here, usesEnvironment: paths.isEmpty)
      return try PlanFailure.git { () throws(GitError) in
        try Planner.planStaged(in: location, named: path)
      }
    }
    var options = Planner.Options()
    options.includesIgnored = includeIgnored
    options.leavesOutHistory = noHistory
    options.leavesOutWorkTree = noWorktree
    if paths.isEmpty {
      // The repository around the current folder, or the folder itself if there is none.
      let here = Paths.real(here) ?? here
      let location = try? RepositoryLocation.containing(here)
      let root = location.map { $0.workTree ?? $0.gitFolder } ?? here
      return Planner.plan(paths: [Paths.route(from: here, to: root)], options: options)
    }
    return Planner.plan(paths: paths.map { Array($0.utf8) }, options: options)
  }
}

/// Why nothing can be scanned at all.
struct PlanFailure: Error {
  let message: String
  let status: ExitStatus

  static func git<Value>(_ body: () throws(GitError) -> Value) throws(PlanFailure) -> Value {
    do throws(GitError) {
      return try body()
    } catch {
      let isMissing = error.kind == .unsupported || error.kind == .missing
      throw PlanFailure(message: error.description, status: isMissing ? .noInput : .incomplete)
    }
  }

  static func files<Value>(_ body: () throws(FileError) -> Value) throws(PlanFailure) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw PlanFailure(message: error.description, status: .noInput)
    }
  }

  /// The repository that `path` is in; with `usesEnvironment`, the one that git named there.
  static func repository(
    at path: [UInt8], from here: [UInt8], usesEnvironment: Bool
  ) throws(PlanFailure) -> RepositoryLocation {
    let found: RepositoryLocation? = try git { () throws(GitError) -> RepositoryLocation? in
      if usesEnvironment, let named = try RepositoryLocation.named(in: here) { return named }
      let absolute = Paths.join(here, path)
      return try RepositoryLocation.containing(Paths.real(absolute) ?? absolute)
    }
    guard let found else {
      throw PlanFailure(
        message: "there is no repository at \(String(decoding: path, as: UTF8.self))",
        status: .noInput)
    }
    return found
  }
}
