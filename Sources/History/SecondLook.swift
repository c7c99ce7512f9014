internal import Git
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
  /// What was looked into in work trees and indexes: there all of it was seen.
  private let opened: Set<Tally.Opened>
  /// What is known of each history, with what is packed in its containers.
  package private(set) var notes: [Int: HistoryNotes]

  /// Looks at the items of `readings`, which are those of each target.
  ///
  /// `first` is what was seen in work trees. `scan` scans items; what is less sure than
  /// `minConfidence` will not be shown.
  package init(
    at readings: [Int: HistoryReading], beside first: Tally, minConfidence: Confidence,
    taggedBy tagger: SecretTagger, scan: ([Item]) async throws -> Tally
  ) async throws {
    (self.readings, self.minConfidence, self.tagger) = (readings, minConfidence, tagger)
    opened = first.opened
    notes = readings.mapValues(\.notes)
    let all = readings.sorted { $0.key < $1.key }.flatMap(\.value.items)
    let items = Self.gathered(all.filter { !wasOpened($0) })
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
    for item in passed { passBy(item) }
    tally.forgetCounts()
    for (target, reading) in readings where !reading.notes.versions.isEmpty {
      let packed = (first.items + tally.items).lazy.filter { $0.item.target == target }
      notes[target] = reading.notes.adding(packedIn: packed)
    }
    for i in tally.items.indices {
      tally.items[i].history = notes[tally.items[i].item.target]
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
        grouping: tally.items.filter { $0.item.target == target }, by: { Looks.Key($0.item) })
      let passed = Set(passed.map { Looks.Key($0) })
      for item in reading.items where !wasOpened(item) {
        let key = Looks.Key(item)
        if !passed.contains(key) { looks.note(item, seen[key] ?? [], taggedBy: tagger) }
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

  /// Whether the same blob was looked into at the same path where the work tree was scanned.
  private func wasOpened(_ item: Item) -> Bool {
    guard !opened.isEmpty, case .blob(let id, _) = item.source else { return false }
    return opened.contains(Tally.Opened(target: item.target, path: item.path, blob: id))
  }

  /// The items in their order, but for those of one blob, which follow each other: what is packed in
  /// it is looked at once.
  private static func gathered(_ items: [Item]) -> [Item] {
    var order: [Item.Blob: Int] = [:]
    let places = items.enumerated().map { i, item -> Int in
      guard let blob = item.blob else { return i }
      if let first = order[blob] { return first }
      order[blob] = i
      return i
    }
    return items.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { items[$0] }
  }

  private mutating func passBy(_ item: Item) {
    guard let look = readings[item.target]?.looks[item] else { return }
    tally.gaps += look.gaps
    var groups: [[UInt8]: [Looks.Seen]] = [[]: []]
    for seen in look.secrets { groups[seen.packed, default: []].append(seen) }
    for (packed, secrets) in groups {
      let place = packed.isEmpty ? item : item.packed(at: item.path + packed)
      var scanned = ScannedItem(item: place, matches: [])
      if case .blob(let id, _) = item.source { scanned.blob = id }
      scanned.passed = secrets.map { SecretGroup($0.tag, isStrong: $0.isStrong, in: place) }
      tally.items.append(scanned)
    }
  }
}

extension Item {
  /// A blob of a target.
  fileprivate struct Blob: Hashable {
    let target: Int
    let id: ObjectID
  }

  fileprivate var blob: Blob? {
    if case .blob(let id, _) = source { Blob(target: target, id: id) } else { nil }
  }
}
