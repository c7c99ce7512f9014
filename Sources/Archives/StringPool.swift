/// The texts of a binary file of Android's, which the rest of it names by their numbers.
struct StringPool {
  private let offsets: [Int]
  private let start: Int
  private let isUTF8: Bool
  /// Where the pool ends.
  let end: Int
  private(set) var isUsed: [Bool]

  static let type = 1

  /// Reads the pool that begins at `place`; `nil` if none does.
  init?(_ bytes: Span<UInt8>, at place: Int) {
    guard bytes.short(at: place) == Self.type, let head = bytes.short(at: place + 2),
      let size = bytes.word(at: place + 4), let count = bytes.word(at: place + 8),
      let flags = bytes.word(at: place + 16), let start = bytes.word(at: place + 20),
      size >= 28, head >= 28
    else { return nil }
    end = min(place + size, bytes.count)
    isUTF8 = flags & 0x100 != 0
    self.start = place + start
    let most = max(0, (end - place - head) / 4)
    offsets = (0..<min(count, most)).compactMap { bytes.word(at: place + head + 4 * $0) }
    isUsed = Array(repeating: false, count: offsets.count)
  }

  var count: Int { offsets.count }

  /// The text with a number, in UTF-8; `nil` if there is none.
  mutating func text(_ number: Int, in bytes: Span<UInt8>) -> [UInt8]? {
    guard offsets.indices.contains(number) else { return nil }
    isUsed[number] = true
    var place = start + offsets[number]
    if isUTF8 {
      guard Self.length(&place, in: bytes) != nil, let count = Self.length(&place, in: bytes)
      else { return nil }
      return place + count <= end
        ? bytes.extracting(place..<(place + count)).array(limit: count) : nil
    }
    guard var count = bytes.short(at: place) else { return nil }
    place += 2
    if count & 0x8000 != 0, let low = bytes.short(at: place) {
      count = (count & 0x7FFF) << 16 | low
      place += 2
    }
    guard place + 2 * count <= end else { return nil }
    let units = (0..<count).map { UInt16(bytes.shortLittleEndian(at: place + 2 * $0)) }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// A length of one or two bytes.
  private static func length(_ place: inout Int, in bytes: Span<UInt8>) -> Int? {
    guard place >= 0, place + 1 < bytes.count else { return nil }
    let first = Int(bytes[place])
    place += 1
    if first & 0x80 == 0 { return first }
    let second = Int(bytes[place])
    place += 1
    return (first & 0x7F) << 8 | second
  }

  /// Writes the texts that nothing named.
  mutating func writeRest(_ bytes: Span<UInt8>, to writer: inout MarkupWriter) {
    for i in offsets.indices where !isUsed[i] && !writer.isFull {
      if let text = text(i, in: bytes), !text.isEmpty { writer.write(text, [0x0A]) }
    }
  }
}
