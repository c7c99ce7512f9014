import ArgumentParser
import Doctor
import Files
import LiveChecks
import Model
import Reporting
import Rules
import Scanning

/// The command `keyscan doctor`, which says why a Gemini key does not work.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say why a Gemini key may not work: variables, profiles, .env files, its shape.",
    discussion: """
      Looks, offline unless --verify is given, and without writing anything, at the environment that it is started with, \
      shell profiles, the .env files that the usual tools would read from the folder, the shape \
      of every key it meets and the code that uses it, and says step by step what was seen and \
      what to do. No key is shown: two of them are told apart as key A and key B.

      Exit status: 0 no fault was seen, 1 one was, 64 wrong usage, 66 no such folder.
      """)

  /// What the report is written as.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(
    help: ArgumentHelp("The folder in which the program runs.", valueName: "path"),
    completion: .directory)
  var path = "."

  @Option(help: "text or json.")
  var format: Format = .text

  @Option(
    help: ArgumentHelp(
      "Explain the text of an error too, whole as it came; - reads it from standard input.",
      valueName: "text"))
  var message: String?

  @Option(help: "auto, always or never; NO_COLOR in the environment is respected by auto.")
  var color: ColorChoice = .auto

  @OptionGroup(title: "Live checks") var live: LiveCheckOptions

  func run() async throws {
    var settings = try SettingOptions.usual
    settings.color = color
    let console = Console(settings: settings)
    let folder = try folder(console)
    let situation = Situation(
      environment: Self.environment, home: Self.home, folder: folder,
      message: try messageText(console))
    let diagnosis = try await diagnosis(of: situation, console)
    let report = DiagnosisReport(diagnosis)
    let style = console.style(for: try ReportOptions.usual)
    do throws(FileError) {
      try StandardStream.output.write(
        format == .json
          ? report.json() : report.text(usesColor: style.usesColor, width: style.width))
    } catch {
      // Whoever reads only the beginning, as `head` does, has seen enough.
      if !error.isClosedPipe {
        console.note("cannot write the report: \(error.reason): standard output")
        return try ExitStatus.cannotWrite.exit()
      }
    }
    if diagnosis.hasFault { try ExitStatus.found.exit() }
  }

  /// Looks, and asks Google if that is wanted.
  private func diagnosis(of situation: Situation, _ console: Console) async throws -> Diagnosis {
    guard let verify = live.verify else { return Examination.diagnosis(of: situation) }
    var asking = try LiveAsking(
      verify, live.details, book: RuleBook([]), ofUser: UserConfiguration.load(console),
      console: console)
    asking.plansAsJSON = format == .json
    let live = asking
    return try await Examination.diagnosis(of: situation) { credentials in
      try await live.verdicts(on: credentials, Progress())
    }
  }

  private func folder(_ console: Console) throws -> [UInt8] {
    let given = Array(path.utf8)
    let kind: FileKind
    do throws(FileError) {
      kind = try Paths.status(given).kind
    } catch {
      console.note("no such folder: \(error)")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    guard kind == .folder else {
      console.note("\(path) is no folder; name the one in which the program runs")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    guard let real = Paths.real(given) else {
      console.note("\(path) cannot be found any more")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    return real
  }

  /// The error text, if one is given.
  private func messageText(_ console: Console) throws -> [UInt8]? {
    guard let message else { return nil }
    guard message == "-" else { return Array(message.utf8) }
    let content: [UInt8]?
    do throws(FileError) {
      content = try File.standardInput().contents(limit: GoogleMessage.limit)
    } catch {
      console.note("the message cannot be read: \(error.reason)")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    if let content { return content }
    console.note("the message has more than \(GoogleMessage.limit) bytes; give the error alone")
    throw ExitCode(ExitStatus.usage.rawValue)
  }

  private static var environment: [String: String] {
    var found: [String: String] = [:]
    for name in VariableName.all { found[name] = CurrentProcess.variable(name) }
    return found
  }

  private static var home: [UInt8]? {
    guard let home = CurrentProcess.variable("HOME"), home.hasPrefix("/") else { return nil }
    return Paths.real(Array(home.utf8)) ?? Array(home.utf8)
  }
}
