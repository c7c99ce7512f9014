import Foundation
import TestSupport
import Testing

/// What a run prints, in every format.
struct ReportTests {
  private func run(
    _ arguments: [String], in folder: String, environment: [String: String]? = nil
  ) throws -> Tool.Output {
    try Keyscan.run(arguments, in: folder, environment: environment)
  }

  // MARK: Formats

  @Test func `JSON has every field of the contract, and its lines say the same`() throws {
    let git = try GitFixture()
    try git.stage("a", "key = \"\(LookAlike.apiKey())\"\n")
    try git.commit()
    let report = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(
      Set(report.json.keys) == [
        "schema", "status", "partial", "tool", "targets", "coverage", "findings", "hints",
        "suppressed", "projects",
      ])
    #expect(report.json["schema"] as? String == "keyscan.report/1")
    #expect(report.json["status"] as? Int == 1 && report.status == 1)
    let tool = report.json["tool"] as? [String: Any]
    #expect(tool?["name"] as? String == "keyscan" && (tool?["rules"] as? Int ?? 0) > 5)
    #expect(
      Set(report.coverage.keys) == [
        "complete", "connectivity", "files", "blobs", "commits", "bytes", "references", "gaps",
      ])
    let finding = try #require(report.findings.first)
    #expect(
      Set(finding.json.keys) == [
        "rule", "title", "provider", "severity", "confidence", "secret", "fingerprint",
        "alsoMatched", "standsIn", "published", "assessment", "verdict", "advice", "repair",
        "places", "relations", "notes",
      ])
    let place = try #require((finding.json["places"] as? [[String: Any]])?.first)
    #expect(
      Set(place.keys) == [
        "target", "path", "line", "column", "endLine", "endColumn", "offset", "length", "commit",
        "blob", "author", "date", "subject", "removed", "first", "last", "versions", "decoded",
        "standsIn",
      ])
    #expect(
      place["blob"] as? String
        == (try git.git("rev-parse", "HEAD:a")).trimmingCharacters(in: .newlines))
    #expect(finding.secret == "AIza…(39)")

    let lines = try run([".", "--format", "jsonl"], in: git.path, environment: git.environment)
      .lines
    #expect(lines.count == 2)
    let first = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any]
    let last = try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any]
    #expect(first?["type"] as? String == "finding" && first?["rule"] as? String == finding.rule)
    #expect(last?["type"] as? String == "summary" && last?["findings"] as? Int == 1)
  }

  /// Applies the OASIS schema with Python's jsonschema.
  private func expectValid(_ sarif: [UInt8], sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    let folder = TemporaryFolder()
    try folder.write("report.sarif", sarif)
    let schema = Golden.checkout.appendingPathComponent("Fixtures/sarif/sarif-schema-2.1.0.json")
      .path
    let script = """
      import json, sys, jsonschema
      schema, report = (json.load(open(path)) for path in sys.argv[1:])
      jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(report)
      """
    // Debian's Python has Debian's jsonschema; another in PATH may have its own.
    let outputs = try ["python3", "/usr/bin/python3"].map {
      try Tool.run("/usr/bin/env", [$0, "-c", script, schema, folder.at("report.sarif")])
    }
    #expect(
      outputs.contains { $0.status == 0 }, "\(outputs.map(\.errors).joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }

  @Test func `SARIF is valid, and says what an editor shows`() throws {
    let git = try GitFixture()
    let key = LookAlike.apiKey()
    try git.stage("src/a b.ts", "\u{1F600} key = \"\(key)\"\n")
    try git.stage("é", "key = \"\(key)\"\n")
    try git.stage(".env", "DB_PASSWORD=hunter2\n")
    try git.write("x.zip", Array("PK".utf8) + [3, 4, 0, 0])
    let output = try run([".", "--format", "sarif"], in: git.path, environment: git.environment)
    try expectValid(output.bytes)
    let log = try JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any]
    let run = try #require((log?["runs"] as? [[String: Any]])?.first)
    #expect(run["columnKind"] as? String == "utf16CodeUnits")
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == 2)
    let result = try #require(results.first { $0["ruleId"] as? String == "google.api-key" })
    let location = try #require(
      (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any])
    #expect((location["artifactLocation"] as? [String: Any])?["uri"] as? String == "src/a%20b.ts")
    let region = location["region"] as? [String: Any]
    #expect(region?["startColumn"] as? Int == 11 && region?["endColumn"] as? Int == 50)
    let related = (result["relatedLocations"] as? [[String: Any]])?.first
    #expect(
      ((related?["physicalLocation"] as? [String: Any])?["artifactLocation"] as? [String: Any])?[
        "uri"] as? String == "%C3%A9")
    let rules =
      ((run["tool"] as? [String: Any])?["driver"] as? [String: Any])?["rules"] as? [[String: Any]]
    #expect(
      Set((rules ?? []).compactMap { $0["id"] as? String }) == ["google.api-key", "dotenv.tracked"])
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    #expect(invocation["executionSuccessful"] as? Bool == true)
    let notes = invocation["toolExecutionNotifications"] as? [[String: Any]] ?? []
    #expect(notes.count == 1)
  }

  @Test func `a run with nothing to say is valid in every format`() throws {
    let folder = TemporaryFolder()
    try expectValid(run([".", "--format", "sarif"], in: folder.path).bytes)
    #expect(
      try run(["."], in: folder.path).text
        == "keyscan: no secret found in what was read\nkeyscan: read 0 files, 0 bytes; everything was read\n"
    )
    #expect(try Keyscan.report(["."], in: folder.path).findings.isEmpty)
  }

  // MARK: Hostile names and contents

  /// A repository whose every name and text wants to deceive: escape sequences, commands for
  /// build logs, bidirectional overrides, line breaks.
  private func hostile() throws -> GitFixture {
    let git = try GitFixture()
    let placeholder =
      Array("AIzaSyB".utf8)
      + Array(
        "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6A"[
          ..<"q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6A".index(
            "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6A".startIndex, offsetBy: 32)
        ].utf8)
    let key = String(decoding: placeholder, as: UTF8.self)
    try git.write("::error file=x::gotcha", "k=\(key)\n")
    try git.write("esc\u{1B}[2Jape", "\u{1B}]0;title\u{07}\u{1B}[31mk=\(key)\u{1B}[0m\r\n")
    try git.write("bidi\u{202E}txt.exe", "// \u{202E}\u{2066}k=\(key)\u{2069}\n")
    try git.write("line\nbreak\r\n::warning::x", "\u{2028}k=\(key)\u{85}\n")
    try git.write("named-\(key)-file", "nothing\n")
    try git.write("\u{1B}[31m.env", "DB_\u{1B}PASSWORD=x\nAPI_KEY=q9w8e7r6t5y4\n")
    try git.git("add", "--all")
    try git.git(["commit", "--quiet", "-m", "subject \u{1B}[31m \u{202E} ::error::x"])
    try git.git("branch", "odd\u{202E}name")
    return git
  }

  @Test(arguments: ["text", "json", "jsonl", "sarif"])
  func `GoldenHostile: nothing of it acts on whoever reads the report`(format: String) throws {
    let git = try hostile()
    for color in ["never", "always"] {
      let output = try run(
        [".", "--format", format, "--verbose", "--color", color], in: git.path,
        environment: git.environment)
      for scalar in output.text.unicodeScalars {
        // With colours keyscan's own sequences are the only ones.
        if scalar == "\u{1B}", color == "always", format == "text" { continue }
        let isPlain =
          scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        let isVisible = ![0x202E, 0x2066, 0x2069, 0x2028, 0x200B, 0x85].contains(scalar.value)
        #expect(isPlain && isVisible, "\(String(scalar.value, radix: 16))")
      }
      for line in output.lines {
        #expect(!line.hasPrefix("::") && !line.drop { $0 == " " }.hasPrefix("::"), "\(line)")
      }
      #expect(!output.text.contains("q1W2e3R4t5"))
      // A rule more changes no report but for their count.
      let text = output.text.replacing(/"rules": ?[0-9]+/, with: "\"rules\": 0")
      if color == "never" { try Golden.expect(text, matches: "hostile.\(format)") }
    }
    if format == "sarif" {
      try expectValid(
        run([".", "--format", "sarif"], in: git.path, environment: git.environment).bytes)
    }
  }

  // MARK: Redaction

  @Test func `other secrets on the same line are masked too`() throws {
    let folder = TemporaryFolder()
    let (one, two) = (LookAlike.apiKey(), LookAlike.clientSecret())
    try folder.write("a", "x = \"\(one)\", \"\(two)\"\ny \(two) z \(one)\n")
    let text = try run(["a"], in: folder.path).text
    #expect(text.contains("1 | x = \"AIza…(39)\", \"GOCSPX-…(35)\""), "\(text)")
  }

  @Test func `what is allowed or lost to another rule is masked all the same`() throws {
    let folder = TemporaryFolder()
    let (one, two) = (LookAlike.apiKey(), LookAlike.apiKey())
    // The second line's comment allows both keys; a third place of the first does not.
    try folder.write("a", "\(one) \(two) keyscan:allow\n\n\n\(one) beside\n")
    let report = try run(["a"], in: folder.path)
    #expect(report.text.contains("1 finding"))
    #expect(!Leaks.stand(in: report.bytes))
  }

  @Test func `a secret in a file's name is masked wherever the name is shown`() throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    try folder.write("k=\(key)/a", "x \(LookAlike.apiKey())\n")
    try folder.write("\(key).zip", Array("PK".utf8) + [3, 4])
    for format in ["text", "json", "jsonl", "sarif"] {
      _ = try run([".", "--format", format, "--verbose"], in: folder.path)
      _ = try run([key, "none.\(key)", "--format", format], in: folder.path)
    }
  }

  @Test func `secrets are shown when they are asked for, in a file for its owner only`() throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    try folder.write("a", "x \(key)\n")
    for format in ["text", "json", "jsonl", "sarif"] {
      let output = try run(["a", "--format", format, "--show-secrets"], in: folder.path)
      #expect(output.text.contains(key))
    }
    _ = try run(["a", "--format", "json", "--show-secrets", "--output", "r.json"], in: folder.path)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.at("r.json"))[
      .posixPermissions]
    #expect(mode as? Int == 0o600)
    // The watch over all output would notice.
    #expect(Leaks.stand(in: try folder.bytes("r.json")))
  }

  // MARK: Manners

  @Test func `the report goes to a file whole, and a line says so`() throws {
    let folder = TemporaryFolder()
    try folder.write("a", "x \(LookAlike.apiKey())\n")
    let output = try run(["a", "--format", "json", "--output", "out.json"], in: folder.path)
    #expect(output.status == 1 && output.text.isEmpty)
    #expect(output.errors == "keyscan: 1 finding; the report is in out.json\n")
    #expect(try folder.read("out.json").hasPrefix("{\n  \"schema\""))
  }

  @Test func `the threshold decides the status and not what is shown`() throws {
    let folder = TemporaryFolder()
    try folder.write("a", "x \(LookAlike.apiKey())\n")
    for (threshold, status) in [
      ("low", 1), ("medium", 1), ("high", 1), ("critical", 0), ("never", 0),
    ] {
      let output = try run(["a", "--fail-on", threshold], in: folder.path)
      #expect(output.status == Int32(status))
      #expect(output.text.contains("Google API key"))
    }
  }

  @Test func `an allow comment takes the finding away, and it is counted`() throws {
    let folder = TemporaryFolder()
    try folder.write("a", "x \(LookAlike.apiKey()) # keyscan:allow\n")
    let report = try Keyscan.report(["a"], in: folder.path)
    #expect(report.status == 0 && report.findings.isEmpty)
    #expect(report.suppressed.count == 1)
    #expect(report.suppressed.first?["by"] as? String == "comment")
    #expect(report.suppressed.first?["rule"] as? String == "google.api-key")
    #expect(
      try run(["a"], in: folder.path).text.contains("1 finding suppressed: 1 by allow comments"))
  }

  @Test func `a secret that is allowed in one place and stands in another is found there`() throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    try folder.write("allowed", "x \(key) # keyscan:allow\n")
    try folder.write("other", "x \(key)\n")
    #expect(try Keyscan.report(["."], in: folder.path).findings.map(\.paths) == [["other"]])
  }

  @Test func `a fingerprint follows the secret and not its place`() throws {
    let (one, two) = (TemporaryFolder(), TemporaryFolder())
    let key = LookAlike.apiKey()
    try one.write("a", "x \(key)\n")
    try two.write("b/c", "\n\n yy \(key)\n")
    let prints = try [one, two].map {
      try Keyscan.report(["."], in: $0.path).findings.map(\.fingerprint)
    }
    #expect(prints[0] == prints[1] && prints[0].first?.count == 32)
  }

  @Test func `the report does not depend on how many workers there are`() throws {
    let git = try GitFixture()
    for i in 0..<300 { try git.write("d\(i % 17)/f\(i)", "k \(LookAlike.apiKey())\n") }
    let texts = try ["1", "2", "7"].map {
      try run([".", "--format", "json", "--jobs", $0], in: git.path, environment: git.environment)
        .text
    }
    #expect(texts[0] == texts[1] && texts[1] == texts[2])
  }

  @Test func `colours are for terminals, and NO_COLOR is respected`() throws {
    let folder = TemporaryFolder()
    try folder.write("a", "x \(LookAlike.apiKey())\n")
    func isColored(_ command: String, _ environment: [String: String] = [:]) throws -> Bool {
      // script(1) gives the command a terminal.
      let output = try Tool.run(
        "/usr/bin/env", ["script", "-qec", command, "/dev/null"], in: folder.path,
        environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm"].merging(environment) { $1 })
      return output.text.contains("\u{1B}[1;31mhigh\u{1B}[0m")
    }
    let command = "'\(Keyscan.program)' a"
    #expect(try isColored(command))
    #expect(try !isColored(command, ["NO_COLOR": "1"]))
    #expect(try isColored(command, ["NO_COLOR": ""]))
    #expect(try !isColored(command, ["TERM": "dumb"]))
    #expect(try !isColored(command + " --color never"))
    #expect(try isColored(command + " --color always", ["NO_COLOR": "1"]))
    #expect(try !isColored(command + " | cat"))
  }

  @Test func `the width of a terminal is kept`() throws {
    let folder = TemporaryFolder()
    try folder.write("a", "x \(LookAlike.apiKey())\n")
    let output = try Tool.run(
      "/usr/bin/env",
      ["script", "-qec", "stty cols 60; '\(Keyscan.program)' a --color never", "/dev/null"],
      in: folder.path, environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm"])
    let lines = output.text.replacingOccurrences(of: "\r", with: "").split(separator: "\n")
    #expect(
      lines.allSatisfy {
        $0.count <= 60 || $0.contains("https://") || !$0.dropFirst(60).contains(" ")
      }, "\(output.text)")
    #expect(lines.count > 12)
  }

  @Test func `progress is shown on a terminal and wiped away, and nowhere else`() throws {
    let folder = TemporaryFolder()
    let wait = "(sleep 1.2) | '\(Keyscan.program)' --stdin"
    func run(_ command: String) throws -> String {
      try Tool.run(
        "/usr/bin/env", ["script", "-qec", command, "/dev/null"], in: folder.path,
        environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm"]
      ).text
    }
    let shown = try run(wait)
    #expect(shown.contains("scanning: 0 files") && shown.contains("\r\u{1B}[K"))
    #expect(try !run(wait + " --no-progress").contains("scanning:"))
    #expect(try !run(wait + " --quiet").contains("scanning:"))
    #expect(try !run(wait + " 2>/dev/null").contains("scanning:"))
  }

  @Test func `many places are counted, and all shown when they are asked for`() throws {
    let folder = TemporaryFolder()
    let key = LookAlike.apiKey()
    for name in "abcdefgh" { try folder.write(String(name), "key \(key)\n") }
    let some = try run(["."], in: folder.path).text
    #expect(some.contains("--> e:1") && !some.contains("--> f:1"))
    #expect(some.contains("places: 8 in all; --all-places shows them"))
    let all = try run([".", "--all-places"], in: folder.path).text
    #expect(all.contains("--> h:1") && !all.contains("in all"))
  }

  @Test func `a quiet run says only what was found and what failed`() throws {
    let folder = TemporaryFolder()
    try folder.write("a", "nothing\n")
    #expect(try run(["a", "--quiet"], in: folder.path).text.isEmpty)
    try folder.write("a", "x \(LookAlike.apiKey())\n")
    let text = try run(["a", "--quiet"], in: folder.path).text
    #expect(text.hasPrefix("high: Google API key") && !text.contains("keyscan:"))
  }

  @Test func `a verbose run says how the anchors were found`() throws {
    let folder = TemporaryFolder()
    try folder.write("rules/my.yml", RuleCommandTests.rule)
    let output = try run([".", "--verbose"], in: folder.path)
    #expect(!output.errors.contains("compiled at start"))
    let own = try run([".", "--verbose", "--no-cache", "--rules", "rules"], in: folder.path)
    #expect(own.errors.contains("the anchor database was compiled at start"))
  }

  @Test func `the version is told, and the help names every command`() throws {
    #expect(try run(["--version"], in: "/").text == "0.1.0\n")
    let help = try run(["--help"], in: "/").text
    for word in ["scan", "rules", "hook", "Exit status", "keyscan scan --help"] {
      #expect(help.contains(word), "\(word)")
    }
    let options = try run(["scan", "--help"], in: "/").text
    for word in ["--staged", "--stdin", "--include-ignored", "--fail-on", "--format"] {
      #expect(options.contains(word), "\(word)")
    }
  }
}

/// The command `keyscan rules`.
struct RuleCommandTests {
  static let rule = """
    provider: My
    rules:
      - id: my.token
        title: My token
        description: Opens my door.
        severity: low
        class: token
        anchors: [my_]
        pattern: '(?<secret>my_[a-z0-9]{20})'
        not-after: word
        remediation: [Change the lock.]
        examples: ['t = my_{lownum 20}']

    """

  @Test func `rules are listed and shown, private ones too`() throws {
    let folder = TemporaryFolder()
    try folder.write("rules/my.yml", Self.rule)
    let list = try Keyscan.run(["rules", "list", "--rules", "rules"], in: folder.path)
    #expect(list.status == 0)
    #expect(list.lines.contains { $0.hasPrefix("google.api-key ") && $0.contains(" high ") })
    #expect(list.lines.contains { $0.hasPrefix("my.token ") && $0.hasSuffix("My token") })
    let show = try Keyscan.run(["rules", "show", "google.api-key"], in: folder.path).text
    for word in ["Google API key", "“AIza”", "judged within", "What to do:", "https://"] {
      #expect(show.contains(word), "\(word)")
    }
    let none = try Keyscan.run(["rules", "show", "no.such"], in: folder.path)
    #expect(none.status == 64 && none.errors.contains("there is no rule “no.such”"))
  }

  @Test func `private rules find what they say`() throws {
    let folder = TemporaryFolder()
    try folder.write("rules/my.yml", Self.rule)
    try folder.write("a", "t = my_q9w8e7r6t5y4u3i2o1p0\n")
    let report = try Keyscan.report(["a", "--rules", "rules"], in: folder.path)
    #expect(report.findings.map(\.rule) == ["my.token"])
    #expect(report.status == 0)
    #expect(try Keyscan.report(["a"], in: folder.path).findings.isEmpty)
  }

  @Test func `rules are checked with their examples`() throws {
    #expect(try Keyscan.run(["rules", "check"], in: "/").status == 0)
    let folder = TemporaryFolder()
    try folder.write("rules/my.yml", Self.rule)
    let good = try Keyscan.run(["rules", "check", "rules", "--verbose"], in: folder.path)
    #expect(good.status == 0 && good.text.contains("my.token: judged within"))
    try folder.write(
      "rules/my.yml", Self.rule.replacingOccurrences(of: "{lownum 20}", with: "short"))
    let bad = try Keyscan.run(["rules", "check", "rules"], in: folder.path)
    #expect(bad.status == 65 && bad.text.contains("my.token: example 1 is not found, because"))
    try folder.write("rules/my.yml", Self.rule.replacingOccurrences(of: "low", with: "lo"))
    let worse = try Keyscan.run(["rules", "check", "rules"], in: folder.path)
    #expect(worse.status == 65 && worse.text.contains("rules/my.yml:6:"))
  }

  @Test func `a rule of names finds files, and one with both finds secrets in such files only`()
    throws
  {
    let folder = TemporaryFolder()
    try folder.write(
      "rules/my.yml",
      """
      provider: My
      rules:
        - id: my.keystore
          title: My keystore
          description: d
          severity: high
          class: secret
          names: ['*.keystore', /top/secret]
          remediation: [r]
          examples: [{text: x, path: a/b.keystore}]
          non-examples: [{text: x, path: keystore, because: it has another name}]
        - id: my.token
          title: My token
          description: d
          severity: high
          class: token
          anchors: [my_]
          pattern: '(?<secret>my_[a-z0-9]{20})'
          names: ['*.conf']
          remediation: [r]
          examples: [{text: 'my_{lownum 20}', path: x.conf}]
          non-examples: [{text: 'my_{lownum 20}', path: x.txt, because: the file is another}]
      """)
    #expect(
      try Keyscan.run(["rules", "check", "rules"], in: folder.path).text.hasPrefix("2 rules"))
    for name in ["d/x.keystore", "top/secret", "d/top/secret"] { try folder.write(name, "binary") }
    for name in ["a.conf", "a.txt"] { try folder.write(name, "my_q9w8e7r6t5y4u3i2o1p0\n") }
    let report = try Keyscan.report([".", "--rules", "rules"], in: folder.path)
    #expect(report.paths(of: "my.keystore") == ["d/x.keystore", "top/secret"])
    #expect(report.paths(of: "my.token") == ["a.conf"])
    #expect(report.findings.first { $0.rule == "my.keystore" }?.secret == nil)
  }
}
