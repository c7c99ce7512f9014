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

  @Argument(help: ArgumentHelp("What to scan.", valueName: "path"))
  var paths: [String] = []

  @Flag(help: "Scan what is staged and differs from HEAD, and nothing else.")
  var staged = false

  @Flag(help: "Scan standard input.")
  var stdin = false

  @Option(
    help: ArgumentHelp("The path that standard input is taken to come from.", valueName: "path"))
  var stdinName: String?

  @Flag(help: "Leave history out.")
  var noHistory = false

  @Flag(help: "Also read untracked files that git ignores.")
  var includeIgnored = false

  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Verdict") var verdict: VerdictOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions

  func validate() throws {
    if staged, stdin { throw ValidationError("--staged and --stdin exclude each other.") }
    if stdin, !paths.isEmpty { throw ValidationError("--stdin takes no PATH.") }
    if stdinName != nil, !stdin { throw ValidationError("--stdin-name needs --stdin.") }
    if staged, paths.count > 1 { throw ValidationError("--staged takes one repository.") }
    if staged || stdin, includeIgnored {
      throw ValidationError("--include-ignored is about work trees.")
    }
  }

  func run() async throws {
    let console = Console(settings: settings)
    if !stdin { Task.detached { Repository.prepare() } }
    let book = try await console.timing("rules") {
      try Pipeline.book(adding: rules.folders, console: console)
    }
    let plan: Plan
    do {
      plan = try await console.timing("plan") { try self.plan() }
    } catch let error as PlanFailure {
      console.note(error.message)
      return try error.status.exit()
    }
    let pipeline = Pipeline(plan: plan, book: book, verdict: verdict, console: console)
    let result = try await pipeline.run()
    try ReportOutput(options: report, console: console).write(result).exit()
  }

  private func plan() throws(PlanFailure) -> Plan {
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
