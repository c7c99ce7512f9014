internal import Files
internal import Git
package import Inputs
package import Model

/// Every file of environment variables of a work tree, ignored ones too, by names alone.
package struct EnvSurvey {
  /// One such file, or what has the name of one.
  package struct Found {
    /// From the root of the repository that was asked for.
    package let path: [UInt8]
    let tree: WorkTree
    let kind: Kind
    /// What reads it; `nil` for what is no file, and for what only the index has.
    var item: Item?
    var namedBy: ForeignText?

    enum Kind { case file, link, folder, virtualEnvironment, special, gone }

    /// The path from the root of its own work tree.
    var inner: [UInt8] { Array(path.dropFirst(tree.prefix.count)) }
  }

  package let tree: WorkTree
  /// In the order of their paths.
  package private(set) var found: [Found] = []
  /// What the walk could not read.
  package private(set) var gaps: [Gap] = []
  /// What was passed over, each a sentence.
  package private(set) var notes: [ForeignText] = []
  /// Files that say what goes into an image.
  private(set) var recipes: [(tree: WorkTree, path: [UInt8])] = []
  /// Files that say which services there are.
  private(set) var compositions: [Item] = []
  private var passed: [[UInt8]] = []

  /// Walks `tree`, which must have been made to include what git ignores.
  ///
  /// With `part`, only what is at that path or below it is told.
  package init(of tree: WorkTree, part: [UInt8] = []) {
    self.tree = tree
    var lister = Lister(
      watching: { DotenvName($0) != nil }, files: { DotenvName($0) != nil })
    var waiting = [tree.whole]
    while let work = waiting.popLast(), !Interruption.isAsked {
      if Self.belongsToOthers(work) {
        passed.append(work.tree.prefix + work.path)
        continue
      }
      lister.list(work) { found in
        switch found {
        case .folder(let folder): waiting.append(folder)
        case .items(let items): for item in items { take(item) }
        }
      }
    }
    take(lister.notes)
    addWhatIsGone()
    for item in compositions { addTargets(of: item) }
    found.sort { $0.path.lexicographicallyPrecedes($1.path) }
    if !part.isEmpty {
      found.removeAll { $0.path != part && Paths.relative($0.path, to: part) == nil }
    }
    note()
  }

  /// What a scan is to read: the files, and those that name others.
  package var items: [Item] { found.compactMap(\.item) + compositions }

  /// An ignored folder with packages that are fetched again: their files are not the user's.
  private static func belongsToOthers(_ work: FolderWork) -> Bool {
    guard work.isIgnored, work.entries.isEmpty, let place = work.place else { return false }
    if place.name.elementsEqual("node_modules".utf8) { return true }
    return isVirtualEnvironment(place.name, in: place.parent)
  }

  private static func isVirtualEnvironment(_ name: [UInt8], in parent: Folder) -> Bool {
    (try? parent.folder(named: name).status(of: Array("pyvenv.cfg".utf8))) != nil
  }

  private mutating func take(_ item: Item) {
    guard let tree = item.tree, case .entry(_, let isLink) = item.source else { return }
    if DotenvName(item.name) != nil {
      found.append(Found(path: item.path, tree: tree, kind: isLink ? .link : .file, item: item))
    } else if !isLink, ComposeFile.isOne(item.name) {
      compositions.append(item)
    } else if !isLink, ImageRecipe.isOne(item.name) {
      recipes.append((tree, Array(item.path.dropFirst(tree.prefix.count))))
    }
  }

  private mutating func take(_ notes: Lister.Notes) {
    gaps = notes.gaps
    for folder in notes.watched {
      let isVirtual = Self.isVirtualEnvironment(Paths.name(of: folder.path), in: folder.parent)
      found.append(
        Found(
          path: folder.tree.prefix + folder.path, tree: folder.tree,
          kind: isVirtual ? .virtualEnvironment : .folder))
    }
    for file in notes.special {
      found.append(
        Found(path: file.tree.prefix + file.path, tree: file.tree, kind: .special))
    }
  }

  /// Adds files that only the index has.
  private mutating func addWhatIsGone() {
    let met = Set(found.map(\.path))
    for (i, entry) in tree.index.entries.enumerated() {
      let path = tree.index.path(entry)
      guard DotenvName(Paths.name(of: Array(path))) != nil, !met.contains(Array(path)),
        // The sides of a conflict have one path.
        i == 0 || !tree.index.path(tree.index.entries[i - 1]).elementsEqual(path)
      else { continue }
      found.append(
        Found(path: Array(path), tree: tree, kind: .gone, item: tree.indexItem(i)))
    }
  }

  /// Adds the files that a Compose file names.
  private mutating func addTargets(of item: Item) {
    guard let tree = item.tree, let content = content(of: item) else { return }
    let inner = Array(item.path.dropFirst(tree.prefix.count))
    for target in EnvironmentFileTargets.targets(of: content, at: inner, prefix: tree.prefix) {
      let path = tree.prefix + target.path
      if let known = found.firstIndex(where: { $0.path == path }) {
        found[known].namedBy = found[known].namedBy ?? target.namedBy
        continue
      }
      guard let position = try? tree.position(of: target.path, isFolder: false),
        let status = try? position.folder.status(of: Paths.name(of: target.path)),
        status.kind == .regular
      else { continue }
      let known = tree.index.entries(at: target.path, in: 0..<tree.index.entries.count)
      // The Compose file brings it to the scan.
      let item = Item(
        target: tree.target, path: path, source: .entry(position.folder, isLink: false),
        standsIn: [.worktree], tree: tree, entry: known.first)
      found.append(
        Found(path: path, tree: tree, kind: .file, item: item, namedBy: target.namedBy))
    }
  }

  /// The content of a small file of the work tree.
  func content(of item: Item) -> [UInt8]? {
    guard case .entry(let folder, false) = item.source,
      let file = try? folder.file(named: item.name), (try? file.status())?.kind == .regular
    else { return nil }
    return try? file.contents(limit: EnvironmentFileTargets.contentLimit)
  }

  private mutating func note() {
    guard !passed.isEmpty else { return }
    let names = passed.sorted { $0.lexicographicallyPrecedes($1) }.prefix(3)
    var text = Array("not looked into, because they are ignored and hold others' packages: ".utf8)
    text += names.joined(separator: Array(", ".utf8))
    if passed.count > 3 { text += Array(" and \(passed.count - 3) more".utf8) }
    notes.append(ForeignText(text))
  }
}
