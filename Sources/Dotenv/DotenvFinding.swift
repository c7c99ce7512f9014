internal import Bytes
internal import Files
package import Inputs
package import Model

/// A file of environment variables as a scan met it.
package struct DotenvSighting: Sendable {
  package let target: Int
  /// From the target's root.
  package let path: [UInt8]
  /// The work tree that it is in; `nil` for what is only in the object database.
  package let tree: WorkTree?
  package let isTracked: Bool
  package let content: [UInt8]
  package let previous: [[UInt8]]
  /// A rule found a secret in it.
  package let hasMatches: Bool
  package let standsIn: Set<Standing>
  package let commit: String?
  package let blob: String?
  /// It stands only in older commits, so that neither ignoring nor unstaging helps.
  package let isPast: Bool

  package init(
    target: Int, path: [UInt8], tree: WorkTree?, isTracked: Bool, content: [UInt8],
    previous: [[UInt8]], hasMatches: Bool, standsIn: Set<Standing>, commit: String?,
    blob: String?, isPast: Bool = false
  ) {
    self.target = target
    self.path = path
    self.tree = tree
    self.isTracked = isTracked
    self.content = content
    self.previous = previous
    self.hasMatches = hasMatches
    self.standsIn = standsIn
    self.commit = commit
    self.blob = blob
    self.isPast = isPast
  }
}

/// The rules that speak of files of environment variables as such.
package enum DotenvRules {
  package static let tracked = RuleID("dotenv.tracked")
  package static let unignored = RuleID("dotenv.unignored")

  /// What the rules are, for reports that describe them.
  package static let notes: [RuleNote] = [
    RuleNote(
      id: tracked, title: "File of environment variables in git", provider: "dotenv",
      severity: .high,
      description:
        "The file is in the index, so it is committed or about to be. Such files hold what "
        + "differs from machine to machine, secrets above all.",
      help: [
        "Take the file out of the index with git rm --cached, and add an ignore line for it.",
        "Replace every secret that stood in it, if it was ever pushed.",
      ],
      references: ["https://12factor.net/config"]),
    RuleNote(
      id: unignored, title: "File of environment variables that git does not ignore",
      provider: "dotenv", severity: .high,
      description:
        "No ignore line covers the file, so the next git add takes it along.",
      help: ["Add an ignore line for the file before anything is committed."],
      references: ["https://git-scm.com/docs/gitignore"]),
  ]

  /// Judges files and returns the findings, one a file.
  ///
  /// A file that git ignores and does not track cannot be pushed, and one outside of every
  /// repository neither: they are none.
  package static func findings(
    of sightings: [DotenvSighting], fingerprint: (RuleID, [UInt8]) -> Fingerprint
  ) -> [Finding] {
    var findings: [String: Finding] = [:]
    for sighting in sightings {
      guard let finding = finding(of: sighting, fingerprint: fingerprint) else { continue }
      let key = "\(sighting.target) \(finding.fingerprint)"
      guard var known = findings[key] else {
        findings[key] = finding
        continue
      }
      // The same file in the work tree and, otherwise, in the index.
      known.severity = max(known.severity, finding.severity)
      for note in finding.notes where !known.notes.contains(note) { known.notes.append(note) }
      if let place = finding.places.first { known.places[0].standsIn.formUnion(place.standsIn) }
      findings[key] = known
    }
    return Array(findings.values)
  }

  private static func finding(
    of sighting: DotenvSighting, fingerprint: (RuleID, [UInt8]) -> Fingerprint
  ) -> Finding? {
    let base = Paths.name(of: sighting.path)
    guard let name = DotenvName(base) else { return nil }
    let inner = sighting.path.dropFirst(sighting.tree?.prefix.count ?? 0)
    if !sighting.isTracked {
      // An untracked file is met if nothing ignores it, or if ignored files were asked for.
      guard let tree = sighting.tree, tree.location != nil,
        let position = try? tree.position(of: Array(inner), isFolder: false), !position.isIgnored
      else { return nil }
    }
    let judgement = DotenvJudgement(
      sighting.content, name: name, state: sighting.isTracked ? .tracked : .unignored,
      hasMatches: sighting.hasMatches, previous: sighting.previous)
    guard let severity = judgement.severity else { return nil }
    let rule = sighting.isTracked ? tracked : unignored
    let note = notes.first { $0.id == rule }
    return Finding(
      rule: rule, title: note?.title ?? "", provider: "dotenv", severity: severity,
      confidence: .high, secret: nil, fingerprint: fingerprint(rule, sighting.path),
      advice: advice(for: Array(inner), sighting),
      notes: judgement.keys.isEmpty
        ? []
        : [ForeignText("gives away \(judgement.keys.prefix(20).joined(separator: ", "))")],
      places: [
        Place(
          target: sighting.target, path: ForeignText(sighting.path), region: nil,
          commit: sighting.commit, blob: sighting.blob, standsIn: sighting.standsIn)
      ])
  }

  private static func advice(for path: [UInt8], _ sighting: DotenvSighting) -> [ForeignText] {
    let rotate = ForeignText(
      "Replace every secret in it if it was ever pushed; the commits that are there keep it.")
    if sighting.isPast { return [rotate] }
    var advice: [ForeignText] = []
    let line = sighting.tree.flatMap { IgnoreAdvice(for: path, in: $0) }
    if let line {
      advice.append(
        ForeignText(
          Array("Add the line ".utf8) + line.line + Array(" to ".utf8) + line.file
            + Array(".".utf8)))
    } else if let plain = IgnoreAdvice.line(for: Paths.name(of: path)) {
      advice.append(
        ForeignText(Array("Add the line ".utf8) + plain + Array(" to .gitignore.".utf8)))
    }
    guard sighting.isTracked else { return advice }
    let command = Array("git rm --cached -- ".utf8) + ShellWord.quoted(path)
    advice.append(
      ForeignText(Array("Take it out of the index, and leave it on disk: ".utf8) + command))
    advice.append(rotate)
    return advice
  }

  // MARK: Folders

  /// Whether a folder with this name may be meant to be a file.
  package static func watches(_ name: [UInt8]) -> Bool { name.elementsEqual(".env".utf8) }

  /// What to say of a folder that has the name of a file of variables.
  package static func hint(for folder: Lister.WatchedFolder) -> Hint {
    let isVirtualEnvironment =
      (try? folder.parent.folder(named: Paths.name(of: folder.path))
        .status(of: Array("pyvenv.cfg".utf8))) != nil
    let reason =
      isVirtualEnvironment
      ? "a folder with this name, a Python virtual environment; many tools look for a file here, "
        + "fail on it without a word and do not look further"
      : "a folder with this name; many tools look for a file here, fail on it without a word and "
        + "do not look further (a container's mount of a file that was missing makes one)"
    return Hint(subject: ForeignText(folder.tree.prefix + folder.path), text: ForeignText(reason))
  }
}
