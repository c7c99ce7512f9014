internal import LiveChecks
internal import Model

extension Examination {
  // MARK: 5. Shape

  func shapeStep() -> Diagnosis.Step {
    var step = StepDraft("shape", "Has each value the shape of a key?")
    for (label, shape, flaws) in ring.judged {
      note(label, shape, flaws, in: &step)
    }
    for (whole, cut) in ring.cutCopies {
      step.fault("\(cut) is \(whole) without its end", "Use \(whole).")
    }
    if ring.judged.isEmpty { step.saw("no value was met that could be a key") }
    return step.step
  }

  private func note(
    _ label: String, _ shape: KeyShape, _ flaws: [(source: ForeignText, flaw: KeyFlaw)],
    in step: inout StepDraft
  ) {
    if shape.kind.isWrong {
      step.fault("\(label) is \(shape.kind.words)", advice(for: shape.kind))
    } else if shape.kind == .unknown {
      step.fault(
        "\(label) is \(shape.kind.words): they begin with AQ. (53 characters) or AIza (39)",
        "Copy the key again from https://aistudio.google.com/api-keys.")
    }
    for (source, flaw) in flaws {
      let text = "\(label) (\(source.visible)): \(flaw.words)"
      if flaw.isFault {
        step.fault(text, advice(for: flaw))
      } else {
        step.hint(text, advice(for: flaw))
      }
    }
    guard shape.kind.isGeminiKey, !flaws.contains(where: \.flaw.isFault) else { return }
    step.saw("\(label) is whole: \(shape.core.redacted), \(shape.kind.words)")
  }

  private func advice(for kind: KeyKind) -> String {
    switch kind {
    case .keyID:
      "The id names the key and is no secret; copy the key string itself (“Show key”)."
    case .serviceAccount:
      "Put it into a file and name that in GOOGLE_APPLICATION_CREDENTIALS; for an API key see "
        + "https://aistudio.google.com/api-keys."
    case .accessToken, .webToken:
      "Tokens go into Authorization: Bearer and run out after about an hour; for an API key see "
        + "https://aistudio.google.com/api-keys."
    default: "Set the variable to a key from https://aistudio.google.com/api-keys."
    }
  }

  private func advice(for flaw: KeyFlaw) -> String {
    switch flaw {
    case .blankBefore, .blankAfter, .blankInside, .lineBreak, .invisible:
      "Type the line anew, paste the key alone, and mind what stands before and behind it."
    case .quoted:
      "Take the quotation marks away: in cmd and docker run --env-file they are part of the value, "
        + "and curly ones are everywhere."
    case .lookAlike, .foreignCharacter, .wrongCase, .loose:
      "Copy the key again from where it was made; do not type it, nor take it from a picture."
    case .headMissing, .tailMissing, .tooLong, .twoTogether, .textBefore, .textBehind:
      "Copy the whole key and nothing else: 53 characters from AQ., or 39 from AIza."
    case .header(let word):
      "Take \(word) away: it belongs to a header, and a key goes into x-goog-api-key without it."
    case .nameInside: "Take the name and its sign away: the value is what stands behind it."
    case .unusualLength: "If it does not work, copy it again: something may be pasted behind it."
    }
  }

  // MARK: 6. Type and dates

  func typeStep() -> Diagnosis.Step {
    var step = StepDraft("type", "Does Gemini still take keys of this type?")
    let standard = ring.judged.filter { $0.shape.kind == .standard }.map(\.label)
    let authorization = ring.judged.filter { $0.shape.kind == .authorization }.map(\.label)
    if !standard.isEmpty {
      step.hint(
        "\(standard.joined(separator: ", ")): a standard key (AIza…). Gemini has refused those "
          + "without restrictions since 2026-06-19, and was to refuse all of them from September "
          + "2026 on; other Google APIs still take them",
        "This is the likeliest reason by now: make an authorization key (AQ.…) at "
          + "https://aistudio.google.com/api-keys, and put it in the place of the old one.")
      step.advise(
        "Keep the standard key, restricted, if Maps, YouTube or Firebase use it; it may still open "
          + "them.")
    }
    if !authorization.isEmpty {
      step.saw(
        "\(authorization.joined(separator: ", ")): an authorization key (AQ.…), the type that AI "
          + "Studio makes now; it goes into the header x-goog-api-key, not into the address and "
          + "not after Bearer")
    }
    if standard.isEmpty, authorization.isEmpty { step.saw("no Gemini key was met") }
    return step.step
  }

  // MARK: 8. The message

  func messageStep() -> Diagnosis.Step {
    var step = StepDraft("message", "What does the error message say?")
    guard let message = situation.message else {
      var none = StepDraft("message", "What does the error message say?", state: .notLookedAt)
      none.advise("Give the text of the error, or have it read from standard input:")
      none.command("keyscan doctor --message \"403 PERMISSION_DENIED …\"")
      none.command("keyscan doctor --message - < error.json")
      return none.step
    }
    let kinds = Set(ring.judged.map(\.shape.kind).filter(\.isGeminiKey))
    let reading = GoogleMessage(message, isAuthorizationKey: kinds == [.authorization])
    let evidence = reading.evidence.isEmpty ? "" : " (by “\(reading.evidence)”)"
    let text = "\(reading.outcome?.rawValue ?? "unrecognized")\(evidence): \(reading.meaning)"
    if reading.isFault {
      step.fault(text)
    } else if reading.outcome == .active {
      step.saw(text)
    } else {
      step.hint(text)
    }
    for advice in reading.toDo { step.advise(advice) }
    if reading.holdsKey {
      step.hint(
        "the message holds a key: Google repeats keys in its messages",
        "Take the key out before you show the message to anybody; if you have shown it, replace "
          + "the key.")
    }
    return step.step
  }

  // MARK: 9. Elsewhere

  /// What cannot be seen from here, and where to look for it.
  func elsewhereStep() -> Diagnosis.Step {
    var step = StepDraft("elsewhere", "Where to look next", state: .hint)
    step.saw("what Google knows of the key, and what other sessions have, cannot be seen from here")
    for advice in Self.elsewhere { step.advise(advice) }
    step.advise("What a session has, without showing it (53 or 39, and 1 for the line end):")
    step.command("printenv GEMINI_API_KEY | wc -c")
    step.command("$env:GEMINI_API_KEY.Length        # PowerShell")
    step.command("docker run -e GEMINI_API_KEY …    # hands it to a container")
    return step.step
  }

  private static let elsewhere = [
    "https://aistudio.google.com/api-keys marks keys that are blocked. A blocked key cannot be "
      + "unblocked: make a new one, and replace the old one everywhere.",
    "A key that worked and died suddenly was most likely found in public and blocked; then think of "
      + "changes of the API, then of billing. If it never was public: a new key all the same, and a "
      + "case with Google's support.",
    "After an API was enabled or a key made, wait some minutes.",
    "Another terminal, an editor, a notebook's kernel, a service and a container have environments "
      + "of their own: restart them after a change, and hand the variable to containers.",
    "Is the key of the project that you think of, and is the Generative Language API enabled there? "
      + "Is the model one that ListModels names?",
    "Is the key restricted to addresses, pages, apps or APIs that do not fit?",
    "The free tier is not offered in the EEA, Switzerland and the United Kingdom, and Gemini not in "
      + "some countries at all; what counts is the IP address of the caller. If it works in one "
      + "place and not in another, that is it. Billing helps with the first.",
    "Keys of AI Studio are for generativelanguage.googleapis.com. Vertex AI takes those of its "
      + "express mode and those bound to a service account.",
    "No key can be made? The project is not active, the API is off, a quota is used up, or the "
      + "account lacks its second factor. The way: project, enable the API, make the key, restrict "
      + "it.",
    "After a new key: replace the old one everywhere, restart, run keyscan to find what is left of "
      + "it, watch the logs, then delete it. A standard key can be restored for 30 days.",
  ]
}
