package import Files

/// git's index: what the next commit will hold.
///
/// The file is read by keyscan itself. libgit2 1.5 refuses split and sparse indexes, and makes
/// an allocation an entry; the format is documented in git's `index-format`.
package struct IndexFile: Sendable {
  /// The entries, ordered by path and, within one path, by stage.
  package private(set) var entries: [Entry]
  /// The paths of all entries, one after another.
  private var paths: [UInt8]
  /// What git knew of trees when it wrote the index, by folder.
  package private(set) var trees: [CachedTree]
  /// When the file was written last; `nil` for an index that is not a file.
  package let modified: FileStatus.Moment?
  /// Entries stand in a second file that others may share (`git update-index --split-index`).
  package let isSplit: Bool

  /// One path in the index.
  package struct Entry: Sendable {
    var pathStart: Int
    var pathEnd: Int
    package fileprivate(set) var id: ObjectID
    /// The type and permissions, as in `0o100644`.
    package fileprivate(set) var mode: UInt32
    /// 0, or 1 to 3 for the sides of a conflict.
    package fileprivate(set) var stage: UInt8
    /// A sparse checkout left the file out of the work tree.
    package fileprivate(set) var skipsWorkTree: Bool
    /// `git add --intent-to-add`: the path is announced, its content is not in the index yet.
    package fileprivate(set) var isIntention: Bool
    /// What the file's status was when the content was added.
    package fileprivate(set) var status: CachedStatus

    package var isBlob: Bool {
      mode & 0o170000 == 0o100000 || mode & 0o170000 == 0o120000
    }
    package var isLink: Bool { mode & 0o170000 == 0o120000 }
    package var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
    var isTree: Bool { mode & 0o170000 == 0o040000 }
  }

  /// The part of a file's status that the index keeps, cut to 32 bits a number.
  package struct CachedStatus: Equatable, Sendable {
    var changed: (UInt32, UInt32)
    var modified: (UInt32, UInt32)
    var device: UInt32
    var inode: UInt32
    var user: UInt32
    var group: UInt32
    var size: UInt32

    package static func == (a: CachedStatus, b: CachedStatus) -> Bool {
      a.changed == b.changed && a.modified == b.modified && a.inode == b.inode
        && a.user == b.user && a.group == b.group && a.size == b.size
    }
  }

  /// A folder whose tree object is known, because nothing in it has changed since.
  package struct CachedTree: Sendable {
    /// With a slash at its end; empty for the root.
    package let folder: [UInt8]
    package let id: ObjectID
    /// How many entries are in the folder and below it.
    package let count: Int
  }

  /// An index with nothing in it.
  package static let empty = IndexFile()

  private init() {
    entries = []
    paths = []
    trees = []
    modified = nil
    isSplit = false
  }

  /// The most bytes that an index file may have.
  private static let sizeLimit = 1 << 31

  /// Reads the index at `path`; a file that does not exist is an empty index.
  ///
  /// `folder` is the git folder, where the rest of a split index stands.
  package init(at path: [UInt8], in folder: [UInt8]) throws(GitError) {
    let action = "read the index \(text(path))"
    guard let status = try? Paths.status(path) else {
      self = .empty
      return
    }
    guard status.kind == .regular else { throw GitError(.damaged, action, "it is no file") }
    let content = try Self.content(of: path, action: action)
    var (parsed, link) = try Parsed.parse(content, action: action)
    isSplit = link != nil
    if let link {
      let shared = Paths.join(folder, Array("sharedindex.\(link.base)".utf8))
      parsed = try link.apply(parsed, to: Self.sharedIndex(at: shared))
    }
    entries = parsed.entries
    paths = parsed.paths
    trees = parsed.trees
    modified = status.modified
  }

  private static func content(of path: [UInt8], action: String) throws(GitError) -> [UInt8] {
    let content = try files(for: action) { () throws(FileError) in
      try File(at: path).contents(limit: sizeLimit)
    }
    guard let content else { throw GitError(.damaged, action, "it has more than 2 GiB") }
    return content
  }

  private static func sharedIndex(at path: [UInt8]) throws(GitError) -> Parsed {
    let action = "read the shared index \(text(path))"
    return try Parsed.parse(content(of: path, action: action), action: action).0
  }

  // MARK: Looking up

  /// The path of an entry, from the root of the work tree.
  package func path(_ entry: Entry) -> ArraySlice<UInt8> {
    paths[entry.pathStart..<entry.pathEnd]
  }

  /// The entries for `path`, of every stage, looked for among `range`.
  package func entries(at path: [UInt8], in range: Range<Int>) -> Range<Int> {
    let first = partition(range) { Self.compare($0, path) < 0 }
    var end = first
    while end < range.upperBound, Self.compare(self.path(entries[end]), path) == 0 { end += 1 }
    return first..<end
  }

  /// The entries below `folder`, which ends in a slash, looked for among `range`.
  package func entries(below folder: [UInt8], in range: Range<Int>) -> Range<Int> {
    let first = partition(range) { Self.compare($0, folder) < 0 }
    let end = partition(first..<range.upperBound) { $0.starts(with: folder) }
    return first..<end
  }

  /// The first position in `range` whose path does not satisfy `isBefore`.
  private func partition(
    _ range: Range<Int>, where isBefore: (ArraySlice<UInt8>) -> Bool
  ) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(path(entries[middle])) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Negative, zero or positive, as `a` sorts before, with or after `b`.
  static func compare(_ a: ArraySlice<UInt8>, _ b: [UInt8]) -> Int {
    let common = min(a.count, b.count)
    let order = unsafe a.withUnsafeBytes { a in
      unsafe b.withUnsafeBytes { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return Int32(0) }
        return unsafe memcmp(a, b, common)
      }
    }
    return order == 0 ? a.count - b.count : Int(order)
  }

  /// Whether a file that has `status` now is sure to hold what the index holds.
  ///
  /// It is not when the file changed after it was added, or so shortly before the index was
  /// written that its time does not tell.
  package func isUnchanged(_ entry: Entry, _ status: FileStatus) -> Bool {
    guard let modified, entry.stage == 0, !entry.isIntention else { return false }
    let cached = CachedStatus(status)
    guard cached == entry.status else { return false }
    return (status.modified.seconds, status.modified.nanoseconds)
      < (modified.seconds, modified.nanoseconds)
  }

  // MARK: Sparse folders

  /// The folders that stand for all their files because a sparse checkout left them out.
  package var sparseFolders: [(path: [UInt8], tree: ObjectID)] {
    entries.filter(\.isTree).map { (Array(path($0)), $0.id) }
  }

  /// Puts the files of a sparse folder in its place, read from the object database.
  package mutating func expand(with objects: borrowing ObjectDatabase) throws(GitError) {
    guard entries.contains(where: \.isTree) else { return }
    var expanded = Parsed(entries: [], paths: [], trees: trees)
    for entry in entries {
      if entry.isTree {
        try expanded.append(treeAt: Array(path(entry)), entry.id, objects)
      } else {
        expanded.append(entry, path: path(entry))
      }
    }
    entries = expanded.entries
    paths = expanded.paths
  }
}

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension IndexFile.CachedStatus {
  init(_ status: FileStatus) {
    changed = Self.words(status.changed)
    modified = Self.words(status.modified)
    device = UInt32(truncatingIfNeeded: status.device)
    inode = UInt32(truncatingIfNeeded: status.inode)
    user = status.user
    group = status.group
    size = UInt32(truncatingIfNeeded: status.size)
  }

  private static func words(_ moment: FileStatus.Moment) -> (UInt32, UInt32) {
    (UInt32(truncatingIfNeeded: moment.seconds), UInt32(truncatingIfNeeded: moment.nanoseconds))
  }
}
