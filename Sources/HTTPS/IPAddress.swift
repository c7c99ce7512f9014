/// An address of IP version 4 or 6.
package struct IPAddress: Hashable, Sendable {
  /// As on the wire: 4 or 16 bytes.
  let bytes: [UInt8]

  var isSix: Bool { bytes.count == 16 }

  package init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Reads `192.0.2.1` or `2001:db8::1`, without brackets, zone or anything else around it.
  ///
  /// Abbreviations of version 4, such as `127.1` and `0x7f000001`, are names here, as in a URL's
  /// strict reading; what the system makes of them is looked at when it has resolved them.
  package init?(_ text: String) {
    guard let bytes = text.contains(":") ? Self.six(text) : Self.four(text) else { return nil }
    self.bytes = bytes
  }

  private static func four(_ text: some StringProtocol) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      // A zero in front would make it octal to some readers.
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func six(_ text: String) -> [UInt8]? {
    // At most one `::` stands for as many zeroes as are missing.
    var sides: [Substring] = []
    if let gap = text.firstRange(of: "::") {
      sides = [text[..<gap.lowerBound], text[gap.upperBound...]]
    } else {
      sides = [text[...]]
    }
    guard let head = groups(sides[0], isLast: sides.count == 1) else { return nil }
    guard sides.count == 2 else { return head.count == 16 ? head : nil }
    guard let tail = groups(sides[1], isLast: true), head.count + tail.count <= 14 else {
      return nil
    }
    return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// The bytes of groups between colons; the last of an address may be one of version 4.
  private static func groups(_ text: Substring, isLast: Bool) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if isLast, index == parts.count - 1, part.contains("."), let last = four(part) {
        bytes += last
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
        let group = UInt16(part, radix: 16)
      else { return nil }
      bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
    }
    return bytes
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}

extension IPAddress: CustomStringConvertible {
  /// `192.0.2.1`, or all eight groups of a version 6 address.
  package var description: String {
    guard isSix else { return bytes.map(String.init).joined(separator: ".") }
    return stride(from: 0, to: 16, by: 2).map { index in
      String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
    }.joined(separator: ":")
  }
}
