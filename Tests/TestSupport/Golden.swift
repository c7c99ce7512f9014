import Foundation
import Testing

/// Files that say what an output must be, recorded only on request.
package enum Golden {
  /// The root of the checkout.
  package static let checkout: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Compares `text` with the file `name` in `Fixtures/golden`.
  ///
  /// With `KEYSCAN_UPDATE_GOLDEN` set (`make golden`) the file is written instead, and the test
  /// fails all the same, so that no run that records can pass.
  package static func expect(
    _ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = checkout.appendingPathComponent("Fixtures/golden/\(name)")
    if ProcessInfo.processInfo.environment["KEYSCAN_UPDATE_GOLDEN"] != nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name); run again without recording", sourceLocation: sourceLocation)
      return
    }
    let expected = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
    #expect(
      text == expected, "\(name) differs; if that is right, run make golden",
      sourceLocation: sourceLocation)
  }
}
