internal import Bytes
internal import Matching

/// How an anchor is written in a content.
package enum AnchorForm: Hashable, Sendable {
  /// As it is.
  case plain
  /// Two bytes a character.
  case utf16(bigEndian: Bool)
  /// Base64, with so many bytes (0 to 2) before the anchor in its first group of three.
  ///
  /// `wide` is base64 of UTF-16 in little-endian order, as PowerShell writes it.
  case base64(alignment: Int, wide: Bool)
  /// Every character as an escape.
  case escaped(EscapeStyle)
}

/// A way to write a character as an escape.
package enum EscapeStyle: String, CaseIterable, Hashable, Sendable {
  /// `%41`
  case percent
  /// `\u0041`, `\x41`
  case backslash
  /// `&#65;`, `&#x41;`
  case entity
}

extension AnchorForm {
  /// The fewest characters of a base64 form that are sure to be there: shorter ones stand in
  /// every other picture, and of all literals cost the search most.
  private static let leastBase64 = 6
  /// The same for anchors that are searched for in escapes too.
  private static let leastThoroughBase64 = 4

  /// The longest literal, in bytes; of longer forms the beginning is searched for.
  ///
  /// As far around every seam of a delta is searched again: with twice as many bytes a fourth
  /// more of rails' history would be. Few words begin with the same sixteen.
  static let longestLiteral = 16

  /// One way to write an anchor.
  struct Spelling {
    let form: AnchorForm
    /// What is searched for.
    let literal: Literal
    /// How many bytes all of it has, which the literal may be the beginning of.
    let length: Int

    fileprivate init(_ form: AnchorForm, _ bytes: [UInt8], ignoresCase: Bool = false) {
      self.form = form
      literal = Literal(Array(bytes.prefix(AnchorForm.longestLiteral)), ignoresCase: ignoresCase)
      length = bytes.count
    }
  }

  /// Every form in which an anchor is searched for, with the literals that show it.
  ///
  /// An anchor in any case has no base64 forms, and one whose base64 leaves too few characters
  /// that do not depend on what stands beside it has none either: five bytes are enough, and
  /// four if escapes are searched too.
  static func spellings(of search: RuleBook.Search) -> [Spelling] {
    let (anchor, ignoresCase) = (search.anchor, search.ignoresCase)
    let searchesEscapes = search.searchesEscapes
    let text = Array(anchor.text.utf8)
    var spellings = [
      Spelling(.plain, text, ignoresCase: ignoresCase),
      Spelling(.utf16(bigEndian: false), text.flatMap { [$0, 0] }, ignoresCase: ignoresCase),
      Spelling(.utf16(bigEndian: true), text.flatMap { [0, $0] }, ignoresCase: ignoresCase),
    ]
    guard !ignoresCase else { return spellings }
    let encoded = Array((anchor.encoded ?? anchor.text).utf8)
    for wide in [false, true] {
      let bytes = wide ? encoded.flatMap { [$0, 0] } : encoded
      for alignment in 0..<3 {
        let form = AnchorForm.base64(alignment: alignment, wide: wide)
        let sure = sureBase64(of: bytes, alignment: alignment)
        guard sure.count >= (searchesEscapes ? leastThoroughBase64 : leastBase64) else { continue }
        spellings += variants(of: sure).map { Spelling(form, $0) }
        if searchesEscapes, search.searchesCuts, !wide {
          spellings += cuts(of: sure).map { Spelling(form, $0) }
        }
      }
    }
    if searchesEscapes {
      for style in EscapeStyle.allCases {
        spellings += style.spellings(of: text).map {
          Spelling(.escaped(style), $0, ignoresCase: true)
        }
      }
    }
    // Those that differ behind the end of their literals only are one.
    var seen: Set<Literal> = []
    return spellings.filter { seen.insert($0.literal).inserted }
  }

  /// The base64 digits that `bytes` always have after `alignment` other bytes.
  private static func sureBase64(of bytes: [UInt8], alignment: Int) -> [UInt8] {
    let whole = Base64.encode([UInt8](repeating: 0, count: alignment) + bytes + [0, 0])
    let first = (8 * alignment + 5) / 6
    let end = 8 * (alignment + bytes.count) / 6
    return Array(whole[first..<end])
  }

  /// `digits` in both alphabets, where they differ.
  private static func variants(of digits: [UInt8]) -> [[UInt8]] {
    let other = digits.map { digit in
      switch digit {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: digit
      }
    }
    return other == digits ? [digits] : [digits, other]
  }

  /// `digits` with one line break in them, wherever it may stand.
  private static func cuts(of digits: [UInt8]) -> [[UInt8]] {
    (1..<digits.count).flatMap { place in
      [[0x0A], [0x0D, 0x0A]].map { Array(digits[..<place]) + $0 + Array(digits[place...]) }
    }
  }

  /// How many base64 digits of the group that an anchor begins in stand before its first sure
  /// one.
  package static func digitsBefore(alignment: Int) -> Int { (8 * alignment + 5) / 6 }

  /// How many bytes of a content show one byte of what is encoded, at most.
  package var expansion: Int {
    switch self {
    case .plain, .escaped: 1
    case .utf16: 2
    // With a line break every few digits, four digits for three bytes are nearly two.
    case .base64(_, let wide): wide ? 4 : 2
    }
  }
}

extension EscapeStyle {
  /// `text` written wholly in escapes of this style; letters may be in either case.
  fileprivate func spellings(of text: [UInt8]) -> [[UInt8]] {
    func spell(_ prefix: String, _ suffix: String = "", _ number: (UInt8) -> String) -> [UInt8] {
      text.flatMap { Array((prefix + number($0) + suffix).utf8) }
    }
    let hex = { (byte: UInt8) in [byte].hexadecimal }
    return switch self {
    case .percent: [spell("%", "", hex)]
    case .backslash: [spell("\\u00", "", hex), spell("\\x", "", hex)]
    case .entity: [spell("&#", ";") { String($0) }, spell("&#x", ";", hex)]
    }
  }
}
