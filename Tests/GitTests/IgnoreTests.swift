import Foundation
import Git
import TestSupport
import Testing

/// git's own answer on ignore files, for many generated ones.
struct IgnoreTests {
  /// One generated repository: its ignore files, and the paths in it.
  struct Case {
    var files: [(path: String, content: String)] = []
    var paths: [(path: String, isFolder: Bool)] = []
    var exclude = ""
    var global = ""
  }

  /// Numbers that are the same in every run.
  struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static let names = [
    "a", "b", "ab", "abc", "foo", "bar", "foobar", "foo.txt", "bar.c", "x y", ".env", ".env.local",
    "A", "Foo", "a-b", "a]b", "[a]", "a*b", "a\\b", "!x", "#y", "z ", "é", "build", "log1", "f?o",
    "a.b.c", "-", "^", "t\tt", "..a", "a!",
  ]

  static let pieces = [
    "*", "?", "**", "[a-c]", "[!a]", "[^a]", "[[:alpha:]]", "[[:digit:]]", "[[:nope:]]", "[]a]",
    "[a", "[a-", "[\\]]", "[b-a]", "[a\\-c]", "[--0]", "[[:alpha:]-z]", "[!]]", "\\", "\\*", "\\a",
    "\\ ", "/", "//", "a", "b", "foo", "bar", ".", ".env", "*.c", "o", "#", "!", " ", "é", "***",
    "[[:upper:][:digit:]]", "[*?]", "[[:space:]]", "[[:]", "-", "x y", "[[:alpha]", "a/b", "foo/**",
    "**/bar", "[.-a]", "\u{0b}", "\r",
  ]

  static func pick(_ list: [String], _ random: inout Random) -> String {
    list[Int(random.next() % UInt64(list.count))]
  }

  static func line(_ random: inout Random) -> String {
    switch random.next() % 12 {
    case 0: return pick(names, &random)
    case 1: return "/" + pick(names, &random)
    case 2: return pick(names, &random) + "/"
    case 3: return "!" + pick(names, &random)
    case 4: return "**/" + pick(names, &random)
    case 5: return pick(names, &random) + "/**"
    case 6: return "*" + pick(names, &random)
    case 7:
      return pick(names, &random) + "/" + pick(names, &random)
    default:
      var line = random.next() % 6 == 0 ? "!" : ""
      for _ in 0...(random.next() % 5) {
        line +=
          random.next() % 3 == 0
          ? pick(names, &random) : pick(pieces, &random)
      }
      switch random.next() % 8 {
      case 0: line += "/"
      case 1: line += " "
      case 2: line += "\\ "
      case 3: line = "/" + line
      default: break
      }
      return line
    }
  }

  static func content(_ random: inout Random, lines: UInt64) -> String {
    let count = 1 + random.next() % lines
    let ending = random.next() % 6 == 0 ? "\r\n" : "\n"
    let text = (0..<count).map { _ in line(&random) }.joined(separator: ending)
    let start = random.next() % 10 == 0 ? "\u{FEFF}" : ""
    return start + text + (random.next() % 4 == 0 ? "" : ending)
  }

  static func generate(_ seed: UInt64) -> Case {
    var random = Random(state: seed)
    var result = Case()
    var folders = [""]
    for _ in 0..<(2 + random.next() % 5) {
      let parent = pick(folders, &random)
      let path = parent + pick(names, &random)
      guard !result.paths.contains(where: { $0.path == path }) else { continue }
      result.paths.append((path, true))
      folders.append(path + "/")
    }
    for _ in 0..<40 {
      let path = pick(folders, &random) + pick(names, &random)
      guard !result.paths.contains(where: { $0.path == path }) else { continue }
      result.paths.append((path, false))
    }
    for folder in folders where folder.isEmpty || random.next() % 3 == 0 {
      result.files.append((folder + ".gitignore", content(&random, lines: 5)))
    }
    if random.next() % 3 == 0 { result.exclude = content(&random, lines: 3) }
    if random.next() % 3 == 0 { result.global = content(&random, lines: 3) }
    return result
  }

  /// keyscan's answer: a path is ignored if it, or a folder above it, is.
  static func answer(
    _ path: String, isFolder: Bool, _ one: Case, _ options: IgnoreRules.Options
  ) -> Bool {
    var rules = IgnoreRules(
      Array(one.global.utf8), source: [], folder: [], next: nil, options: options)
    rules = IgnoreRules(
      Array(one.exclude.utf8), source: [], folder: [], next: rules, options: options)
    let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var walked = ""
    for (i, name) in names.enumerated() {
      if let file = one.files.first(where: { $0.path == walked + ".gitignore" }) {
        rules = IgnoreRules(
          Array(file.content.utf8), source: Array(file.path.utf8), folder: Array(walked.utf8),
          next: rules, options: options)
      }
      let isLast = i == names.count - 1
      let here = walked + name
      if rules.ignores(Array(here.utf8), isFolder: isLast ? isFolder : true) { return true }
      walked = here + "/"
    }
    return false
  }

  @Test func `ten thousand generated paths are ignored exactly as git ignores them`() throws {
    let version = try GitFixture.version()
    let isOld = version.lexicographicallyPrecedes([2, 52])
    let options = IgnoreRules.Options(dialect: isOld ? .before2_52 : .current)
    var cases = 0
    var ignored = 0
    var differences: [String] = []
    var seed: UInt64 = 1
    while cases < 12_000 {
      let one = Self.generate(seed)
      let git = try GitFixture()
      for path in one.paths where path.isFolder { try git.folder.makeFolder("work/\(path.path)") }
      for path in one.paths where !path.isFolder { try git.write(path.path, "") }
      for file in one.files { try git.write(file.path, file.content) }
      try git.folder.write("work/.git/info/exclude", one.exclude)
      try git.writeHome(".config/git/ignore", one.global)
      let input = one.paths.map(\.path).joined(separator: "\0") + "\0"
      // Status 1 says that none is ignored.
      let output = try git.result(
        of: ["check-ignore", "--stdin", "-z", "--no-index"], input: Array(input.utf8))
      #expect(output.status <= 1, "\(output.errors)")
      let expected = Set(output.text.split(separator: "\0").map(String.init))
      for path in one.paths {
        cases += 1
        let mine = Self.answer(path.path, isFolder: path.isFolder, one, options)
        if mine { ignored += 1 }
        if mine != expected.contains(path.path) {
          let git = expected.contains(path.path) ? "ignores" : "does not ignore"
          differences.append("seed \(seed): git \(git) \(path.path) \(one.files)")
        }
      }
      seed += 1
    }
    #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(5))")
    // The generator must ask for both answers.
    #expect(ignored > cases / 10 && ignored < cases * 9 / 10)
  }

  private func rules(_ text: String, ignoresCase: Bool = false) -> IgnoreRules {
    IgnoreRules(
      Array(text.utf8), source: Array(".gitignore".utf8), folder: [], next: nil,
      options: IgnoreRules.Options(ignoresCase: ignoresCase))
  }

  private func ignores(_ text: String, _ path: String, ignoresCase: Bool = false) -> Bool {
    rules(text, ignoresCase: ignoresCase).ignores(Array(path.utf8), isFolder: false)
  }

  @Test func `the lines that people write cover what git says they cover`() {
    // Part D2 of the reference, line by line.
    #expect(ignores(".env", ".env") && !ignores(".env", ".env.local"))
    #expect(ignores("/.env", ".env") && !ignores("/.env", "a/.env"))
    #expect(!ignores(".env/", ".env"))
    #expect(ignores(".env*", ".envrc") && ignores(".env*", ".env.example"))
    #expect(ignores(".env.*", ".env.local") && !ignores(".env.*", ".env"))
    #expect(ignores("*.env", "prod.env") && !ignores("*.env", ".env.local"))
    #expect(!ignores(" .env", ".env") && ignores(".env   ", ".env"))
    #expect(!ignores(".env # local", ".env"))
    #expect(!ignores(".env\n!.env", ".env"))
  }

  @Test func `a glob with many stars is answered at once`() {
    // What they end in is in the text, so that all of it is read.
    let text = String(repeating: "a", count: 4000)
    for glob in [
      String(repeating: "*a", count: 200) + "b*a", String(repeating: "*a", count: 20) + "b*",
    ] {
      #expect(!ignores(glob, text))
      #expect(ignores(glob, text + "ba"))
    }
    #expect(!ignores("x/" + String(repeating: "**/a*", count: 100) + "b*", "x/" + text))
  }

  @Test func `long globs match as short ones do`() {
    // More steps than one word has bits, and one on either side of that.
    for count in [30, 31, 32, 33, 62, 63, 64, 65, 200] {
      let name = String(repeating: "ab", count: count)
      let glob = String(repeating: "?b", count: count)
      #expect(ignores(glob, name) && !ignores(glob, name + "b") && !ignores(glob, "b" + name))
      #expect(ignores("**/" + glob, "x/y/" + name) && !ignores("/*/" + glob, "x/y/" + name))
    }
  }

  @Test func `case is folded only where the file system folds it`() {
    #expect(!ignores("FOO", "foo") && ignores("FOO", "foo", ignoresCase: true))
    #expect(ignores("f*O", "FoO", ignoresCase: true))
  }

  @Test func `the line that decides is told`() {
    let deciding = rules("a\n# b\n\n*.c\n!x.c").deciding(Array("x.c".utf8), isFolder: false)
    #expect(deciding?.line.number == 5)
    #expect(deciding?.line.isNegated == true)
    #expect(deciding.map { String(decoding: $0.source, as: UTF8.self) } == ".gitignore")
  }

  @Test func `the dialects differ where git's versions do`() {
    let path = Array("foobar".utf8)
    let text = Array("/foo**/bar".utf8)
    for (dialect, expected) in [(IgnoreRules.Dialect.current, false), (.before2_52, true)] {
      let rules = IgnoreRules(
        text, source: [], folder: [], next: nil, options: IgnoreRules.Options(dialect: dialect))
      #expect(rules.ignores(path, isFolder: false) == expected)
    }
  }
}
