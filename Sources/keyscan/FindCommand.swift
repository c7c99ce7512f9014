import ArgumentParser
import Files
import Git
import Matching
import Model
import Reporting
import Rules
import Scanning

/// The command `keyscan find`: where one secret stands.
struct FindCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find",
    abstract: "Say where one secret stands, by its fingerprint or by itself.",
    discussion: """
      A fingerprint stands in every report, and its first digits are enough. With --stdin the \
      secret itself is read from standard input, up to the first line break, whether a rule \
      knows it or not: it is found in every encoding that rules are found in. Nothing of it is \
      printed.

      --replacements writes the file that git filter-repo --replace-text reads. It holds the \
      secret as it is, so it is readable for its owner only, may not be in the work tree, and is \
      to be deleted at once.
      """)

  @Argument(help: "The fingerprint, or how it begins.")
  var fingerprint: String?

  @Flag(help: "Read the secret from standard input.")
  var stdin = false

  @Option(
    help: ArgumentHelp(
      "Write the secret, as it stands everywhere, as expressions for git filter-repo.",
      valueName: "file"), completion: .file())
  var replacements: String?

  @Option(help: ArgumentHelp("Where to look.", valueName: "path"), completion: .directory)
  var path = "."

  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Own secrets") var owned: OwnSecretOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions

  /// The fewest bytes of a secret that can be searched for.
  private static let shortest = 8

  func validate() throws {
    if stdin == (fingerprint != nil) {
      throw ValidationError("Give either a fingerprint or --stdin.")
    }
    if let fingerprint, fingerprint.count < 6 || fingerprint.contains(where: { !$0.isHexDigit }) {
      throw ValidationError("A fingerprint is at least 6 hexadecimal digits.")
    }
  }

  func run() async throws {
    let console = Console(settings: settings)
    let location: RepositoryLocation
    do throws(PlanFailure) {
      let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
      location = try PlanFailure.repository(
        at: Array(path.utf8), from: here, usesEnvironment: false)
      try checkReplacements(location, here: here)
    } catch {
      console.note(error.message)
      return try error.status.exit()
    }
    var scan = try ScanCommand.usual
    scan.paths = path == "." ? [] : [path]
    let plan = try scan.plan()
    let book: LoadedBook
    if stdin {
      book = try bookOfOne()
    } else {
      let own = try owned.consent(console).secrets(for: plan, console)
      book = try LoadedBook(adding: rules.folders, own: own, console: console)
    }
    var verdict = try VerdictOptions.usual
    // Whoever has a fingerprint was shown the finding, however unsure it is.
    verdict.minConfidence = .low
    let pipeline = Pipeline(
      plan: plan, book: book, verdict: verdict, console: console)
    var report = try await pipeline.run()
    report.findings.removeAll { finding in
      finding.secret == nil && stdin
        || fingerprint.map { !finding.fingerprint.description.hasPrefix($0.lowercased()) } ?? false
    }
    if report.findings.count > 1, !stdin {
      console.note("several findings begin with \(fingerprint ?? ""); give more of it")
      return try ExitStatus.usage.exit()
    }
    if stdin {
      // No other run knows a secret by the rule that was made of it.
      for i in report.findings.indices { report.findings[i].repair = [] }
    }
    guard let finding = report.findings.first else {
      console.note("it stands nowhere in what was read")
      // Whoever goes on to filter-repo needs the file that was not written.
      if replacements != nil { return try ExitStatus.noInput.exit() }
      return try (report.status == .found ? .clean : report.status).exit()
    }
    if let replacements {
      try write(finding, to: replacements, location, console)
      return
    }
    try ReportOutput(options: try ReportOptions.usual, console: console).write(report).exit()
  }

  /// A book whose only rule is the secret on standard input.
  private func bookOfOne() throws -> LoadedBook {
    let input = try File.standardInput().contents(limit: 1 << 16) ?? []
    let secret = Array(input.prefix { $0 != 0x0A && $0 != 0x0D })
    guard secret.count >= Self.shortest, secret.count <= 4096 else {
      throw ValidationError(
        "A secret of \(secret.count) bytes cannot be searched for; it takes \(Self.shortest) to 4096."
      )
    }
    return try LoadedBook(once: RuleBook.finding(secret))
  }

  /// The file holds the secret, so an add must not take it along.
  private func checkReplacements(
    _ location: RepositoryLocation, here: [UInt8]
  ) throws(PlanFailure) {
    guard let replacements else { return }
    let path = Paths.join(here, Array(replacements.utf8))
    let folder = Paths.real(Paths.folder(of: path)) ?? Paths.folder(of: path)
    for root in [location.workTree, location.gitFolder, location.commonFolder] {
      if let root, folder == root || Paths.relative(folder, to: root) != nil {
        throw PlanFailure(
          message: "\(replacements) is in the repository; name a file outside of it",
          status: .usage)
      }
    }
    if let status = try? Paths.status(path), status.kind != .regular {
      throw PlanFailure(message: "\(replacements) is no file", status: .cannotWrite)
    }
  }

  private func write(
    _ finding: Finding, to file: String, _ location: RepositoryLocation, _ console: Console
  ) throws {
    guard finding.secret != nil else {
      console.note("the finding is a file, which filter-repo takes away by its path")
      return try ExitStatus.usage.exit()
    }
    if finding.places.allSatisfy({ $0.container != nil }) {
      console.note("the secret is packed in files, which filter-repo takes away by their paths")
      return try ExitStatus.usage.exit()
    }
    let shortest = finding.secret?.isOwn == true ? Rule.Known.shortest : Self.shortest
    // An expression is a line, so what stands on several is several.
    var lines: [[UInt8]] = []
    for form in try rawForms(of: finding, in: location) {
      for line in form.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
        let expression = Array("literal:".utf8) + line + Array("==>REMOVED\n".utf8)
        if line.count >= shortest, !lines.contains(expression) { lines.append(expression) }
      }
    }
    do throws(FileError) {
      try OutputFile.write(Array(lines.joined()), to: Array(file.utf8), privacy: .owner)
    } catch {
      console.note("cannot write \(file): \(error.reason)")
      return try ExitStatus.cannotWrite.exit()
    }
    console.note("\(lines.count) expressions are in \(file); delete it when filter-repo has run")
  }
}
