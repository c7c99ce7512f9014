internal import Model

/// Colours for a terminal, or none.
struct Paint {
  let isOn: Bool

  private func wrap(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  func bold(_ text: String) -> String { wrap(text, "1") }
  func blue(_ text: String) -> String { wrap(text, "1;34") }
  func green(_ text: String) -> String { wrap(text, "32") }
  func yellow(_ text: String) -> String { wrap(text, "33") }
  func red(_ text: String) -> String { wrap(text, "1;31") }

  func severity(_ severity: Severity, _ text: String? = nil) -> String {
    let code =
      switch severity {
      case .critical: "1;35"
      case .high: "1;31"
      case .medium: "1;33"
      case .low: "1;36"
      }
    return wrap(text ?? severity.rawValue, code)
  }
}

/// Sentences in lines of a terminal.
enum Wrapping {
  /// `first` and `text`, broken between words where `width` columns ask for it; further lines
  /// begin with `indent` blanks.
  static func lines(_ text: String, first: String, indent: Int, width: Int?) -> [String] {
    guard let width, width > indent + 20 else { return [first + text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = String(word)
      } else {
        line += line.isEmpty ? String(word) : " \(word)"
      }
    }
    lines.append(line)
    let pad = String(repeating: " ", count: indent)
    return lines.enumerated().map { $0.offset == 0 ? first + $0.element : pad + $0.element }
  }
}
