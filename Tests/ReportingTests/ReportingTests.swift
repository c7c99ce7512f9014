import Foundation
import Model
import Reporting
import Testing

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func lines(_ bytes: [UInt8]) -> [String] {
  text(bytes).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}

/// What GitHub's runner takes for commands: a line that begins with two colons, whatever space
/// stands before, and a mark with a bracket anywhere else.
private func isCommand(_ line: String) -> Bool {
  line.drop { $0.isWhitespace }.hasPrefix("::") || line.contains("##[") || line.contains("##vso[")
}

/// Every document of a report, by name.
private func documents(_ report: Report, showsSecrets: Bool = false) -> [(String, [UInt8])] {
  [
    ("junit", JUnitReport(report, showsSecrets: showsSecrets).document()),
    ("github", GitHubReport(report, showsSecrets: showsSecrets).document()),
    ("summary", GitHubReport(report, showsSecrets: showsSecrets).summary()),
    ("gitlab", GitLabReport(report, showsSecrets: showsSecrets, start: 0, end: 1).document()),
    ("markdown", MarkdownReport(report, showsSecrets: showsSecrets).document()),
  ]
}

struct EveryFormatTests {
  @Test func `nothing that acts or hides reaches an output`() {
    for (name, bytes) in documents(HostileReport.whole) {
      #expect(String(validating: bytes, as: UTF8.self) != nil, "\(name)")
      for scalar in text(bytes).unicodeScalars where scalar != "\n" {
        #expect(!ForeignText.isDeceptive(scalar), "\(name): \(scalar.value)")
      }
    }
  }

  @Test func `no line can be read as a command of a build`() {
    for (name, bytes) in documents(HostileReport.whole) where name != "github" && name != "gitlab" {
      for line in lines(bytes) { #expect(!isCommand(line), "\(name): \(line)") }
    }
  }

  @Test func `a secret is shown whole only where it is asked for`() {
    let report = HostileReport.report([HostileReport.finding(1, text: ForeignText("a.txt"))])
    for (name, bytes) in documents(report) {
      #expect(!text(bytes).contains("Planted"), "\(name)")
      #expect(text(bytes).contains("AIza…(39)"), "\(name)")
    }
    for (name, bytes) in documents(report, showsSecrets: true) {
      #expect(text(bytes).contains(HostileReport.secret), "\(name)")
    }
  }

  @Test func `the same report is written the same`() {
    let (first, second) = (documents(HostileReport.whole), documents(HostileReport.whole))
    for (a, b) in zip(first, second) { #expect(a.1 == b.1, "\(a.0)") }
  }
}

struct JUnitReportTests {
  /// Reads the document with Python's XML parser and says what it holds.
  private func parsed(_ report: Report) throws -> [String: Any] {
    let program = """
      import sys, json, xml.etree.ElementTree as T
      root = T.parse(sys.argv[1]).getroot()
      suite = root.find('testsuite')
      cases = [dict(c.attrib, tag=[e.tag for e in c], text=''.join(e.text or '' for e in c),
        kind=[e.get('type') for e in c]) for c in suite.findall('testcase')]
      print(json.dumps({'root': root.tag, 'suite': suite.attrib, 'cases': cases,
        'output': suite.find('system-out').text}))
      """
    let document = JUnitReport(report, showsSecrets: false).document()
    let run = try HostileReport.python(program, input: document)
    try #require(run.status == 0, "\(run.output)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func `an XML parser reads it, and every finding and failing gap is a case`() throws {
    let report = HostileReport.whole
    let document = try parsed(report)
    let suite = try #require(document["suite"] as? [String: String])
    let cases = try #require(document["cases"] as? [[String: Any]])
    #expect(document["root"] as? String == "testsuites")
    #expect(suite["failures"] == "\(report.findings.count)")
    #expect(suite["errors"] == "\(report.coverage.gaps.count)")
    #expect(suite["tests"] == "\(cases.count)")
    #expect(cases.count == report.findings.count + report.coverage.gaps.count)
    #expect(cases.filter { $0["tag"] as? [String] == ["failure"] }.count == report.findings.count)
    for (finding, read) in zip(report.findings, cases) {
      #expect(read["kind"] as? [String] == [finding.severity.rawValue])
      #expect(read["classname"] as? String == "google.api-key")
      let text = try #require(read["text"] as? String)
      #expect(text.contains("AIza…(39)"))
      #expect(text.contains("git rm --cached -- .env"))
      #expect(text.contains("do: Revoke it."))
    }
  }

  @Test func `file and line are known where a file holds it`() throws {
    let report = HostileReport.report([HostileReport.finding(1, text: ForeignText("a b.txt"))])
    let cases = try #require(try parsed(report)["cases"] as? [[String: Any]])
    #expect(cases[0]["file"] as? String == "a b.txt")
    #expect(cases[0]["line"] as? String == "3")
    #expect((cases[0]["name"] as? String)?.hasPrefix("Google API key in a b.txt:3:5") == true)
  }

  @Test func `no two cases of a class have one name`() throws {
    let same = (0..<5).map { HostileReport.finding($0, text: ForeignText("same.txt")) }
    let cases = try #require(try parsed(HostileReport.report(same))["cases"] as? [[String: Any]])
    #expect(Set(cases.compactMap { $0["name"] as? String }).count == 5)
  }

  @Test func `nothing found is one test that passes`() throws {
    let document = try parsed(HostileReport.report([], status: .clean))
    let cases = try #require(document["cases"] as? [[String: Any]])
    #expect(cases.count == 1)
    #expect(cases[0]["name"] as? String == "no secret found")
    #expect(cases[0]["tag"] as? [String] == [])
  }

  @Test func `a run that is no answer does not pass`() throws {
    let gap = Gap(.opaque, subject: ForeignText("a.zip"), reason: ForeignText("an archive"))
    var partial = HostileReport.report([], status: .interrupted)
    partial.isPartial = true
    for report in [
      HostileReport.report([], gaps: [gap], status: .incomplete), partial,
      HostileReport.report([], status: .noInput),
    ] {
      let cases = try #require(try parsed(report)["cases"] as? [[String: Any]])
      #expect(cases.map { $0["tag"] as? [String] } == [["error"]])
    }
    let said = try parsed(HostileReport.report([], gaps: [gap], status: .clean))
    #expect((said["output"] as? String)?.contains("not read: a.zip: an archive") == true)
  }
}

struct GitHubReportTests {
  /// A line as the runner takes it apart.
  private struct Command {
    let name: String
    let properties: [String: String]
    let message: String

    init?(_ line: String) {
      let line = line.drop { $0.isWhitespace }
      guard line.hasPrefix("::"), let end = line.dropFirst(2).range(of: "::") else { return nil }
      let head = line[line.index(line.startIndex, offsetBy: 2)..<end.lowerBound]
      name = String(head.prefix { $0 != " " })
      var properties: [String: String] = [:]
      for pair in head.dropFirst(name.count).split(separator: ",") {
        let parts = pair.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { continue }
        properties[parts[0].trimmingCharacters(in: .whitespaces)] = Self.unescaped(
          String(parts[1]))
      }
      self.properties = properties
      message = Self.unescaped(String(line[end.upperBound...]))
    }

    private static func unescaped(_ text: String) -> String {
      [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]
        .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
  }

  private func commands(_ report: Report) -> [Command] {
    lines(GitHubReport(report, showsSecrets: false).document()).compactMap(Command.init)
  }

  @Test func `every command is one of ours, and only the last line is none`() {
    let report = HostileReport.whole
    let written = lines(GitHubReport(report, showsSecrets: false).document())
    let read = written.compactMap(Command.init)
    #expect(read.count == report.findings.count + 1)
    #expect(written.count == read.count + 2)
    #expect(written.last == "")
    #expect(written.dropLast().last?.hasPrefix("keyscan: ") == true)
    let names: Set = ["title", "file", "line", "endLine", "col", "endColumn"]
    for command in read {
      #expect(["error", "warning", "notice"].contains(command.name))
      #expect(names.isSuperset(of: command.properties.keys))
      // The runner logs a message line by line.
      for line in command.message.split(separator: "\n").map(String.init) {
        #expect(!isCommand(line), "\(line)")
      }
    }
  }

  @Test func `what was escaped comes back`() {
    for path in ["a,b:c%0A=d.txt", "100%25", "plain.txt", "é漢😀 x.txt"] {
      let report = HostileReport.report([HostileReport.finding(1, text: ForeignText(path))])
      let command = commands(report)[0]
      #expect(command.properties["file"] == path)
      #expect(command.properties["line"] == "3")
      #expect(command.properties["endLine"] == "3")
      #expect(command.properties["col"] == "5")
      #expect(command.properties["endColumn"] == "43")
      #expect(command.properties["title"] == "Google API key")
    }
  }

  @Test func `severities are errors, warnings and notices, the worst first`() {
    let findings = [Severity.low, .critical, .medium, .high].enumerated().map { i, severity in
      HostileReport.finding(i, text: ForeignText("\(i)"), severity: severity)
    }
    #expect(
      commands(HostileReport.report(findings)).map(\.name) == [
        "error", "error", "warning", "notice",
      ])
  }

  @Test func `only what a file of now holds has a place`() {
    for standing in Standing.allCases {
      let finding = HostileReport.finding(1, text: ForeignText("a"), standing: standing)
      let command = commands(HostileReport.report([finding]))[0]
      #expect((command.properties["file"] != nil) == [.worktree, .index, .head].contains(standing))
    }
    let object = HostileReport.finding(1, text: ForeignText("a"), kind: .object)
    #expect(commands(HostileReport.report([object]))[0].properties["file"] == nil)
  }

  @Test func `no columns over more lines than one`() {
    var finding = HostileReport.finding(1, text: ForeignText("a"))
    finding.places[0].region = Region(
      line: 3, column: 5, endLine: 9, endColumn: 2, offset: 1, length: 99)
    let command = commands(HostileReport.report([finding]))[0]
    #expect(command.properties["endLine"] == "9")
    #expect(command.properties["col"] == nil)
  }

  @Test func `the last line counts them and names GitHub's limit`() {
    func last(_ count: Int) -> String {
      let findings = (0..<count).map { HostileReport.finding($0, text: ForeignText("\($0)")) }
      return lines(GitHubReport(HostileReport.report(findings), showsSecrets: false).document())
        .dropLast().last ?? ""
    }
    #expect(last(10) == "keyscan: 10 findings (10 high) in 10 places")
    #expect(last(11).hasPrefix("keyscan: 11 findings (11 high) in 11 places; GitHub shows 10"))
    #expect(last(0) == "keyscan: no secret found in what was read")
  }

  @Test func `what was not read comes first`() {
    let gap = Gap(.damaged, subject: ForeignText("x"), reason: ForeignText("damaged"))
    let finding = HostileReport.finding(1, text: ForeignText("a"))
    let failing = commands(HostileReport.report([finding], gaps: [gap]))
    #expect(failing[0].name == "error")
    #expect(failing[0].message.contains("not read: x: damaged"))
    let shallow = commands(HostileReport.report([], gaps: [.shallow(1)], status: .clean))
    #expect(shallow.map(\.name) == ["warning"])
  }

  @Test func `a summary fits, and says what it leaves out`() {
    let long = String(repeating: "long ", count: 60)
    let findings = (0..<3000).map { HostileReport.finding($0, text: ForeignText("\(long)\($0)")) }
    let gaps = (0..<3000).map {
      Gap(.damaged, subject: ForeignText("\(long)\($0)"), reason: ForeignText("\(long)\($0)"))
    }
    let summary = GitHubReport(
      HostileReport.report(findings, gaps: gaps), showsSecrets: false
    ).summary()
    #expect(summary.count <= 1_048_576)
    #expect(summary.count > 700_000)
    let shown = text(summary).components(separatedBy: "<details>").count - 1
    #expect(text(summary).contains("findings left out here"))
    let left = text(summary).components(separatedBy: "**").compactMap { part in
      part.contains("left out here")
        ? Int(part.prefix { $0 != " " }.replacingOccurrences(of: ",", with: "")) : nil
    }
    #expect(left == [3000 - shown])
    #expect(text(summary).contains("more\n"))
  }

  @Test func `one finding that is too long does not hide the others`() {
    let huge = ForeignText(String(repeating: "x", count: 2_000_000))
    let findings = [
      HostileReport.finding(1, text: huge, severity: .critical),
      HostileReport.finding(2, text: ForeignText("small.txt")),
    ]
    let summary = text(GitHubReport(HostileReport.report(findings), showsSecrets: false).summary())
    #expect(summary.contains("`small.txt:3:5"))
    #expect(summary.contains("1 finding left out here"))
  }
}

struct GitLabReportTests {
  private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/gitlab")

  private func document(_ report: Report) -> [UInt8] {
    GitLabReport(report, showsSecrets: false, start: 1_700_000_000, end: 1_700_000_061).document()
  }

  private func read(_ report: Report) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(document(report))) as? [String: Any])
  }

  @Test func `it is what GitLab's schema asks for`() throws {
    let program = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[2]))
      jsonschema.Draft7Validator.check_schema(schema)
      errors = list(jsonschema.Draft7Validator(schema).iter_errors(json.load(open(sys.argv[1]))))
      for error in errors[:5]: print(error.json_path, error.message[:300])
      sys.exit(1 if errors else 0)
      """
    let long = ForeignText(String(repeating: "a`b ", count: 400_000))
    var titled = HostileReport.finding(7, text: ForeignText("t"))
    titled.title = String(repeating: "e\u{301}", count: 300)
    var placeless = HostileReport.finding(8, text: ForeignText("t"))
    placeless.places = []
    for report in [
      HostileReport.whole, HostileReport.report([], status: .clean),
      HostileReport.report([HostileReport.finding(1, text: long), titled, placeless]),
    ] {
      let run = try HostileReport.python(
        program, arguments: [fixtures.appending(path: "secret-detection-15.0.7.json").path()],
        input: document(report))
      #expect(run.status == 0, "\(run.output)")
    }
  }

  @Test func `times are in UTC and without a zone`() throws {
    let scan = try #require(try read(HostileReport.report([]))["scan"] as? [String: Any])
    #expect(scan["start_time"] as? String == "2023-11-14T22:13:20")
    #expect(scan["end_time"] as? String == "2023-11-14T22:14:21")
    #expect(scan["status"] as? String == "success")
  }

  @Test func `a finding keeps its id when it moves`() throws {
    func id(_ finding: Finding) throws -> String {
      let read = try read(HostileReport.report([finding]))
      let found = try #require(read["vulnerabilities"] as? [[String: Any]])
      return try #require(found[0]["id"] as? String)
    }
    let here = HostileReport.finding(1, text: ForeignText("a"))
    let there = HostileReport.finding(1, text: ForeignText("b"), severity: .low)
    #expect(try id(here) == id(there))
    #expect(try id(here) == "a7a7a7a7-a7a7-87a7-a7a7-a7a7a7a70001")
    #expect(try id(here) != id(HostileReport.finding(2, text: ForeignText("a"))))
  }

  @Test func `a gap that fails is a scan that failed, and is said`() throws {
    let gap = Gap(.missing, subject: ForeignText("x"), reason: ForeignText("nowhere"))
    let scan = try #require(
      try read(HostileReport.report([], gaps: [gap]))["scan"] as? [String: Any])
    #expect(scan["status"] as? String == "failure")
    let messages = try #require(scan["messages"] as? [[String: String]])
    #expect(messages[0] == ["level": "warn", "value": "not read: x: nowhere"])
  }

  @Test func `descriptions and solutions hold no Markdown of a stranger's`() throws {
    let found = try #require(
      try read(HostileReport.whole)["vulnerabilities"] as? [[String: Any]])
    for vulnerability in found {
      for field in ["description", "solution"] {
        let markdown = try #require(vulnerability[field] as? String)
        #expect(MarkdownCheck.live(in: markdown) == [], "\(field)")
      }
    }
  }
}

/// A reader of just enough Markdown to tell code from what acts.
enum MarkdownCheck {
  /// What must not stand outside of code; the tags are the ones that a report writes itself.
  private static let marks = [
    "<", "](", "![", "://", "www.", "@", "#1", "GH-12", "!3", "deadbeef", "$", "{{", "~~", "_it_",
    "*bold*", "/close", "&", #"\"#,
  ]
  private static let ownTags = ["<details>", "</details>", "<summary>", "</summary>"]

  /// The lines outside of blocks of code, and whether the last block is closed.
  static func outside(of markdown: String) -> (lines: [Substring], isClosed: Bool) {
    var lines: [Substring] = []
    var fence: String?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let run = String(line.prefix { $0 == "`" })
      if let open = fence {
        if run.count >= open.count, run.count == line.count { fence = nil }
      } else if run.count >= 3, line.dropFirst(run.count).allSatisfy(\.isLetter) {
        fence = run
      } else {
        lines.append(line)
      }
    }
    return (lines, fence == nil)
  }

  /// The lines with something live in them that the report did not write itself.
  static func live(in markdown: String) -> [String] {
    let (lines, isClosed) = outside(of: markdown)
    let live = lines.compactMap { line in
      var rest = line.hasPrefix("<summary>") ? withoutHTMLCode(line) : withoutCode(line)
      for tag in ownTags { rest = rest.replacingOccurrences(of: tag, with: "") }
      if rest.hasPrefix("##") { rest = String(rest.drop { $0 == "#" }) }
      return marks.contains(where: rest.contains) ? rest : nil
    }
    return live + (isClosed ? [] : ["a fence stays open"])
  }

  /// The line without its spans of code, as CommonMark pairs runs of backticks.
  private static func withoutCode(_ line: Substring) -> String {
    var rest = ""
    var line = line
    while let start = line.firstIndex(of: "`") {
      rest += line[..<start]
      let run = line[start...].prefix { $0 == "`" }
      var search = line[run.endIndex...]
      var end: Substring.Index?
      while let next = search.firstIndex(of: "`") {
        let other = search[next...].prefix { $0 == "`" }
        if other.count == run.count {
          end = other.endIndex
          break
        }
        search = search[other.endIndex...]
      }
      if let end {
        line = line[end...]
      } else {
        rest += " <open> "
        line = line[run.endIndex...]
      }
    }
    return rest + line
  }

  private static func withoutHTMLCode(_ line: Substring) -> String {
    line.components(separatedBy: "<code>").map { piece in
      let parts = piece.components(separatedBy: "</code>")
      guard parts.count > 1 else { return piece }
      // Inside only entities may stand.
      return (parts[0].contains("<") ? "<open>" : "") + parts.dropFirst().joined()
    }.joined()
  }
}

struct MarkdownReportTests {
  private func markdown(_ report: Report) -> String {
    text(MarkdownReport(report, showsSecrets: false).document())
  }

  @Test func `nothing of a stranger's acts`() {
    #expect(MarkdownCheck.live(in: markdown(HostileReport.whole)) == [])
  }

  @Test func `every row of a table has its five cells`() {
    let rows = markdown(HostileReport.whole).split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count == HostileReport.whole.findings.count + 2)
    for row in rows { #expect(row.count { $0 == "|" } == 6, "\(row)") }
  }

  @Test func `no line begins with foreign text, outside of a repair`() {
    let starts = ["#", "|", "<details>", "</details>", "<summary>", "- ", "**"]
    for line in MarkdownCheck.outside(of: markdown(HostileReport.whole)).lines where line != "" {
      #expect(starts.contains { line.hasPrefix($0) }, "\(line)")
    }
  }

  @Test func `code is fenced by more backticks than it holds`() {
    let report = HostileReport.report([HostileReport.finding(1, text: ForeignText("a``b`"))])
    #expect(markdown(report).contains("- **where:** ```a``b`:3:5 in commit 0123456789ab```"))
    let repair = HostileReport.report([HostileReport.finding(1, text: ForeignText("````"))])
    #expect(markdown(repair).contains("\n`````sh\n````\ngit rm --cached -- .env\n`````\n"))
  }

  @Test func `plain words stay words`() {
    var finding = HostileReport.finding(1, text: ForeignText("a.txt"))
    finding.advice = [ForeignText("Delete the key at https://example.com/keys, then (soon) wait.")]
    #expect(
      markdown(HostileReport.report([finding])).contains(
        "- **do:** Delete the key at `https://example.com/keys`, then (soon) wait.\n"))
  }

  @Test func `what a push does not send stands apart`() {
    let report = HostileReport.report([
      HostileReport.finding(1, text: ForeignText("a"), standing: .stash),
      HostileReport.finding(2, text: ForeignText("b")),
    ])
    let written = markdown(report)
    #expect(
      written.hasPrefix(
        "## keyscan: 1 finding (1 high) in 1 place; 1 finding that a push does not send\n"))
    let apart = written.components(separatedBy: "### A push does not send these")
    #expect(apart.count == 2)
    #expect(apart[0].contains("`b:3:5") && apart[1].contains("`a:3:5"))
  }

  @Test func `a clean run says what it read`() {
    #expect(
      markdown(HostileReport.report([], status: .clean)) == """
        ## keyscan: no secret found in what was read

        ### What was read

        - read 1,234 files, 0 bytes; everything was read

        """)
  }
}
