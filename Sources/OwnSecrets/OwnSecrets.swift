internal import Documents
internal import Dotenv
internal import Files
internal import Git
package import Inputs
package import Model
package import Rules

/// The user's own secrets, as rules that find them, and what is to be said of where they come
/// from.
///
/// They are in memory and nowhere else: no rule made of one may be kept between runs.
package struct OwnSecrets: Sendable {
  /// A rule for each piece of a secret, all of one name.
  package private(set) var rules: [Rule] = []
  package private(set) var hints: [Hint] = []
  package private(set) var gaps: [Gap] = []
  /// What is to be said to whoever wants to know more.
  package private(set) var details: [ForeignText] = []
  /// The files that were read, absolute and without links.
  private var files: Set<[UInt8]> = []

  /// The options by which another command looks for the same, with a blank before them.
  package let options: String

  private var values: [OwnValue] = []
  /// How many values are not looked for, and which, file by file.
  private var weakCount = 0
  private var weak: [(file: ForeignText, names: [String])] = []
  /// The files that values come from.
  private var origins: [ForeignText] = []
  /// How many secrets are looked for, and how many are too many.
  private var count = 0
  private var surplus = 0

  /// The most bytes of a file that is read.
  package static let sizeLimit = 1 << 20
  /// The most secrets that are looked for.
  package static let mostSecrets = 10_000
  /// Up to so many secrets are searched for by two anchors each.
  private static let mostWithSpareAnchors = 1000

  /// Reads the values of `sources`; files of environment variables in the work trees of `places`.
  ///
  /// Of a source that is `asked` for in this run it is told if it is not there.
  package init(_ sources: Set<OwnSource>, in places: [OwnPlace], asked: Set<OwnSource>) {
    let others = sources.subtracting([.env]).map(\.rawValue).sorted()
    options =
      (sources.contains(.env) ? " --own-secrets" : "")
      + (others.isEmpty ? "" : " --own-secrets-from \(others.joined(separator: ","))")
    if sources.contains(.env) {
      for place in places { readEnvironment(of: place) }
      if files.isEmpty, asked.contains(.env) {
        say("there is no file of environment variables here that git does not track")
      }
    }
    for source in [OwnSource.aws, .gcloud] where sources.contains(source) {
      readCredentials(of: source, tellsMissing: asked.contains(source))
    }
    makeRules()
    summarize()
  }

  /// Whether an item is one of the files that secrets come from, as it stands on disk.
  package func isSource(_ item: Item) -> Bool {
    switch item.source {
    case .entry(_, let isLink):
      guard !isLink, item.entry == nil, let tree = item.tree else { return false }
      return files.contains(
        Paths.join(tree.rootPath, Array(item.path.dropFirst(tree.prefix.count))))
    case .file(let path): return files.contains(path)
    case .standardInput, .given, .blob, .object, .name: return false
    }
  }

  // MARK: Reading

  private mutating func say(_ text: String, of subject: ForeignText = ForeignText("own secrets")) {
    hints.append(Hint(subject: subject, text: ForeignText(text)))
  }

  private mutating func lose(_ file: ForeignText, _ reason: String) {
    gaps.append(
      Gap(
        .unreadable, subject: file,
        reason: ForeignText("\(reason), so its values were not looked for")))
  }

  private mutating func readEnvironment(of place: OwnPlace) {
    guard let root = place.location.workTree else { return }
    let folder: Folder
    do throws(FileError) {
      folder = try Folder(at: root)
    } catch {
      lose(ForeignText(root), error.reason)
      return
    }
    let found = EnvironmentFiles(below: folder, index: Self.index(of: place.location))
    for gap in found.gaps { lose(ForeignText(place.prefix.bytes + gap.path), gap.reason) }
    if found.isCut { say("the work tree is so large that not all of it was looked through") }
    for file in found.found {
      let shown = ForeignText(place.prefix.bytes + file.path)
      if file.isLink {
        say("a link, which is not followed, so its values are not looked for", of: shown)
        continue
      }
      guard
        let content = content(
          of: shown,
          { () throws(FileError) in
            try file.folder.file(named: file.name)
          })
      else { continue }
      let read = DotenvFile(content)
      if read.isEncrypted {
        say("encrypted, so its values are not looked for", of: shown)
        continue
      }
      files.insert(Paths.join(root, file.path))
      add(read.assignments.map { ($0, $0.key) }, of: .env, in: shown)
    }
  }

  /// What is tracked; without an index that can be read, which is a gap of the scan, nothing.
  private static func index(of location: RepositoryLocation) -> IndexFile {
    guard var index = try? IndexFile(at: location.index, in: location.gitFolder) else {
      return .empty
    }
    if !index.sparseFolders.isEmpty, let repository = try? Repository(at: location),
      let objects = try? repository.objects()
    {
      try? index.expand(with: objects)
    }
    return index
  }

  /// The content of a file that can be read; what keeps it from that is said.
  private mutating func content(
    of shown: ForeignText, _ open: () throws(FileError) -> File
  ) -> [UInt8]? {
    do throws(FileError) {
      let file = try open()
      guard try file.status().kind == .regular else {
        say("no file, so that nothing is read from it", of: shown)
        return nil
      }
      if let content = try file.contents(limit: Self.sizeLimit) { return content }
      say("more than \(Self.sizeLimit) bytes, so its values are not looked for", of: shown)
    } catch {
      if !error.isMissing { lose(shown, error.reason) }
    }
    return nil
  }

  private mutating func readCredentials(of source: OwnSource, tellsMissing: Bool) {
    guard let (path, shown) = source.credentialFile else {
      say("no folder of the user is known: HOME is not set")
      return
    }
    if !Self.isThere(path) {
      if tellsMissing { say("not there, so no value of it is looked for", of: shown) }
      return
    }
    guard
      let content = content(of: shown, { () throws(FileError) in try File(at: path) })
    else { return }
    files.insert(Paths.real(path) ?? path)
    let entries: [CredentialFiles.Entry]
    if source == .aws {
      entries = CredentialFiles.aws(content)
    } else {
      do throws(DocumentError) {
        entries = try CredentialFiles.gcloud(content, file: shown.visible)
      } catch {
        say("\(error.message), so no value of it is looked for", of: shown)
        return
      }
    }
    add(entries.map { ($0.assignment, $0.name) }, of: source, in: shown)
  }

  /// Whether the system says anything else of `path` than that nothing is there.
  private static func isThere(_ path: [UInt8]) -> Bool {
    do throws(FileError) {
      _ = try Paths.status(path)
      return true
    } catch {
      return !error.isMissing
    }
  }

  private mutating func add(
    _ assignments: [(assignment: DotenvFile.Assignment, name: String)], of source: OwnSource,
    in file: ForeignText
  ) {
    var names: [String] = []
    var isOrigin = false
    for (assignment, name) in assignments where !assignment.value.isEmpty {
      let secrets = StrengthGate.secrets(in: assignment)
      let shown = source == .env ? VariableName.shown(name) : name
      if secrets.isEmpty {
        weakCount += 1
        names.append(shown ?? "…")
      }
      isOrigin = isOrigin || !secrets.isEmpty
      let speaks = assignment.namesSecret || assignment.passwordInAddress != nil
      let severity: Severity = source == .env ? speaks ? .high : .medium : .critical
      for (secret, pieces) in secrets {
        values.append(
          pieces.map {
            OwnValue(
              secret: secret, pieces: $0, source: source, name: shown, file: file,
              severity: severity)
          } ?? OwnValue(secret, source: source, name: shown, file: file, severity: severity))
      }
    }
    if isOrigin { origins.append(file) }
    if !names.isEmpty { weak.append((file, names)) }
  }

  // MARK: Rules

  private mutating func makeRules() {
    var order: [[UInt8]] = []
    var all: [[UInt8]: [OwnValue]] = [:]
    for value in values {
      if all[value.secret] == nil { order.append(value.secret) }
      all[value.secret, default: []].append(value)
    }
    values = []
    for secret in order.prefix(Self.mostSecrets) {
      guard let all = all[secret], let worst = all.max(by: { $0.severity < $1.severity }) else {
        continue
      }
      let known = Secret(secret, isOwn: true)
      let note = Self.note(all)
      for piece in worst.pieces {
        rules.append(
          Rule(
            Rule.Known(
              known, piece: piece, note: note, isGuessable: all.contains(where: \.isGuessable),
              isWord: worst.isWord),
            as: OwnRule.note(worst.source, worst.severity),
            savesAnchors: worst.pieces.count > 1 || order.count > Self.mostWithSpareAnchors))
      }
    }
    count = min(order.count, Self.mostSecrets)
    surplus = order.count - count
  }

  /// How many variables a note names.
  private static let named = 3

  private static func note(_ values: [OwnValue]) -> ForeignText {
    var origins: [[UInt8]] = []
    for value in values where !origins.contains(value.origin) { origins.append(value.origin) }
    var text = Array("it is the value of ".utf8)
    text += Array(origins.prefix(named).joined(separator: Array(", of ".utf8)))
    if origins.count > named { text += Array(" and of \(origins.count - named) more".utf8) }
    return ForeignText(text)
  }

  // MARK: What is said

  private mutating func summarize() {
    guard count + weakCount > 0 else { return }
    let files = origins.prefix(5).map(\.bytes).joined(separator: Array(", ".utf8))
    var text = Array("\(count) \(count == 1 ? "value is" : "values are") looked for".utf8)
    if !origins.isEmpty { text += Array(", from ".utf8) + files }
    if origins.count > 5 { text += Array(" and \(origins.count - 5) more files".utf8) }
    if weakCount > 0 {
      let verb = weakCount == 1 ? "is" : "are"
      text += Array(
        ("; \(weakCount) \(verb) not: too short, too common or no secret "
          + "(--verbose names \(weakCount == 1 ? "it" : "them"))").utf8)
    }
    if surplus > 0 {
      text += Array(
        "; \(surplus) more are not, since \(Self.mostSecrets) are the most at a time".utf8)
    }
    hints.append(Hint(subject: ForeignText("own secrets"), text: ForeignText(text)))
    for (file, names) in weak {
      details.append(
        ForeignText(
          Array("not looked for in ".utf8) + file.bytes
            + Array(": \(names.joined(separator: ", "))".utf8)))
    }
  }
}

extension OwnSource {
  /// The file in the user's home, and what it is called; `nil` for none, or if no home is known.
  fileprivate var credentialFile: (path: [UInt8], shown: ForeignText)? {
    switch self {
    case .env: return nil
    case .aws:
      if let named = CurrentProcess.variable("AWS_SHARED_CREDENTIALS_FILE"), !named.isEmpty {
        return (Array(named.utf8), ForeignText(named))
      }
      return Self.inHome(".aws/credentials")
    case .gcloud:
      let name = Array("application_default_credentials.json".utf8)
      if let named = CurrentProcess.variable("CLOUDSDK_CONFIG"), !named.isEmpty {
        let path = Paths.join(Array(named.utf8), name)
        return (path, ForeignText(path))
      }
      return Self.inHome(".config/gcloud/application_default_credentials.json")
    }
  }

  private static func inHome(_ name: String) -> (path: [UInt8], shown: ForeignText)? {
    guard let home = CurrentProcess.variable("HOME"), home.hasPrefix("/") else { return nil }
    return (Paths.join(Array(home.utf8), Array(name.utf8)), ForeignText("~/\(name)"))
  }
}
