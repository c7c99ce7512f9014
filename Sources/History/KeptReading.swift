internal import Git
internal import Inputs
internal import Model
internal import Scanning
internal import Store

// What came of a history as it is kept: of secrets their tags, and without what is quickly read
// again.

extension HistoryReading {
  /// Takes back what was kept; `tagger` is the one whose tags it holds.
  init(
    _ content: [UInt8], of work: HistoryWork, taggedBy tagger: SecretTagger
  ) throws(StoreError) {
    self.init(notes: HistoryNotes(taggedBy: tagger))
    var reader = ByteReader(content)
    blobs = try reader.number()
    commits = try reader.number()
    trees = try reader.number()
    bytes = try reader.number()
    references = try reader.number()
    hasTracking = try reader.flag()
    gaps = try reader.each { reader throws(StoreError) in try Gap(&reader) }
    let numbers = try reader.each { reader throws(StoreError) in
      (try reader.id(), try reader.number())
    }
    for (commit, number) in numbers { stashes[commit] = number }
    items = try reader.each { reader throws(StoreError) in try Item(&reader, of: work) }
    var notes: [HistoryNotes.Key: HistoryNote] = [:]
    for _ in 0..<(try reader.number()) {
      let path = try reader.array()
      let secret = try reader.optional { reader throws(StoreError) in try SecretTag(&reader) }
      notes[HistoryNotes.Key(path: path, secret: secret)] = try HistoryNote(&reader)
    }
    var versions: [HistoryNotes.Version: VersionNote] = [:]
    for _ in 0..<(try reader.number()) {
      let path = try reader.array()
      let note = try VersionNote(&reader)
      versions[HistoryNotes.Version(path: path, blob: note.note.blob)] = note
    }
    self.notes = HistoryNotes(notes, versions: versions, taggedBy: tagger)
  }

  /// `nil` if it cannot be kept, because a name in it is a secret itself.
  var content: [UInt8]? {
    var writer = ByteWriter()
    for number in [blobs, commits, trees, bytes, references] { writer.add(number) }
    writer.add(hasTracking)
    writer.add(each: gaps) { $1.write(to: &$0) }
    writer.add(each: stashes.sorted { $0.key < $1.key }) { writer, stash in
      writer.add(stash.key)
      writer.add(stash.value)
    }
    writer.add(items.count)
    for item in items where !item.write(to: &writer) { return nil }
    writer.add(notes.notes.count)
    for (key, note) in notes.notes {
      writer.add(key.path)
      writer.add(key.secret) { $1.write(to: &$0) }
      note.write(to: &writer)
    }
    writer.add(notes.versions.count)
    for (version, note) in notes.versions {
      writer.add(version.path)
      note.write(to: &writer)
    }
    return writer.bytes
  }
}

extension VersionNote {
  fileprivate init(_ reader: inout ByteReader) throws(StoreError) {
    let note = try HistoryNote(&reader)
    let introducedAt = try reader.optional { reader throws(StoreError) in try reader.number() }
    let removedAt = try reader.optional { reader throws(StoreError) in try reader.number() }
    // No commit is before the first.
    self.init(
      note, introducedAt: introducedAt, removedAt: removedAt, lastAt: try reader.number() - 1)
  }

  fileprivate func write(to writer: inout ByteWriter) {
    note.write(to: &writer)
    writer.add(introducedAt) { $0.add($1) }
    writer.add(removedAt) { $0.add($1) }
    writer.add(lastAt + 1)
  }
}

extension HistoryNote {
  fileprivate init(_ reader: inout ByteReader) throws(StoreError) {
    self.init(blob: try reader.id())
    standsIn = try Standings(&reader)
    isPublished = try reader.flag()
    introduced = try reader.optional { reader throws(StoreError) in try reader.id() }
    removed = try reader.optional { reader throws(StoreError) in try reader.id() }
    first = try reader.optional { reader throws(StoreError) in try reader.number() }
    last = try reader.optional { reader throws(StoreError) in try reader.number() }
    versions = try reader.number()
  }

  fileprivate func write(to writer: inout ByteWriter) {
    writer.add(blob)
    standsIn.write(to: &writer)
    writer.add(isPublished)
    writer.add(introduced) { $0.add($1) }
    writer.add(removed) { $0.add($1) }
    writer.add(first) { $0.add($1) }
    writer.add(last) { $0.add($1) }
    writer.add(versions)
  }
}

extension Item {
  fileprivate init(_ reader: inout ByteReader, of work: HistoryWork) throws(StoreError) {
    let path = try reader.array()
    let isBlob = try reader.flag()
    let id = try reader.id()
    let standsIn = try Standings(&reader)
    let commit = try reader.optional { reader throws(StoreError) in try reader.id() }
    let isPublished = try reader.flag()
    self.init(
      target: work.target, path: path,
      source: isBlob ? .blob(id, work.location) : .object(id, work.location), standsIn: standsIn,
      commit: commit, isPublished: isPublished)
  }

  /// Returns whether the item can be kept.
  fileprivate func write(to writer: inout ByteWriter) -> Bool {
    writer.add(path)
    switch source {
    case .blob(let id, _):
      writer.add(true)
      writer.add(id)
    case .object(let id, _):
      writer.add(false)
      writer.add(id)
    case .entry, .file, .standardInput, .given, .name: return false
    }
    standsIn.write(to: &writer)
    writer.add(commit) { $0.add($1) }
    writer.add(isPublished)
    return true
  }
}

extension Standings {
  fileprivate init(_ reader: inout ByteReader) throws(StoreError) {
    let names = try reader.each { reader throws(StoreError) in try reader.text() }
    self = Standings(names.compactMap { Standing(rawValue: $0) })
  }

  fileprivate func write(to writer: inout ByteWriter) {
    writer.add(each: members) { $0.add($1.rawValue) }
  }
}

extension Gap {
  init(_ reader: inout ByteReader) throws(StoreError) {
    guard let kind = Kind(rawValue: try reader.text()) else {
      throw StoreError("a gap is of no kind")
    }
    let (subject, reason) = (try reader.array(), try reader.array())
    self.init(
      kind, subject: ForeignText(subject), reason: ForeignText(reason), count: try reader.number())
    file = try reader.optional { reader throws(StoreError) in ForeignText(try reader.array()) }
  }

  func write(to writer: inout ByteWriter) {
    writer.add(kind.rawValue)
    writer.add(subject.bytes)
    writer.add(reason.bytes)
    writer.add(count)
    writer.add(file) { $0.add($1.bytes) }
  }
}
