internal import Git
package import Model

/// What a repository's `.keyscan.yml` says: what is not to be reported, and how bad the rest is.
///
/// It can take findings away, each of which is counted, and can add nothing: no rules, no hosts,
/// no files to write.
package struct Configuration: Sendable, Equatable {
  /// Where it was read, as the user knows it: `.keyscan.yml`.
  package let source: String
  package var excludes: [Exclude] = []
  package var rules: [RuleSetting] = []
  package var allows: [Allow] = []
  package var acceptedGaps: [AcceptedGap] = []

  package init(source: String) {
    self.source = source
  }

  /// Paths that nobody wants to hear of, in the syntax of ignore files.
  package struct Exclude: Sendable, Equatable {
    package let pattern: String
    package let line: Int
  }

  /// What is wanted of a rule, or of all whose ids begin so.
  package struct RuleSetting: Sendable, Equatable {
    package let names: RuleName
    /// `nil` turns it off.
    package let severity: Severity?
    package let line: Int
  }

  /// What may stand where it stands.
  package struct Allow: Sendable, Equatable {
    package var rule: RuleName?
    /// In the syntax of ignore files.
    package var path: String?
    package var fingerprint: Fingerprint?
    package var reason: String?
    /// When it ends, in seconds since 1970.
    package var until: Int?
    package let line: Int
  }

  /// What need not be read for a run to be complete enough.
  package struct AcceptedGap: Sendable, Equatable {
    package let kind: Gap.Kind
    package var path: String?
    package var reason: String?
    package var until: Int?
    package let line: Int

    /// The kinds that may be accepted: what nobody could read however hard they tried fails.
    package static let kinds: [Gap.Kind] = [.opaque, .shallow, .promised]
  }
}

/// Paths in the syntax of ignore files, asked as git asks: a folder's line speaks of all in it.
struct PathPatterns: Sendable {
  private let rules: IgnoreRules

  /// Each pattern is a line.
  init(_ patterns: [String]) {
    rules = IgnoreRules(
      Array(patterns.joined(separator: "\n").utf8), source: [], folder: [], next: nil)
  }

  /// The line that takes a place away: by its path, or by that of the file that it is packed in.
  func line(for place: Place) -> Int? {
    line(for: place.path.bytes) ?? place.container.flatMap { line(for: $0.bytes) }
  }

  /// The line that takes a file away, counted from 1 as they were given; `nil` for none.
  func line(for path: [UInt8]) -> Int? {
    var end = 0
    while let slash = path[end...].firstIndex(of: UInt8(ascii: "/")) {
      if let found = rules.deciding(Array(path[..<slash]), isFolder: true), !found.line.isNegated {
        return found.line.number
      }
      end = slash + 1
    }
    guard let found = rules.deciding(path, isFolder: false), !found.line.isNegated else {
      return nil
    }
    return found.line.number
  }
}
