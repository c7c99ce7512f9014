import Foundation
import FuzzInputs
import TestSupport
import Testing

/// The containers that `make fuzz` begins with.
struct FuzzSeedTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzz/corpus")

  /// Makes the seeds anew, on request: `KEYSCAN_UPDATE_CORPUS=1 swift test --filter FuzzSeed`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["KEYSCAN_UPDATE_CORPUS"] != nil))
  func `seeds of containers are made`() throws {
    let files = ["k.json": "{\"a\": 1}", "l.txt": String(repeating: "text ", count: 50)]
    for (name, commands) in [
      ("zip", "bsdtar --format zip -cf z *.json *.txt && cat z"),
      ("7z", "bsdtar --format 7zip -cf z *.json *.txt && cat z"),
      ("tar-gz", "tar -czf - *.json"), ("tar-bz2", "bsdtar -cjf z *.json && cat z"),
      ("tar-xz", "tar -cJf - *.json"), ("tar-zst", "tar -cf - *.json | zstd -qc"),
      ("cpio", "bsdtar --format newc -cf z *.json && head -c 600 z"),
      ("ar", "ar rcD z *.json *.txt && cat z"),
    ] {
      try write(try Made.shell(commands, files), name)
    }
    try write(
      Made.python(
        """
        import os, sqlite3, sys, tempfile
        path = tempfile.mktemp()
        db = sqlite3.connect(path)
        db.execute("PRAGMA page_size = 512")
        db.execute("CREATE TABLE t (k TEXT, v BLOB)")
        db.execute("INSERT INTO t VALUES ('a', 'b')")
        db.commit()
        sys.stdout.buffer.write(open(path, "rb").read())
        os.unlink(path)
        """), "database")
    try write(
      Made.python(
        """
        import sys, zlib
        data = zlib.compress(b"BT /F1 12 Tf [(a) -300 <0041>] TJ T* (b) ' ET")
        table = b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7e> <0020> endbfrange"
        sys.stdout.buffer.write(b"%PDF-1.4\\n2 0 obj\\n<< /Font << /F1 3 0 R >> >>\\nendobj\\n"
            b"3 0 obj\\n<< /ToUnicode 5 0 R >>\\nendobj\\n5 0 obj\\n<< /Length 1 >>\\nstream\\n" + table
            + b"\\nendstream\\nendobj\\n4 0 obj\\n<< /Filter /FlateDecode >>\\nstream\\n" + data
            + b"\\nendstream\\nendobj\\ntrailer << >>\\n")
        """), "pdf")
    try write(
      Made.python(
        """
        import plistlib, sys
        sys.stdout.buffer.write(plistlib.dumps({"K": ["v", 1, b"d", {"ü": "ü"}]}, fmt=plistlib.FMT_BINARY))
        """), "property-list")
    try write(AndroidFixture.resources(["key": "value", "other": "text"]), "resources")
    try write(AndroidFixture.manifest(element: "a", ["name": "n", "value": "v"]), "android-xml")
  }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(FuzzInput.bytes(.container, [], bytes))
      .write(to: Self.folder.appendingPathComponent("container-\(name)"))
  }
}
