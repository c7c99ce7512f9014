internal import Bytes

/// Pieces of Markdown in which nothing acts that came from elsewhere.
///
/// Escapes are not enough. GitHub and GitLab look for mentions, references and addresses after
/// Markdown was read, when an escape no longer shows; neither looks inside of code. So a word
/// with any character that could act becomes code, and only plain words stay words. All texts
/// are what ``ForeignText/shown`` gives: without line breaks.
enum MarkdownText {
  /// `text` as one piece of code.
  ///
  /// The fence is longer than any run of backticks inside, as CommonMark asks for (section 6.1).
  /// In a table a bar ends the cell even inside of code, and renderers differ in what a
  /// backslash before it does, so there it is shown as an escape.
  static func code(_ text: String, inTable: Bool = false) -> String {
    var code: [UInt8] = []
    append(code: Array(text.utf8)[...], inTable: inTable, to: &code)
    return String(decoding: code, as: UTF8.self)
  }

  /// `text` as a sentence, for the middle of a line.
  static func prose(_ text: String, inTable: Bool = false) -> String {
    var prose: [UInt8] = []
    for word in Array(text.utf8).split(separator: space) {
      if !prose.isEmpty { prose.append(space) }
      if isPlain(word) {
        prose += word
        continue
      }
      let core = trimmed(word, front: ByteSet(), back: stops)
      if core.isEmpty || isPlain(trimmed(word, front: openers, back: closers)) {
        prose += word
      } else {
        append(code: core, inTable: inTable, to: &prose)
        prose += word[core.endIndex...]
      }
    }
    return String(decoding: prose, as: UTF8.self)
  }

  /// `lines` as a block of code in `language`.
  static func block(_ lines: [String], language: String) -> String {
    let longest = lines.map { longestRun(in: Array($0.utf8)[...]) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(lines.joined(separator: "\n"))\n\(fence)"
  }

  /// The facts as items of a list, as many as fit into `limit` bytes.
  static func list(_ facts: [Fact], limit: Int = .max) -> String {
    var list = ""
    var room = limit
    for fact in facts {
      let item =
        "\(list.isEmpty ? "" : "\n")- **\(fact.name):** "
        + (fact.isLiteral ? code(fact.text) : prose(fact.text))
      if item.utf8.count > room { continue }
      room -= item.utf8.count
      list += item
    }
    return list
  }

  /// `text` as code in HTML, where Markdown is not read.
  static func htmlCode(_ text: String) -> String {
    let acting = ByteSet("&<>\"'")
    if !text.utf8.contains(where: acting.contains) { return "<code>\(text)</code>" }
    var html = "<code>"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": html += "&amp;"
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "\"": html += "&quot;"
      case "'": html += "&#39;"
      case let scalar: html.unicodeScalars.append(scalar)
      }
    }
    return html + "</code>"
  }

  private static func append(code text: Word, inTable: Bool, to markdown: inout [UInt8]) {
    guard let first = text.first, let last = text.last else { return }
    let fence = [UInt8](repeating: backtick, count: longestRun(in: text) + 1)
    // One space at each end is taken away again, where both have one.
    let isPadded = [first, last].contains(backtick) || [first, last].contains(space)
    markdown += fence
    if isPadded { markdown.append(space) }
    let bar = UInt8(ascii: "|")
    if inTable, text.contains(bar) {
      for byte in text { markdown += byte == bar ? Array(#"\x7c"#.utf8) : [byte] }
    } else {
      markdown += text
    }
    if isPadded { markdown.append(space) }
    markdown += fence
  }

  /// The number of backticks in the longest run of them.
  private static func longestRun(in text: Word) -> Int {
    var (longest, run) = (0, 0)
    for byte in text {
      run = byte == backtick ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// A word without the marks of a sentence around it.
  private static func trimmed(_ word: Word, front: ByteSet, back: ByteSet) -> Word {
    var core = word.drop(while: front.contains)
    while let last = core.last, back.contains(last) { core.removeLast() }
    return core
  }

  private typealias Word = ArraySlice<UInt8>

  private static let space = UInt8(ascii: " ")
  private static let backtick = UInt8(ascii: "`")

  /// What a sentence puts after its words.
  private static let stops = ByteSet(".,;:?!")
  private static let openers = ByteSet("(\"'")
  private static let closers = stops.union(ByteSet(")\"'"))
  /// What numbers are written with: `25,000`, `1.5`.
  private static let numeric = ByteSet.digits.union(ByteSet(".,"))

  /// A word that no Markdown and no service makes anything of.
  ///
  /// With digits and a hyphen it may be an issue (`GH-12`), in hexadecimal a commit.
  private static func isPlain(_ word: Word) -> Bool {
    guard !word.isEmpty else { return false }
    if word.allSatisfy(numeric.contains) { return true }
    var (digits, hyphens, others) = (false, false, false)
    for byte in word {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits = true
      case UInt8(ascii: "-"): hyphens = true
      case UInt8(ascii: "'"), 0x80...: others = true
      default:
        guard ByteSet.letters.contains(byte) else { return false }
        if byte.hexadecimalValue == nil { others = true }
      }
    }
    let isHexadecimal = !others && !hyphens && word.count >= 7
    return !(digits && hyphens) && !isHexadecimal && word.first != UInt8(ascii: "-")
  }
}
