internal import Bytes

/// What the name of a file says about environment variables in it.
package enum DotenvName: Equatable, Sendable {
  /// Values for this machine or that server: not to be committed.
  case values
  /// A form to be filled in, which belongs in the repository.
  case template
  /// The keys that decrypt an encrypted file.
  case keys

  /// What a file named `name` is; `nil` if it has nothing to do with environment variables.
  package init?(_ name: [UInt8]) {
    guard Self.mayBeOne(name),
      let name = String(validating: name, as: UTF8.self)?.lowercased()
    else { return nil }
    if name == ".env.keys" {
      self = .keys
      return
    }
    guard let parts = Self.parts(of: name) else { return nil }
    self = parts.contains(where: Self.templateWords.contains) ? .template : .values
  }

  /// Whether `name` holds what all names of the family do; every file that is read is asked.
  private static func mayBeOne(_ name: [UInt8]) -> Bool {
    if name.count == "secrets.toml".utf8.count { return true }
    guard name.count > 2 else { return false }
    return (0..<(name.count - 2)).contains { i in
      switch (name[i].lowercased, name[i + 1].lowercased, name[i + 2].lowercased) {
      case (UInt8(ascii: "e"), UInt8(ascii: "n"), UInt8(ascii: "v")),
        (UInt8(ascii: "v"), UInt8(ascii: "a"), UInt8(ascii: "r")):
        true
      default: false
      }
    }
  }

  /// The words beside `env` in a name of the family; `nil` for a name that is none of it.
  private static func parts(of name: String) -> [Substring]? {
    let separators: Set<Character> = [".", "-", "_", "~"]
    if [".envrc", ".flaskenv", "env.json", "env_variables.txt", "secrets.toml"].contains(name) {
      return []
    }
    if name == ".dev.vars" || name.hasPrefix(".dev.vars.") {
      return name.dropFirst(9).split(whereSeparator: separators.contains)
    }
    if name.hasPrefix(".env") {
      let rest = name.dropFirst(4)
      guard rest.first.map(separators.contains) ?? true else { return nil }
      let words = rest.split(whereSeparator: separators.contains)
      // `.env.d.ts` and the like are programs that speak of variables.
      return words.last.map(codeEndings.contains) == true ? nil : words
    }
    if name.hasSuffix(".env"), name.count > 4 {
      return name.dropLast(4).split(whereSeparator: separators.contains)
    }
    // Of names such as `env.production` only the forms are known for what they are.
    if name.hasPrefix("env."), templateWords.contains(name.dropFirst(4)) {
      return [name.dropFirst(4)]
    }
    return nil
  }

  private static let templateWords: Set<Substring> = [
    "example", "examples", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults",
    "schema", "skel", "stub",
  ]

  private static let codeEndings: Set<Substring> = [
    "ts", "js", "mjs", "cjs", "py", "rb", "go", "php", "md", "html", "lock",
  ]
}
