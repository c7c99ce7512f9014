/// An app's table of resources (`resources.arsc`), as the XML that it was made from would say it.
///
/// The chunks are those of AOSP's `ResourceTypes.h`.
enum ResourceTable {
  private static let package = 0x200
  private static let typeChunk = 0x201
  private static let textValue = 3

  /// The strings of all configurations with their names, and then the texts that have none.
  static func text(of bytes: Span<UInt8>) throws(ContainerFault) -> ContainerText {
    guard var pool = StringPool(bytes, at: 12) else {
      throw ContainerFault(.damaged, "it is damaged (it has no texts)")
    }
    var writer = MarkupWriter(forFileOf: bytes.count)
    var place = pool.end
    while let type = bytes.short(at: place), let size = bytes.word(at: place + 4) {
      guard size >= 8, place + size <= bytes.count else {
        writer.fail("a chunk is longer than the file")
        break
      }
      if type == package { read(package: place..<(place + size), bytes, &pool, &writer) }
      place += size
    }
    pool.writeRest(bytes, to: &writer)
    return writer.text
  }

  private static func read(
    package range: Range<Int>, _ bytes: Span<UInt8>, _ pool: inout StringPool,
    _ writer: inout MarkupWriter
  ) {
    let start = range.lowerBound
    guard let head = bytes.short(at: start + 2), let types = bytes.word(at: start + 268),
      let keys = bytes.word(at: start + 276),
      var typeNames = StringPool(bytes, at: start + types),
      var keyNames = StringPool(bytes, at: start + keys)
    else { return writer.fail("a package has no names") }
    var place = start + head
    while place < range.upperBound, !writer.isFull, let type = bytes.short(at: place),
      let size = bytes.word(at: place + 4)
    {
      guard size >= 8, place + size <= range.upperBound else {
        return writer.fail("a chunk is longer than its package")
      }
      if type == typeChunk {
        let number = Int(bytes[place + 8])
        let mark = typeNames.text(number - 1, in: bytes) ?? Array("item".utf8)
        read(
          entries: place..<(place + size), String(decoding: mark, as: UTF8.self), bytes, &pool,
          &keyNames, &writer)
      }
      place += size
    }
  }

  /// Reads the entries of one type in one configuration.
  private static func read(
    entries range: Range<Int>, _ mark: String, _ bytes: Span<UInt8>, _ pool: inout StringPool,
    _ keys: inout StringPool, _ writer: inout MarkupWriter
  ) {
    let start = range.lowerBound
    guard let head = bytes.short(at: start + 2), range.count >= 20,
      let count = bytes.word(at: start + 12), let entries = bytes.word(at: start + 16)
    else { return writer.fail("a type has no entries") }
    let flags = bytes[start + 9]
    let (isSparse, isShort) = (flags & 1 != 0, flags & 2 != 0)
    let width = isShort && !isSparse ? 2 : 4
    for i in 0..<min(count, max(0, range.count - head) / width) where !writer.isFull {
      let slot = start + head + width * i
      let offset: Int
      if isSparse {
        offset = 4 * (bytes.short(at: slot + 2) ?? 0)
      } else if isShort {
        let value = bytes.short(at: slot) ?? 0xFFFF
        if value == 0xFFFF { continue }
        offset = 4 * value
      } else {
        let value = bytes.word(at: slot) ?? 0xFFFF_FFFF
        if value == 0xFFFF_FFFF { continue }
        offset = value
      }
      read(entry: start + entries + offset, range.upperBound, mark, bytes, &pool, &keys, &writer)
    }
  }

  private static func read(
    entry place: Int, _ end: Int, _ mark: String, _ bytes: Span<UInt8>, _ pool: inout StringPool,
    _ keys: inout StringPool, _ writer: inout MarkupWriter
  ) {
    guard place + 8 <= end, let flags = bytes.short(at: place + 2) else { return }
    if flags & 8 != 0 {
      // All in eight bytes: the key, the type beside the flags, the value.
      guard flags >> 8 == textValue, let value = bytes.word(at: place + 4) else { return }
      return write(bytes.short(at: place), value, mark, bytes, &pool, &keys, &writer)
    }
    let key = bytes.word(at: place + 4)
    if flags & 1 == 0 {
      guard place + 16 <= end, bytes[place + 11] == textValue,
        let value = bytes.word(at: place + 12)
      else { return }
      return write(key, value, mark, bytes, &pool, &keys, &writer)
    }
    // A list of values: each is a name and a value.
    guard let count = bytes.word(at: place + 12) else { return }
    for i in 0..<min(count, max(0, end - place - 16) / 12) where !writer.isFull {
      let value = place + 16 + 12 * i + 4
      if bytes[value + 3] == textValue, let number = bytes.word(at: value + 4) {
        write(key, number, mark, bytes, &pool, &keys, &writer)
      }
    }
  }

  private static func write(
    _ key: Int?, _ value: Int, _ mark: String, _ bytes: Span<UInt8>, _ pool: inout StringPool,
    _ keys: inout StringPool, _ writer: inout MarkupWriter
  ) {
    guard let text = pool.text(value, in: bytes) else { return }
    writer.write(mark, named: key.flatMap { keys.text($0, in: bytes) } ?? [], text)
  }
}
