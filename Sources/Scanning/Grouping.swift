internal import Crypto
internal import Git
package import Inputs
package import Model
package import Rules

/// Findings, and those that are not shown.
package struct Grouped: Sendable {
  package var findings: [Finding] = []
  /// Those that somebody chose not to see.
  package var suppressed: [Suppression] = []
  /// The secrets that are too unsure to be shown.
  package var unsure: Set<SecretGroup> = []
  /// How many files are too unsure to be shown.
  package var unsureFiles = 0
  /// What was read around the places of each finding.
  package var contexts: [Fingerprint: [PlacedContext]] = [:]
  /// What belongs to the secret of each finding, if it was kept: what stands beside it in most
  /// places first.
  package var belongings: [Fingerprint: [Belonging]] = [:]
  /// Findings that two rules claim alike, so that nobody can say whose they are.
  package var contested: Set<Fingerprint> = []
}

/// Puts matches together: one secret is one finding, whatever it was found as and wherever.
///
/// A weak secret, which a fingerprint would give away, is one finding a path. Findings come in
/// the order of a report; those less sure than `minConfidence` are only counted.
package func group(
  _ items: [ScannedItem], by book: RuleBook, minConfidence: Confidence = .low,
  honorsComments: Bool = true, taggedBy tagger: SecretTagger = SecretTagger()
) -> Grouped {
  var sightings: [SecretGroup: [Sighting]] = [:]
  // Which of the weak secrets of a path this one is, in order of place.
  var orders: [PathKey: Int] = [:]
  var grouped = Grouped()
  let guessable = guessableSecrets(in: items, by: book)
  for scanned in items {
    for key in scanned.passed {
      let note = scanned.history?.note(path: scanned.item.path, tag: key.tag)
      if let note, note.blob != scanned.blob { continue }
      if let path = key.weakIn, sightings[key] == nil, !grouped.unsure.contains(key) {
        orders[path, default: 0] += 1
      }
      grouped.unsure.insert(key)
    }
    for match in scanned.matches {
      // Of what stands in several versions at a path, only the newest is looked at.
      if let note = scanned.note(of: match), note.blob != scanned.blob { continue }
      let secret = match.match.secret
      let key = SecretGroup(
        secret, in: scanned.item, taggedBy: tagger, isGuessable: guessable.contains(secret))
      let path = PathKey(scanned.item)
      if key.weakIn != nil, sightings[key] == nil, !grouped.unsure.contains(key) {
        orders[path, default: 0] += 1
      }
      sightings[key, default: []].append(
        Sighting(scanned: scanned, match: match, order: orders[path] ?? 0))
    }
  }
  for (key, all) in sightings {
    let finding = finding(of: all, isWeak: key.weakIn != nil, by: book)
    let contexts = all.compactMap { sighting in
      sighting.match.context.map {
        PlacedContext(
          context: $0, target: sighting.scanned.item.target,
          path: ForeignText(sighting.scanned.item.path), isPresent: sighting.isCurrent)
      }
    }
    if !contexts.isEmpty { grouped.contexts[finding.fingerprint] = contexts }
    let belongings = belongings(of: all)
    if !belongings.isEmpty { grouped.belongings[finding.fingerprint] = belongings }
    if Overlaps.isContested(all.map(\.match), in: book) {
      grouped.contested.insert(finding.fingerprint)
    }
    let isAllowed = honorsComments ? allowance(of: all) : { _ in false }
    let allowed = all.filter(isAllowed)
    if allowed.count == all.count {
      grouped.suppressed.append(
        Suppression(finding, by: .comment))
    } else {
      var reported = finding
      if !allowed.isEmpty { reported.places = places(of: all.filter { !isAllowed($0) }) }
      if reported.confidence < minConfidence {
        grouped.unsure.insert(key)
      } else {
        grouped.findings.append(reported)
      }
    }
  }
  for file in namedFiles(items, by: book) {
    if file.confidence < minConfidence {
      grouped.unsureFiles += 1
    } else {
      grouped.findings.append(file)
    }
  }
  grouped.findings.sort(by: Finding.precedes)
  grouped.suppressed.sort(by: Suppression.precedes)
  return grouped
}

/// The known secrets that somebody may have chosen, and that no rule has a better name for.
///
/// What another rule finds too is one finding, whose fingerprint is that of this rule.
private func guessableSecrets(in items: [ScannedItem], by book: RuleBook) -> Set<Secret> {
  guard book.rules.contains(where: { $0.known?.isGuessable == true }) else { return [] }
  var secrets: Set<Secret> = []
  var named: Set<Secret> = []
  for match in items.lazy.flatMap(\.matches) {
    let known = book.rules[match.match.rule].known
    if known == nil {
      named.insert(match.match.secret)
    } else if known?.isGuessable == true {
      secrets.insert(match.match.secret)
    }
  }
  return secrets.subtracting(named)
}

/// How many bits a secret must have so that its hash gives nothing away.
private let leastStrength = 64.0

private struct PathKey: Hashable, Sendable {
  let target: Int
  let path: [UInt8]
  /// What tells things without a path apart.
  let object: String?

  init(_ item: Item) {
    target = item.target
    path = item.path
    object = item.objectKey
  }
}

/// What is one finding: a secret, and of a weak one its path.
package struct SecretGroup: Hashable, Sendable {
  package let tag: SecretTag
  /// The path of a weak secret; `nil` for a strong one.
  fileprivate let weakIn: PathKey?

  /// A secret that stands in `item`; one that is guessable is weak, however many bits it has.
  package init(
    _ secret: Secret, in item: Item, taggedBy tagger: SecretTagger, isGuessable: Bool = false
  ) {
    self.init(
      tagger.tag(of: secret),
      isStrong: !isGuessable && strength(of: secret.exposed) >= leastStrength, in: item)
  }

  /// A secret in `item` of which only the tag is known, and whether it is strong.
  package init(_ tag: SecretTag, isStrong: Bool, in item: Item) {
    self.tag = tag
    weakIn = isStrong ? nil : PathKey(item)
  }

  /// It is one finding wherever it stands.
  package var isStrong: Bool { weakIn == nil }
}

/// One place where a secret was found.
private struct Sighting {
  let scanned: ScannedItem
  let match: PlacedMatch
  let order: Int

  /// Where the secret stands there, as far as is known.
  var standsIn: Standings { scanned.note(of: match)?.standsIn ?? scanned.item.standsIn }

  /// It is in the work tree, the index or HEAD.
  var isCurrent: Bool { !standsIn.isDisjoint(with: [.worktree, .index, .head]) }
}

extension ScannedItem {
  fileprivate func note(of match: PlacedMatch) -> HistoryNote? {
    history?.note(path: item.path, secret: match.match.secret)
  }
}

/// What belongs to a secret, what stands beside it in most places first.
private func belongings(of sightings: [Sighting]) -> [Belonging] {
  var counts: [Belonging: Int] = [:]
  var all: [Belonging] = []
  for one in sightings.flatMap(\.match.match.belongings) {
    if counts[one] == nil { all.append(one) }
    counts[one, default: 0] += 1
  }
  return all.enumerated().sorted { a, b in
    let (x, y) = (counts[a.element] ?? 0, counts[b.element] ?? 0)
    return x == y ? a.offset < b.offset : x > y
  }.map(\.element)
}

/// Which of the places of a secret an allow comment covers.
///
/// A comment counts for the secret: when it is allowed wherever it stands now, older versions at
/// those paths are allowed too.
private func allowance(of sightings: [Sighting]) -> (Sighting) -> Bool {
  let current = sightings.filter(\.isCurrent)
  let covers = !current.isEmpty && current.allSatisfy(\.match.match.isAllowed)
  let paths = covers ? Set(current.map { PathKey($0.scanned.item) }) : []
  return { $0.match.match.isAllowed || paths.contains(PathKey($0.scanned.item)) }
}

extension Item {
  /// What tells things without a path apart.
  fileprivate var objectKey: String? {
    switch source {
    case .name: "name"
    case .object(let id, _): id.description
    case .blob(let id, _): path.isEmpty ? id.description : nil
    case .entry, .file, .standardInput, .given: nil
    }
  }
}

private func finding(of sightings: [Sighting], isWeak: Bool, by book: RuleBook) -> Finding {
  // The rule that names the secret best is the one that comes first among all places.
  let all = sightings.map(\.match)
  let best = Overlaps.best(of: all, in: book)
  let rule = book.rules[best.match.rule]
  var others = Set(all.flatMap { [$0.match.rule] + $0.alsoMatched })
  let known = others.sorted().compactMap { book.rules[$0].known }
  others.remove(best.match.rule)
  var secret = best.match.secret
  if known.contains(where: \.secret.isOwn) { secret.isOwn = true }
  let first = sightings[0]
  let fingerprint =
    isWeak
    ? fingerprint(rule.id, first.scanned.item.path, order: first.order)
    : fingerprint(rule.id, secret: best.match.secret)
  let isPublished = sightings.contains(where: \.scanned.item.isPublished)
  // Several rules of one name may know secrets.
  let alsoMatched = Set(others.map { book.rules[$0].id }).subtracting([rule.id])
  var notes: [ForeignText] = []
  for note in known.compactMap(\.note) where !notes.contains(note) { notes.append(note) }
  return Finding(
    rule: rule.id, title: rule.title, provider: rule.provider, severity: rule.severity,
    confidence: all.map(\.match.confidence).max() ?? rule.confidence, secret: secret,
    fingerprint: fingerprint, alsoMatched: alsoMatched.sorted(),
    published: isPublished ? .yes : .unknown, advice: rule.remediation.map { ForeignText($0) },
    notes: notes, places: places(of: sightings))
}

/// The findings that are files, found by their names alone.
private func namedFiles(_ items: [ScannedItem], by book: RuleBook) -> [Finding] {
  var findings: [PathKey: [Int: Finding]] = [:]
  for scanned in items {
    let item = scanned.item
    let key = PathKey(item)
    for number in scanned.named {
      let rule = book.rules[number]
      var place = Place(
        target: item.target, path: ForeignText(item.path), region: nil,
        commit: item.commit?.description, blob: scanned.blob?.description,
        standsIn: item.standsIn)
      place.container = item.container
      if findings[key]?[number] != nil {
        findings[key]?[number]?.places[0].standsIn.formUnion(place.standsIn)
        continue
      }
      findings[key, default: [:]][number] = Finding(
        rule: rule.id, title: rule.title, provider: rule.provider, severity: rule.severity,
        confidence: rule.confidence, secret: nil,
        fingerprint: fingerprint(ofFile: item.path, rule: rule.id),
        advice: rule.remediation.map { ForeignText($0) }, places: [place])
    }
  }
  return findings.values.flatMap(\.values)
}

/// One place a path: the work tree's before the index's, the first in the file.
private func places(of sightings: [Sighting]) -> [Place] {
  var places: [PathKey: Place] = [:]
  for sighting in sightings {
    let scanned = sighting.scanned
    let item = scanned.item
    let key = PathKey(item)
    var place = Place(
      target: item.target, kind: item.placeKind, path: ForeignText(item.path),
      region: sighting.match.region, commit: item.commit?.description,
      blob: scanned.blob?.description, decoded: sighting.match.match.layers.map(\.rawValue),
      standsIn: sighting.standsIn, frame: sighting.match.frame)
    place.container = item.container
    guard let known = places[key] else {
      places[key] = place
      continue
    }
    var kept = known
    if place.isBetter(than: known) { kept = place }
    kept.commit = known.commit ?? place.commit
    kept.standsIn = known.standsIn.union(place.standsIn)
    places[key] = kept
  }
  // A blob that nothing names tells nothing new where the secret stands elsewhere too.
  let named = places.values.filter { !$0.isForgotten }
  return (named.isEmpty ? Array(places.values) : named).sorted(by: Place.precedes)
}

extension Place {
  /// A blob without a path that nothing reaches.
  fileprivate var isForgotten: Bool {
    kind == .object && commit == nil && standsIn == [.unreachable]
  }

  /// Whether this is where a person would look rather than at `other`.
  fileprivate func isBetter(than other: Place) -> Bool {
    for standing in [Standing.worktree, .index] {
      let (mine, theirs) = (standsIn.contains(standing), other.standsIn.contains(standing))
      if mine != theirs { return mine }
    }
    return (region?.offset ?? 0) < (other.region?.offset ?? 0)
  }
}

extension Item {
  /// The file that it is packed in, unless the whole file is one packed text.
  fileprivate var container: ForeignText? {
    isPacked && filePath != path ? ForeignText(filePath) : nil
  }

  fileprivate var placeKind: Place.Kind {
    switch source {
    case .entry, .file, .standardInput, .given, .blob: path.isEmpty ? .object : .file
    case .object: .object
    case .name: .name
    }
  }
}

// MARK: Fingerprints

/// What names a strong secret, whatever happens to the files that it is in.
private func fingerprint(_ rule: RuleID, secret: Secret) -> Fingerprint {
  hash(["secret", rule.description], secret.exposed)
}

/// What names a weak secret: its place, which tells nothing of it.
private func fingerprint(_ rule: RuleID, _ path: [UInt8], order: Int) -> Fingerprint {
  hash(["place", rule.description, String(order)], path)
}

/// What names a finding that is a file.
package func fingerprint(ofFile path: [UInt8], rule: RuleID) -> Fingerprint {
  hash(["file", rule.description], path)
}

private func hash(_ words: [String], _ bytes: [UInt8]) -> Fingerprint {
  var hash = SHA256()
  for word in words {
    hash.update(data: Array(word.utf8))
    hash.update(data: [0])
  }
  hash.update(data: bytes)
  return Fingerprint(prefixOf: hash.finalize())
}
