import ArgumentParser
import BuiltInRules
import Documents
import Files
import HTTPS
import LiveChecks
import Model
import Reporting
import Rules
import Scanning
import Store

/// Asks providers about what was found, by the user's word and nobody else's.
struct LiveAsking: Sendable {
  let consent: Consent
  let details: LiveCheckDetails
  let console: Console
  /// The plan of a dry run is JSON.
  var plansAsJSON = false
  private let checker: LiveChecker
  private let transport: HTTPSTransport

  /// Prepares to ask whom `named` and the user's configuration name, with the checks of `book`.
  ///
  /// With `rulesAreScanned` the rules that are not built in come from what is scanned, and ask nobody.
  /// A name that no check has, an endpoint that is none and a proxy that cannot be understood end
  /// the run with status 64.
  init(
    _ named: ProviderList, _ details: LiveCheckDetails, book: RuleBook, ofUser: UserConfiguration,
    rulesAreScanned: Bool = false, console: Console
  ) throws {
    self.details = details
    self.console = console
    let names = named.providers.isEmpty ? ofUser.verify : named.providers
    consent = Consent(providers: Set(names), hosts: Set(ofUser.verifyHosts))
    let checks = LiveCheckNames.checks(of: book, probes: details.probe)
    checker = LiveChecker(
      checks.all, foreign: checks.foreign, forbidden: rulesAreScanned ? checks.foreign : [],
      consent: consent)
    let known = checker.providers.union([Consent.everybody])
    for name in names where !known.contains(name) {
      let near = Spelling.nearest(to: name, among: known.sorted()).map { "; did you mean \($0)?" }
      console.note(
        "nobody is named \(name); known are \(known.sorted().joined(separator: ", "))\(near ?? "")")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    do {
      transport = HTTPSTransport(try Self.settings(details, checker))
    } catch let error as EndpointError {
      console.note(error.description)
      throw ExitCode(ExitStatus.usage.rawValue)
    } catch let error as ProxyError {
      console.note(error.description)
      throw ExitCode(ExitStatus.usage.rawValue)
    }
  }

  private static func settings(
    _ details: LiveCheckDetails, _ checker: LiveChecker
  ) throws -> HTTPSTransport.Settings {
    var environment: [String: String] = [:]
    let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
    for name in names { environment[name] = CurrentProcess.variable(name) }
    var settings = HTTPSTransport.Settings(
      userAgent: "keyscan/\(Version.current)", proxies: try ProxySettings(environment))
    settings.pace = Pace(
      concurrency: details.verifyJobs ?? settings.pace.concurrency,
      perSecond: details.verifyRate ?? settings.pace.perSecond)
    if !details.endpoints.isEmpty {
      let endpoints = try Endpoints(details.endpoints, authority: details.endpointCA)
      settings.redirection = try endpoints.redirect(
        Dictionary(uniqueKeysWithValues: checker.providers.map { ($0, checker.hosts(of: $0)) }))
    }
    return settings
  }

  /// Asks about the findings, and gives each its verdict.
  ///
  /// A dry run, and one that nobody agreed to, end here with the plan.
  func ask(_ grouped: inout Grouped, _ progress: Progress) async throws {
    let verdicts = try await verdicts(
      on: credentials(of: grouped), contested: grouped.contested, progress)
    for i in grouped.findings.indices {
      guard let verdict = verdicts[grouped.findings[i].fingerprint] else { continue }
      VerdictEffect.apply(verdict, to: &grouped.findings[i])
    }
  }

  /// Asks about `credentials`; see ``ask(_:_:)``.
  func verdicts(
    on credentials: [Credential], contested: Set<Fingerprint> = [], _ progress: Progress
  ) async throws -> [Fingerprint: Verdict] {
    let plan = checker.plan(credentials, contested: contested)
    if details.dryRun || !consent.isGiven { try finish(with: plan) }
    let cache = details.verifyCache && plan.secrets > 0 ? openCache() : nil
    let (checker, asker) = (checker, asker)
    progress.expect(answers: plan.secrets)
    let work = Task {
      await checker.verdicts(
        on: credentials, contested: contested, asking: asker, kept: cache
      ) { progress.note(answers: $0) }
    }
    // Who wants no more need not wait for answers.
    let watch = Task {
      while !Interruption.isAsked, !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(50))
      }
      if Interruption.isAsked { work.cancel() }
    }
    let verdicts = try await console.timing("live checks") {
      try await console.showing(progress) { await work.value }
    }
    watch.cancel()
    await transport.shutdown()
    do {
      try await cache?.save()
    } catch {
      console.note("no verdict is kept for the next run: \(error)")
    }
    return verdicts
  }

  private var asker: Asker { Asker(transport) { CurrentProcess.time } }

  private func finish(with plan: CheckPlan) throws -> Never {
    let report = CheckPlanReport(plan) { transport.proxy(for: $0) }
    try? StandardStream.output.write(plansAsJSON ? report.json() : Array(report.text.utf8))
    if details.dryRun { throw ExitCode(ExitStatus.clean.rawValue) }
    let names = plan.unnamed.joined(separator: ",")
    console.note(
      "nobody was named who may be asked, and nothing was sent; name them"
        + (names.isEmpty ? "" : ": --verify=\(names)")
        + ", or under verify: in your own keyscan/config.yml")
    throw ExitCode(ExitStatus.usage.rawValue)
  }

  private func openCache() -> VerdictCache? {
    do {
      return try VerdictCache(edition: Version.current, key: try SealKey.ofUser()) {
        CurrentProcess.time
      }
    } catch {
      console.note("no verdicts of earlier runs are used: \(error)")
      return nil
    }
  }

  /// The secrets about which somebody could be asked.
  private func credentials(of grouped: Grouped) -> [Credential] {
    // What is a finding of its own, such as the access key of an exchange or a client's secret.
    let others = checker.partnerRules.map { pairs in
      Pairing.partners(for: grouped.findings) { pairs[$0] }
    }
    return grouped.findings.compactMap { finding in
      guard let secret = finding.secret, checker.rules.contains(finding.rule.base) else {
        return nil
      }
      let beside = (grouped.belongings[finding.fingerprint] ?? []).map {
        Credential.Partner(rule: $0.rule, secret: $0.secret)
      }
      return Credential(
        rule: finding.rule.base, secret: secret,
        partners: beside + others.flatMap { $0[finding.fingerprint] ?? [] },
        fingerprint: finding.fingerprint)
    }
  }
}

/// The checks that there are.
enum LiveCheckNames {
  /// The checks of Google's credentials and of the rules of `book`, and those that are not built in.
  static func checks(
    of book: RuleBook, probes: Bool
  ) -> (all: [RuleID: any CredentialCheck], foreign: Set<RuleID>) {
    var all = LiveChecker.google(probes: probes)
    var foreign: Set<RuleID> = []
    for rule in book.rules {
      guard let check = RuleBook.liveCheck(of: rule) else { continue }
      all[rule.id] = DataCheck(check, of: rule)
      // Built-in rules have theirs in a table of its own.
      if rule.liveCheck != nil { foreign.insert(rule.id) }
    }
    return (all, foreign)
  }

  /// By which names the user can agree to the built-in checks.
  static var builtIn: [String] {
    let names = LiveChecker.google(probes: false).values.map(\.provider)
    let others = RuleBook.builtInLiveChecks.values.map(\.provider)
    return Set(names + others).sorted() + [Consent.everybody]
  }
}
