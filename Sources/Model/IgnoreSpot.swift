/// A line of an ignore file.
package struct IgnoreSpot: Equatable, Sendable {
  /// The file as the user knows it: `.gitignore`, `.git/info/exclude`, `~/.config/git/ignore`.
  package var file: ForeignText
  /// Which line, from 1.
  package let line: Int
  /// The line as it is written, without blanks at its end.
  package var text: ForeignText
  /// The file belongs to the repository: whoever clones it has the line too.
  package let isShared: Bool

  package init(file: ForeignText, line: Int, text: ForeignText, isShared: Bool) {
    self.file = file
    self.line = line
    self.text = text
    self.isShared = isShared
  }

  /// The place and the line: `.gitignore:3 (.env)`.
  package var place: ForeignText {
    ForeignText(file.bytes + Array(":\(line) (".utf8) + text.bytes + Array(")".utf8))
  }
}

/// A line of an ignore file that looks as if it covered a path, and does not.
package struct NearMiss: Equatable, Sendable {
  package var spot: IgnoreSpot
  /// Why it does not, as a sentence without its end.
  package var reason: ForeignText

  package init(spot: IgnoreSpot, reason: ForeignText) {
    self.spot = spot
    self.reason = reason
  }

  /// All of it as a sentence without its end.
  package var sentence: ForeignText {
    ForeignText(
      spot.place.bytes + Array(" looks as if it covered it: ".utf8) + reason.bytes)
  }
}
