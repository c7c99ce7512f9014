/// How many bytes on each side of an anchor a stage of judging may look at.
package struct JudgingWindow: Equatable, Sendable {
  package let before: Int
  package let after: Int

  /// The most bytes on either side.
  package static let limit = 16 << 10

  package init(before: Int, after: Int) {
    self.before = min(before, Self.limit)
    self.after = min(after, Self.limit)
  }
}

extension Rule {
  /// The longest escape that may stand beside a match: `\u{10ffff}`, or a colour of a terminal.
  package static let neighbourhood = 16
  /// How far from a secret an allow comment may stand.
  package static let allowCommentDistance = 1024
  /// What one character may take in the widest escape, `&#x0041;`.
  private static let widestEscape = 8

  /// A second layer of encoding is undone for rules that are asked to, and for tokens of usual
  /// length that begin with an exact anchor: what stands beside others is not all written in one
  /// way, and of long ones the windows would cost more than all the rest.
  package var undoesEscapes: Bool {
    if anchors.isEmpty || ignoresCase { return false }
    guard let shape else { return false }
    return searchesEscapes
      || shape.startsWithAnchor && shape.pattern.hasPrefix("(?<secret>")
        && shape.widths.upperBound <= 1024
  }

  /// What the first stage looks at: the shape, its neighbours and the keywords.
  ///
  /// In bytes of what is left when the outer encoding is undone.
  package var shapeWindow: JudgingWindow {
    guard let shape else { return JudgingWindow(before: 0, after: 0) }
    let around = max(Self.neighbourhood, keywords.isEmpty ? 0 : keywordDistance)
    let before = shape.lead + around
    let after = max(0, shape.reach ?? 0) + shape.widths.upperBound + around + Anchor.longest
    let factor = undoesEscapes ? Self.widestEscape : 1
    return JudgingWindow(before: before * factor, after: after * factor)
  }

  /// What the second stage looks at besides: companions and allow comments.
  package var surroundingsWindow: JudgingWindow {
    guard let shape else { return JudgingWindow(before: 0, after: 0) }
    let around = max(Self.allowCommentDistance, companions.map(\.distance).max() ?? 0)
    let before = max(shapeWindow.before, shape.lead + around)
    let after = max(
      shapeWindow.after,
      max(0, shape.reach ?? 0) + shape.widths.upperBound + around + Anchor.longest)
    return JudgingWindow(before: before, after: after)
  }
}
