package import Git
package import Inputs
package import Model
import Synchronization

/// What came of reading one item.
package struct ScannedItem: Sendable {
  package var item: Item
  /// In order of place; where several rules matched the same bytes, the one that names them
  /// best.
  package var matches: [PlacedMatch]
  /// Rules that find the file by its name alone, by their positions.
  package var named: [Int] = []
  /// The blob that the content is; `nil` if it is not known to be one.
  package var blob: ObjectID?
  /// The whole content, if it was asked for and is not too large.
  package var content: [UInt8]?
  /// The content was asked for and is too large to be kept; what is kept is nothing of it.
  package var isContentTooLarge = false
  /// The contents of ``Item/previous``, if the content was asked for.
  package var previousContents: [[UInt8]] = []

  /// What history says of the secrets at the path; `nil` for what was not found by it.
  package var history: HistoryNotes?

  /// Not everything of it could be read.
  package var hasGap = false
  /// What of it is packed and could not be looked at.
  package var packedGaps: [Gap] = []
  /// What is known to stand in it though it was not looked at: secrets too unsure to be shown, in
  /// order of place.
  package var passed: [SecretGroup] = []

  package init(item: Item, matches: [PlacedMatch]) {
    self.item = item
    self.matches = matches
  }

  /// There is something to keep of it besides what matched.
  package var isMoreThanMatches: Bool { !named.isEmpty || content != nil || hasGap }

  /// There is something to keep of it.
  var isNoteworthy: Bool { !matches.isEmpty || isMoreThanMatches || !packedGaps.isEmpty }
}

/// A match with the words for where it is.
package struct PlacedMatch: Sendable {
  package var match: Match
  package let region: Region
  package let frame: Frame?
  /// Other rules that matched the same bytes, by their positions.
  package var alsoMatched: [Int]
  /// Another rule matched the same bytes, and nothing decides which of the two names them better.
  package var isContested = false
  /// What stands around it; `nil` if nobody asked for it.
  package var context: Context?
}

/// How much was read so far, for whoever waits.
package final class Progress: Sendable {
  private let fileCount = Atomic<Int>(0)
  private let byteCount = Atomic<Int>(0)

  package init() {}

  package var files: Int { fileCount.load(ordering: .relaxed) }
  package var bytes: Int { byteCount.load(ordering: .relaxed) }

  private let objectCount = Atomic<Int>(0)
  private let objectTotal = Atomic<Int>(0)

  /// How many objects of history were read, and how many there are in all.
  package var objects: (read: Int, of: Int) {
    (objectCount.load(ordering: .relaxed), objectTotal.load(ordering: .relaxed))
  }

  private let answerCount = Atomic<Int>(0)
  private let questionCount = Atomic<Int>(0)

  /// How many secrets have been asked about, and how many there are in all.
  package var answers: (come: Int, of: Int) {
    (answerCount.load(ordering: .relaxed), questionCount.load(ordering: .relaxed))
  }

  package func expect(answers: Int) { questionCount.store(answers, ordering: .relaxed) }

  package func note(answers: Int) { answerCount.store(answers, ordering: .relaxed) }

  package func expect(objects: Int) { objectTotal.add(objects, ordering: .relaxed) }

  package func add(objects: Int, bytes: Int) {
    objectCount.add(objects, ordering: .relaxed)
    byteCount.add(bytes, ordering: .relaxed)
  }

  func add(bytes: Int) {
    fileCount.add(1, ordering: .relaxed)
    byteCount.add(bytes, ordering: .relaxed)
  }
}

/// What one worker did, or all of them.
package struct Tally: Sendable {
  package var items: [ScannedItem] = []
  package var gaps: [Gap] = []
  package var hints: [Hint] = []
  package var files = 0
  package var blobs = 0
  package var commits = 0
  package var bytes = 0
  /// The index entries that were met in work trees.
  package var seen: [(tree: WorkTree, entry: Int)] = []
  /// Folders with a name that was watched for.
  package var watched: [Lister.WatchedFolder] = []
  /// Files that git ignores, with a name that was watched for.
  package var ignored: [Lister.WatchedFile] = []
  /// The containers among blobs that were looked into.
  package var opened: Set<Opened> = []
  /// How many containers were unpacked, those that stand in others not counted.
  package var unpacked = 0

  package init() {}

  /// A blob at a path that was looked into.
  package struct Opened: Hashable, Sendable {
    package let target: Int
    package let path: [UInt8]
    package let blob: ObjectID

    package init(target: Int, path: [UInt8], blob: ObjectID) {
      (self.target, self.path, self.blob) = (target, path, blob)
    }
  }

  /// Puts the items in their order: by target and path.
  package mutating func sortItems() {
    items.sort { Item.precedes($0.item, $1.item) }
  }

  /// Forgets how much was read, and keeps what was found.
  package mutating func forgetCounts() {
    (files, blobs, commits, bytes) = (0, 0, 0, 0)
  }

  package mutating func add(_ other: consuming Tally) {
    items += other.items
    gaps += other.gaps
    hints += other.hints
    files += other.files
    blobs += other.blobs
    commits += other.commits
    bytes += other.bytes
    seen += other.seen
    watched += other.watched
    ignored += other.ignored
    opened.formUnion(other.opened)
    unpacked += other.unpacked
  }
}
