import Foundation
import TestSupport
import Testing

/// `keyscan env --fix`: what it does, what it refuses, and how it is undone.
struct EnvFixTests {
  let git: GitFixture
  private let secret = "DB_PASSWORD=hunter2hunter2\n"

  init() throws {
    git = try GitFixture()
  }

  private func fix(_ arguments: String..., in folder: String? = nil) throws -> Tool.Output {
    try Keyscan.run(
      ["env", "--fix"] + arguments, in: folder ?? git.path, environment: git.environment)
  }

  /// Everything that a fix could change: the index, and all files outside of `.git`.
  private func state() throws -> [String] {
    let tree = try Tool.shell(
      "find . -path ./.git -prune -o -print0 | sort -z | xargs -0 ls -ld --time-style=+ && "
        + "find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 sha1sum",
      in: git.path, environment: git.environment)
    return [try git.git("ls-files", "--stage", "-t"), tree.text]
  }

  /// The commands that undo a fix, exactly as they were printed.
  private func undo(_ output: Tool.Output) throws -> String {
    let lines = output.text.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasSuffix("these commands undo it:") })
    return lines[(start + 1)...].prefix { $0.hasPrefix("  ") }.joined(separator: "\n")
  }

  /// What the files hold that must never change.
  private func contents(_ names: [String]) throws -> [[UInt8]] {
    try names.map { try git.folder.bytes("work/\($0)") }
  }

  @Test func `it covers and unstages, everything agrees, and the printed commands undo it`() throws
  {
    try git.stage(".gitignore", "*.log")
    try git.stage("kept", "x\n")
    try git.stage(".env", secret)
    try git.stage("a b/prod.env", secret)
    try git.commit()
    try git.write(".env.local", secret)
    try git.stage("new.env", secret)
    try git.stage("harmless.env", "DEBUG=true\n")
    try git.stage(".env.example", "A=\n")
    let names = [".env", "a b/prod.env", ".env.local", "new.env", "harmless.env", ".env.example"]
    let (before, contents) = (try state(), try contents(names))
    let output = try fix("--yes")
    #expect(try self.contents(names) == contents)
    #expect(
      try git.folder.read("work/.gitignore") == "*.log\n.env\n.env.local\nprod.env\nnew.env\n"
        || Set(git.folder.read("work/.gitignore").split(separator: "\n"))
          == ["*.log", ".env", ".env.local", "prod.env", "new.env"]
    )
    #expect(
      try git.git("ls-files") == ".env.example\n.gitignore\nharmless.env\nkept\n")
    for name in [".env", "a b/prod.env", ".env.local", "new.env"] {
      #expect(try git.result(of: ["check-ignore", "--quiet", name]).status == 0)
    }
    let status = try git.git("status", "--porcelain")
    #expect(
      Set(status.split(separator: "\n")) == [
        "D  .env", "D  \"a b/prod.env\"", "A  .env.example", "A  harmless.env", " M .gitignore",
      ])
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    // What is left is what the commits hold, and what is harmless.
    #expect(
      scan.findings.filter { $0.standsIn.contains("worktree") || $0.standsIn.contains("index") }
        .flatMap(\.paths) == ["harmless.env"])
    #expect(output.status == 1 && output.text.contains("replace every secret"))
    let undone = try Tool.shell(undo(output), in: git.path, environment: git.environment)
    #expect(undone.status == 0, "\(undone.errors)")
    #expect(try state() == before)
  }

  @Test func `an ignore file is made where there is none, and undone by being removed`() throws {
    try git.write(".env", secret)
    try git.write("sub/x", "")
    let before = try state()
    let output = try fix("--yes", in: git.folder.at("work/sub"))
    #expect(output.status == 0, "\(output.text)")
    #expect(try git.folder.read("work/.gitignore") == ".env\n")
    #expect(try EnvReading(of: git).status == 0)
    let commands = try undo(output)
    #expect(commands.contains("cd ..\n"))
    let undone = try Tool.shell(
      commands, in: git.folder.at("work/sub"), environment: git.environment)
    #expect(undone.status == 0)
    #expect(try state() == before)
  }

  @Test(arguments: [
    ("*.log\r\n*.tmp\r\n", "*.log\r\n*.tmp\r\n.env\r\n"), ("*.log\r\nx", "*.log\r\nx\r\n.env\r\n"),
    ("*.log", "*.log\n.env\n"), ("", ".env\n"), (".env\n!.env\n", ".env\n!.env\n.env\n"),
  ])
  func `lines end as those around them`(old: String, new: String) throws {
    try git.stage(".gitignore", old)
    try git.commit()
    try git.folder.setMode(0o640, of: "work/.gitignore")
    try git.write(".env", secret)
    #expect(try fix("--yes").status == 0)
    #expect(try git.folder.bytes("work/.gitignore") == Array(new.utf8))
    let attributes = try FileManager.default.attributesOfItem(
      atPath: git.folder.at("work/.gitignore"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test func `a nearer line that takes back is answered where it stands`() throws {
    try git.stage(".gitignore", ".env\n")
    try git.stage("a/.gitignore", "!.env\n")
    try git.commit()
    try git.write("a/.env", secret)
    #expect(try fix("--yes").status == 0)
    #expect(try git.folder.read("work/a/.gitignore") == "!.env\n.env\n")
    #expect(try git.folder.read("work/.gitignore") == ".env\n")
    #expect(try EnvReading(of: git)["a/.env"]?.states == ["ignored"])
  }

  @Test func `what only this clone ignores is covered for everybody`() throws {
    try git.write(".git/info/exclude", ".env\n")
    try git.write(".env", secret)
    #expect(try fix("--yes").status == 0)
    #expect(try EnvReading(of: git)[".env"]?.states == ["ignored"])
  }

  @Test func `without a terminal and without --yes it only shows`() throws {
    try git.stage(".env", secret)
    let before = try state()
    let output = try fix()
    #expect(output.status == 1)
    #expect(output.text.contains("  .gitignore (new): add the line .env\n"))
    #expect(output.text.contains("  index: take out .env, and leave it on disk"))
    #expect(output.text.contains("nothing was changed"))
    #expect(try state() == before)
  }

  @Test func `where nothing is wrong nothing is done`() throws {
    try git.stage(".gitignore", ".env\n")
    try git.commit()
    try git.write(".env", secret)
    let before = try state()
    let output = try fix("--yes")
    #expect(output.status == 0 && output.text.contains("nothing that --fix mends"))
    #expect(try state() == before)
  }

  // MARK: Refusals

  private func expectRefusal(_ words: String, status: Int32 = 65) throws {
    let before = try state()
    let output = try fix("--yes")
    #expect(output.status == status)
    #expect(output.errors.contains(words), "\(output.errors)")
    #expect(try state() == before)
  }

  @Test(arguments: ["changed", "staged", "untracked", "deleted", "link", "folder", "utf16"])
  func `an ignore file that cannot be brought back is not touched`(kind: String) throws {
    try git.write(".env", secret)
    if kind != "untracked" {
      try git.stage(".gitignore", "*.log\n")
      try git.commit()
    }
    var words = "it has changes that are not committed"
    switch kind {
    case "changed": try git.write(".gitignore", "*.log\n*.tmp\n")
    case "staged":
      try git.stage(".gitignore", "*.log\n*.tmp\n")
    case "untracked": try git.write(".gitignore", "*.log\n")
    case "deleted":
      try git.remove(".gitignore")
      words = "it is in git and not on disk"
    case "link":
      try git.remove(".gitignore")
      try git.write("other", "*.log\n")
      try git.link(".gitignore", to: "other")
      words = "it is no regular file"
    case "folder":
      try git.remove(".gitignore")
      try git.write(".gitignore/x", "")
      words = "it is no regular file"
    default:
      try git.write(".gitignore", [0xFF, 0xFE, 0x2A, 0])
      words = "it is UTF-16"
    }
    try expectRefusal(words)
  }

  @Test func `staged content that stands nowhere else is not lost`() throws {
    try git.stage(".env", secret)
    try git.write(".env", secret + "X=1\n")
    try expectRefusal("stands neither in HEAD nor on disk and would be lost")
    // It stands in HEAD once it is committed.
    try git.commit()
    #expect(try fix("--yes").text.contains("done;"))
  }

  @Test func `a file in conflict is left to the merge`() throws {
    try git.stage(".env", "A_TOKEN=abcabc1\n")
    try git.commit()
    try git.git("checkout", "--quiet", "-b", "other")
    try git.stage(".env", "A_TOKEN=abcabc2\n")
    try git.commit()
    try git.git("checkout", "--quiet", "main")
    try git.stage(".env", "A_TOKEN=abcabc3\n")
    try git.commit()
    _ = try git.result(of: ["merge", "--quiet", "other"])
    try expectRefusal("it is in conflict")
  }

  @Test func `an index that git alone can write is refused, and one that git is writing`() throws {
    try git.stage(".env", secret)
    try git.git("update-index", "--split-index")
    try expectRefusal("git update-index --no-split-index")
    try git.git("update-index", "--no-split-index")
    try git.write(".git/index.lock", "")
    try expectRefusal("the index is locked")
    try git.remove(".git/index.lock")
    #expect(try fix("--yes").text.contains("done;"))
  }

  @Test func `a name that no line can say, a bare repository and wrong options are said`() throws {
    try git.write("a\nb.env", secret)
    try expectRefusal("no ignore line can say a name with a line break")
    try git.git("clone", "--quiet", "--bare", git.path, git.folder.at("bare.git"))
    let bare = try Keyscan.run(
      ["env", "--fix", "bare.git"], in: git.folder.path, environment: git.environment)
    #expect(bare.status == 65 && bare.errors.contains("bare repository"))
    for wrong in [["--yes"], ["--fix", "--format", "json"]] {
      let output = try Keyscan.run(["env"] + wrong, in: git.path, environment: git.environment)
      #expect(output.status == 64)
    }
  }

  @Test func `forms, broken promises and repositories inside are left and said`() throws {
    try git.stage(".env.sample", "API_KEY=q9w8e7r6t5y4u3i2\n")
    try git.stage("x.env", "DOTENV_PUBLIC_KEY=02ab\n" + secret)
    try git.git("init", "--quiet", "inner")
    try git.write("inner/.env", secret)
    let before = try state()
    let output = try fix("--yes")
    #expect(output.text.contains("not mended: .env.sample: it is a form"))
    #expect(output.text.contains("not mended: x.env: dotenvx was to encrypt it"))
    #expect(output.text.contains("not mended: inner/.env: it belongs to a repository inside"))
    #expect(output.status == 1)
    #expect(try state() == before)
  }

  // MARK: The index

  @Test(arguments: ["it's/.env", "ü/.env", "a\tb/.env", "c\u{1B}[31m/.env", "$x/`y`/.env"])
  func `odd names are taken out and brought back`(path: String) throws {
    try git.stage(path, secret)
    try git.stage("z", "z")
    try git.commit()
    let before = try state()
    let output = try fix("--yes")
    #expect(!output.bytes.contains(0x1B))
    #expect(try git.git("ls-files") == "z\n")
    let undone = try Tool.shell(undo(output), in: git.path, environment: git.environment)
    #expect(undone.status == 0, "\(undone.errors)")
    #expect(try state() == before)
  }

  @Test func `marks in the index stay, and come back`() throws {
    try git.stage(".env", secret)
    try git.stage("b.env", secret)
    try git.stage("link.env", "x\n")
    for name in ["m1", "m2"] { try git.stage(name, name) }
    try git.commit()
    try git.write("c.env", secret)
    try git.git("add", "--intent-to-add", "c.env")
    try git.git("update-index", "--skip-worktree", ".env", "m1")
    try git.git("update-index", "--assume-unchanged", "m2")
    try git.git("update-index", "--index-version", "4")
    let flags = try git.git("ls-files", "-v")
    let before = try state()
    let output = try fix("--yes")
    #expect(try git.git("ls-files", "-v") == "H link.env\nS m1\nh m2\n")
    #expect(try git.git("fsck", "--no-dangling") == "")
    let undone = try Tool.shell(undo(output), in: git.path, environment: git.environment)
    #expect(undone.status == 0, "\(undone.errors)")
    #expect(try state() == before)
    #expect(try git.git("ls-files", "-v") == flags)
  }

  @Test func `a change as young as the index is still seen afterwards`() throws {
    func setTime(_ name: String) throws {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)],
        ofItemAtPath: git.folder.at("work/\(name)"))
    }
    try git.git("config", "core.trustctime", "false")
    try git.git("config", "core.checkStat", "minimal")
    try git.stage(".env", secret)
    try git.write("m", "aaaa")
    try setTime("m")
    try git.git("add", "m")
    // Of the same size and in the same moment as the index: only git's distrust finds it.
    try git.write("m", "bbbb")
    try setTime("m")
    try setTime(".git/index")
    #expect(try fix("--yes").text.contains("done;"))
    #expect(try git.git("status", "--porcelain", "m") == "AM m\n")
  }

  @Test func `in a linked worktree its own index is mended`() throws {
    try git.stage(".env", secret)
    try git.commit()
    try git.git("worktree", "add", "--quiet", git.folder.at("other"), "-b", "other")
    let output = try fix("--yes", in: git.folder.at("other"))
    #expect(output.text.contains("done;"))
    #expect(try git.git(["ls-files"], in: git.folder.at("other")) == "")
    #expect(try git.git("ls-files") == ".env\n")
  }
}
