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
  /// A line break in the form's own encoding, where that is one of whole files.
  var ending: [UInt8] {
    switch layers.first {
    case "utf-16le": [0x0A, 0]
    case "utf-16be": [0, 0x0A]
    default: [0x0A]
    }
  }
}
