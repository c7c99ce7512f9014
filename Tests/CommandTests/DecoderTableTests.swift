import Foundation
import TestSupport
import Testing

/// Every Google rule × every decoder × work tree and index, with the exact places.
struct DecoderTableTests {
  static let secrets: [(rule: String, anchor: Int, make: @Sendable () -> String)] = [
    ("google.api-key", 4, LookAlike.apiKey), ("google.auth-key", 9, LookAlike.authKey),
    ("google.oauth-client-secret", 7, LookAlike.clientSecret),
  ]

  @Test func `every cell of the table is found, in work tree and index`() throws {
    let git = try GitFixture()
    var expected: [String: (rule: String, layers: [String], secret: String)] = [:]
    for (i, form) in Encoded.forms.enumerated() {
      for secret in Self.secrets {
        for place in ["worktree", "index"] {
          let text = secret.make()
          let path = "\(place)/\(secret.rule)-\(i)"
          try git.write(path, form.write(text, secret.anchor) + form.ending)
          expected[path] = (secret.rule, form.layers, text)
        }
      }
    }
    try git.git("add", "index")
    try FileManager.default.removeItem(atPath: git.path + "/index")
    let output = try Keyscan.run(
      [".", "--format", "json", "--show-secrets"], in: git.path, environment: git.environment)
    let json = try JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any]
    let report = Keyscan.Report(json: json ?? [:], status: output.status, errors: output.errors)
    for (path, cell) in expected.sorted(by: { $0.key < $1.key }) {
      let finding = report.findings.first { $0.paths == [path] }
      #expect(finding?.rule == cell.rule, "\(path) \(cell.layers)")
      #expect(finding?.places.first?.decoded == cell.layers, "\(path)")
      #expect(finding?.secret == cell.secret, "\(path)")
      #expect(finding?.standsIn == [path.hasPrefix("worktree") ? "worktree" : "index"])
    }
    #expect(report.findings.count == expected.count)
  }

  @Test func `every cell of the table is found in history, by delta`() throws {
    let git = try GitFixture()
    var random = SeededGenerator(7)
    var cells: [String: (rule: String, layers: [String], secret: String)] = [:]
    var versions: [String: [[UInt8]]] = [:]
    for (i, form) in Encoded.forms.enumerated() {
      for secret in Self.secrets {
        let text = secret.make()
        let path = "\(secret.rule)-\(i)"
        cells[path] = (secret.rule, form.layers, text)
        // Four versions: without, with, with and changed elsewhere, without.
        let before = (0..<40).map { _ in "before \(random.next() % 10_000)\n" }.joined()
        let after = (0..<40).map { _ in "after \(random.next() % 10_000)\n" }.joined()
        let written = form.write(text, secret.anchor) + form.ending
        versions[path] = [
          form.file(before) + form.file(after), form.file(before) + written + form.file(after),
          form.file("new\n" + before) + written + form.file(after + "end\n"),
          form.file(before + "changed\n" + after),
        ]
      }
    }
    for number in 0..<4 {
      for (path, contents) in versions { try git.write(path, contents[number]) }
      try git.git("add", "--all")
      try git.commit("version \(number)")
    }
    try git.git("repack", "-adfq", "--window=50")
    // Of four versions of a file three are deltas.
    let lines = try git.git(
      ["cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(deltabase)"])
    let deltas = lines.split(separator: "\n").count {
      $0.hasPrefix("blob ") && !$0.hasSuffix(String(repeating: "0", count: 40))
    }
    #expect(deltas >= 3 * cells.count)
    for engine in ["sweep", "libgit2"] {
      let output = try Keyscan.run(
        [".", "--format", "json", "--show-secrets", "--engine", engine], in: git.path,
        environment: git.environment)
      let json = try JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any]
      let report = Keyscan.Report(json: json ?? [:], status: output.status, errors: output.errors)
      for (path, cell) in cells.sorted(by: { $0.key < $1.key }) {
        let finding = report.findings.first { $0.paths == [path] }
        #expect(finding?.rule == cell.rule, "\(path) \(cell.layers)")
        #expect(finding?.places.first?.decoded == cell.layers, "\(path)")
        #expect(finding?.secret == cell.secret, "\(path)")
        #expect(finding?.standsIn == ["history"], "\(path)")
        let places = finding?.json["places"] as? [[String: Any]]
        #expect(places?.first?["versions"] as? Int == 2, "\(path)")
      }
      #expect(report.findings.count == cells.count)
    }
  }

  @Test func `the service-account key is found in every encoding, in work tree and index`() throws {
    let git = try GitFixture()
    let forms = Encoded.forms.filter {
      $0.layers.count < 2 && !$0.name.contains("behind") && !$0.name.contains("cut")
        && !["quoted-printable", "adjacent-literals", "wrapped-lines"].contains(
          $0.layers.first ?? "")
    }
    for (i, form) in forms.enumerated() {
      try git.write(
        "worktree/\(i)", form.write(LookAlike.serviceAccount(body: LookAlike.pemBody(lines: 8)), 0))
      try git.write(
        "index/\(i)", form.write(LookAlike.serviceAccount(body: LookAlike.pemBody(lines: 8)), 0))
    }
    try git.git("add", "index")
    try FileManager.default.removeItem(atPath: git.path + "/index")
    let report = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(report.paths(of: "google.service-account-key").count == 2 * forms.count)
    #expect(forms.count >= 12)
  }
}

extension Encoded.Form {
  /// Text of the file around, in the encoding that the whole file has.
  func file(_ text: String) -> [UInt8] {
    switch layers.first {
    case "utf-16le": Encoded.utf16(text, bigEndian: false)
    case "utf-16be": Encoded.utf16(text, bigEndian: true)
    default: Array(text.utf8)
    }
  }

  /// A line break in the form's own encoding, where that is one of whole files.
  var ending: [UInt8] {
    switch layers.first {
    case "utf-16le": [0x0A, 0]
    case "utf-16be": [0, 0x0A]
    default: [0x0A]
    }
  }
}
