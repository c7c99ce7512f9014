internal import Bytes
package import Model

/// What a value is that stands where a Gemini key should, by its shape alone.
package struct KeyShape: Equatable, Sendable {
  package let kind: KeyKind
  package let flaws: [KeyFlaw]
  /// The value without blanks, quotes, words and invisible characters around it.
  package let core: Secret

  /// Standard keys are `AIza` and 35 characters more, authorization keys `AQ.` and 50
  /// (scanners' rules agree on the first; the second is of all samples seen).
  package static let standardLength = 39
  package static let authorizationLength = 53

  package init(_ value: [UInt8]) {
    var cleaning = Cleaning(value)
    cleaning.clean()
    var flaws = cleaning.flaws
    var text = cleaning.core
    kind = Self.classify(&text, &flaws)
    self.flaws = flaws
    let prefix = kind.prefix.utf8.count
    core = Secret(text, fixedPrefix: text.starts(with: kind.prefix.utf8) ? prefix : 0)
  }

  /// Whether it can be sent to Gemini as it stands.
  package var isUsable: Bool { kind.isGeminiKey && !flaws.contains(where: \.isFault) }

  // MARK: What it is

  private static func classify(_ text: inout [UInt8], _ flaws: inout [KeyFlaw]) -> KeyKind {
    if text.isEmpty { return .empty }
    if KeyKind.isReference(text) { return .reference }
    if Placeholder.matches(text) { return .placeholder }
    if text.starts(with: "AIza".utf8) {
      judgeStandard(&text, &flaws)
      return .standard
    }
    if text.starts(with: "AQ.".utf8) {
      judgeAuthorization(&text, &flaws)
      return .authorization
    }
    if let other = KeyKind.other(text) { return other }
    if let kind = beheaded(text) {
      flaws.append(.headMissing)
      return kind
    }
    // A key with something before it: a copied line, a label.
    for (start, length, kind) in [
      ("AIzaSy", standardLength, KeyKind.standard),
      ("AQ.Ab8RN6", authorizationLength, .authorization),
    ] {
      guard let at = ByteText.find(start, in: text), run(in: text[at...]) >= length else {
        continue
      }
      text = Array(text[at...])
      flaws.append(.textBefore)
      if kind == .standard {
        judgeStandard(&text, &flaws)
      } else {
        judgeAuthorization(&text, &flaws)
      }
      return kind
    }
    let lower = text.map(\.lowercased)
    if lower.starts(with: "aizasy".utf8), text.count == standardLength {
      flaws.append(.wrongCase)
      return .standard
    }
    return .unknown
  }

  private static func judgeStandard(_ text: inout [UInt8], _ flaws: inout [KeyFlaw]) {
    judge(&text, &flaws, length: standardLength)
    guard text.count == standardLength, !flaws.contains(where: \.isFault) else { return }
    let isTight =
      text.starts(with: "AIzaSy".utf8) && "ABCD".utf8.contains(text[6])
      && "AEIMQUYcgkosw048".utf8.contains(text[38])
    if !isTight { flaws.append(.loose) }
  }

  private static func judgeAuthorization(_ text: inout [UInt8], _ flaws: inout [KeyFlaw]) {
    judge(&text, &flaws, length: authorizationLength)
    // What is longer may be a form that nobody has described yet.
    if case .tooLong(let more) = flaws.last {
      flaws[flaws.count - 1] = .unusualLength(authorizationLength + more)
    }
    guard text.count == authorizationLength, !flaws.contains(where: \.isFault) else { return }
    let isTight =
      text.starts(with: "AQ.Ab8RN6".utf8) && "IJKL".utf8.contains(text[9])
      && "AQgw".utf8.contains(text[52])
    if !isTight { flaws.append(.loose) }
  }

  /// Compares the length of a key with what it should be; takes away what stands behind it.
  private static func judge(
    _ text: inout [UInt8], _ flaws: inout [KeyFlaw], length: Int
  ) {
    let behind = Array(text[4...])
    if text.count > length,
      ["AIzaSy", "AQ.Ab8"].contains(where: { ByteText.find($0, in: behind) != nil })
    {
      flaws.append(.twoTogether)
      return
    }
    let whole = run(in: text[...])
    if whole < text.count, whole == length {
      text = Array(text[..<whole])
      flaws.append(.textBehind)
      return
    }
    if whole < text.count { flaws.append(.foreignCharacter) }
    if text.count < length {
      flaws.append(.tailMissing(length - text.count))
    } else if text.count > length {
      flaws.append(.tooLong(text.count - length))
    }
  }

  /// How many bytes at the beginning a key could have.
  private static func run(in text: ArraySlice<UInt8>) -> Int {
    let body = text.starts(with: "AQ.".utf8) ? text.dropFirst(3) : text
    return (text.count - body.count) + body.prefix { ByteSet.base64url.contains($0) }.count
  }

  /// What a key without its first characters is; `nil` for anything else.
  private static func beheaded(_ text: [UInt8]) -> KeyKind? {
    guard text.allSatisfy({ ByteSet.base64url.contains($0) || $0 == UInt8(ascii: ".") }) else {
      return nil
    }
    for start in ["IzaSy", "zaSy", "aSy"]
    where text.starts(with: start.utf8) && text.count <= 33 + start.count {
      // Three letters say little, so the length has to be right too.
      if start.count > 3 || text.count == 36 { return .standard }
    }
    for start in ["Q.Ab8RN6", ".Ab8RN6", "Ab8RN6"] where text.starts(with: start.utf8) {
      return .authorization
    }
    return nil
  }
}
