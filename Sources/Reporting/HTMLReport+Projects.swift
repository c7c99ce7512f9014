internal import Model

extension HTMLReport {
  /// The findings of each Google Cloud project, and what they open together.
  func writeProjects(_ html: inout HTMLWriter) {
    guard !report.projects.isEmpty else { return }
    html.markup("<section aria-labelledby='projects-heading'>\n")
    html.markup("<h2 id='projects-heading'>Google Cloud projects</h2>\n")
    for group in report.projects {
      html.text(group.project.words, between: "<h3>", and: "</h3>\n")
      if !group.opens.isEmpty {
        html.text(
          group.opens.joined(separator: "; "), between: "<p>Together they open: ", and: "</p>\n")
      }
      html.markup("<ul class='subjects'>\n")
      for fingerprint in group.findings {
        guard let finding = report.findings.first(where: { $0.fingerprint == fingerprint }) else {
          continue
        }
        html.text(finding.severity.rawValue, between: "<li>", and: ": <code>")
        html.text(finding.rule.description, between: "", and: "</code>")
        if let place = finding.mainPlace {
          html.text(place.name(in: report.targets), between: " <code>", and: "</code>")
        }
        html.markup("</li>\n")
      }
      html.markup("</ul>\n")
    }
    html.markup("</section>\n")
  }
}
