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
    /// When it ends, in seconds since 1970; `nil` if it does not.
    package let until: Int?
    /// Where it stands, 1-based; 0 if it is new.
    package let line: Int
    /// The fields for people, taken apart when somebody asks: of a hundred thousand few are.
    private let words: ArraySlice<UInt8>

    package init(
      _ fingerprint: Fingerprint, rule: String, path: String, reason: String = "",
      until: Int? = nil
    ) {
      // A tab or a line break would be taken for the end of a field.
      let fields = [rule, path, reason].map { text in
        ForeignText(
          text.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        ).visible
      }
      self.init(fingerprint, Array(fields.joined(separator: "\t").utf8)[...], until, line: 0)
    }

    fileprivate init(
      _ fingerprint: Fingerprint, _ words: ArraySlice<UInt8>, _ until: Int?, line: Int
    ) {
      self.fingerprint = fingerprint
      self.words = words
      self.until = until
      self.line = line
    }

    /// Why it may stand there.
    package var reason: String { field(2) }

    private func field(_ number: Int) -> String {
      let fields = words.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      return number < fields.count ? String(decoding: fields[number], as: UTF8.self) : ""
    }

    /// The line, without what is empty at its end.
    fileprivate var text: String {
      var fields = [fingerprint.description, field(0), field(1), field(2)]
      if let until { fields.append(Instant.day(until)) }
      while fields.count > 3, fields.last?.isEmpty == true { fields.removeLast() }
      return fields.joined(separator: "\t")
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
      switch entry(line, at: i + 1) {
      case .success(let entry): baseline.entries.append(entry)
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

  private static func entry(
    _ line: ArraySlice<UInt8>, at number: Int
  ) -> Result<Entry, Fault> {
    let tab = UInt8(ascii: "\t")
    let end = line.firstIndex(of: tab) ?? line.endIndex
    guard let fingerprint = Fingerprint(hexadecimal: line[..<end]) else {
      return .failure(
        Fault(message: "the line does not begin with a fingerprint, 32 hexadecimal digits"))
    }
    let words = line[end...].dropFirst()
    // What stands behind the fourth tab is the day on which it ends.
    var (tabs, last) = (0, words.startIndex)
    while tabs < 3, let next = words[last...].firstIndex(of: tab) {
      tabs += 1
      last = next + 1
    }
    guard tabs == 3, last < words.endIndex else {
      return .success(Entry(fingerprint, words, nil, line: number))
    }
    guard let until = Instant.endOfDay(String(decoding: words[last...], as: UTF8.self)) else {
      return .failure(Fault(message: "the fifth field must be a day such as 2027-01-31"))
    }
    return .success(Entry(fingerprint, words[..<(last - 1)], until, line: number))
  }

  /// The file's content: each line once, in order.
  package var content: [UInt8] {
    let lines = Set(entries.map(\.text))
    var content: [UInt8] = []
    for line in lines.sorted() { content += Array(line.utf8) + [UInt8(ascii: "\n")] }
    return content
  }
}
