internal import Files
package import Git
internal import Matching
package import Model
package import Packs
internal import Scanning

/// What is remembered of a tree for those that are made from it.
final class TreeMemory: PackMemory {
  /// Where each of its lines begins, and where the last one ends.
  let starts: [UInt32]
  /// The lines that lead somewhere, when a graph is made.
  let edges: [TreeEdge]

  init(starts: [UInt32], edges: [TreeEdge] = []) {
    self.starts = starts
    self.edges = edges
  }
}

/// A line of a tree that leads to another tree, or to a blob that is wanted.
struct TreeEdge: Sendable {
  /// Where the line begins.
  var offset: UInt32
  /// How the name of the object begins: a tree has no two lines with the same name and that.
  let key: UInt32
  /// The number of the name.
  let name: UInt32
}

/// What the trees of a repository say, but for where each hangs.
package struct TreeTally: Sendable {
  package var trees = 0
  package var bytes = 0
  /// Blobs and links under names that are rules of their own, by their numbers.
  package var named: Set<Int> = []
  /// Names that hold a secret themselves, with the number of what they name.
  package var speaking: Set<Int> = []
  package var missing: Set<ObjectID> = []
  package var lost: [(number: Int, error: PackError)] = []
  package var gaps: [Gap] = []

  mutating func add(_ other: consuming TreeTally) {
    trees += other.trees
    bytes += other.bytes
    named.formUnion(other.named)
    speaking.formUnion(other.speaking)
    missing.formUnion(other.missing)
    lost += other.lost
    gaps += other.gaps
  }
}

/// Looks at every line of every tree once: at what it names, and how.
final class TreeVisitor: PackVisitor {
  private let catalog: ObjectCatalog
  private var names: NameJudge
  private let progress: Progress
  private var tally = TreeTally()
  private var unchecked: [ObjectID] = []

  private static let batch = 1 << 16

  init(_ catalog: ObjectCatalog, names: consuming NameJudge, progress: Progress) {
    self.catalog = catalog
    self.names = names
    self.progress = progress
  }

  /// Hands over what was done.
  func finish() -> TreeTally {
    checkAll()
    return tally
  }

  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)? {
    visit(entry, content: content, copied: [], of: nil, baseCount: 0)
  }

  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)? {
    let (number, isFirst) = catalog.number(of: entry)
    if isFirst {
      tally.trees += 1
      tally.bytes += content.count
      if tally.trees & 255 == 0 { progress.add(objects: 256, bytes: 0) }
    }
    var lines = TreeLines(pieces: pieces, base: (memory as? TreeMemory)?.starts ?? [])
    while let line = lines.next(in: content) {
      if case .new(let line) = line { look(at: line, in: content) }
    }
    if lines.isDamaged { note(damaged: number) }
    return TreeMemory(starts: lines.starts)
  }

  func lose(_ entry: PackEntry, _ error: PackError) {
    tally.lost.append((catalog.number(of: entry).number, error))
  }

  /// Looks at a tree that is in no pack.
  func visit(loose number: Int, _ content: Span<UInt8>) {
    tally.trees += 1
    tally.bytes += content.count
    var lines = TreeLines(pieces: [], base: [])
    while let line = lines.next(in: content) {
      if case .new(let line) = line { look(at: line, in: content) }
    }
    if lines.isDamaged { note(damaged: number) }
  }

  /// Notes that a tree names `id`, and looks later whether that is at hand.
  ///
  /// Names are spread over the whole of an index; many at once, in order, are found in a tenth
  /// of the time that each would take by itself.
  private func check(_ id: ObjectID) {
    unchecked.append(id)
    if unchecked.count == Self.batch { checkAll() }
  }

  private func checkAll() {
    catalog.addMissing(of: unchecked, to: &tally.missing)
    unchecked.removeAll(keepingCapacity: true)
  }

  private func note(damaged number: Int) {
    tally.gaps.append(
      Gap(
        .damaged, subject: ForeignText("tree \(catalog.id(number))"),
        reason: ForeignText("it ends in the middle of an entry")))
  }

  private func look(at line: TreeLine, in content: Span<UInt8>) {
    // A submodule's commit is in another repository.
    guard line.mode & 0o170000 != 0o160000, let id = ObjectID(content, at: line.name.upperBound + 1)
    else { return }
    check(id)
    let judgement = names.judge(content.extracting(line.name)) { gap in tally.gaps.append(gap) }
    guard judgement.isNoteworthy || judgement.isSpeaking, let number = catalog.number(of: id) else {
      return
    }
    if judgement.isNoteworthy, line.mode & 0o170000 != 0o040000 { tally.named.insert(number) }
    if judgement.isSpeaking { tally.speaking.insert(number) }
  }
}

/// A line of a tree.
struct TreeLine {
  let mode: UInt32
  /// Where the line begins, and where the bytes of its name are.
  let start: Int
  let name: Range<Int>
  var end: Int { name.upperBound + 1 + ObjectID.count }
}

/// Takes a tree apart into lines; those that were copied whole are only moved.
struct TreeLines {
  private let pieces: [CopiedPiece]
  private let base: [UInt32]
  private var piece = 0
  private var position = 0
  /// Where each line begins, and where the last one ends.
  private(set) var starts: [UInt32] = []
  /// The content ends in the middle of a line.
  private(set) var isDamaged = false

  /// `base` are the starts of what it was made from.
  init(pieces: [CopiedPiece], base: [UInt32]) {
    self.pieces = pieces
    self.base = base
    starts.reserveCapacity(base.count + 8)
  }

  enum Step {
    case new(TreeLine)
    /// Lines that stand in the base too, `shift` bytes before.
    case copied(from: Range<Int>, shift: Int)
  }

  /// The next line, or several at once; `nil` at the end.
  mutating func next(in content: Span<UInt8>) -> Step? {
    guard position < content.count else {
      if !isDamaged { starts.append(UInt32(position)) }
      return nil
    }
    while piece < pieces.count, pieces[piece].targetEnd <= position { piece += 1 }
    if piece < pieces.count, pieces[piece].target <= position, let step = copy() { return step }
    guard let line = Self.line(in: content, at: position) else {
      isDamaged = true
      position = content.count
      return nil
    }
    starts.append(UInt32(position))
    position = line.end
    return .new(line)
  }

  /// Moves the lines of the base that are wholly in the piece at hand, if one begins here.
  private mutating func copy() -> Step? {
    let piece = pieces[self.piece]
    let shift = piece.target - piece.source
    let source = position - shift
    var low = 0
    var high = base.count
    while low < high {
      let middle = (low + high) / 2
      if Int(base[middle]) < source { low = middle + 1 } else { high = middle }
    }
    // The last start is the end of the base, where no line begins.
    guard low + 1 < base.count, Int(base[low]) == source, Int(base[low + 1]) <= piece.sourceEnd
    else { return nil }
    // The last line that ends in the piece, which most often is its last but one.
    var i = low + 1
    high = base.count
    while i + 1 < high {
      let middle = (i + high) / 2
      if Int(base[middle]) <= piece.sourceEnd { i = middle } else { high = middle }
    }
    let step = UInt32(truncatingIfNeeded: shift)
    starts.append(contentsOf: base[low..<i].lazy.map { $0 &+ step })
    let from = source..<Int(base[i])
    position = Int(base[i]) + shift
    return .copied(from: from, shift: shift)
  }

  private static func line(in content: Span<UInt8>, at start: Int) -> TreeLine? {
    var mode: UInt32 = 0
    var i = start
    while i < content.count, content[i] != 0x20 {
      let digit = content[i] &- 0x30
      guard digit < 8, mode < 1 << 24 else { return nil }
      mode = mode << 3 | UInt32(digit)
      i += 1
    }
    let name = i + 1
    i = name
    while i < content.count, content[i] != 0 { i += 1 }
    guard i > name, i + 1 + ObjectID.count <= content.count else { return nil }
    return TreeLine(mode: mode, start: start, name: name..<i)
  }
}

/// Judges names of files and folders, each once.
struct NameJudge: ~Copyable {
  private var detector: Detector
  private let isNoteworthy: @Sendable ([UInt8]) -> Bool
  /// What came of a name, by its hash: Swift's hashes are keyed anew in every run, so nobody can
  /// make two names collide.
  private var known: [Int: Judgement] = [:]

  struct Judgement {
    /// A rule finds files with this name.
    let isNoteworthy: Bool
    /// The name holds a secret.
    let isSpeaking: Bool
  }

  init(
    _ compiled: CompiledBook, isNoteworthy: @escaping @Sendable ([UInt8]) -> Bool
  ) throws(MatchingError) {
    let detector = try Detector(compiled)
    self.detector = detector
    self.isNoteworthy = isNoteworthy
  }

  mutating func judge(_ name: Span<UInt8>, lose: (Gap) -> Void) -> Judgement {
    let hash = ByteSearch.hash(of: name)
    if let judgement = known[hash] { return judgement }
    let bytes = name.indices.map { name[$0] }
    var isSpeaking = false
    do throws(MatchingError) {
      isSpeaking = try !detector.secrets(in: name).isEmpty
    } catch {
      lose(
        Gap(.engineLimit, subject: ForeignText(bytes), reason: ForeignText(error.reason)))
    }
    let judgement = Judgement(isNoteworthy: isNoteworthy(bytes), isSpeaking: isSpeaking)
    known[hash] = judgement
    return judgement
  }
}
