package import Yams

/// One mapping of a YAML file, read field by field.
///
/// What is wrong is noted with its place, and reading goes on, so that one run tells all.
package struct Fields {
  private let values: [String: Node]
  private let node: Node
  private let faults: Faults
  /// Keys that a wrong one was probably meant for.
  private let meant: Set<String>

  /// The faults found so far in one file.
  package final class Faults {
    package let file: String
    package private(set) var errors: [DocumentError] = []

    package init(file: String) {
      self.file = file
    }

    /// Notes a fault at a node.
    package func note(_ message: String, at node: Node?) {
      note(message, line: node?.mark?.line, column: node?.mark?.column)
    }

    /// Notes a fault at a place; of the whole file without one.
    package func note(_ message: String, line: Int? = nil, column: Int? = nil) {
      errors.append(DocumentError(file: file, line: line, column: column, message: message))
    }
  }

  /// Takes `node` for a mapping with no other keys than `keys`; `nil`, and a fault, otherwise.
  ///
  /// `shape` shows what one looks like.
  package init?(
    _ node: Node, keys: [String], what: String, shape: String? = nil, faults: Faults
  ) {
    guard let mapping = node.mapping else {
      let example = shape.map { ": \($0)" } ?? ""
      faults.note("\(what) must be a mapping of names to values\(example)", at: node)
      return nil
    }
    var values: [String: Node] = [:]
    var meant: Set<String> = []
    self.node = node
    self.faults = faults
    for (key, value) in mapping {
      let name = key.string ?? "?"
      if keys.contains(name) {
        values[name] = value
        continue
      }
      let near = Spelling.nearest(to: name, among: keys)
      if let near { meant.insert(near) }
      let hint: String
      if let near {
        hint = "; did you mean “\(near)”?"
      } else if let key = keys.first(where: { name.hasPrefix("\($0):") }) {
        meant.insert(key)
        hint = "; a space is missing after “\(key):”"
      } else {
        hint = "; known are \(keys.joined(separator: ", "))"
      }
      faults.note("“\(name.prefix(64))” is no key of \(what)\(hint)", at: key)
    }
    self.values = values
    self.meant = meant
  }

  /// Whether a key is neither there nor was meant by one that is.
  package func isMissing(_ key: String) -> Bool { values[key] == nil && !meant.contains(key) }

  package func note(_ message: String, at key: String? = nil) {
    faults.note(message, at: key.flatMap { self[$0] } ?? node)
  }

  package subscript(key: String) -> Node? {
    values[key]
  }

  /// A text, without blanks at either end; a fault if it is missing.
  package func text(_ key: String) -> String? {
    guard self[key] != nil else {
      if isMissing(key) { note("“\(key)” is missing") }
      return nil
    }
    return optionalText(key)
  }

  package func optionalText(_ key: String) -> String? {
    guard let value = self[key] else { return nil }
    guard let text = value.scalar?.string else {
      note("“\(key)” must be a text", at: key)
      return nil
    }
    return Self.trimmed(text)
  }

  package func flag(_ key: String) -> Bool {
    guard let value = self[key] else { return false }
    switch value.scalar?.string {
    case "true": return true
    case "false": return false
    default:
      note("“\(key)” must be true or false", at: key)
      return false
    }
  }

  /// A whole number in `range`.
  package func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = self[key] else { return nil }
    guard let number = value.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
      note("“\(key)” must be a number from \(range.lowerBound) to \(range.upperBound)", at: key)
      return nil
    }
    return number
  }

  package func decimal(_ key: String, in range: ClosedRange<Double>) -> Double? {
    guard let value = self[key] else { return nil }
    guard let number = value.scalar.flatMap({ Double($0.string) }), range.contains(number) else {
      note("“\(key)” must be a number from \(range.lowerBound) to \(range.upperBound)", at: key)
      return nil
    }
    return number
  }

  /// One of the values of an enumeration.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, as _: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let text = optionalText(key) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    note("“\(key)” is “\(text)”; it must be one of \(known)", at: key)
    return nil
  }

  /// A list of values of an enumeration.
  package func choices<Choice: RawRepresentable & CaseIterable>(
    _ key: String, as _: Choice.Type
  ) -> [Choice] where Choice.RawValue == String {
    nodes(key).compactMap { node in
      let text = node.scalar.map { Self.trimmed($0.string) }
      if let choice = text.flatMap({ Choice(rawValue: $0) }) { return choice }
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      let found = text.map { "“\($0.prefix(64))”" } ?? "no text"
      faults.note("“\(key)” holds \(found); known are \(known)", at: node)
      return nil
    }
  }

  /// A list; one value alone is a list of one.
  package func nodes(_ key: String) -> [Node] {
    guard let value = self[key] else { return [] }
    return value.sequence.map(Array.init) ?? [value]
  }

  /// A list of texts.
  package func texts(_ key: String) -> [String] {
    nodes(key).compactMap { node in
      guard let text = node.scalar?.string else {
        faults.note("“\(key)” must be a list of texts", at: node)
        return nil
      }
      return Self.trimmed(text)
    }
  }

  package static func trimmed(_ text: String) -> String {
    let isBlank = { (c: Character) in c == " " || c == "\n" || c == "\t" }
    let start = text.drop(while: isBlank)
    return String(
      start[..<(start.lastIndex { !isBlank($0) }.map(start.index(after:)) ?? start.startIndex)])
  }
}
