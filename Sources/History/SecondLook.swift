package import Inputs
package import Model
package import Scanning

/// The second look at what histories hold, now that its paths are known.
///
/// What an earlier run saw and is too unsure to be shown is passed by, unless this run is sure of
/// the same secret elsewhere, or it is allowed there: then all its places count.
package struct SecondLook {
  /// What was seen, in order; nothing is counted that was counted when it was swept.
  package private(set) var tally = Tally()

  private let readings: [Int: HistoryReading]
  private let minConfidence: Confidence
  private let tagger: SecretTagger
  private var passed: [Item] = []

  /// Looks at the items of `readings`, which are those of each target.
  ///
  /// `first` is what was seen in work trees. `scan` scans items; what is less sure than
  /// `minConfidence` will not be shown.
  package init(
    at readings: [Int: HistoryReading], beside first: Tally, minConfidence: Confidence,
    taggedBy tagger: SecretTagger, scan: ([Item]) async throws -> Tally
  ) async throws {
    (self.readings, self.minConfidence, self.tagger) = (readings, minConfidence, tagger)
    let items = readings.sorted { $0.key < $1.key }.flatMap(\.value.items)
    passed = items.filter { isUnsure($0) }
    var loud = passed.isEmpty ? [] : tags(of: first)
    let sure = items.filter { !isUnsure($0) }
    var next = sure + takeBack(loud)
    while !next.isEmpty {
      let seen = try await scan(next)
      if !passed.isEmpty { loud.formUnion(tags(of: seen)) }
      tally.add(seen)
      next = takeBack(loud)
    }
    tally.items += passed.map { passingBy($0) }
    tally.forgetCounts()
    for i in tally.items.indices {
      tally.items[i].history = readings[tally.items[i].item.target]?.notes
    }
    tally.sortItems()
  }

  /// Keeps for the next run what this one learned, and what was seen.
  ///
  /// Throws if it cannot be written.
  package func keep() async throws {
    for (target, reading) in readings {
      guard let keeping = reading.keeping else { continue }
      var looks = reading.looks.of(reading.items)
      let seen = Dictionary(
        tally.items.filter { $0.item.target == target }.map { (Looks.Key($0.item), $0) },
        uniquingKeysWith: { first, _ in first })
      let passed = Set(passed.map { Looks.Key($0) })
      for item in reading.items {
        let key = Looks.Key(item)
        if !passed.contains(key) { looks.note(item, seen[key], taggedBy: tagger) }
      }
      try await keeping.finish(looks)
    }
  }

  /// What an earlier run saw in an item is too unsure to be shown.
  private func isUnsure(_ item: Item) -> Bool {
    readings[item.target]?.looks[item].map { $0.surest < minConfidence } ?? false
  }

  /// What was passed by and holds one of `loud`; it is to be looked at after all.
  private mutating func takeBack(_ loud: Set<SecretTag>) -> [Item] {
    let back = passed.filter { holds($0, any: loud) }
    passed = passed.filter { !holds($0, any: loud) }
    return back
  }

  private func holds(_ item: Item, any tags: Set<SecretTag>) -> Bool {
    readings[item.target]?.looks[item]?.secrets.contains { tags.contains($0.tag) } ?? false
  }

  /// The secrets of which what was seen is sure, or that are allowed.
  private func tags(of tally: Tally) -> Set<SecretTag> {
    var tags: Set<SecretTag> = []
    for match in tally.items.lazy.flatMap(\.matches)
    where match.match.isAllowed || match.match.confidence >= minConfidence {
      tags.insert(tagger.tag(of: match.match.secret))
    }
    return tags
  }

  private func passingBy(_ item: Item) -> ScannedItem {
    var scanned = ScannedItem(item: item, matches: [])
    if case .blob(let id, _) = item.source { scanned.blob = id }
    scanned.passed = (readings[item.target]?.looks[item]?.secrets ?? []).map {
      SecretGroup($0.tag, isStrong: $0.isStrong, in: item)
    }
    return scanned
  }
}
