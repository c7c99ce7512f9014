import Git
import Inputs
import Model
import Reporting

/// What an earlier run reported, to be looked up where it stood.
struct Reported: Sendable {
  private let findings: [Finding]

  init(_ findings: [Finding]) {
    self.findings = findings
  }

  /// Keeps of `found` what was reported and still stands in the same bytes of its file or blob, and
  /// returns what does not.
  func pick(from found: inout [Finding]) -> [Finding] {
    let known = Dictionary(
      found.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    var moved: [Finding] = []
    var kept: Set<Fingerprint> = []
    for finding in findings {
      if let here = known[finding.fingerprint], Self.standsWhere(finding, here) {
        kept.insert(finding.fingerprint)
      } else {
        var gone = finding
        let reason = "it stands no longer where the report says, and was not asked about"
        gone.verdict = Verdict(.moved, reason: reason)
        gone.notes.insert(ForeignText("live check: \(reason)"), at: 0)
        moved.append(gone)
      }
    }
    found.removeAll { !kept.contains($0.fingerprint) }
    return moved
  }

  private static func standsWhere(_ old: Finding, _ new: Finding) -> Bool {
    new.places.contains { here in
      old.places.contains { there in
        here.path == there.path && here.region?.offset == there.region?.offset
          && here.region?.length == there.region?.length
      }
    }
  }
}
