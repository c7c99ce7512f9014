import ArgumentParser
import Files
import Git
import Model

/// The command itself: it parses, wires and prints, and decides nothing.
@main
struct Keyscan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keyscan",
    abstract: "Finds secrets that would leave this machine with a push.",
    discussion: """
      keyscan reads the work tree, the index and the whole history of a repository, finds keys, \
      tokens and files of environment variables that git does not ignore, and says where each \
      stands and what to do. It works offline. Without a subcommand it scans; keyscan scan --help tells how.

      Exit status: 0 nothing found, 1 found, 64 wrong usage, 65 a rule file, the configuration or the \
      baseline is wrong, 66 no such path or repository, 70 a fault of keyscan's own, 73 the report cannot be written, \
      74 not everything could be read, 130 interrupted.
      """,
    version: Version.current,
    subcommands: [
      ScanCommand.self, EnvCommand.self, DoctorCommand.self, FindCommand.self, RulesCommand.self,
      ExplainCommand.self, VerifyCommand.self, BaselineCommand.self, MigrateCommand.self,
      HookCommand.self,
    ],
    defaultSubcommand: ScanCommand.self)

  static func main() async {
    CurrentProcess.ignoreClosedPipes()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let script = CompletionScript.asked(for: arguments) {
      try? StandardStream.output.write(script)
      CurrentProcess.leave(0)
    }
    prepare(for: arguments)
    do {
      var command = try parseAsRoot(LiveCheckOptions.completed(arguments))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      CurrentProcess.leave(0)
    } catch let code as ExitCode {
      CurrentProcess.leave(code.rawValue)
    } catch {
      // What nobody foresaw must not end with the status of a finding.
      if exitCode(for: error) == .failure {
        try? StandardStream.error.write(
          "keyscan: a fault of keyscan's own, please report it: \(ForeignText("\(error)").visible)\n"
        )
        CurrentProcess.leave(ExitStatus.bug.rawValue)
      }
      if exitCode(for: error) == .validationFailure,
        let mistake = MistypedCommand(arguments)
      {
        leave(with: ValidationError(mistake.message))
      }
      leave(with: error)
    }
  }

  /// Begins what most commands need beside the reading of the arguments, which takes as long.
  private static func prepare(for arguments: [String]) {
    let asks = ["--version", "--help", "-h", "help"]
    if arguments.contains(where: asks.contains) { return }
    let needsGit = !arguments.contains("--stdin")
    Task.detached {
      if needsGit { Repository.prepare() }
      LoadedBook.prepare()
    }
  }

  /// Says what is wrong with the command line, or what was asked for, and ends the process.
  ///
  /// As the argument parser would, but at once: see ``CurrentProcess/leave(_:)``.
  private static func leave(with error: any Error) -> Never {
    let (text, code) = (fullMessage(for: error), exitCode(for: error))
    let stream = code.isSuccess ? StandardStream.output : StandardStream.error
    // Nobody may be there to read it.
    if !text.isEmpty { try? stream.write(text + "\n") }
    CurrentProcess.leave(code.rawValue)
  }
}

extension ExitStatus {
  /// The end of the process with this status; nothing to throw for 0.
  func exit() throws {
    if self != .clean { throw ExitCode(rawValue) }
  }
}
