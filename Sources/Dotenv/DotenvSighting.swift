package import Inputs
package import Model

/// A file of environment variables as a scan met it.
package struct DotenvSighting: Sendable {
  package let target: Int
  /// From the target's root.
  package let path: [UInt8]
  /// The work tree that it is in; `nil` for what is only in the object database.
  package let tree: WorkTree?
  package let isTracked: Bool
  /// Nothing for a file that is too large to be judged by its variables.
  package let content: [UInt8]
  package let previous: [[UInt8]]
  /// A rule found a secret in it.
  package let hasMatches: Bool
  package let standsIn: Standings
  package let commit: String?
  package let blob: String?
  /// It stands only in older commits, so that neither ignoring nor unstaging helps.
  package let isPast: Bool
  /// It is a symbolic link, and the content is what the link says.
  package var isLink = false
  /// It has more bytes than are judged variable by variable.
  package var isTooLarge = false
  /// Who says that it is a file of variables, if its name does not: `compose.yaml:7`.
  package var namedBy: ForeignText?

  package init(
    target: Int, path: [UInt8], tree: WorkTree?, isTracked: Bool, content: [UInt8],
    previous: [[UInt8]], hasMatches: Bool, standsIn: Standings, commit: String?,
    blob: String?, isPast: Bool = false
  ) {
    self.target = target
    self.path = path
    self.tree = tree
    self.isTracked = isTracked
    self.content = content
    self.previous = previous
    self.hasMatches = hasMatches
    self.standsIn = standsIn
    self.commit = commit
    self.blob = blob
    self.isPast = isPast
  }

  /// The path from the root of its own work tree.
  var inner: [UInt8] { Array(path.dropFirst(tree?.prefix.count ?? 0)) }

  /// The content was read from the work tree, not from the object database.
  var isFile: Bool { standsIn.contains(.worktree) }
}
