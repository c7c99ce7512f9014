/// What a page's program writes, as text.
enum PDFText {
  /// A space in a line is often a move to the right, of so many thousandths of the font's size.
  private static let space = 250.0

  /// The text that the program `text` writes, up to about `limit` bytes of it; empty for what is no
  /// such program.
  static func text(of text: [UInt8], _ fonts: PDFFonts, limit: Int) -> [UInt8] {
    guard isProgram(text) else { return [] }
    var made: [[UInt8]] = []
    for meaning in 0..<PDFFonts.mostMeanings {
      var writer = Writer(fonts: fonts, meaning: meaning, limit: limit)
      writer.run(text)
      if !made.contains(writer.text) { made.append(writer.text) }
      if !writer.isAmbiguous { break }
    }
    return Array(made.joined(separator: [0x0A]))
  }

  /// Programs begin and end each text, and show something in it.
  private static func isProgram(_ text: [UInt8]) -> Bool {
    let span = text.span
    guard let begin = span.first(of: Array("BT".utf8), from: 0),
      span.first(of: Array("ET".utf8), from: begin) != nil
    else { return false }
    return span.first(of: Array("Tj".utf8), from: begin) != nil
      || span.first(of: Array("TJ".utf8), from: begin) != nil
      || span.first(of: Array(")'".utf8), from: begin) != nil
  }

  private struct Writer {
    let fonts: PDFFonts
    /// Which of the fonts is taken that a name stands for.
    let meaning: Int
    let limit: Int
    var text: [UInt8] = []
    /// Another meaning may say something else.
    var isAmbiguous = false
    private var map: PDFFonts.Map?
    private var line = 0.0
    private var operands: [PDFToken] = []

    init(fonts: PDFFonts, meaning: Int, limit: Int) {
      (self.fonts, self.meaning, self.limit) = (fonts, meaning, limit)
    }

    mutating func run(_ program: [UInt8]) {
      var tokens = PDFTokens(program)
      while text.count < limit, let token = tokens.next() {
        guard case .word(let word) = token else {
          if operands.count < 1 << 16 { operands.append(token) }
          continue
        }
        execute(word)
        operands.removeAll(keepingCapacity: true)
      }
    }

    private mutating func execute(_ word: ArraySlice<UInt8>) {
      switch String(decoding: word.prefix(3), as: UTF8.self) {
      case "Tf":
        if case .name(let name) = operands.first { setFont(name) }
      case "Tj", "TJ": show()
      case "'", "\"":
        breakLine()
        show()
      case "T*", "ET": breakLine()
      case "Td", "TD":
        if case .number(let y) = operands.last, y != 0 { breakLine() }
      case "Tm":
        if case .number(let y) = operands.last, y != line {
          line = y
          breakLine()
        }
      default: break
      }
    }

    private mutating func setFont(_ name: [UInt8]) {
      let maps = fonts.maps(named: name)
      if maps.count > meaning + 1 { isAmbiguous = true }
      map = maps.isEmpty ? nil : maps[min(meaning, maps.count - 1)]
    }

    private mutating func show() {
      for operand in operands {
        switch operand {
        case .string(let bytes): write(bytes)
        case .number(let move) where move < -PDFText.space: text.append(0x20)
        default: break
        }
      }
    }

    private mutating func write(_ bytes: [UInt8]) {
      guard let map else {
        text += bytes
        return
      }
      for k in stride(from: 0, to: bytes.count, by: map.width) {
        let code = bytes[k..<min(k + map.width, bytes.count)]
        if let known = map.characters[PDFFonts.Map.number(code)] {
          text += known
        } else if map.width == 1 {
          text += code
        }
      }
    }

    private mutating func breakLine() {
      if text.last != 0x0A, !text.isEmpty { text.append(0x0A) }
    }
  }
}
