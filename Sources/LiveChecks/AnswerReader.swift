internal import Bytes
internal import Model
internal import Rules

/// Says what an answer means; nothing of its body leaves here.
struct AnswerReader {
  private let check: LiveCheck
  private let rule: Rule

  init(_ check: LiveCheck, of rule: Rule) {
    self.check = check
    self.rule = rule
  }

  private var host: String { check.request.host }

  /// The row of the rule that an answer fits; `nil` if none does, or if it is no answer at all.
  func row(of answer: CheckAnswer) -> LiveCheck.Answer? {
    guard verdict(ofNoAnswer: answer) == nil else { return nil }
    let body = Self.condensed(answer.body)
    return check.answers.first { row in
      (row.statuses.isEmpty || row.statuses.contains(answer.status))
        && (row.says.isEmpty || row.says.contains { Self.stands($0, in: body) })
    }
  }

  /// What an answer means that fits no row.
  func verdict(withoutRow answer: CheckAnswer) -> Verdict {
    if let verdict = verdict(ofNoAnswer: answer) { return verdict }
    return switch answer.status {
    case 429: Verdict(.network, reason: "\(host) was asked too often and answers nothing now")
    case 401, 403:
      Verdict(.denied, reason: "\(host) refuses it (\(answer.status)) and does not say why")
    default:
      Verdict(
        .checkError, reason: "\(host) answered what is not understood (status \(answer.status))")
    }
  }

  /// What it means that no answer of the service itself came; `nil` if one did.
  private func verdict(ofNoAnswer answer: CheckAnswer) -> Verdict? {
    let status = answer.status
    let start = answer.body.first { !Self.blanks.contains($0) }
    if status == 499 || status >= 500 {
      return Verdict(.network, reason: "\(host) had an error of its own (status \(status))")
    }
    if (300..<400).contains(status) {
      return Verdict(
        .checkError,
        reason: "\(host) sends the request elsewhere (status \(status)), which is not followed")
    }
    if check.request.answersIn != .text, Self.isPage(answer.body) {
      return Verdict(.network, reason: "\(host) answered with a web page in place of an answer")
    }
    let isDue: Bool
    switch check.request.answersIn {
    case .json: isDue = start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
    case .xml: isDue = start == UInt8(ascii: "<")
    case .text: isDue = true
    }
    // Some refuse without a word, and what is taken has something to show.
    if isDue || start == nil && status >= 400 { return nil }
    return Verdict(
      .checkError,
      reason: "\(host) answered (status \(status)) with what is no "
        + check.request.answersIn.rawValue.uppercased())
  }

  private static func isPage(_ body: [UInt8]) -> Bool {
    let start = body.prefix(1024).filter { !blanks.contains($0) }.map(\.lowercased)
    return start.starts(with: "<!doctypehtml".utf8) || start.starts(with: "<html".utf8)
      || start.starts(with: "<head".utf8)
  }

  // MARK: Details

  /// What an answer tells besides, such as `scopes: repo`; `nil` if it tells nothing, or what could
  /// be more than rights.
  func detail(of answer: CheckAnswer, hiding secrets: [[UInt8]]) -> String? {
    switch check.detail {
    case .header(let header, let name):
      guard let value = answer.headers[header]?.utf8, !value.isEmpty,
        value.count <= Self.longestDetail, value.allSatisfy(Self.plain.contains),
        !secrets.contains(where: { Self.share(Array(value), $0) })
      else { return nil }
      return "\(name): \(String(decoding: value, as: UTF8.self))"
    case .count(let phrase, let name):
      let count = Self.count(of: phrase, in: Self.condensed(answer.body))
      if count == 0 { return nil }
      return "\(answer.isCut ? "at least " : "")\(count) \(name)"
    case nil: return nil
    }
  }

  private static let longestDetail = 300
  private static let plain = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_-.,/* ")

  /// Whether eight bytes of `secret` stand in `text`.
  private static func share(_ text: [UInt8], _ secret: [UInt8]) -> Bool {
    let width = min(8, secret.count)
    guard width > 0, text.count >= width else { return false }
    return (0...(secret.count - width)).contains { start in
      text.contains(secret[start..<(start + width)])
    }
  }

  // MARK: Phrases

  private static let blanks = ByteSet(" \t\r\n")

  /// Without blanks and in small letters: how a service sets its JSON is its own business.
  private static func condensed(_ body: some Sequence<UInt8>) -> [UInt8] {
    body.lazy.filter { !blanks.contains($0) }.map(\.lowercased)
  }

  private static func stands(_ phrase: String, in body: [UInt8]) -> Bool {
    body.contains(condensed(phrase.utf8)[...])
  }

  private static func count(of phrase: String, in body: [UInt8]) -> Int {
    let phrase = condensed(phrase.utf8)
    var (count, start) = (0, 0)
    while start + phrase.count <= body.count {
      if body[start..<(start + phrase.count)].elementsEqual(phrase) {
        count += 1
        start += phrase.count
      } else {
        start += 1
      }
    }
    return count
  }
}

extension [UInt8] {
  fileprivate func contains(_ piece: ArraySlice<UInt8>) -> Bool {
    guard let first = piece.first, count >= piece.count else { return piece.isEmpty }
    return (0...(count - piece.count)).contains { start in
      self[start] == first && self[start..<(start + piece.count)].elementsEqual(piece)
    }
  }
}
