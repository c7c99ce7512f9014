internal import Crypto
internal import Files

extension Roots {
  /// A digest of the files that say where history begins: the same digest, the same roots.
  ///
  /// It asks for no object, and does not change when references are packed, as `git gc` does.
  package static func digest(of location: RepositoryLocation) -> [UInt8] {
    var digest = FileDigest()
    let common = location.commonFolder
    digest.add(location.gitFolder)
    digest.addReferences(in: common)
    if location.gitFolder != common { digest.addReferences(in: location.gitFolder) }
    digest.addHeads(in: location.gitFolder)
    if location.gitFolder != common { digest.addHeads(in: common) }
    let worktrees = Paths.join(common, Array("worktrees".utf8))
    for name in FileDigest.names(in: worktrees, .folder) {
      digest.addHeads(in: Paths.join(worktrees, name))
    }
    digest.addAll(in: Paths.join(common, Array("logs".utf8)))
    digest.addFile(Paths.join(common, Array("shallow".utf8)))
    return digest.finish()
  }
}

/// Takes files into a digest, with their names.
private struct FileDigest {
  private var hash = SHA256()

  /// The most bytes of a file that count.
  private static let limit = 1 << 28

  consuming func finish() -> [UInt8] { Array(hash.finalize()) }

  /// Adds bytes after their number, so that two parts cannot be taken for two others.
  mutating func add(_ bytes: [UInt8]) {
    hash.update(data: Array("\(bytes.count) ".utf8))
    hash.update(data: bytes)
  }

  mutating func addFile(_ path: [UInt8]) {
    add(path)
    add(Self.content(path) ?? [])
  }

  private static func content(_ path: [UInt8]) -> [UInt8]? {
    try? File(at: path).contents(limit: limit)
  }

  /// The names of what is of a kind in a folder, in order.
  static func names(in folder: [UInt8], _ kind: FileKind) -> [[UInt8]] {
    let entries = (try? Folder(at: folder).entries()) ?? []
    return entries.filter { $0.kind == kind }.map(\.name).sorted {
      $0.lexicographicallyPrecedes($1)
    }
  }

  /// Adds HEAD and its like, and HEAD's log.
  mutating func addHeads(in folder: [UInt8]) {
    for name in Self.names(in: folder, .regular) where name.suffix(4).elementsEqual("HEAD".utf8) {
      addFile(Paths.join(folder, name))
    }
    addFile(Paths.join(folder, Array("logs/HEAD".utf8)))
  }

  /// Adds every file below a folder.
  mutating func addAll(in folder: [UInt8]) {
    for name in Self.names(in: folder, .regular) { addFile(Paths.join(folder, name)) }
    for name in Self.names(in: folder, .folder) { addAll(in: Paths.join(folder, name)) }
  }

  // MARK: References

  /// Adds every reference, in the order of their names, wherever it is kept.
  mutating func addReferences(in folder: [UInt8]) {
    var lines: [UInt8] = []
    // What cannot be read is told by whoever reads the roots.
    try? ReferenceFiles(in: folder).forEach { name, value in
      lines += value
      lines.append(UInt8(ascii: " "))
      lines += name
      lines.append(UInt8(ascii: "\n"))
    }
    add(lines)
  }
}
