import BuiltInRules
import Rules
import Scanning
import Testing

struct RuleExampleTests {
  @Test(arguments: RuleBook.builtIn.rules.map(\.id.description))
  func `every example of the rule comes out as it says`(id: String) throws {
    let rule = try #require(RuleBook.builtIn.rules.first { $0.id.description == id })
    var examples = try RuleExamples(builtIn)
    let failures = try examples.failures(of: rule)
    #expect(failures.isEmpty)
  }

  @Test func `where two rules meet, one of them is known to be better`() throws {
    var examples = try RuleExamples(builtIn)
    let failures = try examples.undecided(among: RuleBook.builtIn.rules)
    #expect(failures.isEmpty)
  }

  @Test
  func
    `an example that fails, a non-example that is found and a known miss that is found are told`()
    throws
  {
    let wrong = try book(
      """
      provider: Test
      rules:
        - id: test.token
          title: t
          description: d
          severity: low
          class: token
          anchors: [tst_]
          pattern: '(?<secret>tst_[a-z0-9]{8})'
          remediation: [r]
          examples: [tst_short]
          non-examples: [{text: 'tst_a1b2c3d4', because: it is none}]
          known-misses: [tst_q9w8e7r6]
      """)
    var examples = try RuleExamples(wrong)
    let failures = try examples.failures(of: wrong.book.rules[0]).map(\.message)
    #expect(failures.count == 3)
    #expect(failures.contains { $0.hasPrefix("example 1 is not found") })
    #expect(
      failures.contains { $0.hasPrefix("non-example 1 is found with high confidence, although it") }
    )
    #expect(failures.contains { $0.hasPrefix("known miss 1 is found now") })
  }

  /// What is changed in a rule, its example, and why that is not found.
  @Test(arguments: [
    ("", "no token", "its anchor “tst_” does not stand in it"),
    ("", "tst_short", "the pattern matches nowhere in it"),
    ("not-after: word", "tst_a1b2c3d4x", "what stands after the match is in “not-after”"),
    ("not-before: word", "xtst_a1b2c3d4", "what stands before the match is in “not-before”"),
    ("keywords: [acme]", "tst_a1b2c3d4", "none of its keywords stands within 50"),
    ("filters: {entropy: 6.0}", "tst_a1b2c3d4", "bits a byte, and “entropy” asks for 6.0"),
    ("filters: {placeholders: [tst_a1b2c3d4]}", "tst_a1b2c3d4", "it is taken for a placeholder"),
    ("filters: {except: ['1b2']}", "tst_a1b2c3d4", "one of its “filters” does not admit it"),
    ("names: ['*.toml']", "tst_a1b2c3d4", "its path, example.txt, is none of the rule's “names”"),
    (
      "companions: [{rule: test.id, within: 40, required: true}]", "tst_a1b2c3d4",
      "there is no test.id within 40 bytes"
    ),
  ])
  func `why an example is not found is told`(key: String, text: String, why: String) throws {
    let wrong = try book(
      """
      provider: Test
      rules:
        - id: test.token
          title: t
          description: d
          severity: low
          class: token
          anchors: [tst_]
          pattern: '(?<secret>tst_[a-z0-9]{8})'
          remediation: [r]
          examples: ['\(text)']
          \(key)
          \(key.hasPrefix("keywords") ? "within: 50" : "")
        - id: test.id
          title: t
          description: d
          severity: low
          class: identifier
          role: companion
          pattern: '(?<secret>tid_[a-z]{4})'
      """)
    var examples = try RuleExamples(wrong)
    let failure = try #require(try examples.failures(of: wrong.book.rules[0]).first)
    #expect(failure.message.contains(why), "\(failure.message)")
    #expect(failure.text == .example && failure.position == 0)
  }

  @Test(arguments: [true, false])
  func `examples that a wrong checksum hides are told`(isWrong: Bool) throws {
    let wrong = try book(
      """
      provider: Test
      rules:
        - id: test.token
          title: t
          description: d
          severity: low
          class: token
          anchors: [tst_]
          pattern: '(?<secret>tst_[A-Za-z0-9]{36})'
          filters: {checksum: {kind: crc32-base62}}
          remediation: [r]
          examples: ['tst_{alnum 36}'\(isWrong ? "" : ", 'tst_{alnum 30}{crc32 6}'")]
      """)
    var examples = try RuleExamples(wrong)
    let failures = try examples.failures(of: wrong.book.rules[0])
    #expect(failures.count == (isWrong ? 1 : 0))
    #expect(failures.allSatisfy { $0.message.contains("because its checksum is wrong") })
  }

  @Test func `two rules that nothing tells apart are told`() throws {
    let twins = try book(
      """
      provider: Test
      rules:
      \(["a", "b"].map { name in
        """
          - id: test.\(name)
            title: t
            description: d
            severity: low
            class: token
            anchors: [tst_]
            pattern: '(?<secret>tst_[a-z0-9]{8})'
            remediation: [r]
            examples: [tst_q9w8e7r6]
        """
      }.joined(separator: "\n"))
      """)
    var examples = try RuleExamples(twins)
    let failures = try examples.undecided(among: twins.book.rules)
    #expect(failures.first?.message.contains("test.a and test.b alike") == true)
  }
}
