/// The cyclic redundancy check of zip, gzip and PNG (ISO 3309, reflected 0xEDB88320).
package enum CRC32 {
  package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  /// The check as six digits to the base 62, figures first, then capitals, then small letters.
  package static func base62(of bytes: some Sequence<UInt8>) -> [UInt8] {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    var rest = Int(of(bytes))
    var text: [UInt8] = []
    for _ in 0..<6 {
      text.append(digits[rest % 62])
      rest /= 62
    }
    return text.reversed()
  }
}
