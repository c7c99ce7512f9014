internal import Bytes
package import Model

/// What an error text of Gemini means, and what to do.
///
/// A message says more than its status: "reported as leaked" comes as 403 PERMISSION_DENIED, as
/// much else does. So the table is gone through by what the text says first, from the top, and
/// bare statuses are at its end.
package struct GoogleMessage: Equatable, Sendable {
  /// `nil` if none of the messages that are known stands in the text.
  package let outcome: Verdict.Outcome?
  /// The words of the table that were found in the text; never the text's own.
  package let evidence: String
  package let meaning: String
  package let toDo: [String]
  /// The text holds something that looks like a key: Google repeats keys in its messages.
  package let holdsKey: Bool

  /// Whether it says that something has to be changed where the key is used.
  package var isFault: Bool {
    switch outcome {
    case .active, .activeWithData, .rateLimited, .inconclusive, .denied, .network, .untrusted,
      .unconfirmed, .notChecked, .moved, nil:
      false
    case .invalid, .expired, .blockedAsLeaked, .regionBlocked, .refusedKeyType, .invalidOrRevoked,
      .serviceDisabled, .restricted, .suspended, .projectUnusable, .unusableNow, .checkError:
      true
    }
  }

  /// One row of the table.
  struct Row: Sendable {
    let outcome: Verdict.Outcome?
    /// Any of these, in any case of letters.
    let says: [String]
    let meaning: String
    let toDo: [String]
    /// Whole words only: numbers and the names of statuses.
    var areWords = false
    /// What programs say when no answer came, and what people paste: no answer of Google's own.
    var isOfPeopleOnly = false
  }

  /// The most bytes of a message that are read.
  package static let limit = 1 << 20

  /// Reads what somebody was told; what some texts mean depends on whether the key is an
  /// authorization key (`AQ.…`).
  package init(_ text: [UInt8], isAuthorizationKey: Bool) {
    let lower = text.map(\.lowercased)
    let (row, words) =
      Self.refusedType(lower, isAuthorizationKey) ?? Self.match(lower, Self.table)
      ?? (Self.unrecognized, "")
    self.init(row, words, holdsKey: Self.holdsKey(text))
  }

  /// Reads an error that Gemini itself sent: its message and reasons, and its status in words.
  init(_ text: [UInt8], status: String, isAuthorizationKey: Bool) {
    let lower = text.map(\.lowercased)
    let (row, words) =
      Self.refusedType(lower, isAuthorizationKey) ?? Self.match(
        lower, (Self.sayings + Self.reasons).filter { !$0.isOfPeopleOnly })
      ?? Self.match(status.utf8.map(\.lowercased), Self.statuses) ?? (Self.unrecognized, "")
    self.init(row, words, holdsKey: Self.holdsKey(text))
  }

  private init(_ row: Row, _ words: String, holdsKey: Bool) {
    outcome = row.outcome
    evidence = words
    meaning = row.meaning
    toDo = row.toDo
    self.holdsKey = holdsKey
  }

  /// The first row of the table of which something stands in the text, and what.
  private static func match(_ text: [UInt8], _ table: [Row]) -> (Row, String)? {
    for row in table {
      let found = row.says.first { words in
        row.areWords ? containsWord(text, words) : contains(text, words)
      }
      if let found { return (row, found) }
    }
    return nil
  }

  private static let unrecognized = Row(
    outcome: nil, says: [],
    meaning: "None of the messages that are known stands in it.",
    toDo: ["Give the whole answer, with its status, message and details."])

  /// The texts by which a type of credential is refused.
  static let refusedTypeSays = [
    "access_token_type_unsupported", "request had invalid authentication credentials",
  ]

  /// A type of credential that is refused, which means something else for each type of key.
  private static func refusedType(_ text: [UInt8], _ isAuthorizationKey: Bool) -> (Row, String)? {
    let says = refusedTypeSays
    guard let words = says.first(where: { contains(text, $0) }),
      !contains(text, "reported as leaked"), !contains(text, "api keys are not supported")
    else { return nil }
    let header =
      "Send the key in the header x-goog-api-key, not as Authorization: Bearer, which is for OAuth "
      + "access tokens."
    if isAuthorizationKey {
      let row = Row(
        outcome: .invalidOrRevoked, says: says,
        meaning:
          "Gemini did not take the key for one. Either it was sent as a Bearer token, or the "
          + "authorization key was revoked.",
        toDo: [
          header,
          "If it was sent in that header, look for it at https://aistudio.google.com/api-keys, and make a "
            + "new one if it is not there.",
        ])
      return (row, words)
    }
    let row = Row(
      outcome: .refusedKeyType, says: says,
      meaning: "Gemini refused this type of credential: a standard key (AIza…), since June 2026 "
        + "those without restrictions, or a key that was sent as a Bearer token. The key may still "
        + "open other APIs.",
      toDo: [header, "Make an authorization key (AQ.…) at https://aistudio.google.com/api-keys."])
    return (row, words)
  }

  private static func contains(_ text: [UInt8], _ words: String) -> Bool {
    ByteText.find(words, in: text) != nil
  }

  private static func containsWord(_ text: [UInt8], _ word: String) -> Bool {
    let word = Array(word.utf8)
    guard text.count >= word.count else { return false }
    return (0...(text.count - word.count)).contains { i in
      guard text[i...].starts(with: word) else { return false }
      let after = i + word.count
      return (i == 0 || !ByteSet.word.contains(text[i - 1]))
        && (after == text.count || !ByteSet.word.contains(text[after]))
    }
  }

  private static func holdsKey(_ text: [UInt8]) -> Bool {
    ["AIza", "AQ."].contains { start in
      var from = 0
      while let at = ByteText.find(start, in: Array(text[from...])) {
        let body = text[(from + at + start.utf8.count)...]
        if body.prefix(while: ByteSet.base64url.contains).count >= 12 { return true }
        from += at + start.utf8.count
      }
      return false
    }
  }
}
