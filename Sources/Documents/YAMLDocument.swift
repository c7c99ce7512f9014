package import Yams

/// Reading YAML, with faults at their places.
package enum YAMLDocument {
  /// Who may have written a document.
  package enum Source {
    /// The user, or somebody whom they chose.
    case chosen
    /// Anybody: time and memory are bounded, and what bounds them is refused.
    case anybody
  }

  /// The root of the document that `content` is; `nil`, and a fault, if there is none.
  package static func root(
    of content: String, from source: Source, _ faults: Fields.Faults
  ) -> Node? {
    if source == .anybody, let (line, message) = Obstacle.find(in: content.utf8) {
      faults.note(message, line: line)
      return nil
    }
    // Some editors begin a file with a mark of its encoding.
    let content = content.hasPrefix("\u{FEFF}") ? String(content.dropFirst()) : content
    do {
      if let root = try Yams.compose(yaml: content, .basic) { return root }
      faults.note("the file is empty")
    } catch let error as YamlError {
      let (mark, message) = describe(error)
      faults.note(message, line: mark?.line, column: mark?.column)
    } catch {
      faults.note("\(error)")
    }
    return nil
  }

  /// What mostly is behind a problem that the parser tells of in its own words.
  private static func hint(_ problem: String) -> String {
    if problem.contains("could not find expected ':'") {
      return "; a “:” is missing here or in the line before"
    }
    if problem.contains("mapping values are not allowed") {
      return "; a text with “: ” in it needs quotes"
    }
    return problem.contains("unexpected end of stream") ? "; a quote is not closed" : ""
  }

  private static func describe(_ error: YamlError) -> (Mark?, String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark, "this is no YAML: \(problem)\(hint(problem))")
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark, "a key stands twice: \(keys.joined(separator: ", "))")
    default: (nil, "this is no YAML: \(error)")
    }
  }
}

/// What would make a parser take more time, memory or stack than a file is worth.
///
/// It looks for less than a parser does and may refuse what is harmless, never the reverse.
private struct Obstacle {
  /// How deep lists and mappings may stand in one another: parsers go into each by calling
  /// themselves.
  private static let deepest = 32
  /// How far a line may be indented, in columns; each may open one more level.
  private static let widest = 64

  private var line = 1
  private var column = 0
  private var depth = 0
  /// Dashes at a line's beginning, which open lists within lists.
  private var dashes = 0
  private var quote: UInt8?
  /// The last byte that was no blank.
  private var last = UInt8(ascii: "\n")
  private var wasBlank = true

  static func find(in text: some Sequence<UInt8>) -> (line: Int, message: String)? {
    var state = Obstacle()
    for byte in text {
      if let message = state.take(byte) { return (state.line, message) }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> String? {
    if byte == UInt8(ascii: "\n") {
      (line, column, dashes, wasBlank) = (line + 1, 0, 0, true)
      if quote == nil { last = byte }
      return nil
    }
    let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    defer {
      wasBlank = isBlank
      if !isBlank { last = byte }
    }
    if let quote {
      if byte == quote, last != UInt8(ascii: "\\") || quote == UInt8(ascii: "'") {
        self.quote = nil
      }
      return nil
    }
    if isBlank {
      if last == UInt8(ascii: "\n") { column += 1 }
      return column > Self.widest
        ? "the line is indented by more than \(Self.widest) columns" : nil
    }
    let beginsValue = ":-?[{,\n".utf8.contains(last)
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      if beginsValue { quote = byte }
    case UInt8(ascii: "-"), UInt8(ascii: "?"):
      if last == UInt8(ascii: "\n") || dashes > 0 && last == byte { dashes += 1 }
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
    case UInt8(ascii: "&"), UInt8(ascii: "*"):
      // What an alias names is not repeated in the text, and may be a thousandfold larger.
      if beginsValue, wasBlank || "[{,".utf8.contains(last) {
        return "a value that begins with \(Character(Unicode.Scalar(byte))) must be quoted"
      }
    default: break
    }
    return depth + dashes > Self.deepest
      ? "lists and mappings stand in one another more than \(Self.deepest) deep" : nil
  }
}
