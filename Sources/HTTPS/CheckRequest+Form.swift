internal import LiveChecks

extension CheckRequest {
  /// Whether the request goes out as it stands.
  ///
  /// A host that is written in another way than the client would write it could be looked up by
  /// the client itself, past what is known to be public; and what the client refuses it names.
  var isWellFormed: Bool {
    Self.isHost(host) && Self.isPath(path)
      && headers.allSatisfy { Self.isName($0.name) && Self.isValue($0.value) }
  }

  /// Headers that are the transport's business, or that say who asks.
  private static let reserved: Set<String> = [
    "connection", "content-length", "cookie", "expect", "host", "origin", "proxy-authorization",
    "referer", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
  ]

  /// Whether `host` is a name.
  ///
  /// An address has no name for the certificate, and behind a proxy NIOSSL would hold the proxy's
  /// address against it. What ends in a number is taken for an address by some who resolve it.
  private static func isHost(_ host: String) -> Bool {
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return host.utf8.count <= 253 && labels.last?.utf8.first.map(isDigit) == false
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
      }
  }

  private static func isPath(_ path: String) -> Bool {
    guard path.hasPrefix("/") else { return false }
    let bytes = Array(path.utf8)
    return bytes.indices.allSatisfy { index in
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        return bytes.count > index + 2 && isHexadecimal(bytes[index + 1])
          && isHexadecimal(bytes[index + 2])
      }
      return isAlphanumeric(byte) || "-._~!$&'()*+,;=:@/?".utf8.contains(byte)
    }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && !reserved.contains(name.lowercased())
      && name.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }

  private static func isValue(_ value: String) -> Bool {
    value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
