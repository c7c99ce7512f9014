import Foundation
import TestSupport
import Testing

/// What shells offer to complete a command line with.
struct CompletionTests {
  private let folder = TemporaryFolder()

  init() throws {
    let script = try Keyscan.run(["--generate-completion-script", "bash"], in: folder.path)
    try folder.write("completions", script.text)
    try folder.write("work/sources/a", "")
    // Asks as bash itself does: for the last of the words, with the function that is registered.
    try folder.write(
      "ask",
      """
      source ../completions
      keyscan() { '\(Keyscan.program)' "$@"; }
      COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      function=$(complete -p keyscan | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
      "$function" keyscan "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      for word in "${COMPREPLY[@]}"; do echo "$word"; done
      """)
  }

  /// What bash offers for the last word of `keyscan` and `words`.
  private func offers(_ words: String...) throws -> Set<String> {
    let output = try Tool.run(
      "/usr/bin/env", ["bash", "--norc", "../ask", "keyscan"] + words, in: folder.at("work"))
    #expect(output.errors == "" && output.status == 0, "\(words)")
    return Set(output.lines)
  }

  @Test func `bash completes commands and their options`() throws {
    #expect(try offers("b") == ["baseline"])
    #expect(try offers("hook", "inst") == ["install"])
    #expect(try offers("baseline", "add", "--unt") == ["--until"])
    #expect(try offers("hook", "install", "pre-p") == ["pre-push"])
  }

  @Test func `bash completes options without the word scan`() throws {
    #expect(try offers("--no-hist") == ["--no-history"])
    #expect(try offers(".", "--no-hist") == ["--no-history"])
    #expect(try offers("scan", "--no-hist") == ["--no-history"])
    #expect(try offers("--staged", "--qu") == ["--quiet"])
  }

  @Test func `bash completes the values of options`() throws {
    #expect(try offers("--format", "j") == ["json", "jsonl", "junit"])
    #expect(try offers("--fail-on", "") == ["low", "medium", "high", "critical", "live", "never"])
    #expect(try offers("scan", "--min-confidence", "m") == ["medium"])
    #expect(try offers("--report", "sar") == ["sarif="])
  }

  @Test func `bash completes rule ids`() throws {
    #expect(try offers("--rule", "google.app-p") == ["google.app-password"])
    #expect(
      try offers("--rule", "a", "--no-rule", "dotenv.") == [
        "dotenv.plaintext", "dotenv.tracked", "dotenv.unignored",
      ])
    #expect(try offers("explain", "github.tok") == ["github.token"])
    #expect(try offers("rules", "show", "github.tok") == ["github.token"])
  }

  @Test func `bash completes paths`() throws {
    #expect(try offers("sour") == ["sources"])
    #expect(try offers("--staged", "sour") == ["sources"])
    #expect(try offers("--output", "sour") == ["sources"])
    #expect(try offers("").isSuperset(of: ["sources", "baseline"]))
  }

  @Test(arguments: ["zsh", "fish"])
  func `other shells read a command line without a command as one of scan`(shell: String) throws {
    let script = try Keyscan.run(["--generate-completion-script", shell], in: folder.path)
    #expect(script.status == 0)
    let mark = "# A command line without a command is one of scan."
    #expect(script.text.components(separatedBy: mark).count == 2)
    // Where the shell is installed, it has to be able to read it.
    try folder.write("script", script.text)
    let reading = try Tool.shell(
      "command -v \(shell) >/dev/null || exit 0; \(shell) -n script", in: folder.path)
    #expect(reading.status == 0 && reading.errors == "")
  }
}
