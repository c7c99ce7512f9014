internal import CFiles

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
package final class Folder: Sendable {
  private let descriptor: Int32

  private init(owning descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Opens the folder at `path`, following links on the way: the user chose it.
  package convenience init(at path: [UInt8]) throws(FileError) {
    let descriptor = try check("open folder \(text(path))") {
      unsafe withCString(path) { unsafe Int(open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
    }
    self.init(owning: Int32(descriptor))
  }

  /// Opens a folder that stands directly in this one; a link is refused.
  package func folder(named name: [UInt8]) throws(FileError) -> Folder {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    return Folder(owning: try openEntry(name, flags, "open folder"))
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

  /// Who may use a file that is put in place.
  package enum Access: Sendable {
    /// Its owner alone.
    case owner
    /// Whoever the user's `umask` admits.
    case usual
    /// Those who may use another file, by ``FileStatus/permissions``.
    case permissions(UInt32)
  }

  /// Puts a file with `bytes` at a name in this folder, in one step.
  ///
  /// What has the name is replaced itself: a link is not followed.
  package func replaceFile(
    named name: [UInt8], with bytes: [UInt8], for access: Access = .owner
  ) throws(FileError) {
    var left: [UInt8]? = bytes
    try replaceFile(named: name, for: access) {
      defer { left = nil }
      return left
    }
  }

  /// The same, with bytes that come piece by piece; `nil` ends them.
  package func replaceFile(
    named name: [UInt8], for access: Access = .owner, with next: () -> [UInt8]?
  ) throws(FileError) {
    let action = "write \(text(name))"
    let random = UInt64.random(in: .min ... .max)
    let temporary = name + Array(".\(String(random, radix: 36)).tmp".utf8)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = try check(action) {
      unsafe withCString(temporary) { unsafe Int(openat(descriptor, $0, flags, 0o600)) }
    }
    do throws(FileError) {
      defer { close(Int32(file)) }
      let mode: mode_t? =
        switch access {
        case .owner: nil
        case .usual: 0o666 & ~OutputFile.currentMask
        case .permissions(let permissions): mode_t(permissions)
        }
      if let mode { try check(action) { Int(fchmod(Int32(file), mode)) } }
      while let bytes = next() { try writeAll(bytes, to: Int32(file), action) }
    } catch {
      try? remove(named: temporary)
      throw error
    }
    do throws(FileError) {
      try check(action) {
        unsafe withCString(temporary) { from in
          unsafe withCString(name) { to in
            unsafe Int(renameat(descriptor, from, descriptor, to))
          }
        }
      }
    } catch {
      try? remove(named: temporary)
      throw error
    }
  }

  /// Removes a file or a link that stands directly in this folder.
  package func remove(named name: [UInt8]) throws(FileError) {
    try check("remove \(text(name))") {
      unsafe withCString(name) { unsafe Int(unlinkat(descriptor, $0, 0)) }
    }
  }

  /// Makes a folder in this one, for its owner alone, if nothing has the name yet.
  package func makeFolder(named name: [UInt8]) throws(FileError) {
    if (try? status(of: name)) != nil { return }
    try check("make folder \(text(name))") {
      unsafe withCString(name) { unsafe Int(mkdirat(descriptor, $0, 0o700)) }
    }
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
    // Some file systems do not tell kinds with names.
    var unknown: [Int] = []
    try forEachEntry { name, type in
      if name == [0x2E] || name == [0x2E, 0x2E] { return }
      let kind: FileKind?
      switch type {
      case Int32(DT_REG): kind = .regular
      case Int32(DT_DIR): kind = .folder
      case Int32(DT_LNK): kind = .link
      case Int32(DT_UNKNOWN): kind = nil
      default: kind = .special
      }
      entries.append(Entry(name: name, kind: kind ?? .special))
      if kind == nil { unknown.append(entries.count - 1) }
    }
    for i in unknown {
      entries[i] = Entry(name: entries[i].name, kind: try status(of: entries[i].name).kind)
    }
    return entries
  }

  #if os(Linux)
    /// How many bytes of names are read at a time.
    private static let listingSize = 1 << 15

    private func forEachEntry(_ body: ([UInt8], Int32) -> Void) throws(FileError) {
      try check("list a folder") { Int(lseek(descriptor, 0, SEEK_SET)) }
      var buffer = ByteBuffer(capacity: Self.listingSize)
      while true {
        buffer.removeAll()
        try check("list a folder") {
          unsafe buffer.append(atMost: Self.listingSize) { start in
            unsafe keyscan_getdents(descriptor, start, Self.listingSize)
          }
        }
        if buffer.count == 0 { return }
        // A record is an inode and an offset of eight bytes, its own length in two, a type in
        // one, and the name with a NUL (getdents64(2)).
        let bytes = buffer.bytes
        var i = 0
        while i + 19 <= bytes.count {
          let length = Int(bytes[i + 16]) | Int(bytes[i + 17]) << 8
          let type = Int32(bytes[i + 18])
          var name: [UInt8] = []
          var k = i + 19
          while k < i + length, bytes[k] != 0 {
            name.append(bytes[k])
            k += 1
          }
          body(name, type)
          i += max(length, 19)
        }
      }
    }
  #else
    private func forEachEntry(_ body: ([UInt8], Int32) -> Void) throws(FileError) {
      let copy = try check("list a folder") { Int(dup(descriptor)) }
      guard let stream = unsafe fdopendir(Int32(copy)) else {
        let code = errno
        close(Int32(copy))
        throw FileError("list a folder", code: code)
      }
      defer { unsafe closedir(stream) }
      unsafe rewinddir(stream)
      while true {
        errno = 0
        guard let entry = unsafe readdir(stream) else {
          let code = errno
          if code != 0 { throw FileError("list a folder", code: code) }
          return
        }
        let count = unsafe Int(entry.pointee.d_namlen)
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
          unsafe Array(name.prefix(count))
        }
        unsafe body(name, Int32(entry.pointee.d_type))
      }
    }
  #endif
}
