import Model
import Reporting
import Testing

struct HTMLReportTests {
  private static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
    "</style></pre></title><svg onload=alert(1)>", "&lt;b&gt;", "-->", "a\u{202E}b\u{1B}[31m\n",
  ]

  private func document(_ report: Report, showsSecrets: Bool = false) -> String {
    String(decoding: HTMLReport(report, showsSecrets: showsSecrets).document(), as: UTF8.self)
  }

  // MARK: Foreign text

  @Test(arguments: hostile)
  func `what a scanned file says cannot act`(text: String) {
    let html = document(.sample(text: text))
    #expect(!html.contains(text))
    #expect(!html.contains("\u{202E}") && !html.contains("\u{1B}"))
    // Between its own tags and attributes nothing of it is markup: without them none is left.
    let plain = document(.sample(text: "plain"))
    #expect(tags(of: html) == tags(of: plain))
  }

  @Test func `escapes are written for the characters of HTML`() {
    let html = document(.sample(text: "a&b<c>d\"e'f"))
    #expect(html.contains("a&amp;b&lt;c&gt;d&quot;e&#39;f"))
  }

  @Test func `bytes that are not UTF-8 and marks that cut a character are shown`() {
    var report = Report.sample(text: "x")
    let line = Frame.Line(number: 4, text: ForeignText([0xC3, 0xA9, 0xFF]), marked: 1..<9)
    report.findings[0].places[0].frame = Frame(lines: [line])
    #expect(document(report).contains(#"\xc3<mark>\xa9\xff</mark>"#))
  }

  // MARK: What is in the document

  @Test func `every finding, place, gap and hint is in the document`() {
    let report = Report.sample(text: "subject")
    let html = document(report)
    for finding in report.findings {
      #expect(html.contains("id='finding-\(finding.fingerprint)'"))
      #expect(html.contains(finding.title) && html.contains(finding.rule.description))
      for place in finding.places { #expect(html.contains("\(place.path.visible)</bdi>:7:3")) }
      for step in finding.advice + finding.notes + finding.repair {
        #expect(html.contains(step.visible))
      }
    }
    for gap in report.coverage.gaps {
      #expect(html.contains(gap.subject.visible) && html.contains(gap.reason.visible))
    }
    for hint in report.hints { #expect(html.contains(hint.text.visible)) }
    for suppression in report.suppressed {
      #expect(html.contains(suppression.finding.fingerprint.description))
    }
    #expect(html.contains("<h1>2 findings: 1 critical, 1 low</h1>"))
    #expect(html.contains("Read through base64, percent."))
    #expect(html.contains("Gone with commit <code>cccccccccccc</code>"))
    #expect(html.contains("2019-03-01T00:00:00Z"))
  }

  @Test func `an empty report says that nothing was found and that everything was read`() {
    var report = Report.sample(text: "x")
    report.findings = []
    report.coverage.gaps = []
    report.isPartial = false
    report.notes = []
    let html = document(report)
    #expect(html.contains("<h1>No secret found in what was read</h1>"))
    #expect(html.contains("Everything was read."))
    #expect(!html.contains("<svg") && !html.contains("<article") && !html.contains("<form"))
  }

  @Test func `what keeps a report from being the whole truth is said at its head`() {
    let html = document(.sample(text: "x"))
    let head = html.components(before: "<main>")
    #expect(head.contains("The run was interrupted"))
    #expect(head.contains("Not everything could be read: 1 failure."))
    #expect(head.contains("Not everything was read: 3 gaps."))
  }

  @Test func `what no push sends is counted apart`() {
    var report = Report.sample(text: "x")
    for i in report.findings[1].places.indices {
      report.findings[1].places[i].standsIn = [.stash]
    }
    let html = document(report)
    #expect(html.contains("<h1>1 finding: 1 critical; 1 more that a push does not send</h1>"))
    #expect(html.contains("stash (a push does not send this)"))
  }

  @Test func `a secret is shown whole only when asked for`() {
    let report = Report.sample(text: "x")
    #expect(document(report).contains("<code>AIza…(20)</code>"))
    #expect(!document(report).contains("SyExample"))
    #expect(document(report, showsSecrets: true).contains("<code>AIzaSyExampleExample</code>"))
  }

  // MARK: What the document may do

  @Test func `no link leads anywhere but to the document and to references`() {
    let html = document(.sample(text: "https://evil.example/"))
    let links = values(of: "href", in: html)
    #expect(links.contains("https://good.example/a?b=1&amp;c=2"))
    for link in links where !link.hasPrefix("#") {
      #expect(link == "https://good.example/a?b=1&amp;c=2")
    }
    let ids = Set(values(of: "id", in: html))
    for link in links where link.hasPrefix("#") {
      #expect(ids.contains(String(link.dropFirst())), "\(link) leads nowhere")
    }
    for attribute in ["src", "style", "action", "onclick"] {
      #expect(values(of: attribute, in: html).isEmpty)
    }
  }

  @Test func `the policy lets through this style sheet and this script, nothing else`() throws {
    let html = document(.sample(text: "x"))
    #expect(html.contains("default-src 'none'; base-uri 'none'; form-action 'none'; "))
    #expect(!html.contains("unsafe-"))
    for name in ["style", "script"] {
      let text = html.components(after: "<\(name)>").components(before: "</\(name)>")
      let hash = SHA256.base64(of: Array(text.utf8))
      #expect(html.contains("\(name)-src 'sha256-\(hash)'"), "the hash is sha256-\(hash)")
    }
  }

  // MARK: The time line

  @Test func `the time line counts what came in and what was taken out`() {
    let html = document(.sample(text: "x"))
    let table = html.components(after: "<table>").components(before: "</table>")
    #expect(table.contains("'row'>2019-01-07</th><td>1</td><td>0</td><td>1</td>"))
    #expect(table.contains("'row'>2019-07-01</th><td>0</td><td>1</td><td>0</td>"))
    #expect(html.contains("Of 1 secret more there is no date to believe."))
  }

  @Test func `dates that cannot be true do no harm`() {
    for date in [Int.max, -1, 4_102_444_800] {
      var report = Report.sample(text: "x")
      report.findings[0].places[0].past?.last = date
      report.findings[1].places[0].past?.first = 0
      report.findings[1].places[0].past?.last = 4_102_444_799
      #expect(document(report).contains("<svg"))
    }
  }

  // MARK: Reading HTML

  /// The tags of a document, without what stands between them and without the values of their
  /// attributes.
  private func tags(of html: String) -> [String] {
    var tags: [String] = []
    var tag: String?
    var quote: Character?
    for character in html.components(after: "</style>").components(before: "<script>\n") {
      if let end = quote {
        if character == end { quote = nil }
      } else if tag != nil {
        switch character {
        case ">":
          tags.append(tag ?? "")
          tag = nil
        case "'", "\"": quote = character
        default: tag?.append(character)
        }
      } else if character == "<" {
        tag = ""
      }
    }
    return tags
  }

  private func values(of attribute: String, in html: String) -> [String] {
    var values: [String] = []
    var rest = Substring(html.components(after: "</head>"))
    while let start = rest.firstRange(of: " \(attribute)='") {
      rest = rest[start.upperBound...]
      values.append(String(rest.prefix { $0 != "'" }))
    }
    return values
  }
}

extension StringProtocol {
  /// What stands after the first `mark`; nothing if there is none.
  fileprivate func components(after mark: String) -> String {
    guard let range = firstRange(of: mark) else { return "" }
    return String(self[range.upperBound...])
  }

  /// What stands before the first `mark`; everything if there is none.
  fileprivate func components(before mark: String) -> String {
    guard let range = firstRange(of: mark) else { return String(self) }
    return String(self[..<range.lowerBound])
  }
}

extension Report {
  /// Two findings in four places, four gaps and a hint, with `text` wherever a scanned file could
  /// have put it.
  fileprivate static func sample(text: String) -> Report {
    let foreign = ForeignText(text)
    func fingerprint(_ byte: UInt8) -> Fingerprint {
      Fingerprint(prefixOf: [UInt8](repeating: byte, count: 16))
    }
    var place = Place(
      target: 0, path: foreign,
      region: Region(line: 7, column: 3, endLine: 7, endColumn: 23, offset: 90, length: 20),
      commit: String(repeating: "a", count: 40), blob: String(repeating: "b", count: 40),
      decoded: ["base64", "percent"], standsIn: [.history],
      frame: Frame(lines: [
        Frame.Line(number: 6, text: foreign, marked: nil),
        Frame.Line(number: 7, text: foreign, marked: 2..<5),
      ]))
    var past = Past(versions: 2)
    past.author = foreign
    past.subject = foreign
    past.date = 1_551_398_400  // 2019-03-01
    past.first = 1_546_819_200  // 2019-01-07
    past.last = 1_561_939_200  // 2019-07-01
    past.removed = String(repeating: "c", count: 40)
    place.past = past
    var bare = place
    bare.past = Past(versions: 1)
    func finding(_ severity: Severity, _ byte: UInt8, _ places: [Place]) -> Finding {
      var finding = Finding(
        rule: RuleID("google.api-key"), title: "Google API key", provider: "Google",
        severity: severity, confidence: .high,
        secret: Secret(Array("AIzaSyExampleExample".utf8), fixedPrefix: 4),
        fingerprint: fingerprint(byte), alsoMatched: [RuleID("generic.key")],
        advice: [foreign], notes: [foreign], places: places)
      finding.repair = [foreign, ForeignText("git gc --prune=now")]
      return finding
    }
    var coverage = Coverage()
    coverage.alternates = [foreign]
    coverage.gaps =
      [Gap(.damaged, subject: foreign, reason: foreign)]
      + (0..<3).map { Gap(.opaque, subject: ForeignText("\(text) \($0)"), reason: foreign) }
    return Report(
      toolVersion: "1.2.3", rules: 2,
      targets: [Target(path: foreign, kind: .part, head: nil, part: foreign)],
      coverage: coverage,
      findings: [finding(.critical, 1, [place]), finding(.low, 2, [bare, bare, bare])],
      hints: [Hint(subject: foreign, text: foreign)],
      suppressed: [
        Suppression(finding(.low, 3, []), by: .allow, source: foreign, note: foreign)
      ],
      isPartial: true,
      notes: [
        RuleNote(
          id: RuleID("google.api-key"), title: "Google API key", provider: "Google",
          severity: .high, description: text, help: [text],
          references: [
            "https://good.example/a?b=1&c=2", "javascript:alert(1)", "http://x.example/",
            "https://x.example/ ' onclick='alert(1)",
          ])
      ], status: .found)
  }
}

/// The hash that a policy names; swift-crypto is more than these tests need.
private enum SHA256 {
  static func base64(of bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let hash = digest(of: bytes) + [0]
    // Thirty-two bytes make forty-three digits and a sign that one is missing.
    let text = stride(from: 0, to: 33, by: 3).flatMap { i in
      let group = Int(hash[i]) << 16 | Int(hash[i + 1]) << 8 | Int(hash[i + 2])
      return [18, 12, 6, 0].map { digits[group >> $0 & 63] }
    }
    return String(text.prefix(43)) + "="
  }

  private static func digest(of bytes: [UInt8]) -> [UInt8] {
    let primes = (2...311).filter { n in (2..<n).allSatisfy { n % $0 != 0 } }
    func fraction(_ root: Double) -> UInt32 {
      UInt32((root - root.rounded(.down)) * 4_294_967_296)
    }
    let constants = primes.map { cubeRootFraction($0) }
    var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
    var message = bytes + [0x80]
    while message.count % 64 != 56 { message.append(0) }
    let length = UInt64(bytes.count * 8)
    message += (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
    func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    for block in stride(from: 0, to: message.count, by: 64) {
      var w = (0..<16).map { i in
        message[(block + 4 * i)..<(block + 4 * i + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      }
      for i in 16..<64 {
        let (x, y) = (w[i - 15], w[i - 2])
        let a = rotated(x, 7) ^ rotated(x, 18) ^ x >> 3
        let b = rotated(y, 17) ^ rotated(y, 19) ^ y >> 10
        w.append(w[i - 16] &+ a &+ w[i - 7] &+ b)
      }
      var s = state
      for i in 0..<64 {
        let e = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)
        let choice = s[4] & s[5] ^ ~s[4] & s[6]
        let one = s[7] &+ e &+ choice &+ constants[i] &+ w[i]
        let a = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)
        let majority = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]
        s = [one &+ a &+ majority, s[0], s[1], s[2], s[3] &+ one, s[4], s[5], s[6]]
      }
      for i in 0..<8 { state[i] = state[i] &+ s[i] }
    }
    return state.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
    }
  }

  /// The first 32 bits of the fraction of a cube root, in whole numbers.
  private static func cubeRootFraction(_ number: Int) -> UInt32 {
    // The largest x with x³ ≤ number · 2⁹⁶ is the root times 2³².
    var root: UInt128 = 0
    for bit in (0..<36).reversed() {
      let next = root | 1 << UInt128(bit)
      if next * next * next <= UInt128(number) << 96 { root = next }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
