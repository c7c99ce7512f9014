internal import Model

/// Takes away from a value what people and programs put around a key without noticing.
struct Cleaning {
  private var scalars: [Unicode.Scalar] = []
  private(set) var flaws: [KeyFlaw] = []

  init(_ value: [UInt8]) {
    for part in ForeignText(value).scalars {
      switch part {
      case .scalar(let scalar): scalars.append(scalar)
      case .stray: note(.foreignCharacter)
      }
    }
  }

  /// What is left.
  var core: [UInt8] {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return Array(text.utf8)
  }

  mutating func clean() {
    takeInvisible()
    trim()
    if KeyKind.isReference(core) || core.first == UInt8(ascii: "{") || isBlock { return }
    takeQuotes()
    takeWords()
    takeQuotes()
    takeInner()
    takeLookAlikes()
  }

  /// A block of lines, as private keys are.
  private var isBlock: Bool { core.starts(with: "-----BEGIN".utf8) }

  private mutating func note(_ flaw: KeyFlaw) {
    if !flaws.contains(flaw) { flaws.append(flaw) }
  }

  private mutating func takeInvisible() {
    // Line breaks and tabs are blanks here.
    let hidden = scalars.filter { ForeignText.isDeceptive($0) && !Self.isBlank($0) }
    guard !hidden.isEmpty else { return }
    note(.invisible(hidden.map(\.value)))
    scalars.removeAll { ForeignText.isDeceptive($0) && !Self.isBlank($0) }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar.value)
  }

  private mutating func trim() {
    let before = scalars.prefix(while: Self.isBlank)
    scalars.removeFirst(before.count)
    let after = Array(scalars.reversed().prefix(while: Self.isBlank))
    scalars.removeLast(after.count)
    if (before + after).contains(where: Self.isLineBreak) { note(.lineBreak) }
    if before.contains(where: { !Self.isLineBreak($0) }) { note(.blankBefore) }
    if after.contains(where: { !Self.isLineBreak($0) }) { note(.blankAfter) }
    // A blank that is none of ASCII's does not show as a different one.
    let odd = (before + after).map(\.value).filter { $0 > 0x7F && $0 != 0x85 }
    if !odd.isEmpty { note(.invisible(odd)) }
  }

  private static let quotes: Set<UInt32> = [
    0x22, 0x27, 0x60, 0xB4, 0xAB, 0xBB, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E,
  ]

  private mutating func takeQuotes() {
    var taken = false
    while let first = scalars.first, Self.quotes.contains(first.value) {
      scalars.removeFirst()
      taken = true
    }
    while let last = scalars.last, Self.quotes.contains(last.value) {
      scalars.removeLast()
      taken = true
    }
    guard taken else { return }
    note(.quoted)
    trim()
  }

  /// Takes `Bearer `, `x-goog-api-key: `, `GEMINI_API_KEY=` and the like away.
  private mutating func takeWords() {
    for _ in 0..<3 {
      let text = String(decoding: core, as: UTF8.self)
      let lower = text.lowercased()
      if let word = ["bearer ", "basic ", "key "].first(where: lower.hasPrefix) {
        scalars.removeFirst(word.unicodeScalars.count)
        note(.header(word == "key " ? "key" : word == "basic " ? "Basic" : "Bearer"))
        skipBlanks()
        continue
      }
      let headers = ["authorization:", "x-goog-api-key:"]
      if let header = headers.first(where: lower.hasPrefix) {
        scalars.removeFirst(header.unicodeScalars.count)
        note(.header(String(header.dropLast())))
        skipBlanks()
        continue
      }
      guard let sign = scalars.firstIndex(of: "="), sign > 0, sign <= 48,
        scalars[..<sign].allSatisfy({ Self.isNamePart($0) }), scalars.count - sign > 8
      else { return }
      let name = text.prefix(while: { $0 != "=" }).lowercased()
      guard name.contains("key") || name.hasPrefix("export ") else { return }
      scalars.removeFirst(sign + 1)
      note(.nameInside)
      skipBlanks()
    }
  }

  /// Takes blanks away that belong to what was taken before them.
  private mutating func skipBlanks() {
    scalars.removeFirst(scalars.prefix(while: Self.isBlank).count)
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || "_- $:0123456789".unicodeScalars.contains(scalar))
  }

  private mutating func takeInner() {
    guard scalars.contains(where: Self.isBlank) else { return }
    // Words with blanks between them are a sentence; only what could be a key is put together.
    let text = core
    guard ["AIza", "AQ."].contains(where: { text.starts(with: $0.utf8) }) else { return }
    if scalars.contains(where: Self.isLineBreak) { note(.lineBreak) }
    if scalars.contains(where: { Self.isBlank($0) && !Self.isLineBreak($0) }) {
      note(.blankInside)
    }
    scalars.removeAll(where: Self.isBlank)
  }

  /// Cyrillic, Greek and full-width letters that are drawn like Latin ones.
  private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs: [(String, String)] = [
      ("АВСЕНІЈКМОРЅТХҮԚ", "ABCEHIJKMOPSTXYQ"), ("асеһіјорѕхуԛ", "acehijopsxyq"),
      ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("ο", "o"), ("．‐‑–—", ".----"),
    ]
    var map: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (foreign, latin) in pairs {
      for (a, b) in zip(foreign.unicodeScalars, latin.unicodeScalars) { map[a] = b }
    }
    for value in UInt32(0xFF21)...0xFF5A {
      if let wide = Unicode.Scalar(value), let plain = Unicode.Scalar(value - 0xFEE0) {
        map[wide] = plain
      }
    }
    return map
  }()

  private mutating func takeLookAlikes() {
    var found: [UInt32] = []
    for i in scalars.indices where !scalars[i].isASCII {
      guard let plain = Self.lookAlikes[scalars[i]] else { continue }
      found.append(scalars[i].value)
      scalars[i] = plain
    }
    if !found.isEmpty { note(.lookAlike(found)) }
    if scalars.contains(where: { !$0.isASCII }), !scalars.contains("…") {
      note(.foreignCharacter)
    }
  }
}
