import ArgumentParser
import Documents
import Files
import Git
import Inputs
import Migrating
import Model
import Reporting
import Rules
import Suppressing

/// Looks for what another scanner passes over, and writes what comes of it.
struct MigrationWork {
  let plan: Plan
  let location: RepositoryLocation
  let root: [UInt8]
  let rulesFolder: String
  let console: Console

  /// The most bytes of a file that is read to see what stands on a line of it.
  private static let sizeLimit = 64 << 20

  func result(of migration: Migration, with book: RuleBook) async throws -> MigrationResult {
    var result = MigrationResult(migration, root: root, rulesFolder: rulesFolder, console: console)
    guard !migration.entries.isEmpty || !migration.judgements.isEmpty else { return result }
    let options = try DecisionOptions.usual
    var decisions = try DecisionLoader(options: options, console: console).decisions(for: plan)
    if let text = migration.configuration {
      let read = Configuration.read(text, source: Configuration.fileName)
      for error in read.errors { console.note(error.description) }
      decisions[0]?.configuration = read.configuration
    }
    let baseline = decisions[0]?.baseline ?? Baseline()
    decisions[0]?.baseline = nil
    var pipeline = Pipeline(
      plan: plan, book: try LoadedBook(once: book), verdict: try VerdictOptions.usual,
      console: console)
    pipeline.decide(decisions, options)
    let report = try await pipeline.run()
    result.isPartial = report.isPartial || report.coverage.gaps.contains(where: \.kind.fails)
    var matching = EntryMatching { commit, path in
      guard let repository = try? Repository(at: location) else { return nil }
      return try? CommittedFile.content(
        of: path, in: commit, repository, limit: Self.sizeLimit)
    }
    result.choose(among: report, &matching, known: baseline)
    return result
  }
}

/// What is written, and what is said of it.
struct MigrationResult {
  private var migration: Migration
  private let root: [UInt8]
  private let rulesFolder: String
  private let console: Console
  /// Not everything could be read, so that some of what is passed over was not looked for.
  var isPartial = false
  private var baseline: Baseline?
  private var added = 0
  private var matched = 0
  private var hidden = 0
  /// Entries that mean nothing that keyscan shows.
  private var idle: [String] = []

  init(_ migration: Migration, root: [UInt8], rulesFolder: String, console: Console) {
    self.migration = migration
    self.root = root
    self.rulesFolder = rulesFolder
    self.console = console
  }

  /// Puts into the baseline those findings that the other scanner passes over.
  mutating func choose(among report: Report, _ matching: inout EntryMatching, known: Baseline) {
    var baseline = known
    var fingerprints = Set(known.entries.map(\.fingerprint))
    func add(_ finding: Finding, _ reason: String) {
      guard fingerprints.insert(finding.fingerprint).inserted else { return }
      baseline.entries.append(
        Baseline.Entry(
          finding.fingerprint, rule: finding.rule.description,
          path: finding.places.first.map { $0.path.visible } ?? "", reason: reason))
      added += 1
    }
    var byPath: [[UInt8]: [Int]] = [:]
    for (i, finding) in report.findings.enumerated() {
      for place in finding.places { byPath[Self.base(place.path.bytes), default: []].append(i) }
    }
    for entry in migration.entries {
      var isFound = false
      for i in Set(byPath[Self.base(entry.path)] ?? []).sorted()
      where matching.means(entry, report.findings[i]) {
        isFound = true
        let note = entry.note.map { "\($0); " } ?? ""
        add(report.findings[i], "\(note)from \(entry.source), \(entry.rule)")
      }
      if isFound {
        matched += 1
      } else if report.suppressed.contains(where: { matching.means(entry, $0.finding) }) {
        hidden += 1
      } else {
        idle.append(entry.source)
      }
    }
    for judgement in migration.judgements {
      for finding in report.findings where judgement.allows(finding) {
        add(finding, "allowed by \(judgement.source)")
      }
    }
    self.baseline = baseline
  }

  /// The last part of a path, by which findings are looked up.
  private static func base(_ path: [UInt8]) -> [UInt8] {
    Array(path.suffix(from: path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0))
  }

  // MARK: Files

  private var ruleFile: String { "\(rulesFolder)/\(migration.scanner).yml" }

  private var files: [(name: String, content: [UInt8])] {
    var files: [(String, [UInt8])] = []
    if let text = migration.configuration {
      files.append((Configuration.fileName, Array(text.utf8)))
    }
    if let text = migration.ruleFile { files.append((ruleFile, Array(text.utf8))) }
    if added > 0, let baseline { files.append((Baseline.fileName, baseline.content)) }
    return files
  }

  /// Writes the files, or none if one would replace what is there unasked.
  func write(dryRun: Bool, force: Bool) throws {
    if dryRun {
      for (name, content) in files {
        let lines = content.split(separator: 0x0A).map { ForeignText(Array($0)).visible }
        try StandardStream.output.write("--- \(name)\n\(lines.joined(separator: "\n"))\n\n")
      }
      return
    }
    for (name, content) in files where name != Baseline.fileName && !force {
      let path = Paths.join(root, Array(name.utf8))
      guard (try? Paths.status(path)) != nil else { continue }
      if (try? File(at: path).contents(limit: Configuration.sizeLimit)) == content { continue }
      console.note(
        "\(name) is there already; --force replaces it, and --dry-run shows what with. Nothing "
          + "was written")
      throw ExitCode(ExitStatus.cannotWrite.rawValue)
    }
    do throws(FileError) {
      let folder = try Folder(at: root)
      if migration.ruleFile != nil { try makeRulesFolder(in: folder) }
      for (name, content) in files {
        try OutputFile.write(content, to: Paths.join(root, Array(name.utf8)))
      }
    } catch {
      console.note("\(error)")
      throw ExitCode(ExitStatus.cannotWrite.rawValue)
    }
  }

  private func makeRulesFolder(in root: Folder) throws(FileError) {
    var folder = root
    for name in rulesFolder.split(separator: "/").map({ Array($0.utf8) }) where name != [0x2E] {
      if (try? folder.status(of: name)) == nil { try folder.makeFolder(named: name) }
      folder = try folder.folder(named: name)
    }
  }

  // MARK: Words

  /// How many items of a kind are listed, unless all are wanted.
  private static let listed = 20

  func summary(of sources: [String], isDry: Bool) -> String {
    var lines = ["read \(sources.map { ForeignText($0).visible }.joined(separator: ", "))"]
    let verb = isDry ? "would write" : "wrote"
    for (name, _) in files {
      switch name {
      case Baseline.fileName:
        lines.append("\(verb) \(name): \(added.counted("finding")) added")
      case Configuration.fileName: lines.append("\(verb) \(name)")
      default: lines.append("\(verb) \(name): \(migration.rules.count.counted("rule"))")
      }
    }
    if files.isEmpty { lines.append("nothing had to be written") }
    if matched + hidden > 0 {
      let count = matched + hidden
      let means = count == 1 ? "1 entry means" : "\(count.grouped) entries mean"
      lines.append("of what the others pass over, \(means) something that keyscan finds")
    }
    lines += section("carried over", migration.carried)
    lines += section("not carried over", migration.left)
    if !idle.isEmpty {
      let count = idle.count == 1 ? "1 entry" : "\(idle.count.grouped) entries"
      lines += ["", "needed no more, since keyscan shows nothing there: \(count)"]
      if console.settings.verbose { lines += idle.map { "  \(ForeignText($0).visible)" } }
    }
    if isPartial { lines += ["", "not everything could be read, so some of it may be missing"] }
    if migration.ruleFile != nil {
      lines += [
        "", "a repository's own files add no rules, so name them: keyscan --rules \(rulesFolder)",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ items: [Migration.Item]) -> [String] {
    if items.isEmpty { return [] }
    let shown = console.settings.verbose ? items[...] : items.prefix(Self.listed)
    var lines = ["", "\(title):"]
    lines += shown.map {
      "  \(ForeignText($0.source).visible): \(ForeignText($0.text).visible)"
    }
    if items.count > shown.count {
      lines.append("  and \((items.count - shown.count).grouped) more, which --verbose shows")
    }
    return lines
  }
}
