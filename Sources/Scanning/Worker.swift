internal import Archives
internal import Files
internal import Git
internal import Inputs
internal import Matching
internal import Model
internal import Rules

/// Reads items and scans what they hold, with an engine and buffers of its own.
struct Worker: ~Copyable {
  let compiled: CompiledBook
  let options: ScanOptions
  private let progress: Progress
  var detector: Detector
  var reader: ContentReader
  private var lister: Lister
  private var anchors: [Anchor] = []
  var tally = Tally()
  /// What kind of container the content at hand is.
  var kind: ContainerKind?
  /// The blob that was looked into last, where, and what came of it.
  var lastLook: (blob: ObjectID, path: [UInt8], look: Look)?
  /// What older versions hold is asked for again and again.
  var remembersOld = false
  private var old: [ObjectID: Set<Secret>] = [:]

  /// The most matches that are kept of one content.
  private static let matchLimit = 100_000
  /// The most matches of one content around which somebody may read.
  private static let contextLimit = 64
  /// The most bytes of a content that is kept whole.
  private static let contentLimit = 1 << 20

  init(
    _ compiled: CompiledBook, options: ScanOptions, progress: Progress
  ) throws(MatchingError) {
    var detector = try Detector(compiled)
    detector.keepsBelongings = options.keepsBelongings
    self.compiled = compiled
    self.options = options
    self.progress = progress
    self.detector = detector
    lister = Lister(watching: options.watchesFolder, files: options.watchesFile)
    reader = ContentReader(overlap: compiled.reach)
  }

  /// Works until the queue is empty, or the user wants no more.
  mutating func run(_ queue: WorkQueue<Work>) async {
    while let work = await queue.next() {
      if Interruption.isAsked { continue }
      switch work {
      case .folder(let folder):
        // What is to be read in the folder is read at once, while its handle is warm; folders
        // below it, and batches beyond the first, may go to other workers.
        var own: [Item] = []
        lister.list(folder) { found in
          if case .items(let items) = found, own.isEmpty { own = items } else { queue.add(found) }
        }
        scan(own, queue)
      case .items(let items): scan(items, queue)
      }
    }
  }

  /// Scans some items; others who have nothing to do get half of what is left, since a few files may
  /// be much work.
  private mutating func scan(_ items: [Item], _ queue: WorkQueue<Work>) {
    var left = items[...]
    while let item = left.popFirst() {
      if left.count > 0, queue.isAnyoneIdle {
        let kept = left.count / 2
        queue.add(.items(Array(left.dropFirst(kept))))
        left = left.prefix(kept)
      }
      scan(item)
    }
  }

  /// Hands over what was done.
  consuming func finish() -> Tally {
    var tally = self.tally
    tally.gaps += lister.notes.gaps
    tally.hints += lister.notes.hints
    tally.seen += lister.notes.seen
    tally.watched += lister.notes.watched
    tally.ignored += lister.notes.ignored
    return tally
  }

  // MARK: One item

  /// Scans one item; what cannot be read is a gap, and the rest of it counts.
  mutating func scan(_ item: Item) {
    if Interruption.isAsked { return }
    let gaps = tally.gaps.count
    var scanned = ScannedItem(item: item, matches: [])
    do throws(InputError) {
      try reader.open(item)
      let hashed = try scanContent(of: &scanned)
      settle(&scanned)
      var indexBlob: Item?
      if let tree = item.tree, let entry = item.entry, item.standsIn == Standings(.worktree) {
        indexBlob = compare(&scanned, tree, entry, hashed)
      } else if case .blob(let id, _) = item.source {
        scanned.blob = id
      }
      var packed: [ScannedItem] = []
      scanned.hasGap = tally.gaps.count > gaps
      if kind != nil { packed = lookInto(&scanned) }
      if !item.previous.isEmpty { try dropOld(&scanned, &packed) }
      if scanned.isNoteworthy { tally.items.append(scanned) }
      tally.items += packed.filter(\.isNoteworthy)
      if let indexBlob { scan(indexBlob) }
    } catch {
      // A file that is gone cannot be pushed; git's own objects do not go.
      if error.isVanished, item.standsIn == Standings(.worktree) { return }
      tally.gaps.append(
        Gap(error.kind, subject: subject(of: item), reason: ForeignText(error.reason)))
      scanned = ScannedItem(item: item, matches: [])
      scanned.hasGap = true
      tally.items.append(scanned)
    }
  }

  /// Keeps of what matched what counts at the item's path.
  func settle(_ scanned: inout ScannedItem) {
    let item = scanned.item
    scanned.matches.removeAll { !compiled.applies($0.match.rule, to: item.path) }
    if !scanned.matches.isEmpty, options.holdsKnown(item) {
      scanned.matches.removeAll { compiled.book.rules[$0.match.rule].known != nil }
    }
    for i in scanned.matches.indices
    where compiled.isLessSure(scanned.matches[i].match.rule, at: item.path) {
      scanned.matches[i].match.confidence = .low
    }
    scanned.matches = Overlaps.resolve(scanned.matches, in: compiled.book)
    // A file that was there before is not found again for its name.
    if item.previous.isEmpty, !(item.isPacked && item.isName) {
      scanned.named = compiled.rules(naming: item.path)
    }
  }

  func subject(of item: Item) -> ForeignText {
    switch item.source {
    case .entry, .file, .standardInput, .given, .name: ForeignText(item.path)
    case .blob(let id, _), .object(let id, _):
      item.path.isEmpty
        ? ForeignText("object \(id)") : ForeignText(item.path + Array(" (blob \(id))".utf8))
    }
  }

  /// Goes through the windows of the content that the reader has open.
  ///
  /// Returns the blob name of the content if it may differ from what the index has.
  mutating func scanContent(of scanned: inout ScannedItem) throws(InputError) -> ObjectID? {
    // Most contents are one window without a match; for those nothing is counted.
    var lines: LineCounter?
    var cells = NotebookCells(path: scanned.item.path)
    var hasher = hasher(for: scanned.item)
    while try reader.next() {
      if reader.isFirstWindow { begin(&scanned) }
      let matches = judgedWindow(scanned.item)
      if lines == nil, !matches.isEmpty || !reader.isLastWindow {
        lines = LineCounter(TextEncoding(reader.bytes))
      }
      if !matches.isEmpty { place(matches, &lines, &cells, onto: &scanned) }
      hasher?.update(reader.bytes.extracting(reader.core))
      if kind?.isOpened == true, options.opensContainers, !scanned.item.isPacked {
        reader.hold(atMost: options.limits.bytes)
      }
      if !reader.isLastWindow {
        lines?.advance(to: reader.nextBase, in: reader.bytes, base: reader.base)
        cells?.advance(to: reader.nextBase, in: reader.bytes, base: reader.base)
        if Interruption.isAsked { break }
      }
    }
    if !scanned.item.isPacked { count(scanned.item) }
    return hasher.map { $0.finish() }
  }

  private mutating func begin(_ scanned: inout ScannedItem) {
    kind = nil
    if case .name = scanned.item.source { return }
    kind = ContainerKind(reader.bytes)
    if scanned.item.isPacked { return }
    guard options.keepsContent(scanned.item.name) else { return }
    if reader.isLastWindow, reader.bytes.count <= Self.contentLimit {
      let bytes = reader.bytes
      scanned.content = bytes.indices.map { bytes[$0] }
    } else {
      scanned.content = []
      scanned.isContentTooLarge = true
    }
  }

  private mutating func count(_ item: Item) {
    tally.bytes += reader.base + reader.core.upperBound
    switch item.source {
    case .entry, .file, .standardInput, .given: tally.files += 1
    case .blob: tally.blobs += 1
    case .object: tally.commits += 1
    case .name: break
    }
    progress.add(bytes: reader.base + reader.bytes.count)
  }

  // MARK: Matches

  /// Every match in the window, those in the overlap included: they must be masked.
  mutating func judgedWindow(_ item: Item) -> [(match: Match, isCore: Bool)] {
    var judged: [(match: Match, isCore: Bool)] = []
    var errors: [MatchingError] = []
    Self.judge(&detector, reader, &anchors, into: &judged, &errors)
    for error in errors { lose(item, error) }
    return judged
  }

  private static func judge(
    _ detector: inout Detector, _ reader: borrowing ContentReader, _ anchors: inout [Anchor],
    into judged: inout [(match: Match, isCore: Bool)], _ errors: inout [MatchingError]
  ) {
    let bytes = reader.bytes
    anchors.removeAll(keepingCapacity: true)
    do throws(MatchingError) {
      try detector.anchors(in: bytes, into: &anchors)
    } catch {
      errors.append(error)
    }
    var matches: [Match] = []
    for anchor in anchors {
      let isCore = reader.core.contains(anchor.range.lowerBound)
      for number in detector.rules(of: anchor) {
        let rule = detector.rule(at: number)
        matches.removeAll(keepingCapacity: true)
        do throws(MatchingError) {
          _ = try detector.judge(anchor, rule: rule, in: bytes, into: &matches)
        } catch {
          errors.append(error)
        }
        judged += matches.map { ($0, isCore) }
      }
    }
  }

  private mutating func lose(_ item: Item, _ error: MatchingError) {
    tally.gaps.append(
      Gap(.engineLimit, subject: subject(of: item), reason: ForeignText(error.reason)))
  }

  private mutating func place(
    _ judged: [(match: Match, isCore: Bool)], _ counter: inout LineCounter?,
    _ cells: inout NotebookCells?, onto scanned: inout ScannedItem
  ) {
    guard var lines = counter else { return }
    defer { counter = lines }
    let frames = FrameBuilder(lines.encoding, masking: judged.map(\.match))
    var seen = Set(scanned.matches.map { PlaceKey($0.match, base: 0) })
    let base = reader.base
    let own = judged.filter(\.isCore).map(\.match)
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    for match in own {
      // Several anchors may lead to one match.
      guard seen.insert(PlaceKey(match, base: base)).inserted else { continue }
      guard scanned.matches.count < Self.matchLimit else {
        tally.gaps.append(
          Gap(
            .engineLimit, subject: subject(of: scanned.item),
            reason: ForeignText("more than \(Self.matchLimit) matches in one content")))
        return
      }
      lines.advance(to: base + match.range.lowerBound, in: reader.bytes, base: base)
      cells?.advance(to: base + match.range.lowerBound, in: reader.bytes, base: base)
      var end = lines
      end.advance(to: base + match.range.upperBound, in: reader.bytes, base: base)
      let frame = frames.frame(of: match.range, in: reader.bytes, line: lines.line)
      let absolute = match.moved(by: base)
      // Of a file full of keys the first ones tell what it is.
      let context =
        scanned.matches.count < Self.contextLimit
        ? options.readsContext(match.rule, scanned.item.path, reader.bytes, match.range) : nil
      scanned.matches.append(
        PlacedMatch(
          match: absolute,
          region: Region(
            line: lines.line, column: lines.column, endLine: end.line, endColumn: end.column,
            offset: absolute.range.lowerBound, length: absolute.range.count,
            cell: cells?.cell, output: cells?.output), frame: frame, alsoMatched: [],
          context: context))
    }
  }

  /// What makes two matches the same.
  private struct PlaceKey: Hashable {
    let rule: Int
    let range: Range<Int>

    init(_ match: Match, base: Int) {
      rule = match.rule
      range = (base + match.range.lowerBound)..<(base + match.range.upperBound)
    }
  }

  // MARK: The index beside the work tree

  /// A hasher for a tracked file that may differ from what the index has.
  private func hasher(for item: Item) -> BlobHasher? {
    guard let tree = item.tree, let entry = item.entry, item.standsIn == Standings(.worktree),
      !item.isPacked, let status = reader.status
    else { return nil }
    let isUnchanged = tree.index.isUnchanged(tree.index.entries[entry], status)
    return isUnchanged ? nil : BlobHasher(count: status.size)
  }

  /// Says of a tracked file whether the index holds the same, and returns what to scan besides
  /// if it does not.
  ///
  /// `hashed` is the content's name as a blob, if its status did not tell. Where something was
  /// found, the name is computed in any case: a filter may keep the secret out of the index.
  private func compare(
    _ scanned: inout ScannedItem, _ tree: WorkTree, _ position: Int, _ hashed: ObjectID?
  ) -> Item? {
    let entry = tree.index.entries[position]
    guard entry.stage == 0, entry.isBlob, !entry.isIntention else { return nil }
    var name = hashed
    if name == nil, !scanned.matches.isEmpty || kind != nil, reader.base == 0 {
      var hasher = BlobHasher(count: reader.bytes.count)
      hasher.update(reader.bytes)
      name = hasher.finish()
    }
    if let name, name != entry.id { return tree.indexItem(position) }
    scanned.item.standsIn.insert(.index)
    scanned.blob = entry.id
    return nil
  }

  // MARK: What is not new

  /// Takes away what a version that went before holds already.
  private mutating func dropOld(
    _ scanned: inout ScannedItem, _ packed: inout [ScannedItem]
  ) throws(InputError) {
    guard !scanned.matches.isEmpty || scanned.content != nil || !packed.isEmpty,
      case .blob(_, let location) = scanned.item.source
    else { return }
    for id in scanned.item.previous {
      try drop(from: &scanned, whatIsIn: id, location)
      for i in packed.indices {
        packed[i].matches.removeAll { old[id]?.contains($0.match.secret) == true }
      }
    }
    old.removeAll()
  }

  /// Takes away from `scanned` what the blob `id` holds already, and keeps its content where
  /// the item's own is kept.
  mutating func drop(
    from scanned: inout ScannedItem, whatIsIn id: ObjectID, _ location: RepositoryLocation
  ) throws(InputError) {
    let former: Set<Secret>
    if let known = old[id] {
      former = known
    } else {
      let contents = try secrets(in: id, location, like: scanned.item)
      former = contents.secrets
      if scanned.content != nil, let content = contents.content {
        scanned.previousContents.append(content)
      }
    }
    if !remembersOld { old.removeAll() }
    old[id] = former
    scanned.matches.removeAll { former.contains($0.match.secret) }
  }
}
