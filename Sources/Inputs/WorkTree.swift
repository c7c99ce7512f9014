package import Files
package import Git
internal import Model

/// A tree of files to be walked: a repository's, a submodule's or a plain folder's.
package final class WorkTree: Sendable {
  /// The position of the target that it belongs to.
  package let target: Int
  package let root: Folder
  /// The root's path, absolute and without links.
  package let rootPath: [UInt8]
  /// What leads from the target's root to this tree's, with a slash at the end; empty if they
  /// are the same.
  package let prefix: [UInt8]
  /// The repository that it belongs to; `nil` for a plain folder.
  package let location: RepositoryLocation?
  package let index: IndexFile
  /// What holds for all of it: `info/exclude` and the user's own ignore file.
  let rules: IgnoreRules?
  /// How lines of ignore files and attributes are read here.
  package let options: IgnoreRules.Options
  let includesIgnored: Bool
  /// Another work tree that the configuration names, which is not followed.
  let elsewhere: [UInt8]?

  private init(
    target: Int, root: Folder, rootPath: [UInt8], prefix: [UInt8], location: RepositoryLocation?,
    index: IndexFile, rules: IgnoreRules?, options: IgnoreRules.Options, includesIgnored: Bool,
    elsewhere: [UInt8]?
  ) {
    self.elsewhere = elsewhere
    self.target = target
    self.root = root
    self.rootPath = rootPath
    self.prefix = prefix
    self.location = location
    self.index = index
    self.rules = rules
    self.options = options
    self.includesIgnored = includesIgnored
  }

  /// A folder that is in no repository: everything in it is read, but for what repositories
  /// in it ignore.
  package convenience init(
    plain root: Folder, at path: [UInt8], target: Int, includesIgnored: Bool
  ) {
    self.init(
      target: target, root: root, rootPath: path, prefix: [], location: nil, index: .empty,
      rules: nil,
      options: IgnoreRules.Options(), includesIgnored: includesIgnored, elsewhere: nil)
  }

  /// The work tree of `repository`, whose root is open as `root` and stands at `path`.
  ///
  /// Throws if the configuration cannot be read. An `index` that could not be is handed to
  /// `lose`, and the tree is walked as if nothing were tracked.
  package convenience init(
    of repository: borrowing Repository, root: Folder, at path: [UInt8], prefix: [UInt8] = [],
    index: Result<IndexFile, GitError>, target: Int, includesIgnored: Bool,
    lose: (GitError) -> Void
  ) throws(GitError) {
    let elsewhere: [UInt8]?
    let location = repository.location
    let configuration = try Configuration(of: repository)
    let options = IgnoreRules.Options(
      ignoresCase: configuration.boolean("core.ignoreCase") ?? false)
    var whole = IndexFile.empty
    do throws(GitError) {
      whole = try index.get()
      try whole.expand(with: repository.objects())
    } catch {
      lose(error)
    }
    elsewhere = configuration.foreignWorkTree(in: location)
    var rules: IgnoreRules?
    let exclude = Paths.join(location.commonFolder, Array("info/exclude".utf8))
    for path in [configuration.excludesFile, exclude].compactMap(\.self) {
      guard (try? Paths.status(path))?.kind == .regular,
        let content = try? File(at: path).contents(limit: IgnoreRules.sizeLimit)
      else { continue }
      rules = IgnoreRules(content, source: path, folder: [], next: rules, options: options)
    }
    self.init(
      target: target, root: root, rootPath: path, prefix: prefix, location: location,
      index: whole, rules: rules, options: options, includesIgnored: includesIgnored,
      elsewhere: elsewhere)
  }

  /// Reads the index of the repository at `location`, for the initialiser.
  package static func index(of location: RepositoryLocation) -> Result<IndexFile, GitError> {
    Result { () throws(GitError) in
      try IndexFile(at: location.index, in: location.gitFolder)
    }
  }

  /// The whole tree, to be listed.
  package var whole: FolderWork {
    FolderWork(
      tree: self, place: nil, path: [], rules: rules, entries: 0..<index.entries.count,
      isIgnored: false)
  }

  /// Where the tree's files stand before anything is known of them.
  var standing: Standings { Standings(.worktree) }

  // MARK: Single paths

  /// What is known of one path without walking: the rules that hold in its folder.
  package struct Position: Sendable {
    package let folder: Folder
    package let rules: IgnoreRules?
    /// git ignores the path, or a folder above it.
    package let isIgnored: Bool
  }

  /// Goes down to the folder that `path` stands in, reading ignore files on the way.
  package func position(of path: [UInt8], isFolder: Bool) throws(FileError) -> Position {
    var folder = root
    var rules = readRules(in: root, path: [], above: self.rules)
    var isIgnored = false
    var walked: [UInt8] = []
    let names = path.split(separator: UInt8(ascii: "/")).map(Array.init)
    for (i, name) in names.enumerated() {
      let isLast = i == names.count - 1
      walked += name
      let ignored = rules?.ignores(walked, isFolder: !isLast || isFolder) ?? false
      isIgnored = isIgnored || ignored
      if isLast { break }
      walked.append(UInt8(ascii: "/"))
      folder = try folder.folder(named: name)
      rules = readRules(in: folder, path: walked, above: rules)
    }
    return Position(folder: folder, rules: rules, isIgnored: isIgnored)
  }

  /// The rules that hold for `path`: those of its folder, or of the last one on the way that is
  /// there.
  package func rules(along path: [UInt8]) -> IgnoreRules? {
    var folder = root
    var rules = readRules(in: root, path: [], above: self.rules)
    var walked: [UInt8] = []
    for name in path.split(separator: UInt8(ascii: "/")).dropLast() {
      guard let next = try? folder.folder(named: Array(name)) else { break }
      folder = next
      walked += name + [UInt8(ascii: "/")]
      rules = readRules(in: folder, path: walked, above: rules)
    }
    return rules
  }

  /// Whether the ignore file `source` belongs to this clone or this user, so that nobody else has
  /// its lines.
  package func isPrivate(ignoreFile source: [UInt8]) -> Bool {
    rules?.chain.contains { $0.source == source } ?? false
  }

  /// The part of the tree below the folder `path`, to be listed.
  package func part(_ path: [UInt8]) throws(FileError) -> FolderWork {
    let position = try position(of: path, isFolder: true)
    let below = path + [UInt8(ascii: "/")]
    return FolderWork(
      tree: self, place: (position.folder, Paths.name(of: path)), path: below,
      rules: position.rules, entries: index.entries(below: below, in: 0..<index.entries.count),
      isIgnored: position.isIgnored)
  }

  /// The rules of a folder's own ignore file over those from above.
  func readRules(in folder: Folder, path: [UInt8], above: IgnoreRules?) -> IgnoreRules? {
    guard location != nil else { return nil }
    // Whatever hinders reading the file, its lines do not count, and more is scanned.
    guard
      let content = try? folder.file(named: Self.ignoreFile).contents(
        limit: IgnoreRules.sizeLimit)
    else { return above }
    return rules(content, path: path, above: above)
  }

  func rules(_ content: [UInt8], path: [UInt8], above: IgnoreRules?) -> IgnoreRules {
    IgnoreRules(
      content, source: path + Self.ignoreFile, folder: path, next: above, options: options)
  }

  static let ignoreFile = Array(".gitignore".utf8)
  static let gitName = Array(".git".utf8)
}
