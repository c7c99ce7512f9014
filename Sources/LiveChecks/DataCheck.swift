internal import Bytes
package import Model
package import Rules

/// Asks about secrets of one rule as the rule says.
package struct DataCheck: CredentialCheck {
  private let rule: Rule
  private let check: LiveCheck
  private let pause: @Sendable (Int) async -> Void

  /// The most partners that are tried with one secret.
  private static let mostPartners = 3

  /// `pause` waits for so many seconds.
  package init(
    _ check: LiveCheck, of rule: Rule,
    pause: @escaping @Sendable (Int) async -> Void = { try? await Task.sleep(for: .seconds($0)) }
  ) {
    self.rule = rule
    self.check = check
    self.pause = pause
  }

  package var provider: String { check.provider }

  /// What asking does to the secret's owner, as a sentence.
  package var effect: String { check.effect }

  /// Agreeing to all providers is not enough.
  package var isOnlyIfNamed: Bool { check.isOnlyIfNamed }

  /// The rule whose secrets belong to those that are asked about; `nil` if none need to.
  package var partnerRule: RuleID? { check.partner?.rule }

  package var hosts: Set<String> { [check.request.host] }

  package func plan(_ credential: Credential) -> [PlannedRequest] {
    guard obstacle(to: credential) == nil else { return [] }
    let (host, kind) = (check.request.host, check.request.asksFor)
    var requests = [
      PlannedRequest(host: host, kind: "\(kind) (\(rule.id))", isControl: true),
      PlannedRequest(host: host, kind: kind),
    ]
    if partners(of: credential).count > 1 {
      requests.append(
        PlannedRequest(host: host, kind: "\(kind), with another id", isConditional: true))
    }
    if check.answers.contains(where: { $0.askAgainAfter != nil }) {
      requests.append(PlannedRequest(host: host, kind: "\(kind), once more", isConditional: true))
    }
    return requests
  }

  package func verdict(on credential: Credential, asking asker: Asker) async -> Verdict {
    if let obstacle = obstacle(to: credential) {
      return Verdict(.notChecked, reason: obstacle, toDo: rule.remediation)
    }
    let form = self.form(of: credential.secret)
    let control = await asker.control("\(check.request.host) \(rule.id) \(form)") {
      await self.verdictOnMadeUp(form, asker)
    }
    if let distrust = distrust(of: control, asker) { return distrust }
    var last: Reading?
    for partner in partners(of: credential) {
      let reading = await reading(of: credential.secret.exposed, partner, asker)
      if !reading.isOfPartner {
        last = reading
        break
      }
      // One that is dead with a wrong partner may be alive with the right one.
      if last == nil || last?.verdict.state == .dead { last = reading }
    }
    guard let last else { return Verdict(.notChecked, reason: "nothing could be sent") }
    return finished(last, asker)
  }

  // MARK: What can be asked about

  /// Why nothing can be asked about a secret; `nil` if it can.
  private func obstacle(to credential: Credential) -> String? {
    guard Self.begins(credential.secret, with: check.onlyFor) else {
      return "secrets of this form cannot be asked about"
    }
    guard Self.fitsHeader(credential.secret) else {
      return "it holds characters that cannot be sent"
    }
    guard fitsAddress(credential.secret) else { return "it is no part of an address" }
    guard let partner = check.partner else { return nil }
    let found = credential.partners.filter { $0.rule.base == partner.rule }
    if found.isEmpty { return "what belongs to it (\(partner.rule)) was not found beside it" }
    return partners(of: credential).isEmpty
      ? "what stands beside it (\(partner.rule)) is of a form that cannot be asked about" : nil
  }

  /// The partners to try, or `nil` alone if none is needed.
  private func partners(of credential: Credential) -> [[UInt8]?] {
    guard let partner = check.partner else { return [nil] }
    var values: [[UInt8]] = []
    for found in credential.partners
    where found.rule.base == partner.rule && Self.begins(found.secret, with: partner.onlyFor)
      && Self.fitsHeader(found.secret) && fitsAddress(found.secret)
      && !values.contains(found.secret.exposed)
    {
      values.append(found.secret.exposed)
    }
    return Array(values.prefix(Self.mostPartners))
  }

  private static func begins(_ secret: Secret, with prefixes: [String]) -> Bool {
    prefixes.isEmpty || prefixes.contains { secret.exposed.starts(with: $0.utf8) }
  }

  /// Whether `secret` stands for itself in a path, if that is where it goes.
  private func fitsAddress(_ secret: Secret) -> Bool {
    !check.request.isAddressSecret || secret.exposed.allSatisfy(Self.pathBytes.contains)
  }

  private static let pathBytes = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/")

  private static func fitsHeader(_ secret: Secret) -> Bool {
    !secret.exposed.isEmpty && secret.exposed.allSatisfy { (0x21..<0x7F).contains($0) }
  }

  // MARK: Asking

  /// An answer that was read, and whether another partner may be tried.
  private struct Reading {
    var verdict: Verdict
    var isOfPartner = false
  }

  private func reading(
    of secret: [UInt8], _ partner: [UInt8]?, _ asker: Asker
  ) async -> Reading {
    var hasWaited = false
    while true {
      let answer: CheckAnswer
      do throws(CheckFailure) {
        let request = RequestWriter(secret: secret, partner: partner, now: asker.now())
          .request(check.request)
        answer = try await asker.send(request)
      } catch {
        return Reading(
          verdict: Verdict(
            .network, reason: "\(check.request.host) could not be asked: \(error.words)"))
      }
      let reader = AnswerReader(check, of: rule)
      guard let row = reader.row(of: answer) else {
        return Reading(verdict: reader.verdict(withoutRow: answer))
      }
      if let seconds = row.askAgainAfter, !hasWaited {
        hasWaited = true
        await pause(seconds)
        continue
      }
      var verdict = Verdict(row.outcome, reason: row.because, toDo: row.toDo)
      if verdict.state == .live,
        let detail = reader.detail(of: answer, hiding: [secret, partner ?? []])
      {
        verdict.opens = [
          Verdict.Opened(service: rule.provider, outcome: row.outcome, detail: detail)
        ]
      }
      return Reading(verdict: verdict, isOfPartner: row.isOfPartner)
    }
  }

  private func finished(_ reading: Reading, _ asker: Asker) -> Verdict {
    var verdict = reading.verdict
    verdict.checkedAt = asker.now()
    verdict.toDo += steps(after: verdict.outcome)
    return verdict
  }

  // MARK: The control

  /// Which of the made-up secrets is most like `secret`.
  private func form(of secret: Secret) -> Int {
    let lengths = check.controls.map { control in
      zip(control.utf8, secret.exposed).prefix { $0 == $1 }.count
    }
    return lengths.indices.max { lengths[$0] < lengths[$1] } ?? 0
  }

  private func verdictOnMadeUp(_ form: Int, _ asker: Asker) async -> Verdict {
    // Nothing of what was found goes into it.
    let seed = "\(UInt64.random(in: .min ... .max)) \(UInt64.random(in: .min ... .max))"
    let secret = FillIn.expand(check.controls[form], seed: seed)
    let partner = check.partner.map { FillIn.expand($0.control, seed: "\(seed) beside") }
    return await reading(of: Array(secret.utf8), partner.map { Array($0.utf8) }, asker).verdict
  }

  /// The verdict if what was said of a made-up secret shows that no answer can be believed.
  private func distrust(of control: Verdict, _ asker: Asker) -> Verdict? {
    switch control.outcome {
    case _ where LiveCheck.refusals.contains(control.outcome): return nil
    case .network:
      return Verdict(
        .network, reason: control.reason, checkedAt: asker.now(), toDo: steps(after: .network))
    default:
      return Verdict(
        .untrusted,
        reason: "\(check.request.host) did not refuse a made-up secret as one that does not exist "
          + "(it came out as \(control.outcome.rawValue)), so that no answer of it can be believed",
        checkedAt: asker.now(), toDo: steps(after: .untrusted))
    }
  }

  // MARK: What to do

  private func steps(after outcome: Verdict.Outcome) -> [String] {
    switch outcome.state {
    case .live: return rule.remediation
    case .dead:
      return [
        "Nothing is left to be revoked; take it out of the files all the same.",
        "Look at what was done with it while it was good.",
      ]
    case .unknown, .notChecked:
      let again =
        outcome == .network
        ? "Ask again later; until then take it to be good." : "Take it to be good."
      return [again] + rule.remediation
    }
  }
}
