internal import Files
package import Git

/// The folder in which git looks for a repository's hooks.
package struct HookFolder: Sendable {
  /// Absolute.
  package let path: [UInt8]
  /// Why keyscan must not write here; `nil` if it may.
  package let obstacle: Obstacle?

  /// Who else manages the hooks.
  package enum Obstacle: Equatable, Sendable {
    /// `core.hooksPath` leads out of the repository's git folder: other repositories may use it.
    case elsewhere
    /// The folder holds files that are part of the project.
    case tracked
    /// A program that writes hooks itself, and would write over others.
    case manager(String)
  }

  /// How one hook stands.
  package enum State: Equatable, Sendable {
    case none
    /// keyscan's own script, with the program that it calls.
    case installed(program: String)
    /// keyscan's own script, which git does not run because it is not executable.
    case notExecutable
    /// Somebody else's script.
    case foreign(callsKeyscan: Bool)
  }

  /// Finds the folder as git does.
  package init(of location: RepositoryLocation) throws(GitError) {
    let repository = try Repository(at: location)
    let configuration = try Configuration(of: repository)
    let usual = Paths.join(location.commonFolder, Array("hooks".utf8))
    let named = configuration.path("core.hooksPath").map {
      Paths.join(location.workTree ?? location.gitFolder, $0)
    }
    let path = named.map { Paths.real($0) ?? $0 } ?? usual
    self.path = path
    if let root = location.workTree, let below = Paths.relative(path, to: root),
      Paths.relative(path, to: location.commonFolder) == nil
    {
      let index = try IndexFile(at: location.index, in: location.gitFolder)
      let entries = index.entries(
        below: below + [UInt8(ascii: "/")], in: 0..<index.entries.count)
      let isHusky = below.starts(with: ".husky".utf8)
      obstacle = isHusky ? .manager("husky") : entries.isEmpty ? .elsewhere : .tracked
    } else if Paths.relative(path, to: location.commonFolder) == nil {
      obstacle = .elsewhere
    } else {
      obstacle = Self.manager(in: path)
    }
  }

  /// The program that writes the hooks in `folder`, by what it leaves in them.
  private static func manager(in folder: [UInt8]) -> Obstacle? {
    for hook in HookName.allCases {
      let path = Paths.join(folder, Array(hook.rawValue.utf8))
      guard let content = content(of: path) else { continue }
      if content.contains("call_lefthook") || content.contains("lefthook run") {
        return .manager("lefthook")
      }
    }
    return nil
  }

  private static func content(of path: [UInt8]) -> String? {
    guard let bytes = try? File(at: path).contents(limit: 1 << 20) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func path(of hook: HookName, ending: String = "") -> [UInt8] {
    Paths.join(path, Array((hook.rawValue + ending).utf8))
  }

  /// How `hook` stands.
  package func state(of hook: HookName) -> State {
    let path = path(of: hook)
    guard let status = try? Paths.status(path), status.kind == .regular,
      let content = Self.content(of: path)
    else { return .none }
    guard content.contains(HookScript.mark) else {
      return .foreign(callsKeyscan: status.isExecutable && content.contains("keyscan"))
    }
    guard status.isExecutable else { return .notExecutable }
    let line = content.split(separator: "\n").first { $0.hasPrefix("keyscan='") }
    let program = line.map { $0.dropFirst(9).dropLast().replacing("'\\''", with: "'") }
    return .installed(program: program.map { String($0) } ?? "")
  }

  /// Whether a hook that was there before keyscan's runs as well.
  package func keepsFormer(_ hook: HookName) -> Bool {
    (try? Paths.status(path(of: hook, ending: HookScript.keptEnding))) != nil
  }

  /// What an installation did.
  package enum Installation: Equatable, Sendable {
    case installed
    /// Somebody else's hook was there; it is kept and called first.
    case installedBesideFormer
    case renewed
  }

  /// Writes `hook`, which calls the keyscan at `program`.
  ///
  /// There must be no ``obstacle``.
  package func install(
    _ hook: HookName, program: [UInt8]
  ) throws(GitError) -> Installation {
    precondition(obstacle == nil, "the folder is somebody else's")
    let script = HookScript.text(for: hook, program: String(decoding: program, as: UTF8.self))
    let former = state(of: hook)
    return try files(for: "install the \(hook.rawValue) hook") { () throws(FileError) in
      try Paths.makeFolder(path)
      var result = Installation.installed
      switch former {
      case .none: break
      case .installed, .notExecutable: result = .renewed
      case .foreign:
        try Paths.rename(path(of: hook), to: path(of: hook, ending: HookScript.keptEnding))
        result = .installedBesideFormer
      }
      try OutputFile.write(Array(script.utf8), to: path(of: hook), privacy: .program)
      return result
    }
  }

  /// Takes `hook` away and puts a former one back; `false` if there was none of keyscan's.
  package func uninstall(_ hook: HookName) throws(GitError) -> Bool {
    switch state(of: hook) {
    case .none, .foreign: return false
    case .installed, .notExecutable: break
    }
    let isKept = keepsFormer(hook)
    return try files(for: "remove the \(hook.rawValue) hook") { () throws(FileError) in
      if isKept {
        try Paths.rename(path(of: hook, ending: HookScript.keptEnding), to: path(of: hook))
      } else {
        try Paths.remove(path(of: hook))
      }
      return true
    }
  }

  /// What to add to somebody else's hook so that it calls keyscan.
  package static func line(for hook: HookName) -> String {
    "keyscan hook run \(hook.rawValue) \"$@\""
  }
}
