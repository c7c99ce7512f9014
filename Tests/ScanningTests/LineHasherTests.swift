import Scanning
import Testing

/// The hashes that GitHub's code scanning knows lines by.
struct LineHasherTests {
  private func hashes(_ text: String) -> [String] {
    let lines = text.split(
      omittingEmptySubsequences: false, whereSeparator: { ["\n", "\r", "\r\n"].contains($0) }
    ).count
    let found = LineHasher.hashes(of: Set(1...lines), in: Array(text.utf8))
    return (1...lines).map { found[$0] ?? "none" }
  }

  private static let greetings = [
    "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1",
  ]

  /// The values of `fingerprints.test.ts` in github/codeql-action, and three more that were
  /// reckoned from the definition with whole numbers of any size.
  @Test(arguments: [
    ("", ["c129715d7a2bc9a3:1"]),
    (
      " a\nb\n  \t\tc\n d",
      ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
    ),
    (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", greetings),
    (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", greetings),
    (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", greetings),
    (
      "caf\u{E9} = \"na\u{EF}ve\"\nkey\n",
      ["c4319d476ca82c8d:1", "82414c1deb8e0c56:1", "c129715d7a2bc9a3:1"]
    ),
    (
      "\u{1F600}\u{1F601} key\r\n\u{E9}\t\r\n\u{1F600}",
      ["e21c60ddcccc5051:1", "d96bb02c6a996e43:1", "56e41eb4cc943584:1"]
    ),
    ("x\nx\nx", ["7545a5cd8f1edc23:1", "d1918fd5e068b4e9:1", "638816509450efbf:1"]),
  ])
  func `a line has the hash that GitHub reckons`(text: String, expected: [String]) {
    #expect(hashes(text) == expected)
  }

  @Test func `equal lines are counted`() {
    let line = String(repeating: "a", count: 120) + "\n"
    let found = hashes(line + line + "b\n")
    #expect(found[0].hasSuffix(":1") && found[1].hasSuffix(":2"))
    #expect(found[0].dropLast() == found[1].dropLast())
  }

  @Test func `only the lines that are asked for are told`() {
    #expect(LineHasher.hashes(of: [2], in: Array("a\nb\nc".utf8)).keys.sorted() == [2])
    #expect(LineHasher.hashes(of: [9], in: Array("a\n".utf8)).isEmpty)
  }
}
