import BuiltInRules
import Files
import Foundation
import Git
import Inputs
import Model
import Scanning
import TestSupport
import Testing

/// Grouping, on items that were scanned from files.
struct GroupingTests {
  let folder = TemporaryFolder()

  private func grouped() async throws -> Grouped {
    let plan = Planner.plan(paths: [Array(folder.path.utf8)], options: Planner.Options())
    let tally = try await scan(plan, with: builtIn, options: ScanOptions(jobs: 2))
    return group(tally.items, by: builtIn.book)
  }

  @Test func `one secret is one finding with a place a path`() async throws {
    let key = LookAlike.apiKey()
    try folder.write("a", "x \(key)\ny \(key)\n")
    try folder.write("b", "\(key)")
    let findings = try await grouped().findings
    #expect(findings.count == 1)
    #expect(
      findings.first?.places.map { "\($0.path.visible):\($0.region?.line ?? 0)" } == ["a:1", "b:1"])
  }

  @Test func `one key in several encodings is one finding`() async throws {
    let key = LookAlike.apiKey()
    for (i, form) in Encoded.forms.enumerated() { try folder.write("f\(i)", form.write(key, 4)) }
    let findings = try await grouped().findings
    #expect(findings.count == 1 && findings.first?.places.count == Encoded.forms.count)
    #expect(findings.first?.confidence == .high)
  }

  @Test func `a private key is the same with line breaks and with their escapes`() async throws {
    let body = LookAlike.pemBody()
    try folder.write("a.pem", LookAlike.privateKey("", body: body))
    try folder.write(
      "b.json", LookAlike.privateKey("", body: body).replacingOccurrences(of: "\n", with: "\\n"))
    #expect(try await grouped().findings.count == 1)
  }

  @Test func `the rule that names a secret best names the finding, wherever it matched`()
    async throws
  {
    let body = LookAlike.pemBody()
    try folder.write("a.pem", LookAlike.privateKey("", body: body))
    try folder.write("b.json", LookAlike.serviceAccount(body: body))
    let finding = try #require(try await grouped().findings.first)
    #expect(finding.rule == RuleID("google.service-account-key"))
    #expect(finding.alsoMatched == [RuleID("pem.private-key")])
    #expect(finding.places.count == 2)
  }

  @Test func `the fingerprint of a strong secret is its own, that of a weak one its place's`()
    async throws
  {
    let rule = """
      provider: Test
      rules:
        - id: test.pin
          title: t
          description: d
          severity: high
          class: secret
          anchors: [pin=]
          pattern: 'pin=(?<secret>[0-9]{6})'
          lead: 0
          remediation: [r]
          examples: [pin=271828]
      """
    let book = try book(rule)
    func prints() async throws -> [Fingerprint] {
      let plan = Planner.plan(paths: [Array(folder.path.utf8)], options: Planner.Options())
      let tally = try await scan(plan, with: book, options: ScanOptions(jobs: 1))
      return group(tally.items, by: book.book).findings.map(\.fingerprint)
    }
    try folder.write("a", "pin=271828\n")
    let first = try await prints()
    try folder.write("a", "pin=314159\n")
    // Another value at the same place has the same name, so nobody can test a guess by it.
    #expect(try await prints() == first)
    // And one value in two files is two findings, for a weak secret may be one by chance.
    try folder.write("b", "pin=314159\n")
    #expect(try await prints().count == 2)
  }
}

struct OverlapTests {
  @Test func `an exact rule comes before one with keywords, that before one in any case`()
    async throws
  {
    let book = try book(
      """
      provider: Test
      rules:
        - {id: test.generic, title: t, description: d, severity: low, class: secret, any-case: true,
           anchors: [token], reach: 4, pattern: '[= ]{1,3}(?<secret>[a-z0-9_]{20,40})', remediation: [r], examples: [x]}
        - {id: test.keyword, title: t, description: d, severity: low, class: secret, keywords: [acme], within: 20,
           anchors: ['tk_'], pattern: '(?<secret>tk_[a-z0-9]{20,30})', remediation: [r], examples: [x]}
        - {id: test.exact, title: t, description: d, severity: low, class: secret,
           anchors: ['tk_x'], pattern: '(?<secret>tk_x[a-z0-9]{19})', remediation: [r], examples: [x]}
      """)
    let folder = TemporaryFolder()
    try folder.write("a", "acme token = tk_xq9w8e7r6t5y4u3i2o1p\n")
    let found = try matches(in: Array("acme token = tk_xq9w8e7r6t5y4u3i2o1p\n".utf8), with: book)
    #expect(
      Set(found.map { book.book.rules[$0.rule].id.description }) == [
        "test.generic", "test.keyword", "test.exact",
      ])
    let names = try await folder.findings(with: book).map { "\($0.rule) \($0.alsoMatched)" }
    #expect(names == ["test.exact [test.generic, test.keyword]"])
  }

  @Test func `of two alike the longer secret wins, then the one that supersedes`() async throws {
    func rule(_ id: String, _ pattern: String, _ more: String = "") -> String {
      "  - {id: test.\(id), title: t, description: d, severity: low, class: secret, anchors: ['tk_'], pattern: '(?<secret>\(pattern))', remediation: [r], examples: [x]\(more)}\n"
    }
    let head = "provider: Test\nrules:\n"
    let folder = TemporaryFolder()
    try folder.write("a", "tk_q9w8e7r6t5y4u3i2o1p0\n")
    let longer = try book(head + rule("a", "tk_[a-z0-9]{10}") + rule("b", "tk_[a-z0-9]{20}"))
    #expect(try await folder.findings(with: longer).map(\.rule) == [RuleID("test.b")])
    let superseding = try book(
      head + rule("a", "tk_[a-z0-9]{20}") + rule("b", "tk_[a-z0-9]{20}", ", supersedes: [test.a]"))
    #expect(try await folder.findings(with: superseding).map(\.rule) == [RuleID("test.b")])
  }
}

extension TemporaryFolder {
  /// What is found in the folder's file `a`.
  fileprivate func findings(with book: CompiledBook) async throws -> [Finding] {
    let plan = Planner.plan(paths: [Array(at("a").utf8)], options: Planner.Options())
    let tally = try await scan(plan, with: book, options: ScanOptions(jobs: 1))
    return group(tally.items, by: book.book).findings
  }
}

struct WorkQueueTests {
  @Test func `work that makes work is done once each, by however many workers`() async {
    for workers in [1, 2, 5] {
      let queue = WorkQueue([0], workers: workers)
      let done = await withTaskGroup(of: [Int].self) { group in
        for _ in 0..<workers {
          group.addTask {
            var mine: [Int] = []
            while let number = await queue.next() {
              mine.append(number)
              if number < 5000 {
                queue.add(2 * number + 1)
                queue.add(2 * number + 2)
              }
            }
            return mine
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      #expect(done.sorted() == Array(0...10_000))
    }
  }
}
