package import Documents
package import Model

/// Findings that a team knows of and does not want to hear of again: one a line, sorted, so that
/// changes to it merge line by line (`merge=union`).
///
/// A line has five fields with tabs between them: fingerprint, rule, path, reason and the day on
/// which it ends. Only the first and the last count; the others are for people.
package struct Baseline: Sendable, Equatable {
  /// One line.
  package struct Entry: Sendable, Equatable {
    package let fingerprint: Fingerprint
    package var rule: String
    package var path: String
    package var reason: String
    /// When it ends, in seconds since 1970; `nil` if it does not.
    package var until: Int?
    /// Where it stands, 1-based; 0 if it is new.
    package var line = 0

    package init(
      _ fingerprint: Fingerprint, rule: String, path: String, reason: String = "",
      until: Int? = nil
    ) {
      self.fingerprint = fingerprint
      self.rule = rule
      self.path = path
      self.reason = reason
      self.until = until
    }
  }

  /// The name of the file at a repository's root.
  package static let fileName = ".keyscan-baseline"
  /// The most bytes that such a file may have.
  package static let sizeLimit = 1 << 28

  /// Where it was read, as the user knows it.
  package let source: String
  package var entries: [Entry]

  package init(source: String = fileName, entries: [Entry] = []) {
    self.source = source
    self.entries = entries
  }

  /// Reads a file's content, and notes every line that is none.
  package static func read(
    _ content: [UInt8], source: String
  ) -> (baseline: Baseline, errors: [DocumentError]) {
    var baseline = Baseline(source: source)
    var errors: [DocumentError] = []
    let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    baseline.entries.reserveCapacity(lines.count)
    for (i, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      switch entry(line) {
      case .success(var entry):
        entry.line = i + 1
        baseline.entries.append(entry)
      case .failure(let fault):
        // A file of another kind has as many faults as lines.
        if errors.count < 20 {
          errors.append(
            DocumentError(file: source, line: i + 1, column: nil, message: fault.message))
        }
      }
    }
    return (baseline, errors)
  }

  private struct Fault: Error {
    let message: String
  }

  private static func entry(_ line: ArraySlice<UInt8>) -> Result<Entry, Fault> {
    let fields = line.split(
      separator: UInt8(ascii: "\t"), maxSplits: 4, omittingEmptySubsequences: false)
    guard let fingerprint = fields.first.flatMap({ Fingerprint(hexadecimal: $0) }) else {
      return .failure(
        Fault(message: "the line does not begin with a fingerprint, 32 hexadecimal digits"))
    }
    func text(_ number: Int) -> String {
      fields.count > number ? String(decoding: fields[number], as: UTF8.self) : ""
    }
    var entry = Entry(fingerprint, rule: text(1), path: text(2), reason: text(3))
    if fields.count > 4, !fields[4].isEmpty {
      guard let until = Instant.endOfDay(text(4)) else {
        return .failure(Fault(message: "the fifth field must be a day such as 2027-01-31"))
      }
      entry.until = until
    }
    return .success(entry)
  }

  /// The file's content: each line once, in order.
  package var content: [UInt8] {
    var lines = Set<String>()
    for entry in entries {
      var fields = [entry.fingerprint.description, entry.rule, entry.path, entry.reason].map {
        $0.split(whereSeparator: { "\t\n\r".contains($0) }).joined(separator: " ")
      }
      if let until = entry.until { fields.append(Instant.day(until)) }
      while fields.count > 3, fields.last?.isEmpty == true { fields.removeLast() }
      lines.insert(fields.joined(separator: "\t"))
    }
    var content: [UInt8] = []
    for line in lines.sorted() { content += Array(line.utf8) + [UInt8(ascii: "\n")] }
    return content
  }
}
