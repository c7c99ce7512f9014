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
  private var allowed = 0
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
    // What each finding is passed over for, and at which of its paths.
    var passed: [Int: [(entry: ForeignEntry, path: [UInt8])]] = [:]
    for entry in migration.entries {
      let candidates = Set(byPath[Self.base(entry.path)] ?? []).sorted()
      var sure: [Int] = []
      var onLine: [Int] = []
      for i in candidates {
        switch matching.answer(entry, report.findings[i]) {
        case .sure: sure.append(i)
        case .line: onLine.append(i)
        case .no: break
        }
      }
      if sure.isEmpty, !onLine.isEmpty {
        // Of several on a line only what a rule of that kind finds is meant.
        if let names = migration.relatives(of: entry.rule) {
          onLine.removeAll { i in !names.contains { $0.names(report.findings[i].rule) } }
        }
        guard onLine.count == 1 else {
          migration.leave(
            entry.source,
            onLine.isEmpty
              ? "what stands on that line is of another kind than \(entry.rule)"
              : "which of \(onLine.count) findings on that line is meant is not sure")
          continue
        }
      }
      let found = sure.isEmpty ? onLine : sure
      for i in found {
        for place in report.findings[i].places
        where EntryMatching.names(entry.path, place.path.bytes) {
          passed[i, default: []].append((entry, place.path.bytes))
        }
      }
      if !found.isEmpty {
        matched += 1
      } else if report.suppressed.contains(where: {
        if case .no = matching.answer(entry, $0.finding) { false } else { true }
      }) {
        hidden += 1
      } else {
        idle.append(entry.source)
      }
    }
    for (i, all) in passed.sorted(by: { $0.key < $1.key }) {
      let finding = report.findings[i]
      let paths = Set(all.map(\.path))
      if finding.places.allSatisfy({ paths.contains($0.path.bytes) }) {
        let entry = all[0].entry
        let note = entry.note.map { "\($0); " } ?? ""
        add(finding, "\(note)from \(entry.source), \(entry.rule)")
        continue
      }
      // It stands elsewhere too, where nobody passes over it.
      for (entry, path) in all where finding.places.contains(where: { $0.path.bytes == path }) {
        migration.allow(finding, at: path, source: "from \(entry.source), \(entry.rule)")
        allowed += 1
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
    let own = try? Folder(at: root)
    for (name, _) in files where !name.contains("/") {
      // What it leads to may be anybody's.
      if let status = try? own?.status(of: Array(name.utf8)), status.kind != .regular {
        console.note("\(name) is no regular file; nothing was written")
        throw ExitCode(ExitStatus.cannotWrite.rawValue)
      }
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
      for (name, content) in files {
        // A link in the folder of rules is replaced, and nothing is written through it.
        if name == ruleFile {
          let rules = try makeRulesFolder(in: folder)
          let last = Array(name.split(separator: "/").last.map { Array($0.utf8) } ?? [])
          try rules.replaceFile(named: last, with: content)
        } else {
          try OutputFile.write(content, to: Paths.join(root, Array(name.utf8)))
        }
      }
    } catch {
      console.note("\(error)")
      throw ExitCode(ExitStatus.cannotWrite.rawValue)
    }
  }

  private func makeRulesFolder(in root: Folder) throws(FileError) -> Folder {
    var folder = root
    for name in rulesFolder.split(separator: "/").map({ Array($0.utf8) }) where name != [0x2E] {
      if (try? folder.status(of: name)) == nil { try folder.makeFolder(named: name) }
      folder = try folder.folder(named: name)
    }
    return folder
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
