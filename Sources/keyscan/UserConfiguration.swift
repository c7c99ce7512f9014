import ArgumentParser
import Documents
import Files
import Model
import OwnSecrets

/// What the user wants of every run: `keyscan/config.yml` in the folder of their configuration.
///
/// It is theirs alone. What a repository brings can neither set nor replace it, so that consent
/// may stand in it.
struct UserConfiguration: Equatable {
  /// What of their own secrets is looked for.
  var ownSecrets: [OwnSource] = []

  /// Who may be asked whether a secret is alive: `google`, `openai`.
  var verify: [String] = []
  /// The hosts that rules may ask which are not built in.
  var verifyHosts: [String] = []

  /// The most bytes that the file may have.
  private static let sizeLimit = 1 << 16

  /// Reads the file; without one, nothing is wanted.
  ///
  /// Everything that is wrong with it is said, and the run ends with status 65.
  static func load(_ console: Console) throws -> UserConfiguration {
    guard let folder = Paths.userFolder("XDG_CONFIG_HOME", orInHome: ".config") else {
      return UserConfiguration()
    }
    let path = Paths.join(folder, Array("keyscan/config.yml".utf8))
    let shown = String(decoding: path, as: UTF8.self)
    func fail(_ message: String) -> ExitCode {
      console.note(message)
      return ExitCode(ExitStatus.badData.rawValue)
    }
    let content: [UInt8]?
    do throws(FileError) {
      let file = try File(at: path)
      let status = try file.status()
      guard status.kind == .regular else { throw FileError("read \(shown)", code: 0) }
      let isTheirs = [0, status.user].contains(CurrentProcess.user) || status.user == 0
      guard isTheirs, !status.isWritableByOthers else {
        let reason =
          isTheirs
          ? "others may write it; run chmod go-w on it" : "it belongs to another user"
        console.note("\(shown) is not taken for your configuration: \(reason)")
        throw FileError("", code: -1)
      }
      content = try file.contents(limit: sizeLimit)
    } catch {
      if error.isMissing { return UserConfiguration() }
      // Where this user may not even look, as in the home folder of another whose environment was
      // kept, nothing of theirs can stand.
      let own = Paths.join(folder, Array("keyscan".utf8))
      if error.isDenied, (try? Paths.status(own)) == nil {
        console.detail("no configuration of yours is read: \(error)")
        return UserConfiguration()
      }
      if error.code == -1 { throw ExitCode(ExitStatus.badData.rawValue) }
      throw fail(error.code == 0 ? "\(shown) is no file" : "\(error)")
    }
    guard let content else { throw fail("\(shown) has more than \(sizeLimit) bytes") }
    let (configuration, errors) = read(String(decoding: content, as: UTF8.self), file: shown)
    for error in errors { console.note(error.description) }
    if !errors.isEmpty { throw ExitCode(ExitStatus.badData.rawValue) }
    return configuration
  }

  /// Reads the file's content, and notes everything that is wrong with it.
  private static func read(
    _ content: String, file: String
  ) -> (UserConfiguration, [DocumentError]) {
    let faults = Fields.Faults(file: file)
    var configuration = UserConfiguration()
    if let root = YAMLDocument.root(of: content, from: .chosen, faults),
      let fields = Fields(
        root, keys: ["version", "own-secrets", "verify", "verify-hosts"],
        what: "a user's configuration", faults: faults)
    {
      if fields.number("version", in: 1...1) == nil, fields.isMissing("version") {
        fields.note("“version: 1” is missing")
      }
      configuration.ownSecrets = fields.choices("own-secrets", as: OwnSource.self)
      configuration.verify = fields.texts("verify")
      configuration.verifyHosts = fields.texts("verify-hosts")
    }
    return (configuration, faults.errors)
  }
}
