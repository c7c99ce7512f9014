internal import Files
package import Git
internal import Inputs
package import Model

/// What there is to say of each file of a survey, after a scan has judged them.
package struct EnvFacts: ~Copyable {
  private let survey: EnvSurvey
  private var head: CommittedTree
  private let shipping: Shipping

  /// Reads HEAD of the surveyed repository, which is at `location`.
  package init(of survey: EnvSurvey, in location: RepositoryLocation) throws(GitError) {
    self.survey = survey
    head = try CommittedTree(ofHeadOf: location)
    shipping = Shipping(survey)
  }

  /// The files of the survey; `findings` gives what the scan found of a path.
  package mutating func files(findings: ([UInt8]) -> [Finding]) -> [EnvFile] {
    var files: [EnvFile] = []
    for found in survey.found { files.append(file(for: found, findings(found.path))) }
    return files
  }

  /// A file that the scan found in history alone.
  package static func pastFile(_ finding: Finding) -> EnvFile? {
    guard let place = finding.places.first, place.kind == .file else { return nil }
    var file = EnvFile(
      path: place.path, states: [place.standsIn.contains(.head) ? .removalStaged : .onceTracked])
    file.severity = finding.severity
    file.notes = finding.notes
    if let removed = place.past?.removed {
      file.notes.append(ForeignText("gone with commit \(removed.prefix(12))"))
    }
    file.advice = finding.advice
    return file
  }

  private mutating func file(for found: EnvSurvey.Found, _ findings: [Finding]) -> EnvFile {
    var file = EnvFile(path: ForeignText(found.path), states: [])
    file.namedBy = found.namedBy
    switch found.kind {
    case .folder: file.states = [.folder]
    case .virtualEnvironment: file.states = [.folder, .virtualEnvironment]
    case .special: file.states = [.special]
    case .file, .link, .gone:
      addStates(to: &file, found, findings)
      addContent(to: &file, found)
      addVerdict(to: &file, found, findings)
    }
    file.states.sort()
    return file
  }

  // MARK: Where it stands

  private mutating func addStates(
    to file: inout EnvFile, _ found: EnvSurvey.Found, _ findings: [Finding]
  ) {
    let index = found.tree.index
    let entries = index.entries(at: found.inner, in: 0..<index.entries.count)
    // HEAD is that of the surveyed repository; those inside it have their own.
    let isOwn = found.tree === survey.tree
    let committed = isOwn ? head.entry(at: found.inner) : nil
    let explanation = IgnoreExplanation(of: found.inner, in: found.tree)
    file.ignore = explanation.covering
    // A form need not be covered.
    let isForm = DotenvName(Paths.name(of: found.path)) == .template
    let nearMiss = isForm ? nil : explanation.nearMiss
    if let number = entries.first {
      let entry = index.entries[number]
      file.states.append(.tracked)
      if entry.stage > 0 { file.states.append(.conflicted) }
      if isOwn, committed?.id != entry.id { file.states.append(.staged) }
      if found.kind == .gone, !entry.skipsWorkTree { file.states.append(.deleted) }
      if let covering = explanation.covering {
        let wasCovered = Self.wasCovered(found, since: findings, by: covering)
        file.states.append(wasCovered ? .forceAdded : .trackedBeforeIgnored)
      } else {
        file.nearMiss = nearMiss
      }
      return
    }
    if committed != nil { file.states.append(.removalStaged) }
    if let covering = explanation.covering {
      file.states.append(.ignored)
      if !covering.isShared { file.states.append(.ignoredOnlyHere) }
    } else {
      file.states.append(.wouldBeAdded)
      file.nearMiss = nearMiss
    }
    let isPast = findings.contains { $0.standsIn.contains(.history) }
    if committed == nil, isPast { file.states.append(.onceTracked) }
  }

  /// Whether the line that covers a tracked file stood there already when the file was committed;
  /// if that is not known, it was.
  private static func wasCovered(
    _ found: EnvSurvey.Found, since findings: [Finding], by line: IgnoreSpot
  ) -> Bool {
    let commits = findings.flatMap(\.places).compactMap(\.commit)
    guard line.isShared, let commit = commits.first, let location = found.tree.location,
      let repository = try? Repository(at: location)
    else { return true }
    let source = Array(line.file.bytes.dropFirst(found.tree.prefix.count))
    let content: [UInt8]?
    do throws(GitError) {
      content = try CommittedFile.content(
        of: source, in: commit, repository, limit: IgnoreRules.sizeLimit)
    } catch {
      return true
    }
    let folder = Paths.folder(of: source)
    let rules = IgnoreRules(
      content ?? [], source: source, folder: folder.isEmpty ? [] : folder + [UInt8(ascii: "/")],
      next: nil, options: found.tree.options)
    return IgnoreExplanation(of: found.inner, by: rules).covering != nil
  }

  // MARK: What is in it

  private mutating func addContent(to file: inout EnvFile, _ found: EnvSurvey.Found) {
    let name = DotenvName(Paths.name(of: found.path)) ?? .values
    file.isTemplate = name == .template
    let content: [UInt8]?
    switch found.kind {
    case .link:
      addLink(to: &file, found)
      return
    case .file: content = read(found, &file)
    default:
      let index = found.tree.index
      let number = index.entries(at: found.inner, in: 0..<index.entries.count).first
      content = number.flatMap {
        head.content(of: index.entries[$0].id, limit: EnvironmentFileTargets.contentLimit)
      }
    }
    guard let content else { return }
    let variables = DotenvFile(content)
    let judgement = DotenvJudgement(content, name: name, state: .tracked, hasMatches: false)
    file.givesAway = judgement.keys.map { ForeignText($0) }
    file.isEncrypted = variables.hasNothingPlain
    file.brokenPromise = judgement.brokenPromise.map { ForeignText($0) }
    addPromise(to: &file, found)
    if !file.isTemplate, !variables.assignments.isEmpty {
      file.drift = TemplateDrift.find(variables, at: found.inner, in: found.tree)
    }
  }

  private func read(_ found: EnvSurvey.Found, _ file: inout EnvFile) -> [UInt8]? {
    do throws(FileError) {
      let opened = try found.tree.root.file(at: found.inner)
      // Between listing and opening, the name may have become anything.
      guard try opened.status().kind == .regular else { return nil }
      if let content = try opened.contents(limit: EnvironmentFileTargets.contentLimit) {
        return content
      }
      file.notes.append(
        ForeignText("it is too large to be judged by its variables; the rules read all of it"))
    } catch {
      file.notes.append(ForeignText("it cannot be read: \(error.reason)"))
    }
    return nil
  }

  private func addLink(to file: inout EnvFile, _ found: EnvSurvey.Found) {
    guard case .entry(let folder, true) = found.item?.source,
      let target = try? folder.linkTarget(named: Paths.name(of: found.path))
    else { return }
    let inside = InnerPath.resolve(target, from: Paths.folder(of: found.inner))
    let isBelow = Paths.relative(target, to: found.tree.rootPath) != nil
    file.link = EnvFile.Link(
      target: ForeignText(target), leavesRepository: inside == nil && !isBelow)
  }

  private func addPromise(to file: inout EnvFile, _ found: EnvSurvey.Found) {
    guard let promise = EncryptionPromise(for: found.inner, in: found.tree) else { return }
    let isTracked = file.states.contains(.tracked)
    if isTracked, found.tree.indexIsEncrypted(at: found.inner) == true {
      file.isEncrypted = true
      file.notes.append(
        ForeignText("\(promise.filter) encrypts it for git; what is on disk is in the clear"))
    } else if isTracked, !file.isEncrypted {
      file.brokenPromise = ForeignText(promise.filter)
    } else if !isTracked {
      let what = promise.isSetUp ? "git add encrypts it" : "git is not told here how"
      file.notes.append(
        ForeignText(".gitattributes says that \(promise.filter) encrypts it, and \(what)"))
    }
  }

  // MARK: What it comes to

  private func addVerdict(
    to file: inout EnvFile, _ found: EnvSurvey.Found, _ findings: [Finding]
  ) {
    file.severity = findings.map(\.severity).max()
    for finding in findings {
      for step in finding.advice where !file.advice.contains(step) { file.advice.append(step) }
      guard finding.places.allSatisfy({ $0.standsIn.isDisjoint(with: [.worktree, .index]) }) else {
        continue
      }
      file.notes += finding.notes.map {
        ForeignText(Array("its versions in the commits: ".utf8) + $0.bytes)
      }
    }
    guard !file.isTemplate, !file.isEncrypted, found.kind != .gone else { return }
    if file.states.contains(.ignoredOnlyHere), file.link == nil {
      file.severity = max(file.severity ?? .low, .low)
      if let advice = IgnoreAdvice(for: found.inner, in: found.tree) {
        file.advice.append(advice.sentence)
      }
    }
    // Of a link an image gets no more than where it leads, and a package nothing.
    if file.link != nil { return }
    for way in shipping.ways(for: found.inner, in: found.tree) {
      file.ships.append(way.sentence)
      if !file.advice.contains(way.advice) { file.advice.append(way.advice) }
      guard !file.givesAway.isEmpty else { continue }
      file.severity = max(file.severity ?? way.severity, way.severity)
    }
  }
}
