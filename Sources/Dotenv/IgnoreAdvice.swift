internal import Bytes
internal import Files
internal import Git
package import Inputs
package import Model

/// The ignore line that keeps a file out of git, and what else to type.
package struct IgnoreAdvice: Equatable, Sendable {
  /// The line, as it is to stand in the file.
  package let line: [UInt8]
  /// The ignore file that it belongs in, from the root of the work tree.
  package let file: [UInt8]

  /// Finds the line for `path` in `tree`; `nil` for a name that no line can say.
  ///
  /// It belongs in the ignore file at the root, unless one nearer to the path takes it back.
  package init?(for path: [UInt8], in tree: WorkTree) {
    guard let line = Self.line(for: Paths.name(of: path)) else { return nil }
    self.line = line
    let ignoreFile = Array(".gitignore".utf8)
    let position = try? tree.position(of: path, isFolder: false)
    let deciding = position?.rules?.deciding(path, isFolder: false)
    if let deciding, deciding.line.isNegated, deciding.source != ignoreFile,
      deciding.source.suffix(ignoreFile.count) == ignoreFile[...]
    {
      file = Paths.join(Paths.folder(of: path), ignoreFile)
    } else {
      file = ignoreFile
    }
  }

  /// What to do, as a sentence.
  package var sentence: ForeignText {
    ForeignText(
      Array("Add the line ".utf8) + line + Array(" to ".utf8) + file + Array(".".utf8))
  }

  /// An ignore line that matches files named `name` and no others.
  static func line(for name: [UInt8]) -> [UInt8]? {
    if name.contains(0x0A) || name.contains(0x0D) { return nil }
    var line: [UInt8] = []
    for (i, byte) in name.enumerated() {
      let isSpecial = #"*?[\"#.utf8.contains(byte)
      let isMarkAtStart = i == 0 && "#!".utf8.contains(byte)
      let isBlankAtEnd = i == name.count - 1 && byte == 0x20
      if isSpecial || isMarkAtStart || isBlankAtEnd { line.append(UInt8(ascii: "\\")) }
      line.append(byte)
    }
    return line
  }
}
