package import Git
internal import Inputs
package import Model

/// What history says of a secret at one path, or of a file as such.
package struct HistoryNote: Sendable {
  /// Where it stands, as far as commits tell.
  package var standsIn: Standings = []
  /// A remote-tracking branch reaches it.
  package var isPublished = false
  /// The newest version that holds it.
  package var blob: ObjectID
  /// The first commit that holds it while none of its parents does; `nil` if no commit does.
  package var introduced: ObjectID?
  /// The last commit on the way to HEAD that does not hold it while a parent does.
  package var removed: ObjectID?
  /// When the first and the last commit that hold it were made, in seconds since 1970.
  package var first: Int?
  package var last: Int?
  /// How many different contents at the path hold it.
  package var versions = 1

  package init(blob: ObjectID) {
    self.blob = blob
  }
}

/// What history says of one version of a container, of which nobody knows yet what is packed in it.
package struct VersionNote: Sendable {
  package var note: HistoryNote
  /// Which commits those of the note are, in the order in which parents come first.
  package var introducedAt: Int?
  package var removedAt: Int?
  package var lastAt: Int

  package init(_ note: HistoryNote, introducedAt: Int?, removedAt: Int?, lastAt: Int) {
    self.note = note
    (self.introducedAt, self.removedAt, self.lastAt) = (introducedAt, removedAt, lastAt)
  }

  /// Takes in another version that holds the same.
  fileprivate mutating func add(_ other: VersionNote) {
    let isHeld = note.standsIn.contains(.head) || other.note.standsIn.contains(.head)
    note.standsIn.formUnion(other.note.standsIn)
    note.isPublished = note.isPublished || other.note.isPublished
    note.versions += other.note.versions
    if let theirs = other.introducedAt, introducedAt.map({ theirs < $0 }) ?? true {
      introducedAt = theirs
      (note.introduced, note.first) = (other.note.introduced, other.note.first)
    }
    if let theirs = other.removedAt, removedAt.map({ theirs > $0 }) ?? true {
      removedAt = theirs
      note.removed = other.note.removed
    }
    // What HEAD holds was not removed, whatever became of other versions.
    if isHeld { note.removed = nil }
    if other.lastAt > lastAt {
      lastAt = other.lastAt
      (note.last, note.blob) = (other.note.last, other.note.blob)
    }
  }
}

/// What history says of every secret and path that was found in it.
package final class HistoryNotes: Sendable {
  /// A secret at a path; of a file as such there is no secret.
  package struct Key: Hashable, Sendable {
    package let path: [UInt8]
    package let secret: SecretTag?

    package init(path: [UInt8], secret: SecretTag?) {
      self.path = path
      self.secret = secret
    }
  }

  /// A container's content at a path.
  package struct Version: Hashable, Sendable {
    package let path: [UInt8]
    package let blob: ObjectID

    package init(path: [UInt8], blob: ObjectID) {
      self.path = path
      self.blob = blob
    }
  }

  package let notes: [Key: HistoryNote]
  /// What is known of containers.
  package let versions: [Version: VersionNote]
  private let tagger: SecretTagger

  /// The tags in `notes` were made by `tagger`.
  package init(
    _ notes: [Key: HistoryNote] = [:], versions: [Version: VersionNote] = [:],
    taggedBy tagger: SecretTagger
  ) {
    self.notes = notes
    self.versions = versions
    self.tagger = tagger
  }

  /// The same with notes of what was seen packed in containers.
  package func adding(packedIn items: some Sequence<ScannedItem>) -> HistoryNotes {
    var packed: [Key: VersionNote] = [:]
    var seen: Set<Seen> = []
    for scanned in items where scanned.item.isPacked {
      guard let blob = scanned.blob,
        let version = versions[Version(path: scanned.item.filePath, blob: blob)]
      else { continue }
      let tags = scanned.matches.map { tagger.tag(of: $0.match.secret) } + scanned.passed.map(\.tag)
      for tag in tags + (scanned.named.isEmpty ? [] : [nil]) {
        let key = Key(path: scanned.item.path, secret: tag)
        guard seen.insert(Seen(key: key, blob: blob)).inserted else { continue }
        packed[key]?.add(version)
        if packed[key] == nil { packed[key] = version }
      }
    }
    if packed.isEmpty { return self }
    // A text that is a whole file has the file's own notes, if its secrets can be seen there.
    let all = notes.merging(packed.mapValues(\.note)) { known, _ in known }
    return HistoryNotes(all, versions: versions, taggedBy: tagger)
  }

  private struct Seen: Hashable {
    let key: Key
    let blob: ObjectID
  }

  package func note(path: [UInt8], secret: Secret?) -> HistoryNote? {
    note(path: path, tag: secret.map { tagger.tag(of: $0) })
  }

  package func note(path: [UInt8], tag: SecretTag?) -> HistoryNote? {
    notes[Key(path: path, secret: tag)]
  }
}
