import Foundation
import Model
import Rules
import Scanning
import TestSupport
import Testing

/// What the Google rules look for, each with how many characters its anchor takes.
struct Planted: Sendable, CustomTestStringConvertible {
  let rule: String
  let anchor: Int
  let text: @Sendable () -> String
  var testDescription: String { rule }

  static let google = [
    Planted(rule: "google.api-key", anchor: 4, text: LookAlike.apiKey),
    Planted(rule: "google.auth-key", anchor: 9, text: LookAlike.authKey),
    Planted(rule: "google.oauth-client-secret", anchor: 7, text: LookAlike.clientSecret),
  ]
}

struct DecoderTests {
  /// Rule × decoder, in memory; the command tests hold the same for work tree and index.
  @Test(arguments: Planted.google, Encoded.forms)
  func `a Google secret is found in every encoding, at its place`(
    planted: Planted, form: Encoded.Form
  ) throws {
    for _ in 0..<20 {
      let secret = planted.text()
      let before = Array("x = ".utf8)
      let body = form.write(secret, planted.anchor)
      let found = try matches(in: before + body + Array("\n".utf8))
        .filter { builtIn.book.rules[$0.rule].id.description == planted.rule }
      let match = try #require(found.first, "\(String(decoding: body, as: UTF8.self))")
      #expect(match.secret.exposed == Array(secret.utf8))
      #expect(match.layers.map(\.rawValue) == form.layers)
      // The place is that of the secret as it is written; a group of base64 may begin before
      // it, and a line break end behind it.
      let place = before.count..<(before.count + body.count)
      #expect(place.contains(match.range.lowerBound) && match.range.upperBound <= place.upperBound)
      #expect(match.range.lowerBound - place.lowerBound < 4)
    }
  }

  /// Service-account keys are long, so some encodings of all of one exceed what is judged.
  @Test(
    arguments: Encoded.forms.filter {
      ![
        "quoted-printable", "two literals", "literals in lines", "wrapped",
        "wrapped with a backslash",
        "percent behind the anchor", "\\u behind the anchor", "entities behind the anchor",
        "base64 cut in its anchor", "base64 of percent", "UTF-16LE of \\u",
      ].contains($0.name)
    })
  func `a service-account key is found in every encoding of its file`(form: Encoded.Form) throws {
    let body = LookAlike.pemBody(lines: 8)
    let text = LookAlike.serviceAccount(body: body)
    let found = try matches(in: form.write(text, 0))
      .filter { builtIn.book.rules[$0.rule].id.description == "google.service-account-key" }
    let match = try #require(found.first)
    #expect(match.secret.exposed == Array(body.replacingOccurrences(of: "\n", with: "").utf8))
  }

  @Test func `cells of a table are no pieces of one literal`() throws {
    let tail = FillIn.expand("{alnum 48}", seed: "cells")
    #expect(try rules(in: "| `ya29.` |\n| `\(tail)` |").isEmpty)
    #expect(try !rules(in: "`ya29.` +\n `\(tail)`").isEmpty)
  }

  @Test func `a service-account key is found in an address and in a string in a string`() throws {
    let text = LookAlike.serviceAccount()
    let query =
      "q="
      + (text.addingPercentEncoding(
        withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? "")
    #expect(try rules(in: query).contains("google.service-account-key"))
    let data = try JSONSerialization.data(withJSONObject: ["env": text])
    #expect(
      try rules(in: String(decoding: data, as: UTF8.self)).contains("google.service-account-key"))
  }
}

struct NeighbourTests {
  /// What may stand beside a key, and what makes it part of something else.
  @Test(arguments: [
    ("<string>", "</string>"), ("?key=", "&v=3"), ("a,", ",b"), ("\\\"", "\\\""), ("\\n", "\\n"),
    ("%3D", "%26"), ("\\t", ""), ("\\x22", "\\x22"), ("\\u003d", "\\u0026"), ("&quot;", "&quot;"),
    ("&#34;", "&#34;"), ("\u{1B}[31m", "\u{1B}[0m"), ("\\e[1;31m", "\\e[0m"), ("\\\\", "\\\\"),
    ("", ""), ("'", "'"), ("`", "`"), ("(", ")"), ("=", ";"), ("\0", "\0"), ("é", "é"), ("/", "/"),
    ("%0A", "%0a"), ("\\033[0m", ""), ("\u{FEFF}", ""), ("\\r", "\\r"),
  ])
  func `a key stands wherever its neighbours allow`(before: String, after: String) throws {
    let key = LookAlike.apiKey()
    let found = try matches(in: Array((before + key + after).utf8))
    #expect(found.first?.secret.exposed == Array(key.utf8))
    #expect(found.first?.range == before.utf8.count..<(before.utf8.count + 39))
  }

  @Test(arguments: [("x", ""), ("", "x"), ("_", ""), ("", "_"), ("-", ""), ("", "-"), ("9", "9")])
  func `a key inside of something longer is none`(before: String, after: String) throws {
    #expect(try rules(in: before + LookAlike.apiKey() + after).isEmpty)
  }

  @Test func `two keys with one character between them are two`() throws {
    let (one, two) = (LookAlike.apiKey(), LookAlike.apiKey())
    let found = try matches(in: Array("\(one),\(two)".utf8))
    #expect(found.map(\.range) == [0..<39, 40..<79])
    #expect(found.map(\.secret.exposed) == [Array(one.utf8), Array(two.utf8)])
  }

  @Test func `a key that ends the content is found`() throws {
    #expect(try rules(in: "key=" + LookAlike.apiKey()) == ["google.api-key"])
  }

  @Test func `a key in the middle of a line of six megabytes is found`() throws {
    let half = [UInt8](repeating: UInt8(ascii: ";"), count: 3_000_000)
    let found = try matches(in: half + Array(LookAlike.apiKey().utf8) + half)
    #expect(found.map(\.range) == [3_000_000..<3_000_039])
  }

  @Test func `a key in a binary is found`() throws {
    let noise = (0..<5000).map { _ in UInt8.random(in: 0x80...0xFF) }
    let key = Array(LookAlike.apiKey().utf8)
    let found = try matches(in: noise + [0, 39] + key + [0] + noise)
    #expect(found.count == 1 && found.first?.secret.exposed == key)
  }

  @Test func `a key in UTF-16 at an odd offset is found`() throws {
    let key = LookAlike.apiKey()
    let found = try matches(in: [0x21] + Encoded.utf16("k=\(key)\n", bigEndian: false))
    #expect(found.contains { $0.range == 5..<(5 + 78) && $0.secret.exposed == Array(key.utf8) })
  }
}

struct PlaceholderTests {
  @Test(arguments: [
    // Part A20 of the reference.
    "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "AIzaSyDOCAbC123dEf456GhI789jKl012-MnO",
    "AIzaSyabcdefghijklmnopqrstuvwxyz1234567", "AIzaEXAMPLE", "AIzaSy...", "AIzaSy…",
    "AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "AIzaSy<your key here>", "AIzaSyYOUR_KEY",
    "AIzaSyYOUR_API_KEY_HERE_abc123def456ghi", "AIzaSyA1b2_TEST_c3d4e5f6g7h8i9j0k1l2m3n",
    "AIzaSyFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKE1", "AIzaSy12345678901234567890123456789012a",
    "AIzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "YOUR_API_KEY", "your-api-key", "AQ.Ab8R....",
    "sk-…xxx", "AIzaSyAnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs", "AIzaSyDdI0hCZtE6vySjMm-WEfRq3CPzqKqqsHI",
    "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", "GOCSPX-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "AKIAIOSFODNN7EXAMPLE", "AIzaSyEXAMPLEEXAMPLEEXAMPLEEXAMPLE12345",
  ])
  func `a placeholder is no finding`(text: String) throws {
    #expect(try rules(in: "key = \"\(text)\"").isEmpty)
  }

  @Test func `random keys are taken for placeholders less than once in ten thousand`() throws {
    var missed = 0
    for _ in 0..<3000 where try rules(in: LookAlike.apiKey()).isEmpty { missed += 1 }
    #expect(missed == 0)
  }
}

struct ConfidenceTests {
  @Test func `a key of another structure is found with less confidence`() throws {
    let tight = try matches(in: Array(LookAlike.apiKey().utf8))
    #expect(tight.first?.confidence == .high)
    let loose = try matches(in: Array(LookAlike.looseAPIKey().utf8))
    #expect(loose.first?.confidence == .medium)
  }

  @Test func `a secret that is put together from pieces is found with less confidence`() throws {
    let key = LookAlike.apiKey()
    let found = try matches(in: Array("\"\(key.prefix(12))\" + \"\(key.dropFirst(12))\"".utf8))
    #expect(found.first?.confidence == .medium)
  }
}

struct RuleFeatureTests {
  static func yaml(_ lines: String...) -> String {
    """
    provider: Test
    rules:
      - id: test.token
        title: t
        description: d
        severity: low
        class: token
        remediation: [r]
        examples: [none]
    \(lines.map { "    \($0)" }.joined(separator: "\n"))
    """
  }

  @Test func `a keyword must be near, in either case`() throws {
    let book = try book(
      Self.yaml(
        "anchors: [tk-]", "pattern: '(?<secret>tk-[a-z0-9]{12})'", "keywords: [acme]", "within: 10")
    )
    #expect(try rules(in: "ACME = tk-q9w8e7r6t5y4", with: book) == ["test.token"])
    #expect(try rules(in: "tk-q9w8e7r6t5y4 # Acme", with: book) == ["test.token"])
    #expect(try rules(in: "acme           = tk-q9w8e7r6t5y4", with: book).isEmpty)
    #expect(try rules(in: "tk-q9w8e7r6t5y4", with: book).isEmpty)
  }

  @Test func `an anchor in any case leads to a secret after it`() throws {
    let book = try book(
      Self.yaml(
        "anchors: [password]", "any-case: true", "reach: 6",
        "pattern: '[=:] {0,2}(?<secret>[a-z0-9]{12})'"))
    #expect(try rules(in: "PassWord: q9w8e7r6t5y4", with: book) == ["test.token"])
    #expect(try rules(in: "PASSWORD          = q9w8e7r6t5y4", with: book).isEmpty)
    // An anchor in any case has no encodings but UTF-16.
    #expect(
      try rules(in: Data("password: q9w8e7r6t5y4".utf8).base64EncodedString(), with: book).isEmpty)
    let wide = Encoded.utf16("PASSWORD: q9w8e7r6t5y4", bigEndian: true)
    #expect(try matches(in: wide, with: book).count == 1)
  }

  @Test func `a lead lets a match begin before its anchor`() throws {
    let book = try book(
      Self.yaml("anchors: ['@acme']", "lead: 12", "pattern: '(?<secret>[a-z0-9]{4,12})@acme'"))
    let found = try matches(in: Array("x q9w8e7r6@acme".utf8), with: book)
    #expect(found.map(\.range) == [2..<10])
  }

  @Test func `a companion that is required must be there, one that is not is masked with it`()
    throws
  {
    func yaml(_ required: Bool) -> String {
      Self.yaml(
        "anchors: [sec-]", "pattern: '(?<secret>sec-[a-z0-9]{12})'",
        "companions: [{rule: test.id, within: 30, required: \(required)}]")
          + """

            - id: test.id
              title: t
              description: d
              severity: low
              class: identifier
              role: companion
              pattern: '(?<secret>id-[0-9]{6})'
              not-after: word
          """.replacingOccurrences(of: "\n    ", with: "\n    ")
    }
    let strict = try book(yaml(true))
    let text = "id-123456 sec-q9w8e7r6t5y4"
    #expect(try matches(in: Array(text.utf8), with: strict).first?.companions == [0..<9])
    #expect(try rules(in: "sec-q9w8e7r6t5y4", with: strict).isEmpty)
    #expect(try rules(in: "id-1234567 sec-q9w8e7r6t5y4", with: strict).isEmpty)
    #expect(try rules(in: "sec-q9w8e7r6t5y4", with: book(yaml(false))) == ["test.token"])
    // A companion is never found alone.
    #expect(try rules(in: "id-123456", with: strict).isEmpty)
  }

  @Test func `entropy asks for a secret that could not be guessed`() throws {
    let book = try book(
      Self.yaml("anchors: [tk-]", "pattern: '(?<secret>tk-[a-z0-9]{12})'", "filters: {entropy: 3}"))
    #expect(try rules(in: "tk-q9w8e7r6t5y4", with: book) == ["test.token"])
    #expect(try rules(in: "tk-aabbaabbaabb", with: book).isEmpty)
  }

  @Test func `an engine that reaches its limit is an error and not silence`() throws {
    let book = try book(
      Self.yaml(
        "anchors: [tk-]",
        "pattern: '(?<secret>tk-(?:a|aa|aaa){0,90}(?:a|aa|aaa){0,90}(?:a|aa|aaa){0,90}(?:a|aa|aaa){0,90}b)'"
      ))
    let text = "tk-" + String(repeating: "a", count: 500) + "cb"
    #expect(throws: (any Error).self) { try matches(in: Array(text.utf8), with: book) }
  }
}

struct AllowCommentTests {
  private func isAllowed(_ text: String) throws -> Bool {
    try #require(matches(in: Array(text.utf8)).first).isAllowed
  }

  @Test(arguments: [
    ("keyscan:allow", true), ("gitleaks:allow", true), ("pragma: allowlist secret", true),
    ("kingfisher:ignore", true), ("betterleaks:allow", false), ("pragma: whitelist secret", false),
    ("trufflehog:ignore", false), ("ggignore", false),
  ])
  func `a comment on the line or the one before allows`(marker: String, isForNext: Bool) throws {
    let key = LookAlike.apiKey()
    #expect(try isAllowed("k = \(key)  # \(marker)\n"))
    #expect(try isAllowed("# \(marker)\nk = \(key)\n") == isForNext)
    #expect(try !isAllowed("# \(marker)\n\nk = \(key)\n"))
    #expect(try !isAllowed("k = \(key)\n# \(marker)\n"))
    #expect(try !isAllowed("k = \(key)\n"))
    #expect(try !isAllowed("do\(marker) = \(key)\n"))
    #expect(try !isAllowed("k = \(key) \(marker)d\n"))
  }

  @Test func `a comment for the next line counts there alone`() throws {
    let key = LookAlike.apiKey()
    let marker = "pragma: allowlist nextline secret"
    #expect(try isAllowed("# \(marker)\nk = \(key)\n"))
    #expect(try !isAllowed("k = \(key)  # \(marker)\n"))
  }

  @Test func `a comment on a line with a secret of its own is about that one`() throws {
    let key = LookAlike.apiKey()
    func both(_ first: String) throws -> [Bool] {
      try matches(in: Array("\(first)\nb = \(key)\n".utf8)).map(\.isAllowed)
    }
    #expect(try both("a = \(LookAlike.apiKey())  # gitleaks:allow") == [true, false])
    #expect(try both("#define K \"\(LookAlike.apiKey())\" // keyscan:allow") == [true, false])
    // In a comment long words are names of files and the like; JSON has no comments.
    #expect(try both("# see fixtures/keys-for-tests.json keyscan:allow") == [true])
    #expect(try both("  \"_comment\": \"keyscan:allow\",") == [true])
    #expect(try both("PASSWORD = \"hunter22\"  # gitleaks:allow") == [false])
    #expect(try both("const a = b; // keyscan:allow") == [false])
  }

  @Test func `a comment further than 1,024 bytes away does not`() throws {
    let key = LookAlike.apiKey()
    #expect(try isAllowed("k = \(key)\(String(repeating: " ", count: 1000))keyscan:allow"))
    #expect(try !isAllowed("k = \(key)\(String(repeating: " ", count: 1020))keyscan:allow"))
    #expect(try !isAllowed("keyscan:allow\(String(repeating: " ", count: 1020))\(key)"))
  }

  @Test func `a comment in UTF-16 counts like any other`() throws {
    let text = "k = \(LookAlike.apiKey()) // keyscan:allow\n"
    let found = try matches(in: Encoded.utf16(text, bigEndian: false))
    #expect(found.first?.isAllowed == true)
  }
}
