#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Questions about paths, which are bytes: nothing makes them UTF-8.
package enum Paths {
  /// The path that names the same file absolutely and without links; `nil` if nothing is there.
  package static func real(_ path: [UInt8]) -> [UInt8]? {
    unsafe withCString(path) { path in
      guard let real = unsafe realpath(path, nil) else { return nil }
      defer { unsafe free(real) }
      return unsafe Array(UnsafeRawBufferPointer(start: real, count: strlen(real)))
    }
  }

  /// The status of what stands at `path`, links followed.
  package static func status(_ path: [UInt8]) throws(FileError) -> FileStatus {
    var raw = stat()
    try check("open \(text(path))") { unsafe withCString(path) { unsafe Int(stat($0, &raw)) } }
    return FileStatus(raw)
  }

  /// Gives what stands at `path` another name, in place of what has that name already.
  package static func rename(_ path: [UInt8], to other: [UInt8]) throws(FileError) {
    try check("rename \(text(path))") {
      unsafe withCString(path) { from in
        unsafe withCString(other) { to in unsafe Int(systemRename(from, to)) }
      }
    }
  }

  /// Removes a file.
  package static func remove(_ path: [UInt8]) throws(FileError) {
    try check("remove \(text(path))") { unsafe withCString(path) { unsafe Int(unlink($0)) } }
  }

  /// Makes a folder, if there is none yet.
  package static func makeFolder(_ path: [UInt8]) throws(FileError) {
    if (try? status(path))?.kind == .folder { return }
    try check("make folder \(text(path))") {
      unsafe withCString(path) { unsafe Int(mkdir($0, 0o777)) }
    }
  }

  /// Makes a folder and those above it that are missing, for their owner alone.
  package static func makeFolders(_ path: [UInt8]) throws(FileError) {
    if (try? status(path))?.kind == .folder { return }
    let above = folder(of: path)
    if !above.isEmpty, above != path { try makeFolders(above) }
    try check("make folder \(text(path))") {
      let result = unsafe withCString(path) { unsafe mkdir($0, 0o700) }
      // Another run may have been faster.
      return result != 0 && errno == EEXIST ? 0 : Int(result)
    }
  }

  /// The user may write in a folder.
  package static func isWritable(_ path: [UInt8]) -> Bool {
    unsafe withCString(path) { unsafe access($0, W_OK | X_OK) } == 0
  }

  /// One of the user's own folders, as the XDG base directory specification places them.
  ///
  /// It is what `variable` names, else `place` in the user's home; `nil` if no home is known.
  package static func userFolder(_ variable: String, orInHome place: String) -> [UInt8]? {
    // The specification says that a relative path is to be ignored.
    if let named = CurrentProcess.variable(variable), named.hasPrefix("/") {
      return Array(named.utf8)
    }
    guard let home = CurrentProcess.variable("HOME"), home.hasPrefix("/") else { return nil }
    return join(Array(home.utf8), Array(place.utf8))
  }

  /// `folder` and `name` with one slash between them; an absolute `name` stands alone.
  package static func join(_ folder: [UInt8], _ name: [UInt8]) -> [UInt8] {
    if name.first == UInt8(ascii: "/") || folder.isEmpty { return name }
    if name.isEmpty { return folder }
    return folder.last == UInt8(ascii: "/")
      ? folder + name : folder + [UInt8(ascii: "/")] + name
  }

  /// The relative path that leads from `folder` to `other`, both absolute and without links;
  /// `.` if they are the same.
  package static func route(from folder: [UInt8], to other: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    let (here, there) = (folder.split(separator: slash), other.split(separator: slash))
    let common = zip(here, there).prefix { $0.elementsEqual($1) }.count
    let steps =
      [ArraySlice](repeating: Array("..".utf8)[...], count: here.count - common)
      + there[common...]
    return steps.isEmpty ? [UInt8(ascii: ".")] : Array(steps.joined(separator: [slash]))
  }

  /// The last component of `path`.
  package static func name(of path: [UInt8]) -> [UInt8] {
    Array(path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
  }

  /// `path` without its last component; empty if it has only one.
  package static func folder(of path: [UInt8]) -> [UInt8] {
    Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
  }

  /// What leads from `folder` to `path`, both absolute; `nil` if `path` is not below it.
  ///
  /// Empty when the two are the same.
  package static func relative(_ path: [UInt8], to folder: [UInt8]) -> [UInt8]? {
    if path == folder { return [] }
    let prefix = folder.last == UInt8(ascii: "/") ? folder : folder + [UInt8(ascii: "/")]
    return path.starts(with: prefix) ? Array(path[prefix.count...]) : nil
  }
}

/// The system's `rename`, under a name that ``Paths`` does not shadow.
private func systemRename(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32 {
  unsafe rename(from, to)
}
