/// Text of a request with places for what is known only when it is sent.
///
/// `{secret}` and `{partner}` are the secret and what belongs to it, `{time}` and `{time-ms}` the
/// time since 1970, `{hmac-sha256-hex …}` is a signature of the rest, made with the secret.
package struct Template: Equatable, Sendable {
  package let pieces: [Piece]

  package indirect enum Piece: Equatable, Sendable {
    case text(String)
    case secret
    case partner
    /// In seconds.
    case time
    case timeInMilliseconds
    /// In lowercase hexadecimal.
    case hmacSHA256([Piece])
  }

  /// What is wrong with a template, as a sentence.
  package struct Fault: Error, Equatable {
    package let message: String
  }

  package init(_ pieces: [Piece]) {
    self.pieces = pieces
  }

  /// Reads a template; braces that stand around nothing like a place are text.
  package init(reading text: String) throws(Fault) {
    var rest = text[...]
    pieces = try Self.pieces(&rest, isInside: false)
  }

  /// Whether `piece` stands in it, in a signature too.
  package func holds(_ piece: Piece) -> Bool { Self.holds(pieces, piece) }

  /// Something is signed in it.
  package var isSigned: Bool {
    pieces.contains { if case .hmacSHA256 = $0 { true } else { false } }
  }

  /// As it is written.
  package var text: String { Self.text(pieces) }

  private static let places: [(name: String, piece: Piece)] = [
    ("secret", .secret), ("partner", .partner), ("time", .time),
    ("time-ms", .timeInMilliseconds),
  ]
  private static let signature = "hmac-sha256-hex"

  private static func text(_ pieces: [Piece]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .hmacSHA256(let inner): "{\(signature) \(text(inner))}"
      default: places.first { $0.piece == piece }.map { "{\($0.name)}" } ?? ""
      }
    }.joined()
  }

  private static func holds(_ pieces: [Piece], _ sought: Piece) -> Bool {
    pieces.contains { piece in
      if case .hmacSHA256(let inner) = piece { return holds(inner, sought) }
      return piece == sought
    }
  }

  /// Reads up to the end, or inside a signature up to its brace.
  private static func pieces(
    _ rest: inout Substring, isInside: Bool
  ) throws(Fault) -> [Piece] {
    var pieces: [Piece] = []
    var text = ""
    func flush() {
      if !text.isEmpty { pieces.append(.text(text)) }
      text = ""
    }
    while let next = rest.popFirst() {
      if next == "}", isInside {
        flush()
        return pieces
      }
      guard next == "{" else {
        text.append(next)
        continue
      }
      let word = rest.prefix { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
      let after = rest[word.endIndex...]
      if word == signature, after.first == " " {
        flush()
        rest = after.dropFirst()
        if isInside { throw Fault(message: "a signature stands in a signature") }
        pieces.append(.hmacSHA256(try Self.pieces(&rest, isInside: true)))
      } else if let place = places.first(where: { $0.name == word }), after.first == "}" {
        flush()
        rest = after.dropFirst()
        pieces.append(place.piece)
      } else if !word.isEmpty, after.first == "}" || after.first == " " {
        let known = places.map { "{\($0.name)}" }.joined(separator: ", ")
        throw Fault(
          message: "“{\(word)…}” is no place for anything; known are \(known) and {\(signature) …}")
      } else {
        text.append(next)
      }
    }
    if isInside { throw Fault(message: "a signature lacks the brace at its end") }
    flush()
    return pieces
  }
}
