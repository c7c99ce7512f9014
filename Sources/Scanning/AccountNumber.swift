internal import Rules

/// The account of Amazon Web Services that an access key id belongs to: bits 1 to 40 of what its
/// last sixteen characters, base32 by RFC 4648, stand for.
///
/// Amazon does not document it; it was found out by Tal Be'ery
/// (https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489).
enum AccountNumber {
  /// Twelve digits; `nil` for what is no such id.
  static func of(_ id: [UInt8]) -> String? {
    guard id.count == 20 else { return nil }
    var bits: UInt64 = 0
    // Ten characters of five bits are the first six bytes and two bits more.
    for byte in id[4..<14] {
      let value: UInt8
      switch byte {
      case 0x41...0x5A: value = byte - 0x41
      case 0x32...0x37: value = byte - 0x32 + 26
      default: return nil
      }
      bits = bits << 5 | UInt64(value)
    }
    let number = String(bits >> 9 & 0xFF_FFFF_FFFF)
    return String(repeating: "0", count: max(0, 12 - number.count)) + number
  }
}

extension Rule.Accounts {
  /// Whether the account of an access key id is one that is asked for.
  func admit(_ id: [UInt8]) -> Bool {
    AccountNumber.of(id).map { numbers.contains($0) != isExcept } ?? isExcept
  }
}
