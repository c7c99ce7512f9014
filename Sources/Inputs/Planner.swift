internal import Files
internal import Git
internal import Model

/// Turns what the user points at into a plan.
package struct Planner {
  package struct Options: Sendable {
    package var includesIgnored = false
    /// The user left history out.
    package var leavesOutHistory = false
    /// The user left work tree and index out.
    package var leavesOutWorkTree = false

    package init() {}
  }

  private let options: Options
  private var plan = Plan()

  private init(_ options: Options) {
    self.options = options
  }

  /// Plans to read what stands at `paths`, each as the user wrote it.
  package static func plan(paths: [[UInt8]], options: Options) -> Plan {
    var planner = Planner(options)
    for path in paths { planner.add(path) }
    return planner.plan
  }

  /// Plans to read standard input, as if it were a file at `name`.
  package static func planStandardInput(name: [UInt8]) -> Plan {
    planOne(.standardInput, name: name)
  }

  /// Plans to read what the user handed over, known to rules of paths as `name`.
  package static func plan(given bytes: [UInt8], name: [UInt8]) -> Plan {
    planOne(.given(bytes), name: name)
  }

  private static func planOne(_ source: Item.Source, name: [UInt8]) -> Plan {
    var plan = Plan()
    plan.targets = [Target(path: ForeignText(name), kind: .standardInput)]
    plan.work = [.items([Item(target: 0, path: name, source: source, standsIn: [.worktree])])]
    return plan
  }

  private mutating func fail(_ path: [UInt8], _ reason: String) {
    plan.failures.append(ForeignText(Array("cannot scan ".utf8) + path + Array(": \(reason)".utf8)))
  }

  private mutating func add(_ path: [UInt8]) {
    do throws(GitError) {
      let (status, real) = try files(for: Self.opening(path)) { () throws(FileError) in
        (try Paths.status(path), Paths.real(path) ?? path)
      }
      switch status.kind {
      case .folder: try addFolder(path, at: real)
      case .regular: try addFile(path, at: real)
      case .link, .special:
        fail(path, "it is neither a file nor a folder; to scan what it yields, use --stdin")
      }
    } catch {
      fail(path, error.detail)
    }
  }

  private static func opening(_ path: [UInt8]) -> String {
    "open \(String(decoding: path, as: UTF8.self))"
  }

  private mutating func addFolder(_ path: [UInt8], at real: [UInt8]) throws(GitError) {
    if let location = try RepositoryLocation(at: real) {
      try addRepository(path, location)
    } else if let location = try RepositoryLocation.containing(real), let root = location.workTree,
      let part = Paths.relative(real, to: root)
    {
      try addPart(path, part, isFolder: true, of: location, root: root)
    } else {
      let root = try files(for: Self.opening(path)) { () throws(FileError) in
        try Folder(at: real)
      }
      let tree = WorkTree(
        plain: root, at: real, target: plan.targets.count,
        includesIgnored: options.includesIgnored)
      plan.targets.append(
        Target(path: ForeignText(path), kind: .folder, prefix: Self.prefix(path)))
      plan.work.append(.folder(tree.whole))
    }
  }

  private mutating func addFile(_ path: [UInt8], at real: [UInt8]) throws(GitError) {
    let location = try RepositoryLocation.containing(Paths.folder(of: real))
    if let location, let root = location.workTree, let part = Paths.relative(real, to: root) {
      try addPart(path, part, isFolder: false, of: location, root: root)
      return
    }
    plan.work.append(
      .items([
        Item(
          target: plan.targets.count, path: path, source: .file(path: real),
          standsIn: [.worktree])
      ]))
    plan.targets.append(Target(path: ForeignText(path), kind: .file))
  }

  private mutating func addRepository(
    _ path: [UInt8], _ location: RepositoryLocation
  ) throws(GitError) {
    // The index is read before libgit2 is needed, which may still be starting.
    let index = WorkTree.index(of: location)
    let repository = try Repository(at: location)
    let head = try repository.head()?.description
    if let root = location.workTree {
      let tree = try tree(of: repository, root: root, index)
      // A git folder stands for the work tree around it.
      let isRoot = Paths.real(path) == root
      plan.targets.append(
        Target(
          path: ForeignText(path), kind: .repository, head: head,
          prefix: isRoot ? Self.prefix(path) : Self.prefix(to: root)))
      if options.leavesOutWorkTree {
        plan.gaps.append(
          Gap(
            .notAsked, subject: ForeignText("work tree and index"),
            reason: ForeignText("left out with --no-worktree")))
      } else {
        plan.trees.append(tree)
        plan.work.append(.folder(tree.whole))
      }
    } else {
      plan.targets.append(Target(path: ForeignText(path), kind: .bareRepository, head: head))
    }
    plan.locations[plan.targets.count - 1] = location
    if options.leavesOutHistory {
      plan.gaps.append(
        Gap(
          .notAsked, subject: ForeignText("history"),
          reason: ForeignText("left out with --no-history")))
    } else {
      plan.histories.append(HistoryWork(target: plan.targets.count - 1, location: location))
    }
  }

  /// Adds the folder or file `part` of a repository.
  private mutating func addPart(
    _ path: [UInt8], _ part: [UInt8], isFolder: Bool, of location: RepositoryLocation,
    root: [UInt8]
  ) throws(GitError) {
    let index = WorkTree.index(of: location)
    let repository = try Repository(at: location)
    let head = try repository.head()?.description
    let tree = try tree(of: repository, root: root, index)
    let shown = ForeignText(isFolder ? part + [UInt8(ascii: "/")] : part)
    plan.work.append(
      try files(for: Self.opening(path)) { () throws(FileError) in
        try work(for: part, isFolder: isFolder, in: tree)
      })
    plan.partTrees.append(tree)
    plan.locations[plan.targets.count] = location
    plan.targets.append(
      Target(
        path: ForeignText(path), kind: .part, head: head, part: shown,
        prefix: Self.prefix(to: root)))
    plan.gaps.append(
      Gap(
        .notAsked, subject: ForeignText(Array("everything but ".utf8) + shown.bytes),
        reason: ForeignText("only this part was asked for: no history, no index, not the rest")))
  }

  private func work(
    for part: [UInt8], isFolder: Bool, in tree: WorkTree
  ) throws(FileError) -> Work {
    if isFolder { return .folder(try tree.part(part)) }
    let position = try tree.position(of: part, isFolder: false)
    let known = tree.index.entries(at: part, in: 0..<tree.index.entries.count)
    return .items([
      Item(
        target: tree.target, path: part, source: .entry(position.folder, isLink: false),
        standsIn: [.worktree], tree: tree, entry: known.first)
    ])
  }

  private mutating func tree(
    of repository: borrowing Repository, root: [UInt8], _ index: Result<IndexFile, GitError>
  ) throws(GitError) -> WorkTree {
    let folder = try files(for: "open the work tree") { () throws(FileError) in
      try Folder(at: root)
    }
    var lost: [Gap] = []
    let tree = try WorkTree(
      of: repository, root: folder, at: root, index: index, target: plan.targets.count,
      includesIgnored: options.includesIgnored
    ) { error in
      lost.append(
        Gap(.index, subject: ForeignText("index"), reason: ForeignText(error.description)))
    }
    plan.gaps += lost
    plan.note(alternatesOf: repository.location)
    if let elsewhere = tree.elsewhere {
      plan.hints.append(
        Hint(
          subject: ForeignText(elsewhere),
          text: ForeignText(
            "core.worktree names this folder; it is not read, only what stands beside .git is")))
    }
    return tree
  }

  // MARK: Paths

  /// What to write before a path below `path` so that it leads there from the current folder.
  private static func prefix(_ path: [UInt8]) -> ForeignText {
    var prefix = path
    if prefix == [UInt8(ascii: ".")] { return ForeignText("") }
    if prefix.starts(with: "./".utf8) { prefix.removeFirst(2) }
    if prefix.last != UInt8(ascii: "/") { prefix.append(UInt8(ascii: "/")) }
    return ForeignText(prefix)
  }

  /// What to write before a path from `root`, which the user did not name.
  private static func prefix(to root: [UInt8]) -> ForeignText {
    guard let here = try? CurrentProcess.folder() else { return ForeignText("") }
    return prefix(Paths.route(from: Paths.real(here) ?? here, to: root))
  }
}
