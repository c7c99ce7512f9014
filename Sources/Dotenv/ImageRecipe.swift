internal import Bytes
internal import Files
internal import Git
internal import Inputs

/// A Dockerfile, as far as it says which files of its folder it copies.
struct ImageRecipe {
  /// One source of a `COPY` or `ADD`.
  struct Copy: Equatable {
    /// As it is written, without `./` or `/` at its beginning; empty for everything.
    let source: [UInt8]
    /// Where the instruction begins, from 1.
    let line: Int
    /// The instruction, cut if it is long.
    let text: [UInt8]

    /// Whether a file is copied; `path` is from the folder that the image is built from.
    func takes(_ path: [UInt8]) -> Bool {
      if source.isEmpty { return true }
      return AnchoredPattern(source).speaks(of: path)
    }
  }

  private(set) var copies: [Copy] = []

  /// Whether Docker's or Podman's users give a recipe this name.
  static func isOne(_ name: [UInt8]) -> Bool {
    guard let name = String(validating: name, as: UTF8.self)?.lowercased(),
      !name.hasSuffix("ignore")
    else { return false }
    return ["dockerfile", "containerfile"].contains {
      name == $0 || name.hasPrefix("\($0).") || name.hasSuffix(".\($0)")
    }
  }

  /// The most bytes of an instruction that are shown.
  private static let shownLength = 60

  init(_ content: [UInt8]) {
    var text: [UInt8] = []
    var start = 1
    for (i, bytes) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      var line = bytes.drop { $0 == 0x20 || $0 == 0x09 }
      while let last = line.last, [0x20, 0x09, 0x0D].contains(last) { line = line.dropLast() }
      if line.first == UInt8(ascii: "#") { continue }
      if text.isEmpty { start = i + 1 }
      if line.last == UInt8(ascii: "\\") {
        text += line.dropLast()
        continue
      }
      text += line
      add(text, line: start)
      text = []
    }
    if !text.isEmpty { add(text, line: start) }
  }

  private mutating func add(_ instruction: [UInt8], line: Int) {
    let words = instruction.split { $0 == 0x20 || $0 == 0x09 }
    guard let verb = words.first.map({ String(decoding: $0, as: UTF8.self).lowercased() }),
      verb == "copy" || verb == "add"
    else { return }
    let rest = words.dropFirst().drop { $0.starts(with: "--".utf8) }
    let flags = words.dropFirst().prefix { $0.starts(with: "--".utf8) }
    // What comes from another stage or image is not in the folder.
    if flags.contains(where: { $0.starts(with: "--from=".utf8) }) { return }
    var operands = rest.map(Array.init)
    if operands.first?.first == UInt8(ascii: "[") {
      let list = rest.joined(separator: [0x20]).filter { !"[]\"".utf8.contains($0) }
      operands = list.split(separator: UInt8(ascii: ",")).map { word in
        word.filter { $0 != 0x20 }
      }
    }
    let shown = instruction.prefix(Self.shownLength)
    let text = Array(shown) + (instruction.count > shown.count ? Array("…".utf8) : [])
    for operand in operands.dropLast() {
      // An address is fetched; a variable's value is not known.
      if operand.contains(UInt8(ascii: "$")) || operand.contains(UInt8(ascii: ":")) { continue }
      guard let source = InnerPath.resolve(operand.drop { $0 == 0x2F }.map(\.self), from: [])
      else { continue }
      copies.append(Copy(source: source, line: line, text: text))
    }
  }
}

/// A pattern that speaks of one place and what is below it, in the syntax of ignore files.
struct AnchoredPattern {
  private let rules: IgnoreRules

  init(_ pattern: some Collection<UInt8>) {
    rules = IgnoreRules(
      [UInt8(ascii: "/")] + pattern, source: [], folder: [], next: nil)
  }

  /// Whether the pattern matches `path` or a folder above it.
  func speaks(of path: [UInt8]) -> Bool {
    let ends = path.indices.filter { path[$0] == UInt8(ascii: "/") }
    return ends.contains { rules.ignores(Array(path[..<$0]), isFolder: true) }
      || rules.ignores(path, isFolder: false)
  }
}

/// The file that says what of a folder is not sent to whoever builds an image from it.
///
/// Its patterns begin at the folder: `.env` speaks of the one file beside it, `**/.env` of all.
/// The last that speaks of a file, or of a folder above it, decides.
struct ContextIgnoreFile {
  /// From the root of the tree; `nil` if there is none.
  let path: [UInt8]?
  private let patterns: [(pattern: AnchoredPattern, isNegated: Bool)]

  static let name = Array(".dockerignore".utf8)

  /// The file that counts for the recipe at `recipe` and the folder `context` of `tree`.
  init(for recipe: [UInt8], context: [UInt8], in tree: WorkTree) {
    let candidates = [
      recipe + Self.name, Paths.join(context, Array(".containerignore".utf8)),
      Paths.join(context, Self.name),
    ]
    for candidate in candidates {
      guard let content = Shipping.content(of: candidate, in: tree) else { continue }
      path = candidate
      patterns = Self.patterns(content)
      return
    }
    path = nil
    patterns = []
  }

  private static func patterns(
    _ content: [UInt8]
  ) -> [(pattern: AnchoredPattern, isNegated: Bool)] {
    let blanks = ByteSet(" \t\r")
    func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      var text = text.drop(while: blanks.contains)
      while let last = text.last, blanks.contains(last) { text = text.dropLast() }
      return text
    }
    return content.split(separator: 0x0A).compactMap { line in
      var text = trimmed(line)
      guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
      let isNegated = first == UInt8(ascii: "!")
      if isNegated { text = trimmed(text.dropFirst()) }
      text = text.drop { $0 == UInt8(ascii: "/") }
      while text.last == UInt8(ascii: "/") { text = text.dropLast() }
      if text.starts(with: "./".utf8) { text = text.dropFirst(2) }
      if text.elementsEqual(".".utf8) { text = Array("**".utf8)[...] }
      return text.isEmpty ? nil : (AnchoredPattern(text), isNegated)
    }
  }

  /// Whether a file stays out of the image; `path` is from the folder.
  func leavesOut(_ path: [UInt8]) -> Bool {
    patterns.last { $0.pattern.speaks(of: path) }.map { !$0.isNegated } ?? false
  }
}
