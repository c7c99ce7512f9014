/// The hashes by which GitHub's code scanning tells findings in a file apart, though the lines
/// above them come and go.
///
/// For each line it is a polynomial of the next hundred characters from the line's beginning, then
/// how often that hash came before in the file. Blanks and tabs do not count, every line break is a
/// line feed, and characters are UTF-16 code units. It is the algorithm of `src/fingerprints.ts` in
/// github/codeql-action, whose tests' values are in ours.
package struct LineHasher: ~Copyable {
  private static let width = 100
  private static let factor: UInt64 = 37
  /// What stands behind the last character.
  private static let end: UInt64 = 65_535

  /// What a character adds once it is `width` characters old.
  private let oldest: UInt64
  private var window = [UInt64](repeating: 0, count: LineHasher.width)
  /// The line that begins at each character in the window; 0 for none.
  private var lines = [Int](repeating: 0, count: LineHasher.width)
  private var next = 0
  private var hash: UInt64 = 0
  private var line = 0
  private var beginsLine = true
  private var followsReturn = false
  private var counts: [UInt64: Int] = [:]
  /// The lines that somebody asks for.
  private let wanted: Set<Int>
  private var found: [Int: String] = [:]

  private init(_ wanted: Set<Int>) {
    self.wanted = wanted
    oldest = (0..<Self.width).reduce(1) { power, _ in power &* Self.factor }
  }

  /// The hashes of some lines of a text, which are counted from 1.
  package static func hashes(of wanted: Set<Int>, in text: [UInt8]) -> [Int: String] {
    var hasher = LineHasher(wanted)
    for unit in String(decoding: text, as: UTF8.self).utf16 { hasher.take(UInt64(unit)) }
    hasher.take(end)
    for _ in 0..<width {
      hasher.tell()
      hasher.push(0)
    }
    return hasher.found
  }

  private mutating func take(_ unit: UInt64) {
    let isLineFeed = unit == 0x0A
    if unit == 0x20 || unit == 0x09 || followsReturn && isLineFeed {
      followsReturn = false
      return
    }
    followsReturn = unit == 0x0D
    let unit = followsReturn ? 0x0A : unit
    tell()
    if beginsLine {
      line += 1
      lines[next] = line
    }
    beginsLine = unit == 0x0A
    push(unit)
  }

  /// Tells the hash of the line that begins where the window does, if one does.
  private mutating func tell() {
    let line = lines[next]
    guard line > 0 else { return }
    lines[next] = 0
    counts[hash, default: 0] += 1
    if wanted.contains(line) {
      found[line] = "\(String(hash, radix: 16)):\(counts[hash] ?? 0)"
    }
  }

  private mutating func push(_ unit: UInt64) {
    hash = Self.factor &* hash &+ unit &- oldest &* window[next]
    window[next] = unit
    next = next + 1 == Self.width ? 0 : next + 1
  }
}
