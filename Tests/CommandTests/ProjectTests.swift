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
    let proofs = try String(
      contentsOf: Golden.checkout.appendingPathComponent("Tests/PROOFS.md"), encoding: .utf8)
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
    var named = 0
    for line in proofs.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| --")
    {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 2, cells[1] != "proof" else { continue }
      for proof in cells[1].components(separatedBy: "; ") {
        named += 1
        if proof.hasPrefix("bench: ") {
          #expect(bench.contains(proof.dropFirst(7)), "\(proof)")
        } else if proof.hasPrefix("make ") {
          #expect(makefile.contains("\n\(proof.dropFirst(5)):"), "\(proof)")
        } else {
          #expect(sources.contains("func `\(proof)`"), "\(proof)")
        }
      }
    }
    #expect(named > 100)
  }
}
