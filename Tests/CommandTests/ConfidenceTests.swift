import Foundation
import Rules
import TestSupport
import Testing

/// What is sure enough to be shown, and what belongs to one finding.
struct ConfidenceTests {
  private let folder = TemporaryFolder()

  private func fill(_ text: String) -> String { FillIn.expand(text, seed: text) }

  private func report(_ arguments: String...) throws -> Keyscan.Report {
    try Keyscan.report([folder.path] + arguments, in: folder.path)
  }

  @Test func `a value in a test is counted and shown only when asked for`() throws {
    let value = fill("{alnum 30}9aQ")
    try folder.write("app/test/login.rb", "api_token = \"\(value)\"\n")
    let usual = try report()
    #expect(usual.findings.isEmpty && usual.status == 0)
    let text = try Keyscan.run([folder.path], in: folder.path).text
    #expect(text.contains("1 finding is too unsure to be shown"))
    let all = try report("--min-confidence", "low")
    #expect(all.paths(of: "generic.secret") == ["app/test/login.rb"])
    #expect(all.status == 1)
    // The same value where it is live makes all of it sure.
    try folder.write("app/config.rb", "api_token = \"\(value)\"\n")
    #expect(try report().findings.map(\.rule) == ["generic.secret"])
    #expect(try report("--min-confidence", "high").findings.isEmpty)
  }

  @Test func `a token whose checksum is wrong is unsure`() throws {
    try folder.write("a", fill("token ghp_{alnum 30}{crc32 6}\n"))
    try folder.write("b", fill("token ghp_{alnum 36}\n"))
    #expect(try report().paths(of: "github.token") == ["a"])
  }

  @Test func `a key with its id is one finding, and the id of a trap is none of worth`() throws {
    try folder.write(
      "pair", fill("aws_access_key_id = AKIA{base32 16}\naws_secret_access_key = {base64 39}Q\n"))
    try folder.write("alone", fill("id: ASIA{base32 16}\n"))
    try folder.write(
      "trap",
      fill("key_id = AKIASP2TPHJS{from QR 1}{base32 7}\nsecret_access_key = {base64 39}Z\n"))
    let report = try report("--fail-on", "never")
    #expect(report.paths(of: "aws.access-key") == ["pair"])
    #expect(report.paths(of: "aws.access-key-id-alone") == ["alone"])
    #expect(report.paths(of: "aws.honeytoken") == ["trap"])
  }
}
