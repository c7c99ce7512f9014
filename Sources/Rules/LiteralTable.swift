internal import Bytes
internal import Crypto
internal import Matching

/// What is known of each literal of a book without its bytes.
///
/// To make the literals takes longer than everything else at start, so the table of the built-in
/// book is made at build.
package struct LiteralTable: Equatable, Sendable {
  /// Which anchor a literal shows, by the anchor's position, and how.
  package struct Meaning: Equatable, Sendable {
    package let anchor: Int
    package let form: AnchorForm
    /// Whether the anchor stands there as it is; nearly all do, and this is asked of each.
    package let isPlain: Bool

    init(anchor: Int, form: AnchorForm) {
      self.anchor = anchor
      self.form = form
      isPlain = form == .plain
    }
  }

  package let meanings: [Meaning]
  /// How many bytes each literal has.
  package let lengths: [Int]
  /// How many bytes more the form has that a literal shows: of long ones it is the beginning.
  package let rests: [Int]
  /// What tells the literals from those of any other book.
  package let digest: [UInt8]

  init(of searches: [RuleBook.Search]) {
    var meanings: [Meaning] = []
    var spelt: [Int] = []
    var hash = SHA256()
    for (i, search) in searches.enumerated() {
      for spelling in AnchorForm.spellings(of: search) {
        let literal = spelling.literal
        meanings.append(Meaning(anchor: i, form: spelling.form))
        spelt.append(spelling.length)
        hash.update(data: [
          literal.ignoresCase ? 1 : 0, UInt8(truncatingIfNeeded: literal.bytes.count),
        ])
        hash.update(data: literal.bytes)
      }
    }
    self.init(meanings, spelt: spelt, digest: Array(hash.finalize()))
  }

  /// `table`, and what there is to know of further searches, the first of which has the number
  /// `number`.
  ///
  /// It has no digest: nothing is kept of literals that were added.
  init(_ table: LiteralTable, adding searches: ArraySlice<RuleBook.Search>, from number: Int) {
    var meanings = table.meanings
    var spelt = zip(table.lengths, table.rests).map { $0 + $1 }
    for (i, search) in searches.enumerated() {
      for spelling in AnchorForm.spellings(of: search) {
        meanings.append(Meaning(anchor: number + i, form: spelling.form))
        spelt.append(spelling.length)
      }
    }
    self.init(meanings, spelt: spelt, digest: [])
  }

  /// `spelt` is how many bytes all of each form has.
  private init(_ meanings: [Meaning], spelt: [Int], digest: [UInt8]) {
    self.meanings = meanings
    lengths = spelt.map { min($0, AnchorForm.longestLiteral) }
    rests = spelt.map { max(0, $0 - AnchorForm.longestLiteral) }
    self.digest = digest
  }
}

// MARK: As text

extension LiteralTable {
  /// A literal is the letter of its form and three hexadecimal digits of the form's length.
  ///
  /// Semicolons stand between anchors.
  var text: String {
    var text = ""
    for i in meanings.indices {
      if i > 0, meanings[i].anchor != meanings[i - 1].anchor { text += ";" }
      text.unicodeScalars.append(Unicode.Scalar(meanings[i].form.letter))
      let length = lengths[i] + rests[i]
      text += [UInt8(length >> 8), UInt8(length & 0xFF)].hexadecimal.dropFirst()
    }
    return text
  }

  /// Reads what ``text`` wrote.
  package init(text: String, digest: [UInt8]) {
    var meanings: [Meaning] = []
    var spelt: [Int] = []
    meanings.reserveCapacity(text.utf8.count / 4)
    spelt.reserveCapacity(text.utf8.count / 4)
    var anchor = 0
    var form: AnchorForm?
    var length = 0
    var digits = 0
    for byte in text.utf8 {
      if let kind = form, let value = byte.hexadecimalValue {
        length = length << 4 | Int(value)
        digits += 1
        if digits < 3 { continue }
        meanings.append(Meaning(anchor: anchor, form: kind))
        spelt.append(length)
        (form, length, digits) = (nil, 0, 0)
      } else if byte == UInt8(ascii: ";") {
        anchor += 1
      } else {
        form = AnchorForm(letter: byte)
      }
    }
    self.init(meanings, spelt: spelt, digest: digest)
  }
}

extension AnchorForm {
  private static let all: [AnchorForm] =
    [.plain, .utf16(bigEndian: false), .utf16(bigEndian: true)]
    + [false, true].flatMap { wide in (0..<3).map { .base64(alignment: $0, wide: wide) } }
    + EscapeStyle.allCases.map { .escaped($0) }

  /// A letter after those of hexadecimal digits.
  fileprivate var letter: UInt8 {
    guard let place = Self.all.firstIndex(of: self) else { preconditionFailure("all are there") }
    return UInt8(ascii: "g") + UInt8(place)
  }

  fileprivate init?(letter: UInt8) {
    let place = Int(letter) - Int(UInt8(ascii: "g"))
    guard Self.all.indices.contains(place) else { return nil }
    self = Self.all[place]
  }
}
