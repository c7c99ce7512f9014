import BuiltInRules
import Documents
import Dotenv
import Model
import OwnSecrets
import Rules

/// The ids of rules, as a shell completes them and as somebody may have meant them.
///
/// Completed are those of the built-in rules alone. A shell may expand once more what it is
/// given to complete with, so nothing that a repository or a folder holds gets there: no rule of
/// its own, no branch.
enum RuleIDs {
  /// What `--rule` and `--no-rule` take.
  @Sendable
  static func completions(ofAll words: [String], _ word: Int, _ beginning: String) -> [String] {
    (findingRules + DotenvRules.notes.map(\.id) + [OwnRule.id]).map(\.description).sorted()
  }

  /// What `keyscan explain` takes.
  @Sendable
  static func completions(ofRules words: [String], _ word: Int, _ beginning: String) -> [String] {
    (findingRules + DotenvRules.notes.map(\.id) + [OwnRule.id]).map(\.description).sorted()
  }

  private static var findingRules: [RuleID] {
    RuleBook.builtIn.rules.filter { $0.role == .finding }.map(\.id)
  }

  /// What was meant by `name`, an id or the beginning of ids with an asterisk.
  static func nearest(to name: String, among ids: [RuleID]) -> String? {
    guard name.hasSuffix("*") else {
      return Spelling.nearest(to: name, among: ids.map(\.description))
    }
    return Spelling.nearest(to: name, among: ids.map { "\($0.provider).*" })
  }
}
