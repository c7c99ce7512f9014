internal import Crypto
internal import Git
internal import Inputs
package import Model
package import Rules

/// Findings, and those that somebody chose not to see.
package struct Grouped: Sendable {
  package var findings: [Finding] = []
  package var suppressed: [Suppression] = []
}

/// Puts matches together: one secret is one finding, whatever it was found as and wherever.
///
/// A weak secret, which a fingerprint would give away, is one finding a path. Findings come in
/// the order of a report.
package func group(_ items: [ScannedItem], by book: RuleBook) -> Grouped {
  var sightings: [GroupKey: [Sighting]] = [:]
  // Which of the weak secrets of a path this one is, in order of place.
  var orders: [PathKey: Int] = [:]
  for scanned in items {
    for match in scanned.matches {
      let isStrong = strength(of: match.match.secret.exposed) >= leastStrength
      let path = PathKey(
        target: scanned.item.target, path: scanned.item.path, commit: scanned.item.commitKey)
      let key = GroupKey(secret: match.match.secret, weakIn: isStrong ? nil : path)
      if !isStrong, sightings[key] == nil { orders[path, default: 0] += 1 }
      sightings[key, default: []].append(
        Sighting(scanned: scanned, match: match, order: orders[path] ?? 0))
    }
  }
  var grouped = Grouped()
  for (key, all) in sightings {
    let finding = finding(of: all, isWeak: key.weakIn != nil, by: book)
    let allowed = all.filter(\.match.match.isAllowed)
    if allowed.count == all.count {
      grouped.suppressed.append(
        Suppression(rule: finding.rule, fingerprint: finding.fingerprint, by: .comment))
    } else {
      var reported = finding
      if !allowed.isEmpty { reported.places = places(of: all.filter(\.isReported)) }
      grouped.findings.append(reported)
    }
  }
  grouped.findings += namedFiles(items, by: book)
  grouped.findings.sort(by: Finding.precedes)
  grouped.suppressed.sort { ($0.rule, $0.fingerprint) < ($1.rule, $1.fingerprint) }
  return grouped
}

/// How many bits a secret must have so that its hash gives nothing away.
private let leastStrength = 64.0

private struct PathKey: Hashable {
  let target: Int
  let path: [UInt8]
  let commit: String?
}

private struct GroupKey: Hashable {
  let secret: Secret
  /// The path of a weak secret; `nil` for a strong one.
  let weakIn: PathKey?
}

/// One place where a secret was found.
private struct Sighting {
  let scanned: ScannedItem
  let match: PlacedMatch
  let order: Int

  var isReported: Bool { !match.match.isAllowed }
}

extension Item {
  /// What tells things without a path apart.
  fileprivate var commitKey: String? { path.isEmpty ? commit?.description : nil }
}

private func finding(of sightings: [Sighting], isWeak: Bool, by book: RuleBook) -> Finding {
  // The rule that names the secret best is the one that comes first among all places.
  let all = sightings.map(\.match)
  let best = Overlaps.best(of: all, in: book)
  let rule = book.rules[best.match.rule]
  var others = Set(all.flatMap { [$0.match.rule] + $0.alsoMatched })
  others.remove(best.match.rule)
  let first = sightings[0]
  let fingerprint =
    isWeak
    ? fingerprint(rule.id, first.scanned.item.path, order: first.order)
    : fingerprint(rule.id, secret: best.match.secret)
  return Finding(
    rule: rule.id, title: rule.title, provider: rule.provider, severity: rule.severity,
    confidence: all.map(\.match.confidence).max() ?? rule.confidence, secret: best.match.secret,
    fingerprint: fingerprint, alsoMatched: others.map { book.rules[$0].id }.sorted(),
    advice: rule.remediation.map { ForeignText($0) }, places: places(of: sightings))
}

/// The findings that are files, found by their names alone.
private func namedFiles(_ items: [ScannedItem], by book: RuleBook) -> [Finding] {
  var findings: [PathKey: [Int: Finding]] = [:]
  for scanned in items {
    let item = scanned.item
    let key = PathKey(target: item.target, path: item.path, commit: nil)
    for number in scanned.named {
      let rule = book.rules[number]
      let place = Place(
        target: item.target, path: ForeignText(item.path), region: nil,
        commit: item.commit?.description, blob: scanned.blob?.description,
        standsIn: item.standsIn)
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
    let key = PathKey(target: item.target, path: item.path, commit: item.commitKey)
    let place = Place(
      target: item.target, kind: item.placeKind, path: ForeignText(item.path),
      region: sighting.match.region, commit: item.commit?.description,
      blob: scanned.blob?.description, decoded: sighting.match.match.layers.map(\.rawValue),
      standsIn: item.standsIn, frame: sighting.match.frame)
    guard let known = places[key] else {
      places[key] = place
      continue
    }
    var kept = known
    if place.isBetter(than: known) { kept = place }
    kept.standsIn = known.standsIn.union(place.standsIn)
    places[key] = kept
  }
  return places.values.sorted(by: Place.precedes)
}

extension Place {
  /// Whether this is where a person would look rather than at `other`.
  fileprivate func isBetter(than other: Place) -> Bool {
    let (mine, theirs) = (standsIn.contains(.worktree), other.standsIn.contains(.worktree))
    if mine != theirs { return mine }
    return (region?.offset ?? 0) < (other.region?.offset ?? 0)
  }
}

extension Item {
  fileprivate var placeKind: Place.Kind {
    switch source {
    case .entry, .file, .standardInput, .blob: path.isEmpty ? .object : .file
    case .object: .object
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
