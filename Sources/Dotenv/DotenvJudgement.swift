package import Model

/// What the content of a file of environment variables comes to.
package struct DotenvJudgement: Equatable, Sendable {
  /// `nil` if the file may stand where it stands.
  package let severity: Severity?
  /// The names of the variables that give something away, in the order of the file.
  package let keys: [String]

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
        || !Self.isPublic(assignment) && DotenvValue.isReal(assignment, inTemplate: isTemplate)
    }
    let before = previous.flatMap { DotenvFile($0).assignments }
    let new = real.filter { !before.contains($0) }
    var keys: [String] = []
    for assignment in new where !keys.contains(assignment.key) { keys.append(assignment.key) }
    self.keys = keys
    if !new.isEmpty || hasMatches {
      severity = .high
    } else if isTemplate || !previous.isEmpty || Self.isEncrypted(file) {
      // What stood there before was judged when it came.
      severity = nil
    } else {
      severity = state == .unignored ? .medium : .low
    }
  }

  /// What a tool that encrypts values leaves readable on purpose.
  private static func isPublic(_ assignment: DotenvFile.Assignment) -> Bool {
    assignment.key.hasPrefix("DOTENV_PUBLIC_KEY") || assignment.key.hasPrefix("DOTENV_VAULT")
      || assignment.key.hasPrefix("sops_")
  }

  /// Whether the file as a whole, or every value that says something, is encrypted.
  private static func isEncrypted(_ file: DotenvFile) -> Bool {
    if file.isEncrypted { return true }
    let values = file.assignments.filter { !isPublic($0) && !$0.value.isEmpty }
    let hasPublic = file.assignments.contains(where: isPublic)
    let areEncrypted = values.allSatisfy {
      $0.value.hasPrefix("encrypted:") || $0.value.hasPrefix("ENC[")
    }
    return areEncrypted && (hasPublic || !values.isEmpty)
  }
}
