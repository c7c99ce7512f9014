internal import Crypto
internal import Dispatch
internal import Synchronization

// How an index is written, as git's `index-format` documents it.

extension IndexFile {
  /// The content of one index file.
  struct Parsed {
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
  struct Link {
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
  static func parse(
    _ content: [UInt8], action: String
  ) throws(GitError) -> (IndexFile.Parsed, IndexFile.Link?) {
    guard content.count >= 12 + ObjectID.count else {
      throw GitError(.damaged, action, "it is too short")
    }
    // The sum takes as long as the reading, and a run can do nothing else before it has the index.
    let results = Mutex<(isSound: Bool, parsed: Result<(Self, IndexFile.Link?), GitError>?)>(
      (true, nil))
    DispatchQueue.concurrentPerform(iterations: 2) { job in
      if job == 0 {
        let isSound = hasSoundSum(content)
        results.withLock { $0.isSound = isSound }
      } else {
        let parsed = Result { () throws(GitError) in try parseBody(content, action: action) }
        results.withLock { $0.parsed = parsed }
      }
    }
    let (isSound, parsed) = results.withLock { $0 }
    guard isSound, let parsed else {
      throw GitError(.damaged, action, "its checksum does not fit")
    }
    return try parsed.get()
  }

  /// Whether an index ends in the sum of what stands before.
  private static func hasSoundSum(_ content: [UInt8]) -> Bool {
    let body = 0..<(content.count - ObjectID.count)
    let sum = ObjectID(content.span, at: body.upperBound)
    // All zero says that git was told not to compute one (`index.skipHash`).
    return sum == .zero || sum == ObjectID(sha1: Insecure.SHA1.hash(data: content[body]))
  }

  /// Reads all but the sum at the end of a content that is long enough to have one.
  private static func parseBody(
    _ content: [UInt8], action: String
  ) throws(GitError) -> (IndexFile.Parsed, IndexFile.Link?) {
    let body = 0..<(content.count - ObjectID.count)
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
      reader.append(try reader.string(upTo: 0), to: &paths)
    } else {
      reader.append(try reader.string(upTo: 0), to: &paths)
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
