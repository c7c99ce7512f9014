import Foundation
import TestSupport
import Testing

/// What of a work tree is read, and what is said of the rest.
struct WorkTreeTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
  }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report(
      arguments.isEmpty ? ["."] : arguments, in: git.path, environment: git.environment)
  }

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  @Test func `tracked files are read, and untracked ones that git does not ignore`() throws {
    try git.stage("tracked", key())
    try git.write("untracked", key())
    try git.write("ignored", key())
    try git.write("build/ignored", key())
    try git.stage("build/tracked", key())
    try git.write(".gitignore", "ignored\nbuild/\n")
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["build/tracked", "tracked", "untracked"])
    #expect(report.status == 1)
  }

  @Test func `ignored files are read when they are asked for`() throws {
    try git.write("ignored/a", key())
    try git.write(".gitignore", "ignored\n")
    #expect(try report().findings.isEmpty)
    #expect(try report(".", "--include-ignored").paths(of: "google.api-key") == ["ignored/a"])
  }

  @Test func `the user's own ignore file and info exclude count`() throws {
    try git.write("a.mine", key())
    try git.write("b.mine", key())
    try git.write("c.other", key())
    try git.writeHome(".gitconfig", "[core]\n\texcludesFile = ~/mine\n")
    try git.writeHome("mine", "*.mine\n")
    try git.write(".git/info/exclude", "!b.mine\n")
    #expect(try report().paths(of: "google.api-key") == ["b.mine", "c.other"])
  }

  @Test func `whether HEAD has it too does not depend on the trees that the index knows`() throws {
    for path in ["a/b/one", "a/c/two", "d/three"] { try git.stage(path, key()) }
    try git.commit()
    try git.stage("a/c/other", key())
    try git.stage("d/three", key())
    func expectStandings() throws {
      let report = try report(".", "--no-history")
      func standing(_ path: String) -> [String]? {
        report.findings.first { $0.paths == [path] }?.standsIn
      }
      #expect(standing("a/b/one") == ["worktree", "index", "head"])
      #expect(standing("a/c/two") == ["worktree", "index", "head"])
      #expect(standing("a/c/other") == ["worktree", "index"])
      #expect(standing("d/three") == ["worktree", "index"])
      #expect(standing("a/b/new") == ["worktree"])
    }
    try git.write("a/b/new", key())
    // Of some folders the index knows no tree now.
    try expectStandings()
    // It knows all of them, and those that changed are not HEAD's.
    try git.commit()
    _ = try git.git("reset", "-q", "--soft", "HEAD~1")
    try expectStandings()
    // It knows none.
    _ = try git.git("read-tree", "--empty")
    _ = try git.git("add", "a/b/one", "a/c", "d")
    try expectStandings()
  }

  @Test func `what stands where is told`() throws {
    let (one, two, three) = (key(), key(), key())
    try git.stage("committed", one)
    try git.commit()
    try git.stage("staged", two)
    try git.write("written", three)
    let report = try report()
    func standing(_ path: String) -> [String]? {
      report.findings.first { $0.paths == [path] }?.standsIn
    }
    #expect(standing("committed") == ["worktree", "index", "head", "history"])
    #expect(standing("staged") == ["worktree", "index"])
    #expect(standing("written") == ["worktree"])
    let published = report.findings.map { $0.json["published"] as? String }
    // Without a remote-tracking branch nobody knows of commits; what is in none was not pushed.
    #expect(published == ["unknown", "no", "no"])
  }

  @Test func `what is only in the index is found there`() throws {
    try git.stage("cleaned", key())
    try git.write("cleaned", "nothing\n")
    try git.stage("deleted", key())
    try git.remove("deleted")
    try git.stage("both", key())
    let changed = try String(contentsOfFile: git.path + "/both", encoding: .utf8)
    try git.write("both", "\n" + changed)
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["both", "cleaned", "deleted"])
    func standing(_ path: String) -> [String]? {
      report.findings.first { $0.paths == [path] }?.standsIn
    }
    #expect(standing("cleaned") == ["index"])
    #expect(standing("deleted") == ["index"])
    #expect(standing("both") == ["worktree", "index"])
    // Of the two versions of one path, the one that a person can open is shown.
    #expect(report.findings.first { $0.paths == ["both"] }?.places.first?.line == 2)
  }

  @Test func `what a filter keeps out of the index is not said to be in it`() throws {
    try git.git("config", "filter.mask.clean", "sed s/AIza.*/MASKED/")
    try git.write(".gitattributes", "*.conf filter=mask\n")
    try git.write("a.conf", key())
    try git.git("add", "a.conf")
    try git.git("update-index", "--refresh")
    let report = try report()
    #expect(report.findings.first?.standsIn == ["worktree"])
  }

  @Test func `one secret in several files is one finding with several places`() throws {
    let key = key()
    try git.stage("a", key)
    try git.stage("b/c", "x\n" + key)
    let report = try report()
    #expect(report.findings.count == 1)
    #expect(report.findings.first?.places.map(\.path) == ["a", "b/c"])
    #expect(report.findings.first?.places.map(\.line) == [1, 2])
  }

  @Test func `a folder inside of a repository is read alone, and that is said first and last`()
    throws
  {
    try git.stage("src/a", key())
    try git.stage("other/b", key())
    let report = try report("src")
    #expect(report.paths(of: "google.api-key") == ["src/a"])
    #expect(report.findings.first?.standsIn == ["worktree", "index"])
    #expect(report.coverage["complete"] as? Bool == false)
    #expect(report.gaps.map(\.kind) == ["not-asked"])
    let text = try Keyscan.run(["src"], in: git.path, environment: git.environment).lines
    let said = "keyscan: files below src/ only; history, index and the rest not scanned"
    #expect(text.first == said && text.last == said)
  }

  @Test func `from a folder below, the repository around it is read`() throws {
    try git.stage("src/a", key())
    try git.stage("other/b", key())
    let below = git.path + "/src"
    let report = try Keyscan.report([], in: below, environment: git.environment)
    #expect(report.paths(of: "google.api-key") == ["other/b", "src/a"])
    // What people click on leads there from where they are.
    for arguments in [[], ["."], ["a"], ["../other"], [".."], [git.path]] as [[String]] {
      let text = try Keyscan.run(arguments, in: below, environment: git.environment).text
      let paths = text.matches(of: /--> (\S+):1:8\n/).map { String($0.1) }
      #expect(!paths.isEmpty)
      for path in paths {
        #expect(
          FileManager.default.fileExists(atPath: path.hasPrefix("/") ? path : "\(below)/\(path)"))
      }
    }
  }

  @Test func `a single file inside of a repository is read alone`() throws {
    try git.stage("src/a", key())
    try git.stage("src/b", key())
    let report = try report("src/b")
    #expect(report.paths(of: "google.api-key") == ["src/b"])
    #expect(report.gaps.map(\.kind) == ["not-asked"])
  }

  @Test func `a folder without a repository is read whole`() throws {
    try git.folder.write("plain/a", key())
    try git.folder.write("plain/.gitignore", "b\n")
    try git.folder.write("plain/b", key())
    let report = try Keyscan.report(["plain"], in: git.folder.path)
    #expect(report.paths(of: "google.api-key") == ["a", "b"])
    #expect(report.gaps.isEmpty && report.coverage["complete"] as? Bool == true)
    // What people click on leads there from where they are.
    let text = try Keyscan.run(["plain"], in: git.folder.path)
    #expect(text.text.contains("--> plain/a:1:8\n"))
  }

  @Test func `several paths are scanned in one run`() throws {
    try git.folder.write("one/a", key())
    try git.folder.write("two", key())
    let report = try Keyscan.report(["one", "two"], in: git.folder.path)
    #expect(report.findings.flatMap(\.paths).sorted() == ["a", "two"])
    #expect((report.json["targets"] as? [Any])?.count == 2)
  }

  @Test func `before the first commit everything is read`() throws {
    try git.stage("a", key())
    let report = try report()
    #expect(report.findings.first?.standsIn == ["worktree", "index"])
    let target = (report.json["targets"] as? [[String: Any]])?.first
    #expect(target?["head"] is NSNull)
  }

  @Test func `a linked worktree is read with its own index and HEAD`() throws {
    try git.stage("a", "nothing\n")
    try git.commit()
    try git.git("worktree", "add", "--quiet", "-b", "side", git.folder.at("linked"))
    try git.folder.write("linked/b", key())
    try git.git(["add", "b"], in: git.folder.at("linked"))
    let report = try Keyscan.report(
      ["."], in: git.folder.at("linked"), environment: git.environment)
    #expect(report.findings.first?.standsIn == ["worktree", "index"])
    #expect(report.paths(of: "google.api-key") == ["b"])
  }

  @Test func `a bare repository has nothing but history, which is read`() throws {
    try git.stage("a", key())
    try git.commit()
    try git.git("clone", "--quiet", "--bare", ".", git.folder.at("bare.git"))
    let report = try Keyscan.report(
      ["bare.git"], in: git.folder.path, environment: git.environment)
    #expect(report.status == 1 && report.paths(of: "google.api-key") == ["a"])
    #expect(report.findings.first?.standsIn == ["head", "history"])
    #expect(report.gaps.isEmpty && report.coverage["complete"] as? Bool == true)
    let target = (report.json["targets"] as? [[String: Any]])?.first
    #expect(target?["kind"] as? String == "bare-repository")
  }

  @Test func `history that is left out is said, and read otherwise`() throws {
    try git.stage("a", "nothing\n")
    let whole = try report()
    #expect(whole.gaps.isEmpty && whole.coverage["complete"] as? Bool == true)
    #expect(whole.coverage["connectivity"] as? String == "all")
    let arguments = [".", "--no-history"]
    let part = try Keyscan.report(arguments, in: git.path, environment: git.environment)
    #expect(part.gaps.map(\.reason) == ["left out with --no-history"])
    #expect(part.coverage["complete"] as? Bool == false)
    let text = try Keyscan.run(arguments, in: git.path, environment: git.environment).text
    #expect(text.contains("history: left out with --no-history"))
    let strict = try Keyscan.report(
      arguments + ["--require-complete"], in: git.path, environment: git.environment)
    #expect(strict.status == 74)
  }

  @Test func `a submodule's files are read by its own index, and its history is said to be unread`()
    throws
  {
    let inner = try GitFixture()
    try inner.stage("tracked", key())
    try inner.stage(".gitignore", "ignored\n")
    try inner.commit()
    try git.git("submodule", "--quiet", "add", inner.path, "libs/sub")
    try git.write("libs/sub/ignored", key())
    try git.write("libs/sub/untracked", key())
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["libs/sub/tracked", "libs/sub/untracked"])
    #expect(report.gaps.contains { $0.subject == "libs/sub" && $0.kind == "not-asked" })
  }

  @Test func `a submodule that is not checked out is said`() throws {
    let inner = try GitFixture()
    try inner.stage("tracked", key())
    try inner.commit()
    try git.git("submodule", "--quiet", "add", inner.path, "sub")
    try git.commit()
    for name in ["clone", "gone"] {
      try git.git("clone", "--quiet", ".", git.folder.at(name))
      if name == "gone" { try git.folder.remove("gone/sub") }
      let report = try Keyscan.report(
        ["."], in: git.folder.at(name), environment: git.environment)
      let gap = report.gaps.first { $0.subject == "sub" }
      #expect(gap?.reason.contains("not checked out") == true && gap?.fails == false)
    }
  }

  @Test func `objects that are borrowed from another repository are read, and that is said`() throws
  {
    try git.stage("a", key())
    try git.commit()
    try git.git("clone", "--quiet", "--shared", ".", git.folder.at("borrower"))
    try git.folder.remove("borrower/a")
    let report = try Keyscan.report(
      ["."], in: git.folder.at("borrower"), environment: git.environment)
    #expect(report.findings.first?.standsIn == ["index", "head", "history"])
    #expect(report.coverage["alternates"] as? [String] == [git.path + "/.git/objects"])
    let text = try Keyscan.run(["."], in: git.folder.at("borrower"), environment: git.environment)
    #expect(text.text.contains("which the repository borrows from"))
  }

  @Test func `a repository inside of the tree is read as one, and said`() throws {
    try git.git("init", "--quiet", "nested")
    try git.write("nested/.gitignore", "ignored\n")
    try git.write("nested/ignored", key())
    try git.write("nested/found", key())
    try git.write(".gitignore", "found\n")
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["nested/found"])
    #expect(report.gaps.contains { $0.subject == "nested" && $0.kind == "not-asked" })
  }

  @Test func `repositories below a plain folder are read as repositories`() throws {
    try git.write("ignored", key())
    try git.write("found", key())
    try git.write(".gitignore", "ignored\n")
    let report = try Keyscan.report(["."], in: git.folder.path, environment: git.environment)
    #expect(report.paths(of: "google.api-key") == ["work/found"])
  }

  @Test func `files that a sparse checkout left out are read from the object database`() throws {
    try git.stage("in/a", key())
    try git.stage("out/b", key())
    try git.commit()
    for arguments in [["--cone"], ["--cone", "--sparse-index"]] {
      try git.git(["sparse-checkout", "set"] + arguments + ["in"])
      #expect(!git.folder.exists("work/out/b"))
      let report = try report()
      #expect(report.paths(of: "google.api-key") == ["in/a", "out/b"])
      #expect(
        report.findings.first { $0.paths == ["out/b"] }?.standsIn == ["index", "head", "history"])
    }
  }

  @Test(arguments: ["2", "4", "split"]) func `every form of the index is read`(form: String) throws
  {
    try git.stage("deleted", key())
    try git.stage("kept", key())
    if form == "split" {
      try git.git("update-index", "--split-index")
    } else {
      try git.git("update-index", "--index-version", form)
    }
    try git.remove("deleted")
    #expect(try report().paths(of: "google.api-key") == ["deleted", "kept"])
  }

  @Test func `the sides of a conflict are read`() throws {
    try git.stage("file", "base\n")
    try git.commit()
    try git.git("checkout", "--quiet", "-b", "side")
    try git.stage("file", key())
    try git.commit()
    try git.git("checkout", "--quiet", "main")
    try git.stage("file", "ours\n")
    try git.commit()
    _ = try git.result(of: ["merge", "side"])
    try git.write("file", "resolved\n")
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["file"])
    #expect(report.findings.first?.standsIn == ["index", "history"])
  }

  @Test func `a path that is not UTF-8 is read and told byte by byte`() throws {
    let key = key()
    let output = try Tool.shell(
      "printf '%s' '\(key)' > \"$(printf 'odd-\\377-\\303\\251')\"", in: git.path)
    #expect(output.status == 0)
    try git.git("add", "--all")
    let report = try report()
    let place = (report.findings.first?.json["places"] as? [[String: Any]])?.first
    #expect(place?["path"] as? String == "odd-\\xff-é")
    let bytes = Data(base64Encoded: place?["pathBytes"] as? String ?? "")
    #expect(bytes.map { [UInt8]($0) } == Array("odd-".utf8) + [0xFF] + Array("-é".utf8))
  }

  @Test func `another owner's repository is read`() throws {
    try git.stage("a", key())
    try git.commit()
    try #require(getuid() == 0, "this test gives files away, which only root may")
    #expect(try Tool.run("/bin/chown", ["-R", "12345", git.path]).status == 0)
    let output = try git.result(of: ["status"], environment: ["SUDO_UID": "1"])
    #expect(output.status != 0 && output.errors.contains("dubious ownership"))
    #expect(try report().paths(of: "google.api-key") == ["a"])
  }

  @Test func `a work tree that the configuration puts elsewhere is not read, and that is said`()
    throws
  {
    try git.folder.write("elsewhere/secret", key())
    try git.stage("here", key())
    try git.git("config", "core.worktree", git.folder.at("elsewhere"))
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["here"])
    #expect(report.hints.contains { $0.contains("core.worktree") })
  }

  @Test(arguments: [("objectFormat", "sha256"), ("refStorage", "reftable"), ("newThing", "1")])
  func `a repository in a form that cannot be read is refused by name`(name: String, value: String)
    throws
  {
    try git.stage("a", key())
    let config = try git.folder.read("work/.git/config")
      .replacingOccurrences(of: "repositoryformatversion = 0", with: "repositoryformatversion = 1")
    try git.write(".git/config", config + "[extensions]\n\t\(name) = \(value)\n")
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 66)
    #expect(output.errors.contains("extensions.\(name.lowercased())"))
  }

  @Test func `extensions that change nothing for a reader are read`() throws {
    try git.stage("a", key())
    let config = try git.folder.read("work/.git/config")
      .replacingOccurrences(of: "repositoryformatversion = 0", with: "repositoryformatversion = 1")
    try git.write(
      ".git/config",
      config + "[extensions]\n\tworktreeConfig = true\n\trelativeWorktrees = true\n"
        + "\tpreciousObjects = true\n\tpartialClone = origin\n")
    #expect(try report().paths(of: "google.api-key") == ["a"])
  }

  @Test func `a container that is not opened is said`() throws {
    try git.write("a.zip", Array("PK".utf8) + [3, 4] + [UInt8](repeating: 0, count: 100))
    try git.write("b.db", Array("SQLite format 3\0".utf8))
    try git.write("c.png", [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A])
    let opaque = try report().gaps.filter { $0.kind == "opaque" }
    #expect(opaque.map(\.subject) == ["a.zip", "b.db"])
    #expect(opaque.allSatisfy { !$0.fails })
  }

  @Test func `the text of a link is read and not where it leads`() throws {
    try git.folder.write("outside", key())
    try git.link("out", to: "../outside")
    let key = LookAlike.apiKey()
    try git.link("keyed", to: key)
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["keyed"])
  }
}
