import BuiltInRules
import Bytes
import Foundation
import Matching
import Model
import Rules
import TestSupport
import Testing

struct RuleFileTests {
  let folder = TemporaryFolder()

  /// A rule file that is right, to be broken by a test.
  static let good = """
    provider: Example
    rules:
      - id: example.token
        title: Example token
        description: Opens the example.
        severity: high
        class: secret
        anchors: [exm_]
        pattern: '(?<secret>exm_[a-z0-9]{20})'
        not-before: word
        not-after: word
        remediation: [Make a new one.]
        references: [https://example.org/tokens]
        examples:
          - token=exm_{lownum 20}
        non-examples:
          - text: exm_short
            because: it is too short

    """

  private func read(_ text: String, name: String = "example.yml") throws -> RuleFile.Reading {
    try folder.write(name, text)
    return try RuleFile.read(folder: Array(folder.path.utf8))
  }

  @Test func `a good file is read whole`() throws {
    let reading = try read(Self.good)
    #expect(reading.errors.isEmpty, "\(reading.errors)")
    let rule = try #require(reading.rules.first)
    #expect(rule.id == RuleID("example.token"))
    #expect(rule.provider == "Example")
    #expect(rule.severity == .high && rule.kind == .secret && rule.confidence == .high)
    #expect(rule.anchors == [Rule.Anchor("exm_")])
    #expect(rule.shape?.widths == 24...24 && rule.shape?.startsWithAnchor == true)
    #expect(rule.notBefore == .word && rule.notAfter == .word)
    #expect(rule.examples.count == 1 && rule.nonExamples.first?.because == "it is too short")
  }

  /// What is put in place of what, and what must be said about it and where.
  @Test(arguments: [
    (
      "severity: high", "severty: high", 6,
      "“severty” is no key of a rule; did you mean “severity”?"
    ),
    (
      "severity: high", "severity: awful", 6, "“severity” is “awful”; it must be one of low, medium"
    ),
    ("class: secret", "class: thing", 7, "“class” is “thing”"),
    ("id: example.token", "id: other.token", 3, "must begin with “example.”"),
    ("id: example.token", "id: Example", 3, "must read provider.kind"),
    ("[exm_]", "[nothing]", 9, "does not begin with the anchor “nothing”"),
    ("[exm_]", "['\(String(repeating: "x", count: 33))']", 8, "an anchor has 1 to 32 bytes"),
    ("(?<secret>exm_[a-z0-9]{20})", "exm_[a-z0-9]{20}", 9, "one group named “secret”"),
    ("(?<secret>exm_[a-z0-9]{20})", "(?<secret>exm_[a-z0-9]+)", 9, "bound every repetition"),
    ("(?<secret>exm_[a-z0-9]{20})", "(?<secret>exm_[a-z", 9, "the pattern cannot be used"),
    ("not-before: word", "not-before: letters", 10, "neither one character nor one of word"),
    ("https://example.org/tokens", "http://example.org", 13, "must begin with https://"),
    ("because: it is too short", "why: it is too short", 18, "“why” is no key of a non-example"),
    ("rules:\n", "rules:\n  - nonsense\n", 3, "a rule must be a mapping"),
    ("anchors: [exm_]", "anchors: [exm_]\n    keywords: [a]", 3, "“keywords” need “within”"),
    ("severity: high", "severity:high", 7, "this is no YAML"),
    ("[exm_]", "[exm_]\n    filters: {checksum: 1}", 9, "names to values: {kind: crc32-base62}"),
    ("[exm_]", "[exm_]\n    filters: {except: ['(']}", 9, "the pattern cannot be used"),
  ])
  func `a fault is told with its line and what is wrong`(
    old: String, new: String, line: Int, message: String
  ) throws {
    let reading = try read(Self.good.replacingOccurrences(of: old, with: new))
    let error = try #require(
      reading.errors.first { $0.message.contains(message) }, "\(reading.errors)")
    #expect(error.line == line)
    #expect((error.column ?? 0) > 0)
    #expect(error.file == folder.at("example.yml"))
    #expect("\(error)".hasPrefix("\(folder.at("example.yml")):\(line):"))
  }

  @Test(arguments: ["title", "description", "severity", "class", "remediation", "examples"])
  func `what every rule needs is asked for`(key: String) throws {
    var lines = Self.good.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.removeAll {
      $0.hasPrefix("    \(key):") || key == "examples" && $0.contains("token=exm_")
    }
    let reading = try read(lines.joined(separator: "\n"))
    #expect(reading.errors.contains { $0.message.hasPrefix("“\(key)” ") }, "\(reading.errors)")
  }

  @Test func `every fault of every file is told in one run`() throws {
    try folder.write("other.yml", "provider: [")
    let reading = try read(
      Self.good.replacingOccurrences(of: "high", with: "a").replacingOccurrences(
        of: "secret\n", with: "b\n"))
    #expect(reading.errors.count == 3)
    #expect(Set(reading.errors.map(\.file)).count == 2)
  }

  @Test func `what is no YAML is told with its place`() throws {
    let reading = try read("provider: x\nrules:\n  - id: 'a\n")
    #expect(reading.errors.first?.message.hasPrefix("this is no YAML") == true)
    #expect(reading.errors.first?.line != nil)
  }

  @Test func `an id that exists already is an error`() throws {
    try folder.write(
      "google.yml", Self.good.replacingOccurrences(of: "example.token", with: "google.api-key"))
    let reading = try RuleFile.read(
      folder: Array(folder.path.utf8), beside: RuleBook.builtIn.rules)
    let error = try #require(reading.errors.first)
    #expect(error.message.contains("“google.api-key” is taken already, a rule that is loaded has"))
    #expect(error.file == folder.at("google.yml") && error.line == 3)
  }

  @Test func `an id that stands twice in a file is an error at the second`() throws {
    let rule = Self.good.split(separator: "\n").dropFirst(2).joined(separator: "\n")
    let reading = try read(Self.good + rule)
    #expect(reading.errors.map(\.line) == [19])
    #expect(reading.rules.count == 1)
  }

  @Test func `a rule that does not exist is told with one that does, unless that has a fault`()
    throws
  {
    let other = """
        - id: example.token-id
          title: t
          description: d
          severity: low
          class: identifier
          role: companion
          anchors: [exi_]
          pattern: '(?<secret>exi_[a-z0-9]{8})'
      """
    let named = Self.good.replacingOccurrences(
      of: "not-before: word",
      with: "not-before: word\n    companions: [{rule: example.token-idd, within: 9}]")
    let errors = try read(named + other).errors
    #expect(errors.map(\.line) == [3])
    #expect(errors.first?.message.contains("did you mean “example.token-id”?") == true)
    let broken = (named + other).replacingOccurrences(of: "token-idd", with: "token-id")
      .replacingOccurrences(of: "role: companion", with: "role: companoin")
    #expect(try read(broken).errors.map(\.line).count == 1)
  }

  @Test func `what would be passed over in a folder of rules is an error`() throws {
    let path = Array(folder.path.utf8)
    func messages() throws -> [String] { try RuleFile.read(folder: path).errors.map(\.message) }
    #expect(try messages() == ["the folder holds no rule file; their names end in .yml"])
    try folder.write("example.yaml", Self.good)
    #expect(try messages() == ["it is not read: the names of rule files end in .yml"])
    try folder.write("example.yml", Self.good)
    try folder.write("more/other.yml", Self.good)
    #expect(try messages().count == 2)
  }

  @Test(arguments: [
    ("{lownum 20}", "{lownumber 20}", "“{lownumber 20}” is no fill-in"),
    ("{lownum 20}", "{lownum}", "“{lownum}” lacks its count"),
    ("{lownum 20}", "{from ABC}", "“{from ABC}” lacks its count"),
  ])
  func `what is written like a fill-in and is none is told`(old: String, new: String, says: String)
    throws
  {
    let errors = try read(Self.good.replacingOccurrences(of: old, with: new)).errors
    #expect(errors.map(\.line) == [15] && errors.first?.message.hasPrefix(says) == true)
    let braces = Self.good.replacingOccurrences(of: "token=exm", with: "f{x} {y 2z} token=exm")
    #expect(try read(braces).errors.isEmpty)
  }

  @Test func `a file may begin with a mark of its encoding`() throws {
    #expect(try read("\u{FEFF}" + Self.good).errors.isEmpty)
  }

  @Test func `a rule that names one that does not exist is an error`() throws {
    let reading = try read(
      Self.good.replacingOccurrences(of: "not-before: word", with: "supersedes: [a.b]"))
    #expect(reading.errors.contains { $0.message.contains("“a.b”, which does not exist") })
  }

  @Test func `fill-ins are made, and made the same each time`() {
    let text = FillIn.expand("a{digit 5}b{hex 4}{from XY 3}{nothing 4} {", seed: "s")
    #expect(text == FillIn.expand("a{digit 5}b{hex 4}{from XY 3}{nothing 4} {", seed: "s"))
    #expect(text != FillIn.expand("a{digit 5}b{hex 4}{from XY 3}{nothing 4} {", seed: "t"))
    #expect(text.wholeMatch(of: /a[0-9]{5}b[0-9a-f]{4}[XY]{3}\{nothing 4\} \{/) != nil)
  }
}

struct BuiltInRulesTests {
  private func folder() throws -> RuleFile.Reading {
    try RuleFile.read(folder: Array(Golden.checkout.appendingPathComponent("rules").path.utf8))
  }

  @Test func `what is built in is what the rule files say`() throws {
    let reading = try folder()
    #expect(reading.errors.isEmpty)
    let rules = reading.rules.map { rule in
      var rule = rule
      rule.liveCheck = nil
      return rule
    }
    #expect(RuleBook.builtIn.rules == rules, "run make build")
    for rule in reading.rules {
      #expect(RuleBook.builtInLiveChecks[rule.id] == rule.liveCheck, "run make build: \(rule.id)")
    }
    let book = RuleBook(reading.rules)
    for (file, made) in [
      ("Book.swift", book.swiftSource), ("LiveChecks.swift", book.liveChecksSource),
    ] {
      let source = Golden.checkout.appendingPathComponent(
        "Sources/BuiltInRules/Generated/\(file)")
      #expect(try String(contentsOf: source, encoding: .utf8) == made, "run make build")
    }
    let page = Golden.checkout.appendingPathComponent("docs/rules.md")
    #expect(
      try String(contentsOf: page, encoding: .utf8) == RuleBook(reading.rules).catalogue,
      "run make build")
  }

  @Test func `the table of literals that is built in is that of the rules`() {
    #expect(RuleBook.builtIn.table == RuleBook(RuleBook.builtIn.rules).table, "run make build")
  }

  @Test func `the anchor database that is built in is that of the rules`() throws {
    let book = RuleBook.builtIn
    #expect(throws: Never.self, "run make build") {
      _ = try AnchorDatabase.embedded(digest: book.table.digest, lengths: book.table.lengths)
    }
  }
}

struct AnchorFormTests {
  /// Every form of every anchor, looked for in text that was encoded by other means.
  @Test func `every encoding of every anchor shows one of its literals`() throws {
    let book = RuleBook.builtIn
    let literals = book.literals()
    let meanings = book.table.meanings
    let database = try AnchorDatabase(compiling: literals)
    var search = try AnchorSearch(for: database)
    func finds(_ anchor: Int, _ bytes: [UInt8]) throws -> Bool {
      var hits: [LiteralHit] = []
      try search.search(bytes.span, into: &hits)
      return hits.contains { meanings[$0.literal].anchor == anchor }
    }
    for rule in book.rules where rule.role == .finding {
      for anchor in rule.anchors {
        let number = try #require(
          meanings.indices.first {
            let text = Array(anchor.text.utf8)
            return literals[$0].bytes == Array(text.prefix(16)) && meanings[$0].form == .plain
              && book.anchorLengths[meanings[$0].anchor] == text.count
              && literals[$0].ignoresCase == rule.ignoresCase
          }
          .map { meanings[$0].anchor })
        let text = Array((anchor.encoded ?? anchor.text).utf8)
        for before in 0..<6 {
          let padding = [UInt8](repeating: UInt8(ascii: "x"), count: before)
          let whole = padding + text + Array("yyyy".utf8)
          let wide: [UInt8] = whole.flatMap { [$0, UInt8(0)] }
          let wideBig: [UInt8] = whole.flatMap { [UInt8(0), $0] }
          #expect(try finds(number, wide), "\(anchor) UTF-16LE")
          #expect(try finds(number, wideBig), "\(anchor) UTF-16BE")
          // Letters in either case have no base64, and of few bytes too little of it is sure.
          let least = rule.searchesEscapes ? 4 : 5
          guard !rule.ignoresCase, text.count >= least else { continue }
          #expect(try finds(number, Base64.encode(whole)), "\(anchor) base64 at \(before)")
          let urlSafe = Base64.encode(whole).map {
            $0 == UInt8(ascii: "+")
              ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
          }
          #expect(try finds(number, urlSafe), "\(anchor) base64url at \(before)")
          #expect(try finds(number, Base64.encode(wide)), "\(anchor) wide base64 at \(before)")
          guard rule.searchesEscapes else { continue }
          let digits = Base64.encode(whole)
          for cut in 1..<digits.count {
            for ending in [[0x0A], [0x0D, 0x0A]] as [[UInt8]] {
              #expect(
                try finds(number, Array(digits[..<cut]) + ending + digits[cut...]),
                "\(anchor) base64 at \(before) cut at \(cut)")
            }
          }
        }
        guard rule.searchesEscapes else { continue }
        let plain = Array(anchor.text.utf8)
        for spell in [{ "%" + $0 }, { "\\u00" + $0 }, { "\\x" + $0 }, { "&#x" + $0 + ";" }]
          as [(String) -> String]
        {
          let lower = plain.map { spell([$0].hexadecimal) }.joined()
          #expect(try finds(number, Array(lower.utf8)), "\(lower)")
          let upper = plain.map { spell([$0].hexadecimal.uppercased()) }.joined()
          #expect(try finds(number, Array(upper.utf8)), "\(upper)")
        }
        #expect(try finds(number, Array(plain.map { "&#\($0);" }.joined().utf8)))
      }
    }
  }
}
