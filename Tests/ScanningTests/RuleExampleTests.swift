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
    #expect(failures.contains { $0.hasPrefix("non-example 1 is found, although it is none") })
    #expect(failures.contains { $0.hasPrefix("known miss 1 is found now") })
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
