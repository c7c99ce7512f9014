/// A binary property list, as the XML that it was made from would say it.
enum PropertyList {
  /// How deep lists are followed.
  private static let deepest = 64

  static func text(of bytes: Span<UInt8>) throws(ContainerFault) -> ContainerText {
    var reader = try Reader(bytes)
    reader.write(reader.top, bytes, depth: 0)
    // What nothing leads to is looked at too.
    for number in 0..<reader.count where !reader.isWritten[number] {
      reader.write(number, bytes, depth: 0)
    }
    return reader.writer.text
  }

  private struct Reader {
    let top: Int
    let count: Int
    private let offsetSize: Int
    private let referenceSize: Int
    private let table: Int
    var isWritten: [Bool]
    var writer: MarkupWriter

    init(_ bytes: Span<UInt8>) throws(ContainerFault) {
      let end = bytes.count - 32
      guard end > 8, let count = bytes.number(at: end + 8, size: 8),
        let top = bytes.number(at: end + 16, size: 8),
        let table = bytes.number(at: end + 24, size: 8)
      else { throw ContainerFault(.damaged, "it is damaged (it has no end)") }
      offsetSize = Int(bytes[end + 6])
      referenceSize = Int(bytes[end + 7])
      guard (1...8).contains(offsetSize), (1...8).contains(referenceSize), count > 0, table < end,
        count <= (end - table) / offsetSize, top < count
      else { throw ContainerFault(.damaged, "it is damaged (its end is wrong)") }
      (self.count, self.top, self.table) = (count, top, table)
      isWritten = Array(repeating: false, count: count)
      writer = MarkupWriter(forFileOf: bytes.count)
    }

    /// Writes an object; lists and dictionaries once.
    mutating func write(_ number: Int, _ bytes: Span<UInt8>, depth: Int) {
      guard number < count, !writer.isFull,
        let start = bytes.number(at: table + offsetSize * number, size: offsetSize),
        start < table
      else { return }
      let (kind, low) = (bytes[start] >> 4, Int(bytes[start] & 15))
      let wasWritten = isWritten[number]
      isWritten[number] = true
      var place = start + 1
      switch kind {
      case 1:
        if let value = bytes.number(at: place, size: 1 << min(low, 3)) {
          writer.write("integer", Array(String(value).utf8))
        }
      case 4, 5, 6:
        guard let length = length(low, &place, bytes) else { return }
        write(text: kind, place, length, bytes)
      case 0xA, 0xC, 0xD:
        guard !wasWritten, depth < PropertyList.deepest, let length = length(low, &place, bytes),
          length <= (table - place) / referenceSize
        else { return }
        write(list: kind == 0xD, place, length, bytes, depth)
      default: break
      }
    }

    private mutating func write(text kind: UInt8, _ place: Int, _ length: Int, _ bytes: Span<UInt8>)
    {
      let size = kind == 6 ? 2 * length : length
      guard size <= bytes.count - place else {
        return writer.fail("a text is longer than the file")
      }
      let raw = bytes.extracting(place..<(place + size)).array(limit: size)
      if kind == 6 {
        let units = stride(from: 0, to: size, by: 2).map {
          UInt16(raw[$0]) << 8 | UInt16(raw[$0 + 1])
        }
        writer.write("string", Array(String(decoding: units, as: UTF16.self).utf8))
      } else {
        writer.write(kind == 4 ? "data" : "string", raw)
      }
    }

    private mutating func write(
      list isDictionary: Bool, _ place: Int, _ length: Int, _ bytes: Span<UInt8>, _ depth: Int
    ) {
      func reference(_ i: Int) -> Int {
        bytes.number(at: place + referenceSize * i, size: referenceSize) ?? count
      }
      writer.write(isDictionary ? "<dict>\n" : "<array>\n")
      for i in 0..<length where !writer.isFull {
        if isDictionary, let key = text(reference(i), bytes) { writer.write("key", key) }
        write(reference(isDictionary ? length + i : i), bytes, depth: depth + 1)
      }
      writer.write(isDictionary ? "</dict>\n" : "</array>\n")
    }

    /// The text that a key is.
    private mutating func text(_ number: Int, _ bytes: Span<UInt8>) -> [UInt8]? {
      guard number < count,
        let start = bytes.number(at: table + offsetSize * number, size: offsetSize), start < table,
        bytes[start] >> 4 == 5
      else { return nil }
      var place = start + 1
      guard let length = length(Int(bytes[start] & 15), &place, bytes),
        length <= bytes.count - place
      else { return nil }
      isWritten[number] = true
      return bytes.extracting(place..<(place + length)).array(limit: length)
    }

    /// How long an object is: in four bits, or in a number of its own.
    private func length(_ low: Int, _ place: inout Int, _ bytes: Span<UInt8>) -> Int? {
      if low < 15 { return low }
      guard place < bytes.count, bytes[place] >> 4 == 1 else { return nil }
      let size = 1 << Int(bytes[place] & 15)
      place += 1
      guard size <= 8, let length = bytes.number(at: place, size: size) else { return nil }
      place += size
      return length <= bytes.count ? length : nil
    }
  }
}
