import Foundation
import TestSupport
import Testing

/// What takes a file of variables along besides git, and what was to encrypt it.
struct EnvShippingTests {
  let git: GitFixture
  private let secret = "DB_PASSWORD=hunter2hunter2\n"

  init() throws {
    git = try GitFixture()
    try git.write(".gitignore", ".env\n")
    try git.write(".env", secret)
    try git.write("sub/.env", secret)
  }

  private func ships(_ path: String = ".env") throws -> [String] {
    try #require(EnvReading(of: git)[path]).ships
  }

  private func hints() throws -> [String] {
    try Keyscan.report(["."], in: git.path, environment: git.environment).hints
  }

  // MARK: Images

  @Test(arguments: [
    "COPY . /app", "ADD ./ /app/", "COPY --chown=a:b . .", "copy [\".\", \"/app\"]",
    "COPY .env /", "COPY .e* /", "COPY package.json \\\n  .env \\\n  /app/", "COPY /. /app",
  ])
  func `an image that copies the folder takes the file`(instruction: String) throws {
    try git.write("Dockerfile", "FROM scratch\n# COPY nothing\n\(instruction)\n")
    let sentence = try #require(ships().first)
    #expect(sentence.hasPrefix("Dockerfile:3 copies it into an image ("))
    #expect(sentence.hasSuffix("and there is no .dockerignore"))
    let report = try EnvReading(of: git)
    #expect(report.status == 1 && report[".env"]?.severity == "medium")
    #expect(report[".env"]?.advice == ["Add the line **/.env to .dockerignore."])
    #expect(try hints().contains(".env: git ignores it, but \(sentence)"))
  }

  @Test(arguments: [
    "COPY src /app", "COPY --from=build . /app", "RUN cp . /x", "COPY $X /app",
    "ADD https://example.org/x /", "COPY .env.example /",
  ])
  func `an image that copies something else does not`(instruction: String) throws {
    try git.write("Dockerfile", "FROM scratch\n\(instruction)\n")
    #expect(try ships() == [])
    #expect(try EnvReading(of: git).status == 0)
    #expect(try hints() == [])
  }

  @Test(arguments: [
    (".env", true, false), ("**/.env", true, true), ("# .env", false, false),
    ("*\n!src", true, true), ("**\n!.env", false, true), ("/.env", true, false),
    ("  .env  ", true, false), (".env*", true, false), ("*.env", true, false), ("sub", false, true),
    ("sub/", false, true), ("sub\n!sub/.env", false, false), ("env", false, false),
    (".\n", true, true),
  ])
  func `the folder's ignore file speaks from the folder on`(
    lines: String, leavesOutFirst: Bool, leavesOutSecond: Bool
  ) throws {
    try git.write("Dockerfile", "FROM scratch\nCOPY . .\n")
    try git.write(".dockerignore", "\(lines)\n")
    #expect(try ships().isEmpty == leavesOutFirst)
    #expect(try ships("sub/.env").isEmpty == leavesOutSecond)
  }

  @Test func `a recipe's own ignore file and folder are found`() throws {
    try git.write("deploy/app.Dockerfile", "FROM scratch\nCOPY . .\n")
    // Built from its own folder, where no such file is.
    #expect(try ships() == [])
    try git.write(
      "compose.yaml",
      "services:\n  a:\n    build:\n      context: .\n      dockerfile: deploy/app.Dockerfile\n")
    #expect(try ships().count == 1)
    try git.write("deploy/app.Dockerfile.dockerignore", "**/.env\n")
    #expect(try ships() == [])
  }

  // MARK: Packages

  @Test(arguments: [
    // Tried with npm pack --dry-run of npm 10.8.
    (#""version": "1""#, "", "", true), (#""version": "1""#, "x", "", false),
    (#""version": "1""#, ".env", "x", true), (#""version": "1""#, "", ".env", true),
    (#""version": "1", "private": true"#, "", "x", false), (#""private": false"#, "", "x", false),
    (#""version": "1", "files": ["index.js"]"#, "", "x", false),
    (#""version": "1", "files": ["*"]"#, ".env", "", true),
    (#""version": "1", "files": ["."]"#, "", "", false),
    (#""version": "1", "files": [".env"]"#, ".env", "", true),
    (#""version": "1", "files": ["**/*", "!.env"]"#, "", "", false),
  ])
  func `npm takes what its own list and its own ignore file say`(
    fields: String, gitLines: String, npmLines: String, takes: Bool
  ) throws {
    // x stands for .env in one of both.
    try git.write("package.json", "{\"name\": \"p\", \(fields)}")
    try git.write("index.js", "")
    if gitLines == "x" {
      // Without npm's own file git's is asked.
    } else if gitLines.isEmpty {
      try git.write(".gitignore", "")
    }
    if npmLines == ".env" {
      try git.write(".npmignore", "*.log\n")
    } else if npmLines == "x" {
      try git.write(".npmignore", gitLines == ".env" ? "*.log\n" : ".env\n")
    }
    let said = try ships().contains { $0.hasPrefix("npm publish takes it along") }
    #expect(said == takes)
    if takes { #expect(try EnvReading(of: git)[".env"]?.severity == "high") }
  }

  @Test func `npm does not know the ignore files above a package`() throws {
    try git.write("sub/package.json", #"{"name": "p", "version": "1"}"#)
    #expect(try ships("sub/.env").count == 1 && ships().isEmpty)
    #expect(try hints().count == 1)
    try git.write("sub/.npmignore", ".env\n")
    #expect(try ships("sub/.env").isEmpty)
  }

  @Test func `npm itself agrees, where it is installed`() throws {
    let npm = try Tool.shell("command -v npm", in: git.path)
    guard npm.status == 0 else { return }
    let cases: [(package: String, ignore: String?, npmIgnore: String?)] = [
      (#"{"name":"p","version":"1.0.0"}"#, ".env", nil),
      (#"{"name":"p","version":"1.0.0"}"#, nil, nil),
      (#"{"name":"p","version":"1.0.0"}"#, ".env", "*.log"),
      (#"{"name":"p","version":"1.0.0"}"#, nil, "sub/"),
      (#"{"name":"p","version":"1.0.0","files":["index.js"]}"#, nil, nil),
      (#"{"name":"p","version":"1.0.0","files":["sub"]}"#, ".env", nil),
      (#"{"name":"p","version":"1.0.0","files":["*"]}"#, ".env", nil),
    ]
    for one in cases {
      try git.write("package.json", one.package)
      try git.write(".gitignore", (one.ignore ?? "") + "\n")
      if let lines = one.npmIgnore {
        try git.write(".npmignore", lines + "\n")
      } else {
        try? git.remove(".npmignore")
      }
      let packed = try Tool.shell(
        "npm pack --dry-run --json", in: git.path, environment: git.environment)
      for path in [".env", "sub/.env"] {
        let takes = packed.text.contains("\"path\": \"\(path)\"")
        #expect(try ships(path).isEmpty != takes, "\(one) \(path)")
      }
    }
  }

  // MARK: Promises

  @Test func `plain text behind git-crypt is a finding, what git holds encrypted is none`() throws {
    try git.write(".gitattributes", "*.env filter=git-crypt diff=git-crypt\nfree.env !filter\n")
    try git.stage("a.env", secret)
    try git.stage("free.env", secret)
    try git.stage("b.env", "\0GITCRYPT\0abcdef")
    try git.stage("harmless.env", "DEBUG=true\n")
    try git.commit()
    // With the key at hand the work tree is in the clear.
    try git.write("b.env", secret)
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(scan.paths(of: "dotenv.plaintext") == ["a.env", "harmless.env"])
    #expect(scan.paths(of: "dotenv.tracked") == ["free.env"])
    #expect(
      scan.findings.filter { $0.rule == "dotenv.plaintext" }.allSatisfy { $0.severity == "high" })
    #expect(
      scan.findings.flatMap(\.notes).contains(
        ".gitattributes says that git-crypt encrypts it, and what git holds can be read"))
    let report = try EnvReading(of: git)
    #expect(report["a.env"]?.brokenPromise == "git-crypt")
    #expect(report["b.env"]?.isEncrypted == true && report["b.env"]?.severity == nil)
    #expect(report["free.env"]?.brokenPromise == nil)
  }

  @Test func `a file that git is going to encrypt is none, one that nobody told it how is`() throws
  {
    try git.write(".gitattributes", "*.env filter=git-crypt\n")
    try git.write("a.env", secret)
    #expect(try EnvReading(of: git)["a.env"]?.severity == "high")
    try git.git("config", "filter.git-crypt.clean", "git-crypt clean")
    #expect(try EnvReading(of: git)["a.env"]?.severity == nil)
  }

  @Test func `nearer attributes decide, and the repository's own over all`() throws {
    try git.write(".gitattributes", "*.env filter=git-crypt\n")
    try git.write("a/.gitattributes", "*.env -filter\n")
    try git.stage("a/x.env", secret)
    #expect(try EnvReading(of: git)["a/x.env"]?.brokenPromise == nil)
    try git.write(".git/info/attributes", "x.env filter=git-crypt-team\n")
    #expect(try EnvReading(of: git)["a/x.env"]?.brokenPromise == "git-crypt-team")
    try git.write(".git/info/attributes", "x.env filter=lfs\n")
    #expect(try EnvReading(of: git)["a/x.env"]?.brokenPromise == nil)
  }

  @Test func `a plain value beside sops' or dotenvx's own is a finding`() throws {
    let encrypted = "A=ENC[AES256_GCM,data:x]\nsops_mac=ENC[AES256_GCM,data:y]\n"
    try git.stage("whole.env", encrypted)
    try git.stage("leak.env", encrypted + secret)
    try git.stage("x.env", "DOTENV_PUBLIC_KEY=02ab\nDB_PASSWORD=encrypted:BEabc\n" + secret)
    let scan = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(scan.paths(of: "dotenv.plaintext") == ["leak.env", "x.env"])
    #expect(scan.paths(of: "dotenv.tracked") == [])
    let report = try EnvReading(of: git)
    #expect(report["whole.env"]?.isEncrypted == true && report["whole.env"]?.severity == nil)
    #expect(report["leak.env"]?.brokenPromise == "sops")
    #expect(report["x.env"]?.brokenPromise == "dotenvx")
    let staged = try Keyscan.report(["--staged"], in: git.path, environment: git.environment)
    #expect(staged.paths(of: "dotenv.plaintext") == ["leak.env", "x.env"])
  }

  @Test func `the file of keys that decrypt is high whatever they are called`() throws {
    try git.stage(".env.keys", "OTHER=abc\n")
    #expect(try EnvReading(of: git)[".env.keys"]?.severity == "high")
    try git.stage(".env.keys", "OTHER=\n")
    #expect(try EnvReading(of: git)[".env.keys"]?.severity == "low")
  }
}
