import ArgumentParser
import BuiltInRules
import Files
import Model
import Rules
import Scanning

/// The rules of a run, ready for use, and what tells the run from others.
struct LoadedBook {
  let compiled: CompiledBook
  /// What this program with these rules finds, no other edition may be taken to have found.
  ///
  /// `nil` for rules that nothing may be kept of.
  let edition: [UInt8]?

  /// Rules that are made for this run alone.
  init(once book: RuleBook) throws {
    compiled = try CompiledBook(book)
    edition = nil
  }

  /// Loads the built-in rules and those of `folders`.
  ///
  /// Everything that is wrong with a rule file is said, and the run ends with status 65.
  init(adding folders: [String], console: Console) throws {
    var book = RuleBook.builtIn
    for folder in folders {
      let reading = try Self.read(folder, beside: book.rules, console)
      book = book.adding(reading.rules)
    }
    let database = folders.isEmpty ? nil : try KeptDatabase.database(for: book, console)
    compiled = try CompiledBook(book, database: database)
    edition = Self.edition(adding: folders)
    if let reason = compiled.compilationReason {
      console.detail("the anchor database was compiled at start: \(reason)")
    }
  }

  /// What tells a run with the rules of `folders` from others, before they are read.
  static func edition(adding folders: [String]) -> [UInt8] {
    folders.reduce(program) { $0 + RuleFile.digest(ofFolder: Array($1.utf8)) }
  }

  private static func read(
    _ folder: String, beside rules: [Rule], _ console: Console
  ) throws -> RuleFile.Reading {
    do throws(FileError) {
      let reading = try RuleFile.read(folder: Array(folder.utf8), beside: rules)
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
