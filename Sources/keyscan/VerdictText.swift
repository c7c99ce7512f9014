import ArgumentParser
import BuiltInRules
import Files
import LiveChecks
import Model
import Rules

/// What a rule's live check takes answers for, in words.
enum VerdictText {
  /// Prints the table of the rule named `id`, or says that nobody is asked about it.
  static func show(_ id: String, adding folders: [String]) throws {
    let console = Console(settings: try SettingOptions.usual)
    let book = try LoadedBook(adding: folders, console: console).all
    let rule = RuleID(id).base
    if GoogleKeyCheck.rules.contains(rule) {
      return try StandardStream.output.write(VerdictTable.text())
    }
    guard let check = book[rule].flatMap(RuleBook.liveCheck(of:)) else {
      console.note(
        book[rule] == nil
          ? "there is no rule “\(id)”; keyscan rules list names them all"
          : "no table is kept of what is answered about \(rule)")
      return try ExitStatus.usage.exit()
    }
    try StandardStream.output.write(text(of: check))
  }

  private static func text(of check: LiveCheck) -> String {
    var lines = ["What \(check.request.host) answers, from the top:", ""]
    for answer in check.answers {
      let conditions =
        [answer.statuses.map(String.init).joined(separator: ", ")].filter { !$0.isEmpty }
        + answer.says.map { "“\($0)”" }
      lines.append("  \(answer.outcome.rawValue) (\(answer.outcome.state.rawValue))")
      lines.append("    \(conditions.joined(separator: ", ")): \(answer.because)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
