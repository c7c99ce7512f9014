internal import Crypto
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

  /// One path in the index.
  package struct Entry: Sendable {
    fileprivate var pathStart: Int
    fileprivate var pathEnd: Int
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
    fileprivate var changed: (UInt32, UInt32)
    fileprivate var modified: (UInt32, UInt32)
    fileprivate var device: UInt32
    fileprivate var inode: UInt32
    fileprivate var user: UInt32
    fileprivate var group: UInt32
    fileprivate var size: UInt32

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
    while end < range.upperBound, self.path(entries[end]).elementsEqual(path) { end += 1 }
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
  fileprivate static func compare(_ a: ArraySlice<UInt8>, _ b: [UInt8]) -> Int {
    let common = min(a.count, b.count)
    for i in 0..<common {
      let (x, y) = (a[a.startIndex + i], b[i])
      if x != y { return x < y ? -1 : 1 }
    }
    return a.count - b.count
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

// MARK: The format

extension IndexFile {
  /// The content of one index file.
  fileprivate struct Parsed {
    var entries: [Entry]
    var paths: [UInt8]
    var trees: [CachedTree]

    mutating func append(_ entry: Entry, path: some Sequence<UInt8>) {
      var entry = entry
      entry.pathStart = paths.count
      paths.append(contentsOf: path)
      entry.pathEnd = paths.count
      entries.append(entry)
    }

    /// Appends the files below a folder that a sparse checkout left out.
    mutating func append(
      treeAt folder: [UInt8], _ id: ObjectID, _ objects: borrowing ObjectDatabase
    ) throws(GitError) {
      for line in try objects.tree(id) {
        let path = folder + line.name
        if line.isTree {
          try append(treeAt: path + [UInt8(ascii: "/")], line.id, objects)
        } else {
          let status = CachedStatus(
            changed: (0, 0), modified: (0, 0), device: 0, inode: 0, user: 0, group: 0, size: 0)
          append(
            Entry(
              pathStart: 0, pathEnd: 0, id: line.id, mode: line.mode, stage: 0,
              skipsWorkTree: true, isIntention: false, status: status), path: path)
        }
      }
    }
  }

  /// What turns a shared index into the whole one.
  fileprivate struct Link {
    let base: ObjectID
    let deleted: [Int]
    let replaced: [Int]

    /// Puts the changed entries of `changes` over those of `shared`.
    func apply(_ changes: Parsed, to shared: Parsed) throws(GitError) -> Parsed {
      var merged = Parsed(entries: [], paths: [], trees: changes.trees)
      let deleted = Set(deleted)
      var replacement: [Int: Entry] = [:]
      // Entries that replace one come first, in its order, and leave their path out.
      for (position, entry) in zip(replaced, changes.entries) { replacement[position] = entry }
      guard replacement.count == replaced.count else {
        throw GitError(.damaged, "read the split index", "it replaces more than it holds")
      }
      for (i, entry) in shared.entries.enumerated() where !deleted.contains(i) {
        let path = shared.paths[entry.pathStart..<entry.pathEnd]
        merged.append(replacement[i] ?? entry, path: path)
      }
      for entry in changes.entries.dropFirst(replaced.count) {
        merged.append(entry, path: changes.paths[entry.pathStart..<entry.pathEnd])
      }
      let paths = merged.paths
      merged.entries.sort { a, b in
        let order = IndexFile.compare(
          paths[a.pathStart..<a.pathEnd], Array(paths[b.pathStart..<b.pathEnd]))
        return order != 0 ? order < 0 : a.stage < b.stage
      }
      return merged
    }
  }
}

extension IndexFile.Parsed {
  fileprivate static func parse(
    _ content: [UInt8], action: String
  ) throws(GitError) -> (IndexFile.Parsed, IndexFile.Link?) {
    guard content.count >= 12 + ObjectID.count else {
      throw GitError(.damaged, action, "it is too short")
    }
    let body = 0..<(content.count - ObjectID.count)
    let sum = ObjectID(content.span, at: body.upperBound)
    // All zero says that git was told not to compute one (`index.skipHash`).
    if sum != .zero, sum != ObjectID(sha1: Insecure.SHA1.hash(data: content[body])) {
      throw GitError(.damaged, action, "its checksum does not fit")
    }
    var reader = ByteReader(content.span, in: body, action: action)
    guard try reader.uint32() == 0x4449_5243 else { throw reader.damage("it is no index") }
    let version = try reader.uint32()
    guard (2...4).contains(version) else {
      throw GitError(.unsupported, action, "it has version \(version)")
    }
    let count = Int(try reader.uint32())
    guard count <= reader.remaining / 62 + 1 else { throw reader.damage("it counts too many") }

    var parsed = IndexFile.Parsed(entries: [], paths: [], trees: [])
    parsed.entries.reserveCapacity(count)
    parsed.paths.reserveCapacity(content.count / 2)
    for _ in 0..<count { try parsed.appendEntry(from: &reader, version: version) }

    var link: IndexFile.Link?
    while reader.remaining >= 8 {
      let signature = try reader.uint32()
      let size = Int(try reader.uint32())
      guard size <= reader.remaining else { throw reader.damage("an extension is too long") }
      let range = reader.offset..<(reader.offset + size)
      switch signature {
      case 0x5452_4545:  // TREE
        parsed.trees = try trees(ByteReader(content.span, in: range, action: action))
      case 0x6C69_6E6B:  // link
        link = try self.link(ByteReader(content.span, in: range, action: action))
      case 0x7364_6972: break  // sdir: folders may stand as entries
      default:
        // A name in lower case says that a reader must understand the extension.
        let first = UInt8(signature >> 24)
        if first >= UInt8(ascii: "a") {
          let name = String(
            decoding: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: signature >> $0) },
            as: UTF8.self)
          throw GitError(.unsupported, action, "it uses the extension \(name)")
        }
      }
      try reader.skip(size)
    }
    return (parsed, link)
  }

  private mutating func appendEntry(
    from reader: inout ByteReader, version: UInt32
  ) throws(GitError) {
    let start = reader.offset
    let changed = (try reader.uint32(), try reader.uint32())
    let modified = (try reader.uint32(), try reader.uint32())
    let (device, inode) = (try reader.uint32(), try reader.uint32())
    let mode = try reader.uint32()
    let (user, group) = (try reader.uint32(), try reader.uint32())
    let size = try reader.uint32()
    let id = try reader.id()
    let flags = try reader.uint16()
    var more: UInt16 = 0
    if flags & 0x4000 != 0 {
      guard version >= 3 else { throw reader.damage("an entry has flags of a later version") }
      more = try reader.uint16()
    }
    let pathStart = paths.count
    if version == 4 {
      let dropped = try reader.offsetNumber()
      if let last = entries.last {
        guard dropped <= last.pathEnd - last.pathStart else {
          throw reader.damage("a path is cut by more than it has")
        }
        paths.append(contentsOf: paths[last.pathStart..<(last.pathEnd - dropped)])
      }
      for i in try reader.string(upTo: 0) { paths.append(reader.bytes[i]) }
    } else {
      for i in try reader.string(upTo: 0) { paths.append(reader.bytes[i]) }
      // The entry is filled with one to eight NUL bytes up to a multiple of eight.
      let length = reader.offset - 1 - start
      try reader.skip((length / 8 + 1) * 8 - (length + 1))
    }
    entries.append(
      IndexFile.Entry(
        pathStart: pathStart, pathEnd: paths.count, id: id, mode: mode,
        stage: UInt8(flags >> 12 & 3), skipsWorkTree: more & 0x4000 != 0,
        isIntention: more & 0x2000 != 0,
        status: IndexFile.CachedStatus(
          changed: changed, modified: modified, device: device, inode: inode, user: user,
          group: group, size: size)))
  }

  /// Reads the extension that caches trees: folders in depth-first order.
  private static func trees(_ reader: consuming ByteReader) throws(GitError)
    -> [IndexFile.CachedTree]
  {
    var trees: [IndexFile.CachedTree] = []
    // The folders that are being read, each with how many subfolders of it are to come.
    var open: [(path: [UInt8], left: Int)] = []
    func number(_ range: Range<Int>, _ reader: borrowing ByteReader) throws(GitError) -> Int {
      let text = String(decoding: range.map { reader.bytes[$0] }, as: UTF8.self)
      guard let number = Int(text) else { throw reader.damage("a count is no number") }
      return number
    }
    while reader.remaining > 0 {
      let name = try reader.string(upTo: 0).map { reader.bytes[$0] }
      let count = try number(try reader.string(upTo: UInt8(ascii: " ")), reader)
      let subfolders = try number(try reader.string(upTo: UInt8(ascii: "\n")), reader)
      while let last = open.last, last.left == 0 { open.removeLast() }
      let parent = open.last?.path ?? []
      if !open.isEmpty { open[open.count - 1].left -= 1 }
      let path = name.isEmpty ? parent : parent + name + [UInt8(ascii: "/")]
      if count >= 0 {
        trees.append(IndexFile.CachedTree(folder: path, id: try reader.id(), count: count))
      }
      open.append((path, subfolders))
    }
    return trees
  }

  private static func link(_ reader: consuming ByteReader) throws(GitError) -> IndexFile.Link {
    let base = try reader.id()
    if reader.remaining == 0 { return IndexFile.Link(base: base, deleted: [], replaced: []) }
    let deleted = try Bitmap.positions(&reader)
    let replaced = try Bitmap.positions(&reader)
    return IndexFile.Link(base: base, deleted: deleted, replaced: replaced)
  }
}
