/// How the characters of a content are written, as far as lines and columns need to know.
enum TextEncoding: Equatable, Sendable {
  /// UTF-8, or anything in which ASCII characters are single bytes.
  case bytes
  case utf16(bigEndian: Bool)
  /// No text: it has lines for whoever counts line feeds, but nothing to show.
  case binary

  /// How many bytes at the beginning tell.
  private static let sample = 8192

  /// Tells by the beginning of a content.
  init(_ bytes: Span<UInt8>) {
    let count = min(bytes.count, Self.sample)
    if count >= 2, bytes[0] == 0xFF, bytes[1] == 0xFE {
      self = .utf16(bigEndian: false)
      return
    }
    if count >= 2, bytes[0] == 0xFE, bytes[1] == 0xFF {
      self = .utf16(bigEndian: true)
      return
    }
    var zeros = (even: 0, odd: 0)
    for i in 0..<count where bytes[i] == 0 {
      if i % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
    }
    // Text in a Latin script has a zero in nearly every pair, always on the same side.
    let pairs = count / 2
    if pairs > 0, zeros.odd > pairs * 3 / 4, zeros.even < pairs / 8 {
      self = .utf16(bigEndian: false)
    } else if pairs > 0, zeros.even > pairs * 3 / 4, zeros.odd < pairs / 8 {
      self = .utf16(bigEndian: true)
    } else {
      self = zeros == (0, 0) ? .bytes : .binary
    }
  }
}
