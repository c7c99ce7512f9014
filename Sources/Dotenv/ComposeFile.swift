internal import Bytes

/// What a Compose file says of files of variables and of builds.
///
/// It is read line by line and not as YAML: such files live on anchors and aliases, which keyscan
/// takes from nobody because of what they may grow to. What stands in block style, or in a list in
/// brackets on one line, is understood.
struct ComposeFile {
  /// A file that a service gets its variables from.
  struct EnvironmentFile: Equatable {
    /// As it is written there.
    let path: [UInt8]
    /// From 1.
    let line: Int
  }

  /// What a service's image is built from; both as they are written there.
  struct Build: Equatable {
    var context: [UInt8]
    var recipe: [UInt8]?
  }

  private(set) var environmentFiles: [EnvironmentFile] = []
  private(set) var builds: [Build] = []

  /// Whether Compose takes a file with this name.
  static func isOne(_ name: [UInt8]) -> Bool {
    // Every file that is read is asked.
    guard name.last?.lowercased == UInt8(ascii: "l"),
      let name = String(validating: name, as: UTF8.self)?.lowercased(),
      name.hasSuffix(".yml") || name.hasSuffix(".yaml")
    else { return false }
    return ["docker-compose", "compose"].contains { start in
      name.hasPrefix(start) && name.dropFirst(start.count).first.map { ".-_".contains($0) } == true
    }
  }

  /// The block that lines with a deeper indent belong to.
  private enum Block {
    case environmentFile(indent: Int)
    case build(indent: Int)
  }

  init(_ content: [UInt8]) {
    var block: Block?
    for (i, bytes) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      guard let line = Line(bytes) else { continue }
      switch block {
      case .environmentFile(let indent)
      where line.indent > indent || line.isItem && line.indent == indent:
        let value = line.key == nil || line.key == "path" ? line.value : nil
        if let value = value.flatMap(Self.scalar) {
          environmentFiles.append(EnvironmentFile(path: value, line: i + 1))
        }
        continue
      case .build(let indent) where line.indent > indent:
        guard let value = line.value.flatMap(Self.scalar) else { continue }
        if line.key == "context" { builds[builds.count - 1].context = value }
        if line.key == "dockerfile" { builds[builds.count - 1].recipe = value }
        continue
      default: block = nil
      }
      switch line.key {
      case "env_file":
        guard let value = line.value else {
          block = .environmentFile(indent: line.indent)
          continue
        }
        environmentFiles += Self.scalars(value).map { EnvironmentFile(path: $0, line: i + 1) }
      case "build":
        builds.append(Build(context: line.value.flatMap(Self.scalar) ?? [UInt8(ascii: ".")]))
        if line.value == nil { block = .build(indent: line.indent) }
      default: break
      }
    }
  }

  /// One line taken apart.
  private struct Line {
    /// How many blanks stand before it.
    let indent: Int
    /// It is an element of a list.
    let isItem: Bool
    let key: String?
    /// `nil` if nothing stands behind the key but an anchor.
    let value: ArraySlice<UInt8>?

    init?(_ bytes: ArraySlice<UInt8>) {
      var rest = bytes.prefix { $0 != 0x0D }
      let blanks = rest.prefix { $0 == 0x20 }.count
      rest = rest.dropFirst(blanks)
      guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
      isItem = first == UInt8(ascii: "-") && (rest.dropFirst().first ?? 0x20) == 0x20
      if isItem { rest = rest.dropFirst().drop { $0 == 0x20 } }
      indent = blanks
      let name = rest.prefix { ByteSet.word.contains($0) || $0 == UInt8(ascii: "-") }
      let behind = rest.dropFirst(name.count)
      if !name.isEmpty, behind.first == UInt8(ascii: ":"),
        (behind.dropFirst().first ?? 0x20) == 0x20
      {
        key = String(decoding: name, as: UTF8.self)
        rest = behind.dropFirst()
      } else {
        key = nil
      }
      value = Self.withoutComment(rest)
    }

    /// The text without blanks at its ends, an anchor before and a comment behind it.
    private static func withoutComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
      var text = text.drop { $0 == 0x20 || $0 == 0x09 }
      if text.first == UInt8(ascii: "&") {
        text = text.drop { $0 != 0x20 }.drop { $0 == 0x20 }
      }
      if let quote = text.first, "\"'".utf8.contains(quote),
        let end = text.dropFirst().firstIndex(of: quote)
      {
        return text[...end]
      }
      if let mark = text.indices.first(where: {
        text[$0] == UInt8(ascii: "#")
          && ($0 == text.startIndex || text[$0 - 1] == 0x20 || text[$0 - 1] == 0x09)
      }) {
        text = text[..<mark]
      }
      while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
      return text.isEmpty ? nil : text
    }
  }

  /// A text without its quotes; `nil` for what is only known when Compose runs.
  private static func scalar(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var text = text.drop { $0 == 0x20 }
    while text.last == 0x20 { text = text.dropLast() }
    if let quote = text.first, "\"'".utf8.contains(quote), text.count > 1, text.last == quote {
      text = text.dropFirst().dropLast()
    }
    guard let first = text.first, !"*[{|>".utf8.contains(first),
      !text.contains(UInt8(ascii: "$"))
    else { return nil }
    return Array(text)
  }

  /// A text, or those of a list in brackets.
  private static func scalars(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
    guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else {
      return scalar(text).map { [$0] } ?? []
    }
    return text.dropFirst().dropLast().split(separator: UInt8(ascii: ",")).compactMap(scalar)
  }
}

/// Paths that files of a tree say to each other.
enum InnerPath {
  /// Where `path`, as a file in `folder` says it, leads from the tree's root; `nil` if that is
  /// outside of the tree.
  ///
  /// It goes by the text alone: links on the way are not followed.
  static func resolve(_ path: [UInt8], from folder: [UInt8]) -> [UInt8]? {
    let slash = UInt8(ascii: "/")
    if path.first == slash { return nil }
    var parts = folder.split(separator: slash)
    for part in path.split(separator: slash) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("..".utf8) {
        if parts.popLast() == nil { return nil }
      } else {
        parts.append(part)
      }
    }
    return Array(parts.joined(separator: [slash]))
  }
}
