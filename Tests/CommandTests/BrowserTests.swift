import Foundation
import TestSupport
import Testing

/// The HTML report of a repository whose every text wants to act, in a real browser.
///
/// `Tests/Browser/check-report.py` opens it and asks the page itself; it also breaks the report on
/// purpose and says whether each check noticed.
@Suite(
  .enabled(
    if: InstalledBrowser.program != nil || InstalledBrowser.isDebian,
    "no Chromium is in PATH; KEYSCAN_BROWSER names one that is elsewhere"))
struct BrowserTests {
  /// What the checks said, once for all tests.
  private struct Outcome {
    let faults: [String: [String]]
    let broken: [String: [String: Bool]]
  }
  private static let outcome = Result { try look() }

  /// Names of files and folders, as they are and as the report shows them.
  private static let paths = [
    ("<script>hostile=1</script>.py", "<script>hostile=1</script>.py"),
    ("\"><img src=x onerror=hostile=1>.py", "\"><img src=x onerror=hostile=1>.py"),
    (
      "</style></pre></title><svg onload=hostile=1>.js",
      "</style></pre></title><svg onload=hostile=1>.js"
    ),
    ("javascript:hostile=1.py", "javascript:hostile=1.py"),
    ("' onmouseover='hostile=1' x='.py", "' onmouseover='hostile=1' x='.py"),
    ("cod\u{202E}yp.exe\u{2066}", "cod\\u{202e}yp.exe\\u{2066}"),
  ]
  private static let subject = "<img src=x onerror=hostile=1> </title><script>hostile=1</script>"
  private static let author = "A\" onfocus=\"hostile=1\" autofocus=\"U"
  private static let branch = "x\"><img/src=x/onerror=hostile=1>"
  private static let reason = "<svg onload=hostile=1> known & accepted"
  private static let zip = "<b onclick=hostile=1>.zip"

  /// Writes the report of such a repository and has it looked at.
  private static func look() throws -> Outcome {
    let git = try GitFixture()
    var secrets: [String] = []
    func key() -> String {
      secrets.append(LookAlike.apiKey())
      return secrets[secrets.count - 1]
    }
    func commit(_ message: String, on day: String) throws {
      try git.git(
        ["commit", "--quiet", "--no-verify", "--message", message],
        environment: [
          "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_DATE": "\(day)T12:00:00Z",
          "GIT_COMMITTER_DATE": "\(day)T12:00:00Z",
        ])
    }
    for (i, path) in paths.enumerated() {
      let above = (0..<i * 3).map { "// <script>hostile=\($0)</script>\n" }.joined()
      try git.stage(
        path.0, "\(above)a = \"\(key())\" // \u{202E}</pre><script>hostile=1</script>\n")
    }
    try git.stage("gone.py", "old = \"\(key())\"\n")
    try git.stage(
      "token.py", "a = \"\(LookAlike.authKey())\"\nb = \"\(LookAlike.clientSecret())\"\n")
    try git.stage("lab.py", "GITLAB_TOKEN = \"glpat-\(LookAlike.plain(20))\"\n")
    try git.stage("key.pem", LookAlike.privateKey())
    let often = key()
    for i in 0..<9 { try git.stage("often/\(i).py", "a = 1\nb = 2\nc = \"\(often)\"\n") }
    try git.stage("allowed.py", "a = \"\(key())\"\n")
    try git.stage(
      "long.js", "var a=\"" + String(repeating: "x", count: 5000) + "\",k=\"\(key())\";\n")
    try git.stage(
      ".keyscan.yml",
      """
      version: 1
      rules: {google.oauth-client-secret: low, google.auth-key: medium}
      allow:
        - {path: allowed.py, reason: '\(reason)'}
      """)
    try commit(subject, on: "2021-03-01")
    try git.git("rm", "--quiet", "gone.py")
    try commit("take it out", on: "2023-07-01")
    try git.git("branch", branch + key())
    try git.write("token.py", "stashed = \"\(key())\"\n")
    try git.git("stash", "push", "--quiet")
    try git.write(".env", "PASSWORD=\(LookAlike.plain(24))\n")
    try git.write(zip, Array("PK".utf8) + [3, 4, 0, 0])
    for i in 0..<5 { try git.write("\(i).zip", Array("PK".utf8) + [3, 4, 0, 0]) }

    let html = git.folder.at("report.html")
    let report = try Keyscan.report(
      [".", "--show-suppressed", "--report", "html=\(html)"], in: git.path,
      environment: git.environment)
    #expect(Set(report.findings.map(\.severity)) == ["critical", "high", "medium", "low"])
    let standings = Set(report.findings.flatMap(\.standsIn))
    #expect(standings.isSuperset(of: ["worktree", "history", "stash"]))
    #expect(report.findings.contains { $0.standsIn == ["history"] })
    #expect(!report.suppressed.isEmpty && !report.gaps.isEmpty)
    #expect(!Leaks.stand(in: try git.folder.bytes("report.html")))

    let expected: [String: Any] = [
      "html": html, "report": report.json, "secrets": secrets,
      "texts": paths.map(\.1) + [subject, author, branch, reason, zip],
      "words": ["<script>", "stash", "OFTEN/3.py", "onerror google"],
    ]
    try git.folder.write(
      "expected.json", [UInt8](JSONSerialization.data(withJSONObject: expected)))
    let output = try Tool.run(
      "/usr/bin/env", ["python3", "check-report.py", git.folder.at("expected.json")],
      in: InstalledBrowser.folder)
    let said = try? JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any]
    guard let faults = said?["faults"] as? [String: [String]],
      let broken = said?["broken"] as? [String: [String: Bool]]
    else { throw Tool.Failure(description: "no answer: \(output.errors)\(output.text)") }
    return Outcome(faults: faults, broken: broken)
  }

  /// Expects that a check found no fault, and that it finds one in each broken report.
  private func expect(_ check: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let outcome = try Self.outcome.get()
    let faults = try #require(outcome.faults[check], sourceLocation: sourceLocation)
    #expect(faults == [], sourceLocation: sourceLocation)
    let broken = try #require(outcome.broken[check], sourceLocation: sourceLocation)
    #expect(!broken.isEmpty, sourceLocation: sourceLocation)
    for (how, isNoticed) in broken {
      #expect(isNoticed, "not noticed: \(how)", sourceLocation: sourceLocation)
    }
  }

  @Test func `in a browser nothing of a hostile repository acts`() throws { try expect("acts") }

  @Test func `the page asks for nothing but itself`() throws { try expect("asks") }

  @Test func `hostile texts can be read as what they are`() throws { try expect("tells") }

  @Test func `the page has a card for every finding, by severity`() throws { try expect("counts") }

  @Test func `the time line is drawn with its dates`() throws { try expect("dates") }

  @Test func `code has line numbers, and no secret is whole in the page`() throws {
    try expect("frames")
  }

  @Test func `filters and search show exactly what they say`() throws { try expect("filters") }

  @Test func `Tab reaches everything visibly, and keys work it`() throws { try expect("keys") }

  @Test func `every text has contrast, light, dark and on paper`() throws { try expect("contrast") }

  @Test func `print shows everything, or says what it leaves out`() throws { try expect("paper") }

  @Test func `nothing sticks out on a phone or a wide screen`() throws { try expect("widths") }

  @Test func `controls and drawings have names, headings an order`() throws { try expect("names") }

  @Test func `without scripts the page shows everything`() throws { try expect("alone") }
}

/// What this machine has to look at a page with.
private enum InstalledBrowser {
  /// Where the programs are that drive a browser.
  static let folder = Golden.checkout.appendingPathComponent("Tests/Browser").path

  /// Where a browser is, by the rule of `Tests/Browser/browser.py`.
  static let program: String? = {
    let output = try? Tool.run(
      "/usr/bin/env", ["python3", "-c", "import browser; print(browser.program() or '')"],
      in: folder)
    return output?.lines.first
  }()

  /// On Debian `make test` installs a browser, so a test without one would hide a mistake.
  static let isDebian =
    (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8))?
    .split(separator: "\n").contains("ID=debian") ?? false
}
