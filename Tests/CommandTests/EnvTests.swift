import Foundation
import TestSupport
import Testing

/// `keyscan env`: every file of variables, how it stands, and why.
struct EnvTests {
  let git: GitFixture
  /// What gives something away.
  private let secret = "DB_PASSWORD=hunter2hunter2\n"

  init() throws {
    git = try GitFixture()
  }

  private func read(_ arguments: String...) throws -> EnvReading {
    try EnvReading(arguments, of: git)
  }

  // MARK: States

  @Test func `a file that nothing covers would be added, and one that a line covers would not`()
    throws
  {
    try git.write(".env", secret)
    try git.write("a/.env", secret)
    try git.write("a/.gitignore", "x\n.env\n")
    let report = try read()
    #expect(report.status == 1 && report.files.map(\.path) == [".env", "a/.env"])
    #expect(report[".env"]?.states == ["would-be-added"])
    #expect(report[".env"]?.severity == "high")
    #expect(report[".env"]?.givesAway == ["DB_PASSWORD"])
    #expect(report["a/.env"]?.states == ["ignored"])
    #expect(report["a/.env"]?.severity == nil)
    #expect(report["a/.env"]?.ignore == "a/.gitignore:2 .env")
    #expect(report["a/.env"]?.givesAway == ["DB_PASSWORD"])
    try git.remove(".env")
    #expect(try read().status == 0)
  }

  @Test func `a tracked, a staged, a changed and a deleted file are told apart`() throws {
    try git.stage("a.env", secret)
    try git.stage("b.env", secret)
    try git.stage("c.env", "A=1\n")
    try git.commit()
    try git.stage("b.env", secret + "X_TOKEN=abcabcd\n")
    try git.stage("d.env", secret)
    try git.remove("c.env")
    let report = try read()
    #expect(report["a.env"]?.states == ["tracked"])
    #expect(report["b.env"]?.states == ["tracked", "staged"])
    #expect(report["c.env"]?.states == ["tracked", "deleted"])
    #expect(report["c.env"]?.severity == "low")
    #expect(report["d.env"]?.states == ["tracked", "staged"])
    #expect(report["a.env"]?.severity == "high")
    #expect(report["a.env"]?.advice.contains { $0.contains("git rm --cached -- a.env") } == true)
  }

  @Test func `a file that was tracked once is told, on disk or not`() throws {
    try git.stage("gone.env", secret)
    try git.stage("kept.env", secret)
    try git.commit()
    try git.git("rm", "--cached", "--quiet", "gone.env", "kept.env")
    try git.write(".gitignore", "kept.env\n")
    try git.remove("gone.env")
    var report = try read()
    #expect(report["gone.env"]?.states == ["removal-staged"])
    #expect(report["kept.env"]?.states == ["removal-staged", "ignored"])
    try git.commit()
    report = try read()
    #expect(report["gone.env"]?.states == ["once-tracked"])
    #expect(report["gone.env"]?.severity == "high")
    #expect(report["gone.env"]?.notes.contains { $0.hasPrefix("gone with commit ") } == true)
    #expect(report["kept.env"]?.states == ["ignored", "once-tracked"])
    #expect(report["kept.env"]?.severity == "high")
    #expect(report["kept.env"]?.advice.contains { $0.hasPrefix("Replace every secret") } == true)
  }

  @Test func `forced in and tracked before the line are told apart`() throws {
    try git.stage("old.env", secret)
    try git.commit()
    try git.write(".gitignore", "*.env\n")
    try git.git("add", ".gitignore")
    try git.commit()
    try git.stage("new.env", secret)
    #expect(try read()["new.env"]?.states == ["tracked", "staged", "force-added"])
    try git.commit()
    let report = try read()
    #expect(report["old.env"]?.states == ["tracked", "tracked-before-ignored"])
    #expect(report["new.env"]?.states == ["tracked", "force-added"])
    #expect(report["old.env"]?.ignore == ".gitignore:1 *.env")
    // The same in a scan.
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    let finding = try #require(scan.findings.first { $0.paths == ["old.env"] })
    #expect(
      finding.notes.contains(
        ".gitignore:1 (*.env) covers it, but git ignores only what is not in the index"))
    #expect(!finding.advice.contains { $0.hasPrefix("Add the line") })
  }

  @Test(arguments: [true, false])
  func `ignored in this clone alone is told, here and in a scan`(isUsers: Bool) throws {
    try git.write(".env", secret)
    let place: String
    if isUsers {
      try git.writeHome(".config/git/ignore", "\n.env\n")
      place = "~/.config/git/ignore:2"
    } else {
      try git.write(".git/info/exclude", "\n.env\n")
      place = ".git/info/exclude:2"
    }
    let report = try read()
    #expect(report.status == 0)
    #expect(report[".env"]?.states == ["ignored", "ignored-only-here"])
    #expect(report[".env"]?.severity == "low")
    #expect(report[".env"]?.ignore == "\(place) .env")
    #expect(report[".env"]?.advice == ["Add the line .env to .gitignore."])
    var scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(scan.findings.isEmpty && scan.status == 0)
    #expect(scan.hints.count == 1)
    #expect(scan.hints.first?.hasPrefix(".env: only \(place) (.env) ignores it") == true)
    try git.write(".gitignore", ".env\n")
    scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(scan.hints.isEmpty)
    #expect(try read()[".env"]?.states == ["ignored"])
  }

  @Test func `a file in conflict is told`() throws {
    try git.stage("x.env", "A=1\n")
    try git.commit()
    try git.git("checkout", "--quiet", "-b", "other")
    try git.stage("x.env", "A=2\n")
    try git.commit()
    try git.git("checkout", "--quiet", "main")
    try git.stage("x.env", "A=3\n")
    try git.commit()
    _ = try git.result(of: ["merge", "--quiet", "other"])
    #expect(try read()["x.env"]?.states.contains("conflicted") == true)
  }

  // MARK: Lines that only look as if

  @Test(arguments: [
    (".env/", "matches folders only"), (".env.*", "behind another dot"), (" .env", "the blank"),
    (".env # mine", "no comment"), (".ENV", "capital"), ("config/.env", "one place"),
    (".env\n!.env", "takes it back"),
  ])
  func `the near miss is told by env and by a scan, and git agrees`(lines: String, reason: String)
    throws
  {
    try git.write(".env", secret)
    try git.write(".gitignore", "*.log\n\(lines)\n")
    #expect(try git.result(of: ["check-ignore", ".env"]).status == 1)
    let file = try #require(read()[".env"])
    #expect(file.states == ["would-be-added"])
    let first = lines.split(separator: "\n")[0]
    #expect(file.nearMiss == ".gitignore:2 \(first)")
    #expect(file.reason?.contains(reason) == true)
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    let notes = scan.findings.flatMap(\.notes)
    #expect(notes.contains { $0.contains("looks as if it covered it") && $0.contains(reason) })
  }

  // MARK: What has the name

  @Test func `folders, pipes and links are told for what they are`() throws {
    try git.write(".env/pyvenv.cfg", "home = /usr/bin\n")
    try git.write("a/.env/x", "nothing\n")
    try git.folder.makeFolder("work/b")
    #expect(try Tool.run("/usr/bin/mkfifo", [git.folder.at("work/b/.env")]).status == 0)
    try git.link("c.env", to: "a/x.env")
    try git.link("d.env", to: "../../elsewhere/.env")
    try git.link("e.env", to: "/etc/passwd")
    let report = try read()
    #expect(report[".env"]?.states == ["folder", "virtual-environment"])
    #expect(report["a/.env"]?.states == ["folder"])
    #expect(report["b/.env"]?.states == ["special"])
    #expect(report["c.env"]?.link?["target"] as? String == "a/x.env")
    #expect(report["c.env"]?.link?["leavesRepository"] as? Bool == false)
    #expect(report["d.env"]?.link?["leavesRepository"] as? Bool == true)
    #expect(report["e.env"]?.link?["leavesRepository"] as? Bool == true)
    // git would take no more than the link's own text.
    #expect(report["e.env"]?.severity == "low" && report.status == 0)
  }

  @Test func `files of nothing, of twenty megabytes and ones that cannot be read are told`() throws
  {
    try git.write("empty.env", "")
    try git.write(
      "large.env", secret + String(repeating: "# padding padding padding\n", count: 800_000))
    try git.write("shut.env", secret)
    try git.folder.setMode(0, of: "work/shut.env")
    let report = try read()
    #expect(report["empty.env"]?.severity == "medium")
    #expect(report["large.env"]?.severity == "medium")
    #expect(report["large.env"]?.notes.contains { $0.contains("too large to be judged") } == true)
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    let large = scan.findings.first { $0.paths == ["large.env"] }
    #expect(large?.severity == "medium")
    // The superuser reads everything.
    if getuid() != 0 {
      #expect(report.gaps.contains("unreadable shut.env"))
      #expect(report["shut.env"]?.notes.contains { $0.hasPrefix("it cannot be read") } == true)
    }
  }

  @Test func `hostile names are shown as what they are`() throws {
    try git.write("a\nb.env", secret)
    try git.write("c\u{1B}[31m.env", secret)
    try git.write("d\u{202E}.env", secret)
    let output = try Keyscan.run(["env"], in: git.path, environment: git.environment)
    #expect(output.status == 1)
    #expect(output.text.contains(#"high: a\x0ab.env"#))
    #expect(output.text.contains(#"high: c\x1b[31m.env"#))
    #expect(output.text.contains(#"high: d\u{202e}.env"#))
    #expect(!output.bytes.contains(0x1B))
    #expect(try read().files.count == 3)
  }

  @Test func `templates are told, and one with a value is wrong`() throws {
    try git.stage(".env.example", "API_KEY=\nDB_PASSWORD=changeme\n")
    try git.stage(".env.sample", "API_KEY=q9w8e7r6t5y4u3i2\n")
    let report = try read()
    #expect(report[".env.example"]?.isTemplate == true)
    #expect(report[".env.example"]?.severity == nil)
    #expect(report[".env.sample"]?.severity == "high")
    #expect(report[".env.sample"]?.givesAway == ["API_KEY"])
    #expect(report[".env.sample"]?.advice.first?.hasPrefix("Put placeholders") == true)
  }

  @Test func `what a file and its template do not share is told by names`() throws {
    try git.write(".gitignore", ".env\n.env.ci\n")
    try git.write(".env.example", "A=\nNEW_TOKEN=\n")
    try git.write(".env", "A=1\nOLD_TOKEN=hunter2hunter2\n")
    try git.write(".env.ci.example", "A=\n")
    try git.write(".env.ci", "A=2\n")
    let report = try read()
    #expect(report[".env"]?.drift?["template"] as? String == ".env.example")
    #expect(report[".env"]?.drift?["missing"] as? [String] == ["NEW_TOKEN"])
    #expect(report[".env"]?.drift?["extra"] as? [String] == ["OLD_TOKEN"])
    #expect(report[".env.ci"]?.drift == nil)
    let output = try Keyscan.run(["env"], in: git.path, environment: git.environment)
    #expect(output.text.contains("beside .env.example: lacks NEW_TOKEN; alone has OLD_TOKEN"))
    #expect(!output.text.contains("hunter2"))
  }

  @Test func `files that a Compose file names are files of variables`() throws {
    try git.write(
      "deploy/compose.prod.yaml",
      """
      x-base: &base
        restart: always
      services:
        a:
          <<: *base
          env_file: vars/one   # the first
        b:
          env_file:
          - "../two.vars"
          - path: ./three.txt
            required: false
          - ${FOUR}
          - ../../outside
        c:
          env_file: [vars/five, 'vars/six']
          environment:
            env_files: none

      """)
    for name in ["deploy/vars/one", "two.vars", "deploy/three.txt", "deploy/vars/five"] {
      try git.write(name, secret)
    }
    try git.write("deploy/vars/six", secret)
    try git.write("deploy/vars/other", secret)
    try git.write(".gitignore", "six\n")
    let report = try read()
    #expect(
      report.files.map(\.path) == [
        "deploy/three.txt", "deploy/vars/five", "deploy/vars/one", "two.vars", "deploy/vars/six",
      ])
    #expect(report["deploy/vars/one"]?.namedBy == "deploy/compose.prod.yaml:6")
    #expect(report["two.vars"]?.namedBy == "deploy/compose.prod.yaml:9")
    #expect(report["deploy/vars/six"]?.states == ["ignored"])
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(
      scan.paths(of: "dotenv.unignored") == [
        "deploy/three.txt", "deploy/vars/five", "deploy/vars/one", "two.vars",
      ])
    try git.git("add", "two.vars")
    let tracked = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(tracked.paths(of: "dotenv.tracked") == ["two.vars"])
  }

  // MARK: The command

  @Test func `a path limits it, and what is no repository is said`() throws {
    try git.write(".env", secret)
    try git.write("a/.env", secret)
    try git.write("a/b.env", secret)
    #expect(try read("a").files.map(\.path) == ["a/.env", "a/b.env"])
    #expect(try read("a/b.env").files.map(\.path) == ["a/b.env"])
    #expect(try EnvReading(of: git, in: git.folder.at("work/a")).files.count == 3)
    try git.folder.makeFolder("plain")
    for path in ["../plain", "missing"] {
      let output = try Keyscan.run(["env", path], in: git.path, environment: git.environment)
      #expect(output.status == 66 && output.text.isEmpty && !output.errors.isEmpty)
    }
  }

  @Test func `what is wrong makes the status 1 from fail-on on`() throws {
    try git.stage(".env", "DEBUG=true\n")
    #expect(try read().status == 0)
    #expect(try read("--fail-on", "low").status == 1)
    try git.write(".env.prod", secret)
    #expect(try read().status == 1)
    #expect(try read("--fail-on", "critical").status == 0)
    #expect(try read("--fail-on", "never").status == 0)
  }

  @Test func `packages of others are passed over and said, tracked ones are not`() throws {
    try git.write(".gitignore", "node_modules/\n.venv/\nown/\n")
    try git.write("node_modules/x/.env", secret)
    try git.write(".venv/pyvenv.cfg", "\n")
    try git.write(".venv/lib/.env", secret)
    try git.write("own/.env", secret)
    let report = try read()
    #expect(report.files.map(\.path) == ["own/.env"])
    #expect(report.notes.count == 1 && report.notes[0].contains("node_modules/"))
    try git.git("add", "--force", "node_modules/x/.env")
    #expect(try read()["node_modules/x/.env"]?.severity == "high")
  }

  @Test func `a bare repository and a shallow clone are told from their commits`() throws {
    try git.stage(".env", secret)
    try git.commit()
    try git.stage("b", "x")
    try git.commit()
    try git.git("clone", "--quiet", "--bare", git.path, git.folder.at("bare.git"))
    let bare = try EnvReading(["bare.git"], of: git, in: git.folder.path)
    #expect(bare[".env"]?.severity == "high" && bare.status == 1)
    try git.git(
      "clone", "--quiet", "--depth", "1", "file://\(git.path)", git.folder.at("shallow"))
    let shallow = try EnvReading(["shallow"], of: git, in: git.folder.path)
    #expect(shallow[".env"]?.states == ["tracked"])
    #expect(shallow.gaps.contains("shallow history"))
  }

  @Test func `quiet says only what is wrong`() throws {
    try git.write(".env.example", "DB_PASSWORD=\n")
    try git.write(".env", secret)
    let output = try Keyscan.run(["env", "--quiet"], in: git.path, environment: git.environment)
    #expect(output.text.contains("high: .env\n") && !output.text.contains("example"))
    #expect(!output.text.contains("keyscan:"))
    let all = try Keyscan.run(["env"], in: git.path, environment: git.environment)
    #expect(all.text.contains("ok: .env.example"))
    #expect(all.text.contains("keyscan: 2 files of environment variables: 1 high\n"))
    let color = try Keyscan.run(
      ["env", "--color", "always"], in: git.path, environment: git.environment)
    #expect(color.text.contains("\u{1B}[1;31mhigh"))
  }
}
