import Doctor
import Model
import TestSupport
import Testing

/// What a value is and what is wrong with it, by its shape alone.
struct KeyShapeTests {
  /// A value, and what is to be said of it.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let value: String
    let kind: KeyKind
    let flaws: [KeyFlaw]

    init(_ name: String, _ value: String, _ kind: KeyKind, _ flaws: KeyFlaw...) {
      self.name = name
      self.value = value
      self.kind = kind
      self.flaws = flaws
    }

    var testDescription: String { name }
  }

  private static let standard = LookAlike.apiKey()
  private static let authorization = LookAlike.authKey()

  private static func cut(_ count: Int) -> String { String(standard.dropLast(count)) }

  static let rows: [Row] = [
    Row("a standard key", standard, .standard),
    Row("an authorization key", authorization, .authorization),
    Row("a blank before", " " + standard, .standard, .blankBefore),
    Row("a blank behind", standard + " ", .standard, .blankAfter),
    Row("a tab behind", standard + "\t", .standard, .blankAfter),
    Row("a line feed behind", standard + "\n", .standard, .lineBreak),
    Row("a carriage return behind", authorization + "\r", .authorization, .lineBreak),
    Row("both", standard + " \r\n", .standard, .lineBreak, .blankAfter),
    Row(
      "a blank inside", standard.prefix(20) + " " + standard.dropFirst(20), .standard, .blankInside),
    Row(
      "a line break inside", standard.prefix(20) + "\n" + standard.dropFirst(20), .standard,
      .lineBreak),
    Row("double quotes", "\"\(standard)\"", .standard, .quoted),
    Row("single quotes", "'\(authorization)'", .authorization, .quoted),
    Row("curly quotes", "\u{201C}\(standard)\u{201D}", .standard, .quoted),
    Row("one quote", standard + "\"", .standard, .quoted),
    Row("a zero-width space", standard + "\u{200B}", .standard, .invisible([0x200B])),
    Row("a byte order mark", "\u{FEFF}" + standard, .standard, .invisible([0xFEFF])),
    Row(
      "a soft hyphen", standard.prefix(9) + "\u{AD}" + standard.dropFirst(9), .standard,
      .invisible([0xAD])),
    Row("a bidirectional mark", "\u{202A}" + standard, .standard, .invisible([0x202A])),
    Row(
      "a no-break space", standard + "\u{A0}", .standard, .blankAfter, .invisible([0xA0])),
    Row(
      "a Cyrillic letter", "\u{410}" + standard.dropFirst(), .standard, .lookAlike([0x410])),
    Row("a full-width letter", "\u{FF21}" + standard.dropFirst(), .standard, .lookAlike([0xFF21])),
    Row("no A", String(standard.dropFirst()), .standard, .headMissing),
    Row("no AI", String(standard.dropFirst(2)), .standard, .headMissing),
    Row("no AIz", String(standard.dropFirst(3)), .standard, .headMissing),
    Row("no AQ.", String(authorization.dropFirst(3)), .authorization, .headMissing),
    Row("one character less", cut(1), .standard, .tailMissing(1)),
    Row("nine characters less", cut(9), .standard, .tailMissing(9)),
    Row(
      "an authorization key cut", String(authorization.dropLast(5)), .authorization,
      .tailMissing(5)),
    Row("two characters more", standard + "Qx", .standard, .tooLong(2)),
    Row("two keys", standard + standard, .standard, .twoTogether),
    Row("two keys of two types", standard + authorization, .standard, .twoTogether),
    Row("a longer authorization key", authorization + "Qx", .authorization, .unusualLength(55)),
    Row("a semicolon behind", standard + ";", .standard, .textBehind),
    Row("a comment behind", standard + "#mine", .standard, .textBehind),
    Row("a label before", "mykey:" + standard, .standard, .textBefore),
    Row("Bearer", "Bearer " + standard, .standard, .header("Bearer")),
    Row("a header", "x-goog-api-key: " + authorization, .authorization, .header("x-goog-api-key")),
    Row("key=", "key=" + standard, .standard, .nameInside),
    Row("a whole assignment", "GEMINI_API_KEY=\"\(standard)\"", .standard, .quoted, .nameInside),
    Row("small letters", "aizasy" + standard.dropFirst(6).lowercased(), .standard, .wrongCase),
    Row("a loose key", LookAlike.looseAPIKey(), .standard, .loose),
    Row("nothing", "", .empty),
    Row("blanks", "  ", .empty, .blankBefore),
    Row("quotes around nothing", "\"\"", .empty, .quoted),
    Row("YOUR_API_KEY", "YOUR_API_KEY", .placeholder),
    Row("your-api-key-here", "your-api-key-here", .placeholder),
    Row("<key>", "<your key>", .placeholder),
    Row("xxxx", "xxxxxxxxxxxx", .placeholder),
    Row("Google's sample", "AIza" + "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", .placeholder),
    Row("Firebase's sample", "AIza" + "SyDOCAbC123dEf456GhI789jKl012-MnO", .placeholder),
    Row("a key of letters in order", "AIza" + "Syabcdefghijklmnopqrstuvwxyz1234567", .placeholder),
    Row("AIzaSy...", "AIzaSy...", .placeholder),
    Row("a reference", "$OTHER_KEY", .reference),
    Row("a command", "$(pass show gemini)", .reference),
    Row("a secret store", "op://vault/gemini/key", .reference),
    Row("Windows' reference", "%OTHER_KEY%", .reference),
    Row("a client secret", LookAlike.clientSecret(), .clientSecret),
    Row("a client id", "123456789012-abc.apps.googleusercontent.com", .clientID),
    Row("an access token", "ya29." + LookAlike.plain(60), .accessToken),
    Row("a service account", LookAlike.serviceAccount(), .serviceAccount, .lineBreak),
    Row("OpenAI", "sk-" + LookAlike.plain(48), .provider("OpenAI or a provider with its form")),
    Row("Anthropic", "sk-ant-" + LookAlike.plain(40), .provider("Anthropic")),
    Row("AWS", "AKIA" + "QWERTYUIOPASDFGH", .provider("AWS")),
    Row("an address", "https://aistudio.google.com/api-keys", .address),
    Row("a key's id", "0d1b7f4c-3a5e-4f6a-9c2b-1e8d7a6b5c40", .keyID),
    Row("a project's number", "123456789012", .projectNumber),
    Row("a resource", "projects/123/locations/global/keys/abc", .resourceName),
    Row("a file", "/home/me/key.json", .file),
    Row("anything else", "hunter2", .unknown),
  ]

  @Test(arguments: rows)
  func `a value is judged by its shape`(row: Row) {
    let shape = KeyShape(Array(row.value.utf8))
    #expect(shape.kind == row.kind, "\(row.name)")
    #expect(Set(shape.flaws) == Set(row.flaws), "\(row.name): \(shape.flaws)")
  }

  @Test func `what stands around a key does not make it another`() {
    let key = KeyShape(Array(Self.standard.utf8)).core
    for row in Self.rows.prefix(25) where row.value.contains(Self.standard.dropFirst(20)) {
      let isWhole = !row.flaws.contains { $0 == .headMissing }
      #expect((KeyShape(Array(row.value.utf8)).core == key) == isWhole, "\(row.name)")
    }
  }

  @Test func `only a whole key of Gemini is usable`() {
    for row in Self.rows {
      let isUsable = KeyShape(Array(row.value.utf8)).isUsable
      let wanted =
        [.standard, .authorization].contains(row.kind) && row.flaws.allSatisfy { !$0.isFault }
      #expect(isUsable == wanted, "\(row.name)")
    }
  }

  @Test func `bytes that are no text are told`() {
    let shape = KeyShape(Array(Self.standard.utf8) + [0xFF])
    #expect(shape.kind == .standard && shape.flaws == [.foreignCharacter])
  }

  @Test func `a sighting shows the prefix and the length, and a label`() {
    var ring = KeyRing()
    let a = ring.meet(Array(Self.standard.utf8), at: ForeignText("one"))
    let b = ring.meet(Array(Self.authorization.utf8), at: ForeignText("two"))
    let again = ring.meet(Array(" \(Self.standard)".utf8), at: ForeignText("three"))
    let short = ring.meet(Array("hunter2".utf8), at: ForeignText("four"))
    #expect(a.words == "key A, AIza…(39)" && b.words == "key B, AQ.…(53)")
    #expect(again.label == "key A")
    #expect(short.words.hasPrefix("key C, too short to be a key"))
    #expect(ring.keys.map(\.length) == [39, 53, nil])
    #expect(ring.keys[0].faults.map(\.visible) == ["a blank before it (three)"])
  }

  @Test func `a copy without its end is told to be one`() {
    var ring = KeyRing()
    _ = ring.meet(Array(Self.cut(6).utf8), at: ForeignText("one"))
    _ = ring.meet(Array(Self.standard.utf8), at: ForeignText("two"))
    _ = ring.meet(Array(Self.authorization.utf8), at: ForeignText("three"))
    #expect(ring.cutCopies.map { [$0.whole, $0.cut] } == [["key B", "key A"]])
  }
}
