internal import Files

/// Where the parts of a repository are.
package struct RepositoryLocation: Equatable, Sendable {
  /// The folder with HEAD and the index in it, absolute and without links.
  package let gitFolder: [UInt8]
  /// The folder with objects and references in it; the same, but for a linked worktree.
  package let commonFolder: [UInt8]
  /// The root of the work tree, absolute and without links; `nil` for a bare repository.
  package let workTree: [UInt8]?

  package init(gitFolder: [UInt8], commonFolder: [UInt8], workTree: [UInt8]?) {
    self.gitFolder = gitFolder
    self.commonFolder = commonFolder
    self.workTree = workTree
  }

  private static let dotGit = Array(".git".utf8)

  /// The repository whose root, or whose git folder, is exactly `path`.
  ///
  /// `path` is absolute and without links. A `.git` file is followed wherever it leads, so
  /// `path` must be what the user chose. Returns `nil` if there is no repository; throws if
  /// what is there points to one that cannot be found.
  package init?(at path: [UInt8]) throws(GitError) {
    let inside = Paths.join(path, Self.dotGit)
    if let status = try? Paths.status(inside) {
      if status.kind == .folder, let common = Self.commonFolder(of: inside) {
        self.init(gitFolder: Paths.real(inside) ?? inside, commonFolder: common, workTree: path)
        return
      }
      if status.kind == .regular {
        let target = try Self.target(ofGitFile: inside)
        guard let gitFolder = Paths.real(Paths.join(path, target)),
          let common = Self.commonFolder(of: gitFolder)
        else {
          throw GitError(
            .missing, "open the repository at \(text(path))",
            ".git says that it is at \(text(target)), where there is none")
        }
        self.init(gitFolder: gitFolder, commonFolder: common, workTree: path)
        return
      }
    }
    guard let common = Self.commonFolder(of: path) else { return nil }
    let isInside = Paths.name(of: path) == Self.dotGit
    self.init(
      gitFolder: path, commonFolder: common, workTree: isInside ? Paths.folder(of: path) : nil)
  }

  /// The repository that `path` is in: at it or above it.
  package static func containing(_ path: [UInt8]) throws(GitError) -> RepositoryLocation? {
    var folder = path
    while true {
      if let found = try RepositoryLocation(at: folder) { return found }
      if folder.count <= 1 { return nil }
      folder = Paths.folder(of: folder)
      if folder.isEmpty { folder = [UInt8(ascii: "/")] }
    }
  }

  /// What a `.git` file says after `gitdir:`.
  package static func target(ofGitFile path: [UInt8]) throws(GitError) -> [UInt8] {
    let action = "read \(text(path))"
    let content = try files(for: action) { () throws(FileError) in
      try File(at: path).contents(limit: 1 << 16)
    }
    return try Self.target(inGitFile: content ?? [], action: action)
  }

  /// What the content of a `.git` file says after `gitdir:`.
  package static func target(
    inGitFile content: [UInt8], action: @autoclosure () -> String
  ) throws(GitError) -> [UInt8] {
    let prefix = Array("gitdir: ".utf8)
    guard content.starts(with: prefix) else {
      throw GitError(.damaged, action(), "it does not begin with “gitdir: ”")
    }
    let target = content.dropFirst(prefix.count)
    let end = target.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return Array(target[..<(end.map { $0 + 1 } ?? target.startIndex)])
  }

  /// The folder with the objects of the git folder at `path`; `nil` if it is no git folder.
  private static func commonFolder(of path: [UInt8]) -> [UInt8]? {
    func isFolder(_ path: [UInt8]) -> Bool { (try? Paths.status(path))?.kind == .folder }
    guard (try? Paths.status(Paths.join(path, Array("HEAD".utf8)))) != nil else { return nil }
    var common = path
    let pointer = Paths.join(path, Array("commondir".utf8))
    if let content = try? File(at: pointer).contents(limit: 1 << 16) {
      let line = content.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      common = Paths.join(path, Array(line))
    }
    guard isFolder(Paths.join(common, Array("objects".utf8))),
      isFolder(Paths.join(common, Array("refs".utf8)))
    else { return nil }
    return Paths.real(common) ?? common
  }

  /// Whether `folder` is where git keeps this repository's linked worktrees and submodules.
  ///
  /// A `.git` file below the work tree is followed only to such a place.
  package func owns(gitFolder folder: [UInt8]) -> Bool {
    ["modules", "worktrees"].contains { kind in
      let home = Paths.join(commonFolder, Array(kind.utf8))
      return Paths.relative(folder, to: home).map { !$0.isEmpty } ?? false
    }
  }

  /// Where the index is, unless the environment names another.
  package var index: [UInt8] { Paths.join(gitFolder, Array("index".utf8)) }
}

/// The bytes of a path as text, for a message.
func text(_ bytes: [UInt8]) -> String {
  String(decoding: bytes, as: UTF8.self)
}

extension RepositoryLocation {
  /// The repository that git names in the environment of a hook; `nil` if it names none.
  ///
  /// git sets `GIT_DIR` when the repository cannot be found from the current folder, as for
  /// files in a home folder whose git folder is elsewhere.
  package static func named(
    in folder: [UInt8]
  ) throws(GitError) -> RepositoryLocation? {
    guard let named = CurrentProcess.variable("GIT_DIR"), !named.isEmpty else { return nil }
    let path = Paths.join(folder, Array(named.utf8))
    guard let gitFolder = Paths.real(path), let common = commonFolder(of: gitFolder) else {
      throw GitError(.missing, "open the repository at \(text(path))", "GIT_DIR names none")
    }
    let workTree = CurrentProcess.variable("GIT_WORK_TREE").map {
      Paths.join(folder, Array($0.utf8))
    }
    return RepositoryLocation(
      gitFolder: gitFolder, commonFolder: common,
      workTree: workTree.flatMap { Paths.real($0) } ?? folder)
  }
}
