/// Base64, RFC 4648.
package enum Base64 {
  /// The digits in order, in the alphabet of section 4.
  package static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The value of a digit of either alphabet; 255 for any other byte.
  package static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    values[Int(UInt8(ascii: "-"))] = 62
    values[Int(UInt8(ascii: "_"))] = 63
    return values
  }()

  /// Encodes with padding.
  package static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var group: [UInt8] = []
    func flush() {
      guard !group.isEmpty else { return }
      let padded = group + [UInt8](repeating: 0, count: 3 - group.count)
      let bits = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
      for i in 0..<4 {
        text.append(
          i <= group.count ? digits[Int(bits >> UInt32(18 - 6 * i) & 63)] : UInt8(ascii: "="))
      }
      group.removeAll()
    }
    for byte in bytes {
      group.append(byte)
      if group.count == 3 { flush() }
    }
    flush()
    return text
  }
}
