import Foundation
import Testing

/// Text written in the ways in which secrets are found in files.
package enum Encoded {
  /// A way to write a text, named as the reports name it.
  package struct Form: Sendable, CustomTestStringConvertible {
    package let name: String
    package let layers: [String]
    package let write: @Sendable (_ secret: String, _ anchor: Int) -> [UInt8]

    package var testDescription: String { name }
  }

  /// Every form that the Google rules are found in.
  ///
  /// The closures are given the text and how
  /// many characters of it the anchor takes, which most second layers leave as they are.
  package static let forms: [Form] = [
    Form(name: "plain", layers: []) { text, _ in Array(text.utf8) },
    Form(name: "UTF-16LE", layers: ["utf-16le"]) { text, _ in utf16(text, bigEndian: false) },
    Form(name: "UTF-16BE", layers: ["utf-16be"]) { text, _ in utf16(text, bigEndian: true) },
    Form(name: "base64", layers: ["base64"]) { text, _ in base64("", text) },
    Form(name: "base64 at 1", layers: ["base64"]) { text, _ in base64("\"", text) },
    Form(name: "base64 at 2", layers: ["base64"]) { text, _ in base64(" \"", text) },
    Form(name: "base64url", layers: ["base64"]) { text, _ in
      base64("", text).map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 }
    },
    Form(name: "base64 of UTF-16LE", layers: ["base64", "utf-16le"]) { text, _ in
      Array(Data(utf16(text, bigEndian: false)).base64EncodedString().utf8)
    },
    Form(name: "base64 in lines", layers: ["base64"]) { text, _ in lines(base64("", text), 76, "\n")
    },
    Form(name: "base64 in CRLF lines", layers: ["base64"]) { text, _ in
      lines(base64("", text), 64, "\r\n")
    },
    Form(name: "base64 cut in its anchor", layers: ["base64"]) { text, _ in
      let digits = base64("", text)
      return digits[..<3] + [0x0A] + digits[3...]
    },
    Form(name: "percent behind the anchor", layers: ["percent"]) { text, anchor in
      escaped(text, after: anchor) { String(format: "%%%02X", $0) }
    },
    Form(name: "percent", layers: ["percent"]) { text, _ in
      escaped(text, after: 0) { String(format: "%%%02x", $0) }
    },
    Form(name: "\\u behind the anchor", layers: ["backslash"]) { text, anchor in
      escaped(text, after: anchor) { String(format: "\\u%04x", $0) }
    },
    Form(name: "\\u", layers: ["backslash"]) { text, _ in
      escaped(text, after: 0) { String(format: "\\u%04X", $0) }
    },
    Form(name: "\\x", layers: ["backslash"]) { text, _ in
      escaped(text, after: 0) { String(format: "\\x%02x", $0) }
    },
    Form(name: "entities behind the anchor", layers: ["entity"]) { text, anchor in
      escaped(text, after: anchor) { "&#\($0);" }
    },
    Form(name: "entities", layers: ["entity"]) { text, _ in
      escaped(text, after: 0) { String(format: "&#x%02X;", $0) }
    },
    Form(name: "quoted-printable", layers: ["quoted-printable"]) { text, anchor in
      let bytes = Array(text.utf8)
      return bytes[..<(anchor + 3)] + Array("=\r\n".utf8) + bytes[(anchor + 3)...]
    },
    Form(name: "two literals", layers: ["adjacent-literals"]) { text, anchor in
      let bytes = Array(text.utf8)
      return bytes[..<(anchor + 5)] + Array("\" + \"".utf8) + bytes[(anchor + 5)...]
    },
    Form(name: "literals in lines", layers: ["adjacent-literals"]) { text, anchor in
      let bytes = Array(text.utf8)
      return bytes[..<(anchor + 5)] + Array("'\n    .  '".utf8) + bytes[(anchor + 5)...]
    },
    Form(name: "wrapped", layers: ["wrapped-lines"]) { text, anchor in
      let bytes = Array(text.utf8)
      return bytes[..<(anchor + 7)] + Array("\n  ".utf8) + bytes[(anchor + 7)...]
    },
    Form(name: "wrapped with a backslash", layers: ["wrapped-lines"]) { text, anchor in
      let bytes = Array(text.utf8)
      return bytes[..<(anchor + 7)] + Array("\\\n".utf8) + bytes[(anchor + 7)...]
    },
    Form(name: "base64 of percent", layers: ["base64", "percent"]) { text, anchor in
      let inner = escaped(text, after: anchor + 4) { String(format: "%%%02X", $0) }
      return Array(Data(inner).base64EncodedString().utf8)
    },
    Form(name: "UTF-16LE of \\u", layers: ["utf-16le", "backslash"]) { text, anchor in
      let inner = escaped(text, after: anchor + 4) { String(format: "\\u%04x", $0) }
      return utf16(String(decoding: inner, as: UTF8.self), bigEndian: false)
    },
  ]

  package static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  private static func base64(_ before: String, _ text: String) -> [UInt8] {
    Array(Data((before + text).utf8).base64EncodedString().utf8)
  }

  private static func lines(_ bytes: [UInt8], _ width: Int, _ ending: String) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: width).flatMap { start in
      bytes[start..<min(start + width, bytes.count)] + Array(ending.utf8)
    }
  }

  private static func escaped(
    _ text: String, after count: Int, _ escape: (UInt8) -> String
  ) -> [UInt8] {
    let bytes = Array(text.utf8)
    return bytes[..<count] + bytes[count...].flatMap { Array(escape($0).utf8) }
  }
}
