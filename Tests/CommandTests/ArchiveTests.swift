import Foundation
import TestSupport
import Testing

/// What is packed in files: found, named, and gone after wherever the file is.
@Suite("Archives") struct ArchiveTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: [String] = []) throws -> Keyscan.Report {
    try Keyscan.report([".", "--verbose"] + arguments, in: git.path, environment: git.environment)
  }

  /// How many containers of files and of history a run looked into.
  private func unpacked(_ report: Keyscan.Report) -> [Int] {
    let line = report.errors.split(separator: "\n").first { $0.contains("containers: ") } ?? ""
    return line.split(separator: " ").compactMap { Int($0) }
  }

  /// A zip archive with some texts.
  static func zip(_ files: [String: String]) throws -> [UInt8] {
    let folder = TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    let names = files.keys.sorted().map { "'\($0)'" }.joined(separator: " ")
    // What it writes to a pipe it fills up with zeros.
    let output = try Tool.shell(
      "bsdtar --format zip -cf z.zip \(names) && cat z.zip", in: folder.path)
    guard output.status == 0 else { throw Tool.Failure(description: output.errors) }
    return output.bytes
  }

  // MARK: Where it stands

  @Test func `a key in an archive is found in the work tree`() throws {
    let key = LookAlike.apiKey()
    try git.write("a.zip", Self.zip(["x/k.json": "one\n{\"key\": \"\(key)\"}\n"]))
    let report = try report()
    #expect(report.paths(of: "google.api-key") == ["a.zip!/x/k.json"])
    let place = try #require(report.findings.first?.places.first)
    #expect(place.line == 2)
    #expect(place.standsIn == ["worktree"])
    #expect(report.gaps.isEmpty)
    #expect(report.status == 1)
  }

  @Test func `a key in an archive is found in the index and before a commit`() throws {
    let key = LookAlike.apiKey()
    try git.write("a.zip", Self.zip(["k.json": key]))
    try git.git("add", "a.zip")
    try git.remove("a.zip")
    #expect(try report().findings.first?.standsIn == ["index"])
    let staged = try report(["--staged"])
    #expect(staged.paths(of: "google.api-key") == ["a.zip!/k.json"])
    try git.commit()
    // Another file beside it changes the archive: the key is not new.
    try git.write("a.zip", Self.zip(["k.json": key, "other": "text"]))
    try git.git("add", "a.zip")
    #expect(try report(["--staged"]).findings.isEmpty)
    let second = LookAlike.apiKey()
    try git.write("a.zip", Self.zip(["k.json": key, "other": second]))
    try git.git("add", "a.zip")
    #expect(try report(["--staged"]).paths(of: "google.api-key") == ["a.zip!/other"])
  }

  @Test func `a renamed archive brings nothing new`() throws {
    try git.write("a.zip", Self.zip(["k.json": LookAlike.apiKey()]))
    try git.git("add", "a.zip")
    try git.commit()
    try git.git("mv", "a.zip", "b.zip")
    #expect(try report(["--staged"]).findings.isEmpty)
  }

  @Test func `a key in an archive of standard input is found`() throws {
    let report = try Keyscan.report(
      ["--stdin", "--stdin-name", "a.zip"], in: git.path, environment: git.environment,
      input: Self.zip(["k.json": LookAlike.apiKey()]))
    #expect(report.paths(of: "google.api-key") == ["a.zip!/k.json"])
  }

  @Test(arguments: [true, false]) func `history says when it came and went`(
    isPacked: Bool
  ) throws {
    let (first, second) = (LookAlike.apiKey(), LookAlike.apiKey())
    try git.commit("nothing")
    func commit(_ files: [String: String]?, _ message: String) throws -> String {
      if let files {
        try git.write("a.zip", Self.zip(files))
        try git.git("add", "a.zip")
      } else {
        try git.git("rm", "--quiet", "a.zip")
      }
      try git.commit(message)
      return try git.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    }
    let one = try commit(["k": first], "one")
    _ = try commit(["k": first, "more": "text"], "two")
    let three = try commit(["k": "none", "s": second], "three")
    let four = try commit(nil, "four")
    if isPacked { try git.git("repack", "-adq") }
    for arguments in [[], ["--no-cache"], [], ["--engine", "libgit2"]] {
      let report = try report(arguments)
      let places = try report.findings.map { try #require($0.json["places"] as? [[String: Any]]) }
      let a = try #require(places.joined().first { $0["path"] as? String == "a.zip!/k" })
      #expect(a["commit"] as? String == one)
      #expect(a["removed"] as? String == three)
      #expect(a["versions"] as? Int == 2)
      let b = try #require(places.joined().first { $0["path"] as? String == "a.zip!/s" })
      #expect(b["commit"] as? String == three)
      #expect(b["removed"] as? String == four)
      #expect(report.findings.allSatisfy { $0.standsIn == ["history"] })
      #expect(report.findings.count == 2)
    }
  }

  @Test func `what the work tree has stands in HEAD and history too`() throws {
    try git.write("a.zip", Self.zip(["k": LookAlike.apiKey()]))
    try git.git("add", "a.zip")
    try git.commit()
    let report = try report()
    #expect(report.findings.first?.standsIn == ["worktree", "index", "head", "history"])
    #expect(report.findings.first?.places.first?.commit != nil)
    // Changed beside the key, HEAD still has it.
    let bytes = try #require(FileManager.default.contents(atPath: git.path + "/a.zip"))
    try git.write("a.zip", [UInt8](bytes) + [0])
    #expect(try self.report().findings.first?.standsIn.contains("head") == true)
  }

  // MARK: Once

  @Test func `a blob is looked into once, however many paths and commits hold it`() throws {
    let bytes = try Self.zip(["k": LookAlike.apiKey()])
    for name in ["a.zip", "b.zip", "c/a.zip"] {
      try git.write(name, bytes)
      try git.git("add", name)
      try git.commit()
    }
    try git.git("rm", "-qr", ".")
    try git.commit()
    let report = try report()
    #expect(unpacked(report) == [0, 1])
    #expect(report.paths(of: "google.api-key") == ["a.zip!/k", "b.zip!/k", "c/a.zip!/k"])
  }

  @Test func `what the work tree has is not looked into again in history`() throws {
    try git.write("a.zip", Self.zip(["k": LookAlike.apiKey()]))
    try git.git("add", "a.zip")
    try git.commit()
    #expect(unpacked(try report()) == [1, 0])
    #expect(unpacked(try report()) == [1, 0])
  }

  @Test func `later runs do not look again into what held nothing, and say the same`() throws {
    try git.write("a.zip", Self.zip(["k": "nothing"]))
    try git.write("bad.zip", Array(try Self.zip(["k": "nothing"]).prefix(40)))
    try git.git("add", ".")
    try git.commit()
    try git.git("rm", "-qr", ".")
    try git.commit()
    let first = try report()
    #expect(unpacked(first) == [0, 2])
    let second = try report()
    #expect(unpacked(second) == [0, 0])
    #expect(first.gaps == second.gaps)
    #expect(first.gaps.count == 1)
    #expect(unpacked(try report(["--no-cache"])) == [0, 2])
  }

  @Test func `a stored key is told where it is packed, once`() throws {
    let key = LookAlike.apiKey()
    try git.write("k.json", key)
    _ = try Tool.shell("tar -cf a.tar k.json && rm k.json", in: git.path)
    try git.git("add", ".")
    try git.commit()
    #expect(try report().paths(of: "google.api-key") == ["a.tar!/k.json"])
    try git.git("rm", "-q", "a.tar")
    try git.commit()
    #expect(try report().paths(of: "google.api-key") == ["a.tar!/k.json"])
  }

  // MARK: Nesting, names, limits

  @Test func `containers in containers are looked into, four deep`() throws {
    var bytes = try Self.zip(["k": LookAlike.apiKey()])
    for level in 2...5 {
      let folder = TemporaryFolder()
      try folder.write("\(level).zip", bytes)
      let output = try Tool.shell("tar -czf - \(level).zip", in: folder.path)
      bytes = output.bytes
      try git.write("all.tgz", bytes)
      let report = try report()
      if level <= 4 {
        #expect(report.findings.count == 1)
        #expect(report.gaps.isEmpty)
      } else {
        #expect(report.findings.isEmpty)
        #expect(report.gaps.map(\.kind) == ["opaque"])
        #expect(report.gaps.first?.reason.contains("more than 4 containers deep") == true)
        #expect(report.gaps.first?.subject.hasPrefix("all.tgz!/5.zip!/") == true)
      }
    }
  }

  @Test func `hostile names stay names`() throws {
    let key = LookAlike.apiKey()
    let output = try Tool.run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import sys, zipfile
        with zipfile.ZipFile("a.zip", "w") as z:
            for name in ["../../../up.json", "/abs.json", "new\\nline\\x1b[31m", "a" * 5000]:
                z.writestr(name, sys.argv[1])
            z.writestr(sys.argv[1], "text")
        """, key,
      ], in: git.path)
    #expect(output.status == 0)
    let report = try report()
    let paths = report.findings.flatMap(\.paths)
    #expect(paths.contains("a.zip!/../../../up.json"))
    #expect(paths.contains("a.zip!//abs.json"))
    #expect(paths.contains { $0.hasPrefix("a.zip!/AIza…") })
    #expect(paths.allSatisfy { $0.utf8.count < 4200 })
    #expect(FileManager.default.fileExists(atPath: git.path + "/../up.json") == false)
    let text = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(!text.bytes.contains(0x1B))
    #expect(text.text.contains("a.zip!/new\\x0aline\\x1b[31m"))
  }

  @Test func `what is left closed, encrypted or damaged is a gap that does not fail`() throws {
    let whole = try Self.zip(["k.json": LookAlike.apiKey()])
    try git.write("a.zip", whole)
    let closed = try report(["--no-archives"])
    #expect(closed.findings.isEmpty)
    #expect(closed.gaps.map(\.reason) == ["zip archive: what is packed in it was not looked into"])
    #expect(closed.status == 0)
    #expect(try report(["--no-archives", "--require-complete"]).status == 74)
    try git.write("a.zip", Array(whole.prefix(whole.count / 2)))
    let damaged = try report()
    #expect(damaged.gaps.allSatisfy { $0.kind == "opaque" && !$0.fails })
    #expect(damaged.gaps.first?.reason.hasPrefix("zip archive: it is damaged") == true)
    #expect(damaged.status == 0)
    let folder = TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.write(name, "text") }
    let output = try Tool.shell(
      "bsdtar --format zip --options zip:encryption=traditional --passphrase x -cf - a b c",
      in: folder.path)
    try git.write("a.zip", output.bytes)
    let gap = try #require(try report().gaps.first)
    #expect(gap.reason == "zip archive: it is encrypted")
    #expect(gap.subject == "a.zip")
  }

  @Test func `histories with containers left closed and opened are kept apart`() throws {
    try git.write("a.zip", Self.zip(["k": LookAlike.apiKey()]))
    try git.git("add", "a.zip")
    try git.commit()
    try git.git("rm", "-q", "a.zip")
    try git.commit()
    for _ in 0..<2 {
      #expect(try report(["--no-archives"]).findings.isEmpty)
      #expect(try report().findings.count == 1)
    }
    #expect(try report(["--no-archives"]).gaps.first?.subject == "history")
  }

  // MARK: Decisions

  @Test func `excludes and accepted gaps speak of the file and of what is in it`() throws {
    try git.write("lib/a.zip", Self.zip(["x/k.json": LookAlike.apiKey()]))
    for pattern in ["*.zip", "lib/", "k.json", "lib/a.zip"] {
      #expect(try report(["--exclude", pattern]).findings.isEmpty, Comment(rawValue: pattern))
    }
    #expect(try report(["--exclude", "*.json!"]).findings.count == 1)
    try git.write("lib/a.zip", Array(try Self.zip(["k": "text"]).prefix(50)))
    try git.write(
      ".keyscan.yml", "version: 1\naccept-gaps: [{kind: opaque, path: \"lib/*.zip\"}]\n")
    #expect(try report(["--require-complete"]).status == 0)
    try git.git("add", ".")
    try git.commit()
    try git.git("rm", "-q", "--cached", "lib/a.zip")
    try git.remove("lib/a.zip")
    try git.commit()
    #expect(try report(["--require-complete"]).status == 0)
  }

  @Test func `a baseline remembers what is packed`() throws {
    try git.write("a.zip", Self.zip(["k.json": LookAlike.apiKey()]))
    let output = try Keyscan.run(
      ["baseline", "add", "--all"], in: git.path, environment: git.environment)
    if output.status == 64 {
      _ = try Keyscan.run(["baseline", "add"], in: git.path, environment: git.environment)
    }
    let report = try report()
    #expect(report.findings.isEmpty)
    #expect(report.suppressed.count == 1)
  }

  // MARK: Reports

  @Test(arguments: ["text", "json", "jsonl", "markdown", "html", "junit", "github", "gitlab"])
  func `every format names what is packed`(_ format: String) throws {
    try git.write("a b.zip", Self.zip(["x/k.json": LookAlike.apiKey()]))
    let output = try Keyscan.run(
      [".", "--format", format], in: git.path, environment: git.environment)
    #expect(output.text.contains("a b.zip!/x/k.json"))
    if format == "github" { #expect(output.text.contains("file=a b.zip,title=")) }
    #expect(output.status == 1)
  }

  @Test func `SARIF names the file, and what is packed as a logical location`() throws {
    try git.write("a.zip", Self.zip(["x/k.json": LookAlike.apiKey()]))
    let output = try Keyscan.run(
      [".", "--format", "sarif"], in: git.path, environment: git.environment)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any])
    let runs = try #require(json["runs"] as? [[String: Any]])
    let result = try #require((runs[0]["results"] as? [[String: Any]])?.first)
    let location = try #require((result["locations"] as? [[String: Any]])?.first)
    let physical = location["physicalLocation"] as? [String: Any]
    #expect((physical?["artifactLocation"] as? [String: Any])?["uri"] as? String == "a.zip")
    let logical = (location["logicalLocations"] as? [[String: Any]])?.first
    #expect(logical?["fullyQualifiedName"] as? String == "a.zip!/x/k.json")
    #expect(logical?["name"] as? String == "x/k.json")
    #expect(output.text.contains("in a.zip!/x/k.json."))
  }

  @Test func `what is packed is repaired by taking its file away`() throws {
    try git.write("a.zip", Self.zip(["k.json": LookAlike.apiKey(), "l": LookAlike.apiKey()]))
    try git.git("add", "a.zip")
    try git.commit()
    try git.commit("another")
    let report = try report()
    let finding = try #require(report.findings.first)
    let repair = try #require(finding.json["repair"] as? [String])
    #expect(repair.contains("git filter-repo --force --invert-paths --path a.zip"))
    #expect(!repair.contains { $0.contains("--replace-text") })
    let output = try Keyscan.run(
      ["find", finding.fingerprint, "--replacements", git.folder.at("out.txt")], in: git.path,
      environment: git.environment)
    #expect(output.status == 64)
    #expect(output.errors.contains("packed in files"))
  }

  // MARK: Apps

  @Test func `keys of an app are public client keys, unless Gemini is used with them`() throws {
    let (client, gemini, plain) = (LookAlike.apiKey(), LookAlike.apiKey(), LookAlike.apiKey())
    let folder = TemporaryFolder()
    try folder.write(
      "resources.arsc", AndroidFixture.resources(["google_api_key": client, "app_name": "App"]))
    try folder.write(
      "AndroidManifest.xml",
      AndroidFixture.manifest(
        element: "meta-data", ["name": "com.google.android.geo.API_KEY", "value": plain]))
    try folder.write("assets/c.txt", "GEMINI_API_KEY=\(gemini)\n")
    let output = try Tool.shell(
      "bsdtar --format zip -cf - resources.arsc AndroidManifest.xml assets", in: folder.path)
    try git.write("app.apk", output.bytes)
    let report = try report()
    let rules = Dictionary(
      report.findings.map { ($0.paths[0], $0.rule) }, uniquingKeysWith: { first, _ in first })
    #expect(rules["app.apk!/resources.arsc"] == "google.api-key/public-client")
    #expect(rules["app.apk!/AndroidManifest.xml"] == "google.api-key/public-client")
    #expect(rules["app.apk!/assets/c.txt"] == "google.api-key/gemini")
    #expect(report.findings.first?.severity == "critical")
  }

  @Test func `a binary property list is read at its own path, once`() throws {
    let key = LookAlike.apiKey()
    let output = try Tool.run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import plistlib, sys
        with open("GoogleService-Info.plist", "wb") as f:
            plistlib.dump({"API_KEY": sys.argv[1], "PROJECT_ID": "some-project",
                "STORAGE_BUCKET": "some-project.appspot.com"}, f, fmt=plistlib.FMT_BINARY)
        """, key,
      ], in: git.path)
    #expect(output.status == 0)
    try git.git("add", ".")
    try git.commit()
    let report = try report()
    #expect(report.findings.map(\.rule) == ["google.api-key/public-client"])
    #expect(report.findings.flatMap(\.paths) == ["GoogleService-Info.plist"])
    #expect(report.findings.first?.standsIn == ["worktree", "index", "head", "history"])
    try git.git("rm", "-q", "GoogleService-Info.plist")
    try git.commit()
    let past = try self.report()
    #expect(past.findings.flatMap(\.paths) == ["GoogleService-Info.plist"])
    #expect(past.findings.first?.standsIn == ["history"])
  }

  @Test func `a database is read without a trace`() throws {
    let key = LookAlike.apiKey()
    let output = try Tool.run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import sqlite3, sys
        db = sqlite3.connect("a.db")
        db.execute("CREATE TABLE settings (name TEXT, google_api_key TEXT)")
        db.execute("INSERT INTO settings VALUES ('x', ?)", (sys.argv[1],))
        db.commit()
        """, key,
      ], in: git.path)
    #expect(output.status == 0)
    let before = try FileManager.default.contentsOfDirectory(atPath: git.path).sorted()
    #expect(try report().paths(of: "google.api-key") == ["a.db!/settings"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: git.path).sorted() == before)
  }
}
