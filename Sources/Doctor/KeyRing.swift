internal import Bytes
package import Model

/// The values that were met, told apart by labels that say nothing of them.
package struct KeyRing: Sendable {
  private var entries: [Entry] = []

  private struct Entry {
    let shape: KeyShape
    var sources: [ForeignText]
    var flaws: [(source: ForeignText, flaw: KeyFlaw)] = []
  }

  package init() {}

  /// A value that was met at a place.
  package struct Sighting: Equatable, Sendable {
    /// `key A`; `nil` for what is none: an empty value, a placeholder, a reference.
    package let label: String?
    package let shape: KeyShape
    /// `key A, AIza…(39)`, or what stands there instead.
    package let words: String
  }

  /// Remembers a value and where it stood; what was met before keeps its label.
  package mutating func meet(_ value: [UInt8], at source: ForeignText) -> Sighting {
    let shape = KeyShape(value)
    switch shape.kind {
    case .empty, .placeholder, .reference:
      return Sighting(label: nil, shape: shape, words: shape.kind.words)
    default: break
    }
    var i = entries.firstIndex { $0.shape.core == shape.core }
    if i == nil {
      entries.append(Entry(shape: shape, sources: []))
      i = entries.count - 1
    }
    guard let i else { return Sighting(label: nil, shape: shape, words: shape.kind.words) }
    if !entries[i].sources.contains(source) {
      entries[i].sources.append(source)
      entries[i].flaws += shape.flaws.map { (source, $0) }
    }
    let label = Self.label(i)
    let length = shape.core.exposed.count
    let shown = length < 16 ? "too short to be a key" : shape.core.redacted
    let kind = shape.kind.isGeminiKey ? "" : ", \(shape.kind.words)"
    return Sighting(label: label, shape: shape, words: "\(label), \(shown)\(kind)")
  }

  /// The label of the entry with this number, from `key A` to `key Z` and on with `key AA`.
  private static func label(_ number: Int) -> String {
    var letters: [UInt8] = []
    var rest = number
    repeat {
      letters.insert(UInt8(ascii: "A") + UInt8(rest % 26), at: 0)
      rest = rest / 26 - 1
    } while rest >= 0
    return "key " + String(decoding: letters, as: UTF8.self)
  }

  /// All of them as a report tells them.
  package var keys: [Diagnosis.Key] {
    entries.enumerated().map { i, entry in
      let length = entry.shape.core.exposed.count
      let several = entry.sources.count > 1
      var faults = entry.flaws.map { source, flaw in
        ForeignText(
          (several ? Array("\(flaw.words) (".utf8) + source.bytes + [0x29] : Array(flaw.words.utf8))
        )
      }
      if entry.shape.kind.isWrong || entry.shape.kind == .unknown {
        faults.insert(ForeignText(entry.shape.kind.words), at: 0)
      }
      return Diagnosis.Key(
        label: Self.label(i), kind: entry.shape.kind.name, length: length < 16 ? nil : length,
        sources: entry.sources, faults: faults)
    }
  }

  /// What is wrong with each, and where.
  package var judged:
    [(label: String, shape: KeyShape, flaws: [(source: ForeignText, flaw: KeyFlaw)])]
  {
    entries.enumerated().map { (Self.label($0), $1.shape, $1.flaws) }
  }

  /// Pairs of labels of which the second value is the first without its end.
  package var cutCopies: [(whole: String, cut: String)] {
    var pairs: [(String, String)] = []
    for (i, whole) in entries.enumerated() {
      for (k, cut) in entries.enumerated()
      where k != i && cut.shape.core.exposed.count >= 8
        && whole.shape.core.exposed.count > cut.shape.core.exposed.count
        && whole.shape.core.exposed.starts(with: cut.shape.core.exposed)
      {
        pairs.append((Self.label(i), Self.label(k)))
      }
    }
    return pairs
  }
}

/// Names and paths with whatever looks like a key in them taken out.
enum Masked {
  private static let starts = ["AIza", "AQ.", "GOCSPX-", "ya29.", "sk-", "1//0"]

  static func text(_ bytes: [UInt8]) -> ForeignText {
    var masked: [UInt8] = []
    var i = 0
    while i < bytes.count {
      let start = starts.first { bytes[i...].starts(with: $0.utf8) }
      guard let start else {
        masked.append(bytes[i])
        i += 1
        continue
      }
      let end = bytes[(i + start.utf8.count)...].firstIndex {
        !ByteSet.base64url.contains($0) && $0 != UInt8(ascii: ".")
      }
      let last = end ?? bytes.count
      if last - i - start.utf8.count >= 8 {
        masked += Array("\(start)…".utf8)
        i = last
      } else {
        masked += Array(start.utf8)
        i += start.utf8.count
      }
    }
    return ForeignText(masked)
  }
}
