import Doctor
import TestSupport
import Testing

/// In which order tools look for files of environment variables.
struct DotenvChainTests {
  private let folder = TemporaryFolder()

  private func chain(_ tool: DotenvChain.Tool, from below: String = "app") -> DotenvChain {
    var sights = Sights()
    return DotenvChain(
      tool, from: Array(folder.at(below).utf8), home: Array(folder.at("home").utf8), sights: &sights
    )
  }

  /// The end of the path that the tool takes the key from.
  private func source(_ tool: DotenvChain.Tool, from below: String = "app") -> String? {
    chain(tool, from: below).taken("GEMINI_API_KEY").map {
      String(String(decoding: $0.file.path, as: UTF8.self).dropFirst(folder.path.count + 1))
    }
  }

  @Test func `gemini-cli goes upwards, its own file first, and then home`() {
    let names = DotenvChain.paths(
      of: .geminiCLI, from: Array("/a/b".utf8), home: Array("/home/me".utf8))
    #expect(
      names.map { String(decoding: $0, as: UTF8.self) } == [
        "/a/b/.gemini/.env", "/a/b/.env", "/a/.gemini/.env", "/a/.env", "/.gemini/.env", "/.env",
        "/home/me/.gemini/.env", "/home/me/.env",
      ])
  }

  @Test func `Next and Vite differ in what is stronger`() {
    func names(_ tool: DotenvChain.Tool) -> [String] {
      DotenvChain.paths(of: tool, from: Array("/a".utf8), home: nil).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    #expect(
      names(.next) == [
        "/a/.env.development.local", "/a/.env.local", "/a/.env.development", "/a/.env",
      ])
    #expect(
      names(.vite) == [
        "/a/.env.development.local", "/a/.env.development", "/a/.env.local", "/a/.env",
      ])
  }

  @Test func `gemini-cli stops at the first that exists, even without the key`() throws {
    try folder.write("app/.env", "OTHER=1\n")
    try folder.write("home/.env", "GEMINI_API_KEY=v\n")
    #expect(source(.geminiCLI) == nil)
    #expect(chain(.geminiCLI).unreached.count == 1)
    try folder.remove("app/.env")
    #expect(source(.geminiCLI) == "home/.env")
    #expect(chain(.geminiCLI).unreached.isEmpty)
  }

  @Test func `a folder stops gemini-cli, and python-dotenv passes over it`() throws {
    try folder.makeFolder("app/.env")
    try folder.write(".env", "GEMINI_API_KEY=v\n")
    #expect(source(.geminiCLI) == nil)
    #expect(chain(.geminiCLI).stop?.state == .folder(isVirtualEnvironment: false))
    #expect(source(.pythonDotenv) == ".env")
    #expect(source(.javaScriptDotenv) == nil)
  }

  @Test func `gemini-cli takes its own file before the common one`() throws {
    try folder.write("app/.gemini/.env", "GEMINI_API_KEY=v\n")
    try folder.write("app/.env", "GEMINI_API_KEY=w\n")
    #expect(source(.geminiCLI) == "app/.gemini/.env")
    #expect(source(.pythonDotenv) == "app/.env")
    #expect(source(.javaScriptDotenv) == "app/.env")
  }

  @Test func `dotenv for JavaScript looks into one folder only`() throws {
    try folder.write(".env", "GEMINI_API_KEY=v\n")
    try folder.makeFolder("app/src")
    #expect(source(.javaScriptDotenv, from: "app/src") == nil)
    #expect(source(.pythonDotenv, from: "app/src") == ".env")
  }

  @Test func `stronger files of Next and Vite win`() throws {
    try folder.write("app/.env", "GEMINI_API_KEY=a\n")
    try folder.write("app/.env.local", "GEMINI_API_KEY=b\n")
    #expect(source(.next) == "app/.env.local" && source(.vite) == "app/.env.local")
    try folder.write("app/.env.development", "GEMINI_API_KEY=c\n")
    #expect(source(.next) == "app/.env.local" && source(.vite) == "app/.env.development")
  }

  @Test func `Python does not read a colon for a sign`() throws {
    try folder.write("app/.env", "GEMINI_API_KEY: v\n")
    #expect(source(.javaScriptDotenv) == "app/.env")
    #expect(source(.pythonDotenv) == nil)
  }

  @Test func `files in states that no reader copes with`() throws {
    try folder.write("app/.env", [0xFF, 0xFE] + "GEMINI_API_KEY=v\n".utf8.flatMap { [$0, 0] })
    #expect(chain(.geminiCLI).stop?.state == .wide(Array("\u{FEFF}GEMINI_API_KEY=v\n".utf8)))
    #expect(source(.geminiCLI) == nil)
    try folder.write("app/.env", "GEMINI_API_KEY=v\n".utf8.flatMap { [$0, 0] })
    #expect(chain(.geminiCLI).stop?.state == .wide(Array("GEMINI_API_KEY=v\n".utf8)))
    try folder.write("app/.env", [UInt8](repeating: 0x41, count: FileSight.limit + 1))
    #expect(chain(.geminiCLI).stop?.state == .tooLarge)
    try folder.remove("app/.env")
    try folder.link("app/.env", to: "nowhere")
    #expect(chain(.geminiCLI).files.first { $0.isLink }?.state == .dangling)
    try folder.remove("app/.env")
    _ = try Tool.run("/usr/bin/env", ["mkfifo", folder.at("app/.env")])
    #expect(chain(.geminiCLI).stop?.state == .special)
  }
}
