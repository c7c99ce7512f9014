import Archives
import TestSupport
import Testing

/// Databases, documents and the binary files of apps.
@Suite("Databases and documents") struct DocumentTests {
  // MARK: SQLite

  private static let database = """
    import os, sqlite3, sys, tempfile
    path = tempfile.mktemp()
    db = sqlite3.connect(path)
    """

  private static let written = """

    db.commit()
    db.close()
    sys.stdout.buffer.write(open(path, "rb").read())
    os.unlink(path)
    """

  @Test(arguments: ["UTF-8", "UTF-16le"]) func `tables are read as text`(_ encoding: String) throws
  {
    let key = LookAlike.apiKey()
    let bytes = try Made.python(
      Self.database + """

        db.execute("PRAGMA encoding = '\(encoding)'")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute('CREATE TABLE "odd "" name" (id INTEGER, api_key TEXT, twice AS (id * 2))')
        db.execute('INSERT INTO "odd "" name" VALUES (7, ?)', (sys.argv[1],))
        db.execute("CREATE TABLE blobs (b BLOB) ")
        db.execute("INSERT INTO blobs VALUES (?)", (b"\\0\\1" + sys.argv[1].encode(),))
        db.execute("CREATE TABLE pairs (k TEXT PRIMARY KEY, v) WITHOUT ROWID")
        db.execute("INSERT INTO pairs VALUES ('a', NULL)")
        db.execute("CREATE VIEW bomb AS SELECT randomblob(1000000000)")
        """ + Self.written, key)
    let opened = Opened(bytes, named: "a.db")
    #expect(opened.kind == .database)
    #expect(opened.entries["odd \" name"] == "id: 7\tapi_key: \(key)\n")
    #expect(opened.entries["blobs"]?.contains(key) == true)
    #expect(opened.entries["pairs"] == "k: a\n")
    #expect(opened.names == ["blobs", "odd \" name", "pairs"])
    #expect(opened.faults.isEmpty)
  }

  @Test func `a damaged database is a fault`() throws {
    var bytes = try Made.python(
      Self.database + """

        db.execute("CREATE TABLE t (v TEXT)")
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 500)
        """ + Self.written)
    #expect(Opened(Array(bytes.prefix(3000))).faults[""]?.kind == .damaged)
    for i in 8192..<12288 { bytes[i] = 0xA5 }
    let opened = Opened(bytes)
    #expect(opened.faults["t"]?.kind == .damaged)
  }

  @Test func `a table of too much is cut off`() throws {
    var limits = ContainerLimits()
    limits.bytes = 10_000
    let bytes = try Made.python(
      Self.database + """

        db.execute("CREATE TABLE t (v TEXT)")
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 500)
        """ + Self.written)
    let opened = Opened(bytes, limits)
    #expect(opened.faults["t"]?.kind == .limit)
    #expect(opened.entries["t"]?.utf8.count == 10_000)
  }

  // MARK: PDF

  /// A document with one packed stream that holds `program`.
  private static func document(
    _ program: String, filter: String = "/FlateDecode", more: String = "", trailer: String = ""
  ) throws -> [UInt8] {
    try Made.python(
      """
      import base64, sys, zlib
      program = sys.argv[1].encode("latin-1")
      data = program
      if "Flate" in "\(filter)": data = zlib.compress(data)
      if "85" in "\(filter)": data = base64.a85encode(data) + b"~>"
      sys.stdout.buffer.write(b"%PDF-1.4\\n\(more)4 0 obj\\n<< /Length " + str(len(data)).encode()
          + b" /Filter \(filter) >>\\nstream\\n" + data
          + b"\\nendstream\\nendobj\\ntrailer << /Root 1 0 R \(trailer) >>\\n%%EOF\\n")
      """, program)
  }

  @Test(arguments: ["/FlateDecode", "[/ASCII85Decode /FlateDecode]", "[ /ASCII85Decode ]"])
  func `the text of pages is read`(_ filter: String) throws {
    let key = LookAlike.apiKey()
    let (a, b) = (key.prefix(10), key.dropFirst(10))
    let program = "BT /F1 12 Tf 72 700 Td (\\(key\\): ) Tj [(\(a)) -20 (\(b))] TJ ET"
    let opened = Opened(try Self.document(program, filter: filter))
    #expect(opened.kind == .pdf)
    #expect(opened.entries["object 4"] == "(key): \(key)\n")
    #expect(opened.faults.isEmpty)
  }

  @Test func `codes of a font are read by its table`() throws {
    let key = LookAlike.apiKey()
    // Each character is a code of two bytes that is ten less.
    let codes = key.utf8.map { "00" + String($0 - 10, radix: 16) }.joined()
    let table = """
      1 begincodespacerange <0000> <FFFF> endcodespacerange
      1 beginbfrange <0016> <0070> <0020> endbfrange
      """
    let more =
      "2 0 obj\\n<< /Font << /F1 3 0 R >> >>\\nendobj\\n3 0 obj\\n<< /ToUnicode 5 0 R >>\\nendobj\\n"
      + "5 0 obj\\n<< /Length \(table.utf8.count) >>\\nstream\\n"
      + table.replacing("\n", with: "\\n") + "\\nendstream\\nendobj\\n"
    let opened = Opened(
      try Self.document("BT /F1 12 Tf <\(codes)> Tj ET", more: more))
    #expect(opened.entries["object 4"] == "\(key)\n")
  }

  @Test func `encrypted and damaged documents are faults`() throws {
    let program = "BT (text) Tj ET " + String(repeating: "q Q ", count: 2000)
    let encrypted = try Self.document(program, trailer: "/Encrypt 9 0 R")
    #expect(Opened(encrypted).faults[""]?.kind == .encrypted)
    var damaged = try Self.document(program)
    damaged[80] ^= 0xFF
    #expect(Opened(damaged).faults["object 4"]?.kind == .damaged)
    let lzw = try Self.document(program, filter: "/LZWDecode")
    #expect(Opened(lzw).faults["object 4"]?.kind == .unsupported)
  }

  // MARK: Property lists

  @Test func `a binary property list is read as XML`() throws {
    let key = LookAlike.apiKey()
    let bytes = try Made.python(
      """
      import plistlib, sys
      sys.stdout.buffer.write(plistlib.dumps({"API_KEY": sys.argv[1], "NAME": "Grüße", "n": 7,
          "list": [{"b": b"bytes"}]}, fmt=plistlib.FMT_BINARY))
      """, key)
    let opened = Opened(bytes)
    #expect(opened.kind == .propertyList)
    let text = try #require(opened.entries[""])
    #expect(
      text.contains("<key>API_KEY</key><string>\(key)</string>".replacing("><s", with: ">\n<s")))
    #expect(text.contains("<string>Grüße</string>"))
    #expect(text.contains("<data>bytes</data>"))
    for end in [10, 40, bytes.count - 1] {
      #expect(Opened(Array(bytes.prefix(end))).faults[""]?.kind == .damaged)
    }
  }

  // MARK: Android

  @Test(arguments: [true, false]) func `an app's resources are read with their names`(
    isUTF8: Bool
  ) throws {
    let key = LookAlike.apiKey()
    let bytes = AndroidFixture.resources(
      ["google_api_key": key, "app_name": "App"], isUTF8: isUTF8)
    let opened = Opened(bytes)
    #expect(opened.kind == .resources)
    #expect(
      opened.entries[""]?.contains("<string name=\"google_api_key\">\(key)</string>\n") == true)
    #expect(opened.faults.isEmpty)
    #expect(!Opened(Array(bytes.prefix(bytes.count - 40))).faults.isEmpty)
    #expect(Opened(Array(bytes.prefix(20))).faults[""]?.kind == .damaged)
  }

  @Test func `a manifest is read with its attributes`() throws {
    let key = LookAlike.apiKey()
    let bytes = AndroidFixture.manifest(
      element: "meta-data", ["name": "com.google.android.geo.API_KEY", "value": key])
    let opened = Opened(bytes)
    #expect(opened.kind == .androidXML)
    #expect(
      opened.entries[""]?.contains(
        "<meta-data android:name=\"com.google.android.geo.API_KEY\" android:value=\"\(key)\">")
        == true)
    #expect(!Opened(Array(bytes.prefix(bytes.count - 30))).faults.isEmpty)
  }
}
