package import Matching
package import Model
internal import Rules

/// Masks secrets in whatever else a report shows: paths, lines, messages.
///
/// What any rule matches in a text is masked, and so is every secret that is reported, even where
/// a rule would not match it.
package struct Redactor: ~Copyable {
  private var detector: Detector
  private var anchors: [Anchor] = []
  private var matches: [Match] = []
  /// The secrets that are reported, by their first bytes.
  private var secrets = Beginnings(count: 8)
  /// What rules of the book know to be secret, by its first bytes.
  private var known = Beginnings(count: Rule.Known.shortest)

  package init(_ book: CompiledBook, secrets: [Secret]) throws(MatchingError) {
    detector = try Detector(book)
    for secret in secrets { self.secrets.insert(secret) }
    for known in book.book.rules.lazy.compactMap(\.known) {
      self.known.insert(Secret(known.piece, isOwn: known.secret.isOwn))
    }
  }

  /// Secrets by their first bytes; shorter ones are only masked where rules match.
  private struct Beginnings {
    /// How many bytes of a secret are looked up.
    let count: Int
    private var secrets: [[UInt8]: [Secret]] = [:]

    init(count: Int) {
      self.count = count
    }

    mutating func insert(_ secret: Secret) {
      guard secret.exposed.count >= count else { return }
      secrets[Array(secret.exposed.prefix(count)), default: []].append(secret)
    }

    /// Where one of them stands, and what is shown instead.
    func places(in bytes: [UInt8]) -> [(Range<Int>, String)] {
      guard !secrets.isEmpty, bytes.count >= count else { return [] }
      var found: [(Range<Int>, String)] = []
      for start in 0...(bytes.count - count) {
        guard let candidates = secrets[Array(bytes[start..<(start + count)])] else { continue }
        for secret in candidates where bytes[start...].starts(with: secret.exposed) {
          found.append((start..<(start + secret.exposed.count), secret.redacted))
        }
      }
      return found
    }
  }

  /// `text` with every secret in it replaced by its redaction.
  package mutating func redact(_ text: ForeignText) -> ForeignText {
    let bytes = text.bytes
    var masks = secrets.places(in: bytes) + known.places(in: bytes)
    anchors.removeAll(keepingCapacity: true)
    matches.removeAll(keepingCapacity: true)
    do throws(MatchingError) {
      try detector.anchors(in: bytes.span, into: &anchors)
      for anchor in anchors {
        for number in detector.rules(of: anchor) {
          let rule = detector.rule(at: number)
          _ = try detector.judge(anchor, rule: rule, in: bytes.span, into: &matches)
        }
      }
    } catch {
      // What cannot be judged is not shown.
      return ForeignText("…")
    }
    masks += matches.map { ($0.range, $0.layers.isEmpty ? $0.secret.redacted : "…") }
    masks += matches.flatMap { $0.companions.map { ($0, "…") } }
    guard !masks.isEmpty else { return text }
    masks.sort { ($0.0.lowerBound, $1.0.upperBound) < ($1.0.lowerBound, $0.0.upperBound) }
    var redacted: [UInt8] = []
    var i = 0
    for (range, shown) in masks where range.upperBound > i {
      if range.lowerBound >= i {
        redacted += bytes[i..<range.lowerBound]
        redacted += Array(shown.utf8)
      }
      i = range.upperBound
    }
    return ForeignText(redacted + bytes[i...])
  }

  /// The same finding with everything masked that may hold a secret by accident.
  package mutating func redact(_ finding: inout Finding) {
    for i in finding.advice.indices { finding.advice[i] = redact(finding.advice[i]) }
    for i in finding.repair.indices { finding.repair[i] = redact(finding.repair[i]) }
    for i in finding.notes.indices { finding.notes[i] = redact(finding.notes[i]) }
    finding.relations = finding.relations.map { relation in
      Relation(relation.kind, redact(relation.reason), others: relation.others)
    }
    for i in finding.places.indices {
      let place = finding.places[i]
      finding.places[i].path = redact(place.path)
      if let container = place.container, let member = place.member {
        // Each by itself, so that what is said of the file is the same with and without its name.
        let file = redact(container)
        finding.places[i].container = file
        finding.places[i].path = ForeignText(
          file.bytes + Array("!/".utf8) + redact(member).bytes)
      }
      if let author = finding.places[i].past?.author {
        finding.places[i].past?.author = redact(author)
      }
      if let subject = finding.places[i].past?.subject {
        finding.places[i].past?.subject = redact(subject)
      }
      guard let frame = finding.places[i].frame else { continue }
      var lines: [Frame.Line] = []
      for line in frame.lines { lines.append(redact(line)) }
      finding.places[i].frame = Frame(lines: lines)
    }
  }

  /// The pieces beside what is marked are masked; the mark itself is a redaction already.
  private mutating func redact(_ line: Frame.Line) -> Frame.Line {
    guard let marked = line.marked else {
      return Frame.Line(number: line.number, text: redact(line.text), marked: nil)
    }
    let bytes = line.text.bytes
    let before = redact(ForeignText(Array(bytes[..<marked.lowerBound]))).bytes
    let end = min(marked.upperBound, bytes.count)
    let after = redact(ForeignText(Array(bytes[end...]))).bytes
    return Frame.Line(
      number: line.number,
      text: ForeignText(before + bytes[marked.lowerBound..<end] + after),
      marked: before.count..<(before.count + marked.count))
  }

  package mutating func redact(_ gap: Gap) -> Gap {
    var shown = Gap(
      gap.kind, subject: redact(gap.subject), reason: redact(gap.reason), count: gap.count)
    // It is asked which patterns it matches, and never shown.
    shown.file = gap.file
    return shown
  }

  package mutating func redact(_ hint: Hint) -> Hint {
    Hint(subject: redact(hint.subject), text: redact(hint.text))
  }

  package mutating func redact(_ target: Target) -> Target {
    Target(
      path: redact(target.path), kind: target.kind, head: target.head,
      part: target.part.map { redact($0) }, prefix: redact(target.prefix))
  }
}
