package import Git
package import Model

/// What history says of a secret at one path, or of a file as such.
package struct HistoryNote: Sendable {
  /// Where it stands, as far as commits tell.
  package var standsIn: Set<Standing> = []
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

  package let notes: [Key: HistoryNote]
  private let tagger: SecretTagger

  /// The tags in `notes` were made by `tagger`.
  package init(_ notes: [Key: HistoryNote] = [:], taggedBy tagger: SecretTagger) {
    self.notes = notes
    self.tagger = tagger
  }

  package func note(path: [UInt8], secret: Secret?) -> HistoryNote? {
    note(path: path, tag: secret.map { tagger.tag(of: $0) })
  }

  package func note(path: [UInt8], tag: SecretTag?) -> HistoryNote? {
    notes[Key(path: path, secret: tag)]
  }
}
