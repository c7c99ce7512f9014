package import Files
package import Git
package import Model
internal import Packs

/// What cannot be read of one item.
package struct InputError: Error, Equatable, Sendable {
  package let kind: Gap.Kind
  /// Why, as the end of a sentence.
  package let reason: String
  /// What was to be read is not there any more.
  package let isVanished: Bool

  package init(_ kind: Gap.Kind, _ reason: String, isVanished: Bool = false) {
    self.kind = kind
    self.reason = reason
    self.isVanished = isVanished
  }
}

/// Reads contents, one after another, a window at a time; each worker owns one.
///
/// Most contents are one window. Of a larger one the windows overlap, so that whatever stands
/// in the *core* of one has all of its surroundings in the window.
package struct ContentReader: ~Copyable {
  /// How much a window holds beside the overlap, in bytes.
  package static let windowSize = 8 << 20

  /// How much of the content before and after its core a window holds, at least.
  private let overlap: Int
  private var buffer: ByteBuffer

  // What is being read: one of these, or a content that is in the buffer already.
  private var file: File?
  private var stream: BlobStream?
  private var object: GitObject?
  private var objectOffset = 0
  private var memory: ByteBuffer?
  /// What was held of the content at hand.
  private var held: ByteBuffer?

  /// The status of the file at hand; `nil` for what is no file.
  package private(set) var status: FileStatus?
  /// How many bytes are to come; `nil` if only the end tells.
  private var limit: Int?
  private var isAtEnd = true
  private var isFirst = true

  /// Where in the content the window begins.
  package private(set) var base = 0
  /// Which part of the window no other window has for its core.
  package private(set) var core = 0..<0

  // Repositories are opened when the first object is read from them.
  private var opened: OpenRepository?

  /// A repository and its objects.
  private struct OpenRepository: ~Copyable {
    let repository: Repository
    let objects: ObjectDatabase

    init(at location: RepositoryLocation) throws(GitError) {
      let repository = try Repository(at: location)
      let objects = try repository.objects()
      self.repository = repository
      self.objects = objects
    }
  }

  /// `overlap` is how far from an anchor judging may look, in bytes.
  package init(overlap: Int) {
    self.overlap = 2 * overlap
    buffer = ByteBuffer(capacity: Self.windowSize + 4 * overlap)
  }

  /// The bytes of the window.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { buffer.bytes }
  }

  /// Where in the content the next window begins, if there is one.
  package var nextBase: Int { base + core.upperBound - min(core.upperBound, overlap) }

  /// The window is the first of its content.
  package var isFirstWindow: Bool { base == 0 }
  /// The window reaches to the end of its content.
  package var isLastWindow: Bool { isAtEnd }

  // MARK: Opening

  /// Begins to read `item`.
  package mutating func open(_ item: Item) throws(InputError) {
    close()
    switch item.source {
    case .entry(let folder, let isLink):
      isLink ? try openLink(item.name, in: folder) : try openFile(item.name, in: folder)
    case .file(let path): try openFile(at: path)
    case .standardInput:
      file = try reading(.unreadable) { () throws(FileError) in try File.standardInput() }
      isAtEnd = false
    case .blob(let id, let location): try openBlob(id, in: location)
    case .object(let id, let location): try openObject(id, in: location)
    case .name(let bytes), .given(let bytes): take(bytes)
    }
  }

  /// Begins to read a blob of the repository at `location`.
  package mutating func openBlob(
    _ id: ObjectID, in location: RepositoryLocation
  ) throws(InputError) {
    close()
    try openRepository(location)
    do throws(GitError) {
      guard let header = try opened?.objects.header(of: id) else { return }
      if header.kind != .blob {
        throw GitError(.damaged, "read blob \(id)", "it is another kind of object")
      }
      if header.size > Self.windowSize, try openStream(id) { return }
      object = try opened?.objects.object(id)
      limit = header.size
      isAtEnd = false
    } catch {
      throw InputError(error.kind == .missing ? .missing : .damaged, error.detail)
    }
  }

  /// What kind of object `id` is in the repository at `location`.
  package mutating func kind(
    of id: ObjectID, in location: RepositoryLocation
  ) throws(InputError) -> ObjectKind {
    try openRepository(location)
    do throws(GitError) {
      guard let header = try opened?.objects.header(of: id) else {
        throw GitError(.missing, "read object \(id)", "it is not there")
      }
      return header.kind
    } catch {
      throw InputError(error.kind == .missing ? .missing : .damaged, error.detail)
    }
  }

  /// Lends the whole content that ``openObject(_:in:)`` opened.
  package func readWhole(_ body: (Span<UInt8>) -> Void) {
    object?.withBytes(body)
  }

  /// Begins to read an object of any kind, which is held whole.
  package mutating func openObject(
    _ id: ObjectID, in location: RepositoryLocation
  ) throws(InputError) {
    close()
    try openRepository(location)
    do throws(GitError) {
      object = try opened?.objects.object(id)
      isAtEnd = false
    } catch {
      throw InputError(error.kind == .missing ? .missing : .damaged, error.detail)
    }
  }

  /// Begins to read bytes that are in memory, and keeps them.
  package mutating func open(_ bytes: consuming ByteBuffer) {
    close()
    limit = bytes.count
    memory = consume bytes
    isAtEnd = false
  }

  /// Hands back what ``open(_:)`` was given.
  package mutating func takeMemory() -> ByteBuffer? { memory.take() }

  private mutating func openRepository(_ location: RepositoryLocation) throws(InputError) {
    if opened?.repository.location == location { return }
    do throws(GitError) {
      opened = try OpenRepository(at: location)
    } catch {
      throw InputError(.unreadable, error.description)
    }
  }

  /// Begins to read a large blob piece by piece; `false` if it must be read whole.
  private mutating func openStream(_ id: ObjectID) throws(GitError) -> Bool {
    guard let folders = opened?.objects.folders else { return false }
    do throws(PackError) {
      stream = try BlobStream.open(id, in: folders)
    } catch {
      throw GitError(.damaged, "read blob \(id)", error.reason)
    }
    isAtEnd = stream == nil
    return stream != nil
  }

  private mutating func openLink(_ name: [UInt8], in folder: Folder) throws(InputError) {
    let target = try reading(.unreadable) { () throws(FileError) in
      try folder.linkTarget(named: name)
    }
    take(target)
  }

  /// Begins to read bytes that are at hand already; they fit into one window.
  private mutating func take(_ bytes: [UInt8]) {
    buffer.removeAll()
    buffer.append(bytes.span.extracting(0..<min(bytes.count, Self.windowSize)))
    limit = buffer.count
    isAtEnd = false
  }

  private mutating func openFile(_ name: [UInt8], in folder: Folder) throws(InputError) {
    try take(try reading(.unreadable) { () throws(FileError) in try folder.file(named: name) })
  }

  private mutating func openFile(at path: [UInt8]) throws(InputError) {
    try take(try reading(.unreadable) { () throws(FileError) in try File(at: path) })
  }

  private mutating func take(_ opened: consuming File) throws(InputError) {
    let status = try reading(.unreadable) { () throws(FileError) in try opened.status() }
    // Between listing and opening, the name may have become anything.
    guard status.kind == .regular else {
      throw InputError(.unreadable, "it is no regular file any more")
    }
    self.status = status
    file = consume opened
    // What is written after the scan began is not waited for, so that a log that grows cannot
    // be read for ever. Files that the system makes up have no size.
    limit = status.size > 0 ? status.size : nil
    isAtEnd = false
  }

  private mutating func close() {
    file = nil
    stream = nil
    object = nil
    memory = nil
    held = nil
    objectOffset = 0
    status = nil
    limit = nil
    isAtEnd = true
    isFirst = true
    base = 0
    core = 0..<0
    buffer.removeAll()
  }

  // MARK: Windows

  /// Moves on to the next window; `false` when the content has no more.
  package mutating func next() throws(InputError) -> Bool {
    if isAtEnd { return false }
    // What stood before the core's end is kept as far as judging may look back.
    let before = min(core.upperBound, overlap)
    if isFirst {
      isFirst = false
    } else {
      let kept = buffer.count - core.upperBound + before
      base += buffer.count - kept
      buffer.keepLast(kept)
    }
    while buffer.room > 0 {
      if let limit, base + buffer.count >= limit {
        isAtEnd = true
        break
      }
      let wanted = min(buffer.room, limit.map { $0 - base - buffer.count } ?? buffer.room)
      if try read(wanted) == 0 {
        isAtEnd = true
        break
      }
    }
    core = before..<(isAtEnd ? buffer.count : buffer.count - overlap)
    return true
  }

  /// Holds what this window adds to the content, so that all of it can be taken after the last
  /// window; nothing is held of a content of more than `limit` bytes.
  package mutating func hold(atMost limit: Int) {
    if isFirstWindow { held = ByteBuffer(capacity: max(1, core.count)) }
    guard var whole = held.take(), whole.count + core.count <= limit else { return }
    whole.grow(to: whole.count + core.count)
    whole.append(buffer.bytes.extracting(core))
    held = consume whole
  }

  /// How much is held of the content.
  package var heldCount: Int {
    switch held {
    case .some(let whole): whole.count
    case .none: 0
    }
  }

  /// Hands over what was held of the content; `nil` if that was too much.
  package mutating func takeHeld() -> ByteBuffer? { held.take() }

  private mutating func read(_ count: Int) throws(InputError) -> Int {
    do throws(PackError) {
      if let piece = try stream?.read(count, into: &buffer) { return piece }
    } catch {
      throw InputError(error.kind == .damaged ? .damaged : .unreadable, error.reason)
    }
    if let piece = object?.append(atMost: count, from: objectOffset, to: &buffer) {
      objectOffset += piece
      return piece
    }
    if let piece = memory?.append(atMost: count, from: objectOffset, to: &buffer) {
      objectOffset += piece
      return piece
    }
    do throws(FileError) {
      return try file?.read(count, into: &buffer) ?? 0
    } catch {
      if error.isInterruption, !Interruption.isAsked { return try read(count) }
      throw InputError(.unreadable, error.reason)
    }
  }
}

extension ByteBuffer {
  /// Appends to `other` up to `count` of its bytes from `offset` on; says how many.
  fileprivate func append(atMost count: Int, from offset: Int, to other: inout ByteBuffer) -> Int {
    let all = bytes
    let part = all.extracting(offset..<min(all.count, offset + count))
    other.append(part)
    return part.count
  }
}

/// Runs file operations whose failure is a gap of one kind.
private func reading<Result: ~Copyable>(
  _ kind: Gap.Kind, _ body: () throws(FileError) -> Result
) throws(InputError) -> Result {
  do throws(FileError) {
    return try body()
  } catch {
    throw InputError(kind, error.reason, isVanished: error.isMissing)
  }
}
