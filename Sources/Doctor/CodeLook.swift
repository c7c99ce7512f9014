internal import Bytes
internal import Files
internal import Model

/// What the project's code does with a Gemini key that cannot work.
///
/// A modest look: files by their endings, no folders of other people's code, so many files and so
/// deep; ignore files are not asked.
struct CodeLook {
  private static let endings = [
    ".py", ".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".go", ".java", ".kt", ".sh", ".ipynb",
    ".rb", ".php", ".cs", ".swift", ".dart", ".rs",
  ]
  private static let passedOver: Set<String> = [
    "node_modules", "vendor", "venv", "env", "dist", "build", "target", "__pycache__",
    "site-packages", "third_party", "Pods", "bower_components",
    // What tests and documents hold is not what the program runs with.
    "test", "tests", "Tests", "__tests__", "spec", "testdata", "fixtures", "Fixtures", "docs",
  ]
  /// Of one kind of remark so many are shown.
  static let shown = 5
  static let fileLimit = 2000
  static let depthLimit = 6

  /// Something seen on a line.
  struct Remark: Equatable {
    let path: [UInt8]
    let line: Int
    let kind: Kind
  }

  enum Kind: Hashable {
    case bearer
    case placeholder
    case hardCoded([UInt8])
    case oldModel(String)
    case unknownName(String)
    case geminiFirst
    case keyInAddress

    /// What remarks of one kind have in common, whatever they name.
    var group: String {
      switch self {
      case .bearer: "bearer"
      case .placeholder: "placeholder"
      case .hardCoded: "hard-coded"
      case .oldModel: "model"
      case .unknownName: "name"
      case .geminiFirst: "order"
      case .keyInAddress: "address"
      }
    }
  }

  private(set) var remarks: [Remark] = []
  private(set) var files = 0
  /// Not everything was looked at.
  private(set) var isCut = false
  private(set) var unread: [[UInt8]] = []

  init(_ root: [UInt8]) {
    guard let folder = try? Folder(at: root) else { return }
    look(folder, root, depth: 0)
  }

  private mutating func look(_ folder: Folder, _ path: [UInt8], depth: Int) {
    guard let entries = try? folder.entries() else {
      unread.append(path)
      return
    }
    for entry in entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
      let name = String(decoding: entry.name, as: UTF8.self)
      let below = Paths.join(path, entry.name)
      switch entry.kind {
      case .folder:
        if name.hasPrefix(".") || Self.passedOver.contains(name) { continue }
        guard depth < Self.depthLimit else {
          isCut = true
          continue
        }
        guard let inner = try? folder.folder(named: entry.name) else {
          unread.append(below)
          continue
        }
        if (try? inner.status(of: Array("pyvenv.cfg".utf8))) == nil {
          look(inner, below, depth: depth + 1)
        }
      case .regular where Self.endings.contains(where: name.hasSuffix):
        guard files < Self.fileLimit else {
          isCut = true
          return
        }
        files += 1
        read(entry.name, in: folder, below)
      default: continue
      }
    }
  }

  private mutating func read(_ name: [UInt8], in folder: Folder, _ path: [UInt8]) {
    do throws(FileError) {
      let file = try folder.file(named: name)
      guard try file.status().kind == .regular else { return }
      guard let content = try file.contents(limit: FileSight.limit) else {
        isCut = true
        return
      }
      remarks += Self.remarks(on: content, at: path)
    } catch {
      unread.append(path)
    }
  }

  // MARK: One file

  /// What stands in one file, a remark a line and kind at most.
  static func remarks(on content: [UInt8], at path: [UInt8]) -> [Remark] {
    func holds(_ text: String) -> Bool { ByteText.find(text, in: content) != nil }
    let marks = ["generativelanguage", "genai", "GEMINI", "gemini", "GenerativeAI", "generativeai"]
    guard marks.contains(where: holds) else { return [] }
    // Its OpenAI-compatible paths do take a Bearer token.
    let isNative = holds("generativelanguage.googleapis.com") && !holds("/openai")
    var found: [Remark] = []
    for (index, slice) in Lines.of(content).enumerated() where slice.count <= 4096 {
      let line = String(decoding: slice, as: UTF8.self)
      func note(_ kind: Kind) {
        let remark = Remark(path: path, line: index + 1, kind: kind)
        if !found.contains(remark) { found.append(remark) }
      }
      let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\"" }
      let isComment = ["#", "//", "*", "--"].contains(where: trimmed.hasPrefix)
      if isComment { continue }
      if isNative, line.contains("Bearer"), speaksOfKey(line) { note(.bearer) }
      if line.contains("generativelanguage.googleapis.com"),
        line.contains("?key=") || line.contains("&key=")
      {
        note(.keyInAddress)
      }
      noteLiterals(Array(slice), note)
      for model in oldModels where names(model, in: line) { note(.oldModel(model)) }
      for name in namesRead(in: line) where !VariableName.keys.contains(name) {
        note(.unknownName(name))
      }
      if let gemini = line.firstRange(of: "GEMINI_API_KEY"),
        let google = line.firstRange(of: "GOOGLE_API_KEY"),
        gemini.lowerBound < google.lowerBound,
        [" or ", "||", "??"].contains(where: line.contains)
      {
        note(.geminiFirst)
      }
    }
    return found
  }

  private static let oldModels = ["gemini-pro", "gemini-2.0-flash"]

  /// A model's name that ends there, or goes on with a variant's.
  private static func names(_ model: String, in line: String) -> Bool {
    guard let range = line.firstRange(of: model) else { return false }
    let before =
      range.lowerBound == line.startIndex ? nil : line[line.index(before: range.lowerBound)]
    let after = range.upperBound == line.endIndex ? nil : line[range.upperBound]
    return ["\"", "'", "`", "/", "="].contains(before)
      && ["\"", "'", "`", ":", "-", "?", nil].contains(after)
  }

  private static func speaksOfKey(_ line: String) -> Bool {
    let lower = line.lowercased()
    return [
      "aiza", "api_key", "apikey", "api-key", "gemini_key", "{key}", "${key}", "+ key", "$key",
    ]
    .contains(where: lower.contains)
  }

  /// Values between quotation marks that are keys, or stand in the place of one.
  private static func noteLiterals(_ line: [UInt8], _ note: (Kind) -> Void) {
    for value in quoted(line) {
      // Only what somebody gives to something, and not what he compares or prints.
      if value.starts(with: "AIza".utf8) || value.starts(with: "AQ.".utf8) {
        let shape = KeyShape(value)
        if shape.kind == .placeholder {
          note(.placeholder)
        } else if value.count >= 30 {
          note(.hardCoded(value))
        }
      } else if value.elementsEqual("YOUR_API_KEY".utf8)
        || value.elementsEqual("YOUR_GEMINI_API_KEY".utf8)
        || value.elementsEqual("your-api-key".utf8)
        || value.elementsEqual("YOUR_GOOGLE_API_KEY".utf8)
      {
        note(.placeholder)
      }
    }
  }

  private static func quoted(_ line: [UInt8]) -> [[UInt8]] {
    var values: [[UInt8]] = []
    var i = 0
    while i < line.count {
      guard "\"'`".utf8.contains(line[i]),
        let end = line[(i + 1)...].firstIndex(of: line[i])
      else {
        i += 1
        continue
      }
      // In notebooks and other JSON the marks inside are escaped.
      values.append(Array(line[(i + 1)..<end]).filter { $0 != UInt8(ascii: "\\") })
      // An inner pair may begin where this one seems to end.
      i += 1
    }
    return values
  }

  /// Names of variables that the line asks the environment for and that look like a Gemini key's.
  private static func namesRead(in line: String) -> [String] {
    let calls = [
      "environ", "getenv", "Getenv", "process.env", "import.meta.env", "ENV[", "$_ENV", "env::var",
    ]
    guard calls.contains(where: line.contains) else { return [] }
    var names: [String] = []
    for word in line.split(whereSeparator: {
      !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_"))
    }) {
      let name = String(word)
      guard name.contains("GEMINI") || name.hasPrefix("GOOGLE_") || name.contains("GENAI"),
        name.contains("KEY"), !name.contains("MAPS"), !name.contains("CLIENT"),
        name.allSatisfy({ $0.isUppercase || $0.isNumber || $0 == "_" })
      else { continue }
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

extension Examination {
  // MARK: 7. The code

  mutating func codeStep() -> Diagnosis.Step {
    var step = StepDraft("code", "Does the code use the key in a way that works?")
    let look = CodeLook(situation.folder)
    let differ: Bool
    if let a = effective("GEMINI_API_KEY"), let b = effective("GOOGLE_API_KEY") {
      differ = KeyShape(a.value).core != KeyShape(b.value).core
    } else {
      differ = false
    }
    var counts: [String: Int] = [:]
    for remark in look.remarks {
      let group = remark.kind.group
      counts[group, default: 0] += 1
      if counts[group, default: 0] <= CodeLook.shown {
        note(remark, keysDiffer: differ, in: &step)
      }
    }
    let more = counts.values.reduce(0) { $0 + max(0, $1 - CodeLook.shown) }
    if more > 0 { step.saw("and \(more) more of these") }
    if look.isCut { step.saw("not all of the folder was looked at: files over 1 MiB, or too many") }
    for path in look.unread.prefix(3) { step.hint("\(shown(path)) cannot be read") }
    let files = "\(look.files) \(look.files == 1 ? "file" : "files") of code"
    step.saw(step.state == .ok ? "nothing of note in \(files)" : "\(files) looked at")
    return step.step
  }

  private mutating func note(
    _ remark: CodeLook.Remark, keysDiffer: Bool, in step: inout StepDraft
  ) {
    let place = place(remark.path, remark.line)
    let at = place.visible
    switch remark.kind {
    case .bearer:
      step.fault(
        "\(at): an API key as Authorization: Bearer, which Gemini's own endpoints refuse with 401 "
          + "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        "Send it in the header x-goog-api-key instead.")
    case .placeholder:
      step.fault(
        "\(at): a placeholder stands where the key belongs", "Read the key from the environment.")
    case .hardCoded(let value):
      let words = ring.meet(value, at: place).words
      step.hint(
        "\(at): \(words) is written into the code, so what the environment says does not count",
        "Read the key from the environment, and replace this one if the code was shared.")
    case .oldModel(let model):
      step.hint(
        "\(at): the model \(model) may be gone (404)",
        "Ask which models there are (ListModels, as in the last step).")
    case .unknownName(let name):
      if environment(name) != nil || chains.contains(where: { isDefined(name, in: $0) }) { return }
      step.hint(
        "\(at): the code reads \(name), which neither this process nor a .env file has",
        "Set \(name), or read GEMINI_API_KEY.")
    case .geminiFirst:
      guard keysDiffer else { return }
      step.hint(
        "\(at): the code takes GEMINI_API_KEY before GOOGLE_API_KEY; Google's SDKs do the opposite, "
          + "and the two differ here")
    case .keyInAddress:
      step.hint(
        "\(at): the key is part of the address, where logs and error messages show it; some "
          + "authorization keys (AQ.…) are not taken there",
        "Send it in the header x-goog-api-key instead.")
    }
  }

  private func isDefined(_ name: String, in chain: DotenvChain) -> Bool {
    chain.read.contains { file in
      guard let content = file.content else { return false }
      return Lines.of(content).contains { line in
        var reader = LineReader(line)
        reader.skipBlanks()
        _ = reader.takeWord("export")
        return reader.takeName() == name
      }
    }
  }
}
