/// XML as it stands in an app: binary, with texts in a pool.
enum AndroidXML {
  private static let startElement = 0x102
  private static let endElement = 0x103
  private static let characters = 0x104
  private static let none = 0xFFFF_FFFF

  /// The elements with their attributes, and then the texts that nothing names.
  static func text(of bytes: Span<UInt8>) throws(ContainerFault) -> ContainerText {
    guard var pool = StringPool(bytes, at: 8) else {
      throw ContainerFault(.damaged, "it is damaged (it has no texts)")
    }
    var writer = MarkupWriter(forFileOf: bytes.count)
    var place = pool.end
    while let type = bytes.short(at: place), let size = bytes.word(at: place + 4),
      !writer.isFull
    {
      guard size >= 8, place + size <= bytes.count else {
        writer.fail("a chunk is longer than the file")
        break
      }
      let range = place..<(place + size)
      switch type {
      case startElement: read(element: range, bytes, &pool, &writer)
      case endElement:
        if let name = bytes.word(at: place + 20), let text = pool.text(name, in: bytes) {
          writer.write(Array("</".utf8) + text + Array(">\n".utf8))
        }
      case characters:
        if let number = bytes.word(at: place + 16), let text = pool.text(number, in: bytes) {
          writer.write(text, [0x0A])
        }
      default: break
      }
      place += size
    }
    pool.writeRest(bytes, to: &writer)
    return writer.text
  }

  private static func read(
    element range: Range<Int>, _ bytes: Span<UInt8>, _ pool: inout StringPool,
    _ writer: inout MarkupWriter
  ) {
    let body = range.lowerBound + 16
    guard let name = bytes.word(at: body + 4).flatMap({ pool.text($0, in: bytes) }),
      let start = bytes.short(at: body + 8), let size = bytes.short(at: body + 10),
      let count = bytes.short(at: body + 12), size >= 20
    else { return writer.fail("an element has no name") }
    var line = [UInt8(ascii: "<")] + name
    for i in 0..<count {
      let place = body + start + size * i
      guard place + 20 <= range.upperBound, line.count < 1 << 20 else { break }
      // A text stands as it was written, or as a value; what is no text is none of ours.
      let raw = bytes.word(at: place + 8) ?? none
      let isText = bytes[place + 15] == 3
      let value = raw != none ? raw : isText ? bytes.word(at: place + 16) ?? none : none
      guard value != none, let text = pool.text(value, in: bytes) else { continue }
      let key = bytes.word(at: place + 4).flatMap { pool.text($0, in: bytes) } ?? []
      let space = bytes.word(at: place).flatMap { pool.text($0, in: bytes) }
      line.append(0x20)
      if space?.suffix(8).elementsEqual("/android".utf8) == true { line += Array("android:".utf8) }
      line += key + Array("=\"".utf8) + text + [UInt8(ascii: "\"")]
    }
    writer.write(line, Array(">\n".utf8))
  }
}
