internal import Model

extension HTMLReport {
  /// The time line as a drawing, and the same as a table.
  func writeTimeline(_ html: inout HTMLWriter) {
    let timeline = Timeline(report.findings)
    guard !timeline.periods.isEmpty else { return }
    html.markup("<section aria-labelledby='timeline-heading'>\n")
    html.markup("<h2 id='timeline-heading'>When secrets came in</h2>\n<figure>\n")
    html.markup("<div class='drawing' tabindex='0' role='region' aria-label='Time line'>")
    Drawing(timeline.periods).write(to: &html)
    html.markup("</div>\n<figcaption><ul class='legend'>")
    for severity in Severity.allCases.reversed() {
      html.text(severity.rawValue, between: "<li class='", and: "'>")
      html.text(severity.rawValue, between: "", and: ", came in</li>")
    }
    html.markup("<li class='removed'>taken out of the files</li></ul><p>")
    html.text(timeline.sentence)
    html.markup(" What was taken out can still be read in older commits.</p></figcaption>\n")
    html.markup("</figure>\n<details><summary>The same as a table</summary>")
    html.markup("<div class='drawing' tabindex='0' role='region' aria-label='Table'><table>\n")
    html.markup("<thead><tr><th scope='col'>From</th><th scope='col'>Came in</th>")
    html.markup("<th scope='col'>Taken out</th><th scope='col'>In files then</th></tr></thead>\n")
    for period in timeline.periods where period.allEntered + period.removed > 0 {
      html.text(period.name, between: "<tr><th scope='row'>", and: "</th><td>")
      html.text(period.allEntered.grouped, between: "", and: "</td><td>")
      html.text(period.removed.grouped, between: "", and: "</td><td>")
      html.text(period.standing.grouped, between: "", and: "</td></tr>\n")
    }
    html.markup("</table></div></details>\n</section>\n")
  }
}

extension Timeline {
  /// What the drawing shows, for who does not see it.
  fileprivate var sentence: String {
    let entered = periods.reduce(0) { $0 + $1.allEntered }
    let removed = periods.reduce(0) { $0 + $1.removed }
    let first = periods.first?.name ?? ""
    let last = periods.last?.name ?? ""
    var text = first == last ? "In \(first), " : "From \(first) to \(last), "
    text += "\(entered.counted("secret")) came in and \(removed.grouped) "
    text += removed == 1 ? "was taken out." : "were taken out."
    if undated > 0 {
      text += " Of \(undated.counted("secret")) more there is no date to believe."
    }
    return text
  }
}

/// Bars for what came in, upwards, and for what was taken out, downwards.
private struct Drawing {
  private let periods: [Timeline.Period]
  /// The tallest bars of either side.
  private let mostEntered: Int
  private let mostRemoved: Int
  /// The distance from one bar to the next.
  private let step: Int
  /// Where nothing came in and nothing was taken out.
  private let baseline: Int

  private static let width = 960
  private static let height = 220
  private static let margin = (left: 56, right: 8, top: 20, bottom: 36)
  /// The least that is drawn of anything, so that one among thousands is seen.
  private static let least = 3
  private static let widest = 48
  /// The room that a name of a period takes.
  private static let nameWidth = 84

  init(_ periods: [Timeline.Period]) {
    self.periods = periods
    mostEntered = max(1, periods.map(\.allEntered).max() ?? 1)
    mostRemoved = periods.map(\.removed).max() ?? 0
    let room = Self.width - Self.margin.left - Self.margin.right
    step = min(Self.widest, room / max(1, periods.count))
    let height = Self.height - Self.margin.top - Self.margin.bottom
    baseline = Self.margin.top + height * mostEntered / (mostEntered + mostRemoved)
  }

  func write(to html: inout HTMLWriter) {
    html.markup("<svg viewBox='0 0 ")
    html.number(Self.width)
    html.markup(" ")
    html.number(Self.height)
    html.markup("' role='img' aria-labelledby='drawing-title drawing-description'>\n")
    html.markup("<title id='drawing-title'>When secrets came in and were taken out</title>\n")
    html.markup("<desc id='drawing-description'>Bars over time: upwards how many secrets came ")
    html.markup("in, downwards how many were taken out of the files. The table below has the ")
    html.markup("same numbers.</desc>\n")
    writeAxis(&html)
    let nameEvery = max(1, (Self.nameWidth + step - 1) / step)
    for (i, period) in periods.enumerated() {
      let x = Self.margin.left + i * step
      writeBar(of: period, x: x, &html)
      if i.isMultiple(of: nameEvery), x + Self.nameWidth <= Self.width {
        write(period.name, x: x, y: Self.height - 10, anchor: "start", &html)
      }
    }
    html.markup("</svg>")
  }

  private func writeAxis(_ html: inout HTMLWriter) {
    html.markup("<path class='axis' d='M")
    html.number(Self.margin.left)
    html.markup(" ")
    html.number(baseline)
    html.markup("H")
    html.number(Self.width - Self.margin.right)
    html.markup("'/>\n")
    let x = Self.margin.left - 8
    write(mostEntered.grouped, x: x, y: Self.margin.top + 5, anchor: "end", &html)
    write("0", x: x, y: baseline + 5, anchor: "end", &html)
    guard mostRemoved > 0 else { return }
    let bottom = Self.height - Self.margin.bottom
    // Beside the zero there is no room for a second number.
    guard bottom - baseline >= 14 else { return }
    write(mostRemoved.grouped, x: x, y: bottom + 5, anchor: "end", &html)
  }

  private func writeBar(of period: Timeline.Period, x: Int, _ html: inout HTMLWriter) {
    guard period.allEntered + period.removed > 0 else { return }
    html.text(period.name, between: "<g><title>", and: ": ")
    html.text(period.allEntered.grouped, between: "", and: " came in, ")
    html.text(period.removed.grouped, between: "", and: " taken out</title>")
    var y = baseline
    for severity in Severity.allCases.reversed() {
      guard let count = period.entered[severity] else { continue }
      let height = max(Self.least, (baseline - Self.margin.top) * count / mostEntered)
      y -= height
      write(severity.rawValue, x: x, y: y, height: height, &html)
    }
    if period.removed > 0 {
      let room = Self.height - Self.margin.bottom - baseline
      let height = max(Self.least, room * period.removed / mostRemoved)
      write("removed", x: x, y: baseline, height: height, &html)
    }
    html.markup("</g>\n")
  }

  private func write(
    _ name: String, x: Int, y: Int, height: Int, _ html: inout HTMLWriter
  ) {
    html.text(name, between: "<rect class='", and: "' x='")
    html.number(x + 1)
    html.markup("' y='")
    html.number(y)
    html.markup("' width='")
    html.number(step - 2)
    html.markup("' height='")
    html.number(height)
    html.markup("'/>")
  }

  private func write(
    _ text: String, x: Int, y: Int, anchor: StaticString, _ html: inout HTMLWriter
  ) {
    html.markup("<text x='")
    html.number(x)
    html.markup("' y='")
    html.number(y)
    html.markup("' text-anchor='")
    html.markup(anchor)
    html.text(text, between: "'>", and: "</text>\n")
  }
}
