/// What stands before the compressed bytes of an entry of a pack.
struct ObjectHeader: Equatable {
  let kind: Kind
  /// How many bytes the entry inflates to.
  let size: Int
  /// How many bytes the header itself takes.
  let length: Int

  enum Kind: UInt8 {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4
    case offsetDelta = 6
    case referenceDelta = 7
  }

  /// Reads the header at `offset`; `nil` if there is none that makes sense.
  init?(_ bytes: Span<UInt8>, at offset: Int) {
    guard offset >= 0, offset < bytes.count else { return nil }
    var byte = bytes[offset]
    guard let kind = Kind(rawValue: byte >> 4 & 7) else { return nil }
    var size = Int(byte & 15)
    var shift = 4
    var i = offset + 1
    while byte & 0x80 != 0 {
      guard i < bytes.count, shift < 56 else { return nil }
      byte = bytes[i]
      size |= Int(byte & 0x7F) << shift
      shift += 7
      i += 1
    }
    self.kind = kind
    self.size = size
    length = i - offset
  }
}
