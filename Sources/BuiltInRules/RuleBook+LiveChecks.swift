package import Rules

extension RuleBook {
  /// How it is asked whether a secret of `rule` is alive, built in or not; `nil` if nobody knows.
  package static func liveCheck(of rule: Rule) -> LiveCheck? {
    rule.liveCheck ?? builtInLiveChecks[rule.id]
  }
}
