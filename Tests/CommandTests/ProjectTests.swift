import Foundation
import TestSupport
import Testing

/// The project about itself.
struct ProjectTests {
  @Test func `keyscan finds nothing in its own repository`() throws {
    let checkout = Golden.checkout.path
    let report = try Keyscan.report([".", "--fail-on", "low"], in: checkout)
    #expect(report.findings.map { "\($0.rule) \($0.paths)" } == [])
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
