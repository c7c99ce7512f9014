/// A git hook that keyscan can be.
package enum HookName: String, CaseIterable, Sendable {
  case preCommit = "pre-commit"
  /// Runs for a merge without conflicts, for which git does not run pre-commit.
  case preMergeCommit = "pre-merge-commit"
  case prePush = "pre-push"
}
