internal import Bytes

/// Something about a value that keeps it from being the key that somebody copied.
package enum KeyFlaw: Hashable, Sendable {
  case blankBefore, blankAfter, blankInside, lineBreak
  /// Quotation marks are part of the value.
  case quoted
  /// Characters that do not show, by their code points.
  case invisible([UInt32])
  /// Letters of other alphabets that look like Latin ones, by their code points.
  case lookAlike([UInt32])
  /// Other characters that no key holds.
  case foreignCharacter
  /// The first characters are missing.
  case headMissing
  /// So many characters are missing at the end.
  case tailMissing(Int)
  /// So many characters stand behind what would be a whole key.
  case tooLong(Int)
  case twoTogether
  case textBefore, textBehind
  /// A word of a header is part of the value, such as `Bearer`.
  case header(String)
  /// The name is part of the value, as in `key=…`.
  case nameInside
  case wrongCase
  /// The length is that of a key, but no known one ends or begins so.
  case loose
  /// Longer than authorization keys have been so far.
  case unusualLength(Int)

  /// Whether no key could work with it; otherwise it is worth a look.
  package var isFault: Bool {
    switch self {
    case .loose, .unusualLength: false
    default: true
    }
  }

  /// What it is, in a few words.
  package var words: String {
    switch self {
    case .blankBefore: "a blank before it"
    case .blankAfter: "a blank behind it"
    case .blankInside: "a blank inside"
    case .lineBreak: "a line break in it or at its end"
    case .quoted: "quotation marks that are part of the value"
    case .invisible(let points): "invisible characters: \(Self.names(points))"
    case .lookAlike(let points):
      "letters that only look like Latin ones: \(Self.names(points))"
    case .foreignCharacter: "characters that no key holds"
    case .headMissing: "its beginning is missing"
    case .tailMissing(let count): "\(count) \(count == 1 ? "character" : "characters") too short"
    case .tooLong(let count): "\(count) \(count == 1 ? "character" : "characters") too long"
    case .twoTogether: "two keys pasted together"
    case .textBefore: "other text before the key"
    case .textBehind: "other text behind the key"
    case .header(let word): "the word \(word) is part of the value"
    case .nameInside: "the name and its sign are part of the value"
    case .wrongCase: "capital and small letters were changed"
    case .loose: "no known key ends or begins so; a character may have been mistyped"
    case .unusualLength(let length): "\(length) characters, where such keys have had 53 so far"
    }
  }

  private static func names(_ points: [UInt32]) -> String {
    let shown = points.prefix(3).map { point in
      let hex = String(point, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
    return shown.joined(separator: ", ") + (points.count > 3 ? ", …" : "")
  }
}
