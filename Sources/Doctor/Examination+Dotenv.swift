internal import Files
internal import Model

extension Examination {
  // MARK: 4. Files of environment variables

  mutating func dotenvStep() -> Diagnosis.Step {
    var step = StepDraft("dotenv", "Which .env file does each tool read?")
    var files: [FileSight] = []
    for chain in chains {
      for file in chain.files where file.isWorthTelling {
        if !files.contains(where: { $0.path == file.path }) { files.append(file) }
      }
    }
    for file in files { note(file, in: &step) }
    for chain in chains where !chain.tool.readsAll || isUsed(chain) { note(chain, in: &step) }
    noteConflicts(&step)
    if files.isEmpty { step.saw("there is no .env file here, above, or at home") }
    return step.step
  }

  /// Whether a project uses Next.js or Vite, by its files.
  private func isUsed(_ chain: DotenvChain) -> Bool {
    let stem = chain.tool == .next ? "next.config." : "vite.config."
    let ends = ["js", "mjs", "cjs", "ts", "mts"]
    return ends.contains { end in
      let path = Paths.join(situation.folder, Array((stem + end).utf8))
      return (try? Paths.status(path)) != nil
    }
  }

  // MARK: Files

  /// What hinders readers of a file, and how its lines are written.
  private mutating func note(_ file: FileSight, in step: inout StepDraft) {
    let name = shown(file.path)
    noteReading(of: file, in: &step, as: "file")
    if file.isLink, file.exists { step.saw("\(name) is a symbolic link, which readers follow") }
    switch file.state {
    case .folder(let isVirtualEnvironment):
      let what = isVirtualEnvironment ? "a Python virtual environment" : "a folder"
      step.fault(
        "\(name) is \(what), where tools look for a file: gemini-cli stops there and says nothing; "
          + "others fail or pass over it",
        "Give the folder another name (a virtual environment is made anew as .venv), and make "
          + "\(name) a file.")
    case .special:
      step.hint(
        "\(name) is a FIFO, a socket or a device, and was not opened: a reader waits for it")
    case .wide(let text):
      step.fault(
        "\(name) is UTF-16, as PowerShell's > writes it: readers expect UTF-8 and find no variable",
        "Save it as UTF-8: Get-Content .env | Set-Content -Encoding utf8 .env.new, and rename it.")
      for definition in DotenvText(text).definitions
      where definition.counts && VariableName.keys.contains(definition.name) {
        let words = meet(definition, in: file.path).words
        step.saw("\(place(file.path, definition.line).visible): \(definition.name) is \(words)")
      }
    case .text(let content): note(DotenvText(content), of: file, in: &step)
    default: break
    }
  }

  private mutating func note(
    _ text: DotenvText, of file: FileSight, in step: inout StepDraft
  ) {
    let name = shown(file.path)
    if text.hasByteOrderMark, !text.definitions.isEmpty {
      step.hint(
        "\(name) begins with a byte order mark, which shells and older readers make part of the "
          + "first name", "Save it as UTF-8 without one.")
    }
    if text.hasCarriageReturns, !text.definitions.isEmpty {
      step.hint(
        "\(name) has Windows' line ends: readers of .env take them away, a shell that sources it "
          + "makes a carriage return part of the value", "Save it with LF if a shell reads it.")
    }
    for variable in Set(text.definitions.map(\.name)).sorted() {
      note(variable, of: text, in: file, &step)
    }
  }

  private mutating func note(
    _ name: String, of text: DotenvText, in file: FileSight, _ step: inout StepDraft
  ) {
    let all = text.definitions.filter { $0.name == name }
    guard let last = text.definition(of: name) else {
      if let line = all.last, VariableName.keys.contains(name) {
        step.hint("\(place(file.path, line.line).visible): \(name) is commented out")
      }
      return
    }
    let place = place(file.path, last.line).visible
    if VariableName.addresses.contains(name) {
      Relay(last.value).note(&step, as: "\(name) at \(place)")
      return
    }
    if let prefix = VariableName.publicPrefix(of: name) {
      let words = meet(last, in: file.path).words
      step.fault(
        "\(place): \(name) is \(words); \(prefix) builds it into what every visitor gets",
        "Take the prefix away, call Gemini from a server, and replace the key if it was published.")
      return
    }
    let isKey = VariableName.keys.contains(name)
    let isMisnamed = VariableName.misnamed.contains(name) && KeyShape(last.value).kind.isGeminiKey
    if !isKey, VariableName.keys.contains(name.uppercased()) {
      step.hint(
        "\(place): \(name) is written in small letters: names are told apart by case",
        "Write \(name.uppercased()).")
    }
    guard isKey || isMisnamed else { return }
    let sighting = meet(last, in: file.path)
    step.saw(
      "\(place): \(name) is \(last.has(.computed) ? "a reference to another value" : sighting.words)"
    )
    if isMisnamed {
      step.hint(
        "\(place): no SDK of Google's reads the name \(name)",
        "Call it GEMINI_API_KEY, or hand it to the client in the code.")
    }
    if [.placeholder, .empty].contains(sighting.shape.kind) {
      step.fault("\(place): \(name) holds no key", "Put the key there.")
    }
    let others = all.filter { $0.counts && $0.value != last.value }.map { String($0.line) }
    if !others.isEmpty {
      step.fault(
        "\(name) stands in \(shown(file.path)) with different values: line \(last.line) wins over "
          + "\(others.joined(separator: ", "))", "Take the old line out.")
    }
    noteWriting(of: last, place: place, in: &step)
  }

  private func noteWriting(of definition: Definition, place: String, in step: inout StepDraft) {
    if definition.has(.unclosedQuote) {
      step.fault("\(place): a quotation mark is not closed", "Close it, or take it away.")
    }
    if case .some = definition.traits.first(where: {
      if case .numberSign = $0 { true } else { false }
    }) {
      step.fault(
        "\(place): a # without a blank before it: readers for JavaScript and Ruby end the value "
          + "there, those for Python and Go make the comment part of it",
        "Put a blank before the #, or the comment on a line of its own.")
    }
    if definition.has(.spacedSign) {
      step.hint(
        "\(place): blanks around the sign, which readers of .env accept; a shell that sources the "
          + "file, and docker run --env-file, do not", "Write it without blanks.")
    }
    if definition.has(.colon) {
      step.hint(
        "\(place): a colon for a sign, which readers for Python do not accept", "Write =.")
    }
    if definition.has(.quoted) {
      step.saw(
        "\(place): quotation marks, which readers take away, but not docker run --env-file")
    }
  }

  // MARK: Tools

  private mutating func note(_ chain: DotenvChain, in step: inout StepDraft) {
    let tool = chain.tool.rawValue
    var takes: [String] = []
    for name in VariableName.keys {
      guard let (file, definition) = chain.taken(name) else { continue }
      let value = chain.tool.cutsAtNumberSign ? definition.shortValue : definition.value
      let place = place(file.path, definition.line)
      let sighting = ring.meet(value, at: place)
      guard let process = environment(name) else {
        takes.append("\(name) from \(place.visible) (\(sighting.label ?? sighting.words))")
        continue
      }
      if KeyShape(process).core == sighting.shape.core {
        takes.append("\(name) from the process, the same as at \(place.visible)")
      } else {
        takes.append("\(name) from the process, and not from \(place.visible)")
        let what = process.isEmpty ? "an empty value" : "another value"
        step.fault(
          "\(name) is set in the process to \(what), which wins over \(place.visible)",
          "If the file is right: unset \(name), take it out of the profile that exports it, and "
            + "open a new terminal.")
      }
    }
    if !takes.isEmpty {
      step.saw("\(tool) takes \(takes.joined(separator: "; "))")
      return
    }
    if chain.tool.readsAll {
      step.saw("\(tool) finds no key in its files")
      return
    }
    noteStop(of: chain, in: &step)
  }

  /// Why a tool that takes one file finds no key.
  private func noteStop(of chain: DotenvChain, in step: inout StepDraft) {
    let tool = chain.tool.rawValue
    guard let stop = chain.stop, stop.exists else {
      step.saw("\(tool) finds no .env file")
      return
    }
    let why =
      switch stop.state {
      case .folder: "which is a folder: nothing is read"
      case .special: "which is no regular file"
      case .wide: "which is UTF-16: nothing in it is understood"
      case .unreadable: "which cannot be read"
      case .tooLarge: "which was too large to be looked at here"
      default: "which has no key"
      }
    step.saw("\(tool) stops at \(shown(stop.path)), \(why)")
    // A key further on, which would do if the tool went there, is what misleads people.
    for (file, definition) in chain.unreached where environment(definition.name) == nil {
      step.fault(
        "\(tool) never comes to \(place(file.path, definition.line).visible), which has "
          + "\(definition.name)",
        "Put the key into \(shown(stop.path)), or take that out of the way.")
      return
    }
  }

  /// Two names with different keys in one file.
  private func noteConflicts(_ step: inout StepDraft) {
    var seen: Set<[UInt8]> = []
    for file in chains.flatMap(\.files) where seen.insert(file.path).inserted {
      guard let content = file.content else { continue }
      let text = DotenvText(content)
      guard let google = text.definition(of: "GOOGLE_API_KEY"),
        let gemini = text.definition(of: "GEMINI_API_KEY"),
        KeyShape(google.value).core != KeyShape(gemini.value).core
      else { continue }
      step.fault(
        "\(shown(file.path)) sets GOOGLE_API_KEY (line \(google.line)) and GEMINI_API_KEY (line "
          + "\(gemini.line)) to different values: SDKs take the first, gemini-cli the second",
        "Keep one of them.")
    }
  }
}
