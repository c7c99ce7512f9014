internal import CArchive
internal import Files

/// An archive in memory, read entry by entry with libarchive.
///
/// Nothing is ever written, and no name of an entry is taken for more than a name.
@safe
struct Archive: ~Copyable {
  /// What an entry says of itself.
  struct Entry {
    /// `nil` if it cannot be told, or was made up.
    let name: [UInt8]?
    /// What a symbolic link says.
    let link: [UInt8]?
    let isFile: Bool
    let isEncrypted: Bool
  }

  private let handle: UnsafeMutableRawPointer
  /// What `handle` reads; it does not move.
  private let bytes: ByteBuffer
  /// libarchive cannot go on.
  private var isStopped = false

  /// Opens what `bytes` hold from `offset` on.
  init(
    _ bytes: consuming ByteBuffer, from offset: Int = 0, as kind: keyscan_archive_kind
  ) throws(ContainerFault) {
    unsafe handle = try Self.open(bytes.bytes, from: offset, as: kind)
    self.bytes = bytes
  }

  private static func open(
    _ bytes: Span<UInt8>, from offset: Int, as kind: keyscan_archive_kind
  ) throws(ContainerFault) -> UnsafeMutableRawPointer {
    guard keyscan_archive_is_there() != 0 else {
      throw ContainerFault(.unsupported, "libarchive, which reads it, is not installed")
    }
    let part = bytes.extracting(min(offset, bytes.count)..<bytes.count)
    let opened = unsafe part.withUnsafeBufferPointer { all in
      unsafe keyscan_archive_open(all.baseAddress, all.count, kind)
    }
    guard let opened = unsafe opened else { throw .noMemory }
    return unsafe opened
  }

  deinit {
    unsafe keyscan_archive_close(handle)
  }

  /// Moves on to the next entry; `nil` at the end.
  mutating func next() throws(ContainerFault) -> Entry? {
    if isStopped { return nil }
    var raw = unsafe keyscan_archive_entry()
    switch unsafe keyscan_archive_next(handle, &raw) {
    case 0: return nil
    case 1:
      let name = unsafe raw.is_raw != 0 ? nil : raw.name.map { unsafe Self.text($0) }
      let link = unsafe raw.link.map { unsafe Self.text($0) }
      return unsafe Entry(
        name: name, link: link, isFile: raw.is_file != 0, isEncrypted: raw.is_encrypted != 0)
    default:
      isStopped = true
      throw fault
    }
  }

  /// How much of an entry came.
  enum Amount {
    case whole
    /// There is more than was asked for.
    case part
    /// What came is not what it should be, such as by its checksum.
    case wrong(ContainerFault)
  }

  /// Appends the bytes of the entry to `buffer`, up to `limit`.
  mutating func read(into buffer: inout ByteBuffer, limit: Int) throws(ContainerFault) -> Amount {
    var amount = Amount.whole
    while true {
      var start: UnsafeRawPointer?
      var count = 0
      let status = unsafe keyscan_archive_read(handle, &start, &count)
      switch status {
      case 0: return amount
      case 1, 2:
        if status == 2 { amount = .wrong(fault) }
        guard let start = unsafe start, count > 0 else { continue }
        let taken = min(count, limit - buffer.count)
        buffer.makeRoom(for: taken)
        _ = unsafe buffer.append(atMost: taken) { end in
          unsafe end.copyMemory(from: start, byteCount: taken)
          return taken
        }
        if taken < count { return .part }
      case -1: throw fault
      default:
        isStopped = true
        throw fault
      }
    }
  }

  private var fault: ContainerFault {
    let text = unsafe keyscan_archive_fault(handle).map { unsafe String(cString: $0) } ?? ""
    let lower = text.lowercased()
    if lower.contains("crypt") || lower.contains("passphrase") || lower.contains("password") {
      return ContainerFault(.encrypted, "it is encrypted")
    }
    if lower.contains("unsupported") || lower.contains("not supported") {
      return ContainerFault(.unsupported, "it is packed in a way that is not read (\(text))")
    }
    return ContainerFault(.damaged, "it is damaged (\(text))")
  }

  private static func text(_ start: UnsafePointer<CChar>) -> [UInt8] {
    var bytes: [UInt8] = []
    var i = 0
    while unsafe start[i] != 0 {
      bytes.append(unsafe UInt8(bitPattern: start[i]))
      i += 1
    }
    return bytes
  }
}

extension ByteBuffer {
  /// Grows so that `count` more bytes fit, by at least half of what there is.
  mutating func makeRoom(for count: Int) {
    if room < count { grow(to: max(self.count + count, capacity + capacity / 2)) }
  }
}
