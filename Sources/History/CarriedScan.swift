package import Matching
internal import Model
package import Packs
internal import Rules
package import Scanning

/// What is remembered of a scanned content for whatever is made from it.
package final class ContentMemory: PackMemory {
  /// In order of place; one for each rule that an anchor leads to, or one for all that said no.
  fileprivate let anchors: [JudgedAnchor]
  package let matches: [Match]
  /// The engine gave no answer: there may be anchors that nobody knows of.
  fileprivate let isIncomplete: Bool
  /// How far from the ends of a copied piece an anchor must stand, at most, so that its answer
  /// is known; `nil` if something was found or an answer is missing.
  fileprivate let quietReach: Int?

  fileprivate init(_ made: Made) {
    quietReach = made.matches.isEmpty ? made.quietReach : nil
    anchors = made.anchors
    matches = made.matches
    isIncomplete = made.isIncomplete
  }
}

/// A memory while it is made.
private struct Made {
  var anchors: [JudgedAnchor] = []
  var matches: [Match] = []
  var isIncomplete = false
  /// Nothing is made from the content, so that of its anchors nothing need be remembered.
  var isLast = false
  /// The widest window of an answer, anchor included; `nil` if an answer is missing.
  var quietReach: Int? = 0

  mutating func add(_ anchor: JudgedAnchor) {
    anchors.append(anchor)
    quietReach = anchor.answer == .unknown ? nil : quietReach.map { max($0, anchor.reach) }
  }

  /// Makes one of the answers from `first` on, which are to one anchor, if all of them are no:
  /// words such as key lead to many rules, and each answer is taken over again and again.
  mutating func joinAnswers(from first: Int) {
    guard anchors.count - first > 1, anchors[first...].allSatisfy({ $0.answer == .noShape })
    else { return }
    for anchor in anchors[(first + 1)...] {
      anchors[first].before = max(anchors[first].before, anchor.before)
      anchors[first].after = max(anchors[first].after, anchor.after)
    }
    anchors[first].rule = JudgedAnchor.everyRule
    anchors.removeLast(anchors.count - first - 1)
    quietReach = quietReach.map { max($0, anchors[first].reach) }
  }

  /// Of most contents there is nothing to remember.
  var memory: ContentMemory? {
    anchors.isEmpty && matches.isEmpty && !isIncomplete ? nil : ContentMemory(self)
  }
}

/// An anchor and the answer that one of its rules gave.
private struct JudgedAnchor {
  var start: UInt32
  var end: UInt32
  let literal: UInt32
  /// The rule that answered, or ``everyRule`` if all that the anchor leads to said no.
  var rule: UInt32
  /// How far around the anchor the answer looked, in bytes; 16 KiB at most.
  var before: UInt16
  var after: UInt16
  let answer: Answer
  /// Where its matches are among those of the content.
  var matches: Range<UInt32>

  static let everyRule = UInt32.max

  /// How far from its beginning an answer looked, either way.
  var reach: Int { max(Int(before), Int(end - start) + Int(after)) }

  enum Answer: UInt8 {
    /// No, as the first stage's window shows.
    case noShape
    /// Yes or no, as both windows show.
    case settled
    /// None: the engine stopped.
    case unknown
  }
}

/// Scans contents, and of one that is made from another only what is new.
///
/// A byte that was copied has been seen already. Anchors are searched for where bytes were
/// inserted and where pieces meet; those inside a copied piece are taken over, with the answers
/// of their rules if all that these looked at was copied with them. The findings are those of
/// a scan of every byte.
package struct CarriedScan: ~Copyable {
  private let compiled: CompiledBook
  private var detector: Detector
  /// How far before and after an inserted piece an anchor may begin or end that holds one byte
  /// of it.
  private let margin: Int
  private var found: [Anchor] = []
  private var seams: [Range<Int>] = []

  /// How often anchors were found, taken over and judged, and how many bytes were searched.
  package private(set) var counts = Counts()

  package struct Counts: Sendable {
    package var searched = 0
    package var found = 0
    package var carried = 0
    package var judged = 0

    package init() {}

    package static func += (a: inout Counts, b: Counts) {
      a.searched += b.searched
      a.found += b.found
      a.carried += b.carried
      a.judged += b.judged
    }
  }

  /// `marginError` makes the margin wrong on purpose, for a test that must notice.
  package init(_ compiled: CompiledBook, marginError: Int = 0) throws(MatchingError) {
    let detector = try Detector(compiled)
    self.compiled = compiled
    self.detector = detector
    margin = compiled.longestLiteral - 1 + marginError
  }

  /// Scans every byte of `content`; `isLast` says that nothing is made from it.
  ///
  /// `fail` is told what an engine says that stops.
  package mutating func scan(
    _ content: Span<UInt8>, isLast: Bool = false, fail: (MatchingError) -> Void
  ) -> ContentMemory? {
    var memory = Made()
    memory.isLast = isLast
    found.removeAll(keepingCapacity: true)
    counts.searched += content.count
    do throws(MatchingError) {
      try detector.anchors(in: content, into: &found)
    } catch {
      memory.isIncomplete = true
      fail(error)
    }
    judge(content, &memory, fail)
    return memory.memory
  }

  /// Scans what is new in `content`, which was made from one with `baseCount` bytes.
  package mutating func scan(
    _ content: Span<UInt8>, copied pieces: [CopiedPiece], of base: ContentMemory?, baseCount: Int,
    isLast: Bool = false, fail: (MatchingError) -> Void
  ) -> ContentMemory? {
    if base?.isIncomplete == true { return scan(content, isLast: isLast, fail: fail) }
    var memory = Made()
    memory.isLast = isLast
    searchSeams(content, pieces, into: &memory, fail)
    guard let base else {
      judge(content, &memory, fail)
      return memory.memory
    }
    let anchors = base.anchors
    if !isLast { memory.anchors.reserveCapacity(anchors.count + 2 * found.count) }
    // Both lists are in order of place, so they are merged on the way.
    let fresh = found
    let quiet = isLast ? base.quietReach : nil
    var next = 0
    var i = 0
    // Between the anchors before `i` and that at `i` most pieces have none.
    var gap = base.gap(before: 0)
    for piece in pieces {
      if gap.lowerBound <= piece.source, piece.sourceEnd <= gap.upperBound { continue }
      // Most pieces go on in the base behind the one before.
      let isNext =
        (i == anchors.count || Int(anchors[i].start) >= piece.source)
        && (i == 0 || Int(anchors[i - 1].start) < piece.source)
      if !isNext { i = base.firstAnchor(from: piece.source) }
      defer { gap = base.gap(before: i) }
      let shift = piece.target - piece.source
      // A window that an end of the content clips is the same only at the same end.
      let first = piece.source == 0 && piece.target == 0 ? Int.min : piece.source
      let isEnd = piece.sourceEnd == baseCount && piece.targetEnd == content.count
      let last = isEnd ? Int.max : piece.sourceEnd
      while i < anchors.count, Int(anchors[i].start) < piece.sourceEnd {
        let anchor = anchors[i]
        if let quiet, Int(anchor.start) - quiet >= first {
          // Nothing is made from this content, so that of what is settled nothing is needed.
          let end = base.firstAnchor(from: last == Int.max ? piece.sourceEnd : last - quiet + 1)
          if end > i {
            counts.carried += end - i
            i = end
            continue
          }
        }
        i += 1
        guard Int(anchor.end) <= piece.sourceEnd else { continue }
        let start = Int(anchor.start) + shift
        while next < fresh.count, fresh[next].range.lowerBound < start {
          judge(fresh[next], content, &memory, fail)
          next += 1
        }
        if anchor.answer != .unknown, Int(anchor.start) - Int(anchor.before) >= first,
          Int(anchor.end) + Int(anchor.after) <= last
        {
          carry(anchor, of: base, by: shift, &memory)
        } else {
          let again = Anchor(
            literal: Int(anchor.literal), range: start..<(Int(anchor.end) + shift))
          if anchor.rule == JudgedAnchor.everyRule {
            judgeAll(again, content, &memory, fail)
          } else {
            judge(again, rule: Int(anchor.rule), content, &memory, fail)
          }
        }
      }
    }
    while next < fresh.count {
      judge(fresh[next], content, &memory, fail)
      next += 1
    }
    return memory.memory
  }

  // MARK: Searching

  /// Finds the anchors that hold at least one byte that was inserted, or bytes of two pieces.
  private mutating func searchSeams(
    _ content: Span<UInt8>, _ pieces: [CopiedPiece], into memory: inout Made,
    _ fail: (MatchingError) -> Void
  ) {
    found.removeAll(keepingCapacity: true)
    seams.removeAll(keepingCapacity: true)
    var end = 0
    var isFirst = true
    for number in 0...pieces.count {
      let start = number < pieces.count ? pieces[number].target : content.count
      // Where the content begins or ends with a copied piece, there is no seam.
      let isSeam = start > end || !isFirst && number < pieces.count
      if isSeam {
        let range = max(0, end - margin)..<max(0, min(content.count, start + margin))
        if let before = seams.last, before.upperBound >= range.lowerBound {
          seams[seams.count - 1] = before.lowerBound..<max(before.upperBound, range.upperBound)
        } else {
          seams.append(range)
        }
      }
      if number < pieces.count { end = pieces[number].targetEnd }
      isFirst = false
    }
    if seams.isEmpty { return }
    counts.searched += seams.reduce(0) { $0 + $1.count }
    do throws(MatchingError) {
      try detector.anchors(in: content, ranges: seams, into: &found)
    } catch {
      memory.isIncomplete = true
      fail(error)
    }
    // What stands wholly in one piece is known from the base.
    var number = 0
    found.removeAll { anchor in
      while number < pieces.count, pieces[number].targetEnd <= anchor.range.lowerBound {
        number += 1
      }
      return number < pieces.count && pieces[number].target <= anchor.range.lowerBound
        && anchor.range.upperBound <= pieces[number].targetEnd
    }
  }

  // MARK: Judging

  private mutating func judge(
    _ content: Span<UInt8>, _ memory: inout Made, _ fail: (MatchingError) -> Void
  ) {
    for i in found.indices { judge(found[i], content, &memory, fail) }
  }

  private mutating func judge(
    _ anchor: Anchor, _ content: Span<UInt8>, _ memory: inout Made,
    _ fail: (MatchingError) -> Void
  ) {
    counts.found += 1
    judgeAll(anchor, content, &memory, fail)
  }

  private mutating func judgeAll(
    _ anchor: Anchor, _ content: Span<UInt8>, _ memory: inout Made,
    _ fail: (MatchingError) -> Void
  ) {
    let first = memory.anchors.count
    for number in detector.rules(of: anchor) {
      judge(anchor, rule: detector.rule(at: number), content, &memory, fail)
    }
    memory.joinAnswers(from: first)
  }

  private mutating func judge(
    _ anchor: Anchor, rule: Int, _ content: Span<UInt8>, _ memory: inout Made,
    _ fail: (MatchingError) -> Void
  ) {
    counts.judged += 1
    let first = memory.matches.count
    var answer = JudgedAnchor.Answer.unknown
    do throws(MatchingError) {
      let judgement = try detector.judge(anchor, rule: rule, in: content, into: &memory.matches)
      answer = judgement == .noShape && !detector.lookedWide ? .noShape : .settled
    } catch {
      memory.matches.removeLast(memory.matches.count - first)
      fail(error)
    }
    if memory.isLast { return }
    let windows = compiled.windows(of: anchor.literal, rule: rule)
    let window = answer == .noShape ? windows.shape : windows.surroundings
    memory.add(
      JudgedAnchor(
        start: UInt32(anchor.range.lowerBound), end: UInt32(anchor.range.upperBound),
        literal: UInt32(anchor.literal), rule: UInt32(rule), before: UInt16(window.before),
        after: UInt16(window.after), answer: answer,
        matches: UInt32(first)..<UInt32(memory.matches.count)))
  }

  /// Takes over an anchor of the base, and its answer.
  private mutating func carry(
    _ anchor: JudgedAnchor, of base: ContentMemory, by shift: Int, _ memory: inout Made
  ) {
    counts.carried += 1
    if memory.isLast, anchor.matches.isEmpty { return }
    var carried = anchor
    carried.start = UInt32(Int(anchor.start) + shift)
    carried.end = UInt32(Int(anchor.end) + shift)
    if !anchor.matches.isEmpty {
      let first = UInt32(memory.matches.count)
      for i in anchor.matches { memory.matches.append(base.matches[Int(i)].moved(by: shift)) }
      carried.matches = first..<UInt32(memory.matches.count)
    }
    memory.add(carried)
  }
}

extension ContentMemory {
  /// Where no anchor begins: behind that before `number`, and before that one.
  fileprivate func gap(before number: Int) -> Range<Int> {
    let start = number == 0 ? 0 : Int(anchors[number - 1].start) + 1
    let end = number == anchors.count ? Int.max : Int(anchors[number].start)
    return start..<max(start, end)
  }

  /// The first anchor that begins at `offset` or later.
  fileprivate func firstAnchor(from offset: Int) -> Int {
    var low = 0
    var high = anchors.count
    while low < high {
      let middle = (low + high) / 2
      if Int(anchors[middle].start) < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
