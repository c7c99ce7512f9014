/// A rule of the tests' own, as `--rules` reads it.
package enum PrivateRule {
  /// What the rule finds.
  package static let token = "zq_7d03f1c29b86e45a"

  /// The content of a file named `own.yml`.
  package static let file = """
    provider: Own
    rules:
      - id: own.token
        title: Own token
        description: A token made for this test.
        severity: high
        class: token
        anchors: ["zq_"]
        pattern: 'zq_(?<secret>[0-9a-f]{16})'
        remediation: Replace it.
        references: ["https://example.org/"]
        examples: ["\(token)"]
        non-examples: [{text: "zq_0123", because: "too short"}]

    """
}
