/// One secret, the rule that names it best, and every place it is in.
package struct Finding: Equatable, Sendable {
  package var rule: RuleID
  package var title: String
  /// Who issued the secret, as people write it: `Google`.
  package var provider: String
  package var severity: Severity
  package var confidence: Confidence
  /// `nil` when a file itself is the finding.
  package var secret: Secret?
  package var fingerprint: Fingerprint
  /// Other rules that matched the same bytes.
  package var alsoMatched: [RuleID]
  package var published: Published
  /// What to do, one step a sentence.
  package var advice: [ForeignText]
  /// What else there is to say of this finding in particular: the keys of a `.env` file.
  package var notes: [ForeignText]
  package var places: [Place]
  /// The lines of a shell that take it out of the repository; none for what is in no commit.
  ///
  /// Lines that begin with `#` are for the reader.
  package var repair: [ForeignText] = []

  /// What context says about it; `nil` if nothing.
  package var assessment: Assessment?

  /// What its provider said; `nil` if no live check was asked for.
  package var verdict: Verdict?

  /// The severity before its provider was asked; `nil` if the answer did not change it.
  package var severityUnasked: Severity?

  /// How it stands to other places, other findings and its own past; ``notes`` say it too.
  package var relations: [Relation] = []

  /// A file of HEAD that stands for what only history holds; `nil` unless somebody asked for it.
  package var anchor: ForeignText?

  package init(
    rule: RuleID, title: String, provider: String, severity: Severity, confidence: Confidence,
    secret: Secret?, fingerprint: Fingerprint, alsoMatched: [RuleID] = [],
    published: Published = .unknown, advice: [ForeignText], notes: [ForeignText] = [],
    places: [Place]
  ) {
    self.rule = rule
    self.title = title
    self.provider = provider
    self.severity = severity
    self.confidence = confidence
    self.secret = secret
    self.fingerprint = fingerprint
    self.alsoMatched = alsoMatched
    self.published = published
    self.advice = advice
    self.notes = notes
    self.places = places
  }

  /// Where it stands, over all places.
  package var standsIn: [Standing] {
    places.reduce(into: Standings()) { $0.formUnion($1.standsIn) }.members
  }

  /// The severity that decides over the status of a run: a dead secret weighs what it did before,
  /// since what says so is one answer at one time.
  package var weight: Severity {
    verdict?.state == .dead ? max(severity, severityUnasked ?? severity) : severity
  }

  /// A push would send it, or it is in HEAD, the index, the work tree or history.
  package var counts: Bool { standsIn.contains { $0.counts } }
}

extension Finding {
  /// The place to open first: one that is there now, or else the first of all.
  package var mainPlace: Place? { mainPlacePosition.map { places[$0] } }

  /// Which of the places ``mainPlace`` is.
  package var mainPlacePosition: Int? {
    places.firstIndex(where: \.isPresent) ?? places.indices.first
  }

  /// The order of a report: what is known to be alive, then the worst first, then by rule and place.
  package static func precedes(_ a: Finding, _ b: Finding) -> Bool {
    let (isLive, isOtherLive) = (a.verdict?.state == .live, b.verdict?.state == .live)
    if isLive != isOtherLive { return isLive }
    if a.severity != b.severity { return a.severity > b.severity }
    if a.rule != b.rule { return a.rule < b.rule }
    if let (x, y) = zip(a.places, b.places).first(where: { !Place.same($0, $1) }) {
      return Place.precedes(x, y)
    }
    if a.places.count != b.places.count { return a.places.count > b.places.count }
    return a.fingerprint < b.fingerprint
  }
}

extension Place {
  fileprivate static func same(_ a: Place, _ b: Place) -> Bool {
    !precedes(a, b) && !precedes(b, a)
  }

  /// The order of places: by target, path and offset.
  package static func precedes(_ a: Place, _ b: Place) -> Bool {
    if a.target != b.target { return a.target < b.target }
    if a.path != b.path { return a.path < b.path }
    let (x, y) = (a.region?.offset ?? -1, b.region?.offset ?? -1)
    if x != y { return x < y }
    // Commits, tags and blobs that nothing names have no path.
    return (a.commit ?? "", a.blob ?? "") < (b.commit ?? "", b.blob ?? "")
  }
}
