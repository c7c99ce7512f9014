import ArgumentParser
import BuiltInRules
import Documents
import Dotenv
import Files
import Matching
import Model
import OwnSecrets
import Rules
import Scanning

/// The rules of a run, ready for use, and what tells the run from others.
struct LoadedBook {
  let compiled: CompiledBook
  /// All rules, to mask what must not be shown: with those alone that are applied, other secrets
  /// beside a finding would stand in the clear.
  let whole: Task<CompiledBook, any Error>
  let selection: RuleSelection
  /// What this program with these rules finds, no other edition may be taken to have found.
  ///
  /// `nil` for rules that nothing may be kept of.
  let edition: [UInt8]?
  /// The user's own secrets, if they are looked for.
  private(set) var own: OwnSecrets?
  /// All rules, selected or not.
  let all: RuleBook

  /// The built-in rules, all of them and nothing else.
  private static let builtIn = Result<CompiledBook, MatchingError> { () throws(MatchingError) in
    try CompiledBook(RuleBook.builtIn)
  }

  /// Begins with what most runs need; whoever needs it meanwhile waits for it.
  static func prepare() {
    _ = builtIn
  }

  /// Rules that are made for this run alone.
  init(once book: RuleBook) throws {
    let made = try CompiledBook(book)
    compiled = made
    whole = Task { made }
    selection = RuleSelection()
    edition = nil
    all = book
  }

  /// Loads those of the built-in rules and those of `folders` that are selected.
  ///
  /// Everything that is wrong with a rule file is said, and the run ends with status 65; if a
  /// selection names no rule, with status 64. With `own` secrets nothing is kept or taken from an
  /// earlier run.
  init(
    adding folders: [String], _ selection: RuleSelection = RuleSelection(),
    own: OwnSecrets? = nil, console: Console
  ) throws {
    var book = RuleBook.builtIn
    let kept =
      folders.isEmpty && selection.isAll || own != nil
      ? nil : KeptRules(edition: Self.program, console)
    for folder in folders {
      let reading = try Self.read(folder, beside: book.rules, kept, console)
      book = book.adding(reading.rules)
    }
    kept?.keepWidths()
    try Self.check(selection, of: book, own, console)
    self.selection = selection
    let (all, isBuiltIn) = (book, folders.isEmpty)
    self.all = book
    let made =
      isBuiltIn && selection.isAll
      ? try Self.builtIn.get() : try Self.compile(book.selecting(selection), kept)
    let known = own?.rules ?? []
    let picked = selection.picks(OwnRule.id) ? known : []
    compiled = picked.isEmpty ? made : try CompiledBook(made, known: picked)
    whole = Task.detached { [compiled] in
      if selection.isAll { return compiled }
      let whole = try Self.compile(all, isBuiltIn ? nil : kept)
      return known.isEmpty ? whole : try CompiledBook(whole, known: known)
    }
    self.own = own
    edition = own == nil ? Self.edition(adding: folders, selection) : nil
    if let reason = made.compilationReason {
      console.detail("the anchor database was compiled at start: \(reason)")
    }
  }

  /// Takes the embedded database if nothing is `kept`.
  private static func compile(
    _ book: RuleBook, _ kept: KeptRules?
  ) throws(MatchingError) -> CompiledBook {
    try CompiledBook(book, database: try kept?.database(for: book))
  }

  /// What tells a run with the selected ones of all rules from others, before they are read.
  static func edition(adding folders: [String], _ selection: RuleSelection) -> [UInt8] {
    folders.reduce(program + selection.edition) {
      $0 + RuleFile.digest(ofFolder: Array($1.utf8))
    }
  }

  /// A selection that names no rule is a mistake, and the wrong one to pass over.
  private static func check(
    _ selection: RuleSelection, of book: RuleBook, _ own: OwnSecrets?, _ console: Console
  ) throws {
    if own == nil, selection.only.contains(where: { $0.text == OwnRule.id.description }) {
      console.note("\(OwnRule.id) finds nothing without --own-secrets")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let ids =
      book.rules.filter { $0.role == .finding }.map(\.id) + DotenvRules.notes.map(\.id)
      + [OwnRule.id]
    let strangers = selection.strangers(among: ids)
    if strangers.isEmpty { return }
    for name in strangers {
      let hint = RuleIDs.nearest(to: name.text, among: ids).map { "; did you mean \($0)?" } ?? ""
      console.note("no rule is named \(name.text); keyscan rules list names them all\(hint)")
    }
    throw ExitCode(ExitStatus.usage.rawValue)
  }

  private static func read(
    _ folder: String, beside rules: [Rule], _ kept: KeptRules?, _ console: Console
  ) throws -> RuleFile.Reading {
    do throws(FileError) {
      let reading = try RuleFile.read(
        folder: Array(folder.utf8), beside: rules, widths: kept?.widths ?? PatternWidths())
      if reading.errors.isEmpty { return reading }
      for error in reading.errors { console.note(error.description) }
    } catch {
      console.note("cannot read the rules: \(error)")
    }
    throw ExitCode(ExitStatus.badData.rawValue)
  }

  /// The version, and which build of it: what a build finds may change without the version.
  private static var program: [UInt8] {
    var edition = "keyscan \(Version.current)"
    if let path = CurrentProcess.executable, let status = try? Paths.status(path) {
      let modified = status.modified
      edition += " \(status.size) \(modified.seconds).\(modified.nanoseconds) \(status.inode)"
    }
    return Array(edition.utf8)
  }
}
