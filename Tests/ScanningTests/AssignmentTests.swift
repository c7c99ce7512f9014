import Foundation
import Rules
import TestSupport
import Testing

@testable import Scanning

/// The ways in which a value is given to a name, for a rule that goes by the name.
struct AssignmentTests {
  private static let rules = """
    provider: Test
    rules:
      - id: test.key
        title: t
        description: d
        severity: high
        class: secret
        anchors: [acme]
        any-case: true
        assigned-to: 'acme[_-]?api[_-]?key'
        pattern: '(?<secret>[a-z0-9]{24})'
        not-after: word
        remediation: [r]
        examples: ['ACME_API_KEY={lownum 24}']
    """

  private func secrets(in text: String) throws -> [String] {
    var detector = try Detector(book(Self.rules))
    var anchors: [Anchor] = []
    var matches: [Match] = []
    let bytes = Array(text.utf8)
    try detector.anchors(in: bytes.span, into: &anchors)
    for anchor in anchors {
      for number in detector.rules(of: anchor) {
        let rule = detector.rule(at: number)
        _ = try detector.judge(anchor, rule: rule, in: bytes.span, into: &matches)
      }
    }
    return matches.map { String(decoding: $0.secret.exposed, as: UTF8.self) }
  }

  /// The forms of shells, Windows, containers, CI, editors, notebooks and programs.
  @Test(arguments: [
    "export ACME_API_KEY=VALUE", #"export ACME_API_KEY="VALUE""#, "set -x ACME_API_KEY VALUE",
    "set -gx ACME_API_KEY 'VALUE'", #"setx ACME_API_KEY "VALUE""#, #"setx ACME_API_KEY VALUE /M"#,
    "set ACME_API_KEY=VALUE", #"$env:ACME_API_KEY = "VALUE""#,
    #"[Environment]::SetEnvironmentVariable("ACME_API_KEY", "VALUE", "User")"#,
    "ENV ACME_API_KEY VALUE", "ENV ACME_API_KEY=VALUE", "ARG ACME_API_KEY=VALUE",
    "    environment:\n      ACME_API_KEY: VALUE", "      - ACME_API_KEY=VALUE",
    "env:\n  ACME_API_KEY: 'VALUE'", #"  "env": { "ACME_API_KEY": "VALUE" }"#,
    "- name: ACME_API_KEY\n  value: VALUE", "- name: ACME_API_KEY\n              value: \"VALUE\"",
    #""source": ["ACME_API_KEY = \"VALUE\"\n"]"#,
    #"curl -H "acme-api-key: VALUE" https://acme.test"#,
    "curl https://acme.test/?acme_api_key=VALUE", #"acme.configure(acme_api_key="VALUE")"#,
    "os.environ['ACME_API_KEY'] = 'VALUE'", "const acmeApiKey = 'VALUE';",
    "const acmeApiKey: string = `VALUE`;", #"acmeApiKey := "VALUE""#,
    #"const acmeAPIKey string = "VALUE""#, #"private static final String ACME_API_KEY = "VALUE";"#,
    #"let acmeApiKey: String = "VALUE""#, "acme_api_key => 'VALUE'", "'acme-api-key' => 'VALUE',",
    #"define('ACME_API_KEY', 'VALUE');"#,
    #"process.env.ACME_API_KEY || "VALUE""#, "<acmeApiKey>VALUE</acmeApiKey>",
    "<key>AcmeApiKey</key>\n\t<string>VALUE</string>",
    #"<add key="AcmeApiKey" value="VALUE" />"#, "acme.api.key=VALUE", "ACME_API_KEY_PROD=VALUE",
    "ACME_API_KEY=\\\n  VALUE", "acme_api_key =\n    \"VALUE\"", "--acme-api-key VALUE",
    "--acme-api-key=VALUE", ": 1700000000:0;export ACME_API_KEY=VALUE", "myAcmeApiKey = \"VALUE\"",
  ])
  func `a value is found however it is given to its name`(form: String) throws {
    let value = FillIn.expand("{lownum 24}", seed: form)
    let found = try secrets(in: form.replacingOccurrences(of: "VALUE", with: value))
    let isKnownMiss = ["acme.api.key", "\\\n"].contains { form.contains($0) }
    #expect(found == (isKnownMiss ? [] : [value]))
  }

  @Test(arguments: [
    "BACME_API_KEY=VALUE", "ACME_API_KEY_ID=VALUE", "ACME_API_KEY=\nOTHER=VALUE",
    "see ACME_API_KEY. VALUE", "ACME_API_KEY=VALUExyz", "ACME_API_KEY = load(VALUE)",
  ])
  func `another name, another line or a longer value are none`(form: String) throws {
    let value = FillIn.expand("{lownum 24}", seed: form)
    #expect(try secrets(in: form.replacingOccurrences(of: "VALUE", with: value)) == [])
  }
}
