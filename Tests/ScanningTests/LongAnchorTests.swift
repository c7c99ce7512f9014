import Foundation
import Model
import Rules
import Scanning
import TestSupport
import Testing

/// Anchors that are longer than the literal which is searched for.
struct LongAnchorTests {
  private let anchor = "the-name-of-a-long-anchor="

  private func book(anyCase: Bool) throws -> CompiledBook {
    var rule = Rule(
      id: RuleID("test.long-anchor"), provider: "test", title: "Test", description: "",
      severity: .high, kind: .secret, anchors: [Rule.Anchor(anchor)],
      shape: Rule.Shape(pattern: "(?<secret>[0-9]{12})", widths: 12...12, lead: 0, reach: 4))
    rule.ignoresCase = anyCase
    return try CompiledBook(RuleBook([rule]))
  }

  @Test(arguments: [false, true]) func `all of an anchor must stand there`(anyCase: Bool) throws {
    let book = try book(anyCase: anyCase)
    func finds(_ name: String, _ form: (String) -> [UInt8] = { Array($0.utf8) }) throws -> Bool {
      try !matches(in: form("x \(name)582017394617 y"), with: book).isEmpty
    }
    #expect(book.longestLiteral < anchor.utf8.count)
    #expect(try finds(anchor))
    #expect(try finds(anchor.uppercased()) == anyCase)
    for count in 16..<anchor.utf8.count {
      #expect(try !finds(String(anchor.prefix(count)) + ":"), "\(count) bytes of it")
    }
    for bigEndian in [false, true] {
      #expect(try finds(anchor) { Encoded.utf16($0, bigEndian: bigEndian) })
      #expect(try !finds("the-name-of-other-anchors=") { Encoded.utf16($0, bigEndian: bigEndian) })
    }
    // At the very end of what is there.
    #expect(try matches(in: Array(anchor.utf8), with: book).isEmpty)
    #expect(try matches(in: Array(anchor.utf8.prefix(20)), with: book).isEmpty)
  }

  @Test func `in base64 too, where a line break may cut it`() throws {
    let book = try book(anyCase: false)
    for before in 0..<3 {
      let prefix = String(repeating: "x", count: before)
      for (name, isFound) in [(anchor, true), ("the-name-of-a-long-anchors", false)] {
        let text = Data("\(prefix)\(name)582017394617 and more".utf8).base64EncodedString()
        #expect(try matches(in: Array(text.utf8), with: book).isEmpty != isFound)
        for cut in stride(from: 4, to: 40, by: 5) {
          let wrapped = text.prefix(cut) + "\n" + text.dropFirst(cut)
          let found = try matches(in: Array(wrapped.utf8), with: book)
          // A break in what is searched for is looked for in rules that search escapes only.
          if !isFound || cut > 26 { #expect(found.isEmpty != isFound, "cut at \(cut)") }
        }
      }
    }
  }
}
