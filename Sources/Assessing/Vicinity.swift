internal import Bytes

/// The text around a secret, in lower case, to be searched for words that tell what it is for.
struct Vicinity {
  let window: [UInt8]
  /// Where the secret is in ``window``.
  let key: Range<Int>
  /// The secret's own line, as far as 300 bytes to each side, and the end of the line before if the
  /// secret begins its own.
  let line: Range<Int>
  /// Which two bytes stand beside each other somewhere in ``window``.
  ///
  /// Dozens of words are looked for around every secret, and few stand there: most have a pair of
  /// letters that does not.
  private let pairs: BytePairs

  /// Takes `reach` bytes to each side of `range` in `text`.
  init(_ text: Span<UInt8>, around range: Range<Int>, reach: Int) {
    let start = max(0, range.lowerBound - reach)
    let end = min(text.count, range.upperBound + reach)
    var window: [UInt8] = []
    window.reserveCapacity(end - start)
    var pairs = BytePairs()
    for i in start..<end {
      let byte = text[i].lowercased
      if let last = window.last { pairs.insert(last, byte) }
      window.append(byte)
    }
    self.window = window
    self.pairs = pairs
    key = (range.lowerBound - start)..<(range.upperBound - start)
    line = Self.line(around: key, in: window)
  }

  private static func line(around key: Range<Int>, in window: [UInt8]) -> Range<Int> {
    var start = key.lowerBound
    var breaks = 0
    while start > 0, key.lowerBound - start < 300 {
      if window[start - 1] == 0x0A {
        breaks += 1
        let isAlone = window[start..<key.lowerBound].allSatisfy {
          !ByteSet.alphanumerics.contains($0)
        }
        if breaks > 1 || !isAlone { break }
      }
      start -= 1
    }
    var end = key.upperBound
    while end < window.count, end - key.upperBound < 300, window[end] != 0x0A { end += 1 }
    return start..<end
  }

  func line(holds markers: [String]) -> Bool { holds(markers, in: line) }

  func within(_ count: Int, holds markers: [String]) -> Bool {
    holds(markers, in: around(count))
  }

  func anywhere(holds markers: [String]) -> Bool { holds(markers, in: window.indices) }

  func count(of markers: [String], within count: Int) -> Int {
    let range = around(count)
    return markers.count { holds([$0], in: range) }
  }

  func around(_ count: Int) -> Range<Int> {
    max(0, key.lowerBound - count)..<min(window.count, key.upperBound + count)
  }

  /// Where `marker` stands in `range`; what stands in the secret itself says nothing.
  func positions(of marker: String, in range: Range<Int>) -> [Int] {
    guard pairs.mayHold(marker) else { return [] }
    let marker = Array(marker.utf8)
    var found: [Int] = []
    var start = range.lowerBound
    while let i = first(marker, in: start..<range.upperBound) {
      found.append(i)
      start = i + 1
    }
    return found
  }

  private func holds(_ markers: [String], in range: Range<Int>) -> Bool {
    markers.contains { pairs.mayHold($0) && first(Array($0.utf8), in: range) != nil }
  }

  /// Where `marker` stands first in `range`, outside of the secret.
  private func first(_ marker: [UInt8], in range: Range<Int>) -> Int? {
    var i = range.lowerBound
    while i <= range.upperBound - marker.count {
      if window[i] == marker[0], window[i..<(i + marker.count)].elementsEqual(marker),
        !key.contains(i)
      {
        return i
      }
      i += 1
    }
    return nil
  }
}
