internal import Model

extension ForeignText {
  /// The text as ``visible`` gives it, with nothing left that the log of a build would act on.
  ///
  /// Reports are printed in builds, and who runs a build reads its log for commands. GitHub's
  /// runner acts on `::name::` at the beginning of a line, whatever space stands before it, and
  /// on `##[name]` anywhere in a line (`ActionCommand.cs` of actions/runner). Azure's agent acts
  /// on `##vso[…]` and TeamCity on `##teamcity[…]`. There one character is written as an escape.
  var shown: String {
    // Nearly every text is as harmless as it looks, and a report asks for many.
    let plain = String(validating: bytes, as: UTF8.self)
    let acts = plain?.unicodeScalars.contains(where: Self.isDeceptive) ?? true
    let text = plain.flatMap { acts ? nil : $0 } ?? visible
    guard bytes.contains(UInt8(ascii: ":")) || bytes.contains(UInt8(ascii: "#")) else {
      return text
    }
    return Self.withoutMarks(Self.withoutColons(text))
  }

  /// `text`, unless it begins like a command between colons.
  private static func withoutColons(_ text: String) -> String {
    let body = text.unicodeScalars.drop { $0.properties.isWhitespace }
    guard body.starts(with: "::".unicodeScalars) else { return text }
    return String(text[..<body.startIndex]) + #"\x3a"# + String(body.dropFirst())
  }

  /// `text` without two number signs, letters and a bracket in a row.
  private static func withoutMarks(_ text: String) -> String {
    let sign = UInt8(ascii: "#")
    guard text.utf8.contains(sign) else { return text }
    let bytes = Array(text.utf8)
    var plain: [UInt8] = []
    for (i, byte) in bytes.enumerated() {
      if byte == sign, i > 0, bytes[i - 1] == sign,
        bytes[(i + 1)...].first(where: { !(0x61...0x7A).contains($0 | 0x20) })
          == UInt8(ascii: "[")
      {
        plain += #"\x23"#.utf8
      } else {
        plain.append(byte)
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
