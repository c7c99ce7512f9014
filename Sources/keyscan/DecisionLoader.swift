import ArgumentParser
import Documents
import Files
import Git
import Inputs
import Model
import Suppressing

/// Reads what was decided about the findings of each target, from where the user says.
struct DecisionLoader {
  let options: DecisionOptions
  let console: Console

  /// The decisions of each target of `plan`.
  ///
  /// Everything that is wrong with a file is said, and the run ends with status 65.
  func decisions(for plan: Plan) throws -> [Int: Decisions] {
    let chosen = try (
      options.config.map { try configuration(in: $0) },
      options.baseline.map { try baseline(in: $0) }
    )
    var decisions: [Int: Decisions] = [:]
    for (target, of) in plan.targets.enumerated() {
      var decision = Decisions(configuration: chosen.0, baseline: chosen.1)
      if let location = plan.locations[target], !options.noRepositoryConfig {
        let version = version(for: of, plan)
        if chosen.0 == nil, let content = try content(Configuration.fileName, location, version) {
          decision.configuration = try configuration(content, Configuration.fileName)
        }
        if chosen.1 == nil, let content = try content(Baseline.fileName, location, version) {
          decision.baseline = try baseline(content, Baseline.fileName)
        }
      }
      decisions[target] = decision
    }
    return decisions
  }

  /// Which version of a repository's own files counts for a target.
  private func version(for target: Target, _ plan: Plan) -> RootFile.Version {
    if let revision = options.configRef { return .revision(revision) }
    if let index = plan.staged { return .index(index) }
    return switch target.kind {
    case .bareRepository: .revision("HEAD")
    default: .workTree
    }
  }

  private func content(
    _ name: String, _ location: RepositoryLocation, _ version: RootFile.Version
  ) throws -> [UInt8]? {
    let limit = name == Baseline.fileName ? Baseline.sizeLimit : Configuration.sizeLimit
    do throws(GitError) {
      return try RootFile.content(of: name, in: location, version, limit: limit)
    } catch {
      throw fail(error.description)
    }
  }

  private func configuration(in path: String) throws -> Suppressing.Configuration {
    try configuration(try content(ofFile: path, limit: Configuration.sizeLimit), path)
  }

  private func baseline(in path: String) throws -> Baseline {
    try baseline(try content(ofFile: path, limit: Baseline.sizeLimit), path)
  }

  private func content(ofFile path: String, limit: Int) throws -> [UInt8] {
    do throws(FileError) {
      if let content = try File(at: Array(path.utf8)).contents(limit: limit) { return content }
    } catch {
      throw fail("\(error)")
    }
    throw fail("\(path) has more than \(limit) bytes")
  }

  private func configuration(_ content: [UInt8], _ source: String) throws
    -> Suppressing.Configuration
  {
    let read = Configuration.read(String(decoding: content, as: UTF8.self), source: source)
    try check(read.errors)
    return read.configuration
  }

  private func baseline(_ content: [UInt8], _ source: String) throws -> Baseline {
    let read = Baseline.read(content, source: source)
    try check(read.errors)
    return read.baseline
  }

  private func check(_ errors: [DocumentError]) throws {
    for error in errors { console.note(error.description) }
    if !errors.isEmpty { throw ExitCode(ExitStatus.badData.rawValue) }
  }

  private func fail(_ message: String) -> ExitCode {
    console.note(message)
    return ExitCode(ExitStatus.badData.rawValue)
  }
}
