internal import Model

extension HTMLReport {
  /// How many places of one finding are shown at once.
  private static let shownPlaces = 5
  /// How many findings a browser lays out at once, and how many of such batches it keeps watch of
  /// only when they are near: more at once takes longer than a frame, and so does watching more.
  private static let batch = 10
  private static let sheet = 20 * batch

  // MARK: The filter

  /// The controls that the script works with; without scripts they are not shown.
  func writeFilter(_ html: inout HTMLWriter) {
    guard report.findings.count > 1 else { return }
    html.markup("<form id='filter' class='filter' role='search' aria-label='Filter findings'>\n")
    html.markup("<p><label for='words'>Search</label> <input type='search' id='words' ")
    html.markup("name='words' autocomplete='off' spellcheck='false'></p>\n")
    html.markup("<fieldset><legend>Severity</legend>")
    for severity in Severity.allCases.reversed() {
      html.markup("<label><input type='checkbox' name='severity' checked value='")
      html.text(severity.rawValue, between: "", and: "'> ")
      html.text(severity.rawValue, between: "", and: "</label>")
    }
    html.markup("</fieldset>\n<p><label for='standing'>Stands in</label> ")
    html.markup("<select id='standing' name='standing'><option value=''>anything</option>")
    let standings = report.findings.reduce(into: Standings()) {
      $0.formUnion(Standings($1.standsIn))
    }
    for standing in standings.members {
      html.text(standing.rawValue, between: "<option value='", and: "'>")
      html.text(standing.name, between: "", and: "</option>")
    }
    html.markup("</select></p>\n<p><label for='rule'>Rule</label> ")
    html.markup("<select id='rule' name='rule'><option value=''>any</option>")
    for (number, rule) in rules.enumerated() {
      html.markup("<option value='")
      html.number(number)
      html.text(rule.id.description, between: "'>", and: " (")
      html.text(rule.count.grouped, between: "", and: ")</option>")
    }
    html.markup("</select></p>\n<p><button type='reset'>Show all</button></p>\n")
    html.markup("<p id='matches' class='matches' role='status' aria-live='polite'></p>\n")
    html.markup("</form>\n")
  }

  // MARK: Findings

  func writeFindings(_ html: inout HTMLWriter) {
    if report.findings.isEmpty { html.markup("<p>None.</p>\n") }
    // What is known to be alive comes first, as in every report.
    for isLive in [true, false] {
      for severity in Severity.allCases.reversed() {
        let findings = report.findings.filter {
          $0.severity == severity && ($0.verdict?.state == .live) == isLive
        }
        if !findings.isEmpty { writeGroup(findings, severity, isLive: isLive, &html) }
      }
    }
  }

  private func writeGroup(
    _ findings: [Finding], _ severity: Severity, isLive: Bool, _ html: inout HTMLWriter
  ) {
    html.text(severity.rawValue, between: "<section class='group ", and: "' data-severity='")
    html.text(severity.rawValue, between: "", and: "'>\n<h3>")
    html.text(severity.rawValue, between: "", and: isLive ? ", alive " : " ")
    html.text(findings.count.grouped, between: "<span class='quiet'>", and: "</span></h3>\n")
    for sheet in stride(from: 0, to: findings.count, by: Self.sheet) {
      html.markup("<div class='batch'>\n")
      let end = min(sheet + Self.sheet, findings.count)
      for start in stride(from: sheet, to: end, by: Self.batch) {
        html.markup("<div class='batch'>\n")
        for finding in findings[start..<end].prefix(Self.batch) { write(finding, &html) }
        html.markup("</div>\n")
      }
      html.markup("</div>\n")
    }
    html.markup("</section>\n")
  }

  private func write(_ finding: Finding, _ html: inout HTMLWriter) {
    let standings = finding.standsIn
    let fingerprint = finding.fingerprint.description
    let number = ruleNumbers[finding.rule] ?? 0
    html.text(fingerprint, between: "<article id='finding-", and: "' data-rule='")
    html.number(number)
    html.markup("' data-standing='")
    for (i, standing) in standings.enumerated() {
      html.text(standing.rawValue, between: i == 0 ? "" : " ", and: "")
    }
    html.text(finding.severity.rawValue, between: "'>\n<h4><span class='badge'>", and: "</span> ")
    html.text(fingerprint, between: "<a href='#finding-", and: "'>")
    html.text(finding.title, between: "", and: "</a></h4>\n<p class='quiet'>")
    if explained.contains(finding.rule) {
      html.markup("<a href='#rule-")
      html.number(number)
      html.text(finding.rule.description, between: "'>", and: "</a>")
    } else {
      html.text(finding.rule.description)
    }
    html.text(finding.provider, between: " · ", and: " · ")
    html.text(finding.confidence.rawValue, between: "", and: " confidence</p>\n")
    writeFacts(of: finding, standings, &html)
    for note in finding.notes { html.text(note, between: "<p>Note: <bdi>", and: "</bdi></p>\n") }
    writePlaces(of: finding, &html)
    if !finding.advice.isEmpty {
      html.markup("<h5>What to do</h5>\n<ol>")
      for step in finding.advice { html.text(step, between: "<li>", and: "</li>") }
      html.markup("</ol>\n")
    }
    if !finding.repair.isEmpty {
      // Not folded: Chromium takes a tenth of a second to hide any one of very many folds.
      html.markup("<h5>Repair plan</h5>\n<pre class='repair'>")
      for line in finding.repair { html.text(line, between: "", and: "\n") }
      html.markup("</pre>\n")
    }
    html.markup("</article>\n")
  }

  private func writeFacts(
    of finding: Finding, _ standings: [Standing], _ html: inout HTMLWriter
  ) {
    html.markup("<dl>\n")
    if let secret = finding.secret {
      html.markup("<dt>Secret</dt><dd><code>")
      if showsSecrets {
        html.text(secret.shown(inClear: true))
      } else {
        html.text(secret.redacted)
      }
      html.markup("</code></dd>\n")
    }
    html.text(standings.names, between: "<dt>Stands in</dt><dd>", and: "")
    html.markup(
      standings.contains { $0.counts } ? "</dd>\n" : " (a push does not send this)</dd>\n")
    html.markup("<dt>Published</dt><dd>")
    switch finding.published {
    case .yes: html.markup("yes: a remote-tracking branch reaches it")
    case .no: html.markup("no")
    case .unknown: html.markup("not known; better taken for yes")
    }
    html.text(
      finding.fingerprint.description, between: "</dd>\n<dt>Fingerprint</dt><dd><code>",
      and: "</code> <button type='button' aria-label='Copy fingerprint'>Copy</button></dd>\n")
    if !finding.alsoMatched.isEmpty {
      let others = finding.alsoMatched.map(\.description).joined(separator: ", ")
      html.text(others, between: "<dt>Also matched</dt><dd>", and: "</dd>\n")
    }
    html.markup("</dl>\n")
  }

  // MARK: Places

  private func writePlaces(of finding: Finding, _ html: inout HTMLWriter) {
    let standings = Set(finding.places.map(\.standsIn))
    let shown = finding.places.prefix(Self.shownPlaces)
    let rest = finding.places.dropFirst(Self.shownPlaces)
    for place in shown { write(place, showsStanding: standings.count > 1, &html) }
    guard !rest.isEmpty else { return }
    html.text(rest.count.counted("more place"), between: "<details><summary>", and: "")
    html.markup("</summary>\n")
    for place in rest { write(place, showsStanding: standings.count > 1, &html) }
    html.markup("</details>\n")
  }

  private func write(_ place: Place, showsStanding: Bool, _ html: inout HTMLWriter) {
    html.markup("<div class='place'><p><code>")
    writeName(of: place, &html)
    html.markup("</code>")
    if let cell = place.region?.cellWords { html.text(cell, between: " (", and: ")") }
    if report.targets.count > 1, report.targets.indices.contains(place.target) {
      html.text(report.targets[place.target].path, between: " of <code>", and: "</code>")
    }
    if showsStanding {
      html.text(place.standsIn.members.names, between: " <span>in ", and: "</span>")
    }
    html.markup("</p>\n")
    writeStory(of: place, &html)
    if !place.decoded.isEmpty {
      let layers = place.decoded.joined(separator: ", ")
      html.text(layers, between: "<p class='quiet'>Read through ", and: ".</p>\n")
    }
    if let frame = place.frame { write(frame, &html) }
    html.markup("</div>\n")
  }

  private func writeName(of place: Place, _ html: inout HTMLWriter) {
    switch place.kind {
    case .file:
      if report.targets.indices.contains(place.target) {
        html.text(report.targets[place.target].prefix)
      }
      // By itself, so that right-to-left letters in it do not move what stands after it.
      html.text(place.path, between: "<bdi>", and: "</bdi>")
    case .name: html.text(place.path, between: "the name <bdi>", and: "</bdi>")
    case .object:
      if let commit = place.commit {
        html.text(String(commit.prefix(12)), between: "commit ", and: "")
      } else {
        html.text(String(place.blob?.prefix(12) ?? "?"), between: "blob ", and: "")
      }
    }
    if let region = place.region { html.text(":\(region.line):\(region.column)") }
  }

  /// Who brought it, when, how long it stayed and what took it away.
  private func writeStory(of place: Place, _ html: inout HTMLWriter) {
    guard place.commit != nil || place.past != nil else { return }
    html.markup("<p class='quiet'>")
    if let commit = place.commit {
      html.text(String(commit.prefix(12)), between: "Commit <code>", and: "</code>")
      if let date = place.past?.date {
        html.text(Instant.text(date), between: " of <time>", and: "</time>")
      }
      if let author = place.past?.author {
        html.text(author, between: " by <bdi>", and: "</bdi>")
      }
      if let subject = place.past?.subject {
        html.text(subject, between: ": <q>", and: "</q>")
      }
      html.markup(". ")
    }
    if let past = place.past {
      html.text(past.versions.counted("version"), between: "", and: "")
      if let first = past.first { html.text(Instant.day(first), between: ", from ", and: "") }
      if let last = past.last { html.text(Instant.day(last), between: " to ", and: "") }
      html.markup(".")
      if let removed = past.removed {
        html.text(
          String(removed.prefix(12)), between: " Gone with commit <code>", and: "</code>.")
      }
    }
    html.markup("</p>\n")
  }

  /// The masked lines; spans are blocks, so no line break stands between them.
  private func write(_ frame: Frame, _ html: inout HTMLWriter) {
    html.markup("<pre>")
    for line in frame.lines {
      html.markup("<span><i>")
      html.number(line.number)
      html.markup("</i>")
      let bytes = line.text.bytes
      if let marked = line.marked {
        let start = max(0, min(marked.lowerBound, bytes.count))
        let end = max(start, min(marked.upperBound, bytes.count))
        html.text(ForeignText(Array(bytes[..<start])))
        html.text(ForeignText(Array(bytes[start..<end])), between: "<mark>", and: "</mark>")
        html.text(ForeignText(Array(bytes[end...])))
      } else {
        html.text(line.text)
      }
      html.markup("</span>")
    }
    html.markup("</pre>\n")
  }
}
