import Foundation
import TestSupport
import Testing

/// Contents that are larger than one window, read as files, from standard input and from git.
struct LargeInputTests {
  /// The windows are of 8 MiB, and what they overlap by.
  private static let window = 8 << 20

  /// A content of about three windows with keys at the start, across every edge that a window
  /// may have, and at the end; and the offsets, lines and columns of the keys.
  ///
  /// With `isDense`, key stands after key, so that the first edge cuts one wherever it is.
  private static func content(
    isDense: Bool = false
  ) -> (bytes: [UInt8], keys: [(offset: Int, line: Int, column: Int)]) {
    var offsets = [0]
    if isDense { offsets += stride(from: window - 1_000, to: window + 70_000, by: 40) }
    for edge in [window, window + (32 << 10), 2 * window, 2 * window + (64 << 10)] where !isDense {
      // The keys begin before the edge, on it and behind it.
      for step in stride(from: -200, through: 200, by: 50) { offsets.append(edge + step) }
    }
    let end = 3 * window
    offsets.append(end - 39)
    offsets.sort()
    var bytes = [UInt8](repeating: UInt8(ascii: "."), count: end)
    for i in stride(from: 70_000, to: end, by: 70_001) { bytes[i] = 0x0A }
    for offset in offsets {
      for (i, byte) in LookAlike.apiKey().utf8.enumerated() { bytes[offset + i] = byte }
    }
    var keys: [(offset: Int, line: Int, column: Int)] = []
    var line = 1
    var start = 0
    var next = 0
    for i in bytes.indices {
      if next < offsets.count, offsets[next] == i {
        keys.append((i, line, i - start + 1))
        next += 1
      }
      if bytes[i] == 0x0A {
        line += 1
        start = i + 1
      }
    }
    return (bytes, keys)
  }

  private func expect(
    _ report: Keyscan.Report, _ keys: [(offset: Int, line: Int, column: Int)], path: String
  ) {
    let places = report.findings.flatMap(\.places).sorted { ($0.offset ?? 0) < ($1.offset ?? 0) }
    #expect(places.count == keys.count)
    let differing = zip(places, keys).first { place, key in
      place.offset != key.offset || place.line != key.line || place.column != key.column
    }
    #expect(differing == nil)
    #expect(places.allSatisfy { $0.path == path && $0.length == 39 })
    #expect(report.gaps.allSatisfy { !$0.fails })
  }

  @Test func `a large file is read whole, across every edge`() throws {
    let folder = TemporaryFolder()
    let (bytes, keys) = Self.content()
    try folder.write("big", bytes)
    expect(try Keyscan.report(["big"], in: folder.path), keys, path: "big")
    expect(try Keyscan.report(["."], in: folder.path), keys, path: "big")
    let (dense, more) = Self.content(isDense: true)
    try folder.write("dense", dense)
    expect(try Keyscan.report(["dense"], in: folder.path), more, path: "dense")
  }

  @Test func `standard input is read to its end, in whatever pieces it comes`() throws {
    let folder = TemporaryFolder()
    let (bytes, keys) = Self.content()
    try folder.write("big", bytes)
    let file = try Keyscan.report(["--stdin"], in: folder.path, input: bytes)
    expect(file, keys, path: "<stdin>")
    let piped = try Tool.shell(
      """
      (head -c 5000003 big; tail -c +5000004 big | dd bs=997 2>/dev/null) |
        '\(Keyscan.program)' --stdin --stdin-name src/x.ts --format json
      """, in: folder.path)
    let json = try JSONSerialization.jsonObject(with: Data(piped.bytes)) as? [String: Any]
    expect(
      Keyscan.Report(json: json ?? [:], status: piped.status, errors: piped.errors), keys,
      path: "src/x.ts")
  }

  @Test(arguments: ["loose", "packed", "delta"])
  func `a large staged blob is read whole, however git keeps it`(form: String) throws {
    let git = try GitFixture()
    let (bytes, keys) = Self.content()
    try git.git("config", "core.bigFileThreshold", form == "packed" ? "1m" : "1g")
    if form == "delta" {
      try git.write("base", Array(bytes.dropLast(1000)))
      try git.git("add", "base")
      try git.commit()
    }
    try git.write("big", bytes)
    try git.git("add", "big")
    if form == "delta" {
      let id = try git.git("ls-files", "--stage", "big").split(separator: " ")[1]
      let base = try git.git("ls-files", "--stage", "base").split(separator: " ")[1]
      try git.git(
        ["pack-objects", "--quiet", "--window=10", ".git/objects/pack/pack"],
        input: Array("\(base)\n\(id)\n".utf8))
      try git.git("prune-packed")
    }
    try git.write("big", "changed\n")
    expect(
      try Keyscan.report(["--staged"], in: git.path, environment: git.environment), keys,
      path: "big")
  }

  @Test func `a UTF-16 file over several windows has the right lines and columns`() throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    let lines = (0..<200_000).map { "line \($0) of a long file in UTF-16" }
    let text = (lines + ["x \(key)"]).joined(separator: "\n")
    try folder.write("wide", [0xFF, 0xFE] + Encoded.utf16(text, bigEndian: false))
    let place = try Keyscan.report(["wide"], in: folder.path).findings.first?.places.first
    #expect(place?.line == 200_001 && place?.column == 3)
    #expect(place?.decoded == ["utf-16le"])
  }

  @Test func `a large tracked file that changed is compared with the index`() throws {
    let git = try GitFixture()
    let (bytes, keys) = Self.content()
    try git.write("big", bytes)
    try git.git("add", "big")
    try git.commit()
    // The same content with another time: it is still what the index has.
    try git.git("update-index", "--refresh")
    #expect(try Tool.run("/usr/bin/touch", ["-d", "2001-01-01", git.path + "/big"]).status == 0)
    let report = try Keyscan.report(["."], in: git.path, environment: git.environment)
    expect(report, keys, path: "big")
    #expect(report.findings.allSatisfy { $0.standsIn == ["worktree", "index", "head", "history"] })
  }

  @Test func `a sparse file is read to its end`() throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    let made = try Tool.shell(
      "truncate -s 300M sparse && printf '%s' '\(key)' >> sparse", in: folder.path)
    #expect(made.status == 0)
    let place = try Keyscan.report(["sparse"], in: folder.path).findings.first?.places.first
    #expect(place?.offset == 300 << 20)
  }
}
