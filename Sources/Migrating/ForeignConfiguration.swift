package import Documents

/// What a configuration of gitleaks 8 or betterleaks 1 says, as far as both mean the same by it.
///
/// The keys and what they mean are those of gitleaks' config/config.go, rule.go and allowlist.go.
package struct ForeignConfiguration: Equatable, Sendable {
  /// The file, as the user knows it.
  package let file: String
  package var rules: [ForeignRule] = []
  package var allowlists: [ForeignAllowlist] = []
  /// The scanner's own rules are applied too.
  package var extendsDefault = false
  /// Another file that it builds on, as it is named there.
  package var extends: String?
  package var disabledRules: [String] = []
  /// What is in it and means nothing here: the key, and why.
  package var left: [Left] = []

  /// Something that cannot be carried over.
  package struct Left: Equatable, Sendable {
    /// Where it stands in its file: `rules[3].regex`.
    package let place: String
    /// Why, as a sentence without its end.
    package let reason: String

    package init(_ place: String, _ reason: String) {
      self.place = place
      self.reason = reason
    }
  }
}

/// A rule of another scanner.
package struct ForeignRule: Equatable, Sendable {
  /// `rules[3]`.
  package let place: String
  package let id: String
  package var title: String?
  package var regex: String?
  package var path: String?
  /// The group that is the secret; 0 for the first that matched something.
  package var secretGroup = 0
  package var entropy: Double?
  package var keywords: [String] = []
  package var allowlists: [ForeignAllowlist] = []
}

/// What another scanner is told to pass over.
package struct ForeignAllowlist: Equatable, Sendable {
  /// `allowlists[0]`, `rules[3].allowlist`.
  package let place: String
  package var commits: [String] = []
  package var paths: [String] = []
  package var regexes: [String] = []
  package var target = Target.secret
  package var stopwords: [String] = []
  /// All kinds of conditions that there are must hold, not any one.
  package var needsAll = false
  /// Rules that it is for; none for all.
  package var rules: [String] = []

  /// What its expressions are held against.
  package enum Target: String, Sendable {
    case secret, match, line
  }
}

extension ForeignConfiguration {
  /// Reads a file's content; throws where it is none.
  package static func read(
    _ content: [UInt8], file: String
  ) throws(DocumentError) -> ForeignConfiguration {
    let root = try TOMLDocument.root(of: content, file: file)
    var reader = ForeignConfigurationReader(file: file)
    try reader.read(root)
    guard reader.configuration.expressions <= mostExpressions else {
      throw DocumentError(
        file: file, line: nil, column: nil,
        message: "the file has more than \(mostExpressions) rules and expressions")
    }
    return reader.configuration
  }

  /// The most rules and expressions that a file may have: each is compiled.
  private static let mostExpressions = 5000

  private var expressions: Int {
    (allowlists + rules.flatMap(\.allowlists)).reduce(rules.count) {
      $0 + $1.paths.count + $1.regexes.count + $1.stopwords.count
    }
  }
}

/// Takes a table apart and notes what has no meaning here.
private struct ForeignConfigurationReader {
  var configuration: ForeignConfiguration

  init(file: String) {
    configuration = ForeignConfiguration(file: file)
  }

  private mutating func leave(_ place: String, _ reason: String) {
    configuration.left.append(ForeignConfiguration.Left(place, reason))
  }

  mutating func read(_ root: [String: TOMLValue]) throws(DocumentError) {
    if root["whitelist"] != nil || root["global"] != nil
      || root["rules"]?.elements.contains(where: { $0.table?["id"] == nil && $0.table != nil })
        == true
    {
      throw DocumentError(
        file: configuration.file, line: nil, column: nil,
        message: "this is a configuration of gitleaks 7 or older, whose rules have no ids; "
          + "gitleaks 8 changed what the keys mean, so write it anew for that first")
    }
    for (key, value) in root.sorted(by: { $0.key < $1.key }) {
      switch key {
      case "title", "description", "minversion", "betterleaksminversion": break
      case "extend": readExtend(value)
      case "rules":
        for (i, one) in value.elements.enumerated() { readRule(one, "rules[\(i)]") }
      case "allowlist":
        if let list = allowlist(value, "allowlist") { configuration.allowlists.append(list) }
      case "allowlists":
        for (i, one) in value.elements.enumerated() {
          if let list = allowlist(one, "allowlists[\(i)]") { configuration.allowlists.append(list) }
        }
      case "filter", "prefilter":
        leave(key, "expressions of betterleaks are programs, which keyscan's configuration has not")
      default: leave(key, "gitleaks knows no such key either")
      }
    }
  }

  private mutating func readExtend(_ value: TOMLValue) {
    for (key, value) in (value.table ?? [:]).sorted(by: { $0.key < $1.key }) {
      switch key {
      case "usedefault": configuration.extendsDefault = value.flag ?? false
      case "path": configuration.extends = value.text
      case "disabledrules": configuration.disabledRules = value.elements.compactMap(\.text)
      case "url": leave("extend.url", "gitleaks reads it and does nothing with it")
      default: leave("extend.\(key)", "it means nothing to gitleaks at this place")
      }
    }
  }

  private mutating func readRule(_ value: TOMLValue, _ place: String) {
    guard let table = value.table, let id = table["id"]?.text, !id.isEmpty else {
      return leave(place, "it has no id")
    }
    var rule = ForeignRule(place: place, id: id)
    for (key, value) in table.sorted(by: { $0.key < $1.key }) {
      switch key {
      case "id", "tags", "specificity": break
      case "description": rule.title = value.text
      case "regex": rule.regex = value.text
      case "path": rule.path = value.text
      case "secretgroup", "entropygroup":
        guard let number = value.number.flatMap({ Int(exactly: $0) }) else {
          leave("\(place).\(key)", "it must be a whole number")
          return
        }
        rule.secretGroup = number
      case "entropy": rule.entropy = value.number.flatMap { $0.isFinite ? $0 : nil }
      case "keywords": rule.keywords = value.elements.compactMap(\.text)
      case "allowlist":
        if let list = allowlist(value, "\(place).allowlist") { rule.allowlists.append(list) }
      case "allowlists":
        for (i, one) in value.elements.enumerated() {
          if let list = allowlist(one, "\(place).allowlists[\(i)]") { rule.allowlists.append(list) }
        }
      case "required", "components", "skipreport":
        leave(
          "\(place).\(key)", "what must stand beside a secret is a companion in keyscan's rules")
      case "validate":
        leave("\(place).\(key)", "whom to ask is never taken from a scanned repository")
      case "filter", "prefilter", "tokenefficiency":
        leave("\(place).\(key)", "expressions of betterleaks are programs")
      default: leave("\(place).\(key)", "gitleaks knows no such key either")
      }
    }
    // Of two with one id the later counts.
    configuration.rules.removeAll { $0.id == id }
    configuration.rules.append(rule)
  }

  private mutating func allowlist(_ value: TOMLValue, _ place: String) -> ForeignAllowlist? {
    guard let table = value.table else {
      leave(place, "it is no table")
      return nil
    }
    var list = ForeignAllowlist(place: place)
    for (key, value) in table.sorted(by: { $0.key < $1.key }) {
      let texts = value.elements.compactMap(\.text)
      let isList = ["commits", "paths", "regexes", "stopwords", "targetrules"].contains(key)
      if isList, texts.count < value.elements.count {
        leave("\(place).\(key)", "it must be a list of texts")
        return nil
      }
      switch key {
      case "description": break
      case "commits": list.commits = texts.map { $0.lowercased() }
      case "paths": list.paths = texts
      case "regexes": list.regexes = texts
      case "stopwords": list.stopwords = texts
      case "targetrules": list.rules = texts
      case "condition":
        let word = value.text?.lowercased() ?? ""
        list.needsAll = ["and", "&&"].contains(word)
        if !list.needsAll, !["", "or", "||"].contains(word) {
          leave("\(place).\(key)", "it must be AND or OR")
          return nil
        }
      case "regextarget":
        guard let target = ForeignAllowlist.Target(rawValue: value.text ?? "") else {
          leave("\(place).\(key)", "it must be secret, match or line")
          return nil
        }
        list.target = target
      default: leave("\(place).\(key)", "gitleaks knows no such key either")
      }
    }
    if list.isEmpty {
      leave(place, "it allows nothing")
      return nil
    }
    return list
  }
}

extension ForeignAllowlist {
  var isEmpty: Bool {
    commits.isEmpty && paths.isEmpty && regexes.isEmpty && stopwords.isEmpty
  }
}

extension ForeignConfiguration {
  /// Lays this file over the one that it builds on, as gitleaks does: rules of one id are merged,
  /// lists are joined.
  package mutating func add(base: ForeignConfiguration) {
    let disabled = Set(disabledRules)
    var merged = base.rules.filter { !disabled.contains($0.id) }
    for rule in rules {
      guard let i = merged.firstIndex(where: { $0.id == rule.id }) else {
        merged.append(rule)
        continue
      }
      merged[i].title = rule.title ?? merged[i].title
      merged[i].regex = rule.regex ?? merged[i].regex
      merged[i].path = rule.path ?? merged[i].path
      merged[i].entropy = rule.entropy ?? merged[i].entropy
      if rule.secretGroup != 0 { merged[i].secretGroup = rule.secretGroup }
      merged[i].keywords += rule.keywords
      merged[i].allowlists += rule.allowlists
    }
    rules = merged
    allowlists = base.allowlists + allowlists
    extendsDefault = extendsDefault || base.extendsDefault
    left += base.left.map { Left("\(base.file): \($0.place)", $0.reason) }
  }
}
