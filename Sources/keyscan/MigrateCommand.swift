import ArgumentParser
import BuiltInRules
import Documents
import Files
import Git
import Inputs
import Matching
import Migrating
import Model
import Rules
import Scanning
import Suppressing

/// The command `keyscan migrate`: what other scanners were told, in keyscan's words.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Take over the configuration, ignore file or baseline of another scanner.",
    discussion: """
      Reads, at the repository's root, .gitleaks.toml (of gitleaks 8), .betterleaks.toml (of \
      betterleaks 1), .gitleaksignore, .betterleaksignore and .secrets.baseline (of \
      detect-secrets); with --from any of them under any name, and JSON reports of gitleaks, \
      which it takes for baselines.

      Writes \(Configuration.fileName), a folder of rules and \(Baseline.fileName), and says of \
      everything that has no like in keyscan why it has not. What the others pass over is \
      looked for and put into the baseline finding by finding, so that nothing else is passed over \
      by it. No secret is written.
      """)

  @Argument(help: ArgumentHelp("The repository.", valueName: "path"))
  var path = "."

  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "Read this file, and not those at the root; may be repeated.", valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp("Where the rules are written, from the root.", valueName: "folder"))
  var rulesFolder = "keyscan-rules"

  @Flag(help: "Show what would be written, and write nothing.")
  var dryRun = false

  @Flag(help: "Replace a configuration or rule file that is there.")
  var force = false

  @OptionGroup(title: "Settings") var settings: SettingOptions

  func validate() throws {
    if rulesFolder.isEmpty || rulesFolder.hasPrefix("/")
      || rulesFolder.split(separator: "/").contains("..")
    {
      throw ValidationError("--rules-folder is \(rulesFolder); it must be below the root.")
    }
  }

  func run() async throws {
    let console = Console(settings: settings)
    var scan = try ScanCommand.usual
    scan.paths = path == "." ? [] : [path]
    let plan: Plan
    do throws(PlanFailure) {
      plan = try scan.plan()
    } catch {
      console.note(error.message)
      return try error.status.exit()
    }
    guard let location = plan.locations[0], let root = location.workTree,
      plan.targets.first?.kind == .repository
    else {
      console.note("\(path) is no repository with a work tree, where the files would be written")
      return try ExitStatus.noInput.exit()
    }
    let sources = ForeignSources(root: root, console: console)
    let found = try files.isEmpty ? sources.atRoot() : files.map { try sources.named($0) }
    guard !found.isEmpty else {
      console.note(
        "there is no file of another scanner at the root; name one with --from, or see "
          + "keyscan migrate --help")
      return try ExitStatus.noInput.exit()
    }
    var migration = try take(found, sources)
    let book = try rules(of: &migration)
    let work = MigrationWork(
      plan: plan, location: location, root: root, rulesFolder: rulesFolder, console: console)
    let result = try await work.result(of: migration, with: book)
    try result.write(dryRun: dryRun, force: force)
    try StandardStream.output.write(result.summary(of: found.map(\.name), isDry: dryRun))
    if result.isPartial { try ExitStatus.incomplete.exit() }
  }

  /// Everything that the files say.
  private func take(_ found: [ForeignSource], _ sources: ForeignSources) throws -> Migration {
    let known = RuleBook.builtIn
    let compiled = try CompiledBook(known)
    let scanner = found.contains { $0.name.contains("betterleaks") } ? "betterleaks" : "gitleaks"
    var migration = Migration(
      scanner: scanner, beside: known.rules.map(\.id),
      holdsSecret: { text in
        // Whoever cannot be asked is not trusted.
        guard var detector = try? Detector(compiled),
          let matches = try? detector.matches(in: Array(text.utf8).span)
        else { return true }
        return matches.contains { $0.confidence >= .medium }
      })
    for source in found {
      switch source.content {
      case .configuration(var configuration):
        try sources.extend(&configuration)
        migration.add(configuration)
      case .entries(let entries): migration.add(entries, from: source.name)
      }
    }
    return migration
  }

  /// The book with the rules that were taken over; those that hold not what rules must are taken
  /// back.
  private func rules(of migration: inout Migration) throws -> RuleBook {
    var rules: [Rule] = []
    for translated in migration.rules {
      let content = "provider: x\nrules:\n" + translated.lines.joined(separator: "\n")
      let prefix = String(translated.id.prefix { $0 != "." })
      let reading = RuleFile.read(content, file: translated.id, prefix: prefix)
      if let rule = reading.rules.first, reading.errors.isEmpty {
        rules.append(rule)
      } else {
        migration.drop(translated.id, because: reading.errors.first?.message ?? "it is no rule")
      }
    }
    let known = RuleBook.builtIn
    if rules.isEmpty { return known }
    var examples = try RuleExamples(CompiledBook(known.adding(rules)))
    for i in rules.indices {
      try check(&rules[i], with: &examples, in: &migration, beside: known)
    }
    let kept = Set(migration.rules.map(\.id))
    return known.adding(rules.filter { kept.contains($0.id.description) })
  }

  /// Finds an example for a rule; takes the rule back if there is none, or no need for it.
  private func check(
    _ rule: inout Rule, with examples: inout RuleExamples, in migration: inout Migration,
    beside known: RuleBook
  ) throws {
    let id = rule.id.description
    guard let translated = migration.rules.first(where: { $0.id == id }) else { return }
    var failure: RuleExamples.Failure?
    do throws(MatchingError) {
      for (number, one) in translated.examples.enumerated() {
        rule.examples = [Rule.Example(one.text, path: one.path)]
        failure = try examples.failures(of: rule).first
        if failure == nil {
          migration.choose(example: number, for: id)
          break
        }
      }
    } catch {
      return migration.drop(id, because: "it takes too long: \(error.reason)")
    }
    if let failure {
      return migration.drop(id, because: "a text made for it shows: \(failure.message)")
    }
    for (a, b) in try examples.meetings(onExample: 0, of: rule) {
      let builtIn = [a, b].first { known[$0] != nil }
      if let builtIn, a == rule.id || b == rule.id, !translated.hasAlternatives {
        return migration.drop(id, inFavorOf: builtIn)
      }
      // Of two that were taken over, one must name what both find.
      let first = builtIn == a ? b : a
      migration.put(first.description, before: (first == a ? b : a).description)
    }
  }
}

/// A file of another scanner, read.
private struct ForeignSource {
  let name: String
  let content: Content

  enum Content {
    case configuration(ForeignConfiguration)
    case entries(ForeignEntries)
  }
}

/// Reads files of other scanners.
private struct ForeignSources {
  let root: [UInt8]
  let console: Console

  private static let names = [
    ".gitleaks.toml", ".betterleaks.toml", ".gitleaksignore", ".betterleaksignore",
    ".secrets.baseline",
  ]

  /// Those that stand where the other scanners look for them.
  func atRoot() throws -> [ForeignSource] {
    var found: [ForeignSource] = []
    for name in Self.names {
      guard let content = try content(ofRootFile: name) else { continue }
      found.append(try source(content, name))
    }
    return found
  }

  func named(_ path: String) throws -> ForeignSource {
    let content: [UInt8]?
    do throws(FileError) {
      content = try File(at: Array(path.utf8)).contents(limit: JSONDocument.sizeLimit)
    } catch {
      console.note("\(error)")
      throw ExitCode(ExitStatus.noInput.rawValue)
    }
    if let content { return try source(content, path) }
    throw fail("\(path) has more than \(JSONDocument.sizeLimit) bytes")
  }

  private func content(ofRootFile name: String) throws -> [UInt8]? {
    do throws(FileError) {
      let folder = try Folder(at: root)
      guard (try? folder.status(of: Array(name.utf8))) != nil else { return nil }
      return try folder.file(at: Array(name.utf8)).contents(limit: JSONDocument.sizeLimit)
    } catch {
      console.note("\(name) is not read: \(error)")
      return nil
    }
  }

  /// What a file is shows in its name, or in how it begins.
  private func source(_ content: [UInt8], _ name: String) throws -> ForeignSource {
    let base = name.split(separator: "/").last.map(String.init) ?? name
    let first = content.first { !" \t\r\n".utf8.contains($0) }
    do throws(DocumentError) {
      if base.hasSuffix(".toml") {
        return ForeignSource(
          name: name, content: .configuration(try ForeignConfiguration.read(content, file: name)))
      }
      if base.hasSuffix("ignore") {
        guard content.count <= ForeignEntries.sizeLimit else {
          throw DocumentError(
            file: name, line: nil, column: nil,
            message: "the file has more than \(ForeignEntries.sizeLimit) bytes")
        }
        return ForeignSource(
          name: name, content: .entries(ForeignEntries.ignoreFile(content, file: name)))
      }
      if first == UInt8(ascii: "{") {
        return ForeignSource(
          name: name, content: .entries(try ForeignEntries.secretsBaseline(content, file: name)))
      }
      if first == UInt8(ascii: "[") || content.starts(with: "null".utf8) {
        return ForeignSource(
          name: name, content: .entries(try ForeignEntries.report(content, file: name)))
      }
      throw DocumentError(
        file: name, line: nil, column: nil,
        message: "what it is cannot be told: no .toml, no ignore file, no JSON")
    } catch {
      throw fail(error.description)
    }
  }

  /// Lays a configuration over those that it builds on, two of them at most, as gitleaks does.
  func extend(_ configuration: inout ForeignConfiguration, depth: Int = 0) throws {
    guard let path = configuration.extends else { return }
    if depth == 2 || path.hasPrefix("/") || path.split(separator: "/").contains("..") {
      configuration.left.append(
        ForeignConfiguration.Left(
          "extend.path", "\(path) is not read: it is outside of the repository, or a third step"))
      return
    }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    guard let content = try content(ofRootFile: relative) else {
      configuration.left.append(
        ForeignConfiguration.Left("extend.path", "\(path) is not there"))
      return
    }
    var base: ForeignConfiguration
    do throws(DocumentError) {
      base = try ForeignConfiguration.read(content, file: relative)
    } catch {
      throw fail(error.description)
    }
    try extend(&base, depth: depth + 1)
    configuration.add(base: base)
  }

  private func fail(_ message: String) -> ExitCode {
    console.note(message)
    return ExitCode(ExitStatus.badData.rawValue)
  }
}
