import Archives
import Files
import TestSupport
import Testing

/// Every format that is looked into: with a text in it, and damaged.
@Suite("Containers") struct ContainerTests {
  /// How a container with the text `$1` in `k.json` is made, and what it is.
  struct Format: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let kind: ContainerKind
    let commands: String
    /// The name of the entry that holds the text.
    var entry = "k.json"
  }

  static let formats = [
    Format(testDescription: "zip", kind: .zip, commands: "bsdtar --format zip -cf - k.json"),
    Format(
      testDescription: "stored zip", kind: .zip,
      commands: "bsdtar --format zip --options zip:compression=store -cf - k.json"),
    Format(testDescription: "7z", kind: .sevenZip, commands: "bsdtar --format 7zip -cf - k.json"),
    Format(testDescription: "tar", kind: .tar, commands: "bsdtar --format ustar -cf - k.json"),
    Format(testDescription: "pax tar", kind: .tar, commands: "bsdtar --format pax -cf - k.json"),
    Format(testDescription: "GNU tar", kind: .tar, commands: "tar --format gnu -cf - k.json"),
    Format(testDescription: "tar.gz", kind: .gzip, commands: "tar -czf - k.json"),
    Format(testDescription: "tar.bz2", kind: .bzip2, commands: "bsdtar -cjf - k.json"),
    Format(testDescription: "tar.xz", kind: .xz, commands: "bsdtar -cJf - k.json"),
    Format(testDescription: "tar.zst", kind: .zstd, commands: "tar -cf - k.json | zstd -qc"),
    Format(testDescription: "tar.lz4", kind: .lz4, commands: "bsdtar --lz4 -cf - k.json"),
    Format(testDescription: "tar.lz", kind: .lzip, commands: "bsdtar --lzip -cf - k.json"),
    Format(testDescription: "gzip", kind: .gzip, commands: "gzip -c k.json", entry: "k"),
    Format(testDescription: "bzip2", kind: .bzip2, commands: "bzip2 -c k.json", entry: "k"),
    Format(testDescription: "xz", kind: .xz, commands: "xz -c k.json", entry: "k"),
    Format(testDescription: "zstd", kind: .zstd, commands: "zstd -qc k.json", entry: "k"),
    Format(
      testDescription: "cpio newc", kind: .cpio, commands: "bsdtar --format newc -cf - k.json"),
    Format(testDescription: "cpio odc", kind: .cpio, commands: "bsdtar --format odc -cf - k.json"),
    Format(testDescription: "cpio.gz", kind: .gzip, commands: "bsdtar --format newc -czf - k.json"),
    Format(testDescription: "ar", kind: .ar, commands: "ar rcD k.a k.json && cat k.a"),
  ]

  @Test(arguments: formats) func `what is packed is read`(_ format: Format) throws {
    let text = "{\"key\": \"\(LookAlike.apiKey())\"}"
    let bytes = try Made.shell(format.commands, ["k.json": text])
    let opened = Opened(bytes, named: "k.bin")
    #expect(opened.kind == format.kind)
    #expect(opened.entries[format.entry] == text)
    #expect(opened.faults.isEmpty)
  }

  @Test(arguments: formats) func `what is cut off is a fault`(_ format: Format) throws {
    let text = (0..<2000).map { "line \($0) \(LookAlike.plain(8))\n" }.joined()
    let bytes = try Made.shell(format.commands, ["k.json": text])
    let opened = Opened(Array(bytes.prefix(bytes.count / 2)), named: "k.bin")
    #expect(opened.kind == format.kind)
    #expect(!opened.faults.isEmpty)
  }

  @Test(arguments: formats) func `damage is no crash`(_ format: Format) throws {
    let text = (0..<200).map { "line \($0) \(LookAlike.plain(8))\n" }.joined()
    let bytes = try Made.shell(format.commands, ["k.json": text])
    for seed in 0..<20 {
      var damaged = bytes
      for i in 0..<4 {
        damaged[(seed * 7919 + i * 104_729) % damaged.count] ^= UInt8(truncatingIfNeeded: 1 << i)
      }
      _ = Opened(damaged, named: "k.bin")
    }
  }

  @Test func `an rpm package is the archive that it carries`() throws {
    let text = LookAlike.apiKey()
    let payload = try Made.shell("bsdtar --format newc -czf - k.json", ["k.json": text])
    func header(_ size: Int) -> [UInt8] {
      [0x8E, 0xAD, 0xE8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(size)]
        + [UInt8](repeating: 0, count: size)
    }
    let lead: [UInt8] = [0xED, 0xAB, 0xEE, 0xDB] + [UInt8](repeating: 0, count: 92)
    let package = lead + header(5) + [0, 0, 0] + header(9) + payload
    let opened = Opened(package, named: "a.rpm")
    #expect(opened.kind == .rpm)
    #expect(opened.entries["k.json"] == text)
    #expect(Opened(Array(package.prefix(130))).faults[""]?.kind == .damaged)
  }

  @Test func `a Debian package holds two archives`() throws {
    let opened = Opened(
      try Made.shell(
        "mkdir -p d/DEBIAN && printf 'Package: a\\nVersion: 1\\nArchitecture: all\\n"
          + "Maintainer: a <a@b>\\nDescription: a\\n' > d/DEBIAN/control && cp k.json d && "
          + "dpkg-deb -b d a.deb >&2 && cat a.deb", ["k.json": "text"]))
    #expect(opened.kind == .ar)
    #expect(opened.names.first == "debian-binary")
    #expect(opened.names.contains { $0.hasPrefix("data.tar") })
  }

  @Test(arguments: ["gzip -c", "bzip2 -c", "xz -c", "zstd -qc <"])
  func `what holds nothing is no fault`(_ command: String) throws {
    #expect(Opened(try Made.shell("\(command) /dev/null", [:])).faults.isEmpty)
  }

  @Test func `encrypted entries are faults, the others are read`() throws {
    let bytes = try Made.shell(
      "bsdtar --format zip --options zip:encryption=traditional --passphrase x -cf - k.json",
      ["k.json": "text"])
    let opened = Opened(bytes)
    #expect(opened.faults["k.json"]?.kind == .encrypted)
    #expect(opened.entries["k.json"] == "")
  }

  @Test func `a wrong checksum is a fault, and what came is read`() throws {
    var bytes = try Made.shell(
      "bsdtar --format zip --options zip:compression=store -cf - k.json", ["k.json": "some text"])
    let place = try #require(bytes.firstRange(of: Array("some text".utf8)))
    bytes[place.lowerBound] = UInt8(ascii: "S")
    let opened = Opened(bytes)
    #expect(opened.entries["k.json"] == "Some text")
    #expect(opened.faults["k.json"]?.kind == .damaged)
  }

  @Test func `links tell their text, devices and folders nothing`() throws {
    let opened = Opened(
      try Made.python(
        """
        import io, sys, tarfile
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
            for name, kind in [("../../up", tarfile.REGTYPE), ("/abs", tarfile.REGTYPE),
                               ("dev", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE),
                               ("dir", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE),
                               ("new\\nline\\x1b[1m", tarfile.REGTYPE)]:
                info = tarfile.TarInfo(name)
                info.type = kind
                info.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
                info.size = 4 if kind == tarfile.REGTYPE else 0
                tar.addfile(info, io.BytesIO(b"text") if info.size else None)
        """))
    #expect(opened.faults.isEmpty)
    #expect(opened.entries["link"] == "/etc/passwd")
    #expect(opened.entries["../../up"] == "text")
    #expect(opened.entries["dev"] == "")
    #expect(opened.names.count == 7)
  }

  @Test func `a stream that begins with zeros is no empty archive`() throws {
    let key = LookAlike.apiKey()
    let opened = Opened(
      try Made.shell("(head -c 2000 /dev/zero; cat k) | gzip", ["k": key]), named: "disk.img.gz")
    #expect(opened.entries["disk.img"]?.hasSuffix(key) == true)
  }

  // MARK: Limits

  @Test func `a bomb stops at the ratio`() throws {
    let bytes = try Made.shell("head -c 50000000 /dev/zero | gzip -9", [:])
    let opened = Opened(bytes, named: "a.gz")
    #expect(opened.faults["a"]?.kind == .limit)
    #expect(opened.faults["a"]?.reason.contains("200 times") == true)
    #expect(opened.entries["a"].map { $0.utf8.count < 11_000_000 } == true)
  }

  @Test func `no more bytes are unpacked than the limit, over all entries`() throws {
    var limits = ContainerLimits()
    limits.bytes = 1 << 20
    let bytes = try Made.shell(
      "for i in 1 2 3 4; do head -c 400000 /dev/urandom > $i; done; tar -cf - 1 2 3 4", [:])
    let opened = Opened(bytes, limits)
    #expect(opened.names == ["1", "2", "3"])
    #expect(opened.faults["3"]?.reason.contains("1 MiB") == true)
    #expect(opened.faults[""]?.kind == .limit)
  }

  @Test func `no more entries are read than the limit`() throws {
    var limits = ContainerLimits()
    limits.entries = 10
    let opened = Opened(try Made.shell("seq 20 | xargs touch; tar -cf - $(seq 20)", [:]), limits)
    #expect(opened.names.count == 10)
    #expect(opened.faults[""]?.reason.contains("10 entries") == true)
  }

  @Test func `entries that overlap cannot unpack more than the limit`() throws {
    // A zip whose directory names one deflated megabyte a thousand times.
    let bytes = try Made.python(
      """
      import struct, sys, zlib
      data = zlib.compressobj(9, zlib.DEFLATED, -15)
      raw = bytes(1 << 20)
      packed = data.compress(raw) + data.flush()
      head = struct.pack("<4s5H3L2H", b"PK\\3\\4", 20, 0, 8, 0, 0, zlib.crc32(raw), len(packed), len(raw), 1, 0)
      local = head + b"a" + packed
      entry = struct.pack("<4s6H3L5H2L", b"PK\\1\\2", 20, 20, 0, 8, 0, 0, zlib.crc32(raw), len(packed), len(raw), 1, 0, 0, 0, 0, 0, 0) + b"a"
      end = struct.pack("<4s4H2LH", b"PK\\5\\6", 0, 0, 1000, 1000, 1000 * len(entry), len(local), 0)
      sys.stdout.buffer.write(local + entry * 1000 + end)
      """)
    let opened = Opened(bytes)
    #expect(opened.names.count < 20)
    #expect(opened.faults[""]?.reason.contains("of 1000 entries") == true)
  }

  @Test func `holes of a sparse file are not filled`() throws {
    let bytes = try Made.shell("truncate -s 4G hole && echo end >> hole && tar -Scf - hole", [:])
    let opened = Opened(bytes)
    #expect(opened.entries["hole"].map { $0.hasSuffix("end\n") && $0.utf8.count < 1 << 20 } == true)
  }
}
