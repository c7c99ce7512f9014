import Foundation
import TestSupport
import Testing

/// What the articles on API keys tell readers to look for: each with an input that has the fault and one
/// that has not (docs/articles.md).
struct ArticleTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([git.path] + arguments, in: git.path, environment: git.environment)
  }

  /// A file, a form in it with a K for the key, and the same without a key in it.
  @Test(arguments: [
    (".bashrc", "export GEMINI_API_KEY=\"K\"", "export GEMINI_API_KEY=\"$(pass show gemini)\""),
    (".zshrc", "export GEMINI_API_KEY=K", "export GEMINI_API_KEY=\"YOUR_API_KEY\""),
    ("setup.bat", "setx GEMINI_API_KEY \"K\"", "setx GEMINI_API_KEY \"%KEY%\""),
    ("setup.ps1", "$env:GEMINI_API_KEY = \"K\"", "$env:GEMINI_API_KEY = $key"),
    (
      "user.ps1", "[Environment]::SetEnvironmentVariable(\"GEMINI_API_KEY\", \"K\", \"User\")",
      "[Environment]::SetEnvironmentVariable(\"GEMINI_API_KEY\", $key, \"User\")"
    ),
    (
      "bot.py", "genai.configure(api_key=\"K\")",
      "genai.configure(api_key=os.environ[\"GEMINI_API_KEY\"])"
    ),
    (
      "bot.js", "const ai = new GoogleGenerativeAI(\"K\")",
      "const ai = new GoogleGenerativeAI(process.env.GEMINI_API_KEY)"
    ),
    (
      "gemini.go", "apiKey := \"K\"", "apiKey := os.Getenv(\"GEMINI_API_KEY\")"
    ),
    (
      "Gemini.java", "String apiKey = \"K\";",
      "String apiKey = System.getenv(\"GEMINI_API_KEY\");"
    ),
    (
      "call.sh",
      "curl -H 'x-goog-api-key: K' https://generativelanguage.googleapis.com/v1beta/models",
      "curl -H \"x-goog-api-key: $GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/models"
    ),
  ])
  func `a key of Gemini is found in every form that it is set or called in`(
    path: String, form: String, without: String
  ) throws {
    try git.stage("good/\(path)", without + "\n")
    #expect(try report().findings.isEmpty)
    try git.stage(
      "bad/\(path)", form.replacing("K", with: LookAlike.apiKey(), maxReplacements: 99) + "\n")
    let report = try report()
    #expect(report.findings.map(\.rule) == ["google.api-key/gemini"])
    #expect(report.status == 1)
  }

  @Test func `a key in a mail and in a chat is found`() throws {
    let (mail, chat) = (LookAlike.apiKey(), LookAlike.apiKey())
    // Quoted-printable breaks lines with a mark.
    try git.stage(
      "mail.eml",
      "Content-Transfer-Encoding: quoted-printable\n\nHere is the key: \(mail.prefix(20))=\n\(mail.dropFirst(20))\n"
    )
    try git.stage("chat.json", "[{\"user\": \"U1\", \"text\": \"take <\(chat)> for now\"}]\n")
    try git.stage("harmless.eml", "Subject: key\n\nI sent you the key by the manager.\n")
    let report = try report()
    #expect(Set(report.findings.flatMap(\.paths)) == ["mail.eml", "chat.json"])
  }

  @Test func `a repository that never left the machine is scanned like any other`() throws {
    #expect(try report().status == 0)
    try git.stage("bot.py", "genai.configure(api_key=\"\(LookAlike.apiKey())\")\n")
    try git.commit()
    let report = try report()
    #expect(report.status == 1)
    #expect(report.findings.first?.json["published"] as? String == "unknown")
  }

  @Test func `a key in what browsers get is worse than the same on a server`() throws {
    let key = LookAlike.apiKey()
    try git.stage("server/.env.sample", "GEMINI_API_KEY=\(key)\n")
    #expect(try report().findings.first { $0.secret != nil }?.severity == "high")
    try git.stage(
      "web/dist/app.js", "a=1;var c={k:\"\(key)\",e:\"generativelanguage.googleapis.com\"}\n")
    #expect(try report().findings.first { $0.secret != nil }?.severity == "critical")
    try git.remove("web/dist/app.js")
    try git.stage("server/.env.sample", "NEXT_PUBLIC_GEMINI_API_KEY=\(key)\n")
    #expect(try report().findings.first { $0.secret != nil }?.severity == "critical")
  }

  @Test func `the advice names the commands, and the rule what keeps the next leak small`() throws {
    try git.stage("bot.py", "genai.configure(api_key=\"\(LookAlike.apiKey())\")\n")
    let advice = try #require(try report().findings.first).advice.joined(separator: "\n")
    for words in [
      "gcloud services api-keys lookup KEY", "--allowed-ips=", "see that it is refused",
      "a secret manager", "usage and billing", "undelete restores it for 30 days",
    ] {
      #expect(advice.contains(words), "\(words)")
    }
    let explained = try Keyscan.run(["explain", "google.api-key/gemini"], in: git.path).text
    for words in ["every 90 days", "budget alert", "new addresses", "somebody in charge"] {
      #expect(explained.contains(words), "\(words)")
    }
    #expect(try report().findings.first?.rule == "google.api-key/gemini")
  }

  @Test func `the keys of exchanges come with advice on their rights`() throws {
    for rule in ["coincheck.secret-key", "bitbank.secret-key", "gmo-coin.secret-key"] {
      let text = try Keyscan.run(["explain", rule], in: git.path).text
      #expect(text.contains("no right to withdraw"), "\(rule)")
    }
  }
}
