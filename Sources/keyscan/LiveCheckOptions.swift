import ArgumentParser
import Files
import Git
import Inputs
import LiveChecks
import Model

/// Providers with commas between them, as the command line names them.
struct ProviderList: ExpressibleByArgument {
  let providers: [String]

  /// What stands for a bare `--verify`: those that the user's own configuration names.
  static let configured = "configured"

  init(providers: [String]) {
    self.providers = providers
  }

  init?(argument: String) {
    if argument == Self.configured {
      providers = []
      return
    }
    providers = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if providers.contains("") { return nil }
  }
}

/// Whether providers are asked about what is found, which takes the user's word.
struct LiveCheckOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ask whether what is found is alive: google, openai, … or all; without a list, those that your "
        + "own configuration names.", valueName: "provider,…"),
    completion: .list(LiveCheckNames.builtIn))
  var verify: ProviderList?

  @OptionGroup var details: LiveCheckDetails

  /// A bare `--verify` as one with a value: it takes one behind `=` only, so that a path may follow.
  static func completed(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return arguments[..<end].map { $0 == "--verify" ? "--verify=\(ProviderList.configured)" : $0 }
      + arguments[end...]
  }

  /// Who asks; `nil` if nobody is to be asked.
  ///
  /// A name that nobody has ends the run with status 64, a user's configuration that is wrong with 65.
  func asking(
    book: LoadedBook, from folders: [String], for plan: Plan, _ report: ReportOptions,
    _ console: Console
  ) throws -> LiveAsking? {
    guard let verify else { return nil }
    var asking = try LiveAsking(
      verify, details, book: book.all, ofUser: UserConfiguration.load(console),
      rulesAreScanned: folders.contains { Self.isScanned($0, by: plan) }, console: console)
    asking.plansAsJSON = report.format == .json || report.format == .jsonl
    return asking
  }

  /// Whether a folder of rules is, or is in, something that `plan` reads.
  private static func isScanned(_ folder: String, by plan: Plan) -> Bool {
    guard let folder = Paths.real(Array(folder.utf8)) else { return false }
    let roots =
      plan.targets.map(\.path.bytes)
      + plan.locations.values.flatMap { [$0.workTree, $0.gitFolder].compactMap { $0 } }
    return roots.compactMap { Paths.real($0) }.contains { root in
      folder.starts(with: root)
        && (folder.count == root.count || folder[root.count] == UInt8(ascii: "/"))
    }
  }

  func validate() throws {
    if verify == nil, let option = details.given {
      throw ValidationError("\(option) needs --verify.")
    }
  }
}

/// How providers are asked.
struct LiveCheckDetails: ParsableArguments {
  @Flag(help: "Print whom would be asked what and how often, and send nothing.")
  var dryRun = false

  @Flag(
    help: "Ask also what a live Google key opens, by requests that cost nothing and change nothing."
  )
  var probe = false

  @Flag(
    help:
      "Keep what is alive for an hour and what is dead for a day, by a keyed hash, and ask later.")
  var verifyCache = false

  @Option(
    help: ArgumentHelp("How many requests a host gets at once.", valueName: "count"))
  var verifyJobs: Int?

  @Option(
    help: ArgumentHelp("How many requests a host gets in a second.", valueName: "count"))
  var verifyRate: Int?

  @Option(
    name: .customLong("endpoint"),
    help: ArgumentHelp(
      "Ask a server on this machine in a provider's place, such as google=https://127.0.0.1:8443; "
        + "nobody else is then reached.", valueName: "provider=url"))
  var endpoints: [String] = []

  @Option(
    name: .customLong("endpoint-ca"),
    help: ArgumentHelp("Whose certificate such a server has, in PEM.", valueName: "file"),
    completion: .file())
  var endpointCA: String?

  /// One of these that was given.
  var given: String? {
    [
      (dryRun, "--dry-run"), (probe, "--probe"), (verifyCache, "--verify-cache"),
      (verifyJobs != nil, "--verify-jobs"), (verifyRate != nil, "--verify-rate"),
      (!endpoints.isEmpty, "--endpoint"), (endpointCA != nil, "--endpoint-ca"),
    ].first { $0.0 }?.1
  }

  func validate() throws {
    if let verifyJobs, !(1...64).contains(verifyJobs) {
      throw ValidationError("--verify-jobs is \(verifyJobs); it must be from 1 to 64.")
    }
    if let verifyRate, !(1...10_000).contains(verifyRate) {
      throw ValidationError("--verify-rate is \(verifyRate); it must be from 1 to 10000.")
    }
    if endpointCA != nil, endpoints.isEmpty {
      throw ValidationError("--endpoint-ca needs --endpoint.")
    }
  }
}
