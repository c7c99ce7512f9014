/// Bytes that were made by undoing an encoding, each with the place that it came from.
struct DecodedText {
  private(set) var bytes: [UInt8] = []
  /// It was put together from several lines.
  var isJoined = false
  /// Where in the content each byte begins and ends.
  private var origins: [(start: Int, end: Int)] = []

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
    isJoined = false
  }

  mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
    bytes.append(byte)
    origins.append((start, end))
  }

  /// Appends a character as UTF-8.
  mutating func append(_ scalar: Unicode.Scalar, from start: Int, to end: Int) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      append(byte, from: start, to: end)
    }
  }

  /// Whether a line break was taken out between the byte at `position` and the one before.
  func isBroken(at position: Int) -> Bool {
    isJoined && position > 0 && position < origins.count
      && origins[position].start > origins[position - 1].end
  }

  /// The piece of the content that `range` was made of.
  func origin(of range: Range<Int>) -> Range<Int> {
    guard let last = range.last else {
      let start = range.lowerBound < origins.count ? origins[range.lowerBound].start : 0
      return start..<start
    }
    return origins[range.lowerBound].start..<origins[last].end
  }

  /// The position of the first byte that was made of what stands at `offset` or after it.
  func position(of offset: Int) -> Int {
    var (low, high) = (0, origins.count)
    while low < high {
      let middle = (low + high) / 2
      if origins[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Says of each byte where it came from in what `outer` was made of, not in `outer` itself.
  mutating func rebase(onto outer: DecodedText) {
    for i in origins.indices {
      let range = outer.origin(of: origins[i].start..<origins[i].end)
      origins[i] = (range.lowerBound, range.upperBound)
    }
  }
}
