/// What a profile or script of a POSIX shell or of fish assigns.
package enum ShellProfile {
  /// Reads the assignments of `content`, in the order of the lines; those of names that mean
  /// nothing here are left out.
  ///
  /// It is read as it stands: what is in a condition or a function counts as well.
  package static func definitions(in content: [UInt8], isFish: Bool) -> [Definition] {
    var found: [Definition] = []
    var exportsAll = false
    for (index, line) in Lines.of(content).enumerated() {
      var reader = LineReader(line)
      reader.skipBlanks()
      var isComment = false
      while reader.next == UInt8(ascii: "#") {
        isComment = true
        reader.i += 1
        reader.skipBlanks()
      }
      if !isComment, !isFish {
        if line.elementsEqual("set -a".utf8) || line.elementsEqual("set -o allexport".utf8) {
          exportsAll = true
        }
        if line.elementsEqual("set +a".utf8) || line.elementsEqual("set +o allexport".utf8) {
          exportsAll = false
        }
      }
      var statement = Statement(reader: reader, line: index + 1)
      var taken = isFish ? statement.fish() : statement.posix()
      if isComment {
        for i in taken.indices { taken[i].traits.insert(.commentedOut) }
      } else if exportsAll {
        for i in taken.indices { taken[i].traits.insert(.exported) }
      }
      found += taken
      if !isComment { export(statement.exportedNames, in: &found) }
    }
    return found.filter { VariableName.isOfInterest($0.name) }
  }

  /// `export NAME` on a line of its own hands over what was assigned before.
  private static func export(_ names: [String], in found: inout [Definition]) {
    for name in names {
      if let i = found.lastIndex(where: { $0.name == name && $0.counts }) {
        found[i].traits.insert(.exported)
      }
    }
  }
}

/// Reads the statements of one line.
private struct Statement {
  var reader: LineReader
  let line: Int
  var exportedNames: [String] = []

  init(reader: LineReader, line: Int) {
    self.reader = reader
    self.line = line
  }

  // MARK: bash, zsh, sh

  mutating func posix() -> [Definition] {
    var found: [Definition] = []
    while !reader.isAtEnd {
      found += simplePosix()
      // On to what follows `;`, `&&` or `||`.
      while let byte = reader.next, !";&|".utf8.contains(byte) { reader.i += 1 }
      while let byte = reader.next, ";&| \t".utf8.contains(byte) { reader.i += 1 }
    }
    return found
  }

  private mutating func simplePosix() -> [Definition] {
    reader.skipBlanks()
    if reader.takeWord("unset") {
      _ = reader.takeWord("-v")
      let name = reader.takeName()
      return name.isEmpty ? [] : [Definition(name: name, value: [], line: line, traits: [.removed])]
    }
    var exports = false
    if reader.takeWord("export") {
      exports = true
      _ = reader.takeWord("--")
    } else if reader.takeWord("declare") || reader.takeWord("typeset")
      || reader.takeWord("readonly") || reader.takeWord("local")
    {
      while reader.take("-") {
        let options = reader.takeName()
        exports = exports || options.contains("x")
        reader.skipBlanks()
      }
    }
    var found: [Definition] = []
    while true {
      let start = reader.i
      let name = reader.takeName()
      guard let first = name.utf8.first, !(0x30...0x39).contains(first) else {
        reader.i = start
        break
      }
      let isSpaced = reader.skipBlanks()
      guard reader.next == UInt8(ascii: "=") else {
        if exports { exportedNames.append(name) }
        if isSpaced, exports { continue }
        // A word of a command, not an assignment.
        if !exports {
          reader.i = start
          for i in found.indices { found[i].traits.insert(.oneCommandOnly) }
        }
        break
      }
      reader.i += 1
      var traits: Set<Definition.Trait> = exports ? [.exported] : []
      if reader.skipBlanks() || isSpaced { traits.insert(.spacedSign) }
      let value = word(&traits)
      found.append(Definition(name: name, value: value, line: line, traits: traits))
      reader.skipBlanks()
      guard let byte = reader.next, !";&|#".utf8.contains(byte) else { break }
      if !exports, !isAssignment {
        found[found.count - 1].traits.insert(.oneCommandOnly)
        break
      }
    }
    return found
  }

  /// Whether another assignment comes next.
  private var isAssignment: Bool {
    var ahead = reader
    return !ahead.takeName().isEmpty && ahead.next == UInt8(ascii: "=")
  }

  /// One word of a shell, with its quotation marks taken away.
  private mutating func word(_ traits: inout Set<Definition.Trait>) -> [UInt8] {
    var value: [UInt8] = []
    while let byte = reader.next {
      switch byte {
      case 0x20, 0x09, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"): return value
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        traits.insert(.quoted)
        reader.i += 1
        let isClosed = quoted(byte, into: &value, &traits)
        if !isClosed { traits.insert(.unclosedQuote) }
      case UInt8(ascii: "\\"):
        reader.i += 1
        if let escaped = reader.next { value.append(escaped) }
        reader.i += 1
      case UInt8(ascii: "$"), UInt8(ascii: "`"):
        traits.insert(.computed)
        value.append(byte)
        reader.i += 1
        // A command's own blanks belong to it.
        if byte == UInt8(ascii: "$"), reader.next == UInt8(ascii: "(") {
          while let inner = reader.next {
            value.append(inner)
            reader.i += 1
            if inner == UInt8(ascii: ")") { break }
          }
        }
      default:
        value.append(byte)
        reader.i += 1
      }
    }
    return value
  }

  /// Reads up to the mark that ends what `mark` began; returns whether it came.
  private mutating func quoted(
    _ mark: UInt8, into value: inout [UInt8], _ traits: inout Set<Definition.Trait>
  ) -> Bool {
    while let byte = reader.next {
      reader.i += 1
      if byte == mark { return true }
      if mark == UInt8(ascii: "\"") {
        if byte == UInt8(ascii: "\\"), let escaped = reader.next,
          "\"\\$`".utf8.contains(escaped)
        {
          value.append(escaped)
          reader.i += 1
          continue
        }
        if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "`") { traits.insert(.computed) }
      }
      value.append(byte)
    }
    return false
  }

  // MARK: fish

  mutating func fish() -> [Definition] {
    if reader.takeWord("export") {
      let name = reader.takeName()
      guard !name.isEmpty, reader.take("=") else { return [] }
      var traits: Set<Definition.Trait> = [.exported]
      let value = word(&traits)
      return [Definition(name: name, value: value, line: line, traits: traits)]
    }
    guard reader.takeWord("set") else { return [] }
    var traits: Set<Definition.Trait> = []
    while reader.take("-") {
      if reader.take("-") {
        let option = reader.takeName(also: "-")
        if option == "export" { traits.insert(.exported) }
        if option == "erase" { traits.insert(.removed) }
      } else {
        let options = reader.takeName()
        if options.contains("x") { traits.insert(.exported) }
        if options.contains("e") { traits.insert(.removed) }
      }
      reader.skipBlanks()
    }
    let name = reader.takeName()
    guard !name.isEmpty else { return [] }
    reader.skipBlanks()
    // Who knows other shells writes a sign, which fish makes a part of the value.
    let value = word(&traits)
    return [Definition(name: name, value: value, line: line, traits: traits)]
  }
}
