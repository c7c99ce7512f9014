internal import Bytes
internal import Files
internal import Inputs
package import Model

extension DotenvRules {
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
    mergePromised(&findings)
    return Array(findings.values)
  }

  /// One finding a file: what history alone was asked of knows nothing of attributes.
  private static func mergePromised(_ findings: inout [String: Finding]) {
    for (key, finding) in findings where finding.rule == plaintext {
      guard let place = finding.places.first,
        let other = findings.first(where: { _, other in
          other.rule == tracked && other.places.first?.path == place.path
            && other.places.first?.target == place.target
        })
      else { continue }
      findings[key]?.places[0].standsIn.formUnion(other.value.places[0].standsIn)
      findings[other.key] = nil
    }
  }

  private static func finding(
    of sighting: DotenvSighting, fingerprint: (RuleID, [UInt8]) -> Fingerprint
  ) -> Finding? {
    let base = Paths.name(of: sighting.path)
    let known = DotenvName(base) ?? (sighting.namedBy == nil ? nil : .values)
    guard let name = known else { return nil }
    let inner = sighting.inner
    if !sighting.isTracked {
      // An untracked file is met if nothing ignores it, or if ignored files were asked for.
      guard let tree = sighting.tree, tree.location != nil,
        let position = try? tree.position(of: inner, isFolder: false), !position.isIgnored
      else { return nil }
    }
    let judgement = DotenvJudgement(
      sighting.content, name: name, state: sighting.isTracked ? .tracked : .unignored,
      hasMatches: sighting.hasMatches, previous: sighting.previous)
    let promise = sighting.tree.flatMap { tree in
      sighting.isPast ? nil : EncryptionPromise(for: inner, in: tree)
    }
    guard var severity = judgement.severity else { return nil }
    // Of a link git takes no more than where it leads.
    if sighting.isLink { severity = .low }
    var broken = judgement.brokenPromise
    if let promise, !sighting.isLink {
      if sighting.isTracked {
        // With the key at hand the work tree is in the clear, as it should be.
        let isFile = sighting.isFile && !sighting.content.isEmpty
        if isFile, sighting.tree?.indexIsEncrypted(at: inner) == true { return nil }
        broken = promise.filter
        severity = .high
      } else if promise.isSetUp {
        // git encrypts it when it is added.
        return nil
      }
    }
    let rule = !sighting.isTracked ? unignored : broken == nil ? tracked : plaintext
    let note = notes.first { $0.id == rule }
    return Finding(
      rule: rule, title: note?.title ?? "", provider: "dotenv", severity: severity,
      confidence: .high, secret: nil, fingerprint: fingerprint(rule, sighting.path),
      advice: advice(for: inner, sighting, promise),
      notes: remarks(on: sighting, judgement, promise, rule == plaintext ? broken : nil),
      places: [
        Place(
          target: sighting.target, path: ForeignText(sighting.path), region: nil,
          commit: sighting.commit, blob: sighting.blob, standsIn: sighting.standsIn)
      ])
  }

  // MARK: Words

  private static func remarks(
    on sighting: DotenvSighting, _ judgement: DotenvJudgement, _ promise: EncryptionPromise?,
    _ broken: String?
  ) -> [ForeignText] {
    var remarks: [ForeignText] = []
    if !judgement.keys.isEmpty {
      remarks.append(
        ForeignText("it gives away \(judgement.keys.prefix(20).joined(separator: ", "))"))
    }
    if let namedBy = sighting.namedBy {
      remarks.append(ForeignText(namedBy.bytes + Array(" names it as a file of variables".utf8)))
    }
    if sighting.isLink {
      remarks.append(
        ForeignText(Array("it is a symbolic link to ".utf8) + sighting.content.prefix(256)))
    }
    if sighting.isTooLarge {
      remarks.append(ForeignText("it is too large to be judged by its variables"))
    }
    if let broken {
      let who = promise == nil ? "the file itself" : ".gitattributes"
      remarks.append(
        ForeignText("\(who) says that \(broken) encrypts it, and what git holds can be read"))
    } else if let promise {
      remarks.append(
        ForeignText(
          ".gitattributes says that \(promise.filter) encrypts it, and git is not told here how: it "
            + "would be added in the clear"))
    }
    guard !sighting.isPast, let tree = sighting.tree else { return remarks }
    let explanation = IgnoreExplanation(of: sighting.inner, in: tree)
    if let covering = explanation.covering {
      remarks.append(
        ForeignText(
          covering.place.bytes
            + Array(" covers it, but git ignores only what is not in the index".utf8)))
    } else if let nearMiss = explanation.nearMiss,
      DotenvName(Paths.name(of: sighting.path)) != .template
    {
      remarks.append(nearMiss.sentence)
    }
    return remarks
  }

  private static func advice(
    for path: [UInt8], _ sighting: DotenvSighting, _ promise: EncryptionPromise?
  ) -> [ForeignText] {
    let rotate = ForeignText(
      "Replace every secret in it if it was ever pushed; the commits that are there keep it.")
    if sighting.isPast { return [rotate] }
    if DotenvName(Paths.name(of: path)) == .template {
      return [
        ForeignText("Put placeholders where the values are; the file itself belongs in git."),
        rotate,
      ]
    }
    let command = Array("git rm --cached -- ".utf8) + ShellWord.quoted(path)
    if let promise {
      let setUp = ForeignText("Set \(promise.filter) up in this clone before it is added.")
      guard sighting.isTracked else { return [setUp] }
      return [
        ForeignText(Array("Take it out of the index, and leave it on disk: ".utf8) + command),
        setUp,
        rotate,
      ]
    }
    var advice: [ForeignText] = []
    let isCovered =
      sighting.tree.map { IgnoreExplanation(of: path, in: $0).covering?.isShared == true } ?? false
    if !isCovered, let line = addition(for: path, sighting) { advice.append(line) }
    guard sighting.isTracked else { return advice }
    advice.append(
      ForeignText(Array("Take it out of the index, and leave it on disk: ".utf8) + command))
    advice.append(rotate)
    return advice
  }

  /// The line that is to be added, and where.
  private static func addition(for path: [UInt8], _ sighting: DotenvSighting) -> ForeignText? {
    if let advice = sighting.tree.flatMap({ IgnoreAdvice(for: path, in: $0) }) {
      return advice.sentence
    }
    return IgnoreAdvice.line(for: Paths.name(of: path)).map {
      ForeignText(Array("Add the line ".utf8) + $0 + Array(" to .gitignore.".utf8))
    }
  }
}
