package import Model

/// What the content of a file of environment variables comes to.
package struct DotenvJudgement: Equatable, Sendable {
  /// `nil` if the file may stand where it stands.
  package let severity: Severity?
  /// The names of the variables that give something away, in the order of the file.
  package let keys: [String]
  /// The tool that was to encrypt the values, if some give something away all the same.
  package let brokenPromise: String?

  /// How the file stands in git.
  package enum State: Equatable, Sendable {
    /// In the index: it is committed, or will be.
    case tracked
    /// Not in the index, and no ignore line covers it: `git add .` would take it.
    case unignored
  }

  /// Judges a file with the content `content`.
  ///
  /// `hasMatches` says that a rule found a secret in it. What `previous` versions of the file
  /// had already is nothing new; without any, everything is.
  package init(
    _ content: [UInt8], name: DotenvName, state: State, hasMatches: Bool, previous: [[UInt8]] = []
  ) {
    let file = DotenvFile(content)
    let isTemplate = name == .template
    let real = file.assignments.filter { assignment in
      name == .keys && assignment.key.hasPrefix("DOTENV_PRIVATE_KEY")
        || !assignment.isPublic && DotenvValue.isReal(assignment, inTemplate: isTemplate)
    }
    let before = previous.flatMap { DotenvFile($0).assignments }
    let new = real.filter { !before.contains($0) }
    var keys: [String] = []
    for assignment in new where !keys.contains(assignment.key) { keys.append(assignment.key) }
    self.keys = keys
    brokenPromise = new.isEmpty ? nil : file.encryptor
    if !new.isEmpty || hasMatches {
      severity = .high
    } else if name == .keys, previous.isEmpty, file.assignments.contains(where: { $0.isPlain }) {
      // Whatever it is called in there: the file is made for keys that decrypt others.
      severity = .high
    } else if isTemplate || !previous.isEmpty || file.hasNothingPlain {
      // What stood there before was judged when it came.
      severity = nil
    } else {
      severity = state == .unignored ? .medium : .low
    }
  }
}

extension DotenvFile.Assignment {
  /// What a tool that encrypts values leaves readable on purpose.
  var isPublic: Bool {
    key.hasPrefix("DOTENV_PUBLIC_KEY") || key.hasPrefix("DOTENV_VAULT") || key.hasPrefix("sops_")
  }

  /// The value is encrypted by dotenvx or sops.
  var isEncrypted: Bool { value.hasPrefix("encrypted:") || value.hasPrefix("ENC[") }

  /// It says something that can be read.
  var isPlain: Bool { !isPublic && !isEncrypted && !value.isEmpty }
}

extension DotenvFile {
  /// The file as a whole, or every value that says something, is encrypted.
  package var hasNothingPlain: Bool {
    if isEncrypted { return true }
    if assignments.contains(where: \.isPlain) { return false }
    return assignments.contains { $0.isPublic || $0.isEncrypted }
  }

  /// The tool that says in the file that it encrypts its values; `nil` if none does.
  package var encryptor: String? {
    if assignments.contains(where: { $0.key.hasPrefix("sops_") }) { return "sops" }
    return assignments.contains { $0.key.hasPrefix("DOTENV_PUBLIC_KEY") } ? "dotenvx" : nil
  }
}
