internal import CArchive
package import Files

/// A file that holds others, opened from memory and read entry by entry.
///
/// What it holds is never written anywhere. However it was made, no more is unpacked of it than
/// the budget's limits say.
package struct Container: ~Copyable {
  package let kind: ContainerKind
  private let size: Int
  /// What a single compressed stream is called: it has no name of its own.
  private let streamName: [UInt8]

  // What it is read with: one of these.
  private var archive: Archive?
  private var database: Database?
  private var document: PDFDocument?
  private var text: ContainerText?

  /// How many entries the directory at the end of a zip archive names; `nil` if there is none.
  private var announced: Int?

  private var unpacked = 0
  private var entryCount = 0
  private var isOver = false

  /// Opens `bytes`, which are of `kind`, the content of a file with this base name.
  package init(
    _ bytes: consuming ByteBuffer, as kind: ContainerKind, name: [UInt8]
  ) throws(ContainerFault) {
    self.kind = kind
    size = bytes.count
    streamName = Self.streamName(in: name)
    switch kind {
    case .zip:
      announced = Self.announcedEntries(in: bytes.bytes)
      archive = try Archive(bytes, as: KEYSCAN_ARCHIVE_ZIP)
    case .sevenZip: archive = try Archive(bytes, as: KEYSCAN_ARCHIVE_7Z)
    case .tar: archive = try Archive(bytes, as: KEYSCAN_ARCHIVE_TAR)
    case .cpio: archive = try Archive(bytes, as: KEYSCAN_ARCHIVE_CPIO)
    case .ar: archive = try Archive(bytes, as: KEYSCAN_ARCHIVE_AR)
    case .rpm:
      let start = try PackageHeader.end(in: bytes.bytes)
      let payload = ContainerKind(bytes.bytes.extracting(min(start, bytes.count)..<bytes.count))
      guard let payload, payload == .cpio || payload.isCompressed else {
        throw ContainerFault(.unsupported, "it is packed in a way that is not read")
      }
      archive = try Archive(bytes, from: start, as: payload.filter)
    case .gzip, .bzip2, .xz, .zstd, .lz4, .lzip:
      archive = try Archive(bytes, as: kind.filter)
    case .database: database = try Database(bytes)
    case .pdf: document = try PDFDocument(bytes)
    case .resources: text = try ResourceTable.text(of: bytes.bytes)
    case .androidXML: text = try AndroidXML.text(of: bytes.bytes)
    case .propertyList: text = try PropertyList.text(of: bytes.bytes)
    case .compress, .rar, .ole, .cabinet, .pointer:
      throw ContainerFault(.unsupported, "what is packed in it was not looked into")
    }
  }

  /// Moves on to the next entry, and reads it; `nil` at the end.
  ///
  /// Throws if there is no going on; what went before counts. The bytes may be put into `spare`, a
  /// buffer that is needed no longer.
  package mutating func next(
    _ budget: inout ContainerBudget, into spare: consuming ByteBuffer? = nil
  ) throws(ContainerFault) -> ContainerEntry? {
    if isOver { return nil }
    do throws(ContainerFault) {
      guard let entry = try entry(&budget, spare.take()) else { return nil }
      return entry
    } catch {
      isOver = true
      throw error
    }
  }

  private mutating func entry(
    _ budget: inout ContainerBudget, _ spare: consuming ByteBuffer?
  ) throws(ContainerFault) -> ContainerEntry? {
    let allowance = try allowance(budget)
    if archive != nil { return try archiveEntry(&budget, allowance, spare.take()) }
    let made: ContainerEntry
    if database != nil {
      guard let table = try database?.next(limit: allowance) else { return nil }
      made = ContainerEntry(table.name, table.text, fault: table.fault)
    } else if document != nil {
      guard let stream = try document?.next(limit: allowance) else { return nil }
      made = ContainerEntry(stream.name, stream.text, fault: stream.fault)
    } else {
      guard let text else { return nil }
      self.text = nil
      made = ContainerEntry([], text.bytes, fault: text.fault)
    }
    try count(&budget)
    spend(made.bytes.count, &budget)
    return made
  }

  private mutating func archiveEntry(
    _ budget: inout ContainerBudget, _ allowance: Int, _ spare: consuming ByteBuffer?
  ) throws(ContainerFault) -> ContainerEntry? {
    guard let header = try archive?.next() else {
      try expectAllEntries()
      return nil
    }
    try count(&budget)
    let name = header.name.map { Self.trimmed($0) } ?? streamName
    if let link = header.link { return ContainerEntry(name, link) }
    if !header.isFile { return ContainerEntry(name, []) }
    if header.isEncrypted {
      return ContainerEntry(name, [], fault: ContainerFault(.encrypted, "it is encrypted"))
    }
    var bytes = Self.emptied(spare.take())
    var fault: ContainerFault?
    do throws(ContainerFault) {
      switch try archive?.read(into: &bytes, limit: allowance) {
      case .part: fault = limitFault(budget)
      case .wrong(let wrong): fault = wrong
      case .whole, nil: break
      }
    } catch {
      fault = error
    }
    spend(bytes.count, &budget)
    return ContainerEntry(name, bytes, fault: fault)
  }

  /// A buffer to read into: to give one back and take another costs more than most entries.
  private static func emptied(_ spare: consuming ByteBuffer?) -> ByteBuffer {
    guard var buffer = spare.take(), buffer.capacity <= largestSpare else {
      return ByteBuffer(capacity: 1 << 16)
    }
    buffer.removeAll()
    return buffer
  }

  private static let largestSpare = 16 << 20

  // MARK: Directories of zip archives

  /// Without its end a zip archive is read as far as it goes, and nobody would notice.
  private func expectAllEntries() throws(ContainerFault) {
    guard kind == .zip else { return }
    guard let announced else {
      throw ContainerFault(.damaged, "it is damaged (its directory is not there)")
    }
    if entryCount < announced {
      throw ContainerFault(
        .damaged, "it is damaged (of \(announced) entries \(entryCount) can be found)")
    }
  }

  private static func announcedEntries(in bytes: Span<UInt8>) -> Int? {
    // A comment of up to 64 KiB may follow.
    let end = bytes.last(
      of: [0x50, 0x4B, 5, 6], in: max(0, bytes.count - 22 - 0xFFFF)..<bytes.count)
    guard let end, let count = bytes.short(at: end + 10) else { return nil }
    // An archive of more entries says so elsewhere.
    return count == 0xFFFF ? 0 : count
  }

  // MARK: Limits

  private mutating func count(_ budget: inout ContainerBudget) throws(ContainerFault) {
    entryCount += 1
    budget.spendEntry()
    if entryCount > budget.limits.entries { throw budget.limits.tooManyEntries }
    if budget.entries < 0 { throw budget.exhausted }
  }

  private mutating func spend(_ count: Int, _ budget: inout ContainerBudget) {
    unpacked += count
    budget.spend(bytes: count)
  }

  private func most(_ limits: ContainerLimits) -> (bytes: Int, isDense: Bool) {
    let dense = max(limits.ratioFloor, size * limits.ratio)
    return dense < limits.bytes ? (dense, true) : (limits.bytes, false)
  }

  /// How many bytes may still be unpacked.
  private func allowance(_ budget: ContainerBudget) throws(ContainerFault) -> Int {
    let allowance = min(most(budget.limits).bytes - unpacked, budget.bytes)
    // An entry of just the size that was left is no reason to complain, but nothing follows it.
    if allowance <= 0 { throw limitFault(budget) }
    return allowance
  }

  /// Which limit is reached.
  private func limitFault(_ budget: ContainerBudget) -> ContainerFault {
    let most = most(budget.limits)
    if budget.bytes < most.bytes - unpacked { return budget.exhausted }
    return most.isDense ? budget.limits.tooDense : budget.limits.tooManyBytes
  }

  // MARK: Names

  /// Tar archives of a folder begin all their names like this.
  private static func trimmed(_ name: [UInt8]) -> [UInt8] {
    name.starts(with: "./".utf8) && name.count > 2 ? Array(name.dropFirst(2)) : name
  }

  /// The name of a stream in a file called `name`: without its last ending.
  private static func streamName(in name: [UInt8]) -> [UInt8] {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, name.count - dot <= 5 else {
      return Array("data".utf8)
    }
    return Array(name[..<dot])
  }
}

extension ContainerKind {
  /// What compressed data is undone with.
  fileprivate var filter: keyscan_archive_kind {
    switch self {
    case .bzip2: KEYSCAN_ARCHIVE_BZIP2
    case .xz: KEYSCAN_ARCHIVE_XZ
    case .zstd: KEYSCAN_ARCHIVE_ZSTD
    case .lz4: KEYSCAN_ARCHIVE_LZ4
    case .lzip: KEYSCAN_ARCHIVE_LZIP
    case .cpio: KEYSCAN_ARCHIVE_CPIO
    default: KEYSCAN_ARCHIVE_GZIP
    }
  }
}

/// One text that a binary file was made into.
struct ContainerText {
  var bytes: [UInt8] = []
  var fault: ContainerFault?
}
