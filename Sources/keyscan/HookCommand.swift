import ArgumentParser
import Files
import Git
import Hooks
import Inputs
import Model
import Reporting

extension HookName: ExpressibleByArgument {}

/// The command `keyscan hook`.
struct HookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Have git call keyscan before a commit and before a push.",
    subcommands: [Install.self, Uninstall.self, Doctor.self, Run.self, Framework.self])

  /// Which hooks are meant.
  struct Choice: ParsableArguments {
    @Argument(help: "pre-commit, pre-merge-commit, pre-push; all of them if none is named.")
    var hooks: [HookName] = []

    var chosen: [HookName] { hooks.isEmpty ? HookName.allCases : hooks }
  }

  /// The hooks of the repository that the current folder is in.
  static func folder(_ console: Console) throws -> HookFolder {
    do throws(PlanFailure) {
      let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
      let location = try PlanFailure.repository(
        at: [UInt8(ascii: ".")], from: here, usesEnvironment: true)
      return try PlanFailure.git { () throws(GitError) in try HookFolder(of: location) }
    } catch {
      console.note(error.message)
      throw ExitCode(error.status.rawValue)
    }
  }

  /// Scans what a hook is about, and says what stopped it.
  static func scan(
    for name: String, _ makePlan: () throws(PlanFailure) -> Plan
  ) async throws {
    var settings = try SettingOptions.usual
    settings.quiet = true
    let console = Console(settings: settings)
    let consent = try OwnSecretOptions.usual.consent(console)
    let plan: Plan
    do throws(PlanFailure) {
      plan = try makePlan()
    } catch {
      console.note("\(name): \(error.message)")
      throw ExitCode(error.status.rawValue)
    }
    let own = consent.secrets(for: plan, console)
    let book = try LoadedBook(adding: [], own: own, console: console)
    let decided = try DecisionOptions.usual
    let decisions = try DecisionLoader(options: decided, console: console).decisions(for: plan)
    var pipeline = Pipeline(
      plan: plan, book: book, verdict: try VerdictOptions.usual, console: console)
    pipeline.decide(decisions, decided)
    let report = try await pipeline.run()
    let status = ReportOutput(options: try ReportOptions.usual, console: console).write(report)
    if status == .found {
      console.note(
        "\(name): stopped. Mend it, say keyscan:allow in a comment beside it if it may stand there, "
          + "or pass this once with KEYSCAN_SKIP=1.")
    } else if status != .clean {
      console.note("\(name): stopped, because not everything could be read.")
    }
    try status.exit()
  }

  static func shown(_ path: [UInt8]) -> String { ForeignText(path).visible }

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "install",
      abstract: "Write the hooks of this repository.",
      discussion: """
        A hook that is there already is kept and called first. Where hooks belong to the \
        project or to another program (core.hooksPath, husky, lefthook), nothing is written, \
        and the line to add is printed.
        """)

    @OptionGroup var choice: Choice

    func run() throws {
      let console = Console(settings: try SettingOptions.usual)
      let folder = try HookCommand.folder(console)
      if let obstacle = folder.obstacle {
        try HookCommand.explain(obstacle, folder, choice.chosen)
        throw ExitCode(ExitStatus.badData.rawValue)
      }
      guard let program = CurrentProcess.executable else {
        console.note("cannot install: the system does not tell where keyscan is")
        throw ExitCode(ExitStatus.noInput.rawValue)
      }
      for hook in choice.chosen {
        let result: HookFolder.Installation
        do throws(GitError) {
          result = try folder.install(hook, program: program)
        } catch {
          console.note(error.description)
          throw ExitCode(ExitStatus.cannotWrite.rawValue)
        }
        let what =
          switch result {
          case .installed: "installed"
          case .installedBesideFormer: "installed; the hook that was there is kept and runs first"
          case .renewed: "renewed"
          }
        try StandardStream.output.write("\(hook.rawValue): \(what)\n")
      }
    }
  }

  /// Says who manages the hooks and what to add there.
  static func explain(
    _ obstacle: HookFolder.Obstacle, _ folder: HookFolder, _ hooks: [HookName]
  ) throws {
    let why =
      switch obstacle {
      case .elsewhere:
        "core.hooksPath names \(shown(folder.path)), which other repositories may use"
      case .tracked: "the hooks in \(shown(folder.path)) are part of the project"
      case .manager(let name): "\(name) manages the hooks of this repository"
      }
    try StandardStream.output.write("nothing was written: \(why). Add there\n")
    for hook in hooks {
      try StandardStream.output.write("  to \(hook.rawValue): \(HookFolder.line(for: hook))\n")
    }
  }

  struct Uninstall: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "uninstall",
      abstract: "Take keyscan's hooks away and put back what was there before.")

    @OptionGroup var choice: Choice

    func run() throws {
      let console = Console(settings: try SettingOptions.usual)
      let folder = try HookCommand.folder(console)
      for hook in choice.chosen {
        do throws(GitError) {
          let isGone = try folder.uninstall(hook)
          let what = isGone ? "taken away" : "not keyscan's; left as it is"
          try? StandardStream.output.write("\(hook.rawValue): \(what)\n")
        } catch {
          console.note(error.description)
          throw ExitCode(ExitStatus.cannotWrite.rawValue)
        }
      }
    }
  }

  struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "doctor",
      abstract: "Say of each hook whether git will run keyscan.",
      discussion: "The status is 0 if it will for every hook named, else 65.")

    @OptionGroup var choice: Choice

    func run() throws {
      let folder = try HookCommand.folder(Console(settings: try SettingOptions.usual))
      try StandardStream.output.write("hooks are in \(HookCommand.shown(folder.path))\n")
      var isHealthy = true
      for hook in choice.chosen {
        let (isFine, text) = HookCommand.diagnosis(of: hook, in: folder)
        isHealthy = isHealthy && isFine
        try StandardStream.output.write("\(hook.rawValue): \(text)\n")
      }
      if !isHealthy, let obstacle = folder.obstacle {
        try HookCommand.explain(obstacle, folder, choice.chosen)
      }
      if !isHealthy { throw ExitCode(ExitStatus.badData.rawValue) }
    }
  }

  private static func diagnosis(of hook: HookName, in folder: HookFolder) -> (Bool, String) {
    switch folder.state(of: hook) {
    case .none: return (false, "not installed; run keyscan hook install \(hook.rawValue)")
    case .notExecutable:
      return (false, "installed, but git does not run it: it is not executable (chmod +x)")
    case .foreign(let callsKeyscan):
      return callsKeyscan
        ? (true, "a hook of its own, which calls keyscan")
        : (false, "a hook that does not call keyscan; add \(HookFolder.line(for: hook))")
    case .installed(let program):
      let isThere = (try? Paths.status(Array(program.utf8)))?.isExecutable == true
      let kept = folder.keepsFormer(hook) ? ", after the hook that was there before" : ""
      return isThere
        ? (true, "installed, calls \(ForeignText(program).visible)\(kept)")
        : (
          false,
          "installed, but there is no program at \(ForeignText(program).visible); only a keyscan "
            + "in PATH would be called. Run keyscan hook install"
        )
    }
  }

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run",
      abstract: "What an installed hook calls; for a line in a hook of your own.")

    @Argument(help: "pre-commit, pre-merge-commit or pre-push.")
    var hook: HookName

    @Argument(help: "What git hands to the hook: for pre-push the remote's name and address.")
    var arguments: [String] = []

    func run() async throws {
      try await HookCommand.scan(for: hook.rawValue) { () throws(PlanFailure) in
        try self.plan()
      }
    }

    private func plan() throws(PlanFailure) -> Plan {
      let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
      let location = try PlanFailure.repository(
        at: [UInt8(ascii: ".")], from: here, usesEnvironment: true)
      let name = [UInt8(ascii: ".")]
      switch hook {
      case .preCommit, .preMergeCommit:
        return try PlanFailure.git { () throws(GitError) in
          try Planner.planStaged(in: location, named: name)
        }
      case .prePush:
        let content = try PlanFailure.files { () throws(FileError) in
          try File.standardInput().contents(limit: 1 << 26)
        }
        let text = String(decoding: content ?? [], as: UTF8.self)
        var lines: [PushLine] = []
        for line in text.split(separator: "\n") {
          guard let read = PushLine(line) else {
            throw PlanFailure(
              message: "git's line “\(line)” does not read as a push does", status: .usage)
          }
          lines.append(read)
        }
        return try PlanFailure.git { [lines] () throws(GitError) in
          try Planner.planPush(lines, to: arguments.first ?? "", in: location, named: name)
        }
      }
    }
  }

  struct Framework: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "framework",
      abstract: "What the pre-commit framework calls: see .pre-commit-hooks.yaml.",
      discussion: """
        With PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF, as for a push, it scans what the commits \
        between them add; else what is staged, or the whole index if nothing is.
        """)

    func run() async throws {
      if CurrentProcess.variable("KEYSCAN_SKIP").map({ !$0.isEmpty }) ?? false {
        try StandardStream.error.write("keyscan: passed over, because KEYSCAN_SKIP is set\n")
        return
      }
      try await HookCommand.scan(for: "keyscan") { () throws(PlanFailure) in
        let here = try PlanFailure.files { () throws(FileError) in try CurrentProcess.folder() }
        let name = [UInt8(ascii: ".")]
        let location = try PlanFailure.repository(at: name, from: here, usesEnvironment: true)
        let range = Self.range
        return try PlanFailure.git { () throws(GitError) in
          if let range { return try Planner.planCommits(range, in: location, named: name) }
          return try Planner.planStaged(in: location, named: name, readsAllIfClean: true)
        }
      }
    }

    /// The commits that the framework names, if it does.
    private static var range: CommitSelection? {
      func variable(_ name: String) -> String? {
        CurrentProcess.variable("PRE_COMMIT_\(name)").flatMap { $0.isEmpty ? nil : $0 }
      }
      guard let from = variable("FROM_REF"), let to = variable("TO_REF") else {
        // Of a push that brings the first commit it names no range, but what is pushed.
        return variable("REMOTE_NAME") == nil
          ? nil : variable("LOCAL_BRANCH").map { .revisions([$0]) }
      }
      // Before the first push of anything there is nothing to begin from.
      return from.allSatisfy { $0 == "0" } ? .revisions([to]) : .range("\(from)..\(to)")
    }
  }
}

extension ParsableArguments {
  /// What holds where there are no options.
  static var usual: Self {
    get throws { try parse([]) }
  }
}
