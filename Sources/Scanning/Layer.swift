package import Rules

/// An encoding that was undone to read a secret.
package enum Layer: String, CaseIterable, Sendable {
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case base64
  /// `%2D`
  case percent
  /// `\u002d`, `\x2d`, `\/`
  case backslash
  /// `&#45;`
  case entity
  /// `=2D`, and `=` at the end of a line.
  case quotedPrintable = "quoted-printable"
  /// `"AIza…" + "…"`
  case adjacentLiterals = "adjacent-literals"
  /// A secret that goes on in the next line.
  case wrappedLines = "wrapped-lines"

  var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }
}

extension Layer {
  init(_ style: EscapeStyle) {
    self =
      switch style {
      case .percent: .percent
      case .backslash: .backslash
      case .entity: .entity
      }
  }
}

extension AnchorForm {
  /// What must be undone to read what stands in this form, outermost first.
  package var layers: [Layer] {
    switch self {
    case .plain: []
    case .utf16(let bigEndian): [bigEndian ? .utf16BigEndian : .utf16LittleEndian]
    case .base64(_, let wide): wide ? [.base64, .utf16LittleEndian] : [.base64]
    case .escaped(let style): [Layer(style)]
    }
  }
}
