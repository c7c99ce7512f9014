import Assessing
import Model
import Rules
import Scanning

/// Has findings of Google keys judged by what stands around them.
enum KeyAssessor {
  /// Reads the signals around matches of the rules that are assessed.
  static func reader(
    for book: RuleBook
  ) -> @Sendable (Int, [UInt8], Span<UInt8>, Range<Int>) -> UInt32? {
    let positions = Set(KeyAssessment.rules.compactMap { book.position(of: $0) })
    return { rule, path, text, range in
      positions.contains(rule) ? KeySignals(path: path, text: text, range: range).rawValue : nil
    }
  }

  /// Judges the findings that can be judged, each by all of its places.
  static func assess(_ grouped: inout Grouped) {
    for i in grouped.findings.indices where KeyAssessment.rules.contains(grouped.findings[i].rule) {
      let sights = (grouped.signals[grouped.findings[i].fingerprint] ?? []).map {
        KeyAssessment.Sight(signals: KeySignals(rawValue: $0.signals), isPresent: $0.isPresent)
      }
      KeyAssessment.apply(to: &grouped.findings[i], sights)
    }
  }

  /// What reports say about what context made of a rule.
  static func notes(of note: RuleNote) -> [RuleNote] { KeyAssessment.notes(of: note) }

  /// The ids of rules and of what context makes of them.
  static func ids(with ids: [RuleID]) -> [RuleID] {
    ids
      + ids.filter(KeyAssessment.rules.contains).flatMap { id in
        Assessment.Kind.allCases.map { id.appending($0) }
      }
  }
}
