internal import LiveChecks
internal import Model

extension Examination {
  // MARK: 10. Gemini itself

  func askStep() -> Diagnosis.Step {
    var step = StepDraft("ask", "What does Gemini itself say?", state: .notLookedAt)
    let names = ["GOOGLE_API_KEY", "GEMINI_API_KEY"]
    let usable = names.first { name in environment(name).map { KeyShape($0).isUsable } ?? false }
    let name = usable ?? names.first { environment($0)?.isEmpty == false } ?? "GEMINI_API_KEY"
    step.saw("keyscan doctor sends nothing without --verify=google")
    step.advise(
      "Ask for the list of models, which costs nothing; the key goes into a header, never into the "
        + "address:")
    let address = "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1"
    step.command("curl -sS -m 10 -H \"x-goog-api-key: $\(name)\" '\(address)'")
    step.command(
      "curl.exe -sS -m 10 -H \"x-goog-api-key: $env:\(name)\" '\(address)'  # PowerShell")
    step.advise("Give what comes to keyscan doctor --message -, and show it to nobody unread.")
    return step.step
  }

  /// A key that a program would take, and how it is called here.
  struct Subject {
    let words: String
    let credential: Credential
  }

  /// The keys that a program would take, each once.
  mutating func subjects() -> [Subject] {
    var subjects: [Subject] = []
    for name in ["GOOGLE_API_KEY", "GEMINI_API_KEY"] {
      guard let effective = effective(name) else { continue }
      let sighting = meet(name, effective.value)
      let secret = sighting.shape.core
      guard sighting.shape.isUsable, !subjects.contains(where: { $0.credential.secret == secret })
      else { continue }
      let rule = sighting.shape.kind == .authorization ? "google.auth-key" : "google.api-key"
      // Who asks tells answers apart by it; it says nothing of the key.
      let number = UInt8(subjects.count)
      subjects.append(
        Subject(
          words: sighting.words,
          credential: Credential(
            rule: RuleID(rule), secret: secret,
            fingerprint: Fingerprint(prefixOf: [UInt8](repeating: number, count: 32)))))
    }
    return subjects
  }

  /// What Google said.
  func askedStep(
    _ subjects: [Subject], _ verdicts: [Fingerprint: Verdict]
  ) -> Diagnosis.Step {
    guard !subjects.isEmpty else {
      var step = StepDraft("ask", "What does Gemini itself say?", state: .notLookedAt)
      step.saw("there is no key with a key's shape that a program would take")
      return step.step
    }
    var step = StepDraft("ask", "What does Gemini itself say?")
    for subject in subjects {
      guard let verdict = verdicts[subject.credential.fingerprint] else { continue }
      let text = "\(subject.words): \(verdict.outcome.rawValue), \(verdict.reason)"
      switch verdict.outcome {
      case .active, .activeWithData: step.saw(text)
      case _ where verdict.state == .unknown || verdict.state == .notChecked: step.hint(text)
      default: step.fault(text)
      }
      if let project = verdict.project { step.saw("its project is \(project.words)") }
      // What is to be done about one that works is no answer to why it does not.
      if verdict.outcome != .active, verdict.outcome != .activeWithData {
        for advice in verdict.toDo { step.advise(advice) }
      }
    }
    return step.step
  }
}
