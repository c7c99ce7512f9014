import Dotenv
import Git
import Testing

/// Which ignore line covers a file of variables, and what is wrong with one that does not.
struct IgnoreExplanationTests {
  private func explain(_ lines: String, _ path: String, folder: String = "") -> IgnoreExplanation {
    let rules = IgnoreRules(
      Array(lines.utf8), source: Array("\(folder).gitignore".utf8), folder: Array(folder.utf8),
      next: nil)
    return IgnoreExplanation(of: Array(path.utf8), by: rules)
  }

  @Test(arguments: [
    (".env", ".env"), (".env", "a/b/.env"), ("/.env", ".env"), (".env*", ".env.keys"),
    (".env.*", ".env.local"), (".env*.local", ".env.local"), (".env*.local", ".env.test.local"),
    (".env.*.local", ".env.test.local"), ("*.local", ".env.local"), ("*.env", ".env"),
    ("*.env", "prod.env"), (".env   ", ".env"), ("config/", "config/.env"), ("# x\n.env", ".env"),
  ])
  func `the line that covers is named`(lines: String, path: String) {
    let explanation = explain(lines, path)
    #expect(explanation.covering?.file.visible == ".gitignore")
    #expect(explanation.covering?.line == (lines.hasPrefix("#") ? 2 : 1))
    #expect(explanation.nearMiss == nil)
  }

  @Test(arguments: [
    (".env/", ".env", "matches folders only"), (".env.*", ".env", "behind another dot"),
    (" .env", ".env", "blank at its beginning"), ("\t.env", ".env", "blank at its beginning"),
    (".env # mine", ".env", "no comment behind"), (".env\t# mine", ".env", "no comment behind"),
    ("\".env\"", ".env", "quotes are part"), ("/.env", "a/.env", "ties it to one place"),
    ("b/.env", "a/.env", "ties it to one place"), (".ENV", ".env", "capital letters"),
    ("config\\.env", "config/.env", "backslash"), (".env", ".env.local", "goes on behind it"),
    (".env*.local", ".env", "other names"), (".env.*.local", ".env.local", "other names"),
    ("*.env", ".env.local", "other names"),
  ])
  func `the line that looks as if it covered is named with its fault`(
    lines: String, path: String, reason: String
  ) {
    let explanation = explain("*.log\n" + lines + "\nbuild/", path)
    #expect(explanation.covering == nil)
    #expect(explanation.nearMiss?.spot.line == 2)
    let said = explanation.nearMiss?.reason.visible ?? ""
    #expect(said.contains(reason), "\(said)")
  }

  @Test(arguments: [
    ("*.log\nenv/\n.venv\nvenv/", ".env"), ("!.env", ".env"), ("", ".env"), (".envoy", ".env"),
    (".env.example", ".env"), ("# .env", ".env"), (".env.prod", "sub/.envrc"),
    (".env.*.local", "prod.env"),
  ])
  func `lines about something else are not named`(lines: String, path: String) {
    let explanation = explain(lines, path)
    #expect(explanation.covering == nil && explanation.nearMiss == nil)
  }

  @Test func `a line that takes back is named with the one that it takes back`() {
    let explanation = explain(".env\n.env.*\n!.env\n", ".env")
    #expect(explanation.covering == nil)
    #expect(explanation.nearMiss?.spot.line == 1)
    #expect(
      explanation.nearMiss?.reason.visible == "a later line, .gitignore:3 (!.env), takes it back")
    // Nothing in a folder that is ignored can be taken back.
    #expect(explain("config/\n!config/.env\n", "config/.env").covering?.line == 1)
  }

  @Test func `a nearer file takes back what one above says`() {
    let above = IgnoreRules(
      Array(".env\n".utf8), source: Array(".gitignore".utf8), folder: [], next: nil)
    let nearer = IgnoreRules(
      Array("!.env\n".utf8), source: Array("a/.gitignore".utf8), folder: Array("a/".utf8),
      next: above)
    let explanation = IgnoreExplanation(of: Array("a/.env".utf8), by: nearer)
    #expect(explanation.covering == nil)
    #expect(
      explanation.nearMiss?.sentence.visible
        == ".gitignore:1 (.env) looks as if it covered it: a later line, a/.gitignore:1 (!.env), takes it back"
    )
    // A line of a file further down is not asked about a folder above it.
    let named = IgnoreRules(
      Array("a\n".utf8), source: Array("a/.gitignore".utf8), folder: Array("a/".utf8), next: nil)
    #expect(IgnoreExplanation(of: Array("a/.env".utf8), by: named).covering == nil)
  }

  @Test func `an ignore file that PowerShell wrote is told`() {
    let bytes: [UInt8] = [0xFF, 0xFE] + ".env\n".utf8.flatMap { [$0, 0] }
    let rules = IgnoreRules(bytes, source: Array(".gitignore".utf8), folder: [], next: nil)
    let explanation = IgnoreExplanation(of: Array(".env".utf8), by: rules)
    #expect(explanation.covering == nil)
    #expect(explanation.nearMiss?.reason.visible.contains("UTF-16") == true)
  }
}
