import Foundation
import TestSupport
import Testing

/// What context makes of Google keys, in reports, statuses and decisions.
struct KeyAssessmentCommandTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([git.path] + arguments, in: git.path, environment: git.environment)
  }

  @Test func `what context makes of a key is in every report, and its fingerprint stays`() throws {
    let key = LookAlike.apiKey()
    try git.stage("google-services.json", "{\"current_key\": \"\(key)\"}\n")
    try git.commit()
    let client = try report()
    #expect(client.status == 0)
    let first = try #require(client.findings.first)
    #expect(first.rule == "google.api-key/public-client" && first.severity == "low")
    let assessment = first.json["assessment"] as? [String: Any]
    #expect(assessment?["kind"] as? String == "public-client")
    #expect(first.notes.first == assessment?["reason"] as? String)
    // The same key with Gemini: everybody who has the app may use it.
    try git.stage("bot.py", "genai.configure(api_key=\"\(key)\")\n")
    try git.commit()
    let both = try report()
    let second = try #require(both.findings.first)
    #expect(both.status == 1 && both.findings.count == 1)
    #expect(second.rule == "google.api-key/gemini" && second.severity == "critical")
    #expect(second.fingerprint == first.fingerprint)
    let sarif = try Keyscan.run(
      [git.path, "--format", "sarif"], in: git.path, environment: git.environment)
    #expect(sarif.text.contains("google.api-key/gemini"))
    let text = try Keyscan.run([git.path], in: git.path, environment: git.environment).text
    #expect(text.contains("[google.api-key/gemini]") && text.contains("it is used with Gemini"))
  }

  @Test func `a configuration names an outcome, or all of a rule's`() throws {
    try git.stage("google-services.json", "{\"current_key\": \"\(LookAlike.apiKey())\"}\n")
    try git.stage("run.sh", "export GEMINI_API_KEY=\(LookAlike.apiKey())\n")
    try git.commit()
    try git.write(".keyscan.yml", "version: 1\nrules: {google.api-key/public-client: off}\n")
    let some = try report()
    #expect(some.findings.map(\.rule) == ["google.api-key/gemini"])
    #expect(some.suppressed.count == 1 && (some.json["hints"] as? [Any])?.isEmpty == true)
    try git.write(".keyscan.yml", "version: 1\nrules: {google.api-key: off}\n")
    #expect(try report().findings.isEmpty)
    #expect(try report("--no-repository-config", "--rule", "google.api-key").findings.count == 2)
  }
}
