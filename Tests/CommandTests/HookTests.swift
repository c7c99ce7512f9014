import Foundation
import TestSupport
import Testing

/// Hooks as git runs them, in a repository in which `keyscan hook install` was run.
struct HookTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
    try git.stage("start", "x\n")
    try git.commit()
    let output = try keyscan("hook", "install")
    #expect(output.status == 0, "\(output.errors)")
  }

  private func keyscan(_ arguments: String..., in place: String? = nil) throws -> Tool.Output {
    try Keyscan.run(arguments, in: place ?? git.path, environment: git.environment)
  }

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  /// Runs git with its hooks and without a terminal.
  private func attempt(_ arguments: String..., in place: String? = nil) throws -> Tool.Output {
    let output = try git.result(of: arguments, in: place)
    #expect(!Leaks.stand(in: output.bytes) && !Leaks.stand(in: output.errorBytes))
    return output
  }

  private func head(in place: String? = nil) throws -> String {
    try git.git(["rev-parse", "HEAD"], in: place)
  }

  /// A commit that must be stopped at the pre-commit hook.
  private func expectStopped(_ output: Tool.Output, by hook: String = "pre-commit") {
    #expect(output.status != 0)
    let said = output.text + output.errors
    #expect(
      said.contains("Google API key") && said.contains("keyscan: \(hook): stopped."), "\(said)")
  }

  // MARK: Commits

  @Test func `add and commit are stopped, and a clean commit passes without a word`() throws {
    try git.stage("a", key())
    try expectStopped(attempt("commit", "-m", "leak"))
    try git.stage("a", "clean\n")
    let clean = try attempt("commit", "-m", "clean", "--quiet")
    #expect(clean.status == 0 && clean.text.isEmpty && clean.errors.isEmpty, "\(clean.errors)")
  }

  @Test func `commit -a is stopped`() throws {
    try git.write("start", key())
    try expectStopped(attempt("commit", "-a", "-m", "leak"))
  }

  @Test func `commit PATH is stopped for that path and for that path only`() throws {
    try git.stage("a", "x\n")
    try git.stage("b", "x\n")
    try git.commit()
    try git.write("a", key())
    try git.write("b", "clean\n")
    try expectStopped(attempt("commit", "-m", "leak", "a"))
    let clean = try attempt("commit", "-m", "clean", "b")
    #expect(clean.status == 0, "\(clean.errors)")
  }

  @Test func `commit --amend is stopped`() throws {
    try git.stage("a", key())
    try expectStopped(attempt("commit", "--amend", "--no-edit"))
  }

  @Test func `of a partly staged file, what is staged counts`() throws {
    try git.stage("a", "clean\n")
    try git.write("a", key())
    #expect(try attempt("commit", "-m", "clean").status == 0)
    try git.stage("b", key())
    try git.write("b", "clean\n")
    try expectStopped(attempt("commit", "-m", "leak"))
  }

  @Test func `the first commit is stopped`() throws {
    let empty = try GitFixture()
    #expect(
      try Keyscan.run(["hook", "install"], in: empty.path, environment: empty.environment).status
        == 0)
    try empty.stage("a", key())
    try expectStopped(empty.result(of: ["commit", "-m", "leak"]))
  }

  @Test func `in a linked worktree the same hook stops`() throws {
    let linked = git.folder.at("linked")
    try git.git("worktree", "add", "--quiet", "-b", "side", linked)
    try git.folder.write("linked/a", key())
    try git.git(["add", "a"], in: linked)
    try expectStopped(attempt("commit", "-m", "leak", in: linked))
    try git.folder.write("linked/a", "clean\n")
    try git.git(["add", "a"], in: linked)
    #expect(try attempt("commit", "-m", "clean", in: linked).status == 0)
  }

  @Test func `a .env file that is added by force is stopped`() throws {
    try git.write(".gitignore", ".env\n")
    try git.stage(".env", "DB_PASSWORD=hunter2\n")
    let output = try attempt("commit", "-m", "leak")
    #expect(output.status != 0 && (output.text + output.errors).contains("dotenv.tracked"))
  }

  // MARK: Merges and replays

  /// A branch `side` with a commit that was made without hooks.
  private func makeSide(_ path: String, _ text: String) throws {
    try git.git("checkout", "--quiet", "-b", "side")
    try git.stage(path, text)
    try git.commit("side")
    try git.git("checkout", "--quiet", "main")
    try git.stage("main", "x\n")
    try git.commit("main")
  }

  @Test func `a merge without conflict is stopped at pre-merge-commit`() throws {
    try makeSide("leak", key())
    let before = try head()
    try expectStopped(attempt("merge", "--no-edit", "side"), by: "pre-merge-commit")
    #expect(try head() == before)
  }

  @Test func `a merge with a conflict is stopped at pre-commit`() throws {
    try makeSide("start", "theirs\n")
    try git.stage("start", "ours\n")
    try git.commit()
    #expect(try attempt("merge", "side").status != 0)
    try git.stage("start", key())
    try expectStopped(attempt("commit", "--no-edit"))
  }

  @Test func `a rebase runs no hook, and the push stops it`() throws {
    let remote = try makeRemote()
    try makeSide("leak", key())
    #expect(try attempt("rebase", "main", "side").status == 0)
    try expectStopped(attempt("push", remote, "side"), by: "pre-push")
  }

  @Test func `a cherry-pick runs no hook, and the push stops it`() throws {
    let remote = try makeRemote()
    try makeSide("leak", key())
    #expect(try attempt("cherry-pick", "side").status == 0)
    try expectStopped(attempt("push", remote, "main"), by: "pre-push")
  }

  @Test func `a cherry-pick with a conflict is stopped when it goes on`() throws {
    try makeSide("start", "theirs\n")
    try git.stage("start", "ours\n")
    try git.commit()
    #expect(try attempt("cherry-pick", "side").status != 0)
    try git.stage("start", key())
    // git commits as a command here, so the hook runs.
    try expectStopped(attempt("cherry-pick", "--continue"))
  }

  // MARK: Pushes

  private func makeRemote() throws -> String {
    try git.git(["init", "--quiet", "--bare", git.folder.at("remote.git")], in: git.folder.path)
    try git.git("remote", "add", "origin", git.folder.at("remote.git"))
    try git.git("push", "--quiet", "--no-verify", "origin", "main")
    return "origin"
  }

  @Test func `a push to an existing branch sends only what is new`() throws {
    let remote = try makeRemote()
    try git.stage("old", key())
    try git.commit("old leak")
    try git.git("push", "--quiet", "--no-verify", remote, "main")
    try git.stage("clean", "x\n")
    try git.commit("clean")
    let clean = try attempt("push", remote, "main")
    #expect(clean.status == 0, "\(clean.text)\(clean.errors)")
    try git.stage("new", key())
    try git.commit("new leak")
    let output = try attempt("push", remote, "main")
    expectStopped(output, by: "pre-push")
    #expect((output.text + output.errors).contains("new:1:8 in commit"))
  }

  @Test func `a secret that was committed and taken away again is stopped`() throws {
    let remote = try makeRemote()
    try git.stage("a", key())
    try git.commit("leak")
    try git.stage("a", "clean\n")
    try git.commit("cleaned")
    try expectStopped(attempt("push", remote, "main"), by: "pre-push")
  }

  @Test func `a push of a new branch sends what no tracking branch has`() throws {
    let remote = try makeRemote()
    // What the remote has already is sent no second time.
    try git.stage("old", key())
    try git.git("commit", "--quiet", "--no-verify", "-m", "old leak")
    try git.git("push", "--quiet", "--no-verify", remote, "main")
    try git.git("checkout", "--quiet", "-b", "topic")
    try git.stage("clean", "x\n")
    try git.commit("clean")
    #expect(try attempt("push", remote, "topic").status == 0)
    try git.git("checkout", "--quiet", "-b", "leaking")
    try git.stage("leak", key())
    try git.commit("leak")
    try expectStopped(attempt("push", remote, "leaking"), by: "pre-push")
  }

  @Test func `deleting a branch sends nothing`() throws {
    let remote = try makeRemote()
    try git.git("push", "--quiet", "--no-verify", remote, "main:gone")
    #expect(try attempt("push", remote, "--delete", "gone").status == 0)
  }

  @Test func `an id that the remote has and we do not falls back to the tracking branches`() throws
  {
    let remote = try makeRemote()
    try git.stage("old", key())
    try git.git("commit", "--quiet", "--no-verify", "-m", "old leak")
    try git.git("push", "--quiet", "--no-verify", remote, "main")
    // Somebody else pushes; we know nothing of it and force our own.
    let other = TemporaryFolder()
    try git.git(
      ["clone", "--quiet", git.folder.at("remote.git"), other.at("clone")], in: other.path)
    try other.write("clone/theirs", "x\n")
    try git.git(["add", "."], in: other.at("clone"))
    try git.git(["commit", "--quiet", "-m", "theirs"], in: other.at("clone"))
    try git.git(["push", "--quiet", "origin", "HEAD:main"], in: other.at("clone"))
    try git.stage("ours", "x\n")
    try git.commit("ours")
    #expect(try attempt("push", "--force", remote, "main").status == 0)
    try git.stage("leak", key())
    try git.commit("leak")
    try git.git(["push", "--quiet", "--force", "origin", "HEAD:main"], in: other.at("clone"))
    try expectStopped(attempt("push", "--force", remote, "main"), by: "pre-push")
  }

  @Test func `a commit message and a tag message are sent, and stopped`() throws {
    let remote = try makeRemote()
    try git.commit("the key was \(LookAlike.apiKey())")
    let output = try attempt("push", remote, "main")
    expectStopped(output, by: "pre-push")
    #expect((output.text + output.errors).contains("--> commit "))
    try git.git("reset", "--quiet", "--hard", "HEAD~1")
    try git.git("tag", "-a", "v1", "-m", "with \(LookAlike.apiKey())")
    try expectStopped(attempt("push", remote, "v1"), by: "pre-push")
  }

  @Test func `what only a merge brings is stopped at the push`() throws {
    let remote = try makeRemote()
    try makeSide("side", "x\n")
    try git.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    try git.stage("evil", key())
    try git.commit("merge")
    try expectStopped(attempt("push", remote, "main"), by: "pre-push")
  }

  @Test func `a .env file is judged by what the push brings`() throws {
    let remote = try makeRemote()
    try git.stage(".env", "DB_PASSWORD=hunter2\n")
    try git.commit("old")
    try git.git("push", "--quiet", "--no-verify", remote, "main")
    try git.stage("a", "x\n")
    try git.commit("other")
    #expect(try attempt("push", remote, "main").status == 0)
    try git.stage(".env", "DB_PASSWORD=hunter2\nDEBUG=true\n")
    try git.commit("harmless")
    #expect(try attempt("push", remote, "main").status == 0)
    try git.stage(".env", "DB_PASSWORD=hunter2\nDEBUG=true\nAPI_TOKEN=q9w8e7r6\n")
    try git.commit("worse")
    let output = try attempt("push", remote, "main")
    let said = output.text + output.errors
    #expect(output.status != 0 && said.contains("gives away API_TOKEN"), "\(said)")
  }

  @Test func `a secret that moves with its file is not new to the push`() throws {
    let remote = try makeRemote()
    try git.stage("old", (0..<30).map { "line \($0)\n" }.joined() + key())
    try git.commit("old leak")
    try git.git("push", "--quiet", "--no-verify", remote, "main")
    try git.git("mv", "old", "new")
    try git.commit("moved")
    #expect(try attempt("push", remote, "main").status == 0)
  }

  // MARK: The script

  @Test func `with hardly any PATH the hook still works`() throws {
    try git.stage("a", key())
    let output = try git.result(
      of: ["commit", "-m", "leak"], environment: ["PATH": "/nonexistent"])
    expectStopped(output)
  }

  @Test func `KEYSCAN_SKIP passes and says so`() throws {
    try git.stage("a", key())
    let output = try git.result(of: ["commit", "-m", "leak"], environment: ["KEYSCAN_SKIP": "1"])
    #expect(output.status == 0)
    #expect(output.errors.contains("pre-commit skipped, because KEYSCAN_SKIP=1 is set"))
  }

  @Test func `a keyscan that is gone is said, and the commit is stopped`() throws {
    let script = git.path + "/.git/hooks/pre-commit"
    let text = try String(contentsOfFile: script, encoding: .utf8)
      .replacingOccurrences(of: Keyscan.program, with: "/nowhere/keyscan")
    // A child writes it: while this process has it open, a test beside may start a child that
    // holds it open, and then it cannot be run.
    _ = try Tool.run(
      "/bin/sh", ["-c", "cat > \"$1\"", "sh", script], input: Array(text.utf8))
    try git.stage("a", "clean\n")
    let output = try git.result(of: ["commit", "-m", "x"], environment: ["PATH": "/usr/bin:/bin"])
    #expect(output.status != 0)
    #expect(output.errors.contains("there is no keyscan at /nowhere/keyscan"))
    #expect(output.errors.contains("KEYSCAN_SKIP=1"))
    // One in PATH is taken instead.
    let folder = (Keyscan.program as NSString).deletingLastPathComponent
    let found = try git.result(
      of: ["commit", "-m", "x"], environment: ["PATH": "\(folder):/usr/bin:/bin"])
    #expect(found.status == 0, "\(found.errors)")
  }

  @Test func `a hook that was there is kept and called first, and put back`() throws {
    #expect(try keyscan("hook", "uninstall").status == 0)
    #expect(!git.folder.exists("work/.git/hooks/pre-commit"))
    for (hook, body) in [
      ("pre-commit", "echo former >> \(git.folder.at("log")); exit ${FORMER:-0}"),
      ("pre-push", "cat >> \(git.folder.at("log")); echo \"$1\" >> \(git.folder.at("log"))"),
    ] {
      try git.folder.writeScript("work/.git/hooks/\(hook)", body)
    }
    let output = try keyscan("hook", "install")
    #expect(
      output.text.contains("pre-commit: installed; the hook that was there is kept and runs first"))
    try git.stage("a", key())
    try expectStopped(attempt("commit", "-m", "leak"))
    #expect(try git.folder.read("log") == "former\n")
    try git.stage("a", "clean\n")
    let refused = try git.result(of: ["commit", "-m", "x"], environment: ["FORMER": "3"])
    #expect(refused.status != 0 && refused.text.isEmpty)
    try git.commit("clean")
    try git.folder.remove("log")
    // Both hooks read what git says of the push.
    let remote = try makeRemote()
    try git.stage("b", key())
    try git.commit("leak")
    try expectStopped(attempt("push", remote, "main"), by: "pre-push")
    let log = try git.folder.read("log")
    #expect(log.hasPrefix("refs/heads/main ") && log.hasSuffix("origin\n"), "\(log)")

    #expect(try keyscan("hook", "install").text.contains("pre-commit: renewed"))
    #expect(try keyscan("hook", "doctor").text.contains("after the hook that was there before"))
    #expect(try keyscan("hook", "uninstall").status == 0)
    #expect(try git.folder.read("work/.git/hooks/pre-commit").contains("echo former"))
    #expect(!git.folder.exists("work/.git/hooks/pre-commit.before-keyscan"))
  }

  @Test func `each hook can be chosen`() throws {
    #expect(try keyscan("hook", "uninstall").status == 0)
    #expect(try keyscan("hook", "install", "pre-push").text == "pre-push: installed\n")
    #expect(!git.folder.exists("work/.git/hooks/pre-commit"))
    #expect(git.folder.exists("work/.git/hooks/pre-push"))
    #expect(try keyscan("hook", "doctor", "pre-push").status == 0)
    let doctor = try keyscan("hook", "doctor")
    #expect(doctor.status == 65 && doctor.text.contains("pre-commit: not installed"))
  }

  // MARK: Hooks of others

  @Test func `a hooks folder elsewhere is left alone, and the line to add is printed`() throws {
    try git.folder.makeFolder("shared")
    try git.git("config", "core.hooksPath", git.folder.at("shared"))
    let output = try keyscan("hook", "install")
    #expect(output.status == 65)
    #expect(output.text.contains("core.hooksPath names \(git.folder.at("shared"))"))
    #expect(output.text.contains("to pre-push: keyscan hook run pre-push \"$@\""))
    #expect(try FileManager.default.contentsOfDirectory(atPath: git.folder.at("shared")).isEmpty)
    #expect(try keyscan("hook", "doctor").status == 65)
  }

  @Test func `hooks that are part of the project are left alone`() throws {
    try git.stage("githooks/pre-commit", "#!/bin/sh\nkeyscan hook run pre-commit\n")
    try git.folder.setMode(0o755, of: "work/githooks/pre-commit")
    try git.git("config", "core.hooksPath", "githooks")
    let output = try keyscan("hook", "install", "pre-commit")
    #expect(output.status == 65 && output.text.contains("are part of the project"))
    let doctor = try keyscan("hook", "doctor", "pre-commit")
    #expect(doctor.status == 0 && doctor.text.contains("a hook of its own, which calls keyscan"))
  }

  @Test func `husky and lefthook are told where to put the line`() throws {
    try git.stage(".husky/pre-commit", "npm test\n")
    try git.git("config", "core.hooksPath", ".husky/_")
    #expect(try keyscan("hook", "install").text.contains("husky manages the hooks"))
    try git.git("config", "--unset", "core.hooksPath")
    #expect(try keyscan("hook", "uninstall").status == 0)
    try git.write(".git/hooks/pre-commit", "#!/bin/sh\ncall_lefthook run \"pre-commit\" \"$@\"\n")
    #expect(try keyscan("hook", "install").text.contains("lefthook manages the hooks"))
  }

  @Test func `the line that is printed works in a hook of one's own`() throws {
    #expect(try keyscan("hook", "uninstall").status == 0)
    let folder = (Keyscan.program as NSString).deletingLastPathComponent
    try git.folder.writeScript(
      "work/.git/hooks/pre-commit", "PATH=\(folder):$PATH\nkeyscan hook run pre-commit \"$@\"")
    try git.stage("a", key())
    try expectStopped(attempt("commit", "-m", "leak"))
  }

  @Test func `a git folder elsewhere, as for files in a home folder, is found`() throws {
    let other = TemporaryFolder()
    try other.makeFolder("home")
    let arguments = ["--git-dir=\(other.at("dots.git"))", "--work-tree=\(other.at("home"))"]
    try git.git(["init", "--quiet", "--bare", other.at("dots.git")], in: other.path)
    #expect(
      try Keyscan.run(["hook", "install"], in: other.at("dots.git"), environment: git.environment)
        .status == 0)
    try other.write("home/.rc", key())
    try git.git(arguments + ["add", ".rc"], in: other.at("home"))
    expectStopped(try git.result(of: arguments + ["commit", "-m", "leak"], in: other.at("home")))
  }

  @Test func `an index that cannot be read stops the commit`() throws {
    // git itself reads it first, so the hook is called as git would.
    var index = try git.folder.bytes("work/.git/index")
    index[20] ^= 0xFF
    try git.write(".git/index", index)
    let output = try keyscan("hook", "run", "pre-commit")
    #expect(output.status == 74 && output.errors.contains("checksum"))
  }
}
