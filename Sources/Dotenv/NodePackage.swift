internal import Documents
internal import Files
internal import Git
internal import Inputs
internal import Model

/// A package that npm would publish, as far as it decides which files go along.
///
/// Tried with npm 10.8: `files` in package.json is a list of what is taken, and the ignore files
/// beside it are not asked then; without it `.npmignore` is asked in each folder and, where there
/// is none, `.gitignore`. Ignore files above the package do not count.
struct NodePackage {
  private let tree: WorkTree
  /// From the root of the tree, with a slash at its end; empty for the root.
  private let folder: [UInt8]
  private let files: [String]?

  /// What is wanted of package.json, whatever kind of value stands there.
  private struct Description: Decodable {
    let isPrivate: Bool
    let isNamed: Bool
    let files: [String]?

    enum CodingKeys: String, CodingKey {
      case isPrivate = "private"
      case name, version, files
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      isPrivate = (try? values.decode(Bool.self, forKey: .isPrivate)) ?? false
      let name = try? values.decode(String.self, forKey: .name)
      let version = try? values.decode(String.self, forKey: .version)
      isNamed = name != nil && version != nil
      files = try? values.decode([String].self, forKey: .files)
    }
  }

  /// The package that the file at `path` is in; `nil` if there is none that could be published.
  init?(around path: [UInt8], in tree: WorkTree) {
    var folder = Paths.folder(of: path)
    while true {
      let file = Paths.join(folder, Array("package.json".utf8))
      if let content = Shipping.content(of: file, in: tree) {
        guard
          let description = try? JSONDocument.value(
            Description.self, of: content, file: "package.json", what: "package.json"),
          description.isNamed, !description.isPrivate
        else { return nil }
        self.tree = tree
        self.folder = folder.isEmpty ? [] : folder + [UInt8(ascii: "/")]
        files = description.files
        return
      }
      if folder.isEmpty { return nil }
      folder = Paths.folder(of: folder)
    }
  }

  /// How npm would take along the file at `path`, which is from the root of the tree.
  func way(for path: [UInt8]) -> Shipping.Way? {
    let inside = Array(path.dropFirst(folder.count))
    if let files, !Self.takes(inside, files) { return nil }
    let rules = ignoreRules(for: inside)
    if IgnoreExplanation(of: inside, by: rules.rules).covering != nil { return nil }
    let package = tree.prefix + folder + Array("package.json".utf8)
    let why =
      if files != nil {
        "\"files\" in it names the file or a folder around it"
      } else if rules.hasOwn {
        "it has no \"files\", and .npmignore, which npm asks instead of .gitignore, does not leave it out"
      } else {
        "it has neither \"files\" nor an ignore file that leaves it out"
      }
    return Shipping.Way(
      sentence: ForeignText(
        Array("npm publish takes it along (".utf8) + package + Array("): \(why)".utf8)),
      advice: ForeignText(
        Array("List what the package is made of under \"files\" in ".utf8) + package
          + Array(", or make it \"private\".".utf8)),
      severity: .high)
  }

  /// Whether a list of files has one; the last entry that speaks of it decides.
  private static func takes(_ path: [UInt8], _ files: [String]) -> Bool {
    let last = files.last { entry in
      let isNegated = entry.hasPrefix("!")
      var text = Array((isNegated ? String(entry.dropFirst()) : entry).utf8)[...]
      if text.starts(with: "./".utf8) { text = text.dropFirst(2) }
      text = text.drop { $0 == UInt8(ascii: "/") }
      // npm takes `.` for nothing at all.
      if text.isEmpty || text.elementsEqual(".".utf8) { return false }
      if isNegated, !text.contains(UInt8(ascii: "/")) {
        return IgnoreRules(Array(text), source: [], folder: [], next: nil)
          .ignores(path, isFolder: false)
      }
      return AnchoredPattern(text).speaks(of: path)
    }
    return last.map { !$0.hasPrefix("!") } ?? false
  }

  /// The rules that npm asks about a file, and whether any of them is npm's own.
  private func ignoreRules(for path: [UInt8]) -> (rules: IgnoreRules?, hasOwn: Bool) {
    var rules: IgnoreRules?
    var hasOwn = false
    var walked: [UInt8] = []
    let parts = path.split(separator: UInt8(ascii: "/")).dropLast()
    for i in 0...parts.count {
      if i > 0 { walked += parts[parts.startIndex + i - 1] + [UInt8(ascii: "/")] }
      // A list of files stands for the ignore files beside it.
      if i == 0, files != nil { continue }
      for name in [".npmignore", ".gitignore"] {
        let file = folder + walked + Array(name.utf8)
        guard let content = Shipping.content(of: file, in: tree) else { continue }
        rules = IgnoreRules(content, source: file, folder: walked, next: rules)
        hasOwn = hasOwn || name == ".npmignore"
        break
      }
    }
    return (rules, hasOwn)
  }
}
