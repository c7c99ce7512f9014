internal import Files
internal import Git
package import Inputs
package import Model

/// Files that Compose files name under `env_file:`, whatever they are called.
package enum EnvironmentFileTargets {
  /// The most bytes of a file that is judged by its variables.
  static let contentLimit = 1 << 20

  /// A file that a Compose file names.
  package struct Target: Equatable, Sendable {
    /// From the root of the tree that the Compose file is in.
    package let path: [UInt8]
    /// Where it is named: `compose.yaml:7`.
    package let namedBy: ForeignText
  }

  /// The files that the Compose file at `path` names; `path` is from the root of its tree, and the
  /// names are as `prefix` leads there.
  package static func targets(
    of content: [UInt8], at path: [UInt8], prefix: [UInt8] = []
  ) -> [Target] {
    ComposeFile(content).environmentFiles.compactMap { file in
      guard let target = InnerPath.resolve(file.path, from: Paths.folder(of: path)),
        !target.isEmpty
      else { return nil }
      return Target(
        path: target, namedBy: ForeignText(prefix + path + Array(":\(file.line)".utf8)))
    }
  }

  /// What there is to judge of the files that a Compose file of a work tree names.
  ///
  /// Files whose names tell what they are were met by the scan. Those that git ignores are left
  /// out, as are links and what is no file.
  package static func sightings(
    of content: [UInt8], at path: [UInt8], in tree: WorkTree
  ) -> [DotenvSighting] {
    guard tree.location != nil else { return [] }
    let inner = Array(path.dropFirst(tree.prefix.count))
    return targets(of: content, at: inner, prefix: tree.prefix).compactMap { target in
      guard DotenvName(Paths.name(of: target.path)) == nil,
        let file = try? tree.root.file(at: target.path), let status = try? file.status(),
        status.kind == .regular
      else { return nil }
      let known = tree.index.entries(at: target.path, in: 0..<tree.index.entries.count)
      let content = try? file.contents(limit: contentLimit)
      var sighting = DotenvSighting(
        target: tree.target, path: tree.prefix + target.path, tree: tree,
        isTracked: !known.isEmpty, content: content ?? [], previous: [], hasMatches: false,
        standsIn: [.worktree], commit: nil, blob: nil)
      sighting.isTooLarge = content == nil
      sighting.namedBy = target.namedBy
      return sighting
    }
  }
}
