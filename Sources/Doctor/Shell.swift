internal import Files
internal import Model

/// A program that reads a profile when it starts.
enum Shell: String {
  case posix = "a shell"
  case bash, zsh, fish
  case powerShell = "PowerShell"
  case commandPrompt = "the command prompt"

  /// Profiles below home, by the shell that reads them.
  ///
  /// `.profile` is read by sh and by bash where neither `.bash_profile` nor `.bash_login` is.
  static let profiles: [(name: String, shell: Shell)] = [
    (".profile", .posix), (".bash_profile", .bash), (".bash_login", .bash), (".bashrc", .bash),
    (".zshenv", .zsh), (".zprofile", .zsh), (".zshrc", .zsh), (".zlogin", .zsh),
    (".config/fish/config.fish", .fish),
    (".config/powershell/Microsoft.PowerShell_profile.ps1", .powerShell),
    (".config/powershell/profile.ps1", .powerShell),
    ("Documents/PowerShell/Microsoft.PowerShell_profile.ps1", .powerShell),
    ("Documents/PowerShell/profile.ps1", .powerShell),
    ("Documents/WindowsPowerShell/Microsoft.PowerShell_profile.ps1", .powerShell),
  ]

  /// The shell of a script in the project, by its name's ending; `nil` for what is none.
  static func ofScript(_ name: [UInt8]) -> Shell? {
    let endings: [(String, Shell)] = [
      (".sh", .posix), (".bash", .bash), (".zsh", .zsh), (".envrc", .posix), (".fish", .fish),
      (".ps1", .powerShell), (".bat", .commandPrompt), (".cmd", .commandPrompt),
    ]
    return endings.first { name.reversed().starts(with: $0.0.utf8.reversed()) }?.1
  }

  func definitions(in content: [UInt8]) -> [Definition] {
    switch self {
    case .posix, .bash, .zsh: ShellProfile.definitions(in: content, isFish: false)
    case .fish: ShellProfile.definitions(in: content, isFish: true)
    case .powerShell: WindowsScript.definitions(in: content, .powerShell)
    case .commandPrompt: WindowsScript.definitions(in: content, .commandPrompt)
    }
  }

  /// Whether the login shell `SHELL` names reads this one's profiles.
  func isRead(byLoginShell shell: String?) -> Bool {
    guard let name = shell?.split(separator: "/").last else { return true }
    switch self {
    case .posix: return ["bash", "sh", "dash", "ksh"].contains(name)
    case .bash, .zsh, .fish: return name == rawValue
    case .powerShell: return name == "pwsh"
    case .commandPrompt: return false
    }
  }

  /// What to type to have a profile read again.
  func reloading(_ path: String) -> String {
    switch self {
    case .powerShell: ". $PROFILE"
    case .commandPrompt: "start cmd"
    default: "source \(path)"
    }
  }
}

extension Examination {
  /// How many scripts of the project's folder are read.
  private static let scriptLimit = 50

  static func profiles(_ situation: Situation, _ sights: inout Sights) -> [Profile] {
    var places: [(path: [UInt8], shell: Shell)] = []
    if let home = situation.home {
      places += Shell.profiles.map { (Paths.join(home, Array($0.name.utf8)), $0.shell) }
    }
    let entries = (try? Folder(at: situation.folder).entries()) ?? []
    let scripts = entries.compactMap { entry -> ([UInt8], Shell)? in
      guard entry.kind == .regular, let shell = Shell.ofScript(entry.name) else { return nil }
      return (Paths.join(situation.folder, entry.name), shell)
    }
    let chosen = scripts.sorted { $0.0.lexicographicallyPrecedes($1.0) }.prefix(scriptLimit)
    for script in chosen where !places.contains(where: { $0.path == script.0 }) {
      places.append((script.0, script.1))
    }
    return places.compactMap { path, shell in
      let sight = sights[path]
      guard sight.isWorthTelling else { return nil }
      let content: [UInt8]
      switch sight.state {
      case .text(let text): content = text
      // PowerShell writes UTF-16 and reads it too.
      case .wide(let text) where shell == .powerShell: content = text
      default: content = []
      }
      return Profile(
        name: situation.shown(path), path: path, shell: shell, sight: sight,
        definitions: shell.definitions(in: content))
    }
  }

  // MARK: 3. Profiles

  mutating func profileStep() -> Diagnosis.Step {
    var step = StepDraft("profiles", "What do shell profiles and scripts set?")
    for profile in profiles { noteReading(of: profile.sight, in: &step, as: "profile") }
    for profile in profiles {
      // The last assignment of a name is the one that counts.
      for name in Set(profile.definitions.map(\.name)).sorted() {
        note(name, of: profile, in: &step)
      }
    }
    noteContradictions(&step)
    if step.saw.isEmpty {
      step.saw("no profile or script that was found here sets a key")
    }
    return step.step
  }

  private mutating func note(_ name: String, of profile: Profile, in step: inout StepDraft) {
    let all = profile.definitions.filter { $0.name == name }
    let counting = all.filter(\.counts)
    guard let last = counting.last else {
      if let line = all.last, VariableName.keys.contains(name) {
        let place = place(profile.path, line.line).visible
        if line.has(.commentedOut) {
          step.hint(
            "\(place): \(name) is commented out", "Take the comment sign away if it is meant.")
        } else {
          step.hint("\(place): \(name) is set for the one command behind it only")
        }
      }
      return
    }
    let place = place(profile.path, last.line).visible
    if VariableName.addresses.contains(name) {
      step.saw("\(place): \(name) is set")
      Relay(last.value).note(&step, as: "\(name) at \(place)")
      return
    }
    guard VariableName.keys.contains(name) || VariableName.misnamed.contains(name) else {
      if VariableName.keys.contains(name.uppercased()) {
        step.hint("\(place): \(name) is written in small letters: names are told apart by case")
      }
      return
    }
    if last.has(.removed) {
      step.hint("\(place): \(name) is taken away again")
      return
    }
    if VariableName.misnamed.contains(name), !KeyShape(last.value).kind.isGeminiKey { return }
    let sighting = meet(last, in: profile.path)
    step.saw(
      "\(place): \(name) is \(last.has(.computed) ? "a value that the shell works out" : sighting.words)"
    )
    if counting.count > 1 {
      let earlier = counting.dropLast().filter { $0.value != last.value }.map { String($0.line) }
      if !earlier.isEmpty {
        step.hint(
          "\(profile.name.visible) sets \(name) several times: line \(last.line) wins over "
            + "\(earlier.joined(separator: ", "))", "Take the assignments out that are old.")
      }
    }
    noteWriting(of: last, place: place, shell: profile.shell, in: &step)
    compare(last, sighting, of: profile, place: place, in: &step)
  }

  /// How it is written.
  private func noteWriting(
    of definition: Definition, place: String, shell: Shell, in step: inout StepDraft
  ) {
    let name = definition.name
    if definition.has(.spacedSign) {
      let why =
        shell == .commandPrompt
        ? "the blanks become part of name or value" : "a shell takes the name for a command"
      step.fault(
        "\(place): blanks around the sign: \(why)", "Write \(name)=\"…\" without blanks.")
    }
    if definition.has(.unclosedQuote) {
      step.fault("\(place): a quotation mark is not closed", "Close it.")
    }
    if !definition.has(.exported), !definition.has(.computed) {
      let how =
        switch shell {
        case .fish: "set -gx \(name) …"
        case .powerShell: "$env:\(name) = \"…\""
        default: "export \(name)=\"…\""
        }
      step.fault(
        "\(place): \(name) is not exported: programs that are started do not get it",
        "Write \(how)")
    }
    if definition.has(.newWindowsOnly) {
      step.hint(
        "\(place): it is kept for windows that are opened afterwards; those that are open do not "
          + "have it", "Close the window, and the editor too, and open them again.")
    }
  }

  /// What a profile says against what the process has.
  private func compare(
    _ definition: Definition, _ sighting: KeyRing.Sighting, of profile: Profile, place: String,
    in step: inout StepDraft
  ) {
    guard definition.has(.exported), !definition.has(.computed), sighting.label != nil,
      VariableName.keys.contains(definition.name), profile.shell != .commandPrompt,
      Shell.profiles.contains(where: {
        Paths.join(situation.home ?? [], Array($0.name.utf8)) == profile.path
      })
    else { return }
    let name = definition.name
    let shell = situation.environment["SHELL"]
    guard isRead(profile) else {
      if environment(name) == nil {
        step.hint(
          "\(profile.name.visible) is not read by your login shell"
            + (shell.map { ", \(Masked.text(Array($0.utf8)).visible)" } ?? ""),
          "Set \(name) in that shell's own profile.")
      }
      return
    }
    let reload = profile.shell.reloading(profile.name.visible)
    guard let value = environment(name) else {
      step.fault(
        "\(place) sets \(name), and this process does not have it: the session is older than the "
          + "line, or was not started by such a shell (editor, service, container)",
        "Open a new terminal, restart the editor, or type:")
      step.command(reload)
      return
    }
    // Where another profile says what the process has, the two contradict each other: see below.
    let isElsewhere = profiles.contains { other in
      let last = other.definitions.last { $0.name == name && $0.counts }
      return other.path != profile.path && isRead(other)
        && last.map { KeyShape($0.value).core == KeyShape(value).core } ?? false
    }
    if KeyShape(value).core != sighting.shape.core, !isElsewhere {
      step.fault(
        "\(place) sets \(name) to another value than this process has: the session has not "
          + "reloaded it, or something else set it later",
        "Open a new terminal, restart the editor, or type:")
      step.command(reload)
    }
  }

  /// Whether the login shell reads a profile.
  private func isRead(_ profile: Profile) -> Bool {
    // bash reads .profile only where none of its own is.
    if profile.path.reversed().starts(with: "/.profile".utf8.reversed()),
      situation.environment["SHELL"]?.hasSuffix("/bash") == true,
      profiles.contains(where: { other in
        [".bash_profile", ".bash_login"].contains {
          other.path.reversed().starts(with: $0.utf8.reversed())
        }
      })
    {
      return false
    }
    return profile.shell.isRead(byLoginShell: situation.environment["SHELL"])
  }

  /// Profiles of one shell that set a name to different keys.
  private func noteContradictions(_ step: inout StepDraft) {
    for name in VariableName.keys {
      let found = profiles.compactMap { profile -> (Profile, Definition)? in
        let last = profile.definitions.last { $0.name == name && $0.counts }
        guard let last, !last.has(.removed), !last.has(.computed) else { return nil }
        return (profile, last)
      }
      guard let (first, a) = found.first,
        let (second, b) = found.first(where: {
          KeyShape($0.1.value).core != KeyShape(a.value).core
        })
      else { continue }
      step.hint(
        "\(place(first.path, a.line).visible) and \(place(second.path, b.line).visible) set \(name) "
          + "to different keys: which one a program gets depends on how its shell was started",
        "Set \(name) in one file only.")
    }
  }

  /// What hinders reading a file.
  func noteReading(of sight: FileSight, in step: inout StepDraft, as what: String) {
    let name = shown(sight.path)
    switch sight.state {
    case .missing, .text, .wide, .folder, .special: break
    case .dangling: step.hint("\(name) is a link to where nothing is")
    case .unreadable(let reason):
      step.fault("\(name) cannot be read: \(reason)", "Make it readable for you.")
    case .unreachable(let reason): step.hint("\(name) cannot be looked at: \(reason)")
    case .tooLarge: step.hint("\(name) has more than 1 MiB and was not looked at")
    }
    if what == "profile" {
      if case .folder = sight.state { step.hint("\(name) is a folder, no \(what)") }
      if sight.state == .special { step.hint("\(name) is no regular file and was not opened") }
    }
  }
}
