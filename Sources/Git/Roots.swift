internal import Files

/// Everything in a repository that names objects: where history begins.
package struct Roots: Sendable {
  /// References of the common folder, the stash left out.
  package var references: [Repository.Reference] = []
  /// What HEAD names here.
  package var head: ObjectID?
  /// What the HEADs of other worktrees name.
  package var otherHeads: [ObjectID] = []
  /// What `refs/stash` and its reflog name.
  package var stashes: [ObjectID] = []
  /// Which stash each commit of one is, or belongs to, counted from the newest.
  package private(set) var stashNumbers: [ObjectID: Int] = [:]
  /// What reflogs name, and `ORIG_HEAD`, `FETCH_HEAD`, `MERGE_HEAD` and their like.
  package var logged: [ObjectID] = []

  /// Commits that reach into a remote's own branches.
  package var tracking: [ObjectID] {
    references.filter { $0.name.hasPrefix("refs/remotes/") }.map(\.target)
  }

  /// The most bytes of a reflog that are read.
  private static let logLimit = 1 << 28

  /// None.
  package init() {}

  package init(of repository: borrowing Repository) throws(GitError) {
    head = try repository.head()
    let common = repository.location.commonFolder
    try addReferences(in: common)
    if repository.location.gitFolder != common {
      // Some are a worktree's own, such as those of a bisection.
      try addReferences(in: repository.location.gitFolder)
    }
    add(gitFolder: repository.location.gitFolder)
    if repository.location.gitFolder != common { add(gitFolder: common) }
    let worktrees = Paths.join(common, Array("worktrees".utf8))
    for entry in (try? Folder(at: worktrees).entries()) ?? [] where entry.kind == .folder {
      let folder = Paths.join(worktrees, entry.name)
      add(gitFolder: folder)
      if let id = Self.head(in: folder, common: common) { otherHeads.append(id) }
    }
    if let id = Self.head(in: common, common: common) { otherHeads.append(id) }
    addLogs(Paths.join(common, Array("logs".utf8)), name: [])
    stashNumbers = try Self.numbers(in: common, repository)
    stashes = Self.unique(stashes)
    logged = Self.unique(logged)
  }

  /// Adds the references that stand in one git folder; symbolic and broken ones are left out.
  private mutating func addReferences(in folder: [UInt8]) throws(GitError) {
    let stash = Array("refs/stash".utf8)
    try ReferenceFiles(in: folder).forEach { name, value in
      let blanks = value.reversed().prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      guard let target = ObjectID(hex: value.dropLast(blanks.count)) else { return }
      if name.elementsEqual(stash) {
        stashes.append(target)
      } else {
        references.append(
          Repository.Reference(name: String(decoding: name, as: UTF8.self), target: target))
      }
    }
  }

  /// Numbers the stashes, each with the commits that it is put together from.
  private static func numbers(
    in common: [UInt8], _ repository: borrowing Repository
  ) throws(GitError) -> [ObjectID: Int] {
    let log = content(Paths.join(common, Array("logs/refs/stash".utf8)), limit: logLimit) ?? []
    if log.isEmpty { return [:] }
    let objects = try repository.objects()
    var numbers: [ObjectID: Int] = [:]
    for (number, line) in log.split(separator: UInt8(ascii: "\n")).reversed().enumerated() {
      guard let id = ObjectID(hex: line.dropFirst(41).prefix(40)) else { continue }
      // The first parent is what HEAD was, the others hold the index and untracked files.
      let others = (try? objects.commit(id))?.parents.dropFirst() ?? []
      for commit in [id] + others where numbers[commit] == nil { numbers[commit] = number }
    }
    return numbers
  }

  private static func unique(_ ids: [ObjectID]) -> [ObjectID] {
    var seen: Set<ObjectID> = [.zero]
    return ids.filter { seen.insert($0).inserted }
  }

  /// What a worktree's HEAD names: an object, or a reference in the common folder.
  private static func head(in folder: [UInt8], common: [UInt8]) -> ObjectID? {
    guard let line = content(Paths.join(folder, Array("HEAD".utf8)), limit: 4096) else {
      return nil
    }
    // A reference is among the references already.
    return ObjectID(hex: line.prefix { $0 != UInt8(ascii: "\n") })
  }

  private static func content(_ path: [UInt8], limit: Int) -> [UInt8]? {
    try? File(at: path).contents(limit: limit)
  }

  /// Adds what the files of one git folder name whose names end in `_HEAD`, and its HEAD's log.
  private mutating func add(gitFolder: [UInt8]) {
    for entry in (try? Folder(at: gitFolder).entries()) ?? [] {
      guard entry.kind == .regular, entry.name.suffix(5).elementsEqual("_HEAD".utf8),
        let content = Self.content(Paths.join(gitFolder, entry.name), limit: Self.logLimit)
      else { continue }
      // FETCH_HEAD has a line for each branch, and more on the line than the name.
      for line in content.split(separator: UInt8(ascii: "\n")) {
        if let id = ObjectID(hex: line.prefix(40)) { logged.append(id) }
      }
    }
    addLog(Paths.join(gitFolder, Array("logs/HEAD".utf8)), isStash: false)
  }

  private mutating func addLogs(_ folder: [UInt8], name: [UInt8]) {
    for entry in (try? Folder(at: folder).entries()) ?? [] {
      let path = Paths.join(folder, entry.name)
      let full = name.isEmpty ? entry.name : name + [UInt8(ascii: "/")] + entry.name
      switch entry.kind {
      case .folder: addLogs(path, name: full)
      case .regular: addLog(path, isStash: full.elementsEqual("refs/stash".utf8))
      case .link, .special: break
      }
    }
  }

  /// Adds the old and the new object of every line of a reflog.
  private mutating func addLog(_ path: [UInt8], isStash: Bool) {
    guard let content = Self.content(path, limit: Self.logLimit) else { return }
    for line in content.split(separator: UInt8(ascii: "\n")) where line.count >= 81 {
      for start in [0, 41] {
        guard let id = ObjectID(hex: line.dropFirst(start).prefix(40)) else { continue }
        if isStash { stashes.append(id) } else { logged.append(id) }
      }
    }
  }
}
