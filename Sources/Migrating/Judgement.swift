internal import Matching
package import Model

/// An allowlist that keyscan's configuration cannot say, asked about what is found now.
package struct Judgement: Sendable {
  /// Where it stands, for people: `.gitleaks.toml: allowlists[0]`.
  package let source: String
  /// The rules that it is for; none for all.
  private let rules: [RuleName]
  private let list: ForeignAllowlist
  private let paths: [Pattern]
  private let regexes: [Pattern]

  init(_ list: ForeignAllowlist, for rules: [RuleName], source: String) throws(ForeignPattern.Fault)
  {
    self.source = source
    self.rules = rules
    self.list = list
    paths = try list.paths.map(Self.pattern)
    regexes = list.target == .secret ? try list.regexes.map(Self.pattern) : []
  }

  static func pattern(_ text: String) throws(ForeignPattern.Fault) -> Pattern {
    let foreign = try ForeignPattern(text)
    do throws(MatchingError) {
      return try Pattern(foreign.text(secret: nil))
    } catch {
      throw ForeignPattern.Fault(reason: error.reason)
    }
  }

  /// Whether it passes over all of a finding; an engine that gives up is no yes.
  package func allows(_ finding: Finding) -> Bool {
    if !rules.isEmpty, !rules.contains(where: { $0.names(finding.rule) }) { return false }
    var matcher = Matcher()
    func matches(_ patterns: [Pattern], _ bytes: [UInt8]) -> Bool {
      patterns.contains { pattern in
        (try? matcher.find(pattern, in: bytes.span, startingIn: 0...bytes.count, end: bytes.count))
          ?? false
      }
    }
    var answers: [Bool] = []
    if !list.commits.isEmpty {
      answers.append(
        finding.places.allSatisfy { $0.commit.map { list.commits.contains($0) } ?? false })
    }
    if !list.paths.isEmpty {
      answers.append(finding.places.allSatisfy { matches(paths, $0.path.bytes) })
    }
    if !list.regexes.isEmpty, list.target == .secret {
      answers.append(finding.secret.map { matches(regexes, $0.exposed) } ?? false)
    }
    if !list.stopwords.isEmpty {
      let text = String(decoding: finding.secret?.exposed ?? [], as: UTF8.self).lowercased()
      answers.append(list.stopwords.contains { text.contains($0.lowercased()) })
    }
    return list.needsAll ? !answers.isEmpty && answers.allSatisfy(\.self) : answers.contains(true)
  }
}
