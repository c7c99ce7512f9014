import ArgumentParser
import Files
import Git
import Inputs
import Model
import OwnSecrets

/// Sources with commas between them, as the command line names them.
struct OwnSourceList: ExpressibleByArgument {
  let sources: [OwnSource]

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    sources = names.compactMap { OwnSource(rawValue: String($0)) }
    if sources.count != names.count { return nil }
  }

  static var allValueStrings: [String] { OwnSource.allCases.map(\.rawValue) }
}

/// Whether the user's own secrets are looked for, which takes their word.
///
/// It is given here or in the user's own configuration; nothing in a repository gives it.
struct OwnSecretOptions: ParsableArguments {
  @Flag(
    help: """
      Look also for the values in the repository's files of environment variables that git does \
      not track; none of them is shown or kept.
      """)
  var ownSecrets = false

  @Option(
    name: .customLong("own-secrets-from"),
    help: ArgumentHelp(
      "Look also for the values in env (as --own-secrets), aws (~/.aws/credentials) or gcloud (its "
        + "application default credentials); commas between them.", valueName: "source,…"),
    completion: .list(OwnSource.allCases.map(\.rawValue)))
  var lists: [OwnSourceList] = []

  @Flag(help: "Do not look for them, even if your own configuration says so.")
  var noOwnSecrets = false

  func validate() throws {
    if noOwnSecrets, ownSecrets || !lists.isEmpty {
      let other = ownSecrets ? "--own-secrets" : "--own-secrets-from"
      throw ValidationError("\(other) and --no-own-secrets exclude each other.")
    }
  }

  /// What the command line and the user's configuration consent to.
  ///
  /// What is wrong with the configuration is said, and the run ends with status 65.
  func consent(_ console: Console) throws -> OwnConsent {
    let configured = try UserConfiguration.load(console).ownSecrets
    let asked = (ownSecrets ? [.env] : []) + lists.flatMap(\.sources)
    return OwnConsent(
      sources: noOwnSecrets ? [] : Set(asked + configured), asked: Set(asked))
  }
}

/// Which of their own secrets the user wants to be looked for.
struct OwnConsent {
  let sources: Set<OwnSource>
  /// Those that the command line names.
  let asked: Set<OwnSource>

  var isGiven: Bool { !sources.isEmpty }

  /// Reads the secrets for a plan; `nil` without consent.
  func secrets(for plan: Plan, _ console: Console) -> OwnSecrets? {
    guard isGiven else { return nil }
    var places: [OwnPlace] = []
    var known: Set<[UInt8]> = []
    for (target, location) in plan.locations.sorted(by: { $0.key < $1.key }) {
      guard let root = location.workTree, known.insert(root).inserted else { continue }
      places.append(OwnPlace(location, prefix: plan.targets[target].prefix))
    }
    // What comes in is mostly about the repository that somebody stands in.
    if plan.targets.first?.kind == .standardInput, let here = try? CurrentProcess.folder(),
      let location = try? RepositoryLocation.containing(Paths.real(here) ?? here)
    {
      places.append(OwnPlace(location))
    }
    let secrets = OwnSecrets(sources, in: places, asked: asked)
    for detail in secrets.details { console.detail(detail.visible) }
    return secrets
  }
}
