import ArgumentParser
import Dotenv
import Files
import Git
import Inputs
import Model
import Reporting
import Scanning

/// The command `keyscan env`: every file of environment variables and how it stands.
struct EnvCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "env",
    abstract: "Say of every file of environment variables how it stands, and mend it.",
    discussion: """
      Told are the files of the .env family in the work tree, ignored ones too, in the index, in \
      HEAD and in the commits, and those that Compose files name under env_file: the line of an \
      ignore file that covers each, or why the line that looks as if it did does not; what the \
      file gives away, by names alone; whether an image or an npm package would take it along. \
      A PATH inside a repository limits it to what is there.

      --fix adds ignore lines and takes files out of the index, and touches no file of variables. \
      It shows first what it will do, and prints the commands that undo it.

      Exit status as of keyscan scan; 65 if --fix cannot be done without losing something.
      """)

  /// What the report is written as.
  enum Form: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(
    help: ArgumentHelp(
      "A repository, or a folder or file in one; without it, the repository around the current folder.",
      valueName: "path"), completion: .file())
  var path: String?

  @Option(help: "text, or json for other programs.")
  var format: Form = .text

  @Option(
    help: "Status 1 only for what is as bad as this, or worse: low, medium, high, critical, never.")
  var failOn: FailOn = .medium

  @Flag(help: "Add ignore lines and take files out of the index, after showing what and asking.")
  var fix = false

  @Flag(help: "With --fix: do it without asking.")
  var yes = false

  @OptionGroup(title: "Settings") var settings: SettingOptions

  func validate() throws {
    if yes, !fix { throw ValidationError("--yes needs --fix.") }
    if fix, format != .text { throw ValidationError("--fix speaks to people: it needs text.") }
  }

  func run() async throws {
    let console = Console(settings: settings)
    do {
      let place = try EnvPlace(path)
      let work = EnvWork(place, console, failOn: failOn.severity)
      let outcome = try await work.run()
      var status = try write(outcome.report, console)
      if fix, !Interruption.isAsked {
        status = try await mend(outcome, place, work, console) ?? status
      }
      try status.exit()
    } catch let error as PlanFailure {
      console.note(error.message)
      try error.status.exit()
    }
  }

  /// Does what `--fix` promises; `nil` if nothing was done and the report's status stands.
  private func mend(
    _ outcome: EnvWork.Outcome, _ place: EnvPlace, _ work: EnvWork, _ console: Console
  ) async throws -> ExitStatus? {
    guard let survey = outcome.survey else {
      console.note("--fix changes nothing: a bare repository has no index and no ignore files")
      return .badData
    }
    let repair = try PlanFailure.git { () throws(GitError) in
      try EnvRepair(of: outcome.files, in: survey, at: place.location)
    }
    var redactor = try await outcome.redactor()
    let fix = EnvFix(repair: repair, place: place, console: console, isAgreed: yes)
    switch try fix.run(&redactor) {
    case .refused: return .badData
    case .left: return nil
    // What is left is seen by looking again.
    case .done: return try await work.run().report.status
    }
  }

  private func write(_ report: EnvReport, _ console: Console) throws -> ExitStatus {
    let bytes =
      switch format {
      case .text:
        EnvTextReport(report, usesColor: console.usesColor, isQuiet: settings.quiet).document()
      case .json: EnvJSONReport(report).document()
      }
    do throws(FileError) {
      try StandardStream.output.write(bytes)
    } catch {
      if error.isClosedPipe { return report.status }
      console.note("cannot write the report: \(error.reason): standard output")
      return .cannotWrite
    }
    return report.status
  }
}
