import Doctor
import Testing

/// What profiles, scripts and files of environment variables assign.
struct DefinitionTests {
  /// `NAME=value` and the traits, a definition a line.
  private func told(_ definitions: [Definition]) -> [String] {
    definitions.map { definition in
      let traits = definition.traits.map { "\($0)" }.filter { !$0.hasPrefix("numberSign") }.sorted()
      return
        "\(definition.line) \(definition.name)=\(String(decoding: definition.value, as: UTF8.self))"
        + (traits.isEmpty ? "" : " [\(traits.joined(separator: " "))]")
    }
  }

  private func posix(_ text: String) -> [String] {
    told(ShellProfile.definitions(in: Array(text.utf8), isFish: false))
  }

  private func fish(_ text: String) -> [String] {
    told(ShellProfile.definitions(in: Array(text.utf8), isFish: true))
  }

  private func powerShell(_ text: String) -> [String] {
    told(WindowsScript.definitions(in: Array(text.utf8), .powerShell))
  }

  private func prompt(_ text: String) -> [String] {
    told(WindowsScript.definitions(in: Array(text.utf8), .commandPrompt))
  }

  private func dotenv(_ text: String) -> [String] {
    told(DotenvText(Array(text.utf8)).definitions)
  }

  @Test(arguments: [
    ("export GEMINI_API_KEY=\"v\"", "1 GEMINI_API_KEY=v [exported quoted]"),
    ("export GEMINI_API_KEY='v w'", "1 GEMINI_API_KEY=v w [exported quoted]"),
    ("export GEMINI_API_KEY=v # mine", "1 GEMINI_API_KEY=v [exported]"),
    ("  export GEMINI_API_KEY=v\r", "1 GEMINI_API_KEY=v [exported]"),
    ("GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v"),
    ("GEMINI_API_KEY=v gemini -p hi", "1 GEMINI_API_KEY=v [oneCommandOnly]"),
    ("GEMINI_API_KEY=v; export GEMINI_API_KEY", "1 GEMINI_API_KEY=v [exported]"),
    ("GEMINI_API_KEY=v\nexport GEMINI_API_KEY", "1 GEMINI_API_KEY=v [exported]"),
    ("set -a\nGEMINI_API_KEY=v\nset +a", "2 GEMINI_API_KEY=v [exported]"),
    ("declare -gx GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [exported]"),
    ("typeset -x GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [exported]"),
    ("cd /tmp && export GOOGLE_API_KEY=v", "1 GOOGLE_API_KEY=v [exported]"),
    ("export GEMINI_API_KEY = v", "1 GEMINI_API_KEY=v [exported spacedSign]"),
    ("export GEMINI_API_KEY= v", "1 GEMINI_API_KEY=v [exported spacedSign]"),
    ("# export GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [commentedOut exported]"),
    ("export GEMINI_API_KEY=\"v", "1 GEMINI_API_KEY=v [exported quoted unclosedQuote]"),
    ("export GEMINI_API_KEY=$(pass gemini)", "1 GEMINI_API_KEY=$(pass gemini) [computed exported]"),
    ("export GEMINI_API_KEY=\"$OTHER\"", "1 GEMINI_API_KEY=$OTHER [computed exported quoted]"),
    ("unset GEMINI_API_KEY", "1 GEMINI_API_KEY= [removed]"),
  ])
  func `a shell's forms are read`(text: String, told: String) {
    #expect(posix(text) == [told])
  }

  @Test func `lines that assign nothing of interest are none`() {
    #expect(posix("echo GEMINI_API_KEY=\nPATH=/bin\nif [ -z \"$GEMINI_API_KEY\" ]; then") == [])
    #expect(
      posix("export A=1 GEMINI_API_KEY=v GOOGLE_API_KEY=w")
        == ["1 GEMINI_API_KEY=v [exported]", "1 GOOGLE_API_KEY=w [exported]"])
  }

  @Test(arguments: [
    ("set -gx GEMINI_API_KEY v", "1 GEMINI_API_KEY=v [exported]"),
    ("set -Ux GEMINI_API_KEY 'v'", "1 GEMINI_API_KEY=v [exported quoted]"),
    ("set --global --export GEMINI_API_KEY v", "1 GEMINI_API_KEY=v [exported]"),
    ("set GEMINI_API_KEY v", "1 GEMINI_API_KEY=v"),
    ("set -e GEMINI_API_KEY", "1 GEMINI_API_KEY= [removed]"),
    ("export GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [exported]"),
    ("# set -gx GEMINI_API_KEY v", "1 GEMINI_API_KEY=v [commentedOut exported]"),
  ])
  func `fish's forms are read`(text: String, told: String) {
    #expect(fish(text) == [told])
  }

  @Test(arguments: [
    ("$env:GEMINI_API_KEY = \"v\"", "1 GEMINI_API_KEY=v [exported quoted]"),
    ("$Env:GEMINI_API_KEY='v'", "1 GEMINI_API_KEY=v [exported quoted]"),
    ("${env:GEMINI_API_KEY} = \"v\"", "1 GEMINI_API_KEY=v [exported quoted]"),
    ("$GEMINI_API_KEY = \"v\"", "1 GEMINI_API_KEY=v [quoted]"),
    (
      "[Environment]::SetEnvironmentVariable(\"GEMINI_API_KEY\", \"v\", \"User\")",
      "1 GEMINI_API_KEY=v [exported newWindowsOnly quoted]"
    ),
    (
      "[System.Environment]::SetEnvironmentVariable('GEMINI_API_KEY','v')",
      "1 GEMINI_API_KEY=v [exported quoted]"
    ),
    ("setx GEMINI_API_KEY \"v\"", "1 GEMINI_API_KEY=v [exported newWindowsOnly quoted]"),
    ("# $env:GEMINI_API_KEY = \"v\"", "1 GEMINI_API_KEY=v [commentedOut exported quoted]"),
    ("$env:GEMINI_API_KEY = $other", "1 GEMINI_API_KEY=$other [computed exported]"),
  ])
  func `PowerShell's forms are read`(text: String, told: String) {
    #expect(powerShell(text) == [told])
  }

  @Test(arguments: [
    ("set GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [exported]"),
    ("SET GEMINI_API_KEY=\"v\"\r", "1 GEMINI_API_KEY=\"v\" [exported]"),
    ("set \"GEMINI_API_KEY=v\"", "1 GEMINI_API_KEY=v [exported]"),
    ("@set GEMINI_API_KEY=v& echo on", "1 GEMINI_API_KEY=v [exported]"),
    ("set GEMINI_API_KEY = v", "1 GEMINI_API_KEY= v [exported spacedSign]"),
    ("setx GEMINI_API_KEY v /M", "1 GEMINI_API_KEY=v [exported newWindowsOnly]"),
    ("rem set GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [commentedOut exported]"),
    (":: set GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [commentedOut exported]"),
    ("set GEMINI_API_KEY=%OTHER%", "1 GEMINI_API_KEY=%OTHER% [computed exported]"),
  ])
  func `the command prompt's forms are read`(text: String, told: String) {
    #expect(prompt(text) == [told])
  }

  @Test(arguments: [
    ("GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v"),
    ("\u{FEFF}GEMINI_API_KEY=v\r", "1 GEMINI_API_KEY=v"),
    ("export GEMINI_API_KEY=\"v\"", "1 GEMINI_API_KEY=v [exported quoted]"),
    ("GEMINI_API_KEY = v", "1 GEMINI_API_KEY=v [spacedSign]"),
    ("GEMINI_API_KEY: v", "1 GEMINI_API_KEY=v [colon]"),
    ("GEMINI_API_KEY=v # mine", "1 GEMINI_API_KEY=v"),
    ("GEMINI_API_KEY=v#mine", "1 GEMINI_API_KEY=v#mine"),
    ("#GEMINI_API_KEY=v", "1 GEMINI_API_KEY=v [commentedOut]"),
    ("GEMINI_API_KEY='v", "1 GEMINI_API_KEY='v [unclosedQuote]"),
    ("GEMINI_API_KEY=\"v\nw\"", "1 GEMINI_API_KEY=v\nw [quoted]"),
    ("GEMINI_API_KEY=", "1 GEMINI_API_KEY="),
    ("GEMINI_API_KEY=${OTHER}", "1 GEMINI_API_KEY=${OTHER} [computed]"),
    ("VITE_GEMINI_API_KEY=v", "1 VITE_GEMINI_API_KEY=v"),
    ("OTHER=1\nGEMINI_API_KEY=v", "2 GEMINI_API_KEY=v"),
  ])
  func `forms of a file of environment variables are read`(text: String, told: String) {
    #expect(dotenv(text) == [told])
  }

  @Test func `of several assignments the last one counts, and readers cut at different signs`() {
    let text = DotenvText(Array("GEMINI_API_KEY=a\n#GEMINI_API_KEY=c\nGEMINI_API_KEY=b#x\n".utf8))
    let last = text.definition(of: "GEMINI_API_KEY")
    #expect(last?.line == 3)
    #expect(last?.value == Array("b#x".utf8) && last?.shortValue == Array("b".utf8))
    #expect(text.definition(of: "GOOGLE_API_KEY") == nil)
  }

  @Test func `marks of editors are seen`() {
    #expect(DotenvText(Array("\u{FEFF}A=b\r\n".utf8)).hasByteOrderMark)
    #expect(DotenvText(Array("A=b\r\n".utf8)).hasCarriageReturns)
    #expect(!DotenvText(Array("A=b\n".utf8)).hasCarriageReturns)
  }
}
