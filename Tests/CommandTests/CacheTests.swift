import Foundation
import Rules
import TestSupport
import Testing

/// What is kept between runs changes how long a run takes, and nothing else.
struct CacheTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func run(
    _ arguments: [String] = [], environment: [String: String]? = nil
  ) throws -> (report: Keyscan.Report, searched: Int?) {
    let report = try Keyscan.report(
      [".", "--verbose"] + arguments, in: git.path, environment: environment ?? git.environment)
    let line = report.errors.split(separator: "\n").first { $0.contains("history: ") }
    let words = line?.split(separator: " ") ?? []
    return (report, words.count > 2 ? Int(words[2]) : nil)
  }

  /// Runs with what was kept and without, expects the same, and returns how many bytes of
  /// history the first of them searched.
  @discardableResult
  private func expectSame(
    _ comment: Comment? = nil, environment: [String: String]? = nil
  ) throws -> Int {
    let kept = try run(environment: environment)
    let fresh = try run(["--no-cache"], environment: environment)
    #expect(Self.difference(kept.report.json, fresh.report.json) == nil, comment)
    #expect(kept.report.status == fresh.report.status, comment)
    return try #require(kept.searched)
  }

  /// Where two JSON values first differ.
  private static func difference(_ a: Any?, _ b: Any?, at path: String = "") -> String? {
    if let a = a as? [String: Any], let b = b as? [String: Any] {
      for key in Set(a.keys).union(b.keys).sorted() {
        if let found = difference(a[key], b[key], at: "\(path)/\(key)") { return found }
      }
      return nil
    }
    if let a = a as? [Any], let b = b as? [Any] {
      for i in 0..<max(a.count, b.count) {
        let (one, other) = (i < a.count ? a[i] : nil, i < b.count ? b[i] : nil)
        if let found = difference(one, other, at: "\(path)/\(i)") { return found }
      }
      return nil
    }
    let isSame = (a as? NSObject) == (b as? NSObject)
    return isSame ? nil : "\(path): \(a ?? "nothing"), without: \(b ?? "nothing")"
  }

  private var keptFiles: [String] {
    let path = git.path + "/.git/keyscan"
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private func commit(_ name: String, _ text: String) throws {
    try git.stage(name, text)
    try git.commit("change \(name)")
  }

  @Test func `a second run reads nothing again, and a new commit costs its own objects`() throws {
    let key = LookAlike.apiKey()
    try commit("a", "key = \(key)\n")
    for number in 0..<20 {
      try commit("b", String(repeating: "line \(number)\n", count: 200))
    }
    let whole = try expectSame()
    #expect(whole > 20_000)
    #expect(try expectSame() == 0)
    try commit("c", "small\n")
    let part = try expectSame()
    #expect(part < 2000)
    #expect(try expectSame() == 0)
    // What stands where is told anew, although no object is.
    try git.git("branch", "side", "HEAD~3")
    try git.git("reset", "--quiet", "--hard", "HEAD~1")
    #expect(try expectSame() == 0)
  }

  @Test func `git gc costs nothing`() throws {
    for number in 0..<10 { try commit("a", "\(LookAlike.apiKey())\nline \(number)\n") }
    try expectSame()
    try git.git("gc", "--quiet")
    #expect(try expectSame() == 0)
    try git.git("repack", "-adfq", "--depth=1")
    #expect(try expectSame() == 0)
    // What was in a pack that is gone is told by its name.
    try FileManager.default.removeItem(atPath: git.path + "/.git/keyscan")
    #expect(try expectSame() > 0)
    try git.git("repack", "-adfq", "--depth=5")
    #expect(try expectSame() == 0)
  }

  @Test func `what is too unsure is passed by until it is sure somewhere`() throws {
    let value = FillIn.expand("{alnum 30}9aQ", seed: "unsure")
    let weak = FillIn.expand("kT4{alnum 5}", seed: "weak")
    for number in 0..<3 {
      try commit(
        "test/a.rb",
        "api_token = \"\(value)\"\npassword = \"\(weak)\"\n# \(number)\nurl = \"db://u:\(weak)@h\"\n"
      )
    }
    try git.git("rm", "--quiet", "test/a.rb")
    try git.commit("remove")
    try expectSame()
    try expectSame()
    #expect(try run().report.findings.isEmpty)
    let low = try run(["--min-confidence", "low"])
    let lowFresh = try run(["--min-confidence", "low", "--no-cache"])
    #expect(Self.difference(low.report.json, lowFresh.report.json) == nil)
    #expect(try #require(low.searched) == 0 && !low.report.findings.isEmpty)
    // It stands in the work tree now: its places in history count as well.
    try git.write("app.rb", "api_token = \"\(value)\"\n")
    try expectSame()
    let found = try run().report.findings
    #expect(found.map(\.places.count) == [2])
    // It is allowed where it stands.
    try git.write("app.rb", "api_token = \"\(value)\" # keyscan:allow\n")
    try expectSame()
  }

  @Test func `what is kept holds no secret`() throws {
    try commit("a", "key = \(LookAlike.apiKey())\n")
    try commit(".env", "GEMINI_API_KEY=\(LookAlike.apiKey())\n")
    try git.commit("message with \(LookAlike.apiKey())")
    try expectSame()
    #expect(keptFiles.count == 6)
    for file in keptFiles {
      let path = URL(fileURLWithPath: git.path + "/.git/keyscan/" + file)
      let bytes = Array(try Data(contentsOf: path))
      #expect(!Leaks.stand(in: bytes))
      let attributes = try FileManager.default.attributesOfItem(atPath: path.path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
    // A name that is a secret cannot be kept without it.
    try commit("dir/\(LookAlike.apiKey()).txt", "x\n")
    try expectSame()
    for file in keptFiles {
      let path = URL(fileURLWithPath: git.path + "/.git/keyscan/" + file)
      #expect(!Leaks.stand(in: Array(try Data(contentsOf: path))))
    }
  }

  @Test func `files that are damaged, foreign or gone are not used`() throws {
    for number in 0..<3 { try commit("f\(number)", "\(LookAlike.apiKey())\n") }
    let whole = try expectSame()
    #expect(try expectSame() == 0)
    for kind in ["ledger", "chapter", "finds", "names", "commits", "trees"] {
      for damage in ["flip", "cut", "remove", "other"] {
        let file = try #require(keptFiles.first { $0.hasPrefix(kind) })
        let url = URL(fileURLWithPath: git.path + "/.git/keyscan/" + file)
        var bytes = Array(try Data(contentsOf: url))
        switch damage {
        case "flip": bytes[bytes.count / 2] ^= 1
        case "cut": bytes.removeLast(bytes.count / 2)
        case "other": bytes = [UInt8](repeating: 0x41, count: bytes.count)
        default: bytes = []
        }
        if damage == "remove" {
          try FileManager.default.removeItem(at: url)
        } else {
          try Data(bytes).write(to: url)
        }
        // The other files are asked only when something has changed.
        let names = "\(kind) \(damage)"
        try commit("n", names + "\n")
        let searched = try expectSame("\(names)")
        #expect(
          searched >= (["ledger", "chapter", "finds"].contains(kind) ? whole : 1), "\(names)")
        #expect(try expectSame() == 0)
      }
    }
  }

  @Test func `what another user's key has sealed is not believed`() throws {
    // Who sends a repository with a .git folder may have run keyscan on it.
    try commit("a", "clean\n")
    var theirs = git.environment
    theirs["XDG_STATE_HOME"] = git.folder.at("theirs")
    try commit("b", "key = \(LookAlike.apiKey())\n")
    let whole = try expectSame(environment: theirs)
    #expect(try expectSame(environment: theirs) == 0)
    #expect(try expectSame() == whole)
    #expect(try expectSame() == 0)
  }

  @Test func `a key that others can read is not used, and that is said`() throws {
    try commit("a", "clean\n")
    try expectSame()
    let key = try #require(git.environment["XDG_STATE_HOME"]) + "/keyscan/key"
    let attributes = try FileManager.default.attributesOfItem(atPath: key)
    #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.size] as? Int == 32)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    let run = try run()
    #expect(run.report.errors.contains("nothing is kept between runs: \(key) is not a key"))
    #expect(try #require(run.searched) > 0)
  }

  @Test func `other rules read everything again`() throws {
    try commit("a", "token = \(PrivateRule.token)\n")
    try expectSame()
    #expect(try expectSame() == 0)
    try git.folder.write("rules/own.yml", PrivateRule.file)
    let own = try run(["--rules", git.folder.at("rules")])
    #expect(own.report.findings.map(\.rule) == ["own.token"])
    #expect(try #require(own.searched) > 0)
  }

  @Test func `bare repositories keep in the user's cache folder, and nothing in themselves`() throws
  {
    try commit("a", "key = \(LookAlike.apiKey())\n")
    try git.git("clone", "--quiet", "--bare", ".", git.folder.at("bare.git"))
    for isFirst in [true, false] {
      let report = try Keyscan.report(
        [git.folder.at("bare.git"), "--verbose"], in: git.folder.path,
        environment: git.environment)
      #expect(report.findings.count == 1)
      #expect(report.errors.contains("history: 0 of ") != isFirst)
    }
    #expect(!git.folder.exists("bare.git/keyscan"))
    let cache = try #require(git.environment["XDG_CACHE_HOME"]) + "/keyscan"
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache).count == 1)
  }

  @Test func `what a partial clone was promised and gets later is seen`() throws {
    try git.git("config", "uploadpack.allowFilter", "true")
    try commit("a", "key = \(LookAlike.apiKey())\n")
    try commit("a", "clean\n")
    let clone = git.folder.at("clone")
    try git.git(
      "clone", "--quiet", "--filter=blob:none", "file://\(git.path)", clone)
    func report(_ arguments: String...) throws -> Keyscan.Report {
      try Keyscan.report([clone] + arguments, in: git.folder.path, environment: git.environment)
    }
    #expect(try report().findings.isEmpty)
    #expect(try report().gaps.map(\.kind) == ["promised"])
    try git.git(["cat-file", "-p", "HEAD~1:a"], in: clone)
    let found = try report()
    #expect(found.findings.count == 1)
    #expect(Self.difference(found.json, try report("--no-cache").json) == nil)
  }

  /// A repository that changes at random, as people change theirs.
  @Test(arguments: [1, 2, 14])
  func `with and without what was kept every report is the same`(_ seed: Int) throws {
    var random = SeededGenerator(seed)
    var keys: [String] = []
    let words = [
      "api_token = \"{alnum 30}9aQ\"", "password = \"kT4{alnum 5}\"",
      "url = \"postgres://user:w9{alnum 5}@db.host.net/\"",
    ].map { FillIn.expand($0, seed: $0) }
    var number = 0
    func change() throws {
      number += 1
      let names = ["a", "b/c", ".env", "b/d.txt", "e/f/g", "test/h.rb", "test/i.rb"]
      let name = names.randomElement(using: &random) ?? "a"
      var lines = (0..<Int(random.next() % 30)).map { "line \($0 + number)" }
      if random.next() % 3 == 0 { keys.append(LookAlike.apiKey()) }
      if let key = keys.randomElement(using: &random), random.next() % 2 == 0 {
        lines.append("key = \(key)")
      }
      // Words that are weak, or too unsure in a test; some of them allowed.
      for word in words where random.next() % 3 == 0 {
        lines.append("\(word)\(random.next() % 8 == 0 ? " # keyscan:allow" : "")")
      }
      if random.next() % 4 == 0 { try git.write(name, lines.joined() + "\n") }
      try git.stage(name, lines.joined(separator: "\n") + "\n")
    }
    try change()
    try git.commit("first")
    try expectSame()
    for step in 0..<14 {
      let kind = Int(random.next() % 14)
      switch kind {
      case 0...3:
        try change()
        try git.commit("step \(step)")
      case 4:
        try change()
        try git.git("commit", "--quiet", "--amend", "--no-verify", "-m", "amended \(step)")
      case 5:
        try change()
        try git.git("stash", "push", "--quiet")
      case 6: _ = try git.result(of: ["stash", "drop", "--quiet"])
      case 7: try git.git("switch", "--quiet", "--force-create", "side\(step)")
      case 8:
        try git.git("switch", "--quiet", "main")
        for branch in try git.git("branch", "--format=%(refname:short)").split(separator: "\n")
        where branch != "main" && random.next() % 2 == 0 {
          try git.git("branch", "--quiet", "-D", String(branch))
        }
      case 9: try git.git("gc", "--quiet")
      case 10:
        try git.git(
          "-c", "gc.reflogExpire=now", "-c", "gc.reflogExpireUnreachable=now", "reflog", "expire",
          "--all")
        try git.git("gc", "--quiet", "--prune=now")
      case 11: try git.git("repack", "-dq")
      case 12:
        let text = "tag \(keys.randomElement(using: &random) ?? "nothing")"
        try git.git("tag", "-a", "-m", text, "t\(step)")
      default: try git.git("update-ref", "refs/remotes/origin/main", "HEAD")
      }
      try expectSame("seed \(seed), step \(step), kind \(kind)")
    }
  }
}
