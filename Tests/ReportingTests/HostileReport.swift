import Foundation
import Model

/// Reports whose every text wants to do something.
enum HostileReport {
  /// Lines that act in some format, or in the log of a build.
  static let texts: [String] = [
    "]]><failure/>", "<script>alert(1)</script>", "</code></summary></details><b>x",
    "::error::taken", "  ::stop-commands::token", "a ##[add-mask]b", "##vso[task.complete]x",
    "100%0A::error::taken%25", "two\nlines", "carriage\r\n::error::taken", "`one` ``two`` ```three",
    "```", "a|b|c", #"a\|b\\|c"#, "[text](https://evil.example)", "![](https://evil.example/x)",
    "https://evil.example/x", "www.evil.example", "mail@evil.example", "@everyone look",
    "#1 and GH-12 and !3 and deadbeefdeadbeef", "*bold* _it_ ~~gone~~ $`x`$", "# heading",
    "- item", "/close", "{{ template }} ${{ secrets.TOKEN }}", "\u{202E}gpj.exe",
    "\u{200B}\u{FEFF}",
    "\u{1B}[31mred\u{07}", "\u{FFFE}\u{FFFF}\u{0}", "&amp;&lt;&#60;", "\"quoted\" 'single'",
    "a,b:c=d", "\t tab", "trailing `", " ", "é漢😀", "```suggestion\ndelete\n```", "\\", "|",
  ]

  static let invalid = ForeignText([0x61, 0xFF, 0xC3, 0x28, 0x0A, 0x3A, 0x3A, 0x80])

  static func fingerprint(_ number: Int) -> Fingerprint {
    var bytes = [UInt8](repeating: 0xA7, count: 16)
    bytes[14] = UInt8(number >> 8 & 255)
    bytes[15] = UInt8(number & 255)
    return Fingerprint(prefixOf: bytes)
  }

  static let secret = "AIza" + String(repeating: "Planted", count: 5)

  static func finding(
    _ number: Int, text: ForeignText, severity: Severity = .high,
    standing: Standing = .worktree, kind: Place.Kind = .file
  ) -> Finding {
    var place = Place(
      target: 0, kind: kind, path: kind == .object ? ForeignText("") : text,
      region: Region(line: 3, column: 5, endLine: 3, endColumn: 44, offset: 9, length: 39),
      commit: "0123456789abcdef0123456789abcdef01234567", decoded: ["base64"],
      standsIn: [standing])
    var past = Past(versions: 2)
    past.author = text
    past.date = 1_700_000_000
    past.subject = text
    place.past = past
    var finding = Finding(
      rule: RuleID("google.api-key"), title: "Google API key", provider: "Google",
      severity: severity, confidence: .medium,
      secret: Secret(Array(secret.utf8), fixedPrefix: 4), fingerprint: fingerprint(number),
      published: .yes, advice: [text, ForeignText("Revoke it.")], notes: [text], places: [place])
    finding.repair = [text, ForeignText("git rm --cached -- .env")]
    return finding
  }

  static func report(
    _ findings: [Finding], gaps: [Gap] = [], hints: [Hint] = [], status: Model.ExitStatus = .found
  ) -> Report {
    var coverage = Coverage()
    coverage.gaps = gaps
    coverage.files = 1234
    return Report(
      toolVersion: "0.1.0", rules: 3,
      targets: [Target(path: ForeignText("."), kind: .repository)], coverage: coverage,
      findings: findings.sorted(by: Finding.precedes), hints: hints, suppressed: [],
      isPartial: false,
      notes: [
        RuleNote(
          id: RuleID("google.api-key"), title: "Google API key", provider: "Google",
          severity: .high, description: "A key.", help: [], references: ["https://example.com/"])
      ], status: status)
  }

  /// Every hostile text as a path, subject, author, advice, note, repair, gap and hint.
  static var whole: Report {
    let texts = texts.map { ForeignText($0) } + [invalid]
    let findings = texts.enumerated().map { i, text in
      finding(
        i, text: text, severity: Severity.allCases[i % 4],
        standing: i % 7 == 6 ? .stash : .head, kind: i % 11 == 10 ? .object : .file)
    }
    return report(
      findings, gaps: texts.map { Gap(.damaged, subject: $0, reason: $0) },
      hints: texts.map { Hint(subject: $0, text: $0) })
  }

  /// Runs a program of Python's on `input` and returns what it writes.
  static func python(
    _ program: String, arguments: [String] = [], input: [UInt8]
  ) throws -> (status: Int32, output: String) {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "keyscan-report-\(UUID().uuidString)")
    try Data(input).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, file.path()] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
