package import Model

/// The rule `own.secret`, which is made in each run of what the user has.
package enum OwnRule {
  package static let id = RuleID("own.secret")

  /// What is to be said of the rule wherever its secrets come from.
  package static let note = note(title: "A value from your own secret files", .critical)

  /// The same for the secrets of one source.
  static func note(_ source: OwnSource, _ severity: Severity) -> RuleNote {
    let title =
      switch source {
      case .env: "A value from your own .env file"
      case .aws: "A value from your own AWS credentials"
      case .gcloud: "A value from your own gcloud login"
      }
    return note(title: title, severity)
  }

  private static func note(title: String, _ severity: Severity) -> RuleNote {
    RuleNote(
      id: id, title: title, provider: "own", severity: severity,
      description: "A value that you keep in a file which git does not track stands in what a push "
        + "would publish. It is found whatever it looks like, because keyscan was told to read "
        + "that file (--own-secrets); the report says which variable it is the value of.",
      help: [
        "Replace the value where it is issued, once it was pushed.",
        "Have the program read it from its environment instead.",
      ],
      references: ["https://12factor.net/config"])
  }
}
