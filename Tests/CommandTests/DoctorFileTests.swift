import TestSupport
import Testing

/// What `keyscan doctor` says of profiles, scripts and files of environment variables.
struct DoctorFileTests {
  private let patient: Patient
  private var folder: TemporaryFolder { patient.folder }
  private var key: String { patient.key }
  private var other: String { patient.other }
  private var standard: String { patient.standard }

  init() throws {
    patient = try Patient()
  }

  // MARK: Profiles

  @Test func `a profile that the session has not reloaded is a fault`() throws {
    try folder.write("home/.bashrc", "export GEMINI_API_KEY=\"\(key)\"\n")
    let bash = ["SHELL": "/bin/bash"]
    let older = try patient.diagnose(bash.merging(["GEMINI_API_KEY": other]) { $1 })
    #expect(older.status == 1 && older.state("profiles") == "fault")
    #expect(older.saw("profiles").contains("another value than this process has"))
    #expect(older.advice("profiles").contains("source ~/.bashrc"))
    let without = try patient.diagnose(bash)
    #expect(without.saw("profiles").contains("this process does not have it"))
    let same = try patient.diagnose(bash.merging(["GEMINI_API_KEY": key]) { $1 })
    #expect(same.status == 0 && same.state("profiles") == "ok")
    let foreign = try patient.diagnose(["SHELL": "/bin/zsh"])
    #expect(foreign.saw("profiles").contains("~/.bashrc is not read by your login shell"))
  }

  @Test func `how a profile is written decides whether programs get the key`() throws {
    func profile(_ line: String, _ name: String = ".bashrc") throws -> Patient.Diagnosis {
      try folder.write("home/\(name)", line + "\n")
      defer { try? folder.remove("home/\(name)") }
      return try patient.diagnose(["GEMINI_API_KEY": key])
    }
    #expect(try profile("GEMINI_API_KEY=\(key)").saw("profiles").contains("is not exported"))
    #expect(
      try profile("export GEMINI_API_KEY = \(key)").saw("profiles").contains(
        "blanks around the sign"))
    #expect(try profile("# export GEMINI_API_KEY=\(key)").state("profiles") == "hint")
    #expect(
      try profile("export GEMINI_API_KEY=\(other)\nexport GEMINI_API_KEY=\(key)").saw("profiles")
        .contains("line 2 wins over 1"))
    #expect(try profile("export GEMINI_API_KEY=\(key)").state("profiles") == "ok")
    let fish = ".config/fish/config.fish"
    #expect(try profile("set GEMINI_API_KEY \(key)", fish).advice("profiles").contains("set -gx"))
    #expect(try profile("set -gx GEMINI_API_KEY \(key)", fish).state("profiles") == "ok")
    let shell = ".config/powershell/Microsoft.PowerShell_profile.ps1"
    #expect(try profile("$GEMINI_API_KEY = '\(key)'", shell).advice("profiles").contains("$env:"))
    #expect(try profile("$env:GEMINI_API_KEY = '\(key)'", shell).state("profiles") == "ok")
    #expect(
      try profile("setx GEMINI_API_KEY \"\(key)\"", shell).saw("profiles")
        .contains("windows that are opened afterwards"))
  }

  @Test func `scripts for Windows' prompt are read in the project`() throws {
    try folder.write("app/start.bat", "@echo off\r\nset GEMINI_API_KEY=\"\(key)\"\r\n")
    let quoted = try patient.diagnose(["GEMINI_API_KEY": other])
    #expect(quoted.state("shape") == "fault")
    #expect(quoted.saw("shape").contains("(start.bat:2): quotation marks"))
    try folder.write("app/start.bat", "set GEMINI_API_KEY=\(key)\r\n")
    #expect(try patient.diagnose(["GEMINI_API_KEY": other]).status == 0)
  }

  @Test func `profiles with different keys contradict each other`() throws {
    try folder.write("home/.bashrc", "export GEMINI_API_KEY=\(key)\n")
    try folder.write("home/.bash_profile", "export GEMINI_API_KEY=\(other)\n")
    let diagnosis = try patient.diagnose(["GEMINI_API_KEY": key, "SHELL": "/bin/bash"])
    #expect(diagnosis.state("profiles") == "hint")
    #expect(diagnosis.saw("profiles").contains("to different keys"))
  }

  // MARK: Files of environment variables

  @Test func `the key of a file is found, and the exported one wins over it`() throws {
    try folder.write("app/.env", "GEMINI_API_KEY=\(key)\n")
    let file = try patient.diagnose()
    #expect(file.status == 0)
    #expect(file.saw("dotenv").contains("gemini-cli takes GEMINI_API_KEY from .env:1 (key A)"))
    #expect(file.saw("dotenv").contains("python-dotenv takes GEMINI_API_KEY from .env:1 (key A)"))
    let old = try patient.diagnose(["GEMINI_API_KEY": other])
    #expect(old.status == 1 && old.state("dotenv") == "fault")
    #expect(
      old.saw("dotenv").contains("set in the process to another value, which wins over .env:1"))
    #expect(try patient.diagnose(["GEMINI_API_KEY": key]).state("dotenv") == "ok")
    #expect(try patient.diagnose(["GEMINI_API_KEY": ""]).saw("dotenv").contains("an empty value"))
  }

  @Test func `a folder of that name stops the search`() throws {
    try folder.makeFolder("app/.env")
    try folder.write("home/.env", "GEMINI_API_KEY=\(key)\n")
    let diagnosis = try patient.diagnose()
    #expect(diagnosis.status == 1 && diagnosis.state("dotenv") == "fault")
    #expect(diagnosis.saw("dotenv").contains(".env is a folder, where tools look for a file"))
    #expect(diagnosis.saw("dotenv").contains("gemini-cli never comes to ~/.env:1"))
    try folder.write("app/.env/pyvenv.cfg", "")
    #expect(try patient.diagnose().saw("dotenv").contains("a Python virtual environment"))
  }

  @Test func `a file without the key stops gemini-cli before the one that has it`() throws {
    try folder.write("app/.env", "OTHER=1\n")
    try folder.write("home/.gemini/.env", "GEMINI_API_KEY=\(key)\n")
    let stopped = try patient.diagnose()
    #expect(stopped.state("dotenv") == "fault")
    #expect(stopped.saw("dotenv").contains("gemini-cli stops at .env, which has no key"))
    try folder.remove("app/.env")
    #expect(try patient.diagnose().state("dotenv") == "ok")
  }

  @Test func `what editors and shells make of a file is told`() throws {
    func file(_ bytes: [UInt8]) throws -> Patient.Diagnosis {
      try folder.write("app/.env", bytes)
      return try patient.diagnose()
    }
    let line = Array("GEMINI_API_KEY=\(key)\n".utf8)
    let wide = try file([0xFF, 0xFE] + line.flatMap { [$0, 0] })
    #expect(wide.status == 1 && wide.saw("dotenv").contains("is UTF-16"))
    #expect(try file([0xEF, 0xBB, 0xBF] + line).saw("dotenv").contains("byte order mark"))
    #expect(try file(line.dropLast() + [0x0D, 0x0A]).saw("dotenv").contains("Windows' line ends"))
    #expect(try file(line + [0x41, 0x3D, 0xFF, 0x0A]).status == 0)
    let large = try file(line + [UInt8](repeating: 0x23, count: 1 << 20))
    #expect(large.saw("dotenv").contains("more than 1 MiB"))
    #expect(try file(line).state("dotenv") == "ok")
  }

  @Test func `how a line is written is told`() throws {
    func line(_ text: String) throws -> Patient.Diagnosis {
      try folder.write("app/.env", text + "\n")
      return try patient.diagnose()
    }
    #expect(try line("GEMINI_API_KEY = \(key)").saw("dotenv").contains("blanks around the sign"))
    #expect(try line("GEMINI_API_KEY: \(key)").saw("dotenv").contains("a colon for a sign"))
    #expect(try line("GEMINI_API_KEY=\"\(key)").saw("dotenv").contains("is not closed"))
    #expect(try line("GEMINI_API_KEY=\(key)#mine").status == 1)
    #expect(try line("GEMINI_API_KEY=\(key) # mine").status == 0)
    #expect(try line("GEMINI_API_KEY=\"\(key)\"").status == 0)
    #expect(try line("GEMINI_API_KEY='\(key) '").saw("shape").contains("a blank behind it"))
    #expect(try line("#GEMINI_API_KEY=\(key)").saw("dotenv").contains("is commented out"))
    #expect(
      try line("GEMINI_API_KEY=\(key)\nGEMINI_API_KEY=\(other)").saw("dotenv")
        .contains("line 2 wins over 1"))
    #expect(
      try line("GEMINI_API_KEY=\(key)\nGOOGLE_API_KEY=\(other)").saw("dotenv")
        .contains("to different values"))
    #expect(
      try line("VITE_GEMINI_API_KEY=\(key)").saw("dotenv").contains("what every visitor gets"))
    #expect(try line("gemini_api_key=\(key)").saw("dotenv").contains("written in small letters"))
    #expect(try line("GEMINI_KEY=\(key)").saw("dotenv").contains("reads the name GEMINI_KEY"))
  }

  @Test func `links and FIFOs are told, and nobody waits for them`() throws {
    try folder.write("app/real", "GEMINI_API_KEY=\(key)\n")
    try folder.link("app/.env", to: "real")
    #expect(try patient.diagnose().saw("dotenv").contains(".env is a symbolic link"))
    try folder.remove("app/.env")
    try folder.link("app/.env", to: "nowhere")
    #expect(try patient.diagnose().saw("dotenv").contains("a link to where nothing is"))
    try folder.remove("app/.env")
    try folder.link("app/.env", to: ".env")
    #expect(try patient.diagnose().saw("dotenv").contains("cannot be looked at"))
    try folder.remove("app/.env")
    _ = try Tool.run("/usr/bin/env", ["mkfifo", folder.at("app/.env"), folder.at("home/.bashrc")])
    let fifo = try patient.diagnose(["GEMINI_API_KEY": key])
    #expect(fifo.status == 0 && fifo.saw("dotenv").contains("was not opened"))
    #expect(fifo.saw("profiles").contains("~/.bashrc is no regular file"))
  }

  @Test func `Next and Vite are told where a project uses them`() throws {
    try folder.write("app/.env.local", "GEMINI_API_KEY=\(key)\n")
    #expect(!(try patient.diagnose().saw("dotenv").contains("Vite")))
    try folder.write("app/vite.config.ts", "")
    try folder.write("app/next.config.mjs", "")
    let diagnosis = try patient.diagnose()
    #expect(
      diagnosis.saw("dotenv").contains("Vite (development) takes GEMINI_API_KEY from .env.local"))
    #expect(diagnosis.saw("dotenv").contains("Next.js (development) takes"))
  }
}
