#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An open folder, by which everything in it is reached.
///
/// Names are opened below the handle, one component at a time and never through a symbolic
/// link, so a folder that is moved or swapped for a link meanwhile cannot lead a scan out of
/// the tree it was given. It is a class because work that waits in a queue keeps its folder
/// open, and several pieces of work share one.
@safe
package final class Folder: Sendable {
  #if canImport(Darwin)
    private typealias Stream = UnsafeMutablePointer<DIR>
  #else
    private typealias Stream = OpaquePointer
  #endif

  /// The stream is read in ``entries()`` alone; everything else uses its descriptor only.
  private nonisolated(unsafe) let stream: Stream
  private let descriptor: Int32

  private init(owning descriptor: Int32, action: @autoclosure () -> String) throws(FileError) {
    guard let stream = unsafe fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw FileError(action(), code: code)
    }
    unsafe self.stream = stream
    self.descriptor = descriptor
  }

  deinit {
    unsafe closedir(stream)
  }

  /// Opens the folder at `path`, following links on the way: the user chose it.
  package convenience init(at path: [UInt8]) throws(FileError) {
    let descriptor = try check("open folder \(text(path))") {
      unsafe withCString(path) { unsafe Int(open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
    }
    try self.init(owning: Int32(descriptor), action: "open folder \(text(path))")
  }

  /// Opens a folder that stands directly in this one; a link is refused.
  package func folder(named name: [UInt8]) throws(FileError) -> Folder {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    let opened = try openEntry(name, flags, "open folder")
    return try Folder(owning: opened, action: "open folder \(text(name))")
  }

  /// Opens a file that stands directly in this folder, for reading; a link is refused.
  ///
  /// Opening neither waits for a FIFO's writer nor makes a terminal the controlling one. What
  /// was opened may still be anything but a link: ask for its status before reading it.
  package func file(named name: [UInt8]) throws(FileError) -> File {
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
    return File(owning: try openEntry(name, flags, "open"))
  }

  /// Opens the file at a path below this folder, one component at a time; links are refused.
  package func file(at path: [UInt8]) throws(FileError) -> File {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return try file(named: path) }
    return try folder(at: Array(path[..<slash])).file(named: Array(path[(slash + 1)...]))
  }

  /// Opens the folder at a path below this one, one component at a time; links are refused.
  package func folder(at path: [UInt8]) throws(FileError) -> Folder {
    var folder = self
    for name in path.split(separator: UInt8(ascii: "/")) {
      folder = try folder.folder(named: Array(name))
    }
    return folder
  }

  private func openEntry(
    _ name: [UInt8], _ flags: Int32, _ verb: String
  ) throws(FileError) -> Int32 {
    let opened = try check("\(verb) \(text(name))") {
      unsafe withCString(name) { unsafe Int(openat(descriptor, $0, flags)) }
    }
    return Int32(opened)
  }

  /// Returns where a symbolic link in this folder points, as it is written in the link.
  package func linkTarget(named name: [UInt8]) throws(FileError) -> [UInt8] {
    var target = ByteBuffer(capacity: Int(PATH_MAX))
    try check("read link \(text(name))") {
      unsafe withCString(name) { path in
        unsafe target.append(atMost: target.room) { start in
          unsafe readlinkat(
            descriptor, path, start.assumingMemoryBound(to: CChar.self), Int(PATH_MAX))
        }
      }
    }
    return target.array(0..<target.count)
  }

  /// The status of a name in this folder; a link's own, not its target's.
  package func status(of name: [UInt8]) throws(FileError) -> FileStatus {
    var raw = stat()
    try check("look at \(text(name))") {
      unsafe withCString(name) { unsafe Int(fstatat(descriptor, $0, &raw, AT_SYMLINK_NOFOLLOW)) }
    }
    return FileStatus(raw)
  }

  /// The folder's own status.
  package func status() throws(FileError) -> FileStatus {
    var raw = stat()
    try check("look at a folder") { unsafe Int(fstat(descriptor, &raw)) }
    return FileStatus(raw)
  }

  /// One name in a folder.
  package struct Entry: Equatable, Sendable {
    package let name: [UInt8]
    package let kind: FileKind
  }

  /// Reads the names in the folder, but for `.` and `..`, in the system's order.
  ///
  /// To be called from one task at a time.
  package func entries() throws(FileError) -> [Entry] {
    var entries: [Entry] = []
    unsafe rewinddir(stream)
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        let code = errno
        if code != 0 { throw FileError("list a folder", code: code) }
        return entries
      }
      let name = unsafe Self.name(of: entry)
      if name == [0x2E] || name == [0x2E, 0x2E] { continue }
      let kind: FileKind
      switch unsafe Int32(entry.pointee.d_type) {
      case Int32(DT_REG): kind = .regular
      case Int32(DT_DIR): kind = .folder
      case Int32(DT_LNK): kind = .link
      case Int32(DT_UNKNOWN): kind = try status(of: name).kind
      default: kind = .special
      }
      entries.append(Entry(name: name, kind: kind))
    }
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
      unsafe name.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout.size(ofValue: name)) {
        let length = unsafe strlen(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
        return unsafe [UInt8](UnsafeBufferPointer(start: $0, count: length))
      }
    }
  }
}
