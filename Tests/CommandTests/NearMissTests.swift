import Foundation
import TestSupport
import Testing

/// What is said of a word that is nearly right.
struct NearMissTests {
  private let folder = TemporaryFolder()

  private func errors(_ arguments: String...) throws -> (status: Int32, first: String) {
    let run = try Keyscan.run(arguments, in: folder.path)
    return (run.status, run.errors.split(separator: "\n").first.map(String.init) ?? "")
  }

  @Test func `a mistyped option is told the one that was meant`() throws {
    #expect(
      try errors("--no-histroy")
        == (64, "Error: Unknown option '--no-histroy'. Did you mean '--no-history'?"))
    #expect(
      try errors("baseline", "add", "--resaon", "0123456")
        == (64, "Error: Unknown option '--resaon'. Did you mean '--reason'?"))
  }

  @Test(arguments: [
    ("basline", "keyscan baseline"), ("hok", "keyscan hook"), ("instal", "keyscan hook install"),
    ("prune", "keyscan baseline prune"),
  ])
  func `a mistyped command is no path to scan`(word: String, meant: String) throws {
    #expect(
      try errors(word)
        == (
          66, "keyscan: cannot scan \(word): No such file or directory; did you mean \(meant)?"
        ))
    // With options that only the command has, too.
    #expect(
      try errors(word, "--reason", "x")
        == (64, "Error: There is no command and no path \(word); did you mean \(meant)?"))
  }

  @Test func `a mistyped command below another is told the one that was meant`() throws {
    #expect(
      try errors("hook", "instal")
        == (64, "Error: keyscan hook has no command instal; did you mean keyscan hook install?"))
    #expect(
      try errors("rules", "everything")
        == (
          64,
          "Error: keyscan rules has no command everything; keyscan rules --help names the commands"
        ))
  }

  @Test func `a word that is like no command leads to the list of them`() throws {
    let end = "keyscan --help names the commands"
    #expect(
      try errors("validate")
        == (66, "keyscan: cannot scan validate: No such file or directory; \(end)"))
    #expect(
      try errors("validate", "--live")
        == (64, "Error: There is no command and no path validate; \(end)"))
  }

  @Test func `a path is not taken for a command`() throws {
    try folder.write("basline", "nothing\n")
    #expect(try errors("basline").status == 0)
    #expect(try errors("basline", "--mistaken") == (64, "Error: Unknown option '--mistaken'"))
    for word in ["./hok", "hok.txt", "Hok"] {
      #expect(
        try errors(word) == (66, "keyscan: cannot scan \(word): No such file or directory"))
    }
    #expect(
      try errors("scan", "hok") == (66, "keyscan: cannot scan hok: No such file or directory"))
  }

  @Test func `a mistyped rule id is told the one that was meant`() throws {
    let list = "keyscan rules list names them all"
    #expect(
      try errors("explain", "google.api-kye")
        == (
          64,
          "keyscan: there is no rule “google.api-kye”; \(list); did you mean google.api-key?"
        ))
    #expect(
      try errors("explain", "nothing.at-all")
        == (64, "keyscan: there is no rule “nothing.at-all”; \(list)"))
  }
}
