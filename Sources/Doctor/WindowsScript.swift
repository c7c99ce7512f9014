/// What a script of PowerShell or of Windows' command prompt assigns.
package enum WindowsScript {
  package enum Dialect: Sendable { case powerShell, commandPrompt }

  /// Reads the assignments of `content`, in the order of the lines; those of names that mean
  /// nothing here are left out.
  package static func definitions(in content: [UInt8], _ dialect: Dialect) -> [Definition] {
    Lines.of(content).enumerated().flatMap { index, line -> [Definition] in
      var reader = LineReader(line)
      reader.skipBlanks()
      let isComment =
        dialect == .powerShell
        ? reader.take("#")
        : reader.takeWord("rem", anyCase: true) || reader.take("::")
      reader.skipBlanks()
      _ = reader.take("@")
      let found =
        dialect == .powerShell
        ? powerShell(&reader, index + 1) : commandPrompt(&reader, index + 1)
      guard var definition = found, VariableName.isOfInterest(definition.name) else { return [] }
      if isComment { definition.traits.insert(.commentedOut) }
      return [definition]
    }
  }

  // MARK: PowerShell

  private static func powerShell(_ reader: inout LineReader, _ line: Int) -> Definition? {
    if let definition = setx(&reader, line) { return definition }
    let start = reader.i
    for call in ["[System.Environment]", "[Environment]"] where reader.take(call, anyCase: true) {
      guard reader.take("::SetEnvironmentVariable(", anyCase: true) else { return nil }
      var traits: Set<Definition.Trait> = [.exported]
      reader.skipBlanks()
      let name = string(&reader, &traits)
      reader.skipBlanks()
      guard reader.take(",") else { return nil }
      reader.skipBlanks()
      let value = string(&reader, &traits)
      reader.skipBlanks()
      // Without a third argument it is for the running process alone.
      let rest = String(decoding: reader.takeRest(), as: UTF8.self).lowercased()
      if rest.contains("user") || rest.contains("machine") { traits.insert(.newWindowsOnly) }
      return Definition(
        name: String(decoding: name, as: UTF8.self), value: value, line: line, traits: traits)
    }
    reader.i = start
    let isEnvironment =
      reader.take("$env:", anyCase: true) || reader.take("${env:", anyCase: true)
    guard isEnvironment || reader.take("$") else { return nil }
    let name = reader.takeName()
    _ = reader.take("}")
    reader.skipBlanks()
    guard reader.take("=") else { return nil }
    reader.skipBlanks()
    var traits: Set<Definition.Trait> = isEnvironment ? [.exported] : []
    let value = string(&reader, &traits)
    return Definition(name: name, value: value, line: line, traits: traits)
  }

  /// A text in either quotation mark, or bare up to a blank, a comma or a bracket.
  private static func string(
    _ reader: inout LineReader, _ traits: inout Set<Definition.Trait>
  ) -> [UInt8] {
    var value: [UInt8] = []
    if let mark = reader.next, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") {
      traits.insert(.quoted)
      reader.i += 1
      while let byte = reader.next {
        reader.i += 1
        if byte == mark { return value }
        if byte == UInt8(ascii: "$"), mark == UInt8(ascii: "\"") { traits.insert(.computed) }
        value.append(byte)
      }
      traits.insert(.unclosedQuote)
      return value
    }
    if reader.next == UInt8(ascii: "$") || reader.next == UInt8(ascii: "(") {
      traits.insert(.computed)
    }
    while let byte = reader.next, !" \t,);#".utf8.contains(byte) {
      value.append(byte)
      reader.i += 1
    }
    return value
  }

  // MARK: Command prompt

  private static func commandPrompt(_ reader: inout LineReader, _ line: Int) -> Definition? {
    if let definition = setx(&reader, line) { return definition }
    guard reader.takeWord("set", anyCase: true) else { return nil }
    var traits: Set<Definition.Trait> = [.exported]
    // `set "NAME=value"` is the form in which nothing else becomes part of the value.
    let isWrapped = reader.take("\"")
    let name = reader.takeName()
    // The prompt makes blanks before the sign part of the name, and those behind it of the value.
    if reader.skipBlanks() { traits.insert(.spacedSign) }
    guard !name.isEmpty, reader.take("=") else { return nil }
    var value = reader.takeRest()
    if isWrapped {
      if let end = value.lastIndex(of: UInt8(ascii: "\"")) { value = Array(value[..<end]) }
    } else if let end = value.firstIndex(of: UInt8(ascii: "&")) {
      value = Array(value[..<end])
    }
    if value.first == UInt8(ascii: "%"), value.last == UInt8(ascii: "%") {
      traits.insert(.computed)
    }
    return Definition(name: name, value: value, line: line, traits: traits)
  }

  /// `setx NAME "value"`, which both understand.
  private static func setx(_ reader: inout LineReader, _ line: Int) -> Definition? {
    let start = reader.i
    guard reader.takeWord("setx", anyCase: true) || reader.takeWord("setx.exe", anyCase: true)
    else { return nil }
    _ = reader.take("\"")
    let name = reader.takeName()
    _ = reader.take("\"")
    let isSpaced = reader.skipBlanks()
    guard !name.isEmpty, isSpaced else {
      // `setx NAME=value` sets nothing.
      guard !name.isEmpty, reader.take("=") else {
        reader.i = start
        return nil
      }
      return Definition(
        name: name, value: reader.takeRest(), line: line, traits: [.spacedSign, .newWindowsOnly])
    }
    var traits: Set<Definition.Trait> = [.exported, .newWindowsOnly]
    let value = string(&reader, &traits)
    return Definition(name: name, value: value, line: line, traits: traits)
  }
}
