import Foundation
import ServerSupport
import TestSupport
import Testing

/// Live checks by the real binary, against a server on this machine that plays the providers.
struct LiveCheckTests {
  private let git: GitFixture
  private static let gemini = "generativelanguage.googleapis.com"

  init() throws {
    git = try GitFixture()
  }

  /// What Google says of keys: of those in `answers` what stands there, of all others that they
  /// do not exist.
  private static func google(
    _ answers: [String: (status: Int, json: String)]
  ) async throws -> ProviderServer {
    try await ProviderServer.start { request in
      let key = request.headers["x-goog-api-key"] ?? ""
      guard let answer = answers[key] else {
        return ProviderServer.Answer(
          status: 400,
          json: """
            {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", \
            "status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}
            """)
      }
      if request.host.hasPrefix("identitytoolkit"), answer.status == 200 {
        return ProviderServer.Answer(
          status: 400, json: #"{"error": {"code": 400, "message": "CONFIGURATION_NOT_FOUND"}}"#)
      }
      return ProviderServer.Answer(status: answer.status, json: answer.json)
    }
  }

  private static let models = #"{"models": [{"name": "models/a"}, {"name": "models/b"}]}"#
  private static let leaked = """
    {"error": {"code": 403, "message": "Your API key was reported as leaked. Please use another API key.", \
    "status": "PERMISSION_DENIED"}}
    """

  /// The findings of a report, by the path of their first place.
  private func findings(_ run: Tool.Output) throws -> [String: [String: Any]] {
    let report = try Self.json(run)
    let findings = try #require(report["findings"] as? [[String: Any]])
    return Dictionary(
      findings.map { finding in
        let places = finding["places"] as? [[String: Any]]
        return (places?.first?["path"] as? String ?? "", finding)
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func json(_ run: Tool.Output) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(run.bytes))
    return try #require(object as? [String: Any], "\(run.errors)")
  }

  /// Runs keyscan on a thread of its own: the server must be able to answer meanwhile.
  private func keyscan(
    _ arguments: [String], adding more: [String: String] = [:], input: [UInt8] = []
  ) async throws -> Tool.Output {
    let folder = git.path
    return try await Aside.run {
      try Keyscan.run(arguments, in: folder, adding: more, input: input)
    }
  }

  private func outcome(_ finding: [String: Any]?) -> String? {
    (finding?["verdict"] as? [String: Any])?["outcome"] as? String
  }

  @Test func `keys are alive, blocked, restricted or dead`() async throws {
    let (live, blocked, dead) = (LookAlike.apiKey(), LookAlike.apiKey(), LookAlike.apiKey())
    try git.stage("live.py", "key = '\(live)'\n")
    try git.stage("blocked.py", "key = '\(blocked)'\n")
    try git.stage("dead.py", "GEMINI_API_KEY = '\(dead)'\n")
    try git.stage("other.py", "token = 'ghp_\(LookAlike.plain(36))'\n")
    try git.commit("keys")
    let server = try await Self.google([live: (200, Self.models), blocked: (403, Self.leaked)])
    let arguments = try server.arguments(for: "google")
    let run = try await keyscan(["--verify=google", "--format", "json", "."] + arguments)
    await server.stop()
    #expect(run.status == 1, "\(run.errors)")
    let found = try findings(run)
    #expect(found["live.py"]?["rule"] as? String == "google.api-key/live")
    #expect(found["live.py"]?["severity"] as? String == "critical")
    #expect(outcome(found["live.py"]) == "active")
    #expect(outcome(found["blocked.py"]) == "blocked-as-leaked")
    #expect(outcome(found["dead.py"]) == "invalid")
    #expect(found["dead.py"]?["rule"] as? String == "google.api-key/dead")
    // One control a host, and of each key one request or, of the dead one, two.
    #expect(server.requests.count == 6)
    #expect(Set(server.requests.map(\.host)) == [Self.gemini, "identitytoolkit.googleapis.com"])
    let verdict = try #require(found["live.py"]?["verdict"] as? [String: Any])
    #expect(verdict["state"] as? String == "live" && verdict["kept"] as? Bool == false)
    #expect((verdict["next"] as? [String])?.isEmpty == false)

    let first = try #require(Self.json(run)["findings"] as? [[String: Any]])
    #expect(
      first.prefix(2).allSatisfy {
        ($0["verdict"] as? [String: Any])?["state"] as? String == "live"
      })
  }

  @Test func `reports say what a live check found`() async throws {
    let key = LookAlike.apiKey()
    try git.stage("live.py", "key = '\(key)'\n")
    try git.commit("a key")
    let server = try await Self.google([key: (200, Self.models)])
    let arguments = try ["--verify=google"] + server.arguments(for: "google")
    let text = try await keyscan(arguments)
    let sarif = try await keyscan(arguments + ["--format", "sarif"])
    let markdown = try await keyscan(arguments + ["--format", "markdown"])
    await server.stop()
    #expect(text.text.contains("critical: Google API key"))
    #expect(text.text.contains("= note: live check: active, Gemini takes it, and lists 2 models"))
    #expect(text.text.contains("= do: Replace it today"))
    #expect(sarif.text.contains("google.api-key/live"))
    #expect(markdown.text.contains("live check: active"))
  }

  @Test func `nothing is sent unless somebody is named`() async throws {
    let key = LookAlike.apiKey()
    try git.stage("a.py", "key = '\(key)'\n")
    let server = try await Self.google([:])
    let endpoint = try server.arguments(for: "google")
    let unnamed = try await keyscan(["--verify"] + endpoint)
    #expect(unnamed.status == 64)
    #expect(unnamed.errors.contains("--verify=google"))
    let planned = try await keyscan(["--verify=google", "--dry-run"] + endpoint)
    #expect(planned.status == 0 && planned.text.contains(Self.gemini))
    #expect(planned.text.contains("1 secret would be asked about"))
    let probing = try await keyscan(
      ["--verify=google", "--dry-run", "--probe", "--format", "json"] + endpoint)
    #expect(try Self.json(probing)["schema"] as? String == "keyscan.plan/1")
    let other = try await keyscan(["--verify=github"] + endpoint)
    #expect(other.text.contains("nobody agreed to ask about google"))
    let plain = try await keyscan(["."])
    #expect(plain.status == 1)
    await server.stop()
    #expect(server.requests.isEmpty)
  }

  @Test func `the user's own configuration names whom to ask, a repository's does not`()
    async throws
  {
    let key = LookAlike.apiKey()
    try git.stage("a.py", "key = '\(key)'\n")
    let server = try await Self.google([:])
    let arguments = try ["--verify"] + server.arguments(for: "google")
    let user = TemporaryFolder()
    try user.write("keyscan/config.yml", "version: 1\nverify: [google]\n")
    let run = try await keyscan(
      arguments + ["--format", "json"], adding: ["XDG_CONFIG_HOME": user.path])
    #expect(try outcome(findings(run)["a.py"]) == "invalid")
    let asked = server.requests.count
    try user.write("keyscan/config.yml", "version: 1\nverify: [gogle]\n")
    let wrong = try await keyscan(arguments, adding: ["XDG_CONFIG_HOME": user.path])
    #expect(wrong.status == 64 && wrong.errors.contains("did you mean google"))
    try git.write(".keyscan.yml", "version: 1\nverify: [google]\n")
    #expect(try await keyscan(arguments).status == 65)
    await server.stop()
    #expect(server.requests.count == asked)
  }

  @Test func `only live ones fail a run that asks for them`() async throws {
    let (live, dead) = (LookAlike.apiKey(), LookAlike.apiKey())
    try git.stage("a.py", "GEMINI_API_KEY = '\(dead)'\n")
    let server = try await Self.google([live: (200, Self.models)])
    let arguments = try ["--verify=google", "--fail-on", "live"] + server.arguments(for: "google")
    #expect(try await keyscan(arguments).status == 0)
    // Without that, what is dead counts as it did before.
    let usual = try await keyscan(
      ["--verify=google"] + server.arguments(for: "google"))
    #expect(usual.status == 1)
    try git.stage("b.py", "key = '\(live)'\n")
    #expect(try await keyscan(arguments).status == 1)
    await server.stop()
    // Nobody answers any more: that is no clean bill.
    #expect(try await keyscan(arguments).status == 74)
    #expect(try await keyscan(["--fail-on", "live"]).status == 64)
  }

  @Test func `a host that takes everything is not believed`() async throws {
    let key = LookAlike.apiKey()
    try git.stage("a.py", "key = '\(key)'\n")
    let server = try await ProviderServer.start { _ in
      ProviderServer.Answer(json: Self.models)
    }
    let run = try await keyscan(
      ["--verify=google", "--format", "json"] + server.arguments(for: "google"))
    await server.stop()
    #expect(try outcome(findings(run)["a.py"]) == "unknown-no-control")
    #expect(server.requests.count == 1)
    #expect(server.requests.allSatisfy { $0.headers["x-goog-api-key"] != key })
  }

  @Test func `verdicts are kept if that is wanted, without the key`() async throws {
    let key = LookAlike.apiKey()
    try git.stage("a.py", "key = '\(key)'\n")
    let server = try await Self.google([key: (200, Self.models)])
    let arguments =
      try ["--verify=google", "--verify-cache", "--format", "json"]
      + server.arguments(for: "google")
    let home = TemporaryFolder()
    let environment = [
      "XDG_CACHE_HOME": home.at("cache"), "XDG_STATE_HOME": home.at("state"),
    ]
    let first = try await keyscan(arguments, adding: environment)
    let asked = server.requests.count
    let second = try await keyscan(arguments, adding: environment)
    await server.stop()
    #expect(try outcome(findings(first)["a.py"]) == "active")
    let verdict = try #require(try findings(second)["a.py"]?["verdict"] as? [String: Any])
    #expect(verdict["outcome"] as? String == "active" && verdict["kept"] as? Bool == true)
    #expect(server.requests.count == asked && asked == 2)
    let kept = String(
      decoding: try home.bytes("cache/keyscan/live-checks/verdicts"), as: UTF8.self)
    #expect(!kept.contains(key.dropFirst(6).prefix(12)))
  }

  @Test func `the project that Google names joins the grouping`() async throws {
    let (one, other) = (LookAlike.apiKey(), LookAlike.apiKey())
    try git.stage("a.py", "key = '\(one)'\n")
    try git.stage("b.py", "key = '\(other)'\n")
    let disabled = """
      {"error": {"code": 403, "message": "Generative Language API has not been used in project \
      123456789012 before or it is disabled.", "status": "PERMISSION_DENIED", "details": \
      [{"reason": "SERVICE_DISABLED", "metadata": {"consumer": "projects/123456789012"}}]}}
      """
    let server = try await Self.google([one: (403, disabled), other: (403, disabled)])
    let run = try await keyscan(
      ["--verify=google", "--format", "json"] + server.arguments(for: "google"))
    await server.stop()
    let report = try Self.json(run)
    let projects = try #require(report["projects"] as? [[String: Any]])
    #expect(projects.first?["number"] as? String == "123456789012")
    #expect((projects.first?["findings"] as? [Any])?.count == 2)
  }

  @Test func `endpoints are on this machine or nowhere`() async throws {
    try git.stage("a.py", "key = '\(LookAlike.apiKey())'\n")
    for endpoint in [
      "google=https://192.0.2.1:443", "google=http://127.0.0.1:80", "google=https://example.org:1",
      "google", "nobody=https://127.0.0.1:1",
    ] {
      let run = try await keyscan(["--verify=google", "--endpoint", endpoint])
      #expect(run.status == 64, "\(endpoint): \(run.errors)")
    }
  }

  // MARK: keyscan verify

  @Test func `one secret from standard input, or from a variable`() async throws {
    let (live, dead) = (LookAlike.apiKey(), LookAlike.apiKey())
    let server = try await Self.google([live: (200, Self.models)])
    let arguments = try ["verify", "--ask=google"] + server.arguments(for: "google")
    let alive = try await keyscan(arguments, input: Array("\(live)\n".utf8))
    #expect(alive.status == 1 && alive.text.contains("live check: active"))
    let gone = try await keyscan(arguments, input: Array(dead.utf8))
    #expect(gone.status == 0 && gone.text.contains("live check: invalid"))
    let variable = try await keyscan(
      arguments + ["--from-env", "MY_KEY"], adding: ["MY_KEY": live])
    #expect(variable.status == 1 && variable.text.contains("live check: active"))
    let unset = try await keyscan(arguments + ["--from-env", "NO_SUCH_KEY"])
    #expect(unset.status == 66)
    let nothing = try await keyscan(arguments, input: Array("hello\n".utf8))
    #expect(nothing.status == 66 && nothing.errors.contains("no rule knows"))
    await server.stop()
  }

  @Test func `what a report names is asked about where it still stands`() async throws {
    let (stays, changes, past) = (LookAlike.apiKey(), LookAlike.apiKey(), LookAlike.apiKey())
    let packed = LookAlike.apiKey()
    try git.stage("past.py", "key = '\(past)'\n")
    try git.commit("a key")
    try git.git("rm", "-q", "past.py")
    try git.stage("stays.py", "key = '\(stays)'\n")
    try git.write("packed.txt", "key = '\(packed)'\n")
    _ = try Tool.run(
      "/bin/sh", ["-c", "tar -czf packed.tgz packed.txt && rm packed.txt"], in: git.path)
    try git.git("add", "packed.tgz")
    try git.stage("changes.py", "key = '\(changes)'\n")
    try git.commit("others")
    let report = TemporaryFolder()
    let scan = try await keyscan(["--format", "json", "."])
    try report.write("report.json", scan.text)
    try git.write("changes.py", "# another line\nkey = 'none'\n")
    let server = try await Self.google([
      stays: (200, Self.models), changes: (200, Self.models), past: (403, Self.leaked),
      packed: (200, Self.models),
    ])
    let run = try await keyscan(
      ["verify", "--ask=google", "--format", "json", report.at("report.json")]
        + server.arguments(for: "google"))
    await server.stop()
    #expect(run.status == 1, "\(run.errors)")
    let found = try findings(run)
    #expect(outcome(found["stays.py"]) == "active")
    #expect(outcome(found["past.py"]) == "blocked-as-leaked")
    #expect(
      outcome(found["packed.tgz!/packed.tar!/packed.txt"] ?? found["packed.tgz!/packed.txt"])
        == "active")
    #expect(outcome(found["changes.py"]) == "moved-not-checked")
    #expect(!server.requests.contains { $0.headers["x-goog-api-key"] == changes })
    try report.write("report.json", "{}")
    #expect(try await keyscan(["verify", "--ask=google", report.at("report.json")]).status == 65)
    #expect(try await keyscan(["verify", "--ask=google", report.at("none")]).status == 66)
  }

  @Test func `the doctor asks about the key that a program takes`() async throws {
    let key = LookAlike.apiKey()
    let server = try await Self.google([key: (403, Self.leaked)])
    let run = try await keyscan(
      ["doctor", "--verify=google"] + server.arguments(for: "google"),
      adding: ["GEMINI_API_KEY": key])
    await server.stop()
    #expect(run.status == 1)
    #expect(run.text.contains("blocked-as-leaked"))
    #expect(server.requests.contains { $0.headers["x-goog-api-key"] == key })
  }

  // MARK: Other providers

  @Test func `an id and its secret go together, and a trap is left alone`() async throws {
    let secret =
      LookAlike.plain(39).replacingOccurrences(of: "-", with: "a")
      .replacingOccurrences(of: "_", with: "b") + "Q"
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let id = "AK" + "IA" + String((0..<16).map { _ in letters.randomElement() ?? "A" })
    try git.stage(
      "pair.ini", "aws_access_key_id = \(id)\naws_secret_access_key = \(secret)\n")
    let trap = "AK" + "IASP2TPHJS" + "Q" + String(id.suffix(7))
    try git.stage("trap.ini", "aws_access_key_id = \(trap)\naws_secret_access_key = \(secret)x\n")
    let server = try await ProviderServer.start { request in
      request.headers["authorization"]?.contains(id) == true
        ? ProviderServer.Answer(
          body: Array("<GetCallerIdentityResult><Arn>x</Arn></GetCallerIdentityResult>".utf8))
        : ProviderServer.Answer(
          status: 403,
          body: Array(
            "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>".utf8))
    }
    let run = try await keyscan(
      ["--verify=aws", "--format", "json"] + server.arguments(for: "aws"))
    await server.stop()
    #expect(try outcome(findings(run)["pair.ini"]) == "active")
    #expect(server.requests.contains { $0.headers["authorization"]?.contains(id) == true })
    #expect(!server.requests.contains { $0.headers["authorization"]?.contains(trap) == true })
  }

  @Test func `a rule of somebody's own asks only whom the user's file names`() async throws {
    let rules = TemporaryFolder()
    try rules.write(
      "acme.yml",
      """
      provider: Acme
      rules:
        - id: acme.api-key
          title: Acme API key
          description: Reads and changes everything in an account of Acme's.
          severity: high
          class: secret
          anchors: [acme_live_]
          pattern: '(?<secret>acme_live_[A-Za-z0-9]{32})'
          remediation: [Delete the key.]
          live-check:
            effect: A request of the account.
            control: acme_live_{alnum 32}
            request:
              method: GET
              url: https://api.acme.example/v1/me
              asks-for: the account
              headers:
                Authorization: Bearer {secret}
            answers:
              - {status: 200, outcome: active, because: Acme takes the key}
              - {status: 401, outcome: invalid, because: Acme does not know the key}
          examples: ['key = acme_live_{alnum 32}']
      """)
    let key = "acme_live_" + LookAlike.plain(40).filter { $0.isLetter || $0.isNumber }.prefix(32)
    try git.stage("a.py", "key = '\(key)'\n")
    let server = try await ProviderServer.start { request in
      request.headers["authorization"] == "Bearer \(key)"
        ? ProviderServer.Answer(json: "{}") : ProviderServer.Answer(status: 401, json: "{}")
    }
    let arguments =
      try ["--rules", rules.path, "--verify=acme", "--format", "json"]
      + server.arguments(for: "acme")
    let refused = try await keyscan(arguments)
    #expect(try outcome(findings(refused)["a.py"]) == "not-checked", "\(refused.errors)")
    #expect(server.requests.isEmpty)
    let user = TemporaryFolder()
    try user.write(
      "keyscan/config.yml", "version: 1\nverify-hosts: [api.acme.example]\n")
    let asked = try await keyscan(
      arguments, adding: ["XDG_CONFIG_HOME": user.path])
    #expect(try outcome(findings(asked)["a.py"]) == "active", "\(asked.errors)")
    // The same rules in the repository are the repository's, whatever the user's file names.
    let count = server.requests.count
    let path = git.path
    _ = try Tool.shell("cp -r '\(rules.path)' rules", in: path)
    let own = try await keyscan(
      ["--rules", "rules"] + arguments.dropFirst(2), adding: ["XDG_CONFIG_HOME": user.path])
    #expect(try outcome(findings(own)["a.py"]) == "not-checked", "\(own.errors)")
    #expect(server.requests.count == count)
    await server.stop()
  }

  // MARK: Documentation

  @Test func `the table of the manual is the program's`() async throws {
    let table = try await keyscan(["explain", "google.api-key", "--verdicts"])
    let page = try String(
      contentsOf: Golden.checkout.appendingPathComponent("docs/live-checks.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "<!-- table -->\n```\n")
    let shown = try #require(parts.last?.components(separatedBy: "```\n<!-- end").first)
    #expect(shown == table.text)
  }
}
