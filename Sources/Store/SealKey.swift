internal import Crypto
internal import Files

/// The key that seals what keyscan keeps between runs.
///
/// It is made once for each user and lies outside of every repository, so nobody who sends a
/// repository can have sealed anything in it.
package struct SealKey: Sendable {
  /// 32 random bytes.
  let bytes: [UInt8]

  private static let size = 32
  private static let name = Array("key".utf8)

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A key for another purpose, from which the user's own cannot be reckoned.
  package func key(for purpose: String) -> [UInt8] {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("keyscan \(purpose)".utf8), using: SymmetricKey(data: bytes))
    return Array(code)
  }

  /// Reads the user's key, which is made if there is none.
  package static func ofUser() throws(StoreError) -> SealKey {
    let home = Paths.userFolder("XDG_STATE_HOME", orInHome: ".local/state")
    guard let home else { throw StoreError("no folder for the user's state: HOME is not set") }
    let path = Paths.join(home, Array("keyscan".utf8))
    return SealKey(try key(in: path))
  }

  private static func key(in path: [UInt8]) throws(StoreError) -> [UInt8] {
    try StoreError.files { () throws(FileError) in
      try Paths.makeFolders(path)
      let folder = try Folder(at: path)
      if (try? folder.status(of: name)) != nil { return }
      var random = SystemRandomNumberGenerator()
      let key = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      try folder.replaceFile(named: name, with: key)
    }
    // Read back, since another run may have made one meanwhile.
    let bytes = try StoreError.files { () throws(FileError) -> [UInt8]? in
      let file = try Folder(at: path).file(named: name)
      let status = try file.status()
      guard status.kind == .regular, status.user == CurrentProcess.user, status.isPrivate,
        status.size == size
      else { return nil }
      return try file.contents(limit: size)
    }
    guard let bytes, bytes.count == size else {
      let path = String(decoding: Paths.join(path, name), as: UTF8.self)
      throw StoreError("\(path) is not a key that you alone can read; remove it")
    }
    return bytes
  }
}
