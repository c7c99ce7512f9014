internal import Bytes
internal import Crypto
internal import Files
package import Git

/// Files that are kept between runs, each sealed with the user's own key: about one repository, or
/// about none.
///
/// Those about a repository lie in its `keyscan` folder, or in the user's cache folder if it is
/// bare, is another user's or cannot be written; others lie in the user's cache folder. A file is used only if this user owns it and
/// its seal is right: made with the user's key, for this repository, this edition and this name.
package struct Store: Sendable {
  /// Where the files are; it is made when the first is written.
  package let path: [UInt8]
  private let parent: [UInt8]
  private let key: SymmetricKey
  private let context: [UInt8]

  private static let folderName = Array("keyscan".utf8)
  private static let sealSize = 32
  /// The most bytes of a file that are read: some ten for each of 400 million objects.
  private static let limit = 1 << 33

  /// `edition` tells apart what must not be mixed: versions, rules, options.
  package init(
    for location: RepositoryLocation, edition: [UInt8], key: SealKey
  ) throws(StoreError) {
    self.key = SymmetricKey(data: key.bytes)
    let common = location.commonFolder
    let owner = try? Paths.status(common)
    if location.workTree != nil, owner?.user == CurrentProcess.user, Paths.isWritable(common) {
      parent = common
      path = Paths.join(common, Self.folderName)
    } else {
      parent = try Self.cacheFolder()
      let digest = Array(SHA256.hash(data: common))
      path = Paths.join(parent, Array(Array(digest.prefix(16)).hexadecimal.utf8))
    }
    context = Self.context([common, edition])
  }

  /// Files about no repository; `name` is that of their folder, which lies in `folder` or in the
  /// user's cache folder, `edition` as above.
  package init(
    named name: String, in folder: [UInt8]? = nil, edition: [UInt8], key: SealKey
  ) throws(StoreError) {
    self.key = SymmetricKey(data: key.bytes)
    parent = if let folder { folder } else { try Self.cacheFolder() }
    path = Paths.join(parent, Array(name.utf8))
    // No repository has an empty path.
    context = Self.context([[], Array(name.utf8), edition])
  }

  private static func cacheFolder() throws(StoreError) -> [UInt8] {
    guard let cache = Paths.userFolder("XDG_CACHE_HOME", orInHome: ".cache") else {
      throw StoreError("no folder for the user's cache: HOME is not set")
    }
    return Paths.join(cache, folderName)
  }

  private static func context(_ parts: [[UInt8]]) -> [UInt8] {
    parts.reduce(Array("keyscan store 2\0".utf8)) { $0 + withLength($1) }
  }

  /// What was put under a name; `nil` if there is nothing, or nothing that may be trusted.
  package func contents(of name: String) -> [UInt8]? {
    guard let file = try? open(name),
      var payload = try? file.contents(limit: Self.limit), payload.count >= Self.sealSize
    else { return nil }
    // The seal stands at the end, where it is taken off without copying the rest.
    let seal = Array(payload.suffix(Self.sealSize))
    payload.removeLast(Self.sealSize)
    let mac = authenticator(of: name, payload)
    // Equality of codes takes the same time wherever they differ.
    return mac == seal ? payload : nil
  }

  /// Keeps `payload` under a name.
  package func put(_ payload: [UInt8], as name: String) throws(StoreError) {
    let folder = try makeFolder()
    let seal = Array(authenticator(of: name, payload))
    try StoreError.files { () throws(FileError) in
      var parts = [seal, payload]
      try folder.replaceFile(named: Array(name.utf8)) { parts.popLast() }
    }
  }

  /// Keeps pieces one after the other under a name, without a seal, and returns their digests.
  ///
  /// Whoever keeps the digests under a seal can trust a piece without reading the others.
  package func put(
    as name: String, pieces: Int, _ piece: (Int) throws(StoreError) -> [UInt8]
  ) throws(StoreError) -> [[UInt8]] {
    let folder = try makeFolder()
    var digests: [[UInt8]] = []
    var number = 0
    var failure: StoreError?
    try StoreError.files { () throws(FileError) in
      try folder.replaceFile(named: Array(name.utf8)) {
        guard number < pieces, failure == nil else { return nil }
        number += 1
        do throws(StoreError) {
          let content = try piece(number - 1)
          digests.append(digest(of: content))
          return content
        } catch {
          failure = error
          return nil
        }
      }
    }
    if let failure { throw failure }
    return digests
  }

  /// A piece of what was put in pieces; `nil` if it is not there or has another digest.
  package func piece(of name: String, from start: Int, count: Int, _ digest: [UInt8]) -> [UInt8]? {
    if count == 0 { return [] }
    guard let file = try? open(name) else { return nil }
    var buffer = ByteBuffer(capacity: count)
    while buffer.count < count {
      let read = try? file.read(count - buffer.count, at: start + buffer.count, into: &buffer)
      guard let read, read > 0 else { return nil }
    }
    let content = buffer.array(0..<count)
    return self.digest(of: content) == digest ? content : nil
  }

  private func digest(of piece: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: piece))
  }

  /// Removes every file but those named.
  package func removeAll(but names: Set<String>) {
    let kept = Set(names.map { Array($0.utf8) })
    guard let folder = try? openFolder(), let entries = try? folder.entries() else { return }
    for entry in entries where entry.kind != .folder && !kept.contains(entry.name) {
      // One that is left costs space and nothing else.
      try? folder.remove(named: entry.name)
    }
  }

  private func makeFolder() throws(StoreError) -> Folder {
    let folder = try StoreError.files { () throws(FileError) in
      try Paths.makeFolders(parent)
      let above = try Folder(at: parent)
      try above.makeFolder(named: Paths.name(of: path))
      return try above.folder(named: Paths.name(of: path))
    }
    guard (try? folder.status())?.user == CurrentProcess.user else {
      throw StoreError("another user owns \(String(decoding: path, as: UTF8.self))")
    }
    return folder
  }

  /// Opens a file that this user owns.
  private func open(_ name: String) throws(FileError) -> File {
    let file = try openFolder().file(named: Array(name.utf8))
    let status = try file.status()
    guard status.kind == .regular, status.user == CurrentProcess.user else {
      throw FileError("use \(name), which is another user's", code: 1)
    }
    return file
  }

  private func openFolder() throws(FileError) -> Folder {
    try Folder(at: parent).folder(named: Paths.name(of: path))
  }

  private func authenticator(of name: String, _ payload: [UInt8]) -> HMAC<SHA256>.MAC {
    var code = HMAC<SHA256>(key: key)
    code.update(data: context)
    code.update(data: withLength(Array(name.utf8)))
    code.update(data: payload)
    return code.finalize()
  }
}

/// `bytes` after their number, so that two parts cannot be taken for two others.
private func withLength(_ bytes: [UInt8]) -> [UInt8] {
  var writer = ByteWriter()
  writer.add(bytes)
  return writer.bytes
}
