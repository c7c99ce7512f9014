import Foundation
import TestSupport
import Testing

/// The labelled corpus that `make bench` shows recall and precision on.
struct CorpusTests {
  @Test func `every rule is found in twenty contexts, and look-alikes are not`() throws {
    let script = Golden.checkout.appendingPathComponent("Fixtures/corpus/corpus.py").path
    let output = try Tool.run(
      "/usr/bin/env", ["python3", script, Keyscan.program, "--first"], environment: [:])
    #expect(output.status == 0, "\(output.text.suffix(2_000))")
    #expect(output.text.contains("precision: 0 findings"))
  }
}
