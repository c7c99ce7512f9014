/// What a file of environment variables assigns, with how it is written.
///
/// The `Dotenv` room says what a file gives away; here it matters how each reader takes it
/// (dotenv 2fc7eac for JavaScript, python-dotenv 00349e5).
package struct DotenvText: Equatable, Sendable {
  /// In the order of the lines; those of names that mean nothing here are left out.
  package let definitions: [Definition]
  package let hasByteOrderMark: Bool
  /// Lines end with CR LF.
  package let hasCarriageReturns: Bool

  package init(_ content: [UInt8]) {
    hasByteOrderMark = content.starts(with: [0xEF, 0xBB, 0xBF])
    hasCarriageReturns = zip(content, content.dropFirst()).contains { $0 == 0x0D && $1 == 0x0A }
    var found: [Definition] = []
    let lines = Lines.of(content)
    var index = 0
    while index < lines.count {
      let (definition, used) = Self.definition(at: index, in: lines)
      if let definition, VariableName.isOfInterest(definition.name) { found.append(definition) }
      index += used
    }
    definitions = found
  }

  /// What the common readers take for `name`: of several assignments the last.
  ///
  /// dotenv for JavaScript and python-dotenv both put one over the other.
  package func definition(of name: String) -> Definition? {
    definitions.last { $0.name == name && $0.counts }
  }

  /// The definition that begins on a line, and how many lines it takes.
  private static func definition(
    at index: Int, in lines: [ArraySlice<UInt8>]
  ) -> (Definition?, Int) {
    var reader = LineReader(lines[index])
    reader.skipBlanks()
    var traits: Set<Definition.Trait> = []
    while reader.next == UInt8(ascii: "#") {
      traits.insert(.commentedOut)
      reader.i += 1
      reader.skipBlanks()
    }
    if reader.takeWord("export") { traits.insert(.exported) }
    let name = reader.takeName(also: ".-")
    guard !name.isEmpty else { return (nil, 1) }
    var isSpaced = reader.skipBlanks()
    if reader.take(":") {
      traits.insert(.colon)
    } else if !reader.take("=") {
      return (nil, 1)
    }
    isSpaced = reader.skipBlanks() && !traits.contains(.colon) || isSpaced
    if isSpaced { traits.insert(.spacedSign) }
    guard let mark = reader.next, "\"'`".utf8.contains(mark) else {
      let value = bare(reader.takeRest(), &traits)
      return (Definition(name: name, value: value, line: index + 1, traits: traits), 1)
    }
    // Quoted: it may go on over lines, unless it is commented out.
    let last = traits.contains(.commentedOut) ? index : min(lines.count - 1, index + 40)
    var value: [UInt8] = []
    reader.i += 1
    var rest = reader.takeRest()[...]
    for line in index...last {
      if line > index {
        value.append(0x0A)
        rest = lines[line]
      }
      if let end = rest.firstIndex(of: mark) {
        value += rest[..<end]
        traits.insert(.quoted)
        return (
          Definition(name: name, value: value, line: index + 1, traits: traits), line - index + 1
        )
      }
      value += rest
    }
    // A mark that nothing closes is a character of the value.
    var first = LineReader(lines[index])
    while let byte = first.next, byte != mark { first.i += 1 }
    traits.insert(.unclosedQuote)
    let whole = bare(first.takeRest(), &traits)
    return (Definition(name: name, value: whole, line: index + 1, traits: traits), 1)
  }

  /// A value without quotation marks, up to a comment.
  private static func bare(
    _ text: [UInt8], _ traits: inout Set<Definition.Trait>
  ) -> [UInt8] {
    var end = text.count
    var short: Int?
    for i in text.indices where text[i] == UInt8(ascii: "#") {
      if i == 0 || text[i - 1] == 0x20 || text[i - 1] == 0x09 {
        end = i
        break
      }
      if short == nil { short = i }
    }
    let value = trimmed(text[..<end])
    if let short { traits.insert(.numberSign(shortValue: trimmed(text[..<short]))) }
    if value.first == UInt8(ascii: "$") { traits.insert(.computed) }
    return value
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var text = text
    while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D {
      text = text.dropLast()
    }
    return Array(text)
  }
}
