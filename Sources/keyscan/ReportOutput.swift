import Files
import Model
import Reporting

/// Writes a report where the user wants it.
struct ReportOutput {
  let options: ReportOptions
  let console: Console
  /// When the run began, in seconds since 1970.
  var start = CurrentProcess.time

  /// Writes the report, in every form that is wanted, and returns the status of the run.
  func write(_ report: Report) -> ExitStatus {
    var status = report.status
    if options.isWanted(.github), let path = CurrentProcess.variable("GITHUB_STEP_SUMMARY"),
      !path.isEmpty
    {
      let summary = GitHubReport(report, showsSecrets: false).summary()
      do throws(FileError) {
        try OutputFile.append(summary, to: Array(path.utf8))
      } catch {
        console.note("cannot write the step summary: \(error.reason)")
      }
    }
    for file in options.files {
      if !write(bytes(of: report, as: file.format), to: file.path) { status = .cannotWrite }
    }
    if let output = options.output {
      if write(bytes(of: report, as: options.format), to: output) {
        if !console.settings.quiet {
          let count = report.findings.count
          console.note("\(count) finding\(count == 1 ? "" : "s"); the report is in \(output)")
        }
      } else {
        status = .cannotWrite
      }
      return status
    }
    do throws(FileError) {
      try StandardStream.output.write(bytes(of: report, as: options.format))
    } catch {
      // Whoever reads only the beginning, as `head` does, has seen enough.
      if error.isClosedPipe { return status }
      console.note("cannot write the report: \(error.reason): standard output")
      return .cannotWrite
    }
    return status
  }

  /// Returns whether it could be written; why not is said.
  private func write(_ bytes: [UInt8], to path: String) -> Bool {
    do throws(FileError) {
      try OutputFile.write(
        bytes, to: Array(path.utf8), privacy: options.showSecrets ? .owner : .usual)
      return true
    } catch {
      console.note("cannot write the report: \(error.reason): \(path)")
      return false
    }
  }

  private func bytes(of report: Report, as format: Format) -> [UInt8] {
    let showsSecrets = options.showSecrets
    return switch format {
    case .text: TextReport(report, style: console.style(for: options)).document()
    case .json: JSONReport(report, showsSecrets: showsSecrets).document()
    case .jsonl: JSONReport(report, showsSecrets: showsSecrets).lines()
    case .sarif:
      SARIFReport(
        report,
        options: SARIFReport.Options(
          showsSecrets: showsSecrets, omitsHistory: options.sarifHistory == .omit)
      ).document()
    case .markdown: MarkdownReport(report, showsSecrets: showsSecrets).document()
    case .html: HTMLReport(report, showsSecrets: showsSecrets).document()
    case .junit: JUnitReport(report, showsSecrets: showsSecrets).document()
    case .github: GitHubReport(report, showsSecrets: showsSecrets).document()
    case .gitlab:
      GitLabReport(report, showsSecrets: showsSecrets, start: start, end: CurrentProcess.time)
        .document()
    }
  }
}
