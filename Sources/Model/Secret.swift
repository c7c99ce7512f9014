/// The bytes of a secret, which never print themselves.
///
/// A secret prints, dumps and reflects as its redaction. Its bytes are reached through
/// ``exposed`` alone, so one search finds every place that sees them.
package struct Secret: Hashable, Sendable {
  /// The secret in the clear.
  package let exposed: [UInt8]
  /// How many of its first bytes are the same in every secret of its kind, and may be shown.
  package let fixedPrefix: Int
  /// It is one of the user's own, of which no output shows anything, whatever was asked for.
  package var isOwn: Bool

  package init(_ bytes: [UInt8], fixedPrefix: Int = 0, isOwn: Bool = false) {
    exposed = bytes
    self.fixedPrefix = fixedPrefix
    self.isOwn = isOwn
  }

  package static func == (a: Secret, b: Secret) -> Bool { a.exposed == b.exposed }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(exposed)
  }

  /// The fewest bytes of which anything is shown.
  private static let shortestShown = 16

  /// The fixed prefix, an ellipsis and the length, such as `AIza…(39)`; of a secret under 16
  /// bytes nothing at all, `…`.
  package var redacted: String {
    guard exposed.count >= Self.shortestShown else { return "…" }
    let prefix = String(decoding: exposed.prefix(fixedPrefix), as: UTF8.self)
    return "\(prefix)…(\(exposed.count))"
  }
}

extension Secret {
  /// What an output shows: the secret `inClear` if that was asked for and may be, or else
  /// ``redacted``.
  package func shown(inClear: Bool) -> ForeignText {
    inClear && !isOwn ? ForeignText(exposed) : ForeignText(redacted)
  }
}

extension Secret: CustomStringConvertible, CustomReflectable {
  package var description: String { redacted }
  package var customMirror: Mirror { Mirror(self, children: ["redacted": redacted]) }
}
