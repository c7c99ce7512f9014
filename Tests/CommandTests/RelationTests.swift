import Foundation
import TestSupport
import Testing

/// How findings stand to other places, to each other and to their past: each with an input that
/// has the fault and one that has not.
struct RelationTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([git.path] + arguments, in: git.path, environment: git.environment)
  }

  /// The relations of the findings at `path`.
  private func relations(at path: String, _ report: Keyscan.Report) -> Set<String> {
    Set(
      report.findings.filter { $0.paths.contains(path) && $0.secret != nil }.flatMap { finding in
        (finding.json["relations"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
      })
  }

  private func commit(daysAgo days: Int) throws {
    let time = "\(Int(Date().timeIntervalSince1970) - days * 86_400) +0000"
    try git.git(
      ["commit", "--quiet", "--no-verify", "--message", "commit"],
      environment: ["GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time])
  }

  /// What stands in a file, a K for the key, and what is found out about the key; the first holds a
  /// fault, the second does not.
  @Test(arguments: [
    (
      "in-url", "run.py", "get('https://example.com/v1?lang=en&key=K')",
      "get('https://example.com/v1', headers={'x-goog-api-key': 'K'})"
    ),
    (
      "as-bearer", "run.py", "headers = {'Authorization': 'Bearer K'}",
      "headers = {'x-goog-api-key': 'K'}"
    ),
    (
      "as-bearer", "run.js", "h.set('Authorization', 'Bearer ' + 'K')",
      "h.set('Bearer-Key', 'K')"
    ),
    (
      "plain-http", "run.py", "post('http://api.example.com/x', auth='K')",
      "post('http://localhost:8080/x', auth='K')"
    ),
    (
      "plain-http", "run.rb", "<a server='http://maps.example.com' key='K'/>",
      "<a xmlns:android='http://schemas.android.com/apk/res/android' key='K'/>"
    ),
    (
      "plain-http", "run.php", "post('http://api.example.com/x', 'K');",
      "define('SITE', 'http://api.example.com/x'); define('SERVER_KEY', 'K');"
    ),
    (
      "unverified-tls", "run.sh", "curl -sk -H 'x-goog-api-key: K' https://example.com",
      "curl -s --key-type PEM -H 'x-goog-api-key: K' https://example.com"
    ),
    (
      "unverified-tls", "run.py", "post(u, headers={'k': 'K'}, verify=False)",
      "post(u, headers={'k': 'K'}, verify=True)"
    ),
    ("logged", "run.js", "console.log('the key is K')", "console.log('the key'); call('K')"),
    ("logged", "run.py", "logging.info(\"K\")", "blueprint(\"K\")"),
    ("logged", "server.log", "GET /v1 200 K", "nothing"),
    (
      "relay", "run.py",
      "genai.Client(api_key='K', http_options={'base_url': 'https://a.example.io'})",
      "genai.Client(api_key='K', http_options={'base_url': 'https://eu.googleapis.com'})"
    ),
  ])
  func `how a key is handled shows beside it`(
    kind: String, path: String, fault: String, right: String
  ) throws {
    let key = LookAlike.apiKey()
    try git.stage("bad/\(path)", fault.replacing("K", with: key) + "\n")
    try git.stage("good/\(path)", right.replacing("K", with: LookAlike.apiKey()) + "\n")
    let report = try report()
    #expect(relations(at: "bad/\(path)", report).contains(kind))
    #expect(!relations(at: "good/\(path)", report).contains(kind))
    let finding = try #require(report.findings.first { $0.paths == ["bad/\(path)"] })
    #expect(finding.notes.contains { $0.contains("bad/\(path)") })
  }

  @Test func `how another provider's token is handled shows too, but not what is Google's`() throws
  {
    let token = "sk" + "_live_" + String(LookAlike.plain(120).filter(\.isLetter).prefix(24))
    try git.stage("a.sh", "curl -k 'http://api.example.com/?token=\(token)'\n")
    #expect(relations(at: "a.sh", try report()) == ["in-url", "plain-http", "unverified-tls"])
  }

  @Test func `a page's call of Maps has its key in the address by design`() throws {
    try git.stage(
      "index.html",
      "<script src='https://maps.googleapis.com/maps/api/js?key=\(LookAlike.apiKey())'></script>\n")
    #expect(relations(at: "index.html", try report()).isEmpty)
  }

  @Test func `a key of development and production is told`() throws {
    let key = LookAlike.apiKey()
    for name in [".env.development", ".env.production"] {
      try git.stage(name, "GEMINI_API_KEY=\(key)\n")
    }
    #expect(relations(at: ".env.production", try report()) == ["shared-environments"])
    try git.stage(".env.development", "GEMINI_API_KEY=\(LookAlike.apiKey())\n")
    #expect(relations(at: ".env.production", try report()).isEmpty)
  }

  @Test func `a key that was replaced at one place and not at the other is told`() throws {
    let (old, new) = (LookAlike.apiKey(), LookAlike.apiKey())
    try git.stage("a.py", "SERVER_KEY = '\(old)'\n")
    try git.stage("b.py", "SERVER_KEY = '\(old)'\n")
    try commit(daysAgo: 3)
    #expect(relations(at: "b.py", try report()).isEmpty)
    try git.stage("a.py", "SERVER_KEY = '\(new)'\n")
    try commit(daysAgo: 2)
    let report = try report()
    #expect(relations(at: "b.py", report) == ["stale-copy"])
    let stale = try #require(report.findings.first { $0.paths.contains("b.py") })
    let relation = (stale.json["relations"] as? [[String: Any]])?.first
    let next = report.findings.first { $0.paths == ["a.py"] }
    #expect(relation?["findings"] as? [String] == [try #require(next).fingerprint])
  }

  @Test func `a key older than 90 days is told, a younger one is not`() throws {
    try git.stage("a.py", "SERVER_KEY = '\(LookAlike.apiKey())'\n")
    try commit(daysAgo: 91)
    try git.stage("b.py", "SERVER_KEY = '\(LookAlike.apiKey())'\n")
    try commit(daysAgo: 89)
    let report = try report()
    #expect(relations(at: "a.py", report) == ["old"])
    #expect(relations(at: "b.py", report).isEmpty)
  }

  @Test func `what HEAD holds no more is told to be in history`() throws {
    try git.commit()
    try git.stage("a.py", "SERVER_KEY = '\(LookAlike.apiKey())'\n")
    try commit(daysAgo: 2)
    #expect(relations(at: "a.py", try report()).isEmpty)
    try git.git("rm", "--quiet", "a.py")
    try commit(daysAgo: 1)
    #expect(relations(at: "a.py", try report()) == ["only-in-history"])
    let range = try report("--range", "HEAD~2..HEAD")
    #expect(!range.findings.isEmpty && relations(at: "a.py", range).isEmpty)
    try git.git("checkout", "--quiet", "-b", "other")
    try git.stage("b.py", "SERVER_KEY = '\(LookAlike.apiKey())'\n")
    try commit(daysAgo: 1)
    try git.git("checkout", "--quiet", "-")
    #expect(relations(at: "b.py", try report()).isEmpty)
  }

  @Test func `the two names with different values in one file are told`() throws {
    let key = LookAlike.apiKey()
    try git.stage("a.sh", "export GEMINI_API_KEY=\(key)\nexport GOOGLE_API_KEY=\(key)\n")
    try git.stage("b.sh", "export GEMINI_API_KEY=\(LookAlike.apiKey())\n")
    try git.stage("c.sh", "export GOOGLE_API_KEY=\(LookAlike.apiKey())\n")
    #expect(relations(at: "a.sh", try report()).isEmpty)
    #expect(relations(at: "b.sh", try report()).isEmpty)
    try git.stage(
      "b.sh", "export GEMINI_API_KEY=\(key)\nexport GOOGLE_API_KEY=\(LookAlike.apiKey())\n")
    let report = try report()
    #expect(relations(at: "b.sh", report) == ["two-names"])
    #expect(report.findings.count { $0.paths.contains("b.sh") } == 2)
  }

  @Test func `what a key is for shows where its name is used`() throws {
    try git.stage("settings.txt", "BOT_TOKEN=\(LookAlike.apiKey())\n")
    try git.stage("notes.md", "Gemini, with generativelanguage.googleapis.com and BOT_TOKEN\n")
    try git.stage("other.py", "from google import genai\nkey = os.environ['BOT_TOKEN_2']\n")
    #expect(try report().findings.map(\.rule) == ["google.api-key"])
    try git.stage("bot.py", "from google import genai\nkey = os.environ['BOT_TOKEN']\n")
    let finding = try #require(try report().findings.first)
    #expect(finding.rule == "google.api-key/gemini")
    #expect(finding.notes.contains("Gemini is used with its name in bot.py"))
  }

  // MARK: Projects

  @Test func `findings of one project are shown together, with what they open`() throws {
    let number = "839201746512"
    try git.stage(
      "app/google-services.json",
      """
      {"project_info": {"project_number": "\(number)", "project_id": "shop-4711"},
       "client": [{"api_key": [{"current_key": "\(LookAlike.apiKey())"}]}]}

      """)
    let id = String(repeating: "a1b2c3d4", count: 4)
    try git.stage(
      "client.json",
      """
      {"web": {"client_id": "\(number)-\(id).apps.googleusercontent.com",
       "client_secret": "\(LookAlike.clientSecret())"}}

      """)
    try git.stage("alone.py", "GEMINI_API_KEY = '\(LookAlike.apiKey())'\n")
    let report = try report()
    let projects = report.json["projects"] as? [[String: Any]] ?? []
    #expect(projects.count == 1)
    #expect(projects.first?["number"] as? String == number)
    #expect(projects.first?["id"] as? String == "shop-4711")
    #expect((projects.first?["findings"] as? [String])?.count == 2)
    let note = "of the Google Cloud project shop-4711 (\(number))"
    #expect(report.findings.count { $0.notes.contains(note) } == 2)
    #expect((report.json["hints"] as? [Any])?.isEmpty == true)
    let text = try Keyscan.run([git.path], in: git.path, environment: git.environment).text
    #expect(text.contains("Google Cloud project shop-4711 (\(number)):\n  high: "))
    #expect(text.contains("together they open: sign-in in the name of the application; "))
  }

  @Test func `environments that share a project get a hint`() throws {
    for (folder, project) in [("debug", "shop-4711"), ("release", "shop-0815")] {
      try git.stage(
        "app/src/\(folder)/google-services.json",
        "{\"project_id\": \"\(project)\", \"current_key\": \"\(LookAlike.apiKey())\"}\n")
    }
    #expect((try report().json["hints"] as? [Any])?.isEmpty == true)
    try git.stage(
      "app/src/release/google-services.json",
      "{\"project_id\": \"shop-4711\", \"current_key\": \"\(LookAlike.apiKey())\"}\n")
    let hints = try report().json["hints"] as? [[String: String]] ?? []
    #expect(hints.map { $0["subject"] } == ["app/src/debug/google-services.json"])
    #expect(hints.first?["text"]?.contains("the Google Cloud project shop-4711, as") == true)
  }

  @Test func `the head of a server key of Cloud Messaging is its project`() throws {
    // 839201746512 as base64url of 64 bits.
    let head = "AAAAw2R" + "SblA"
    try git.stage("push.py", "FCM_SERVER_KEY = '\(head):APA91b\(LookAlike.plain(134))'\n")
    let finding = try #require(try report().findings.first)
    #expect(finding.rule == "google.fcm-server-key")
    #expect(finding.notes == ["of the Google Cloud project 839201746512"])
  }

  // MARK: Broken keys

  @Test func `a key with a blank or an invisible character in it is one, and a cut one is told`()
    throws
  {
    let key = LookAlike.apiKey()
    let (head, tail) = (key.prefix(20), key.dropFirst(20))
    try git.stage("blank.txt", "GEMINI_API_KEY=\"\(head) \(tail)\"\n")
    try git.stage("zero.txt", "GEMINI_API_KEY=\"\(head)\u{200B}\(tail)\"\n")
    try git.stage("cut.txt", "GEMINI_API_KEY=\(LookAlike.apiKey().dropLast(2))\n")
    try git.stage("head.txt", "GEMINI_API_KEY=\(LookAlike.apiKey().dropFirst(2))\n")
    try git.stage("whole.txt", "GEMINI_API_KEY=\(LookAlike.apiKey())\n")
    let rules = Dictionary(
      grouping: try report().findings, by: { $0.paths.first ?? "" }
    ).mapValues { $0.map(\.rule) }
    #expect(rules["blank.txt"] == ["google.api-key-broken"])
    #expect(rules["zero.txt"] == ["google.api-key-broken"])
    #expect(rules["cut.txt"] == ["google.api-key-cut"])
    #expect(rules["head.txt"] == ["google.api-key-cut"])
    #expect(rules["whole.txt"] == ["google.api-key/gemini"])
  }
}
