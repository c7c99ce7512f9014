import ArgumentParser
import BuiltInRules
import Dotenv
import Files
import Matching
import Model
import OwnSecrets
import Reporting
import Rules
import Scanning

/// The command `keyscan rules`.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "List, show and check rules.",
    subcommands: [List.self, Show.self, Check.self, Examples.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the rules, a line each: id, severity, title.")

    @OptionGroup var rules: RuleOptions

    func run() throws {
      let book = try LoadedBook(
        adding: rules.folders, console: Console(settings: try SettingOptions.usual)
      ).compiled.book
      let listed = book.rules.filter { $0.role == .finding }.sorted { $0.id < $1.id }
      let width = listed.map(\.id.description.count).max() ?? 0
      for rule in listed {
        let id = rule.id.description
        let pad = String(repeating: " ", count: width - id.count + 2)
        let severity = rule.severity.rawValue
        let gap = String(repeating: " ", count: 10 - severity.count)
        try StandardStream.output.write("\(id)\(pad)\(severity)\(gap)\(rule.title)\n")
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Say all about a rule.")

    @Argument(
      help: "The rule's id, such as google.api-key.",
      completion: .custom(RuleIDs.completions(ofRules:_:_:)))
    var id: String

    @OptionGroup var rules: RuleOptions

    func run() throws { try RuleText.show(id, adding: rules.folders) }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Check a folder of rule files, or the built-in rules.",
      discussion: """
        Every fault is said with its place. Every example is run through everything that a file \
        goes through. With --verbose, the windows in which each rule is judged are printed.
        """)

    @Argument(
      help: "The folder; without one the built-in rules are checked.", completion: .directory)
    var folder: String?

    @Flag(help: "The folder holds a whole book, not rules beside the built-in ones.")
    var alone = false

    @Flag(name: .shortAndLong, help: "Print the windows in which each rule is judged.")
    var verbose = false

    func run() throws {
      let console = Console(settings: try SettingOptions.usual)
      var rules = RuleBook.builtIn.rules
      var origins: [RuleID: RuleFile.Origin] = [:]
      var book = RuleBook.builtIn
      if let folder {
        let known = alone ? [] : RuleBook.builtIn.rules
        let reading: RuleFile.Reading
        do throws(FileError) {
          reading = try RuleFile.read(folder: Array(folder.utf8), beside: known)
        } catch {
          let isFile = (try? Paths.status(Array(folder.utf8)))?.kind == .regular
          console.note(
            isFile
              ? "\(folder) is a file; give the folder that it stands in"
              : "cannot read the rules: \(error)")
          return try ExitStatus.noInput.exit()
        }
        for error in reading.errors { try StandardStream.output.write("\(error)\n") }
        if !reading.errors.isEmpty { return try ExitStatus.badData.exit() }
        rules = reading.rules
        origins = reading.origins
        book = RuleBook(known + reading.rules)
      }
      var examples = try RuleExamples(CompiledBook(book))
      var failures: [RuleExamples.Failure] = []
      for rule in rules { failures += try examples.failures(of: rule) }
      failures += try examples.undecided(among: rules)
      for failure in failures {
        let place = origins[failure.rule]?.place(of: failure).map { "\($0): " } ?? ""
        try StandardStream.output.write("\(place)\(failure.rule): \(failure.message)\n")
      }
      if verbose {
        for rule in rules where rule.shape != nil {
          try StandardStream.output.write("\(rule.id): \(RuleText.windows(of: rule))\n")
        }
      }
      if !failures.isEmpty { return try ExitStatus.badData.exit() }
      let count = rules.reduce(0) { $0 + $1.examples.count + $1.nonExamples.count }
      let (one, several) = (rules.count.counted("rule"), count.counted("example"))
      let verb = rules.count + count == 1 ? "is" : "are"
      try StandardStream.output.write("\(one) and \(several) \(verb) right\n")
    }
  }
}

extension RuleFile.Origin {
  /// `FILE:LINE` of the text that a failure is about.
  fileprivate func place(of failure: RuleExamples.Failure) -> String? {
    let lines =
      switch failure.text {
      case .example: examples
      case .nonExample: nonExamples
      case .knownMiss: knownMisses
      case .control: [Int]()
      }
    return lines.indices.contains(failure.position)
      ? "\(file):\(lines[failure.position])" : "\(file):\(line)"
  }
}

extension RulesCommand {
  struct Examples: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "examples",
      abstract: "Print the rules' examples, to test a scanner with, as JSON lines.",
      discussion: """
        Nothing in them is a secret: what looks like one is made from a seed. “alone” says that \
        the secret is found wherever it stands, and not only in its example's text.
        """)

    @OptionGroup var rules: RuleOptions

    func run() throws {
      let console = Console(settings: try SettingOptions.usual)
      let compiled = try LoadedBook(adding: rules.folders, console: console).compiled
      var examples = try RuleExamples(compiled)
      for rule in compiled.book.rules where rule.role == .finding {
        for (i, example) in rule.examples.enumerated() {
          let secret = try examples.secret(in: example, of: rule, number: i)
          let text = RuleExamples.text(of: example, of: rule, number: i)
          let line = ExampleLine.line(
            rule: rule.id, text: text, path: example.path, secret: secret?.exposed,
            isAlone: rule.isKnownByToken)
          try StandardStream.output.write(line)
        }
      }
    }
  }
}

/// The command `keyscan explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a rule finds, how dangerous that is and what to do about it.")

  @Argument(
    help: "The rule's id, as a report names it, such as google.api-key.",
    completion: .custom(RuleIDs.completions(ofRules:_:_:)))
  var id: String

  @OptionGroup var rules: RuleOptions

  func run() throws { try RuleText.show(id, adding: rules.folders) }
}

/// A rule in words.
enum RuleText {
  /// Prints all about the rule named `id`, or says what to do if there is none.
  static func show(_ id: String, adding folders: [String]) throws {
    let console = Console(settings: try SettingOptions.usual)
    let book = try LoadedBook(adding: folders, console: console).compiled.book
    let outcomes = book[RuleID(id).base].map { Assessor.notes(of: $0.note) } ?? []
    let others = outcomes + DotenvRules.notes + [OwnRule.note]
    if let note = others.first(where: { $0.id == RuleID(id) }) {
      return try StandardStream.output.write(text(of: note))
    }
    guard let rule = book[RuleID(id)] else {
      let ids = Assessor.ids(
        with: book.rules.filter { $0.role == .finding }.map(\.id) + DotenvRules.notes.map(\.id))
      let near =
        RuleIDs.nearest(to: id, among: ids).map { [$0] }
        ?? ids.map(\.description).filter { $0.hasPrefix(id) || $0.hasSuffix(".\(id)") }.prefix(3)
      let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?"
      console.note("there is no rule “\(id)”; keyscan rules list names them all\(hint)")
      return try ExitStatus.usage.exit()
    }
    var lines = text(of: rule)
    if !outcomes.isEmpty {
      lines +=
        "\nBy what stands around it, it is one of these (keyscan explain says more of each):\n"
      for note in outcomes { lines += "- \(note.id), \(note.severity.rawValue) at most\n" }
    }
    try StandardStream.output.write(lines)
  }

  /// What keyscan makes of a finding, in words.
  private static func text(of note: RuleNote) -> String {
    var lines = [
      "\(note.id): \(note.title)", "", note.description, "",
      "severity: \(note.severity.rawValue) at most", "", "What to do:",
    ]
    lines += note.help.map { "- \($0)" }
    if !note.references.isEmpty { lines += ["", "More:"] + note.references.map { "- \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  static func windows(of rule: Rule) -> String {
    let (shape, all) = (rule.shapeWindow, rule.surroundingsWindow)
    return "judged within \(shape.before) bytes before and \(shape.after) after an anchor, with "
      + "its surroundings within \(all.before) and \(all.after)"
  }

  static func text(of rule: Rule) -> String {
    var lines = ["\(rule.id): \(rule.title)", "", rule.description, ""]
    func line(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append("\(name): \(value)") }
    }
    line("severity", rule.severity.rawValue)
    line("confidence", rule.confidence.rawValue)
    line("class", rule.kind.rawValue)
    if rule.role == .companion { line("role", "companion: it is never reported alone") }
    let anchors = rule.anchors.map { "“\($0.text)”" }.joined(separator: ", ")
    line("found by", anchors.isEmpty ? nil : anchors + (rule.ignoresCase ? " in any case" : ""))
    line("given to a name like", rule.assignedTo)
    line("shape", rule.valuePattern)
    if let shape = rule.shape, rule.assignedTo == nil, !shape.startsWithAnchor {
      let after = shape.reach.map { " and \($0) after its end" } ?? ""
      line("begins", "at most \(shape.lead) bytes before the anchor\(after)")
    }
    line("names", rule.names.joined(separator: ", "))
    if !rule.keywords.isEmpty {
      line(
        "only near",
        "\(rule.keywords.joined(separator: ", ")) (within \(rule.keywordDistance) bytes)")
    }
    for companion in rule.companions {
      line(
        companion.isRequired ? "only with" : "together with",
        "\(companion.rule) (within \(companion.distance) bytes)")
    }
    line("unless it matches", rule.filters.exceptions.joined(separator: " or "))
    if rule.filters.checksum != nil {
      lines.append("checksum: its last six characters; without it the confidence is low")
    }
    switch rule.filters.claims {
    case .current: lines.append("claims: it has not run out")
    case .expired: lines.append("claims: it has run out")
    case nil: break
    }
    if rule.filters.looksRandom {
      lines.append("looks random: words, names, paths, references and numbers are none")
    }
    line("less sure in", rule.lessSureIn.joined(separator: ", "))
    line("comes before", rule.supersedes.map(\.description).joined(separator: ", "))
    if rule.shape != nil { line("windows", windows(of: rule)) }
    if let check = RuleBook.liveCheck(of: rule) {
      let only = check.isOnlyIfNamed ? "only " : ""
      line(
        "is asked at",
        "\(check.request.host), \(only)with --verify=\(check.provider): \(check.summary) "
          + "(\(check.request.asksFor)). \(check.effect)")
    }
    if !rule.remediation.isEmpty {
      lines += ["", "What to do:"] + rule.remediation.map { "- \($0)" }
    }
    if !rule.references.isEmpty { lines += ["", "More:"] + rule.references.map { "- \($0)" } }
    if !rule.nonExamples.isEmpty {
      lines += ["", "Not found:"] + rule.nonExamples.map { "- \($0.because)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
