internal import Bytes
internal import Rules

extension Rule.Checksum.Kind {
  /// Whether the end of `token` is what its other characters come to.
  func holds(for token: [UInt8]) -> Bool {
    switch self {
    case .crc32Base62:
      guard let mark = token.lastIndex(of: UInt8(ascii: "_")), token.count - mark > 7 else {
        return false
      }
      let body = token[(mark + 1)..<(token.count - 6)]
      return token.suffix(6).elementsEqual(CRC32.base62(of: body))
    }
  }
}
