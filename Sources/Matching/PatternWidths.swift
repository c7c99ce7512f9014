import Synchronization

/// How many bytes matches of patterns span, each worked out once: that takes Hyperscan a tenth of a
/// millisecond a pattern.
package final class PatternWidths: Sendable {
  private let known: Mutex<[String: ClosedRange<Int>]>

  /// `known` are widths that ``widths(of:)`` gave for the same version of the library.
  package init(known: [String: ClosedRange<Int>] = [:]) {
    self.known = Mutex(known)
  }

  /// As ``Pattern/widths(of:)`` says.
  package func widths(of text: String) throws(MatchingError) -> ClosedRange<Int> {
    if let known = known.withLock({ $0[text] }) { return known }
    let widths = try Pattern.widths(of: text)
    known.withLock { $0[text] = widths }
    return widths
  }

  /// Everything that was worked out.
  package var all: [String: ClosedRange<Int>] { known.withLock { $0 } }
}
