internal import Model

/// What keyscan takes Google's answers for, as a table for people.
package enum VerdictTable {
  /// The table of answers and that of what each verdict means, in lines that fit a page.
  package static func text() -> String {
    var lines = [
      "What Google answers, from the top; what a message says comes before its status:", "",
    ]
    for row in rows() {
      lines.append("  \(row.outcome)")
      lines += wrapped(row.says, indent: 4)
    }
    lines += ["", "What a verdict means for a key that leaked:", ""]
    for outcome in Verdict.Outcome.allCases {
      lines.append("  \(outcome.rawValue) (\(outcome.state.rawValue))")
      lines += wrapped(danger(outcome), indent: 4)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func rows() -> [(outcome: String, says: String)] {
    var rows: [(String, String)] = [
      (Verdict.Outcome.checkError.rawValue, "an address elsewhere (300 to 399)"),
      (
        Verdict.Outcome.network.rawValue,
        "a page instead of JSON, no answer in time, a broken connection, a certificate that is not good, 499, 500 and above without a message"
      ),
      (
        "refused-key-type, invalid-or-revoked for an AQ. key",
        GoogleMessage.refusedTypeSays.map { "“\($0)”" }.joined(separator: ", ")
      ),
    ]
    for row in GoogleMessage.table where !row.isOfPeopleOnly {
      let says = row.says.map { row.areWords ? $0 : "“\($0)”" }.joined(separator: ", ")
      rows.append((row.outcome?.rawValue ?? Verdict.Outcome.checkError.rawValue, says))
    }
    rows.append(("active", "200 with a list of models"))
    rows.append(
      (
        "invalid, expired",
        "only after a second service, Firebase Authentication, says so too; restricted if it knows the "
          + "key, refused-not-confirmed if it does not tell"
      ))
    rows.append(
      ("unknown-no-control", "whatever is said where a made-up key is not refused as a dead one is")
    )
    return rows
  }

  /// Whether somebody who has the key can do harm with it.
  private static func danger(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .active:
      "Everybody who has it uses Gemini at the owner's expense. Replace it today."
    case .activeWithData:
      "As active, and what the owner has uploaded or keeps there can be read."
    case .restricted:
      "It opens what it is restricted to. In order for a key of an app or a page; referrers and app "
        + "names can be forged, addresses hardly. Replace one that is not meant to be public."
    case .serviceDisabled:
      "It opens what else its project enables, and this service on the day that somebody enables it."
    case .unusableNow: "It works again when billing or the policy changes. Replace it."
    case .rateLimited: "It is taken, and somebody may be using it up. Replace it."
    case .regionBlocked: "It is probably good from elsewhere. Replace it."
    case .refusedKeyType:
      "Gemini refuses keys of its type; other services may take it, the more so if it is unrestricted."
    case .blockedAsLeaked:
      "It stood in public, and Gemini alone blocks it: other services may take it. Replace it and purge."
    case .suspended: "Little for now; a suspension may be lifted. Replace it."
    case .projectUnusable: "Little: its project is gone or cannot be used."
    case .invalid: "None, as far as two services say. A deleted key can be restored for 30 days."
    case .expired: "None for this key; look for others of its kind."
    case .invalidOrRevoked: "Perhaps none; look for it at https://aistudio.google.com/api-keys."
    case .unconfirmed: "Not known: Gemini refuses it, and other services may take it."
    case .inconclusive, .denied, .checkError, .network, .untrusted:
      "Not known: take it for alive."
    case .notChecked, .moved: "Not known: nobody was asked."
    }
  }

  private static func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 1 > 92 - indent {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { String(repeating: " ", count: indent) + $0 }
  }
}
