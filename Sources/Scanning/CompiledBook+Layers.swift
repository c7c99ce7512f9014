internal import Rules

extension CompiledBook.Span {
  /// The second layers that may be undone to read a known secret, the likeliest first.
  ///
  /// What the secret is like is known, so that it need not be seen where it breaks off: any
  /// character of it may be escaped. `bounds` is all that the first stage may look at.
  func layers(in text: Swift.Span<UInt8>, _ bounds: Range<Int>) -> [Layer] {
    var marks: Set<Layer> = []
    for i in bounds {
      switch text[i] {
      case UInt8(ascii: "%"): marks.insert(.percent)
      case UInt8(ascii: "\\"): marks.insert(.backslash)
      case UInt8(ascii: "&"): marks.insert(.entity)
      case UInt8(ascii: "="): marks.insert(.quotedPrintable)
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
        if !isWord { marks.insert(.adjacentLiterals) }
      case 0x0A, 0x0D:
        if !isWord { marks.insert(.wrappedLines) }
      default: break
      }
    }
    return Self.secondLayers.filter(marks.contains)
  }

  private static let secondLayers: [Layer] = [
    .percent, .backslash, .entity, .quotedPrintable, .adjacentLiterals, .wrappedLines,
  ]
}
