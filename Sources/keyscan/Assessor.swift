import Assessing
import Files
import Inputs
import LiveChecks
import Matching
import Model
import Rules
import Scanning

/// Has findings judged by what stands around them, and related to each other.
enum Assessor {
  /// Reads what stands around matches of the rules that somebody asks about.
  static func reader(
    for book: RuleBook
  ) -> @Sendable (Int, [UInt8], Span<UInt8>, Range<Int>) -> Context? {
    let depths = book.rules.map { ContextReader.depth(for: $0.id) }
    return { rule, path, text, range in
      depths[rule].map {
        ContextReader.context(path: path, text: text, range: range, depth: $0)
      }
    }
  }

  /// Judges the findings that can be judged, each by all of its places.
  ///
  /// Where those do not tell what a key is for, the work trees of `plan` are searched for programs
  /// that use Gemini with the name that it has.
  static func assess(_ grouped: inout Grouped, of plan: Plan, jobs: Int) async throws {
    let keys = grouped.findings.indices.filter {
      KeyAssessment.rules.contains(grouped.findings[$0].rule)
    }
    func signals(_ i: Int) -> [KeySignals] {
      (grouped.contexts[grouped.findings[i].fingerprint] ?? []).map {
        KeySignals(rawValue: $0.context.purpose)
      }
    }
    func names(_ i: Int) -> [String] {
      (grouped.contexts[grouped.findings[i].fingerprint] ?? []).filter(\.isPresent)
        .compactMap(\.context.name)
    }
    let open = keys.filter { KeyAssessment.mayBeUsedElsewhere(signals($0)) }
    let uses = try await self.uses(of: open.flatMap(names), in: plan, jobs: jobs)
    for i in keys {
      var signals = signals(i)
      if open.contains(i), let path = names(i).lazy.compactMap({ uses[$0] }).first {
        for k in signals.indices { signals[k].insert(.geminiByName) }
        grouped.findings[i].notes.append(
          ForeignText(Array("Gemini is used with its name in ".utf8) + path.bytes))
      }
      KeyAssessment.apply(to: &grouped.findings[i], signals)
    }
  }

  /// Where programs use Gemini together with one of `names`.
  private static func uses(
    of names: [String], in plan: Plan, jobs: Int
  ) async throws -> [String: ForeignText] {
    guard !plan.trees.isEmpty, let search = NameUse(names) else { return [:] }
    var options = ScanOptions(jobs: jobs)
    options.opensContainers = false
    options.readsContext = { _, path, text, range in
      search.uses(path: path, text: text, near: range).map { Context(purpose: $0) }
    }
    var trees = Plan()
    trees.work = plan.trees.map { .folder($0.whole) }
    let book = try CompiledBook(RuleBook.finding(texts: NameUse.texts))
    // What cannot be read was told when it was read for secrets.
    let tally = try await scan(trees, with: book, options: options)
    return search.places(
      tally.items.flatMap { scanned in
        scanned.matches.compactMap { match in
          match.context.map { (ForeignText(scanned.item.path), $0.purpose) }
        }
      })
  }

  /// Relates findings to each other, and groups those of one Google Cloud project.
  static func relate(_ grouped: inout Grouped) -> Projects.Result {
    Relations.relate(&grouped.findings, grouped.contexts, now: CurrentProcess.time)
    return Projects.group(&grouped.findings, grouped.contexts)
  }

  /// What reports say about what context, or a live check, made of a rule.
  static func notes(of note: RuleNote) -> [RuleNote] {
    KeyAssessment.notes(of: note) + VerdictEffect.notes(of: note)
  }

  /// The ids of rules and of what context makes of them.
  static func ids(with ids: [RuleID]) -> [RuleID] {
    ids
      + ids.filter(KeyAssessment.rules.contains).flatMap { id in
        Assessment.Kind.allCases.map { id.appending($0) }
      } + ids.flatMap { id in VerdictEffect.suffixes.map { RuleID("\(id)/\($0)") } }
  }
}
