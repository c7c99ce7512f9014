import Files
import Foundation
import Git
import TestSupport
import Testing

struct RepositoryLocationTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
    try git.stage("a/b/file", "x")
    try git.commit()
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func containing(_ path: String) throws -> RepositoryLocation? {
    try RepositoryLocation.containing(bytes(path))
  }

  @Test func `a repository is found from its root and from below`() throws {
    for path in ["", "/a", "/a/b"] {
      let found = try #require(try containing(git.path + path))
      #expect(found.workTree == bytes(git.path))
      #expect(found.gitFolder == bytes(git.path + "/.git"))
    }
    #expect(try RepositoryLocation(at: bytes(git.path + "/a")) == nil)
    #expect(try containing(git.folder.path) == nil)
  }

  @Test func `from the git folder the work tree is found`() throws {
    let found = try #require(try containing(git.path + "/.git/hooks"))
    #expect(found.workTree == bytes(git.path))
  }

  @Test func `a bare repository has no work tree`() throws {
    try git.git("clone", "--quiet", "--bare", ".", git.folder.at("bare.git"))
    let found = try #require(try containing(git.folder.at("bare.git")))
    #expect(found.workTree == nil)
    let head = try Repository(at: found).head()
    #expect(head != nil)
  }

  @Test func `a linked worktree has its own HEAD and shares the rest`() throws {
    try git.git("worktree", "add", "--quiet", "--detach", git.folder.at("linked"))
    let found = try #require(try containing(git.folder.at("linked")))
    #expect(found.commonFolder == bytes(git.path + "/.git"))
    #expect(found.gitFolder != found.commonFolder)
    let head = try Repository(at: found).head()
    #expect(try head?.description == String(git.git("rev-parse", "HEAD").prefix(40)))
  }

  @Test func `a git file that leads nowhere is said`() throws {
    try git.folder.write("lost/.git", "gitdir: ../nowhere\n")
    var message = ""
    do { _ = try containing(git.folder.at("lost")) } catch { message = "\(error)" }
    #expect(message.contains("../nowhere"))
  }

  @Test func `an extension that changes what is stored is refused by name`() throws {
    try git.git("config", "core.repositoryFormatVersion", "1")
    let found = try #require(try containing(git.path))
    for harmless in ["worktreeConfig", "preciousObjects"] {
      try git.git("config", "extensions.\(harmless)", "true")
      #expect(throws: Never.self) { _ = try Repository(at: found) }
    }
    try git.git("config", "extensions.partialClone", "origin")
    #expect(throws: Never.self) { _ = try Repository(at: found) }
    for (name, value) in [("objectFormat", "sha256"), ("refStorage", "reftable")] {
      // git itself does not work in such a repository, so the file is written by hand.
      let before = try git.folder.read("work/.git/config")
      try git.folder.write("work/.git/config", before + "[extensions]\n\t\(name) = \(value)\n")
      var refusal: GitError?
      do { _ = try Repository(at: found) } catch { refusal = error }
      #expect(refusal?.kind == .unsupported)
      #expect(
        refusal?.detail.contains("extensions.\(name.lowercased())") == true, "\(refusal as Any)")
      try git.folder.write("work/.git/config", before)
    }
  }

  @Test func `a repository before its first commit has no head`() throws {
    let empty = try GitFixture()
    let found = try #require(try containing(empty.path))
    let head = try Repository(at: found).head()
    #expect(head == nil)
  }

  @Test func `a work tree elsewhere is not followed, and told`() throws {
    let found = try #require(try containing(git.path))
    let repository = try Repository(at: found)
    #expect(try Configuration(of: repository).foreignWorkTree(in: found) == nil)
    try git.git("config", "core.worktree", "/etc")
    #expect(try Configuration(of: repository).foreignWorkTree(in: found) == bytes("/etc"))
    try git.git("config", "core.worktree", "..")
    #expect(try Configuration(of: repository).foreignWorkTree(in: found) == nil)
  }
}

struct RootsTests {
  /// The references that are read, beside those that `git for-each-ref` lists.
  private func expectGitsReferences(_ git: GitFixture, in place: String? = nil) throws {
    let path = place ?? git.path
    let location = try #require(try RepositoryLocation(at: Array(path.utf8)))
    let roots = try Roots(of: Repository(at: location))
    let lines = try git.git(
      "for-each-ref", "--format=%(if)%(symref)%(then)%(else)%(objectname) %(refname)%(end)",
      in: place
    ).split(separator: "\n").map(String.init)
    let expected = lines.filter { !$0.hasSuffix(" refs/stash") }
    #expect(roots.references.map { "\($0.target) \($0.name)" }.sorted() == expected.sorted())
    #expect(roots.stashes.isEmpty == (expected.count == lines.count))
  }

  @Test func `references are those that git lists, however they are kept`() throws {
    let git = try GitFixture()
    try expectGitsReferences(git)
    try git.stage("a", "1")
    try git.commit()
    for name in ["a", "b/c", "b/d", "é", "x.y", "packed-refs"] { try git.git("branch", name) }
    try git.git("tag", "light")
    try git.git("tag", "-a", "-m", "m", "heavy")
    try git.git("update-ref", "refs/remotes/origin/main", "HEAD")
    try git.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    try git.git("update-ref", "refs/notes/n", "HEAD")
    try expectGitsReferences(git)
    try git.git("pack-refs", "--all")
    try expectGitsReferences(git)
    // Some have moved since, some are gone, some are new.
    try git.stage("a", "2")
    try git.commit()
    try git.git("branch", "-f", "b/c")
    try git.git("branch", "-D", "x.y")
    try git.git("branch", "0first")
    try git.git("branch", "zlast")
    try git.write("a", "3")
    try git.git("stash")
    try expectGitsReferences(git)
    // What is being written, and what git takes for no reference.
    let id = try git.git("rev-parse", "HEAD~1").prefix(40)
    try git.write(".git/refs/heads/busy.lock", "\(id)\n")
    try git.write(".git/refs/heads/.hidden", "\(id)\n")
    try git.write(".git/refs/heads/blank", "\(id) \t\n")
    try git.write(".git/refs/heads/linked", "ref: refs/heads/a\n")
    try expectGitsReferences(git)
  }

  @Test func `a worktree has the references of all, and its own`() throws {
    let git = try GitFixture()
    try git.stage("a", "1")
    try git.commit()
    try git.git("branch", "packed")
    try git.git("pack-refs", "--all")
    let other = git.path + "-other"
    try git.git("worktree", "add", "-q", other)
    defer { _ = try? git.git("worktree", "remove", "--force", other) }
    try git.git("update-ref", "refs/worktree/mine", "HEAD", in: other)
    try expectGitsReferences(git, in: other)
  }

  @Test func `packed references that cannot be read are an error`() throws {
    let git = try GitFixture()
    try git.stage("a", "1")
    try git.commit()
    try git.write(".git/packed-refs/folder", "")
    let location = try #require(try RepositoryLocation(at: Array(git.path.utf8)))
    #expect(throws: GitError.self) { try Roots(of: Repository(at: location)) }
  }
}

struct RevisionWalkTests {
  /// keyscan's commits beside `git rev-list`'s, over histories with merges and skewed clocks.
  @Test(arguments: 1...12) func `the walk finds what git finds`(seed: UInt64) throws {
    let git = try GitFixture()
    var random = IgnoreTests.Random(state: seed)
    var commits: [String] = []
    let tree = try git.git("write-tree").prefix(40)
    for i in 0..<40 {
      var parents: [String] = []
      if !commits.isEmpty {
        for _ in 0..<(random.next() % 5 == 0 ? 2 : 1) {
          let parent = commits[max(0, commits.count - 1 - Int(random.next() % 6))]
          if !parents.contains(parent) { parents.append(parent) }
        }
      }
      // Clocks go wrong: some commits claim to be older than their parents.
      let skew = random.next() % 4 == 0 ? -5000 : 0
      let date = "\(1_700_000_000 + i * 100 + Int(skew)) +0000"
      let id = try git.git(
        ["commit-tree", String(tree), "-m", "c\(i)"] + parents.flatMap { ["-p", $0] },
        environment: ["GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date])
      commits.append(String(id.prefix(40)))
    }
    let location = try #require(try RepositoryLocation(at: Array(git.path.utf8)))
    let objects = try Repository(at: location).objects()
    for _ in 0..<10 {
      let tips = (0..<2).map { _ in commits.randomElement(using: &random)! }
      let hidden = (0..<2).map { _ in commits.randomElement(using: &random)! }
      var walk = RevisionWalk()
      let found = walk.commits(
        from: tips.compactMap { ObjectID(hex: $0.utf8) },
        without: hidden.compactMap { ObjectID(hex: $0.utf8) }, in: objects
      ) { id, error in Issue.record("\(id) \(error)") }
      let expected = try git.git(["rev-list"] + tips + ["--not"] + hidden)
      #expect(
        Set(found.map(\.id.description)) == Set(expected.split(separator: "\n").map(String.init)))
    }
  }

  @Test func `a commit that is missing is told, and the rest is walked`() throws {
    let git = try GitFixture()
    for i in 0..<3 { try git.commit("c\(i)") }
    let lost = try git.git("rev-parse", "HEAD~1").prefix(40)
    try git.remove(".git/objects/\(lost.prefix(2))/\(lost.dropFirst(2))")
    let location = try #require(try RepositoryLocation(at: Array(git.path.utf8)))
    let repository = try Repository(at: location)
    let objects = try repository.objects()
    let head = try #require(try repository.head())
    var missing: [String] = []
    var walk = RevisionWalk()
    let found = walk.commits(from: [head], without: [], in: objects) { id, error in
      missing.append(id.description)
      #expect(error.kind == .missing)
    }
    #expect(found.map(\.id) == [head])
    #expect(missing == [String(lost)])
  }
}

struct ObjectIDTests {
  @Test func `a name reads and writes as hexadecimal digits`() {
    let text = "0123456789abcdef0123456789ABCDEF01234567"
    #expect(ObjectID(hex: text.utf8)?.description == text.lowercased())
    #expect(ObjectID(hex: "0123".utf8) == nil)
    #expect(ObjectID(hex: String(repeating: "g", count: 40).utf8) == nil)
    #expect(ObjectID(hex: String(repeating: "0", count: 40).utf8) == .zero)
  }

  @Test func `a blob is named as git names it`() {
    let bytes = Array("hello\n".utf8)
    var hasher = BlobHasher(count: bytes.count)
    hasher.update(bytes.span)
    #expect(hasher.finish().description == "ce013625030ba8dba906f756967f9e9ca394464a")
  }
}
