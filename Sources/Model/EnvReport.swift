/// Everything that `keyscan env` has to say.
package struct EnvReport: Equatable, Sendable {
  package var toolVersion: String
  /// The repository, as the user named it.
  package var repository: ForeignText
  /// In the order of ``EnvFile/precedes(_:_:)``.
  package var files: [EnvFile]
  /// What should have been read and was not.
  package var gaps: [Gap]
  /// What was passed over on purpose, each a sentence.
  package var notes: [ForeignText]
  package var status: ExitStatus

  package init(
    toolVersion: String, repository: ForeignText, files: [EnvFile], gaps: [Gap],
    notes: [ForeignText], status: ExitStatus
  ) {
    self.toolVersion = toolVersion
    self.repository = repository
    self.files = files
    self.gaps = gaps
    self.notes = notes
    self.status = status
  }
}

extension EnvFile {
  /// The order of a report: the worst first, then by path.
  package static func precedes(_ a: EnvFile, _ b: EnvFile) -> Bool {
    let ranks = [a.severity, b.severity].map { severity in
      severity.flatMap { Severity.allCases.firstIndex(of: $0) } ?? -1
    }
    return ranks[0] != ranks[1] ? ranks[0] > ranks[1] : a.path < b.path
  }
}
