import Foundation
import TestSupport
import Testing

/// Where other scanners are blind: each case is a repository made with the real git.
struct HistoryCommandTests {
  /// One place where a secret may be, and what keyscan must say of it.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    /// Where it stands.
    let standing: [String]
    /// Whether a push sends it, so that the status is 1.
    var counts = true
    let make: @Sendable (GitFixture, _ key: String) throws -> Void

    var testDescription: String { name }
  }

  private static func base(_ git: GitFixture) throws {
    try git.stage("a", "one\n")
    try git.commit("base")
  }

  static let cases: [Case] = [
    Case(name: "a file that only a merge adds", standing: ["head", "history"]) { git, key in
      try base(git)
      try git.git("checkout", "--quiet", "-b", "side")
      try git.stage("b", "two\n")
      try git.commit()
      try git.git("checkout", "--quiet", "main")
      try git.stage("c", "three\n")
      try git.commit()
      try git.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
      try git.stage("evil", key)
      try git.git("commit", "--quiet", "--no-verify", "-m", "merge")
    },
    Case(name: "stash, unstaged", standing: ["stash"], counts: false) { git, key in
      try base(git)
      try git.write("a", key)
      try git.git("stash", "--quiet")
    },
    Case(name: "stash, staged", standing: ["stash"], counts: false) { git, key in
      try base(git)
      try git.stage("new", key)
      try git.git("stash", "--quiet")
    },
    Case(name: "stash, untracked", standing: ["stash"], counts: false) { git, key in
      try base(git)
      try git.write("new", key)
      try git.git("stash", "--quiet", "--include-untracked")
    },
    Case(name: "an older stash", standing: ["stash"], counts: false) { git, key in
      try base(git)
      try git.write("a", key)
      try git.git("stash", "--quiet")
      try git.write("a", "other\n")
      try git.git("stash", "--quiet")
    },
    Case(name: "a line added with a rename", standing: ["head", "history"]) { git, key in
      try git.stage("old", String(repeating: "line\n", count: 40))
      try git.commit()
      try git.git("mv", "old", "new")
      try git.stage("new", String(repeating: "line\n", count: 40) + key)
      try git.commit()
    },
    Case(name: "a file that becomes a link", standing: ["head", "history"]) { git, key in
      try base(git)
      try git.remove("a")
      try git.link("a", to: key)
      try git.git("add", "a")
      try git.commit()
    },
    Case(name: "a NUL byte in the file", standing: ["head", "history"]) { git, key in
      try git.write("bin", Array("x\0\n\(key)\n".utf8))
      try git.git("add", "bin")
      try git.commit()
    },
    Case(name: "a file without diffs by its attribute", standing: ["head", "history"]) { git, key in
      try git.stage(".gitattributes", "* -diff binary\n")
      try git.stage("x.lock", key)
      try git.commit()
    },
    Case(name: "UTF-16", standing: ["head", "history"]) { git, key in
      try git.write("wide", [0xFF, 0xFE] + key.utf8.flatMap { [$0, 0] })
      try git.git("add", "wide")
      try git.commit()
    },
    Case(name: "a note", standing: ["history"]) { git, key in
      try base(git)
      try git.git("notes", "add", "-m", key)
    },
    Case(name: "a tag's message", standing: ["history"]) { git, key in
      try base(git)
      try git.git("tag", "-a", "v1", "-m", key)
    },
    Case(name: "a commit's message", standing: ["head", "history"]) { git, key in
      try git.commit("it was \(key)")
    },
    Case(name: "a committer's name", standing: ["head", "history"]) { git, key in
      try git.git(
        ["commit", "--quiet", "--allow-empty", "-m", "x"], environment: ["GIT_AUTHOR_NAME": key])
    },
    Case(name: "amended away", standing: ["reflog"], counts: false) { git, key in
      try base(git)
      try git.stage("a", key)
      try git.commit()
      try git.stage("a", "clean\n")
      try git.git("commit", "--quiet", "--amend", "--no-edit", "--no-verify")
    },
    Case(name: "a deleted branch", standing: ["reflog"], counts: false) { git, key in
      try base(git)
      try git.git("checkout", "--quiet", "-b", "gone")
      try git.stage("b", key)
      try git.commit()
      try git.git("checkout", "--quiet", "main")
      try git.git("branch", "--quiet", "-D", "gone")
    },
    Case(name: "a commit that nothing names", standing: ["unreachable"], counts: false) {
      git, key in
      try base(git)
      try git.git("checkout", "--quiet", "-b", "gone")
      try git.stage("b", key)
      try git.commit()
      try git.git("checkout", "--quiet", "main")
      try git.git("branch", "--quiet", "-D", "gone")
      try git.git("reflog", "expire", "--expire=now", "--all")
    },
    Case(name: "a blob that nothing names", standing: ["unreachable"], counts: false) {
      git, key in
      try base(git)
      try git.git(["hash-object", "-w", "--stdin"], input: Array(key.utf8))
    },
    Case(name: "staged once, then replaced", standing: ["unreachable"], counts: false) {
      git, key in
      try git.stage("b", key)
      try git.stage("b", "clean\n")
    },
    Case(name: "hidden by a replacement", standing: ["head", "history"]) { git, key in
      try git.stage("b", key)
      try git.commit()
      let blob = try git.git("rev-parse", "HEAD:b").trimmingCharacters(in: .newlines)
      let clean = try git.git(["hash-object", "-w", "--stdin"], input: Array("clean\n".utf8))
      try git.git("replace", blob, clean.trimmingCharacters(in: .newlines))
    },
    Case(name: "a pull request's head", standing: ["history"]) { git, key in
      try base(git)
      try git.git("checkout", "--quiet", "-b", "pr")
      try git.stage("b", key)
      try git.commit()
      try git.git("update-ref", "refs/pull/1/head", "HEAD")
      try git.git("checkout", "--quiet", "main")
      try git.git("branch", "--quiet", "-D", "pr")
    },
    Case(name: "a detached HEAD", standing: ["head", "history"]) { git, key in
      try base(git)
      try git.git("checkout", "--quiet", "--detach")
      try git.stage("b", key)
      try git.commit()
    },
    Case(name: "another worktree's HEAD", standing: ["history"]) { git, key in
      try base(git)
      let linked = git.folder.at("linked")
      try git.git("worktree", "add", "--quiet", "--detach", linked)
      try git.folder.write("linked/b", key)
      try git.git(["add", "b"], in: linked)
      try git.git(["commit", "--quiet", "-m", "x"], in: linked)
    },
    Case(name: "an odd path", standing: ["head", "history"]) { git, key in
      try git.stage("od\td\n\"\\ é", key)
      try git.commit()
    },
    Case(name: "a path", standing: ["head", "history"]) { git, key in
      try git.stage("dir/\(key)/file", "content\n")
      try git.commit()
    },
    Case(name: "a branch's name", standing: ["history"]) { git, key in
      try base(git)
      try git.git("branch", "fix/\(key)")
    },
    Case(name: "taken away again", standing: ["history"]) { git, key in
      try git.stage("b", key)
      try git.commit()
      try git.git("rm", "--quiet", "b")
      try git.commit()
    },
    Case(name: "a blob that a reference names", standing: ["history"]) { git, key in
      try base(git)
      let blob = try git.git(["hash-object", "-w", "--stdin"], input: Array(key.utf8))
      try git.git("update-ref", "refs/keep/it", blob.trimmingCharacters(in: .newlines))
    },
  ]

  @Test(arguments: cases)
  func `what other scanners do not see is found, and where it stands`(_ one: Case) throws {
    let git = try GitFixture()
    try one.make(git, LookAlike.apiKey())
    // Once as git left it, with loose objects, and once in a pack that holds them all.
    for isPacked in [false, true] {
      if isPacked {
        try git.git("repack", "-adq", "--keep-unreachable")
        try git.git("prune-packed")
      }
      for engine in ["sweep", "libgit2"] {
        let report = try Keyscan.report(
          [".", "--engine", engine], in: git.path, environment: git.environment)
        let finding = report.findings.first { $0.rule == "google.api-key" }
        let standing = finding?.standsIn.filter { !["worktree", "index"].contains($0) }
        #expect(standing == one.standing, "\(one.name), packed: \(isPacked), \(engine)")
        #expect(report.findings.count == 1 && report.status == (one.counts ? 1 : 0))
        #expect(report.gaps.isEmpty, "\(report.gaps.map(\.reason))")
      }
    }
  }

  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report(
      arguments.isEmpty ? ["."] : arguments, in: git.path, environment: git.environment)
  }

  @Test func `what a push does not send stands under a heading of its own`() throws {
    try git.stage("a", LookAlike.apiKey())
    try git.commit()
    try git.stage("a", "clean\n")
    try git.git("commit", "--quiet", "--amend", "--no-edit", "--no-verify")
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 0)
    #expect(output.text.contains("A push does not send these:\n\nhigh: Google API key"))
  }

  @Test func `the commit that brought it and the one that took it away are told`() throws {
    let key = LookAlike.apiKey()
    func commit(_ subject: String, _ day: Int) throws {
      let date = "\(1_700_000_000 + 86_400 * day) +0000"
      try git.git(
        ["commit", "--quiet", "--no-verify", "-m", subject],
        environment: ["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date])
    }
    try git.stage("a", "nothing\n")
    try commit("before", 0)
    try git.stage("a", "nothing\n\(key)\n")
    try commit("bring it", 1)
    let brought = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    try git.stage("a", "more\nnothing\n\(key)\n")
    try commit("keep it", 2)
    try git.stage("a", "more\nnothing\n")
    try commit("take it away", 3)
    let taken = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    try git.git("gc", "--quiet")
    let finding = try #require(report().findings.first)
    let place = try #require((finding.json["places"] as? [[String: Any]])?.first)
    #expect(place["commit"] as? String == brought && place["removed"] as? String == taken)
    #expect(place["author"] as? String == "A U Thor" && place["subject"] as? String == "bring it")
    #expect(place["date"] as? String == "2023-11-15T22:13:20Z")
    #expect(place["first"] as? String == "2023-11-15T22:13:20Z")
    #expect(place["last"] as? String == "2023-11-16T22:13:20Z")
    // The newest version that holds it is shown, where it stands there.
    #expect(place["versions"] as? Int == 2 && place["line"] as? Int == 3)
    let text = try Keyscan.run(["."], in: git.path, environment: git.environment).text
    #expect(text.contains("commit \(brought.prefix(12)) of 2023-11-15 by A U Thor: bring it"))
    #expect(text.contains("gone with: commit \(taken.prefix(12))"))
  }

  @Test func `a merge's own content is introduced by the merge`() throws {
    try Self.cases[0].make(git, LookAlike.apiKey())
    let place = try #require(
      (report().findings.first?.json["places"] as? [[String: Any]])?.first)
    let head = try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    #expect(place["commit"] as? String == head)
  }

  @Test func `each secret of a file has its own introducing commit`() throws {
    // Dictionaries have another order in each run, so many secrets make a mistake show.
    var (lines, commits): ([String], Set<String>) = ([], [])
    for number in 0..<6 {
      lines.append(LookAlike.apiKey())
      try git.stage("config", lines.joined(separator: "\n") + "\n")
      try git.commit("secret \(number)")
      commits.insert(try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines))
    }
    let places = try report().findings.compactMap {
      ($0.json["places"] as? [[String: Any]])?.first
    }
    #expect(Set(places.compactMap { $0["commit"] as? String }) == commits)
    #expect(places.allSatisfy { $0["date"] as? String == $0["first"] as? String })
  }

  @Test func `renames and copies are one finding with several places`() throws {
    let key = LookAlike.apiKey()
    try git.stage("one", key)
    try git.commit()
    try git.git("mv", "one", "two")
    try git.stage("deep/er/three", "copy of \(key)\n")
    try git.commit()
    let finding = try #require(report().findings.first)
    #expect(try report().findings.count == 1)
    #expect(finding.paths == ["deep/er/three", "one", "two"])
  }

  @Test func `what a remote-tracking branch reaches is published`() throws {
    let (old, new) = (LookAlike.apiKey(), LookAlike.apiKey())
    try git.git("init", "--quiet", "--bare", git.folder.at("remote.git"))
    try git.git("remote", "add", "origin", git.folder.at("remote.git"))
    try git.stage("old", old)
    try git.commit()
    try git.git("push", "--quiet", "--no-verify", "origin", "main")
    try git.stage("new", new)
    try git.commit()
    let report = try report()
    let published = report.findings.reduce(into: [:]) {
      $0[$1.paths[0]] = $1.json["published"] as? String
    }
    #expect(published == ["old": "yes", "new": "no"])
  }

  @Test func `a .env file that was committed once and deleted is found with its commits`() throws {
    try git.stage("app/.env", "DB_PASSWORD=hunter2\n")
    try git.commit("bring it")
    try git.git("rm", "--quiet", "app/.env")
    try git.commit("take it away")
    let finding = try #require(report().findings.first)
    #expect(finding.rule == "dotenv.tracked" && finding.standsIn == ["history"])
    let place = try #require((finding.json["places"] as? [[String: Any]])?.first)
    #expect(place["path"] as? String == "app/.env" && place["subject"] as? String == "bring it")
    #expect(place["removed"] as? String != nil)
    // Nothing is left to ignore or to unstage.
    #expect((finding.json["advice"] as? [String])?.count == 1)
  }

  @Test func `rules of names work on every version ever committed`() throws {
    try git.folder.write(
      "rules/own.yml",
      """
      provider: Own
      rules:
        - id: own.store
          title: Store of keys
          description: A file that holds keys.
          severity: high
          class: secret
          names: ['*.keystore', 'conf/store.db']
          remediation: [Take it away.]
          examples:
            - {path: my.keystore, text: x}
      """)
    for path in ["a/release.keystore", "conf/store.db", "x/store.db", "keystore"] {
      try git.stage(path, "content of \(path)\n")
    }
    try git.commit()
    try git.git("rm", "--quiet", "-r", "a", "conf", "x", "keystore")
    try git.commit()
    let report = try report(".", "--rules", git.folder.at("rules"))
    #expect(report.paths(of: "own.store") == ["a/release.keystore", "conf/store.db"])
    #expect(report.findings.allSatisfy { $0.standsIn == ["history"] })
  }

  @Test func `an allow comment counts for older versions of the same path`() throws {
    let key = LookAlike.apiKey()
    try git.stage("a", "\(key)\n")
    try git.commit()
    try git.stage("a", "\(key)  # keyscan:allow\n")
    try git.commit()
    let allowed = try report()
    #expect(allowed.findings.isEmpty && allowed.status == 0)
    // Elsewhere in history it was never allowed.
    try git.stage("b", "\(key)\n")
    try git.commit()
    try git.git("rm", "--quiet", "b")
    try git.commit()
    #expect(try report().findings.map(\.paths) == [["b"]])
  }

  @Test func `both engines say the same of a history whose trees are moved about`() throws {
    let keys = (0..<3).map { _ in LookAlike.apiKey() }
    var folders = (0..<12).map { "folder\($0)" }
    for (i, folder) in folders.enumerated() {
      try git.write("\(folder)/file", "content \(i)\n")
      try git.write("\(folder)/inner/file", i % 4 == 0 ? keys[i / 4 % 3] : "nothing\n")
    }
    try git.git("add", "--all")
    try git.commit()
    for i in 0..<40 {
      // Folders change their names, and so their places among the lines of the tree.
      let place = i * 5 % folders.count
      let new = "\(["a", "m", "z"][i % 3])\(i)"
      try git.git("mv", folders[place], new)
      folders[place] = new
      let other = folders[(place + 3) % folders.count]
      try git.stage("\(other)/inner/file", i % 3 == 0 ? "\(keys[i % 3]) \(i)\n" : "clean \(i)\n")
      let date = "\(1_700_000_000 + 60 * i) +0000"
      try git.git(
        ["commit", "--quiet", "--no-verify", "-m", "commit \(i)"],
        environment: ["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date])
    }
    for arguments in [["--depth=50", "--window=60"], ["--depth=3"], ["--depth=0"]] {
      try git.git(["repack", "-adfq"] + arguments)
      let reports = try ["sweep", "libgit2"].map {
        try Keyscan.report(
          [".", "--engine", $0], in: git.path, environment: git.environment)
      }
      let (sweep, plain) = (reports[0], reports[1])
      #expect(sweep.findings.count == 3 && sweep.gaps.isEmpty)
      let isSame =
        (sweep.json["findings"] as? NSArray)?.isEqual(to: plain.json["findings"] as? [Any] ?? [])
      #expect(isSame == true, "\(arguments)")
    }
  }

  @Test func `a shallow clone is said`() throws {
    try git.stage("a", LookAlike.apiKey())
    try git.commit()
    for i in 0..<3 {
      try git.stage("a", "\(i)\n")
      try git.commit()
    }
    try git.git(
      "clone", "--quiet", "--depth", "2", "file://\(git.path)", git.folder.at("shallow"))
    let report = try Keyscan.report(
      ["."], in: git.folder.at("shallow"), environment: git.environment)
    #expect(report.findings.isEmpty && report.status == 0)
    #expect(report.gaps.map(\.kind) == ["shallow"] && report.gaps.allSatisfy { !$0.fails })
    let strict = try Keyscan.report(
      [".", "--require-complete"], in: git.folder.at("shallow"), environment: git.environment)
    #expect(strict.status == 74)
  }

  @Test func `a partial clone is said`() throws {
    try git.stage("a", LookAlike.apiKey())
    try git.commit()
    try git.stage("a", "clean\n")
    try git.commit()
    try git.git("config", "uploadpack.allowFilter", "true")
    try git.git(
      "clone", "--quiet", "--filter=blob:none", "file://\(git.path)", git.folder.at("partial"))
    let report = try Keyscan.report(
      ["."], in: git.folder.at("partial"), environment: git.environment)
    #expect(report.findings.isEmpty && report.status == 0)
    #expect(report.gaps.map(\.kind) == ["promised"] && report.gaps.allSatisfy { !$0.fails })
  }

  @Test func `an object that is gone is a gap that fails`() throws {
    for i in 0..<5 {
      try git.stage("a", "\(i)\n")
      try git.commit()
    }
    let blob = try git.git("rev-parse", "HEAD~2:a").trimmingCharacters(in: .newlines)
    try git.remove(".git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    let report = try report()
    #expect(report.status == 74)
    #expect(report.gaps.map(\.kind) == ["missing"])
    #expect(report.gaps.first?.subject.contains(blob) == true)
  }

  @Test func `objects in several packs, loose and borrowed are read once each`() throws {
    let keys = (0..<4).map { _ in LookAlike.apiKey() }
    for (i, key) in keys.enumerated() {
      try git.stage("file\(i)", "\(key)\n")
      try git.commit()
      if i < 2 { try git.git("repack", "-dq") }
    }
    // The same objects in another pack once more.
    try git.git("repack", "-aq")
    try git.git("multi-pack-index", "write")
    let objects = try git.git("rev-list", "--objects", "--all").split(separator: "\n").count
    try git.git("clone", "--quiet", "--shared", ".", git.folder.at("borrower"))
    for folder in [git.path, git.folder.at("borrower")] {
      let report = try Keyscan.report(["."], in: folder, environment: git.environment)
      #expect(report.findings.count == 4 && report.gaps.isEmpty)
      let coverage = report.coverage
      #expect(coverage["commits"] as? Int == 4)
      // Each commit brings one blob and one tree.
      #expect(objects == 12)
    }
  }
}
