/// A file of environment variables, and everything that `keyscan env` says of it.
package struct EnvFile: Equatable, Sendable {
  /// From the repository's root.
  package var path: ForeignText
  /// How it stands in git and on disk, in the order of ``EnvState``.
  package var states: [EnvState]
  /// How bad it is that it stands so; `nil` if nothing is wrong.
  package var severity: Severity?
  /// Who says that it is a file of variables, if its name does not: `compose.yaml:7`.
  package var namedBy: ForeignText?
  /// The line that covers it.
  package var ignore: IgnoreSpot?
  /// The line that only looks as if it did.
  package var nearMiss: NearMiss?
  /// The names of the variables whose values give something away.
  package var givesAway: [ForeignText] = []
  /// A form to be filled in, which belongs in the repository.
  package var isTemplate = false
  /// Nothing in it can be read without a key.
  package var isEncrypted = false
  /// The tool or filter that was to encrypt it, if it can be read all the same.
  package var brokenPromise: ForeignText?
  /// Where it leads, if it is a symbolic link.
  package var link: Link?
  /// How it differs from the form beside it.
  package var drift: Drift?
  /// What would take it along, each a sentence without its end.
  package var ships: [ForeignText] = []
  /// What else there is to say, each a sentence without its end.
  package var notes: [ForeignText] = []
  /// What to do, one step a sentence.
  package var advice: [ForeignText] = []

  package init(path: ForeignText, states: [EnvState]) {
    self.path = path
    self.states = states
  }

  /// Where a symbolic link leads, by its text alone.
  package struct Link: Equatable, Sendable {
    package var target: ForeignText
    package let leavesRepository: Bool

    package init(target: ForeignText, leavesRepository: Bool) {
      self.target = target
      self.leavesRepository = leavesRepository
    }
  }

  /// Names of variables that only one of two files has, in the order of the file that has them.
  package struct Drift: Equatable, Sendable {
    /// The form, from the repository's root.
    package var template: ForeignText
    /// What the form has and the file lacks.
    package var missing: [ForeignText]
    /// What the file has and the form lacks.
    package var extra: [ForeignText]

    package init(template: ForeignText, missing: [ForeignText], extra: [ForeignText]) {
      self.template = template
      self.missing = missing
      self.extra = extra
    }
  }
}

/// One thing about how a file of environment variables stands in git and on disk.
package enum EnvState: String, CaseIterable, Comparable, Sendable {
  /// In the index.
  case tracked
  /// In the index with another content than in HEAD, or not in HEAD at all.
  case staged
  /// In the index in several versions, of which a merge is to be made.
  case conflicted
  /// In the index, and not on disk.
  case deleted
  /// In HEAD, and not in the index any more.
  case removalStaged = "removal-staged"
  /// In the index although an ignore line covered it when it was added.
  case forceAdded = "force-added"
  /// In the index since before an ignore line covered it.
  case trackedBeforeIgnored = "tracked-before-ignored"
  /// Not in the index, and no ignore line covers it: `git add` would take it.
  case wouldBeAdded = "would-be-added"
  /// Not in the index, and an ignore line covers it.
  case ignored
  /// Ignored because of a file that is not in the repository.
  case ignoredOnlyHere = "ignored-only-here"
  /// In commits, and not in the index.
  case onceTracked = "once-tracked"
  /// A folder with the name of such a file.
  case folder
  /// A folder with that name that Python made.
  case virtualEnvironment = "virtual-environment"
  /// A FIFO, a socket or a device with that name.
  case special

  package static func < (a: EnvState, b: EnvState) -> Bool { a.order < b.order }

  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The state in words for a report.
  package var words: String {
    switch self {
    case .tracked: "tracked"
    case .staged: "staged, and not so in HEAD"
    case .conflicted: "in conflict"
    case .deleted: "deleted from the work tree, still in the index"
    case .removalStaged: "in HEAD, taken out of the index"
    case .forceAdded: "force-added, though an ignore line covers it"
    case .trackedBeforeIgnored: "in the index since before an ignore line covered it"
    case .wouldBeAdded: "not ignored: git add would take it"
    case .ignored: "ignored"
    case .ignoredOnlyHere: "only in this clone: others have no such line"
    case .onceTracked: "tracked once, and in the commits since"
    case .folder: "a folder, where tools look for a file"
    case .virtualEnvironment: "a Python virtual environment"
    case .special: "a named pipe, socket or device, which git does not take"
    }
  }
}
