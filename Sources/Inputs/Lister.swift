package import Files
internal import Git
package import Model

/// Lists folders of a work tree and says what in them is to be read.
///
/// A tracked file is always read, an untracked one unless git ignores it. A folder that git
/// ignores is entered only for what is tracked in it.
package struct Lister {
  /// What a listing found besides things to read.
  package struct Notes: Sendable {
    package var gaps: [Gap] = []
    package var hints: [Hint] = []
    /// The positions of the index entries that were met, by the tree they are in.
    package var seen: [(tree: WorkTree, entry: Int)] = []
    /// Folders with a name that was watched for.
    package var watched: [WatchedFolder] = []
    /// Files with a name that was watched for, which git ignores and does not track.
    package var ignored: [WatchedFile] = []
    /// FIFOs, sockets and devices with such a name.
    package var special: [WatchedFile] = []
  }

  /// A file whose name somebody wants to know of.
  package struct WatchedFile: Sendable {
    package let tree: WorkTree
    /// From the tree's root.
    package let path: [UInt8]
  }

  /// A folder whose name somebody wants to know of.
  package struct WatchedFolder: Sendable {
    package let tree: WorkTree
    /// From the tree's root.
    package let path: [UInt8]
    /// It can be opened below this.
    package let parent: Folder
  }

  package private(set) var notes = Notes()
  private let watches: @Sendable ([UInt8]) -> Bool
  private let watchesFile: @Sendable ([UInt8]) -> Bool

  /// `watches` says which names of folders are to be noted, `watchesFile` which of files that are
  /// not read: those that git ignores, FIFOs and the like.
  package init(
    watching watches: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
    files watchesFile: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
  ) {
    self.watches = watches
    self.watchesFile = watchesFile
  }

  /// How many things to read are handed over together.
  private static let batch = 64

  /// Lists one folder and hands over what it holds.
  package mutating func list(_ work: FolderWork, hand: (Work) -> Void) {
    let tree = work.tree
    do throws(FileError) {
      let folder: Folder
      if let place = work.place {
        folder = try place.parent.folder(named: place.name)
      } else {
        folder = tree.root
      }
      let entries = try folder.entries()
      if !work.path.isEmpty, entries.contains(where: { $0.name == WorkTree.gitName }) {
        if enter(folder, at: work, hand: hand) { return }
      } else if work.isSubmodule {
        notes.gaps.append(Plan.gap(forSubmodule: tree.prefix + work.path.dropLast()))
      }
      list(entries, of: folder, work, hand: hand)
    } catch {
      // What vanished meanwhile, or became a link, is not there to be read.
      if error.isMissing || error.isLink, !work.path.isEmpty { return }
      let subject = tree.prefix + (work.path.isEmpty ? [UInt8(ascii: ".")] : work.path)
      notes.gaps.append(
        Gap(.unreadable, subject: ForeignText(subject), reason: ForeignText(error.reason)))
    }
  }

  private mutating func list(
    _ entries: [Folder.Entry], of folder: Folder, _ work: FolderWork, hand: (Work) -> Void
  ) {
    let tree = work.tree
    var rules = work.rules
    if !work.isIgnored, tree.location != nil {
      rules = self.rules(entries, of: folder, work)
    }
    var items: [Item] = []
    for entry in entries {
      if entry.name == WorkTree.gitName, tree.location != nil { continue }
      let path = work.path + entry.name
      switch entry.kind {
      case .folder:
        let below = tree.index.entries(below: path + [UInt8(ascii: "/")], in: work.entries)
        let isIgnored = work.isIgnored || rules?.ignores(path, isFolder: true) ?? false
        let links = tree.index.entries(at: path, in: work.entries)
        notes.seen += links.map { (tree, $0) }
        if watches(entry.name) {
          notes.watched.append(WatchedFolder(tree: tree, path: path, parent: folder))
        }
        if isIgnored, below.isEmpty, links.isEmpty, !tree.includesIgnored { continue }
        hand(
          .folder(
            FolderWork(
              tree: tree, place: (folder, entry.name), path: path + [UInt8(ascii: "/")],
              rules: rules, entries: below, isIgnored: isIgnored,
              isSubmodule: links.contains { tree.index.entries[$0].isSubmodule })))
      case .regular, .link:
        let known = tree.index.entries(at: path, in: work.entries)
        notes.seen += known.map { (tree, $0) }
        if known.isEmpty {
          let isWatched = watchesFile(entry.name)
          if !tree.includesIgnored || isWatched,
            work.isIgnored || rules?.ignores(path, isFolder: false) ?? false
          {
            if isWatched { notes.ignored.append(WatchedFile(tree: tree, path: path)) }
            if !tree.includesIgnored { continue }
          }
        }
        items.append(
          Item(
            target: tree.target, path: tree.prefix + path,
            source: .entry(folder, isLink: entry.kind == .link), standsIn: tree.standing,
            tree: tree, entry: known.first))
        if items.count == Self.batch {
          hand(.items(items))
          items.removeAll()
        }
      case .special:
        // git knows neither FIFOs nor sockets nor devices, so none can be pushed.
        if watchesFile(entry.name) {
          notes.special.append(WatchedFile(tree: tree, path: path))
        }
      }
    }
    if !items.isEmpty { hand(.items(items)) }
  }

  /// The rules of a folder, from its ignore file or, if a sparse checkout left that out, from
  /// the index.
  private func rules(
    _ entries: [Folder.Entry], of folder: Folder, _ work: FolderWork
  ) -> IgnoreRules? {
    let tree = work.tree
    if entries.contains(where: { $0.name == WorkTree.ignoreFile && $0.kind == .regular }) {
      return tree.readRules(in: folder, path: work.path, above: work.rules)
    }
    let known = tree.index.entries(at: work.path + WorkTree.ignoreFile, in: work.entries)
    guard let number = known.first, tree.index.entries[number].skipsWorkTree,
      let location = tree.location, let repository = try? Repository(at: location),
      let objects = try? repository.objects(),
      let blob = try? objects.object(tree.index.entries[number].id)
    else { return work.rules }
    let bytes = blob.bytes
    return tree.rules(bytes.indices.map { bytes[$0] }, path: work.path, above: work.rules)
  }

  // MARK: Repositories in repositories

  /// Goes on in the repository whose root `folder` is; `false` if it is to be read as a part of
  /// the tree around it.
  private mutating func enter(
    _ folder: Folder, at work: FolderWork, hand: (Work) -> Void
  ) -> Bool {
    let outer = work.tree
    let prefix = outer.prefix + work.path
    let subject = ForeignText(Array(prefix.dropLast()))
    guard let location = location(of: folder, at: work) else {
      notes.hints.append(
        Hint(
          subject: subject,
          text: ForeignText(
            "its .git leads out of the tree and is not followed; its files are read without "
              + "regard to what that repository tracks or ignores")))
      return false
    }
    do throws(GitError) {
      let repository = try Repository(at: location)
      var lost: [Gap] = []
      let tree = try WorkTree(
        of: repository, root: folder, at: location.workTree ?? [], prefix: prefix,
        index: WorkTree.index(of: location), target: outer.target,
        includesIgnored: outer.includesIgnored
      ) { error in
        lost.append(
          Gap(.index, subject: subject, reason: ForeignText(error.description)))
      }
      notes.gaps += lost
      notes.gaps.append(
        Gap(
          .notAsked, subject: subject,
          reason: ForeignText(
            "a repository inside this one: the files of its work tree are read, its history is not"
          )))
      hand(.folder(tree.whole))
      return true
    } catch {
      notes.hints.append(
        Hint(
          subject: subject,
          text: ForeignText("\(error.description); its files are read as if it were none")))
      return false
    }
  }

  /// Where the repository at `folder` keeps its parts; `nil` if that is not for this scan.
  ///
  /// A `.git` file comes with the content that is scanned, so it is followed only to where git
  /// itself would put a submodule or a worktree of the repository around it.
  private func location(of folder: Folder, at work: FolderWork) -> RepositoryLocation? {
    guard let status = try? folder.status(of: WorkTree.gitName) else { return nil }
    guard let root = absolutePath(of: work) else { return nil }
    switch status.kind {
    case .folder:
      guard let found = try? RepositoryLocation(at: root), found.workTree == root,
        Paths.relative(found.commonFolder, to: root) != nil
      else { return nil }
      return found
    case .regular:
      guard let found = try? RepositoryLocation(at: root), let outer = work.tree.location,
        outer.owns(gitFolder: found.gitFolder)
      else { return nil }
      return found
    case .link, .special: return nil
    }
  }

  /// The folder's path without links; `nil` if it is not where it was found any more.
  private func absolutePath(of work: FolderWork) -> [UInt8]? {
    let path = Paths.join(work.tree.rootPath, Array(work.path.dropLast()))
    return Paths.real(path) == path ? path : nil
  }
}
