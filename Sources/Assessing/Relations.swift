package import Model

/// Finds out how findings stand to other places, to each other and to their own past.
package enum Relations {
  /// How old a secret may be: 90 days, in seconds.
  ///
  /// Google and most guides of providers recommend to replace keys that often.
  package static let age = 90 * 24 * 60 * 60

  /// Relates `findings` to each other and writes what it found into them.
  ///
  /// `sights` are the places around which somebody read, by finding; `now` is in seconds since
  /// 1970.
  package static func relate(
    _ findings: inout [Finding], _ sights: [Fingerprint: [PlacedContext]], now: Int
  ) {
    let names = twoNames(sights)
    let replaced = Replacements(findings)
    for i in findings.indices where findings[i].secret != nil && !isHarmless(findings[i]) {
      let finding = findings[i]
      var relations: [Relation] = []
      relations += shared(finding)
      relations += replaced.staleCopy(of: finding)
      relations += past(finding, now: now)
      if let others = names[finding.fingerprint] {
        relations.append(
          Relation(
            .twoNames,
            ForeignText(
              "GEMINI_API_KEY and GOOGLE_API_KEY have different values in one file; Google's SDKs "
                + "take GOOGLE_API_KEY, other tools the other"), others: others))
      }
      relations += handling(finding, sights[finding.fingerprint] ?? [])
      findings[i].relations = relations
      findings[i].notes += relations.map(\.reason)
    }
  }

  /// What may be seen by everybody, or opens next to nothing, is in order wherever it stands.
  private static func isHarmless(_ finding: Finding) -> Bool {
    finding.assessment?.kind == .publicClient || finding.assessment?.kind == .placeholder
      || finding.confidence == .low || finding.severity == .low
  }

  // MARK: Places and time

  private static func shared(_ finding: Finding) -> [Relation] {
    var paths: [Environment: ForeignText] = [:]
    for place in finding.places where place.kind == .file {
      guard let environment = Environment(path: place.path) else { continue }
      paths[environment] = paths[environment] ?? place.path
    }
    guard let production = paths[.production], let other = paths[.development] ?? paths[.staging]
    else { return [] }
    return [
      Relation(
        .sharedEnvironments,
        text(
          "development and production share it (", other, ", ", production,
          "); with a key for each, one that leaks does not open the other"))
    ]
  }

  private static func past(_ finding: Finding, now: Int) -> [Relation] {
    let current = finding.places.filter { $0.isPresent }
    if current.isEmpty {
      // What another branch has, or a range brings, was never taken out.
      guard finding.places.contains(where: { $0.past?.removed != nil }) else { return [] }
      return [
        Relation(
          .onlyInHistory,
          ForeignText("it was taken out, yet every clone of the history still has it"))
      ]
    }
    guard let first = finding.places.compactMap({ $0.past?.first }).min(), now - first > age else {
      return []
    }
    return [
      Relation(
        .old,
        ForeignText(
          "it stands there since \(Instant.day(first)), and keys are replaced every "
            + "90 days or sooner"))
    ]
  }

  // MARK: Names

  /// For findings with one of the two names in a file where the other has another value: the
  /// findings with the other.
  private static func twoNames(
    _ sights: [Fingerprint: [PlacedContext]]
  ) -> [Fingerprint: [Fingerprint]] {
    struct File: Hashable {
      let target: Int
      let path: ForeignText
    }
    var named: [File: [String: Set<Fingerprint>]] = [:]
    for (fingerprint, all) in sights {
      for sight in all where sight.isPresent {
        guard let name = sight.context.name?.lowercased(),
          ["gemini_api_key", "google_api_key"].contains(name)
        else { continue }
        named[File(target: sight.target, path: sight.path), default: [:]][name, default: []]
          .insert(fingerprint)
      }
    }
    var related: [Fingerprint: Set<Fingerprint>] = [:]
    for names in named.values {
      guard let gemini = names["gemini_api_key"], let google = names["google_api_key"],
        gemini != google
      else { continue }
      for one in gemini { related[one, default: []].formUnion(google.subtracting([one])) }
      for one in google { related[one, default: []].formUnion(gemini.subtracting([one])) }
    }
    return related.mapValues { $0.sorted() }
  }

  // MARK: Handling

  private static func handling(_ finding: Finding, _ sights: [PlacedContext]) -> [Relation] {
    let isKey = KeyAssessment.rules.contains(finding.rule.base)
    return Self.words.compactMap { words in
      if words.isOfGoogle, !isKey { return nil }
      let sight = sights.first {
        HandlingSignals(rawValue: $0.context.handling).contains(words.signal)
          && !(words.signal == .inURL
            && KeySignals(rawValue: $0.context.purpose).contains(.mapsClient))
      }
      guard let sight else { return nil }
      return Relation(words.kind, text("\(words.fact) (", sight.path, "); \(words.advice)"))
    }
  }

  /// What is said of a signal.
  private struct Words {
    let signal: HandlingSignals
    let kind: Relation.Kind
    let fact: String
    let advice: String
    /// It is said of Google keys alone.
    var isOfGoogle = false
  }

  private static let words = [
    Words(
      signal: .inURL, kind: .inURL, fact: "it stands in the query of an address",
      advice: "addresses end up in logs, histories and referrers, a header does not"),
    Words(
      signal: .asBearer, kind: .asBearer, fact: "it is sent as a bearer token",
      advice: "Google's own endpoints refuse that for an API key, whose header is x-goog-api-key",
      isOfGoogle: true),
    Words(
      signal: .plainHTTP, kind: .plainHTTP, fact: "an address without encryption stands beside it",
      advice: "everybody on the way reads what is sent there"),
    Words(
      signal: .unverifiedTLS, kind: .unverifiedTLS,
      fact: "the check of certificates is turned off beside it",
      advice: "anybody on the way can pose as the other side and take it"),
    Words(
      signal: .logged, kind: .logged, fact: "it is written to a log or a console, or stands in one",
      advice: "logs are read, copied and kept by more people than code is"),
    Words(
      signal: .relay, kind: .relay, fact: "a base address beside it is not Google's",
      advice: "whoever runs that server gets the key", isOfGoogle: true),
  ]

  private static func text(
    _ first: String, _ path: ForeignText, _ middle: String, _ other: ForeignText? = nil,
    _ last: String = ""
  ) -> ForeignText {
    ForeignText(
      Array(first.utf8) + path.bytes + Array(middle.utf8) + (other?.bytes ?? [])
        + Array(last.utf8))
  }
}

/// Which secrets were replaced by others where they stood.
private struct Replacements {
  private struct Spot: Hashable {
    let target: Int
    let path: ForeignText
    let rule: RuleID
  }

  /// What stands now at a path, by the kind of secret and the commit that brought it.
  private var current: [Spot: [(commit: String?, finding: Fingerprint)]] = [:]

  init(_ findings: [Finding]) {
    for finding in findings where finding.secret != nil {
      for place in finding.places where place.isPresent {
        current[Spot(target: place.target, path: place.path, rule: finding.rule.base), default: []]
          .append((place.commit, finding.fingerprint))
      }
    }
  }

  /// A path where `finding` was replaced by another of its kind, while it still stands elsewhere.
  func staleCopy(of finding: Finding) -> [Relation] {
    guard let rest = finding.places.first(where: \.isPresent) else { return [] }
    for place in finding.places where place.kind == .file && !place.isPresent {
      guard let removed = place.past?.removed else { continue }
      let spot = Spot(target: place.target, path: place.path, rule: finding.rule.base)
      // The commit that took the one away brought the other.
      let next = (current[spot] ?? []).filter { $0.commit == removed }
      guard let first = next.first, first.finding != finding.fingerprint else { continue }
      let text =
        Array("it was replaced in ".utf8) + place.path.bytes
        + Array(" by another, and still stands in ".utf8) + rest.path.bytes
      return [
        Relation(.staleCopy, ForeignText(text), others: next.map(\.finding))
      ]
    }
    return []
  }
}
