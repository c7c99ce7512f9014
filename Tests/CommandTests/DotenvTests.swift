import Foundation
import TestSupport
import Testing

/// Files of environment variables that git does not ignore.
struct DotenvCommandTests {
  let git: GitFixture

  init() throws {
    git = try GitFixture()
  }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report(
      arguments.isEmpty ? ["."] : arguments, in: git.path, environment: git.environment)
  }

  /// What is said of a file: rule and severity; `nil` for nothing.
  private func verdict(_ path: String, _ report: Keyscan.Report) -> String? {
    report.findings.first { $0.paths == [path] && $0.rule.hasPrefix("dotenv.") }
      .map { "\($0.rule) \($0.severity)" }
  }

  @Test(arguments: [
    (".env", "DEBUG=true\n", "low", "medium"),
    (".env", "DB_PASSWORD=hunter2\n", "high", "high"),
    (".env.production", "API_TOKEN='q9w8e7r6'\n", "high", "high"),
    ("config/.env.local", "DATABASE_URL=postgres://app:s3cr3t@db.internal/app\n", "high", "high"),
    ("prod.env", "PORT=80\n", "low", "medium"),
    (".envrc", "export SECRET_KEY=\"abc123def\"\n", "high", "high"),
    (".flaskenv", "FLASK_APP=app\n", "low", "medium"),
    (".dev.vars", "SENTRY_DSN=https://abc@o1.ingest.sentry.io/2\n", "high", "high"),
    ("secrets.toml", "password = \"hunter2\"\n", "high", "high"),
    ("env.json", "{\n  \"API_KEY\": \"q9w8e7r6\",\n}\n", "high", "high"),
    (".env.keys", "DOTENV_PRIVATE_KEY=\"\(String(repeating: "a1", count: 32))\"\n", "high", "high"),
    (".env.example", "API_KEY=q9w8e7r6t5y4u3i2\n", "high", "high"),
  ])
  func `a file is judged by what is in it and how it stands`(
    name: String, content: String, tracked: String, unignored: String
  ) throws {
    try git.write(name, content)
    #expect(try verdict(name, report()) == "dotenv.unignored \(unignored)")
    try git.git("add", "--force", name)
    #expect(try verdict(name, report()) == "dotenv.tracked \(tracked)")
  }

  @Test(arguments: [
    (".env.example", "API_KEY=\nDB_PASSWORD=changeme\nURL=http://localhost\nDEBUG=true\n"),
    (".env.sample", "SECRET_KEY=your-secret-key\nTOKEN=${OTHER}\nPASSWORD=password\n"),
    ("example.env", "KEY=<your key>\n"), (".env.template", "PASSWORD=xxxxxxxx\n"),
    (
      ".env",
      "DOTENV_PUBLIC_KEY=\"02abc\"\nDB_PASSWORD=\"encrypted:BE9Y7LKANx77X1pv1HnEoil93fPa5c\"\n"
    ),
    (
      ".env",
      "DB_PASSWORD=ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]\nsops_mac=ENC[AES256_GCM,data:x]\n"
    ),
    (".env.vault", "DOTENV_VAULT_PRODUCTION=\"s7NYXa809k/bVSPwIAmJhPJmEGTtU0hG58hOZy7I0ix\"\n"),
    (".env", "U2FsdGVkX1/abcdef\n"), (".env.ts", "export const password = 'hunter2'\n"),
    (".environment", "PASSWORD=hunter2\n"), ("environment", "PASSWORD=hunter2\n"),
  ])
  func `a form, an encrypted file and what is none are no findings`(
    name: String, content: String
  ) throws {
    try git.write(name, content)
    #expect(try report().findings.filter { $0.rule.hasPrefix("dotenv.") }.isEmpty)
    try git.git("add", "--force", name)
    #expect(try report().findings.filter { $0.rule.hasPrefix("dotenv.") }.isEmpty)
  }

  @Test func `an ignored file that is not tracked is none, whatever asks for it`() throws {
    try git.write(".env", "DB_PASSWORD=hunter2\n")
    try git.write(".gitignore", ".env\n")
    #expect(try report().findings.isEmpty)
    #expect(try report(".", "--include-ignored").findings.isEmpty)
    #expect(try report(".env").findings.isEmpty)
    // The same file is one once it is forced into the index.
    try git.git("add", "--force", ".env")
    #expect(try verdict(".env", report()) == "dotenv.tracked high")
  }

  @Test func `a line that only looks as if it covered the file does not`() throws {
    try git.write(".env", "DB_PASSWORD=hunter2\n")
    for line in [".env/", " .env", ".env # mine", ".env.*", ".env\n!.env"] {
      try git.write(".gitignore", line + "\n")
      #expect(try verdict(".env", report()) == "dotenv.unignored high", "\(line)")
    }
  }

  @Test func `a secret that a rule finds makes the file's severity high`() throws {
    try git.write(".env", "THING=\(LookAlike.apiKey())\n")
    let report = try report()
    #expect(verdict(".env", report) == "dotenv.unignored high")
    #expect(report.paths(of: "google.api-key") == [".env"])
  }

  @Test func `the finding names the keys and never the values`() throws {
    try git.write(
      ".env", "A=1\nDB_PASSWORD=hunter2hunter2\nAPI_TOKEN=q9w8e7r6t5y4\nEMPTY_SECRET=\n")
    let finding = try #require(report().findings.first)
    #expect(finding.notes == ["it gives away DB_PASSWORD, API_TOKEN"])
    #expect(finding.secret == nil)
    for format in ["text", "json", "jsonl", "sarif"] {
      let output = try Keyscan.run(
        [".", "--format", format, "--verbose"], in: git.path, environment: git.environment)
      #expect(!output.text.contains("hunter2") && !output.text.contains("q9w8e7r6"))
    }
  }

  @Test(arguments: [
    (".env", ""), ("deep/er/.env", ""), ("odd name/prod.env", ""), ("a/.env", "!.env\n"),
    ("it's/.env.local", ""), ("[x]/q*.env", ""),
  ])
  func `the line and the command that are advised do what they say`(path: String, nested: String)
    throws
  {
    try git.stage(path, "DB_PASSWORD=hunter2\n")
    if !nested.isEmpty {
      try git.write((path as NSString).deletingLastPathComponent + "/.gitignore", nested)
    }
    let finding = try #require(report().findings.first)
    let line = try #require(finding.advice.first?.firstMatch(of: /^Add the line (.*) to (.*)\.$/))
    let command = try #require(
      finding.advice.compactMap { $0.firstMatch(of: /: (git rm .*)$/) }.first)
    let before = (try? git.folder.read("work/\(line.2)")) ?? ""
    try git.write(String(line.2), before + line.1 + "\n")
    let done = try Tool.shell(String(command.1), in: git.path, environment: git.environment)
    #expect(done.status == 0, "\(done.errors)")
    #expect(try git.git(["check-ignore", "--", path]) != "")
    #expect(try report().findings.isEmpty)
    #expect(git.folder.exists("work/\(path)"))
  }

  @Test func `a folder named .env is a hint, and what is in it is read`() throws {
    try git.write(".env/pyvenv.cfg", "home = /usr/bin\n")
    try git.write("sub/.env/x", "nothing\n")
    let report = try report()
    #expect(report.findings.isEmpty && report.status == 0)
    #expect(report.hints.count == 2)
    #expect(report.hints.contains { $0.hasPrefix(".env: ") && $0.contains("virtual environment") })
    #expect(report.hints.contains { $0.hasPrefix("sub/.env: ") && $0.contains("mount") })
  }

  @Test func `staged files are judged by what the commit adds or changes`() throws {
    func staged() throws -> Keyscan.Report {
      try Keyscan.report(["--staged"], in: git.path, environment: git.environment)
    }
    try git.stage(".env", "DEBUG=true\n")
    try git.write("other.env", "DB_PASSWORD=hunter2\n")
    #expect(try verdict(".env", staged()) == "dotenv.tracked low")
    try git.commit()
    #expect(try staged().findings.isEmpty)
    try git.stage(".env", "DEBUG=false\n")
    #expect(try staged().findings.isEmpty)
    try git.stage(".env", "DEBUG=false\nDB_PASSWORD=hunter2\n")
    #expect(try verdict(".env", staged()) == "dotenv.tracked high")
    try git.commit()
    try git.stage(".env", "DEBUG=true\nDB_PASSWORD=hunter2\n")
    #expect(try staged().findings.isEmpty)
    try git.stage(".env", "DEBUG=true\nDB_PASSWORD=hunter3\n")
    #expect(try verdict(".env", staged()) == "dotenv.tracked high")
  }

  @Test func `a file that is deleted but still in the index is told`() throws {
    try git.stage(".env", "DB_PASSWORD=hunter2\n")
    try git.commit()
    try git.remove(".env")
    let finding = try #require(report().findings.first)
    #expect(finding.rule == "dotenv.tracked" && finding.standsIn == ["index", "head", "history"])
  }

  @Test func `outside of a repository there is nothing to say of such files`() throws {
    try git.folder.write("plain/.env", "DB_PASSWORD=hunter2\n")
    #expect(try Keyscan.report(["plain"], in: git.folder.path).findings.isEmpty)
  }
}
