import Foundation
import TestSupport
import Testing

/// The project about itself.
struct ProjectTests {
  @Test func `keyscan finds nothing in its own work tree`() throws {
    let checkout = Golden.checkout.path
    let report = try Keyscan.report([".", "--no-history", "--fail-on", "low"], in: checkout)
    #expect(report.findings.map { "\($0.rule) \($0.paths)" } == [])
  }

  @Test func `packages that are missing are named where they cannot be installed`() throws {
    let folder = TemporaryFolder()
    // A machine without root and sudo, on which one of two packages is there.
    for (name, body) in [
      ("id", "echo 1000"),
      ("dpkg-query", "case $4 in have*) echo install ok installed;; *) exit 1;; esac"),
    ] {
      try folder.writeScript(name, body)
    }
    let script = Golden.checkout.appendingPathComponent("Tests/Lint/packages.sh").path
    let output = try Tool.run(
      "/bin/sh", [script, "have-this", "lack-this"], environment: ["PATH": folder.path])
    #expect(output.status == 1)
    #expect(output.errors.contains("As root, run:\n  apt-get install lack-this\n"))
    let nothing = try Tool.run(
      "/bin/sh", [script, "have-this"], environment: ["PATH": folder.path])
    #expect(nothing.status == 0 && nothing.errors.isEmpty)
  }

  @Test func `every test that the proofs name exists`() throws {
    let proofs = try table("Tests/PROOFS.md", columns: 2)
    #expect(proofs.count > 100)
    try check(proofs.map { $0[1] })
  }

  @Test func `every item of the articles has a place and a proof`() throws {
    let rows = try table("docs/articles.md", columns: 4)
    let expected =
      (1...27).map { "A\($0)" } + (1...24).map { "B\($0)" } + (1...18).map { "C\($0)" }
    #expect(rows.map { $0[0] } == expected)
    let proofs = rows.map { $0[3] }.filter { $0 != "text" && $0 != "no" }
    #expect(proofs.count > 40)
    try check(proofs)
  }

  /// The rows of the tables in a document that have so many columns, without their heads.
  private func table(_ path: String, columns: Int) throws -> [[String]] {
    let text = try String(
      contentsOf: Golden.checkout.appendingPathComponent(path), encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| --") }
      .map { line in
        line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }.filter { $0.count == columns && $0.last != "proof" }
  }

  /// Everything that is named as a proof exists.
  private func check(_ proofs: [String]) throws {
    var sources = ""
    let tests = Golden.checkout.appendingPathComponent("Tests").path
    let files = try #require(FileManager.default.enumerator(atPath: tests))
    for case let name as String in files where name.hasSuffix(".swift") {
      sources += try String(contentsOfFile: "\(tests)/\(name)", encoding: .utf8)
    }
    let bench = try String(
      contentsOf: Golden.checkout.appendingPathComponent("Benchmarks/bench.py"), encoding: .utf8)
    let makefile = try String(
      contentsOf: Golden.checkout.appendingPathComponent("Makefile"), encoding: .utf8)
    for proof in proofs.flatMap({ $0.components(separatedBy: "; ") }) {
      if proof.hasPrefix("bench: ") {
        #expect(bench.contains(proof.dropFirst(7)), "\(proof)")
      } else if proof.hasPrefix("make ") {
        #expect(makefile.contains("\n\(proof.dropFirst(5)):"), "\(proof)")
      } else {
        // The sources themselves are no message.
        let isThere = sources.contains("func `\(proof)`")
        #expect(isThere, "\(proof)")
      }
    }
  }
}
