package import Model

/// Puts secrets together that belong together and are findings of their own, such as the access
/// key and the secret of an exchange.
package enum Pairing {
  /// What may belong to each finding: what stands in the same files, the nearest first.
  ///
  /// `partner` is the rule of what belongs to a rule's secrets; `nil` for most.
  package static func partners(
    for findings: [Finding], partner: (RuleID) -> RuleID?
  ) -> [Fingerprint: [Credential.Partner]] {
    var partners: [Fingerprint: [Credential.Partner]] = [:]
    let byRule = Dictionary(grouping: findings) { $0.rule.base }
    for finding in findings {
      guard finding.secret != nil, let rule = partner(finding.rule.base),
        let others = byRule[rule]
      else { continue }
      let near = others.compactMap { other -> (Nearness, Credential.Partner)? in
        guard other.fingerprint != finding.fingerprint, let secret = other.secret,
          let nearness = nearness(of: finding, other)
        else { return nil }
        return (nearness, Credential.Partner(rule: rule, secret: secret))
      }
      if near.isEmpty { continue }
      // Of those that are equally near the one that comes first in a report does here too.
      partners[finding.fingerprint] = near.enumerated().sorted { a, b in
        a.element.0 == b.element.0 ? a.offset < b.offset : a.element.0 < b.element.0
      }.map(\.element.1)
    }
    return partners
  }

  /// How near to each other two secrets stand in some file.
  private struct Nearness: Comparable {
    /// They stand together in what is there now, not in history alone.
    let isPresent: Bool
    /// In bytes.
    let distance: Int

    static func < (a: Nearness, b: Nearness) -> Bool {
      a.isPresent == b.isPresent ? a.distance < b.distance : a.isPresent
    }
  }

  private static func nearness(of finding: Finding, _ other: Finding) -> Nearness? {
    finding.places.lazy.flatMap { place in
      other.places.lazy.filter { $0.target == place.target && $0.path == place.path }.compactMap {
        (partner: Place) -> Nearness? in
        guard let a = place.region?.offset, let b = partner.region?.offset else { return nil }
        return Nearness(isPresent: place.isPresent && partner.isPresent, distance: abs(a - b))
      }
    }.min()
  }
}
