import BuiltInRules
import Matching
import Model
import Packs
import Rules
import Scanning
import TestSupport
import Testing

@testable import History

/// What a scan of the changed places finds is what a scan of every byte finds.
struct CarriedScanTests {
  /// A match without what two scans may differ in.
  private struct Seen: Hashable {
    let rule: Int
    let range: Range<Int>
    let secret: Secret
    let companions: [Range<Int>]
    let layers: [Layer]
    let confidence: Confidence
    let isAllowed: Bool

    init(_ match: Match) {
      rule = match.rule
      range = match.range
      secret = match.secret
      companions = match.companions
      layers = match.layers
      confidence = match.confidence
      isAllowed = match.isAllowed
    }
  }

  private static let book = RuleBook.builtIn

  /// Text with a secret in it, in one of many forms.
  private static func seeds() -> [[UInt8]] {
    let key = LookAlike.apiKey()
    let auth = LookAlike.authKey()
    var texts: [[UInt8]] = [
      "key = \(key)\n", "<string>\(key)</string>", "?key=\(key)&x=1", "%3D\(key)", "\\n\(key)",
      "// keyscan:allow\n\(key)\n", "gemini \(auth) x", "\(key)-", "x\(key)",
      "secret \(LookAlike.clientSecret())\n", LookAlike.privateKey(),
      "a\"AIzaSy\" + \"\(key.dropFirst(6))\"", "\(key.prefix(20))\\\n\(key.dropFirst(20))",
    ].map { Array($0.utf8) }
    texts.append(key.utf8.flatMap { [$0, 0] })
    texts.append(key.utf8.flatMap { [0, $0] })
    texts += Encoded.forms.map { $0.write(key, 4) }
    return texts
  }

  private static func filler(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    let alphabet = Array("abc XYZ0189_-+/=%\\\"'\n\n.,;:&#<>\0A".utf8)
    return (0..<count).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
  }

  /// The pieces that two contents share when the middle of one is replaced, cut as git cuts them.
  private struct Edit {
    var content: [UInt8]
    var pieces: [CopiedPiece]
  }

  /// Replaces a range of `base`.
  private static func replace(_ base: [UInt8], _ range: Range<Int>, with new: [UInt8]) -> Edit {
    var edit = Edit(content: Array(base[..<range.lowerBound]) + new, pieces: [])
    edit.content += base[range.upperBound...]
    if range.lowerBound > 0 {
      edit.pieces.append(CopiedPiece(source: 0, target: 0, count: range.lowerBound))
    }
    if range.upperBound < base.count {
      edit.pieces.append(
        CopiedPiece(
          source: range.upperBound, target: range.lowerBound + new.count,
          count: base.count - range.upperBound))
    }
    return edit
  }

  /// Compares both ways; returns whether they agree.
  private static func agree(
    _ compiled: CompiledBook, _ base: [UInt8], _ edit: Edit, marginError: Int = 0
  ) throws -> Bool {
    var scan = try CarriedScan(compiled, marginError: marginError)
    var full = try CarriedScan(compiled)
    let memory = scan.scan(base.span) { Issue.record("\($0)") }
    let carried = scan.scan(
      edit.content.span, copied: edit.pieces, of: memory, baseCount: base.count
    ) { Issue.record("\($0)") }
    // Less is looked at where nothing is made from the result.
    let last = scan.scan(
      edit.content.span, copied: edit.pieces, of: memory, baseCount: base.count, isLast: true
    ) { Issue.record("\($0)") }
    let whole = full.scan(edit.content.span) { Issue.record("\($0)") }
    // The way back: most often from a content in which nothing is found.
    let pieces = edit.pieces.map {
      CopiedPiece(source: $0.target, target: $0.source, count: $0.count)
    }
    func seen(_ memory: ContentMemory?) -> Set<Seen> { Set((memory?.matches ?? []).map(Seen.init)) }
    if seen(carried) != seen(whole) || seen(last) != seen(whole) { return false }
    // A piece that was copied twice cannot be copied back.
    if zip(pieces, pieces.dropFirst()).contains(where: { $0.targetEnd > $1.target }) { return true }
    let back = scan.scan(
      base.span, copied: pieces, of: whole, baseCount: edit.content.count, isLast: true
    ) { Issue.record("\($0)") }
    return seen(back) == seen(memory)
  }

  /// Edits at every distance that matters from where a match, its windows, its companions and
  /// its comments begin and end.
  private static func edits(
    of base: [UInt8], _ compiled: CompiledBook, _ random: inout SeededGenerator
  ) throws -> [Edit] {
    var scan = try CarriedScan(compiled)
    let matches = scan.scan(base.span) { _ in }?.matches ?? []
    var places: Set<Int> = [0, 1, base.count - 1, base.count]
    for match in matches {
      var edges = [match.range.lowerBound, match.range.upperBound]
      edges += match.companions.flatMap { [$0.lowerBound, $0.upperBound] }
      for literal in [0] {
        let windows = compiled.windows(of: literal, rule: match.rule)
        for window in [windows.shape, windows.surroundings] {
          edges += [
            match.range.lowerBound - window.before, match.range.upperBound + window.after,
            match.range.lowerBound + window.after, match.range.upperBound - window.before,
          ]
        }
      }
      edges += [match.range.lowerBound - 1024, match.range.upperBound + 1024]
      for edge in edges { places.formUnion([edge - 2, edge - 1, edge, edge + 1, edge + 2]) }
    }
    for _ in 0..<20 { places.insert(Int(random.next() % UInt64(base.count + 1))) }
    let inserts: [[UInt8]] = [
      [], Array("x".utf8), Array("-\n".utf8), Array("AIza".utf8), Array("keyscan:allow".utf8),
      Array("gemini".utf8), filler(7, &random), Array(LookAlike.apiKey().utf8),
    ]
    return places.sorted().filter { (0...base.count).contains($0) }.flatMap { place in
      [0, 1, 3].compactMap { length -> Edit? in
        guard place + length <= base.count else { return nil }
        let new = inserts[Int(random.next() % UInt64(inserts.count))]
        return replace(base, place..<(place + length), with: new)
      }
    }
  }

  @Test(arguments: 0..<12)
  func `carrying over finds what scanning every byte finds`(_ seed: Int) throws {
    let compiled = try CompiledBook(Self.book)
    var random = SeededGenerator(seed)
    let seeds = Self.seeds()
    // Every text is in one of the runs.
    let one = seeds[2 * seed % seeds.count]
    let other = seeds[(2 * seed + 1) % seeds.count]
    let base =
      Self.filler(Int(random.next() % 1500), &random) + one
      + Self.filler(Int(random.next() % 1200), &random) + other
      + Self.filler(Int(random.next() % 1500), &random)
    var wrong = 0
    let edits = try Self.edits(of: base, compiled, &random)
    for edit in edits where try !Self.agree(compiled, base, edit) { wrong += 1 }
    #expect(edits.count > 40)
    #expect(wrong == 0)
  }

  @Test(arguments: 0..<4)
  func `carrying over finds known secrets as scanning every byte does`(_ seed: Int) throws {
    let values = ["hunter2", "p@ss/w0rd \"1\"", LookAlike.plain(40), "!!ab12#$"]
    let note = RuleNote(
      id: RuleID("own.secret"), title: "", provider: "own", severity: .high, description: "",
      help: [], references: [])
    let rules = values.map { value in
      Rule(
        Rule.Known(Secret(Array(value.utf8), isOwn: true), isWord: value.count < 10), as: note)
    }
    // Of the built-in book one rule is enough.
    let key = try #require(Self.book[RuleID("google.api-key")])
    let compiled = try CompiledBook(CompiledBook(RuleBook([key])), known: rules)
    var random = SeededGenerator(seed + 500)
    let value = Array(values[seed % values.count].utf8)
    let escaped = value.enumerated().flatMap { i, byte in
      i % 4 == seed % 3 ? Array("%\([byte].map { String($0, radix: 16) }[0])".utf8) : [byte]
    }
    let base =
      Self.filler(Int(random.next() % 900), &random) + [0x20] + value + [0x20]
      + Self.filler(Int(random.next() % 900), &random) + [0x20] + escaped + [0x20]
      + value.flatMap { [$0, 0] } + Self.filler(Int(random.next() % 900), &random)
    var full = try CarriedScan(compiled)
    let found = full.scan(base.span) { Issue.record("\($0)") }?.matches ?? []
    #expect(found.count { $0.secret.exposed == value } >= 2)
    var wrong = 0
    let edits = try Self.edits(of: base, compiled, &random)
    for edit in edits where try !Self.agree(compiled, base, edit) { wrong += 1 }
    #expect(edits.count > 40 && wrong == 0)
  }

  @Test func `pieces in any order, twice and cut anywhere are carried`() throws {
    let compiled = try CompiledBook(Self.book)
    var random = SeededGenerator(99)
    var wrong = 0
    for seed in Self.seeds() {
      let base = Self.filler(600, &random) + seed + Self.filler(600, &random)
      for _ in 0..<12 {
        var edit = Edit(content: [], pieces: [])
        for _ in 0..<Int(random.next() % 5 + 1) {
          if random.next() % 3 == 0 {
            edit.content += Self.filler(Int(random.next() % 40), &random)
          }
          let start = Int(random.next() % UInt64(base.count))
          let count = min(base.count - start, Int(random.next() % 1200) + 1)
          // Copies that go on where the one before ended are one piece.
          if let last = edit.pieces.last, last.sourceEnd == start,
            last.targetEnd == edit.content.count
          {
            edit.pieces[edit.pieces.count - 1].count += count
          } else {
            edit.pieces.append(
              CopiedPiece(source: start, target: edit.content.count, count: count))
          }
          edit.content += base[start..<(start + count)]
        }
        if try !Self.agree(compiled, base, edit) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func `a margin that is one byte too small is noticed`() throws {
    // The longest literal, cut by an edit at each of its bytes.
    let compiled = try CompiledBook(Self.book)
    let longest = try #require(Self.book.literals().map(\.bytes).max { $0.count < $1.count })
    var missed: [Int: Int] = [:]
    for error in [0, -1] {
      for cut in 0..<longest.count {
        var base = Array(repeating: UInt8(ascii: " "), count: 64) + longest
        base += Array(repeating: UInt8(ascii: " "), count: 64)
        let place = 64 + cut
        let kept = base[place]
        base[place] = kept ^ 0x01
        let edit = Self.replace(base, place..<(place + 1), with: [kept])
        var scan = try CarriedScan(compiled, marginError: error)
        var full = try CarriedScan(compiled)
        let memory = scan.scan(base.span) { _ in }
        let before = scan.counts.found
        _ = scan.scan(edit.content.span, copied: edit.pieces, of: memory, baseCount: base.count) {
          _ in
        }
        _ = full.scan(edit.content.span) { _ in }
        let fresh = scan.counts.found - before
        // The literal itself must be among what the changed place shows.
        if fresh == 0 { missed[error, default: 0] += 1 }
      }
    }
    #expect(missed[0] == nil)
    #expect(missed[-1, default: 0] > 0)
  }
}
