internal import Bytes

/// Random-looking text in an example, so that no look-alike of a secret stands in a rule file.
///
/// `{alnum 36}` becomes 36 letters and digits, the same ones for the same rule and place each
/// time. `{from ABC 2}` takes its characters from a list, and `{crc32 6}` becomes the check, to
/// the base 62, of what stands before it after the last `_`.
package enum FillIn {
  private static let alphabets: [String: String] = [
    "alnum": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "alpha": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "upnum": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "lownum": "abcdefghijklmnopqrstuvwxyz0123456789",
    "digit": "0123456789",
    "hex": "0123456789abcdef",
    "base32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "base64": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "base64url": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
  ]

  /// The most characters that one fill-in makes.
  private static let longest = 10_000

  /// Replaces every fill-in of `text`; what only looks like one stays.
  package static func expand(_ text: String, seed: String) -> String {
    var random = Seeded(seed)
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)...]
      if let close = inside.firstIndex(of: "}"),
        let made = make(inside[..<close], &random, after: result)
      {
        result += made
        rest = inside[inside.index(after: close)...]
      } else {
        result += "{"
        rest = inside
      }
    }
    return result + rest
  }

  /// What is written like a fill-in and is none.
  package static func faults(in text: String) -> [String] {
    var faults: [String] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      rest = rest[rest.index(after: open)...]
      let inside = rest.prefix { $0 != "}" && $0 != "{" }
      guard inside.endIndex < rest.endIndex, rest[inside.endIndex] == "}" else { continue }
      if let fault = fault(inside) { faults.append(fault) }
    }
    return faults
  }

  private static func fault(_ inside: Substring) -> String? {
    let words = inside.split(separator: " ", omittingEmptySubsequences: false)
    guard let first = words.first.map(String.init) else { return nil }
    let isKnown = alphabets[first] != nil
    let known = alphabets.keys.sorted().joined(separator: ", ")
    switch words.count {
    case 1 where isKnown || first == "from" || first == "crc32":
      return "“{\(inside)}” lacks its count, as in {alnum 32}"
    case 2 where first == "from":
      return "“{\(inside)}” lacks its count, as in {from ABC 2}"
    case 2 where !isKnown && inside != "crc32 6" && Int(words[1]) != nil:
      return "“{\(inside)}” is no fill-in; the alphabets are \(known)"
    default: return nil
    }
  }

  private static func make(
    _ words: Substring, _ random: inout Seeded, after text: String
  ) -> String? {
    if words == "crc32 6" {
      let start = text.utf8.lastIndex(of: UInt8(ascii: "_")).map(text.utf8.index(after:))
      return String(
        decoding: CRC32.base62(of: text.utf8[(start ?? text.startIndex)...]), as: UTF8.self)
    }
    let words = words.split(separator: " ", omittingEmptySubsequences: false)
    let alphabet: [Character]
    let count: Int?
    switch words.count {
    case 2:
      guard let named = alphabets[String(words[0])] else { return nil }
      alphabet = Array(named)
      count = Int(words[1])
    case 3 where words[0] == "from" && !words[1].isEmpty:
      alphabet = Array(words[1])
      count = Int(words[2])
    default: return nil
    }
    guard let count, (0...longest).contains(count) else { return nil }
    return String((0..<count).map { _ in alphabet[random.next(below: alphabet.count)] })
  }

  /// Numbers that look random and depend on a text alone (SplitMix64 over FNV-1a).
  private struct Seeded {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ text: String) {
      for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func next(below limit: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
  }
}
