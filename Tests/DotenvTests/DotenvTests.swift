import Bytes
import Dotenv
import Foundation
import Model
import Testing

struct DotenvNameTests {
  @Test(arguments: [
    ".env", ".env.local", ".env.production", ".env.production.local", ".env.test", ".env.bak",
    ".env.backup", ".env~", ".env.old", ".env.save", ".env.swp", "prod.env", "docker.env",
    "env.json", ".envrc", ".flaskenv", ".env.vault", ".env.me", "env_variables.txt", ".dev.vars",
    ".dev.vars.staging", "secrets.toml", ".ENV", ".env-staging",
  ])
  func `files of values are known by name`(name: String) {
    #expect(DotenvName(Array(name.utf8)) == .values)
  }

  @Test(arguments: [
    ".env.example", ".env.sample", ".env.template", ".env.dist", ".env.defaults", ".env.schema",
    "env.example", "example.env", ".env.local.example", ".env.production.sample",
    ".dev.vars.example",
  ])
  func `forms to be filled in are known by name`(name: String) {
    #expect(DotenvName(Array(name.utf8)) == .template)
  }

  @Test(arguments: [
    "environment", ".environment", "env", "env.d.ts", ".env.ts", "env.production", "dotenv",
    "myenv", ".envoy", "x.envrc", ".env.d.ts", "env.rb",
  ])
  func `other files are not`(name: String) {
    #expect(DotenvName(Array(name.utf8)) == nil)
  }

  @Test func `the keys that decrypt are the worst`() {
    #expect(DotenvName(Array(".env.keys".utf8)) == .keys)
  }
}

struct DotenvFileTests {
  private func read(_ text: String) -> [String] {
    DotenvFile(Array(text.utf8)).assignments.map { "\($0.key)|\($0.value)" }
  }

  @Test func `what any common reader accepts is read`() {
    #expect(
      read("A=1\nexport B=2\n C = 3\nD: 4\n'E'=5\n\"F\": \"6\",\n") == [
        "A|1", "B|2", "C|3", "D|4", "E|5", "F|6",
      ])
    #expect(read("set -gx A 1\nset -x B=2\n") == ["A|1", "B|2"])
    #expect(
      read("A='single'\nB=\"dou\\\"ble\"\nC=`back`\n") == ["A|single", "B|dou\\\"ble", "C|back"])
    #expect(read("A=\"over\nlines\"\nB=2") == ["A|over\nlines", "B|2"])
    #expect(read("\u{FEFF}A=1\r\nB=2\r\n") == ["A|1", "B|2"])
    #expect(read("a.b-c=1") == ["a.b-c|1"])
  }

  @Test func `comments and blank lines are none`() {
    #expect(read("# A=1\n\n  # B=2\nC=3 # four\nD=a#b\nE=#\n") == ["C|3", "D|a#b", "E|"])
  }

  @Test func `a quote that does not end is a character`() {
    #expect(read("A='x\nB=2") == ["A|'x", "B|2"])
  }

  @Test func `what is no assignment is passed over`() {
    #expect(read("hello world\n=1\n{\n[section]\nuse flake\nA=1\n") == ["A|1"])
  }

  @Test func `any bytes are read without harm`() {
    for _ in 0..<300 {
      let bytes = (0..<200).map { _ in UInt8.random(in: 0...255) }
      _ = DotenvFile(bytes)
      _ = DotenvFile(bytes.map { "=\"'\n#: AB".utf8.randomElement() ?? $0 })
    }
  }
}

struct DotenvJudgementTests {
  private func keys(_ text: String, _ name: DotenvName = .values) -> [String] {
    DotenvJudgement(Array(text.utf8), name: name, state: .tracked, hasMatches: false).keys
  }

  @Test(arguments: [
    "DB_PASSWORD=hunter2", "PASS=hunter2", "MY_SECRET=q9w8", "API_TOKEN=abc", "apiKey=abcdef",
    "AWS_SECRET_ACCESS_KEY=wJalrXUtn/K7MDENG+bPxRfiCY", "SENTRY_DSN=https://k@host/1",
    "SMTP_PWD=x1y2",
    "CREDENTIALS=abc", "DATABASE_URL=postgres://u:p4ss@db/x",
    "REDIS_URL=redis://:s3cret@cache:6379",
    "PASSWORD=password", "SECRET_KEY_BASE=abc", "jwt.secret=abc", "PASSWORD2=abc",
    // Letters of both cases, as they come by chance.
    "KEY=pTTk5-LM4XJw1XxxXjqF3SSB",
  ])
  func `a value under a secret's name gives it away`(line: String) {
    let name = String(line.prefix { $0 != "=" })
    #expect(keys(line) == [name])
  }

  @Test(arguments: [
    "DB_PASSWORD=", "DB_PASSWORD=\"\"", "TOKEN=${OTHER}", "TOKEN=$OTHER", "TOKEN=$(cat x)",
    "SECRET={{ vault }}", "SECRET=<secret>", "KEY=%KEY%", "KEY=op://vault/item",
    "KEY=vault:secret/x",
    "KEY=sm://p/s", "KEY=projects/1/secrets/s/versions/1",
    "KEY=arn:aws:secretsmanager:eu:1:secret:x",
    "KEY=ref+vault://x", "KEY=process.env.X", "KEY=os.environ['X']", "KEY=secrets.X",
    "PASSWORD=true",
    "TOKEN=3600", "SECRET=localhost", "KEY=changeme", "API_KEY=your-api-key", "KEY=xxxxxxxx",
    "PASSWORD_FILE=/run/secrets/db", "KEY_PATH=./key.pem", "KEY=/etc/ssl/key.pem", "TOKEN_TTL=1h",
    "STRIPE_PUBLISHABLE_KEY=pk_abc", "RECAPTCHA_SITE_KEY=6Labc", "SSH_PUBLIC_KEY=AAAA",
    "DEBUG=true",
    "PORT=80", "MONKEY=banana", "URL=https://example.org", "URL=https://user@example.org",
    "DATABASE_URL=postgres://u:${PW}@db/x", "KEY=encrypted:BEabc", "KEY=ENC[AES256_GCM,data:x]",
    "SECRET_NAME=my-secret", "PASSWORD=********", "KEY=aaaa", "COMPASS=north", "KEYBOARD=us",
  ])
  func `what is empty, elsewhere, a switch, a number or a blank does not`(line: String) {
    #expect(keys(line) == [])
  }

  @Test(arguments: [
    "PASSWORD=password", "DB_PASSWORD=postgres", "SECRET=secret",
    "URL=postgres://app:app@localhost/x",
  ])
  func `in a form the usual words are blanks to fill in`(line: String) {
    #expect(keys(line, .template) == [])
    #expect(keys(line, .values).count == 1)
  }

  private func severity(
    _ text: String, _ name: DotenvName = .values, _ state: DotenvJudgement.State = .tracked,
    hasMatches: Bool = false, previous: [String] = []
  ) -> Severity? {
    DotenvJudgement(
      Array(text.utf8), name: name, state: state, hasMatches: hasMatches,
      previous: previous.map { Array($0.utf8) }
    ).severity
  }

  @Test func `the severity is that of what is in the file, then of how it stands`() {
    #expect(severity("DB_PASSWORD=hunter2") == .high)
    #expect(severity("A=1", hasMatches: true) == .high)
    #expect(severity("A=1") == .low)
    #expect(severity("A=1", .values, .unignored) == .medium)
    #expect(severity("", .values, .unignored) == .medium)
    #expect(severity("A=1", .template) == nil)
    #expect(severity("API_KEY=q9w8e7r6", .template) == .high)
    #expect(severity("A=1", .template, hasMatches: true) == .high)
  }

  @Test func `an encrypted file is all right, one plain value in it is not`() {
    let sops = "A=ENC[AES256_GCM,data:x]\nsops_mac=ENC[AES256_GCM,data:y]\n"
    #expect(severity(sops) == nil)
    #expect(severity(sops + "DB_PASSWORD=hunter2\n") == .high)
    #expect(severity("DOTENV_PUBLIC_KEY=02a\nA=encrypted:BE\n") == nil)
    #expect(severity("\0GITCRYPT\0xyz") == nil)
    #expect(severity("DOTENV_PRIVATE_KEY_CI=\(String(repeating: "ab", count: 32))", .keys) == .high)
  }

  @Test func `of a changed file only what is new counts`() {
    #expect(severity("A=2", previous: ["A=1"]) == nil)
    #expect(severity("A=2\nPW_SECRET=x1", previous: ["A=1\nPW_SECRET=x1"]) == nil)
    #expect(severity("A=2\nPW_SECRET=x2", previous: ["A=1\nPW_SECRET=x1"]) == .high)
  }
}

struct IgnoreAdviceTests {
  @Test(arguments: [
    ("plain", "plain"), ("with space", "'with space'"), ("it's", "'it'\\''s'"), ("-x", "'-x'"),
    ("", "''"), ("a/b.c", "a/b.c"), ("$x", "'$x'"),
  ])
  func `a path is one word of a command`(path: String, quoted: String) {
    #expect(ShellWord.quoted(Array(path.utf8)) == Array(quoted.utf8))
  }
}
