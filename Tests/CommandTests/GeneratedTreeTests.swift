import Foundation
import TestSupport
import Testing

/// A tree of two thousand files, with secrets at places that the generator knows.
struct GeneratedTreeTests {
  /// What stands before and after a secret on its line.
  static let contexts: [(before: String, after: String)] = [
    ("const key = \"", "\";"), ("key: ", ""), ("  <string>", "</string>"), ("?key=", "&v=3"),
    ("a,b,", ",c"), ("{\"k\":\"", "\"}"), ("export KEY='", "'"), ("KEY=", ""),
    ("# old key: ", " (dead)"),
    ("curl -H 'x-goog-api-key: ", "' https://example.org"), ("{\\\"k\\\":\\\"", "\\\"}"),
    ("a\\n", "\\nb"), ("q=%22", "%22&r=1"), ("&quot;", "&quot;"), ("(", ")"), ("[", "]"),
    ("`", "`"),
    ("\u{e9}\u{1F600} = ", " \u{e9}"), ("\t\t", "\t"), ("x = f(\"", "\", 1) // ok"),
  ]

  struct Expected: Hashable {
    let rule: String
    let path: String
    let line: Int
    let column: Int
    let endLine: Int
    let endColumn: Int
    let offset: Int
    let length: Int
  }

  enum Encoding: CaseIterable {
    case utf8, crlf, utf16LittleEndian, utf16BigEndian, utf8WithMark
  }

  /// A text with a secret in it, and which part of it the secret is.
  struct Planted {
    let rule: String
    let text: String
    let secret: Range<String.Index>

    /// The secret is all of the text.
    init(_ rule: String, _ text: String) {
      self.rule = rule
      self.text = text
      secret = text.startIndex..<text.endIndex
    }

    /// The secret is the key between the lines of a PEM block, which is written in one line.
    init(_ rule: String, block text: String) {
      self.rule = rule
      self.text = text
      let begin = text.range(of: "PRIVATE KEY-----\\n")?.upperBound ?? text.startIndex
      let end = text.range(of: "\\n-----END")?.lowerBound ?? text.endIndex
      secret = begin..<end
    }
  }

  /// Every rule, in one line.
  static let makers: [@Sendable () -> Planted] = [
    { Planted("google.api-key", LookAlike.apiKey()) },
    { Planted("google.auth-key", LookAlike.authKey()) },
    { Planted("google.oauth-client-secret", LookAlike.clientSecret()) },
    {
      let key = LookAlike.privateKey().replacingOccurrences(of: "\n", with: "\\n")
      return Planted("pem.private-key", block: key)
    },
    {
      let lines = LookAlike.serviceAccount().split(separator: "\n")
      return Planted("google.service-account-key", block: lines.joined(separator: " "))
    },
    { Planted("", "nothing but words") },
  ]

  /// Writes one file and says what is to be found in it.
  static func file(
    _ number: Int, planted: Planted, context: Int, encoding: Encoding
  ) -> (content: [UInt8], expected: Expected) {
    let (before, after) = contexts[context]
    let ending = encoding == .crlf ? "\r\n" : "\n"
    let head = (0..<(number % 7)).map { "line \($0) of file \(number), nothing here \u{e9}" }
      .map { $0 + ending }.joined()
    let mark: [UInt8] =
      switch encoding {
      case .utf16LittleEndian: [0xFF, 0xFE]
      case .utf16BigEndian: [0xFE, 0xFF]
      case .utf8WithMark: [0xEF, 0xBB, 0xBF]
      case .utf8, .crlf: []
      }
    func bytes(_ text: String) -> [UInt8] {
      switch encoding {
      case .utf16LittleEndian: Encoded.utf16(text, bigEndian: false)
      case .utf16BigEndian: Encoded.utf16(text, bigEndian: true)
      case .utf8, .crlf, .utf8WithMark: Array(text.utf8)
      }
    }
    let start = mark + bytes(head + before)
    let prefix = String(planted.text[..<planted.secret.lowerBound])
    let secret = String(planted.text[planted.secret])
    let line = number % 7 + 1
    let column = before.utf16.count + prefix.utf16.count + 1
    let expected = Expected(
      rule: planted.rule, path: "d\(number % 50)/f\(number)", line: line, column: column,
      endLine: line, endColumn: column + secret.utf16.count,
      offset: start.count + bytes(prefix).count, length: bytes(secret).count)
    let tail = bytes(after + ending + "the end" + ending)
    return (start + bytes(planted.text) + tail, expected)
  }

  @Test func `everything planted is found at its place, and nothing else`() throws {
    let folder = TemporaryFolder()
    var expected: Set<Expected> = []
    var number = 0
    while number < 2000 {
      for context in Self.contexts.indices {
        for make in Self.makers {
          let encoding = Encoding.allCases[number % Encoding.allCases.count]
          let (content, one) = Self.file(
            number, planted: make(), context: context, encoding: encoding)
          try folder.write(one.path, content)
          if !one.rule.isEmpty { expected.insert(one) }
          number += 1
        }
      }
    }
    // Private keys and service accounts have forms of their own.
    for i in 0..<40 {
      let body = LookAlike.pemBody()
      let head = String(repeating: "x\n", count: i % 5)
      let text = "\(head)-----BEGIN RSA PRIVATE KEY-----\n\(body)\n-----END RSA PRIVATE KEY-----\n"
      try folder.write("pem/f\(i)", text)
      expected.insert(
        Expected(
          rule: "pem.private-key", path: "pem/f\(i)", line: i % 5 + 2, column: 1,
          endLine: i % 5 + 5, endColumn: 65, offset: head.utf8.count + 32, length: body.utf8.count))
      let account = LookAlike.serviceAccount()
      let lines = account.split(separator: "\n", omittingEmptySubsequences: false)
      let row = try #require(lines.firstIndex { $0.contains("private_key\"") })
      let begin = try #require(lines[row].range(of: "-----BEGIN PRIVATE KEY-----\\n"))
      let end = try #require(lines[row].range(of: "\\n-----END"))
      let column = lines[row].distance(from: lines[row].startIndex, to: begin.upperBound) + 1
      let length = lines[row].distance(from: begin.upperBound, to: end.lowerBound)
      let offset = lines[..<row].reduce(0) { $0 + $1.utf8.count + 1 } + column - 1
      try folder.write("sa/f\(i)", account)
      expected.insert(
        Expected(
          rule: "google.service-account-key", path: "sa/f\(i)", line: row + 1, column: column,
          endLine: row + 1, endColumn: column + length, offset: offset, length: length))
    }
    let report = try Keyscan.report(["."], in: folder.path)
    // What could not be read would be missing below, and nothing would say why.
    #expect(report.gaps.map(\.reason) == [], "\(report.errors)")
    var found: Set<Expected> = []
    for finding in report.findings {
      for place in finding.json["places"] as? [[String: Any]] ?? [] {
        found.insert(
          Expected(
            rule: finding.rule, path: place["path"] as? String ?? "",
            line: place["line"] as? Int ?? 0, column: place["column"] as? Int ?? 0,
            endLine: place["endLine"] as? Int ?? 0, endColumn: place["endColumn"] as? Int ?? 0,
            offset: place["offset"] as? Int ?? 0, length: place["length"] as? Int ?? 0))
      }
    }
    let missing = expected.subtracting(found).sorted { $0.path < $1.path }
    let extra = found.subtracting(expected).sorted { $0.path < $1.path }
    #expect(missing.isEmpty, "\(missing.count) missing, such as \(missing.prefix(3))")
    #expect(extra.isEmpty, "\(extra.count) too many, such as \(extra.prefix(3))")
    #expect(number == 2040 && expected.count == 1780)
  }
}
