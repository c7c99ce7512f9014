internal import TOMLKit

/// A value of a TOML file that somebody wrote for another program.
package indirect enum TOMLValue: Equatable, Sendable {
  case text(String)
  case whole(Int)
  case decimal(Double)
  case flag(Bool)
  /// A day or a time, which nothing here needs.
  case date
  case list([TOMLValue])
  /// By keys in lower case: programs that read such files mostly do not tell cases apart.
  case table([String: TOMLValue])

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  package var table: [String: TOMLValue]? {
    if case .table(let table) = self { table } else { nil }
  }

  package var number: Double? {
    switch self {
    case .whole(let number): Double(number)
    case .decimal(let number): number
    // A number in quotes is taken for one by the programs that these files are for.
    case .text(let text): Double(text)
    default: nil
    }
  }

  /// The elements of a list; any other value is a list of itself.
  package var elements: [TOMLValue] { if case .list(let list) = self { list } else { [self] } }
}

/// Reading TOML 1.0 that anybody may have written: time, memory and stack are bounded.
package enum TOMLDocument {
  /// The most bytes that a file may have.
  package static let sizeLimit = 4 << 20
  /// How many parts a dotted key may have; each is a table in a table.
  private static let deepest = 32

  /// The table that `content` is; throws where it is no TOML.
  ///
  /// `file` is the file as the user knows it.
  package static func root(
    of content: [UInt8], file: String
  ) throws(DocumentError) -> [String: TOMLValue] {
    func fault(_ message: String, line: Int? = nil, column: Int? = nil) -> DocumentError {
      DocumentError(file: file, line: line, column: column, message: message)
    }
    guard content.count <= sizeLimit else {
      throw fault("the file has more than \(sizeLimit) bytes")
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw fault("the file is no UTF-8, which TOML must be")
    }
    if let zero = content.firstIndex(of: 0) {
      let line = content[..<zero].count { $0 == 0x0A } + 1
      throw fault("the file holds a byte 0, which TOML does not know", line: line)
    }
    if let line = lineWithDeepKey(content) {
      throw fault("a key has more than \(deepest) parts", line: line)
    }
    do {
      let root = try TOMLTable(string: text)
      guard let table = value(root, depth: 0)?.table else {
        throw fault("tables and lists stand in one another more than \(deepest) deep")
      }
      return table
    } catch let error as TOMLParseError {
      let begin = error.source.begin
      let problem = error.description.split(separator: ":", maxSplits: 1).last ?? ""
      // What the parser quotes may be a secret.
      let words = problem.prefix { $0 != "'" && $0 != "\"" }
      throw fault(
        "this is no TOML:\(words.isEmpty ? " it cannot be read" : String(words))",
        line: Int(begin.line), column: Int(begin.column))
    } catch let error as DocumentError {
      throw error
    } catch {
      throw fault("this is no TOML: \(error)")
    }
  }

  /// The first line whose key has too many parts: the parser makes a table of each, and takes
  /// them apart by calling itself.
  private static func lineWithDeepKey(_ content: [UInt8]) -> Int? {
    for (i, line) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      var points = 0
      var quote: UInt8?
      for byte in line {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          if quote == nil { quote = byte } else if quote == byte { quote = nil }
        }
        if quote != nil { continue }
        // What stands behind the sign is no key's part.
        if byte == UInt8(ascii: "=") { break }
        if byte == UInt8(ascii: ".") { points += 1 }
      }
      // A line of a text of several lines may look like a key; it seldom has as many.
      if points > deepest * 4 { return i + 1 }
    }
    return nil
  }

  private static func value(_ value: any TOMLValueConvertible, depth: Int) -> TOMLValue? {
    guard depth <= deepest * 4 else { return nil }
    if let table = value.table {
      var result: [String: TOMLValue] = [:]
      for (key, one) in table {
        guard let one = self.value(one, depth: depth + 1) else { return nil }
        result[key.lowercased()] = one
      }
      return .table(result)
    }
    if let array = value.array {
      var result: [TOMLValue] = []
      for one in array {
        guard let one = self.value(one, depth: depth + 1) else { return nil }
        result.append(one)
      }
      return .list(result)
    }
    if let text = value.string { return .text(text) }
    if let flag = value.bool { return .flag(flag) }
    if let number = value.int { return .whole(number) }
    if let number = value.double { return .decimal(number) }
    return .date
  }
}
