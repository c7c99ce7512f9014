import Documents
import Migrating
import Model
import Testing

struct ForeignFileTests {
  private func configuration(_ text: String) throws -> ForeignConfiguration {
    try ForeignConfiguration.read(Array(text.utf8), file: ".gitleaks.toml")
  }

  @Test func `a configuration is read whole, its keys in any case`() throws {
    let read = try configuration(
      """
      title = "ours"
      [extend]
      useDefault = true
      disabledRules = ["generic-api-key"]
      [[rules]]
      id = "acme"
      description = "Acme token"
      regex = '''acme_([a-z0-9]{20})'''
      secretGroup = 1
      Entropy = 3.5
      keywords = ["acme_"]
      [[rules.allowlists]]
      condition = "AND"
      paths = ['''^docs/''']
      stopwords = ["example"]
      [allowlist]
      regexTarget = "line"
      regexes = ["x"]
      """)
    #expect(read.extendsDefault && read.disabledRules == ["generic-api-key"])
    let rule = try #require(read.rules.first)
    #expect(rule.id == "acme" && rule.secretGroup == 1 && rule.entropy == 3.5)
    #expect(rule.allowlists.first?.needsAll == true)
    #expect(read.allowlists.first?.target == .line && read.left.isEmpty)
  }

  @Test func `of two rules with one id the later counts, and strange keys are told`() throws {
    let read = try configuration(
      """
      [[rules]]
      id = "a"
      regex = "first"
      [[rules]]
      id = "a"
      regex = "second"
      severity = "high"
      """)
    #expect(read.rules.map(\.regex) == ["second"])
    #expect(read.left.map(\.place) == ["rules[1].severity"])
  }

  @Test(arguments: [
    ("[[rules]]\nregex = 'a'", "gitleaks 7 or older"),
    ("[whitelist]\nfiles = ['a']", "gitleaks 7 or older"),
    ("a = \n", "this is no TOML"),
    ("[allowlist]\n[allowlist]\n", "this is no TOML"),
    ("a = [[[[" + String(repeating: "[", count: 100_000), "this is no TOML"),
    (String(repeating: "a.", count: 100_000) + "b = 1", "more than 32 parts"),
    ("'a'" + String(repeating: ".a", count: 100_000) + " = 1", "more than 32 parts"),
    ("a = 1\n\u{0}[allowlist]\n", "a byte 0"),
    (String(repeating: "x", count: 5 << 20), "more than 4194304 bytes"),
    (
      "[allowlist]\npaths = [\(String(repeating: "'a',", count: 5001))]",
      "more than 5000 rules and expressions"
    ),
  ])
  func `what is none is refused with its place`(text: String, says: String) {
    let error = #expect(throws: DocumentError.self) { try configuration(text) }
    #expect(error?.description.hasPrefix(".gitleaks.toml") == true)
    #expect(error?.message.contains(says) == true, "\(error?.message.prefix(200) ?? "")")
  }

  @Test(arguments: [
    "condition = \"ALL\"\npaths = ['a']\nregexes = ['b']",
    "regexTarget = \"Line\"\nregexes = ['b']",
    "condition = \"AND\"\npaths = ['a']\nregexes = [['b']]",
  ])
  func `a list that gitleaks would refuse is not taken for another`(text: String) throws {
    let read = try configuration("[[allowlists]]\n\(text)\n")
    #expect(read.allowlists.isEmpty && read.left.count == 1)
  }

  @Test(arguments: ["1e300", "inf", "nan", "\"nan\"", "1.5"])
  func `a group that is no number costs its rule alone`(number: String) throws {
    let read = try configuration(
      """
      [[rules]]
      id = 'a'
      regex = 'a'
      secretGroup = \(number)
      [[rules]]
      id = 'b'
      regex = 'b'
      """)
    #expect(read.rules.map(\.id) == ["b"] && read.left.count == 1)
  }

  @Test func `a configuration is laid over the one that it builds on`() throws {
    let base = try configuration(
      "[[rules]]\nid = \"a\"\nregex = \"one\"\nkeywords = [\"k\"]\n[[rules]]\nid = \"b\"\nregex = \"b\""
    )
    var top = try configuration(
      "[extend]\npath = \"x\"\ndisabledRules = [\"b\"]\n[[rules]]\nid = \"a\"\nkeywords = [\"l\"]")
    top.add(base: base)
    #expect(top.rules.map(\.id) == ["a"])
    #expect(top.rules.first?.regex == "one" && top.rules.first?.keywords == ["k", "l"])
  }

  @Test func `an ignore file is read line by line`() {
    let commit = String(repeating: "a1", count: 20)
    let read = ForeignEntries.ignoreFile(
      Array(
        """
        # known
        src/a.env:generic-api-key:3
          \(commit):src\\b.env:aws-access-token:14\u{20}
        C:\\x\\c.env:jwt:2
        testdata/
        \(commit) # why
        {"a":1}
        """.utf8), file: ".gitleaksignore")
    #expect(read.entries.map(\.rule) == ["generic-api-key", "aws-access-token", "jwt"])
    #expect(read.entries.map(\.line) == [3, 14, 2])
    #expect(read.entries.map(\.commit) == [nil, commit, nil])
    #expect(read.entries[1].path == Array("src/b.env".utf8))
    #expect(read.entries[2].path == Array("C:/x/c.env".utf8))
    #expect(read.left.map(\.place) == [5, 6, 7].map { ".gitleaksignore:\($0)" })
  }

  @Test func `a report is a list of what is known, with its secrets unless they are redacted`()
    throws
  {
    let commit = String(repeating: "C0FFEE12", count: 5)
    let text = """
      [{"RuleID":"a","File":"x","Commit":"","StartLine":4,"Secret":"hunter2hunter2","Other":{}},
       {"RuleID":"b","File":"y","Commit":"\(commit)","StartLine":1,"Secret":"REDACTED"}]
      """
    let read = try ForeignEntries.report(Array(text.utf8), file: "leaks.json")
    #expect(read.entries[0].means(Secret(Array("hunter2hunter2".utf8))))
    #expect(read.entries[0].means(Secret(Array("unter2hunter2".utf8))))
    #expect(!read.entries[0].means(Secret(Array("another".utf8))))
    #expect(read.entries[1].secret == nil && read.entries[1].commit == commit.lowercased())
    // What could name a revision, and a piece that many secrets share, tell nothing.
    let revision = #"[{"RuleID":"b","File":"y","Commit":":/x"}]"#
    #expect(
      try ForeignEntries.report(Array(revision.utf8), file: "l").entries[0].commit == nil)
    #expect(!read.entries[0].means(Secret(Array("hunter2hunter2hunter2".utf8))))
    #expect(!"\(read.entries[0])".contains("hunter2"))
    #expect(try ForeignEntries.report(Array("null".utf8), file: "l").entries.isEmpty)
    let error = #expect(throws: DocumentError.self) {
      try ForeignEntries.report(Array(#"[{"File":"x"}]"#.utf8), file: "leaks.json")
    }
    #expect(error?.message == "this is no report of gitleaks 8: “RuleID” is missing at [0]")
  }

  @Test func `a baseline of detect-secrets is read with its digests, its marks and its paths`()
    throws
  {
    // The SHA-1 of “hunter2hunter2”.
    let digest = "3f5b6d3ac6ad9b1c5a8d1a0a0e0b0c0d0e0f0a0b"
    let text = """
      {"version":"1.5.0","plugins_used":[{"name":"A"}],
       "filters_used":[{"path":"detect_secrets.filters.regex.should_exclude_file","pattern":["a/"]},
        {"path":"detect_secrets.filters.regex.should_exclude_line","pattern":["x"]},
        {"path":"detect_secrets.filters.gibberish.should_exclude_secret","limit":3.7}],
       "results":{"b\\\\c.py":[{"type":"Secret Keyword","filename":"b","hashed_secret":"\(digest)",
        "is_verified":false,"line_number":7,"is_secret":false}]}}
      """
    let read = try ForeignEntries.secretsBaseline(Array(text.utf8), file: ".secrets.baseline")
    #expect(read.entries.first?.path == Array("b/c.py".utf8))
    #expect(read.entries.first?.digest?.count == 20)
    #expect(read.entries.first?.note == "audited as no secret")
    #expect(read.pathPatterns.map(\.pattern) == ["a/"])
    #expect(read.left.map(\.place) == ["filters_used[1]"])
    #expect(throws: DocumentError.self) {
      try ForeignEntries.secretsBaseline(Array("{}".utf8), file: "x")
    }
  }

  @Test func `a digest means the secret that it is of`() throws {
    let secret = Secret(Array("hello".utf8))
    var entry = ForeignEntry(source: "x", rule: "r", path: [])
    entry.digest = [
      0xAA, 0xF4, 0xC6, 0x1D, 0xDC, 0xC5, 0xE8, 0xA2, 0xDA, 0xBE, 0xDE, 0x0F, 0x3B, 0x48, 0x2C,
      0xD9, 0xAE, 0xA9, 0x43, 0x4D,
    ]
    #expect(entry.means(secret) && !entry.means(Secret(Array("other".utf8))))
  }
}
