internal import Git
internal import Inputs
internal import Model
internal import Scanning
internal import Store

/// What runs saw in the blobs and messages of a history, at their paths, so that later ones need
/// not look at what is too unsure to be shown.
///
/// An object never changes, so a look stays true as long as the rules are the same.
package struct Looks: Sendable {
  /// What stands in one object at one path.
  struct Look: Sendable {
    /// How sure the surest match is.
    let surest: Confidence
    /// In order of place.
    let secrets: [Seen]
    /// What is packed in it and could not be looked at.
    let gaps: [Gap]
  }

  /// A secret that was seen.
  struct Seen: Hashable, Sendable {
    let tag: SecretTag
    let isStrong: Bool
    /// What follows the file's path where it is packed in it; empty for what stands in the file.
    let packed: [UInt8]
  }

  /// An object at a path; none for what is a name alone.
  struct Key: Hashable {
    let path: [UInt8]
    let object: ObjectID?

    init(_ item: Item) {
      self.init(path: item.filePath, object: item.object)
    }

    fileprivate init(path: [UInt8], object: ObjectID?) {
      (self.path, self.object) = (path, object)
    }
  }

  private var looks: [Key: Look] = [:]

  init() {}

  /// What an earlier run saw in `item`; `nil` if none looked, or saw what must be looked at again.
  subscript(item: Item) -> Look? {
    looks[Key(item)]
  }

  /// Notes what was seen in `item` and is packed in it; nothing if there was nothing to keep of it.
  ///
  /// What is more than secrets, or was allowed, is to be looked at again.
  mutating func note(_ item: Item, _ all: [ScannedItem], taggedBy tagger: SecretTagger) {
    if item.object == nil || all.contains(where: \.isMoreThanMatches) { return }
    var secrets: [Seen] = []
    var surest = Confidence.low
    for scanned in all {
      if scanned.item.isPacked, scanned.item.isName, !scanned.matches.isEmpty { return }
      for match in scanned.matches.lazy.map(\.match) {
        if match.isAllowed { return }
        let group = SecretGroup(match.secret, in: scanned.item, taggedBy: tagger)
        secrets.append(
          Seen(
            tag: group.tag, isStrong: group.isStrong,
            packed: Array(scanned.item.path.dropFirst(item.path.count))))
        surest = max(surest, match.confidence)
      }
    }
    looks[Key(item)] = Look(surest: surest, secrets: secrets, gaps: all.flatMap(\.packedGaps))
  }

  /// What was seen in `items` alone.
  func of(_ items: [Item]) -> Looks {
    var some = Looks()
    for item in items { some.looks[Key(item)] = looks[Key(item)] }
    return some
  }

  // MARK: Keeping

  init(_ content: [UInt8]) throws(StoreError) {
    var reader = ByteReader(content)
    for _ in 0..<(try reader.number()) {
      let key = Key(
        path: try reader.array(),
        object: try reader.optional { reader throws(StoreError) in try reader.id() })
      guard let surest = Confidence(rawValue: try reader.text()) else {
        throw StoreError("a look is of no confidence")
      }
      let secrets = try reader.each { reader throws(StoreError) in
        Seen(
          tag: try SecretTag(&reader), isStrong: try reader.flag(), packed: try reader.array())
      }
      let gaps = try reader.each { reader throws(StoreError) in try Gap(&reader) }
      looks[key] = Look(surest: surest, secrets: secrets, gaps: gaps)
    }
  }

  var content: [UInt8] {
    var writer = ByteWriter()
    writer.add(each: looks) { writer, entry in
      writer.add(entry.key.path)
      writer.add(entry.key.object) { $0.add($1) }
      writer.add(entry.value.surest.rawValue)
      writer.add(each: entry.value.secrets) { writer, seen in
        seen.tag.write(to: &writer)
        writer.add(seen.isStrong)
        writer.add(seen.packed)
      }
      writer.add(each: entry.value.gaps) { $1.write(to: &$0) }
    }
    return writer.bytes
  }
}

extension Item {
  /// The object that it is.
  fileprivate var object: ObjectID? {
    switch source {
    case .blob(let id, _), .object(let id, _): id
    case .entry, .file, .standardInput, .given, .name: nil
    }
  }
}
