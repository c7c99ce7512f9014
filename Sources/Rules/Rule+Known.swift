internal import Bytes
package import Model

extension Rule {
  /// One secret that is known before it is found, and where it is known from.
  package struct Known: Equatable, Sendable {
    /// What every match is taken for.
    package let secret: Secret
    /// What is searched for: the secret, or a piece of it.
    package let piece: [UInt8]
    /// Where the secret comes from, as a sentence for a report.
    package let note: ForeignText?
    /// Somebody may have chosen it, so that its hash could be compared with those of guesses.
    package let isGuessable: Bool
    /// It is found as a whole word only: it is short, or made of words.
    package let isWord: Bool

    /// The fewest bytes of what is searched for.
    package static let shortest = 6
    /// The most bytes of what is searched for: what judging looks at is several times as wide.
    package static let longest = 512

    /// `piece` is the whole secret unless another is named.
    package init(
      _ secret: Secret, piece: [UInt8]? = nil, note: ForeignText? = nil,
      isGuessable: Bool = false, isWord: Bool = false
    ) {
      self.secret = secret
      self.piece = piece ?? secret.exposed
      self.note = note
      self.isGuessable = isGuessable
      self.isWord = isWord
    }
  }

  /// A rule that finds what is `known`, whichever of its characters are escaped.
  ///
  /// Its piece has from ``Known/shortest`` to ``Known/longest`` bytes. `note` says what the rule is.
  /// With `savesAnchors` it has one anchor only, for which there are some twenty literals: base64
  /// that a line break cuts there is missed.
  package init(_ known: Known, as note: RuleNote, savesAnchors: Bool = false) {
    let piece = known.piece
    let anchors = Self.anchors(of: piece, savesAnchors)
    let pattern = piece.map { byte in
      // Forms write a blank as a plus sign.
      byte == UInt8(ascii: " ") ? "[ +]" : "\\x" + [byte].hexadecimal
    }.joined()
    self.init(
      id: note.id, provider: note.provider, title: note.title, description: note.description,
      severity: note.severity, kind: .secret, anchors: anchors.map(\.anchor),
      searchesEscapes: true,
      shape: Shape(
        pattern: "(?<secret>\(pattern))", widths: piece.count...piece.count,
        lead: anchors.map(\.start).max() ?? 0, reach: nil),
      notBefore: known.isWord ? .word : ByteSet(), notAfter: known.isWord ? .word : ByteSet(),
      remediation: note.help, references: note.references)
    self.known = known
  }

  // MARK: Anchors

  /// What stands as it is in most escapes of a text.
  private static let plain = ByteSet.alphanumerics.union(ByteSet("-_.~"))
  /// What stands as it is where a browser escapes a piece of an address.
  private static let component = plain.union(ByteSet("!'()*"))
  /// The fewest bytes of an anchor that stands in most escapes.
  private static let leastRun = 4
  /// The most bytes of such an anchor: more of them tell no more.
  private static let mostRun = 12
  /// From so many bytes on there are two anchors, so that a line break in base64 cuts one only.
  private static let leastForTwo = 20
  /// The most bytes of an anchor that is spelled in one way of several.
  private static let mostSpelled = 24

  private typealias Start = (anchor: Anchor, start: Int)

  /// The anchors of a piece, each with how many bytes of the piece stand before it.
  private static func anchors(of piece: [UInt8], _ savesAnchors: Bool) -> [Start] {
    var found: [Start] = []
    if piece.count >= leastForTwo, !savesAnchors {
      let middle = piece.count / 2
      found = [0..<middle, middle..<piece.count].compactMap { anchor(of: piece, in: $0) }
    }
    if found.isEmpty { found = [anchor(of: piece, in: 0..<piece.count)].compactMap { $0 } }
    return found.isEmpty ? spelledAnchors(of: piece) : found
  }

  /// The end of the longest run of plain bytes in a range; of equal ones the last.
  ///
  /// A figure counts like two letters more, since words stand everywhere.
  private static func anchor(of piece: [UInt8], in range: Range<Int>) -> Start? {
    func weight(_ run: Range<Int>) -> Int {
      run.count + (run.contains { ByteSet.digits.contains(piece[$0]) } ? 2 : 0)
    }
    var best = range.lowerBound..<range.lowerBound
    var start = range.lowerBound
    for i in range.lowerBound...range.upperBound
    where i == range.upperBound || !plain.contains(piece[i]) {
      if weight(start..<i) >= weight(best) { best = start..<i }
      start = i + 1
    }
    guard best.count >= leastRun else { return nil }
    let run = best.suffix(mostRun)
    // Base64 does not mind what stands behind.
    let more = piece[run.lowerBound...].prefix(mostRun).prefix { (0x20..<0x7F).contains($0) }
    return (Anchor(text(piece[run]), encoded: text(more)), run.lowerBound)
  }

  /// The beginning of a piece with few plain bytes, as it is and in usual escapes.
  private static func spelledAnchors(of piece: [UInt8]) -> [Start] {
    func hex(_ byte: UInt8, _ isUpper: Bool) -> [UInt8] {
      let digits = [byte].hexadecimal
      return Array((isUpper ? digits.uppercased() : digits).utf8)
    }
    var spellings: [[UInt8]] = [piece]
    for isUpper in [true, false] {
      for kept in [plain, component] {
        spellings.append(
          piece.flatMap { kept.contains($0) ? [$0] : [UInt8(ascii: "%")] + hex($0, isUpper) })
      }
      var json: [UInt8] = []
      for unit in String(decoding: piece, as: UTF8.self).utf16 {
        let byte = UInt8(truncatingIfNeeded: unit)
        switch unit {
        case 0x22, 0x5C: json += [UInt8(ascii: "\\"), byte]
        case 0x20..<0x7F: json.append(byte)
        default: json += Array("\\u".utf8) + hex(UInt8(unit >> 8), isUpper) + hex(byte, isUpper)
        }
      }
      spellings.append(json)
    }
    var seen: Set<[UInt8]> = []
    return spellings.compactMap { spelling in
      // A character that is cut is no text.
      var start = Array(spelling.prefix(mostSpelled))
      while !start.isEmpty, String(validating: start, as: UTF8.self) == nil { start.removeLast() }
      guard start.count >= 4, seen.insert(start).inserted else { return nil }
      return (Anchor(text(start[...])), 0)
    }
  }

  private static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }
}
