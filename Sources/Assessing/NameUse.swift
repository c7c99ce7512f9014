internal import Bytes
package import Model

/// Finds files that use Gemini together with a name that a key is given to.
///
/// `API_KEY=AIza…` in one file says nothing; `os.environ["API_KEY"]` beside a Gemini SDK in another
/// says what that key is for.
package struct NameUse: Sendable {
  /// What a file holds that uses Gemini: names of Google's SDKs and of the endpoint, as they are
  /// written in code.
  package static let texts = [
    "generativelanguage.googleapis", "GoogleGenerativeAI(", "GoogleGenAI(", "genai.Client(",
    "genai.configure(", "genai.NewClient(", "GenerativeModel(", "google.generativeai",
    "@google/generative-ai", "@google/genai", "from google import genai", "google.golang.org/genai",
    "com.google.genai", "generative-ai-go",
  ]

  /// The names that are looked for, at most as many as ``Context/purpose`` has bits.
  package let names: [String]

  /// Names that are in half of all programs, and so link nothing.
  private static let common: Set<String> = [
    "key", "apikey", "apiKey", "api_key", "value", "default", "token", "secret", "id", "name",
    "url", "data", "text", "string", "auth", "config", "params", "const", "export", "return",
    "Bearer", "bearer",
  ]

  /// Takes the names that tell something; `nil` if there is none among them.
  package init?(_ names: some Sequence<String>) {
    let telling = Set(names.filter { $0.utf8.count > 2 && !Self.common.contains($0) }).sorted()
    if telling.isEmpty { return nil }
    self.names = Array(telling.prefix(32))
  }

  /// Which of the names stand near `range` of `text`, in the order of their bits.
  ///
  /// `nil` for a file that is no program: one that speaks of Gemini does not use it.
  package func uses(path: [UInt8], text: Span<UInt8>, near range: Range<Int>) -> UInt32? {
    let path = path.map(\.lowercased)
    let isProse = [".md", ".rst", ".txt", ".adoc", ".html", ".lock", ".csv"].contains {
      path.suffix($0.utf8.count).elementsEqual($0.utf8)
    }
    let isForeign = path.split(separator: UInt8(ascii: "/")).contains { part in
      ["node_modules", "vendor", "third_party", "site-packages"].contains(
        String(decoding: part, as: UTF8.self))
    }
    if isProse || isForeign { return nil }
    let start = max(0, range.lowerBound - KeySignals.reach)
    let end = min(text.count, range.upperBound + KeySignals.reach)
    let window = (start..<end).map { text[$0] }
    var bits: UInt32 = 0
    for (i, name) in names.enumerated() where Self.holds(Array(name.utf8), window) {
      bits |= 1 << UInt32(i)
    }
    return bits
  }

  /// Whether `name` stands in `text` as a word.
  private static func holds(_ name: [UInt8], _ text: [UInt8]) -> Bool {
    guard text.count >= name.count else { return false }
    for i in 0...(text.count - name.count)
    where text[i] == name[0] && text[i..<(i + name.count)].elementsEqual(name) {
      let end = i + name.count
      let isWhole =
        (i == 0 || !ByteSet.word.contains(text[i - 1]))
        && (end == text.count || !ByteSet.word.contains(text[end]))
      if isWhole { return true }
    }
    return false
  }

  /// Where each name is used, from the files that ``uses(path:text:near:)`` looked at.
  package func places(_ seen: [(path: ForeignText, uses: UInt32)]) -> [String: ForeignText] {
    var places: [String: ForeignText] = [:]
    for file in seen.sorted(by: { $0.path < $1.path }) {
      for (i, name) in names.enumerated()
      where file.uses >> UInt32(i) & 1 == 1 && places[name] == nil {
        places[name] = file.path
      }
    }
    return places
  }
}
