/// A stream of a document: where it stands, and how it is packed.
struct PDFPiece {
  /// What its dictionary says of it.
  enum Kind {
    /// Packed objects.
    case objects
    /// Pages, forms, attachments, and whatever may hold text.
    case content
    /// Images, fonts, tables of references.
    case other
  }

  let number: Int
  let kind: Kind
  /// From `obj` to the end of the stream's word.
  let range: Range<Int>
  private let data: Range<Int>
  private let filters: [String]

  var isPacked: Bool { !filters.isEmpty }

  /// How far before a stream its dictionary may begin.
  private static let mostHead = 1 << 14
  private static let word = Array("stream".utf8)
  private static let endWord = Array("endstream".utf8)

  /// All streams, in the order in which they stand.
  static func all(in bytes: Span<UInt8>, most: Int) -> [PDFPiece] {
    var pieces: [PDFPiece] = []
    var (i, tries) = (0, 0)
    while tries < most, let at = bytes.first(of: word, from: i) {
      i = at + word.count
      tries += 1
      // It is the beginning if the line ends with it.
      var start = i
      if start < bytes.count, bytes[start] == 0x0D { start += 1 }
      guard start < bytes.count, bytes[start] == 0x0A, at >= 3, bytes[at - 1] != UInt8(ascii: "d")
      else { continue }
      start += 1
      let from = max(pieces.last?.range.upperBound ?? 0, at - mostHead)
      guard let head = bytes.last(of: Array(" obj".utf8), in: from..<at) else { continue }
      let dictionary = String(decoding: (head..<at).map { bytes[$0] }, as: UTF8.self)
      let end = end(ofStreamAt: start, dictionary, in: bytes)
      pieces.append(
        PDFPiece(
          number: number(before: head, in: bytes), dictionary, range: head..<end,
          data: start..<end))
      i = end
    }
    return pieces
  }

  private static func end(
    ofStreamAt start: Int, _ dictionary: String, in bytes: Span<UInt8>
  ) -> Int {
    if let length = Self.value(of: "/Length", in: dictionary).flatMap({ Int($0) }), length >= 0,
      length <= bytes.count - start
    {
      let end = start + length
      if let word = bytes.first(of: endWord, from: end), word - end <= 4 { return end }
    }
    return bytes.first(of: endWord, from: start) ?? bytes.count
  }

  /// The number of the object whose word ` obj` stands at `head`: `12 0 obj`.
  private static func number(before head: Int, in bytes: Span<UInt8>) -> Int {
    var i = head - 1
    while i >= 0, bytes[i].isDigit { i -= 1 }
    var (number, factor) = (0, 1)
    i -= 1
    while i >= 0, bytes[i].isDigit, factor < 1_000_000_000 {
      number += Int(bytes[i] - UInt8(ascii: "0")) * factor
      factor *= 10
      i -= 1
    }
    return number
  }

  private init(number: Int, _ dictionary: String, range: Range<Int>, data: Range<Int>) {
    (self.number, self.range, self.data) = (number, range, data)
    filters = Self.names(of: "/Filter", in: dictionary)
    let isImage = Self.value(of: "/Subtype", in: dictionary) == "/Image"
    let isFont =
      dictionary.contains("/Length1") || dictionary.contains("/Type1C")
      || dictionary.contains("/CIDFontType0C") || dictionary.contains("/OpenType")
    let type = Self.value(of: "/Type", in: dictionary)
    kind =
      type == "/ObjStm" ? .objects : isImage || isFont || type == "/XRef" ? .other : .content
  }

  /// The word after a name, if it is one.
  private static func value(of name: String, in dictionary: String) -> String? {
    guard let place = place(of: name, in: dictionary) else { return nil }
    let rest = dictionary.utf8[place...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
    var word = Array(rest.prefix(1))
    word += rest.dropFirst().prefix { byte in
      byte.isDigit || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }
    // A length may be a reference: `12 0 R`.
    let after = rest.dropFirst(word.count).prefix(5)
    if word.first?.isDigit == true, after.contains(UInt8(ascii: "R")) { return nil }
    return String(decoding: word, as: UTF8.self)
  }

  /// The names after a name: one, or those of a list.
  private static func names(of name: String, in dictionary: String) -> [String] {
    guard let place = place(of: name, in: dictionary) else { return [] }
    var rest = dictionary.utf8[place...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
    if rest.first == UInt8(ascii: "[") {
      rest = rest.dropFirst().prefix { $0 != UInt8(ascii: "]") }
      return String(decoding: rest, as: UTF8.self).split(separator: "/").map {
        String($0.prefix { $0.isLetter || $0.isNumber })
      }.filter { !$0.isEmpty }
    }
    guard rest.first == UInt8(ascii: "/") else { return [] }
    let text = String(decoding: rest.dropFirst(), as: UTF8.self)
    return [String(text.prefix { $0.isLetter || $0.isNumber })]
  }

  /// What follows a name that is not the beginning of another.
  private static func place(of name: String, in dictionary: String) -> String.Index? {
    let (text, wanted) = (dictionary.utf8, Array(name.utf8))
    var i = text.startIndex
    while let next = text[i...].firstIndex(of: UInt8(ascii: "/")) {
      i = text.index(after: next)
      guard text[next...].starts(with: wanted) else { continue }
      let end = text.index(next, offsetBy: wanted.count)
      if end < text.endIndex, text[end].isNameByte { continue }
      return end
    }
    return nil
  }

  /// What it holds, unpacked.
  func content(in bytes: Span<UInt8>, limit: Int) -> (made: [UInt8], fault: ContainerFault?) {
    let packed = bytes.extracting(data)
    var made = filters.isEmpty ? packed.array(limit: limit) : []
    for (i, filter) in filters.enumerated() {
      var fault: ContainerFault?
      switch filter {
      case "FlateDecode", "Fl":
        (made, fault) =
          i == 0
          ? Inflation.inflate(packed, limit: limit) : Inflation.inflate(made.span, limit: limit)
      case "ASCII85Decode", "A85":
        made = PDFEncoding.ascii85(i == 0 ? packed.array(limit: 2 * limit) : made)
      case "ASCIIHexDecode", "AHx":
        made = PDFEncoding.hexadecimal(i == 0 ? packed.array(limit: 2 * limit + 64) : made)
      case "DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode": return ([], nil)
      default:
        return ([], ContainerFault(.unsupported, "a stream is packed in a way that is not read"))
      }
      if let fault { return (made, fault) }
    }
    return (Array(made.prefix(limit)), nil)
  }

  /// Everything beside streams: dictionaries, trailers.
  static func rest(of bytes: Span<UInt8>, beside pieces: [PDFPiece]) -> [UInt8] {
    var rest: [UInt8] = []
    var i = 0
    for piece in pieces {
      rest += bytes.extracting(i..<max(i, piece.data.lowerBound)).array(limit: 1 << 24)
      i = piece.data.upperBound
    }
    return rest + bytes.extracting(i..<bytes.count).array(limit: 1 << 24)
  }

  /// Whether the trailer, or the table of references, names a way of encryption.
  static func isEncrypted(_ bytes: Span<UInt8>, beside pieces: [PDFPiece]) -> Bool {
    let name = Array("/Encrypt".utf8)
    var i = 0
    for end in pieces.map(\.data) + [bytes.count..<bytes.count] {
      let part = bytes.extracting(i..<max(i, end.lowerBound))
      var from = 0
      while let at = part.first(of: name, from: from) {
        from = at + name.count
        if from < part.count, !part[from].isNameByte { return true }
      }
      i = end.upperBound
    }
    return false
  }
}
