package import Model

/// Puts findings of one Google Cloud project together.
package enum Projects {
  /// What groups and what there is to say besides.
  package struct Result: Sendable {
    /// In the order of the report.
    package var groups: [ProjectGroup] = []
    package var hints: [Hint] = []
  }

  /// Groups `findings` by project and notes in each the project that it is of.
  ///
  /// Numbers and ids that stand beside one secret are the same project's, so findings that know
  /// only one of the two come together too.
  package static func group(
    _ findings: inout [Finding], _ sights: [Fingerprint: [PlacedContext]]
  ) -> Result {
    let known = findings.map { projects(of: $0, sights[$0.fingerprint] ?? []) }
    let names = Names(known.flatMap(\.self))
    var members: [CloudProject: [Int]] = [:]
    for (i, projects) in known.enumerated() {
      // Of a secret in many places the project that most of them name.
      guard let project = mostFrequent(projects.map(names.whole)) else { continue }
      members[project, default: []].append(i)
      findings[i].notes.append(ForeignText("of the Google Cloud project \(project.words)"))
    }
    var result = Result()
    for (project, positions) in members.sorted(by: { $0.value[0] < $1.value[0] }) {
      let own = positions.map { findings[$0] }
      if own.count > 1 {
        result.groups.append(
          ProjectGroup(project: project, findings: own.map(\.fingerprint), opens: opens(own)))
      }
      if let hint = hint(of: project, own) { result.hints.append(hint) }
    }
    return result
  }

  private static func projects(of finding: Finding, _ sights: [PlacedContext]) -> [CloudProject] {
    guard finding.rule.provider == "google" else { return [] }
    // Google itself knows best.
    if let project = finding.verdict?.project { return [project] }
    if finding.rule.base == RuleID("google.fcm-server-key"), let secret = finding.secret,
      let project = ProjectReader.project(ofServerKey: secret.exposed)
    {
      return [project]
    }
    return sights.compactMap(\.context.project)
  }

  private static func mostFrequent(_ projects: [CloudProject]) -> CloudProject? {
    var counts: [CloudProject: Int] = [:]
    for project in projects { counts[project, default: 0] += 1 }
    return counts.max { ($0.value, $1.key.words) < ($1.value, $0.key.words) }?.key
  }

  /// Which numbers and ids belong together.
  private struct Names {
    private var ids: [String: String] = [:]
    private var numbers: [String: String] = [:]

    init(_ projects: [CloudProject]) {
      for project in projects {
        guard let number = project.number, let id = project.id else { continue }
        if ids[number] == nil { ids[number] = id }
        if numbers[id] == nil { numbers[id] = number }
      }
    }

    /// `project` with what is known of it elsewhere.
    func whole(_ project: CloudProject) -> CloudProject {
      let number = project.number ?? project.id.flatMap { numbers[$0] }
      let id = number.flatMap { ids[$0] } ?? project.id
      return CloudProject(number: number, id: id) ?? project
    }
  }

  // MARK: Words

  private static func opens(_ findings: [Finding]) -> [String] {
    var opens: [String] = []
    for finding in findings {
      guard let words = opening(finding.rule), !opens.contains(words) else { continue }
      opens.append(words)
    }
    return opens
  }

  /// What a secret of the family opens in its project.
  private static func opening(_ rule: RuleID) -> String? {
    switch rule.description.dropFirst("google.".count) {
    case "api-key/gemini", "auth-key/gemini", "auth-key", "auth-key-by-context":
      "Gemini, and the files and caches that the project keeps there"
    case "api-key", "api-key/server": "every enabled API that the API keys are not kept from"
    case "api-key/public-client": "what the client's key is restricted to, if it is"
    case "service-account-key": "all that the service account's roles allow"
    case "oauth-client-secret", "oauth-client-secret-legacy":
      "sign-in in the name of the application"
    case "oauth-refresh-token", "oauth-access-token":
      "the data of the user who signed in, as far as was granted"
    case "fcm-server-key": "messages to every device that has the app"
    case "firebase-database-secret", "firebase-database-secret-by-name":
      "the whole Realtime Database, past its rules"
    case "app-check-debug-token": "App Check, which lets its holder pass"
    case "storage-hmac-key": "Cloud Storage"
    default: nil
    }
  }

  /// Several environments that share one project share its limits, bills and leaks.
  private static func hint(of project: CloudProject, _ findings: [Finding]) -> Hint? {
    var paths: [Environment: ForeignText] = [:]
    for place in findings.flatMap(\.places) where place.kind == .file {
      guard let environment = Environment(path: place.path) else { continue }
      paths[environment] = paths[environment] ?? place.path
    }
    guard let production = paths[.production], let other = paths[.development] ?? paths[.staging]
    else { return nil }
    return Hint(
      subject: other,
      text: ForeignText(
        Array("uses the Google Cloud project \(project.words), as ".utf8) + production.bytes
          + Array(
            " does; with a project for each environment, a key of one opens nothing of the other"
              .utf8)))
  }
}
