import BuiltInRules
import Files
import Foundation
import Inputs
import Matching
import Model
import Rules
import Scanning
import TestSupport
import Testing

/// What belongs to a secret, and to whom a secret belongs.
struct BelongingTests {
  let folder = TemporaryFolder()

  private func grouped(
    _ book: CompiledBook = builtIn, keepsBelongings: Bool = true
  ) async throws -> Grouped {
    let plan = Planner.plan(paths: [Array(folder.path.utf8)], options: Planner.Options())
    var options = ScanOptions(jobs: 2)
    options.keepsBelongings = keepsBelongings
    let tally = try await scan(plan, with: book, options: options)
    return group(tally.items, by: book.book)
  }

  private func pair(_ number: Int) -> (id: String, secret: String) {
    (
      FillIn.expand("AKIA{base32 16}", seed: "id \(number)"),
      FillIn.expand("{base64 39}Q", seed: "secret \(number)")
    )
  }

  @Test func `the id of a key is kept if somebody asks for it`() async throws {
    let (id, secret) = pair(1)
    try folder.write("a", "aws_access_key_id = \(id)\naws_secret_access_key = \(secret)\n")
    let found = try await grouped()
    let finding = try #require(found.findings.first)
    #expect(finding.rule == RuleID("aws.access-key"))
    #expect(
      found.belongings == [
        finding.fingerprint: [
          Belonging(rule: RuleID("aws.access-key-id"), secret: Secret(Array(id.utf8)))
        ]
      ])
    #expect(found.contested.isEmpty)
    #expect(try await grouped(keepsBelongings: false).belongings.isEmpty)
  }

  @Test func `an id is kept as it reads, whatever it was written in`() async throws {
    let (id, secret) = pair(2)
    let text = "{\"AccessKeyId\": \"\(id)\", \"SecretAccessKey\": \"\(secret)\"}"
    try folder.write("a.json", "\"config\": \"\(Data(text.utf8).base64EncodedString())\"")
    let found = try await grouped()
    #expect(found.belongings.values.flatMap(\.self).map(\.secret.exposed) == [Array(id.utf8)])
  }

  @Test func `the place of a webhook stands in its address, and belongs to it`() async throws {
    let place = FillIn.expand("T{upnum 10}/B{upnum 10}", seed: "place")
    let secret = FillIn.expand("{alnum 24}", seed: "webhook")
    try folder.write("a", "url = https://hooks.slack.com/services/\(place)/\(secret)\n")
    let found = try await grouped()
    #expect(found.findings.first?.rule == RuleID("slack.webhook"))
    #expect(found.belongings.values.flatMap(\.self).map(\.secret.exposed) == [Array(place.utf8)])
  }

  @Test func `of several ids the one that stands beside it most often comes first`() async throws {
    let (id, secret) = pair(3)
    let other = pair(4).id
    for (i, one) in [other, id, id].enumerated() {
      try folder.write("f\(i)", "\(one)\n\(secret)\n")
    }
    let found = try await grouped()
    #expect(
      found.belongings.values.flatMap(\.self).map(\.secret.exposed)
        == [Array(id.utf8), Array(other.utf8)])
  }

  // MARK: Contested

  private func rule(
    _ id: String, _ anchor: String, supersedes: String? = nil
  ) -> String {
    """
      - id: own.\(id)
        title: t
        description: d
        severity: high
        class: token
        anchors: [\(anchor)]
        any-case: true
        assigned-to: '\(anchor)_key'
        pattern: '(?<secret>[a-z0-9]{20})'
        remediation: r
        examples: [\(anchor)_key=x]
    \(supersedes.map { "    supersedes: [own.\($0)]\n" } ?? "")
    """
  }

  private func book(_ rules: String...) throws -> CompiledBook {
    let text = "provider: Own\nrules:\n" + rules.joined(separator: "\n")
    let reading = RuleFile.read(text, file: "own.yml", prefix: "own")
    #expect(reading.errors.isEmpty, "\(reading.errors)")
    return try CompiledBook(RuleBook(reading.rules))
  }

  private let value = FillIn.expand("{lownum 20}", seed: "contested")

  @Test func `bytes that two rules claim alike are contested`() async throws {
    try folder.write("a", "some_key=\(value)\n")
    let alike = try book(rule("one", "some"), rule("two", "ome"))
    let decided = try book(rule("one", "some"), rule("two", "some", supersedes: "one"))
    let contested = try book(rule("one", "some"), rule("two", "some"))
    for (book, isContested) in [(alike, false), (decided, false), (contested, true)] {
      let found = try await grouped(book)
      let finding = try #require(found.findings.first)
      #expect(found.findings.count == 1)
      #expect(found.contested.contains(finding.fingerprint) == isContested)
    }
  }

  @Test func `a secret that two files give to two providers is contested`() async throws {
    let book = try book(rule("one", "some"), rule("two", "other"))
    try folder.write("a", "some_key=\(value)\n")
    #expect(try await grouped(book).contested.isEmpty)
    try folder.write("b", "other_key=\(value)\n")
    let found = try await grouped(book)
    #expect(found.findings.count == 1 && found.contested.count == 1)
  }
}

struct ControlTests {
  @Test func `a made-up secret is one of its rule, checksum and all`() throws {
    var examples = try RuleExamples(builtIn)
    for (id, check) in RuleBook.builtInLiveChecks {
      var rule = try #require(RuleBook.builtIn[id])
      rule.liveCheck = check
      #expect(try examples.failures(of: rule).isEmpty, "\(id)")
    }
  }

  @Test func `a made-up secret whose checksum is wrong is told`() throws {
    var rule = try #require(RuleBook.builtIn[RuleID("github.token")])
    let check = try #require(RuleBook.liveCheck(of: rule))
    rule.liveCheck = LiveCheck(
      provider: check.provider, effect: check.effect,
      controls: ["ghp_{alnum 30}{crc32 6}", "ghp_{alnum 36}"], request: check.request,
      answers: check.answers)
    var examples = try RuleExamples(builtIn)
    let failures = try examples.failures(of: rule)
    #expect(failures.map(\.text) == [.control] && failures.map(\.position) == [1])
    #expect(failures.first?.message.contains("could tell the made-up secret") == true)
  }
}
