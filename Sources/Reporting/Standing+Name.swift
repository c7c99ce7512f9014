internal import Model

extension Standing {
  /// What a person calls it: `work tree`.
  var name: String {
    switch self {
    case .worktree: "work tree"
    case .head: "HEAD"
    case .index, .history, .stash, .reflog, .unreachable: rawValue
    }
  }
}

extension Sequence<Standing> {
  /// The names in a row: `work tree, HEAD`.
  var names: String { map(\.name).joined(separator: ", ") }
}
