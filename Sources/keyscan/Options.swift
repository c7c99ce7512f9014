import ArgumentParser
import Files
import Model
import Reporting
import Rules
import Suppressing

/// What a report is written as.
enum Format: String, CaseIterable, ExpressibleByArgument {
  case text, json, jsonl, sarif, markdown, html, junit, github, gitlab
}

/// What a SARIF report does with what only history holds.
enum SARIFHistory: String, CaseIterable, ExpressibleByArgument {
  case anchor, omit
}

/// A report that is written to a file besides.
struct ReportFile: ExpressibleByArgument {
  let format: Format
  let path: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let format = Format(rawValue: String(parts[0])) else { return nil }
    self.format = format
    path = String(parts[1])
  }
}

/// From which severity on a finding makes the status 1.
enum FailOn: String, CaseIterable, ExpressibleByArgument {
  case low, medium, high, critical, never

  /// `nil` for never.
  var severity: Severity? { Severity(rawValue: rawValue) }
}

/// From which severity on a finding fails a scan, or whether it must be alive.
enum ScanFailOn: String, CaseIterable, ExpressibleByArgument {
  case low, medium, high, critical, live, never

  var threshold: ExitStatus.Threshold {
    switch self {
    case .never: .never
    case .live: .live
    case .low: .severity(.low)
    case .medium: .severity(.medium)
    case .high: .severity(.high)
    case .critical: .severity(.critical)
    }
  }
}

extension Confidence: ExpressibleByArgument {}

enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// What to scan with.
struct RuleOptions: ParsableArguments {
  @Option(
    name: .customLong("rules"),
    help: ArgumentHelp(
      "Apply the rules of a folder too; an id that exists already is an error.",
      valueName: "folder"), completion: .directory)
  var folders: [String] = []
}

/// Which of the rules to apply.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: .customLong("rule"),
    help: ArgumentHelp(
      "Apply only this rule, or those whose ids begin so (google.*); may be repeated.",
      valueName: "id"), completion: .custom(RuleIDs.completions(ofAll:_:_:)))
  var only: [String] = []

  @Option(
    name: .customLong("no-rule"),
    help: ArgumentHelp("Leave out this rule, or those whose ids begin so.", valueName: "id"),
    completion: .custom(RuleIDs.completions(ofAll:_:_:)))
  var without: [String] = []

  var selection: RuleSelection {
    RuleSelection(only: only.map { RuleName($0) }, without: without.map { RuleName($0) })
  }
}

/// How to report.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "text, json, jsonl (a finding a line), sarif (2.1.0), markdown, html, junit, github (annotations; the "
        + "summary goes to $GITHUB_STEP_SUMMARY), gitlab (its secret-detection report)."))
  var format: Format = .text

  @Option(
    help: ArgumentHelp(
      "Write the report to a file, whole or not at all, instead of standard output.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(
    name: .customLong("report"),
    help: ArgumentHelp(
      "Write a further report to a file, such as sarif=keyscan.sarif; may be repeated.",
      valueName: "format=file"),
    completion: .list(Format.allCases.map { "\($0)=" }))
  var files: [ReportFile] = []

  @Option(
    help:
      "In SARIF, what only history holds is shown at a file that is there (anchor), or omitted (omit)."
  )
  var sarifHistory: SARIFHistory = .anchor

  /// A format is asked for, here or there.
  func isWanted(_ wanted: Format) -> Bool {
    format == wanted || files.contains { $0.format == wanted }
  }

  @Flag(help: "In text, show all places of a finding, however many there are.")
  var allPlaces = false

  @Flag(help: "Show also what somebody decided not to see, and who.")
  var showSuppressed = false

  @Flag(help: "Show secrets in the clear; a report file is then readable for its owner only.")
  var showSecrets = false
}

/// What makes the run fail.
struct VerdictOptions: ParsableArguments {
  @Option(
    help: """
      Status 1 only for findings from this severity on: low, medium, high, critical, never; or for \
      those that a live check found alive: live.
      """)
  var failOn: ScanFailOn = .medium

  @Option(
    help: "Leave out what is less sure to be a secret than this: low, medium, high.")
  var minConfidence: Confidence = .medium

  @Flag(help: "Status 74 if anything at all was not read, even what nobody asked for.")
  var requireComplete = false
}

/// What somebody decided not to see.
struct DecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read the configuration from a file instead of \(Configuration.fileName) at the root.",
      valueName: "file"), completion: .file())
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Read the repository's configuration and baseline from a commit, such as the one that a pull "
        + "request is to go into.", valueName: "rev"))
  var configRef: String?

  @Flag(help: "Read neither configuration nor baseline from the repository.")
  var noRepositoryConfig = false

  @Option(
    help: ArgumentHelp(
      "Read the baseline from a file instead of \(Baseline.fileName) at the root.",
      valueName: "file"), completion: .file())
  var baseline: String?

  @Flag(help: "Let no comment allow a secret.")
  var noAllowComments = false

  @Option(
    name: .customLong("exclude"),
    help: ArgumentHelp(
      "Report nothing at these paths, in the syntax of .gitignore; may be repeated.",
      valueName: "glob"))
  var excludes: [String] = []
}

/// What reads the objects of history.
enum Engine: String, CaseIterable, ExpressibleByArgument {
  /// Packs, a delta family at a time.
  case sweep
  /// libgit2, one object after another.
  case libgit2
}

/// How to run.
struct SettingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many workers scan at once.", valueName: "count"))
  var jobs: Int = CurrentProcess.processors

  @Option(
    help: "What reads history: sweep, or libgit2, which is slower and finds the same.")
  var engine: Engine = .sweep

  @Flag(
    help: "Read all of history again, and keep nothing of it for the next run.")
  var noCache = false

  @Flag(help: "Show no progress, even on a terminal.")
  var noProgress = false

  @Option(help: "auto, always or never; NO_COLOR in the environment is respected by auto.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Say only what was found and what could not be read.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: fingerprints, every gap, how keyscan started.")
  var verbose = false

  func validate() throws {
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs); it must be from 1 to 256.")
    }
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
  }
}
