import Matching
import TestSupport
import Testing

struct AnchorDatabaseTests {
  private func literal(_ text: String, ignoresCase: Bool = false) -> Literal {
    Literal(Array(text.utf8), ignoresCase: ignoresCase)
  }

  private func hits(_ database: AnchorDatabase, in text: String) throws -> [LiteralHit] {
    var search = try AnchorSearch(for: database)
    var hits: [LiteralHit] = []
    try search.search(Array(text.utf8).span, into: &hits)
    return hits.sorted { ($0.start, $0.literal) < ($1.start, $1.literal) }
  }

  @Test func `every place is found, overlapping ones too`() throws {
    let database = try AnchorDatabase(compiling: [literal("aa"), literal("ab"), literal("AIza")])
    #expect(
      try hits(database, in: "aaab AIza") == [
        LiteralHit(literal: 0, start: 0, end: 2), LiteralHit(literal: 0, start: 1, end: 3),
        LiteralHit(literal: 1, start: 2, end: 4), LiteralHit(literal: 2, start: 5, end: 9),
      ])
  }

  @Test func `case counts unless it is said not to`() throws {
    let database = try AnchorDatabase(compiling: [
      literal("Key"), literal("Key", ignoresCase: true),
    ])
    #expect(try hits(database, in: "KEY Key").map(\.literal) == [1, 0, 1])
  }

  @Test func `bytes are bytes, zeros among them`() throws {
    let database = try AnchorDatabase(compiling: [Literal([0x41, 0, 0xFF, 0x0A])])
    var search = try AnchorSearch(for: database)
    var hits: [LiteralHit] = []
    try search.search([1, 0x41, 0, 0xFF, 0x0A, 2].span, into: &hits)
    #expect(hits == [LiteralHit(literal: 0, start: 1, end: 5)])
  }

  @Test func `an empty text holds nothing`() throws {
    let database = try AnchorDatabase(compiling: [literal("a")])
    #expect(try hits(database, in: "").isEmpty)
  }

  @Test func `what is added is found beside the rest, and numbered after it`() throws {
    let base = try AnchorDatabase(compiling: [literal("ab"), literal("cd")])
    let both = AnchorDatabase(
      base, adding: try AnchorDatabase(compiling: [literal("bc"), literal("abcd")]))
    var search = try AnchorSearch(for: both)
    var hits: [LiteralHit] = []
    try search.search(Array("abcd".utf8).span, into: &hits)
    #expect(
      hits == [
        LiteralHit(literal: 0, start: 0, end: 2), LiteralHit(literal: 2, start: 1, end: 3),
        LiteralHit(literal: 1, start: 2, end: 4), LiteralHit(literal: 3, start: 0, end: 4),
      ])
    hits = []
    try search.search(Array("xabxxbcx".utf8).span, in: [1..<3, 5..<7], into: &hits)
    #expect(hits.map(\.literal) == [0, 2] && hits.map(\.start) == [1, 5])
    #expect(try self.hits(base, in: "abcd").count == 2)
  }

  @Test func `what was put together is not for keeping`() throws {
    let both = AnchorDatabase(
      try AnchorDatabase(compiling: [literal("ab")]),
      adding: try AnchorDatabase(compiling: [literal("hunter2")]))
    #expect(throws: MatchingError.self) { try both.serialized() }
  }

  @Test func `without literals nothing is found`() throws {
    let none = try AnchorDatabase(compiling: [])
    let zeros = String(repeating: "\0", count: 100) + "ab"
    #expect(try hits(none, in: zeros).isEmpty)
    let both = AnchorDatabase(none, adding: try AnchorDatabase(compiling: [literal("ab")]))
    #expect(try hits(both, in: zeros) == [LiteralHit(literal: 0, start: 100, end: 102)])
  }

  @Test func `a serialised database finds the same`() throws {
    let literals = [literal("AIza"), literal("token", ignoresCase: true)]
    for platform in AnchorDatabase.Platform.allCases {
      let bytes = try AnchorDatabase(compiling: literals, for: platform).serialized()
      let database = try AnchorDatabase(
        serialized: bytes.span, lengths: literals.map(\.bytes.count))
      #expect(try hits(database, in: "Token AIza").map(\.literal) == [1, 0])
    }
  }

  @Test func `ranges that are searched together have the hits of each alone`() throws {
    let literals = ["abc", "cab", "bcab"].map { literal($0) }
    let database = try AnchorDatabase(compiling: literals)
    var generator = SeededGenerator(11)
    for _ in 0..<200 {
      let bytes = (0..<60).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<3, using: &generator)
      }
      let cuts = Set((0..<8).map { _ in Int.random(in: 0...60, using: &generator) }).sorted()
      let ranges = stride(from: 0, to: cuts.count - 1, by: 2).map { cuts[$0]..<cuts[$0 + 1] }
      var expected: [LiteralHit] = []
      for range in ranges {
        var alone = try AnchorSearch(for: database)
        var hits: [LiteralHit] = []
        try alone.search(Array(bytes[range]).span, into: &hits)
        expected += hits.map {
          LiteralHit(
            literal: $0.literal, start: $0.start + range.lowerBound, end: $0.end + range.lowerBound)
        }
      }
      var search = try AnchorSearch(for: database)
      var found: [LiteralHit] = []
      try search.search(bytes.span, in: ranges, into: &found)
      func key(_ hit: LiteralHit) -> [Int] { [hit.end, hit.start, hit.literal] }
      #expect(
        found.sorted { key($0).lexicographicallyPrecedes(key($1)) }
          == expected.sorted { key($0).lexicographicallyPrecedes(key($1)) })
    }
  }

  @Test func `literals with zeros and without are found as a reader finds them`() throws {
    let literals = ["ab", "a\0", "\0b", "a\0b\0", "ba"].map { literal($0) }
    let made = try AnchorDatabase(compiling: literals)
    let bytes = try made.serialized()
    let read = try AnchorDatabase(serialized: bytes.span, lengths: literals.map(\.bytes.count))
    var generator = SeededGenerator(5)
    for _ in 0..<300 {
      let letters = Bool.random(using: &generator) ? ["a", "b", "\0"] : ["a", "b", "c"]
      let text = (0..<40).map { _ in letters.randomElement(using: &generator) ?? "" }.joined()
      let expected = places(of: literals, in: Array(text.utf8))
      #expect(try hits(made, in: text) == expected)
      #expect(try hits(read, in: text) == expected)
    }
  }

  @Test func `many literals are found as few are, and nothing else is`() throws {
    var generator = SeededGenerator(17)
    let letters = Array("abcdefgh".utf8)
    let words = Set(
      (0..<3400).map { _ in (0..<5).map { _ in letters.randomElement(using: &generator) ?? 0 } })
    let literals = words.map { Literal($0) }
    #expect(literals.count > 3000)
    let database = try AnchorDatabase(compiling: literals)
    for _ in 0..<3 {
      let text = (0..<500).map { _ in letters.randomElement(using: &generator) ?? 0 }
      let expected = places(of: literals, in: text)
      #expect(try hits(database, in: String(decoding: text, as: UTF8.self)) == expected)
    }
    // What Hyperscan is given besides is of these bytes.
    var search = try AnchorSearch(for: database)
    var found: [LiteralHit] = []
    let noise = (0..<300_000).map { _ in UInt8.random(in: 0xF8...0xFF, using: &generator) }
    try search.search(noise.span, into: &found)
    #expect(found.isEmpty)
  }

  /// Where literals stand, by comparing at every place.
  private func places(of literals: [Literal], in bytes: [UInt8]) -> [LiteralHit] {
    bytes.indices.flatMap { start in
      literals.indices.filter { bytes[start...].starts(with: literals[$0].bytes) }
        .map { LiteralHit(literal: $0, start: start, end: start + literals[$0].bytes.count) }
    }
  }

  @Test func `what is no database is refused`() throws {
    #expect(throws: MatchingError.self) {
      _ = try AnchorDatabase(serialized: [1, 2, 3, 4].span, lengths: [])
    }
    #expect(throws: MatchingError.self, "one without its automata would find nothing") {
      let nothing: [UInt8] = []
      _ = try AnchorDatabase(serialized: nothing.span, lengths: [4])
    }
    let whole = try AnchorDatabase(compiling: [literal("ab")]).serialized()
    for count in stride(from: 1, to: whole.count, by: 97) {
      #expect(throws: MatchingError.self) {
        let part = Array(whole[..<count])
        _ = try AnchorDatabase(serialized: part.span, lengths: [2])
      }
    }
  }

  @Test func `an embedded database for other literals is refused`() throws {
    var refusal: MatchingError?
    do {
      _ = try AnchorDatabase.embedded(digest: [UInt8](repeating: 7, count: 32), lengths: [1])
    } catch {
      refusal = error
    }
    #expect(refusal?.kind == .foreignDatabase)
  }
}

struct PatternTests {
  @Test func `a match tells where its groups stand`() throws {
    let pattern = try Pattern("key=(?<secret>[a-z]+)(;)?")
    var matcher = Matcher()
    let text = Array("x key=abc".utf8)
    let isFound = try matcher.find(
      pattern, in: text.span, startingIn: 0...text.count, end: text.count)
    #expect(isFound)
    let ranges = [
      matcher.range(of: 0), matcher.range(of: pattern.secretGroup), matcher.range(of: 2),
    ]
    #expect(ranges == [2..<9, 6..<9, nil])
  }

  @Test func `a match begins only where it may, and ends where it must`() throws {
    let pattern = try Pattern("(?<secret>a+)")
    var matcher = Matcher()
    let text = Array("aa..aaaa".utf8)
    var isFound = try matcher.find(pattern, in: text.span, startingIn: 2...3, end: 8)
    #expect(!isFound)
    isFound = try matcher.find(pattern, in: text.span, startingIn: 4...4, end: 6)
    let range = matcher.range(of: 0)
    #expect(isFound && range == 4..<6)
  }

  @Test func `a limit that is reached is an error, never an answer`() throws {
    let pattern = try Pattern("(?<secret>(a|aa|aaa|aaaa)*(a|aa|aaa)*(a|aa)*b)")
    var matcher = Matcher()
    let text = [UInt8](repeating: 0x61, count: 4000) + Array("cb".utf8)
    var failure: MatchingError?
    do {
      _ = try matcher.find(pattern, in: text.span, startingIn: 0...0, end: text.count)
    } catch {
      failure = error
    }
    #expect(failure?.kind == .limit)
  }

  @Test func `a pattern of several thousand bytes is matched`() throws {
    let pattern = try Pattern("(?<secret>[A-Za-z0-9+/=\\s]{64,9000})-----END")
    var matcher = Matcher()
    let text = [UInt8](repeating: 0x61, count: 8999) + Array("-----END".utf8)
    let isFound = try matcher.find(pattern, in: text.span, startingIn: 0...0, end: text.count)
    #expect(isFound)
  }

  @Test func `widths are known and must be bounded`() throws {
    #expect(try Pattern.widths(of: "(?<secret>a{2,5}b?)") == 2...6)
    #expect(throws: MatchingError.self) { _ = try Pattern.widths(of: "a+") }
  }

  @Test func `a pattern that cannot be compiled says where`() {
    var failure: MatchingError?
    do { _ = try Pattern("a(b") } catch { failure = error }
    #expect(failure?.reason.contains("at character") == true, "\(failure as Any)")
  }
}
