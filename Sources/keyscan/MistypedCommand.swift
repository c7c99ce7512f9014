import ArgumentParser
import Documents
import Files
import Inputs
import Model

/// A word that stands where a command may stand, and is neither one nor a path.
///
/// A word that is no command is a path to scan, so without this a mistyped command would only be
/// told to be no file, and its options to be unknown.
struct MistypedCommand {
  /// The commands before the word: none, or one that has others below it.
  private let parents: [String]
  private let word: String
  private let command: any ParsableCommand.Type

  /// The mistake in a command line; `nil` if its first words are commands, paths or options.
  init?(_ arguments: [String]) {
    var command: any ParsableCommand.Type = Keyscan.self
    var parents: [String] = []
    for word in arguments {
      if let next = command.configuration.subcommands.first(where: { $0.name == word }) {
        command = next
        parents.append(word)
        continue
      }
      guard !command.configuration.subcommands.isEmpty, Self.isLikeACommand(word),
        !parents.isEmpty || (try? Paths.status(Array(word.utf8))) == nil
      else { return nil }
      self.parents = parents
      self.word = word
      self.command = command
      return
    }
    return nil
  }

  /// Paths and options hardly ever look like this, and commands do.
  private static func isLikeACommand(_ word: String) -> Bool {
    word.utf8.first != UInt8(ascii: "-") && word != "help"
      && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// The command that was meant, as it is typed; at the root also one that stands below another.
  private var meant: String? {
    let below = command.configuration.subcommands
    if let near = Spelling.nearest(to: word, among: below.map { $0.name }) {
      return (["keyscan"] + parents + [near]).joined(separator: " ")
    }
    guard parents.isEmpty else { return nil }
    for parent in below {
      let names = parent.configuration.subcommands.map { $0.name }
      let near = names.contains(word) ? word : Spelling.nearest(to: word, among: names)
      if let near { return "keyscan \(parent.name) \(near)" }
    }
    return nil
  }

  /// What to do instead.
  var hint: String {
    meant.map { "did you mean \($0)?" }
      ?? "\((["keyscan"] + parents).joined(separator: " ")) --help names the commands"
  }

  /// The whole mistake.
  var message: String {
    let what =
      parents.isEmpty
      ? "There is no command and no path \(word)"
      : "keyscan \(parents.joined(separator: " ")) has no command \(word)"
    return "\(ForeignText(what).visible); \(hint)"
  }
}

extension ParsableCommand {
  /// The word by which the command is called.
  fileprivate static var name: String { configuration.commandName ?? _commandName }
}

extension Plan {
  /// Says of a first path that is not there which command may have been meant.
  mutating func explainMistypedCommand(in arguments: [String]) {
    guard let failure = failures.first, let mistake = MistypedCommand(arguments) else { return }
    failures[0] = ForeignText(failure.bytes + Array("; \(mistake.hint)".utf8))
  }
}
