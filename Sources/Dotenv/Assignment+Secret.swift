extension DotenvFile.Assignment {
  /// The name speaks of a secret: `DB_PASSWORD`, `apiKey`.
  package var namesSecret: Bool { DotenvValue.namesSecret(key) }

  /// The value may be a secret: it is not empty, no reference, no switch, no number, no blank to
  /// fill in.
  package var couldBeSecret: Bool { DotenvValue.couldBeSecret(value, inTemplate: false) }

  /// The password in a value such as `scheme://user:password@host`; `nil` if there is none.
  package var passwordInAddress: String? { DotenvValue.password(inAddress: value) }
}
