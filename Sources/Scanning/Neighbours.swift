internal import Bytes

/// What stands right beside a match, and whether that makes it part of something longer.
enum Neighbours {
  /// Whether the byte before `start` forbids a match that begins there.
  ///
  /// What ends an escape (`\n`, `%3D`, `&quot;`, the colour of a terminal) is no neighbour: it
  /// stands for another character, or for none.
  static func blocksBefore(_ bytes: Span<UInt8>, _ start: Int, _ forbidden: ByteSet) -> Bool {
    guard start > 0, forbidden.contains(bytes[start - 1]) else { return false }
    return !endsEscape(bytes, at: start)
  }

  /// Whether what stands before `start` may be an entity or a quoted-printable byte, which is a
  /// neighbour as it is written and may be none when it is undone.
  static func mayBeUndone(_ bytes: Span<UInt8>, before start: Int) -> Bool {
    if start > 0, bytes[start - 1] == UInt8(ascii: ";") { return true }
    return start >= 3 && bytes[start - 3] == UInt8(ascii: "=")
      && bytes[start - 2].hexadecimalValue != nil && bytes[start - 1].hexadecimalValue != nil
  }

  /// Whether the byte at `end` forbids a match that ends there.
  ///
  /// No escape begins with what a token is made of, so nothing needs undoing here.
  static func blocksAfter(_ bytes: Span<UInt8>, _ end: Int, _ forbidden: ByteSet) -> Bool {
    end < bytes.count && forbidden.contains(bytes[end])
  }

  /// Whether a name that begins at `start` is only the end of a longer word.
  ///
  /// `dd_api_key` in `ADD_API_KEY` is one, `ApiKey` in `datadogApiKey` begins a word.
  static func isInsideWord(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
    guard start > 0, start < bytes.count else { return false }
    let (before, first) = (bytes[start - 1], bytes[start])
    guard before.isLetter else { return false }
    return before.isCapital || !first.isCapital
  }

  /// Whether an escape ends right before `end`.
  private static func endsEscape(_ bytes: Span<UInt8>, at end: Int) -> Bool {
    func byte(_ distance: Int) -> UInt8? {
      end - distance >= 0 ? bytes[end - distance] : nil
    }
    func areHexadecimal(_ count: Int) -> Bool {
      (1...count).allSatisfy { byte($0)?.hexadecimalValue != nil }
    }
    let backslash = UInt8(ascii: "\\")
    if byte(2) == backslash, let last = byte(1), "nrtbfv0ae".utf8.contains(last) { return true }
    if areHexadecimal(2) {
      if byte(3) == UInt8(ascii: "%") { return true }
      if byte(3) == UInt8(ascii: "x"), byte(4) == backslash { return true }
    }
    if areHexadecimal(4), byte(5) == UInt8(ascii: "u"), byte(6) == backslash { return true }
    if areHexadecimal(8), byte(9) == UInt8(ascii: "U"), byte(10) == backslash { return true }
    if byte(1) == backslash, byte(2) == backslash { return true }
    return endsColour(bytes, at: end)
  }

  /// Whether a terminal's escape sequence such as `ESC [ 1 ; 31 m` ends right before `end`.
  private static func endsColour(_ bytes: Span<UInt8>, at end: Int) -> Bool {
    guard end >= 1, ByteSet.letters.contains(bytes[end - 1]) else { return false }
    var i = end - 2
    while i >= 0, i > end - 16, bytes[i] == UInt8(ascii: ";") || ByteSet.digits.contains(bytes[i]) {
      i -= 1
    }
    guard i >= 1, bytes[i] == UInt8(ascii: "[") else { return false }
    // The escape character itself, or the end of the way it is written: \e, \033, \x1b, \u001b.
    if bytes[i - 1] == 0x1B { return true }
    return ["\\e", "\\033", "\\x1b", "\\x1B", "\\u001b", "\\u001B"].contains { spelling in
      let spelling = Array(spelling.utf8)
      guard i >= spelling.count else { return false }
      return spelling.indices.allSatisfy { bytes[i - spelling.count + $0] == spelling[$0] }
    }
  }
}

extension UInt8 {
  fileprivate var isCapital: Bool { (0x41...0x5A).contains(self) }
  fileprivate var isLetter: Bool { isCapital || (0x61...0x7A).contains(self) }
}
