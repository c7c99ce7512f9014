internal import Files

/// The beginning of an rpm package: what it says of itself, before the archive that it carries.
enum PackageHeader {
  private static let magic: [UInt8] = [0x8E, 0xAD, 0xE8]
  private static let leadSize = 96

  /// Where the archive begins.
  static func end(in bytes: Span<UInt8>) throws(ContainerFault) -> Int {
    let signature = try endOfHeader(at: leadSize, in: bytes)
    return try endOfHeader(at: (signature + 7) & ~7, in: bytes)
  }

  private static func endOfHeader(at start: Int, in bytes: Span<UInt8>) throws(ContainerFault)
    -> Int
  {
    guard start + 16 <= bytes.count, magic.indices.allSatisfy({ bytes[start + $0] == magic[$0] })
    else { throw ContainerFault(.damaged, "it is damaged (its header is not there)") }
    let entries = bytes.bigEndian(at: start + 8)
    let size = bytes.bigEndian(at: start + 12)
    let end = start + 16 + 16 * entries + size
    guard end <= bytes.count else {
      throw ContainerFault(.damaged, "it is damaged (it ends in its header)")
    }
    return end
  }
}
