internal import Files
package import LiveChecks
package import Model

/// Goes through what can keep a Gemini key from working, from the process to Google.
///
/// Nothing is written or run, and nothing is sent but by whom ``diagnosis(of:asking:)`` is handed.
package struct Examination {
  let situation: Situation
  var sights = Sights()
  var ring = KeyRing()
  let chains: [DotenvChain]
  let profiles: [Profile]

  /// A profile or script that was read.
  struct Profile {
    let name: ForeignText
    let path: [UInt8]
    let shell: Shell
    let sight: FileSight
    let definitions: [Definition]
  }

  /// Examines and returns what was seen.
  package static func diagnosis(of situation: Situation) -> Diagnosis {
    var examination = Examination(situation)
    let steps = examination.steps()
    return examination.diagnosis(steps + [examination.askStep()])
  }

  /// Examines, has Google asked about the keys that a program would take, and returns what was seen.
  package static func diagnosis(
    of situation: Situation,
    asking ask: ([Credential]) async throws -> [Fingerprint: Verdict]
  ) async throws -> Diagnosis {
    var examination = Examination(situation)
    let steps = examination.steps()
    let subjects = examination.subjects()
    let verdicts = try await ask(subjects.map(\.credential))
    return examination.diagnosis(steps + [examination.askedStep(subjects, verdicts)])
  }

  /// All steps but the last.
  private mutating func steps() -> [Diagnosis.Step] {
    let steps = [
      environmentStep(), precedenceStep(), profileStep(), dotenvStep(), codeStep(),
    ]
    // These judge what the others met.
    let judged = [shapeStep(), typeStep()]
    return Array(steps.prefix(4)) + judged + [steps[4], messageStep(), elsewhereStep()]
  }

  private func diagnosis(_ steps: [Diagnosis.Step]) -> Diagnosis {
    Diagnosis(folder: Masked.text(situation.folder), steps: steps, keys: ring.keys)
  }

  private init(_ situation: Situation) {
    self.situation = situation
    var sights = Sights()
    chains = DotenvChain.Tool.allCases.map {
      DotenvChain($0, from: situation.folder, home: situation.home, sights: &sights)
    }
    profiles = Self.profiles(situation, &sights)
    self.sights = sights
  }

  /// The value of a variable of the process.
  func environment(_ name: String) -> [UInt8]? {
    situation.environment[name].map { Array($0.utf8) }
  }

  /// Meets a value of the process.
  mutating func meet(_ name: String, _ value: [UInt8]) -> KeyRing.Sighting {
    ring.meet(value, at: ForeignText("\(name) in the environment"))
  }

  /// Meets a value of a file.
  mutating func meet(_ definition: Definition, in path: [UInt8]) -> KeyRing.Sighting {
    ring.meet(definition.value, at: place(path, definition.line))
  }

  func place(_ path: [UInt8], _ line: Int) -> ForeignText {
    ForeignText(situation.shown(path).bytes + Array(":\(line)".utf8))
  }

  func shown(_ path: [UInt8]) -> String { situation.shown(path).visible }

  /// Names of keys that a file of the chain or a profile defines.
  var isDefinedSomewhere: Bool {
    VariableName.keys.contains { name in
      chains.contains { $0.taken(name) != nil }
    }
  }

  // MARK: 1. The environment

  private mutating func environmentStep() -> Diagnosis.Step {
    var step = StepDraft("environment", "Is a key set where the program runs?")
    var isSet = false
    for name in VariableName.keys {
      guard let value = environment(name) else { continue }
      let sighting = meet(name, value)
      if sighting.shape.kind == .empty {
        step.fault(
          "\(name) is set, but empty; readers of .env files leave even an empty variable as it is",
          "Give \(name) a value, or take it away: unset \(name)")
        continue
      }
      isSet = true
      if sighting.shape.kind == .placeholder || sighting.shape.kind == .reference {
        step.fault(
          "\(name) is set to \(sighting.words)", "Set \(name) to the key itself.")
      } else {
        step.saw("\(name) is set: \(sighting.words)")
      }
    }
    noteMisnamed(&step, isSet: isSet)
    if !isSet { noteMissing(&step) }
    noteAddresses(&step)
    noteCredentials(&step)
    step.saw(
      "this is the environment that keyscan was started with; run it where the program runs")
    return step.step
  }

  private mutating func noteMisnamed(_ step: inout StepDraft, isSet: Bool) {
    for name in VariableName.misnamed {
      guard let value = environment(name), KeyShape(value).kind.isGeminiKey else { continue }
      let text =
        "\(name) holds \(meet(name, value).words), and no SDK of Google's reads that name"
      let advice = "Call it GEMINI_API_KEY, or hand it to the client in the code."
      if isSet { step.hint(text, advice) } else { step.fault(text, advice) }
    }
  }

  private func noteMissing(_ step: inout StepDraft) {
    let names = "GEMINI_API_KEY nor GOOGLE_API_KEY"
    if isDefinedSomewhere {
      step.saw("neither \(names) is set in this process; only .env files have one (see below)")
    } else {
      step.fault(
        "neither \(names) is set in this process, and no .env file here has one",
        "Set it in the shell that starts the program, or in a .env file that the program reads:")
      step.command("export GEMINI_API_KEY=\"YOUR_API_KEY\"      # bash, zsh")
      step.command("$env:GEMINI_API_KEY = \"YOUR_API_KEY\"      # PowerShell, this window")
      step.command("setx GEMINI_API_KEY \"YOUR_API_KEY\"        # Windows, new windows only")
    }
  }

  /// Addresses in place of Google's: whoever stands there gets the key.
  private func noteAddresses(_ step: inout StepDraft) {
    for name in VariableName.addresses {
      guard let value = environment(name), !value.isEmpty else { continue }
      Relay(value).note(&step, as: name)
    }
  }

  private func noteCredentials(_ step: inout StepDraft) {
    let name = VariableName.credentials
    guard let value = environment(name), !value.isEmpty else { return }
    if KeyShape(value).kind == .serviceAccount || value.first == UInt8(ascii: "{") {
      step.fault(
        "\(name) holds JSON where a file's name belongs: every program and log that shows the "
          + "environment shows the private key",
        "Write the JSON to a file that only you may read, and set \(name) to its path; if the "
          + "environment was shown to anybody, replace the service account's key.")
    } else if KeyShape(value).kind.isGeminiKey {
      step.fault(
        "\(name) holds an API key where a file's name belongs",
        "Set GEMINI_API_KEY to the key, and unset \(name).")
    } else if FileSight(path: Paths.join(situation.folder, value)).exists {
      step.saw("\(name) names a file that is there; calls with an API key do not use it")
    } else {
      step.hint(
        "\(name) names a file that is not there; calls with an API key do not use it",
        "Unset \(name), or mend the path, if the program signs in with a service account.")
    }
  }

  // MARK: 2. Which name wins

  /// A value that a program would have, and from where.
  struct Effective {
    let value: [UInt8]
    let source: String
  }

  /// What a program has for `name` once it has loaded its `.env` with the usual reader.
  func effective(_ name: String) -> Effective? {
    if let value = environment(name) {
      return value.isEmpty ? nil : Effective(value: value, source: "the environment")
    }
    for chain in chains where !chain.tool.readsAll {
      if let (file, definition) = chain.taken(name), !definition.value.isEmpty {
        return Effective(
          value: definition.value, source: place(file.path, definition.line).visible)
      }
    }
    return nil
  }

  private func isOn(_ name: String) -> Bool {
    effective(name).map {
      ["true", "1"].contains(String(decoding: $0.value, as: UTF8.self).lowercased())
    }
      ?? false
  }

  private mutating func precedenceStep() -> Diagnosis.Step {
    var step = StepDraft("precedence", "Which of the names wins?")
    let gemini = effective("GEMINI_API_KEY")
    let google = effective("GOOGLE_API_KEY")
    if let gemini, let google {
      let a = KeyShape(gemini.value).core
      let b = KeyShape(google.value).core
      let first = ring.meet(google.value, at: sourceText("GOOGLE_API_KEY", google)).words
      let second = ring.meet(gemini.value, at: sourceText("GEMINI_API_KEY", gemini)).words
      if a == b {
        step.saw("GOOGLE_API_KEY and GEMINI_API_KEY are the same: \(first)")
      } else {
        step.fault("GOOGLE_API_KEY (\(google.source)) is \(first)")
        step.fault("GEMINI_API_KEY (\(gemini.source)) is another: \(second)")
        step.saw("Google's Gen AI SDKs take GOOGLE_API_KEY when both are set, and warn")
        step.saw("gemini-cli takes GEMINI_API_KEY, and GOOGLE_API_KEY for Vertex AI only")
        step.advise("Keep one of them: unset the other, and take it out of profiles and .env.")
      }
    } else if google != nil {
      step.saw("only GOOGLE_API_KEY is set: Google's Gen AI SDKs take it")
      step.hint(
        "gemini-cli does not take GOOGLE_API_KEY, but for Vertex AI",
        "For gemini-cli set GEMINI_API_KEY.")
    } else if gemini != nil {
      step.saw("only GEMINI_API_KEY is set: Google's Gen AI SDKs and gemini-cli take it")
    } else {
      step.saw("neither GOOGLE_API_KEY nor GEMINI_API_KEY is set")
    }
    noteOtherNames(&step, gemini: gemini, google: google)
    if isOn(VariableName.vertex) {
      step.hint(
        "\(VariableName.vertex) is on: SDKs and gemini-cli call Vertex AI, which takes "
          + "GOOGLE_API_KEY (express mode or a key bound to a service account) or a project, a "
          + "location and a login, and not GEMINI_API_KEY",
        "For a key of AI Studio: unset \(VariableName.vertex)")
    }
    if isOn(VariableName.login) {
      step.hint(
        "\(VariableName.login) is on: gemini-cli logs in with a Google account and uses no key",
        "To use a key: unset \(VariableName.login)")
    }
    return step.step
  }

  private func sourceText(_ name: String, _ effective: Effective) -> ForeignText {
    effective.source == "the environment"
      ? ForeignText("\(name) in the environment") : ForeignText(effective.source)
  }

  /// Names that only some programs read, if they differ from the common ones.
  private mutating func noteOtherNames(
    _ step: inout StepDraft, gemini: Effective?, google: Effective?
  ) {
    let readers = [
      "GOOGLE_GENERATIVE_AI_API_KEY": "Vercel's AI SDK",
      "NANOBANANA_GOOGLE_API_KEY": "the Nano Banana extension of gemini-cli",
    ]
    for name in VariableName.keys.dropFirst(2) {
      guard let other = effective(name), let reader = readers[name] else { continue }
      let words = ring.meet(other.value, at: sourceText(name, other)).words
      let isSame = [gemini, google].compactMap { $0 }.allSatisfy {
        KeyShape($0.value).core == KeyShape(other.value).core
      }
      if isSame {
        step.saw("\(name) is \(words), which \(reader) takes")
      } else {
        step.hint("\(name) is \(words), another key, which \(reader) takes before the others")
      }
    }
  }
}

/// An address that takes the place of Google's.
struct Relay {
  private let host: String
  private let isPlain: Bool

  init(_ value: [UInt8]) {
    let text = String(decoding: value, as: UTF8.self).lowercased()
    isPlain = text.hasPrefix("http://")
    let rest = text.split(separator: "://", maxSplits: 1).last.map(String.init) ?? text
    // What stands before an @ is a name and a password.
    let authority = rest.prefix { !"/?#".contains($0) }
    let behind = authority.split(separator: "@").last.map(String.init) ?? ""
    host = behind.hasPrefix("[") ? behind : String(behind.prefix { $0 != ":" })
  }

  private var isGoogle: Bool { host == "googleapis.com" || host.hasSuffix(".googleapis.com") }
  private var isLocal: Bool { ["localhost", "127.0.0.1", "[::1]"].contains { host.hasPrefix($0) } }

  func note(_ step: inout StepDraft, as name: String) {
    let shown = Masked.text(Array(host.utf8)).visible
    if isGoogle, !isPlain {
      step.saw("\(name) names \(shown), which is Google's")
    } else if isPlain, !isLocal {
      step.fault(
        "\(name) names \(shown) without TLS: the key goes over the network in the clear",
        "Unset \(name), or use an https:// address; replace the key if it was used so.")
    } else if isLocal {
      step.hint("\(name) names this machine: what runs there must pass the key on to Google")
    } else {
      step.hint(
        "\(name) names \(shown), which is not Google's: the key goes to whoever runs it, and "
          + "its answers are not Gemini's",
        "Unset \(name) and try Google's own address; a key that was given to a relay is not yours "
          + "alone.")
    }
  }
}
