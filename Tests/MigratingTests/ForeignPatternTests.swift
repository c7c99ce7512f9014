import Matching
import Migrating
import Testing

struct ForeignPatternTests {
  /// An expression as RE2 reads it, and how it is written for PCRE2 over bytes.
  @Test(arguments: [
    ("abc", "abc"),
    ("a.c", #"a[^\n]c"#),
    ("(?s)a.c", #"a[\x00-\xff]c"#),
    ("(?i)aWs_", "(?i:aWs)_"),
    ("(?i)foo(?-i)BARx", "(?i:foo)BARx"),
    ("a{+3}b", #"a\{+3\}b"#),
    ("(?i:aws)key", "(?:(?i:aws))key"),
    ("a|b", "a|b"),
    ("x(?:a|b)y", "x(?:a|b)y"),
    ("[a-z_-]{3,5}", #"[\-_a-z]{3,5}"#),
    (#"[\w-.]+"#, #"[\-.0-9A-Z_a-z]+"#),
    (#"[[:alpha:]\d]*?"#, "[0-9A-Za-z]*?"),
    ("(?U)a+", "a+?"),
    ("x{,3}", #"x\{,3\}"#),
    ("x{2}", "x{2}"),
    (#"\Qa.b\E"#, #"a\.b"#),
    (#"\x41\t\v"#, #"A\t\x0b"#),
    (#"a$"#, #"a\z"#),
    ("(?m)^a$", "(?m:^)a(?m:$)"),
    ("[^\"]", #"[^"]"#),
    ("[éa]", #"(?:a|\xc3\xa9)"#),
    ("(?P<name>a)(b)", "(?:a)(?:b)"),
    ("(?i)[a-c]", "[A-Ca-c]"),
    ("[]a]", #"[\]a]"#),
  ])
  func `an expression is written for PCRE2`(text: String, written: String) throws {
    #expect(try ForeignPattern(text).text(secret: nil) == written)
    _ = try Pattern(written)
  }

  @Test(arguments: [
    ("(?=a)", "looks around"), ("(?<!a)", "looks around"), (#"(a)\1"#, "refers back"),
    (#"\pL"#, "class of Unicode"), ("[á-ú]", "beyond ASCII"), ("(a", "not closed"),
    ("a)", "opens nowhere"), ("*a", "nothing to repeat"), ("a**", "is repeated"),
    ("[a", "is not closed"), ("x{2,1}", "impossible bounds"), ("x{1001}", "impossible bounds"),
    (#"\y"#, "is not known"), (#"a\"#, "ends with a backslash"), ("(?z)a", "flag “z”"),
    (String(repeating: "(", count: 200), "deep"),
  ])
  func `what cannot be said is refused with a reason`(text: String, reason: String) {
    let fault = #expect(throws: ForeignPattern.Fault.self) { try ForeignPattern(text) }
    #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
  }

  @Test func `flags end with their group`() throws {
    #expect(try ForeignPattern("(a(?i)b)c").text(secret: nil) == "(?:a(?i:b))c")
  }

  /// An expression, and the fixed texts that every match holds with how far before they begin.
  @Test(arguments: [
    ("ghp_[a-z]{36}", ["ghp_"], 0, false),
    ("gh[pso]_[a-z]{36}", ["gho_", "ghp_", "ghs_"], 0, false),
    ("[0-9]{4}-secret-[0-9]", ["-secret-"], 4, false),
    (#"\b(?:AKIA|ASIA)[A-Z]{16}\b"#, ["AKIA", "ASIA"], 0, false),
    ("(?i)Acme[_-]?key[a-z]{1,9}", ["acme-key", "acme_key", "acmekey"], 0, true),
    ("[a-z]{0,8}(?:abcd|[0-9]{2}efgh)x", ["abcd", "efgh"], 10, false),
    ("(?:foo){2,3}[a-z]", ["foofoo", "foofoofoo"], 0, false),
  ])
  func `fixed texts are found in it`(
    text: String, texts: [String], lead: Int, ignoresCase: Bool
  ) throws {
    let fixed = try #require(FixedText.best(of: ForeignPattern(text)))
    let found = fixed.texts.map { String(decoding: $0, as: UTF8.self) }.sorted()
    #expect(found == texts && fixed.lead == lead && fixed.ignoresCase == ignoresCase)
  }

  @Test(arguments: ["[a-z]{32}", "a|bcdef", "(?:abcdef)?[0-9]+", "ab[0-9]c"])
  func `an expression without fixed text has none`(text: String) throws {
    #expect(try FixedText.best(of: ForeignPattern(text)) == nil)
  }

  /// An expression about paths, and the patterns of ignore files that say the same.
  @Test(arguments: [
    (#"\.pem$"#, ["*.pem"]),
    ("^vendor/", ["/vendor/"]),
    ("(^|/)vendor/", ["vendor/"]),
    ("node_modules/", ["*node_modules/"]),
    ("package-lock.json", ["*package-lock?json*"]),
    (#"^docs/.*\.md$"#, ["/docs/*.md", "/docs/*/**/*.md"]),
    (#"(.*?)(jpg|png)$"#, ["*jpg", "*png"]),
    (#"src/test"#, ["**/*src/test*"]),
    (#"/fixtures/"#, ["*/**/fixtures/"]),
    (#"a[^b]c$"#, ["*a[!b]c"]),
    (#"\.ya?ml$"#, ["*.yml", "*.yaml"]),
    (#"^tests/[^/]+/data$"#, ["/tests/*/data"]),
    (#"a[*]b"#, [#"*a\*b*"#]),
  ])
  func `an expression about paths becomes patterns of ignore files`(
    text: String, globs: [String]
  ) throws {
    #expect(try PathGlobs.globs(for: ForeignPattern(text)) == globs)
  }

  @Test(arguments: [
    #"\w+\.js"#, ".*", #"\bfoo"#, "(?i)", "[a-z]+/x", "^scripts/[^.]+$", "[^a]*doc", "^vendor/$",
    "a\u{202E}b", #"c\x{FFFE}"#,
    "(?:(?:(?:(?:(?:(?:(?:(?:(?:(?:(?:a){4}){4}){4}){4}){4}){4}){4}){4}){4}){4}){4}",
  ])
  func `what ignore files cannot say is not guessed`(text: String) throws {
    #expect(try PathGlobs.globs(for: ForeignPattern(text)) == nil)
  }
}
