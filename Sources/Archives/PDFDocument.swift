internal import Files

/// A PDF document of which the streams are read: the text of pages, and what else is packed in it.
///
/// Streams are found by their words, not by the table of references, which in a damaged document is
/// wrong and in a hostile one may say anything.
struct PDFDocument: ~Copyable {
  /// What one stream holds.
  struct Stream {
    let name: [UInt8]
    let text: [UInt8]
    let fault: ContainerFault?
  }

  private let bytes: ByteBuffer
  private let pieces: [PDFPiece]
  private let fonts: PDFFonts
  private var position = 0

  /// The most streams of one document.
  private static let mostPieces = 100_000
  /// The most bytes that fonts and packed objects are unpacked to before pages are read.
  private static let preparation = 64 << 20

  init(_ bytes: consuming ByteBuffer) throws(ContainerFault) {
    let pieces = PDFPiece.all(in: bytes.bytes, most: Self.mostPieces)
    if PDFPiece.isEncrypted(bytes.bytes, beside: pieces) {
      throw ContainerFault(.encrypted, "it is encrypted")
    }
    var left = Self.preparation
    var fonts = PDFFonts()
    fonts.read(objects: PDFPiece.rest(of: bytes.bytes, beside: pieces))
    for piece in pieces where piece.kind == .objects && left > 0 {
      let made = piece.content(in: bytes.bytes, limit: left).made
      left -= made.count
      fonts.read(packed: made)
    }
    for piece in pieces where left > 0 && fonts.isMap(piece.number) {
      let made = piece.content(in: bytes.bytes, limit: left).made
      left -= made.count
      fonts.read(map: made, number: piece.number)
    }
    self.pieces = pieces
    self.fonts = fonts
    self.bytes = bytes
  }

  /// The next stream that holds anything to look at; `nil` after the last.
  mutating func next(limit: Int) throws(ContainerFault) -> Stream? {
    while position < pieces.count {
      let piece = pieces[position]
      position += 1
      if piece.kind == .other || fonts.isMap(piece.number) { continue }
      let (made, fault) = piece.content(in: bytes.bytes, limit: limit)
      var text = PDFText.text(of: made, fonts, limit: limit)
      // What is not packed was seen where it stands.
      if text.isEmpty, piece.isPacked { text = made }
      if text.isEmpty, fault == nil { continue }
      return Stream(
        name: Array("object \(piece.number)".utf8), text: Array(text.prefix(limit)), fault: fault)
    }
    return nil
  }
}
