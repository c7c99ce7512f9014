#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What kind of thing a name stands for.
package enum FileKind: Equatable, Sendable {
  case regular, folder, link
  /// A FIFO, a socket or a device: reading it may block for ever or have an effect.
  case special
}

/// What the system knows of a file without reading it.
package struct FileStatus: Equatable, Sendable {
  package let kind: FileKind
  /// In bytes, at the moment of asking.
  package let size: Int
  /// The file may be run.
  package let isExecutable: Bool
  /// Nobody but its owner may read, write or run the file.
  package let isPrivate: Bool
  /// Others than its owner may write the file.
  package let isWritableByOthers: Bool
  /// Who may read, write and run the file: the lower twelve bits of its mode.
  package let permissions: UInt32
  package let modified: Moment
  package let changed: Moment
  package let inode: UInt64
  package let device: UInt64
  /// The numbers of the user and the group that own the file.
  package let user: UInt32
  package let group: UInt32

  /// A point in time, as file systems keep it.
  package struct Moment: Equatable, Sendable {
    package let seconds: Int
    /// From 0 to 999,999,999; 0 where the file system keeps no fractions.
    package let nanoseconds: Int

    package init(seconds: Int, nanoseconds: Int) {
      self.seconds = seconds
      self.nanoseconds = nanoseconds
    }
  }
}

extension FileStatus {
  init(_ raw: stat) {
    kind = FileKind(mode: raw.st_mode)
    size = Int(raw.st_size)
    isExecutable = raw.st_mode & 0o100 != 0
    isPrivate = raw.st_mode & 0o077 == 0
    isWritableByOthers = raw.st_mode & 0o022 != 0
    permissions = UInt32(raw.st_mode & 0o7777)
    #if canImport(Darwin)
      let (modification, change) = (raw.st_mtimespec, raw.st_ctimespec)
    #else
      let (modification, change) = (raw.st_mtim, raw.st_ctim)
    #endif
    modified = Moment(seconds: modification.tv_sec, nanoseconds: modification.tv_nsec)
    changed = Moment(seconds: change.tv_sec, nanoseconds: change.tv_nsec)
    inode = UInt64(raw.st_ino)
    device = UInt64(truncatingIfNeeded: raw.st_dev)
    user = raw.st_uid
    group = raw.st_gid
  }
}

extension FileKind {
  init(mode: mode_t) {
    self =
      switch mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .special
      }
  }
}
