internal import Bytes

/// The parts of a commit that lead to other objects.
package struct Commit: Equatable, Sendable {
  package let tree: ObjectID
  package let parents: [ObjectID]
  /// When it was committed, in seconds since 1970; 0 if the commit does not say.
  package let time: Int

  /// Takes the content of a commit apart; `id` is asked for only to say what is damaged.
  package init(_ bytes: Span<UInt8>, of id: @autoclosure () -> ObjectID) throws(GitError) {
    guard starts(with: "tree ", bytes, at: 0), let tree = ObjectID(hexIn: bytes, at: 5) else {
      throw GitError(.damaged, "read commit \(id())", "it names no tree")
    }
    self.tree = tree
    var parents: [ObjectID] = []
    var i = 46
    while starts(with: "parent ", bytes, at: i) {
      guard let parent = ObjectID(hexIn: bytes, at: i + 7) else {
        throw GitError(.damaged, "read commit \(id())", "a parent is no object name")
      }
      parents.append(parent)
      i += 48
    }
    self.parents = parents
    // The author stands before the committer; names may hold anything but a line break.
    while i < bytes.count, bytes[i] != UInt8(ascii: "\n"),
      !starts(with: "committer ", bytes, at: i)
    {
      i = endOfLine(bytes, from: i) + 1
    }
    let end = endOfLine(bytes, from: i)
    time = i < end ? Self.seconds(bytes, i..<end) : 0
  }

  /// The second number from the end of a line, before the time zone.
  private static func seconds(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
    var end = line.upperBound
    while end > line.lowerBound, bytes[end - 1] != UInt8(ascii: " ") { end -= 1 }
    end -= 1
    var seconds = 0
    var scale = 1
    while end > line.lowerBound, (0x30...0x39).contains(bytes[end - 1]), scale < 1 << 50 {
      seconds += Int(bytes[end - 1] - 0x30) * scale
      scale *= 10
      end -= 1
    }
    return seconds
  }
}

extension ObjectID {
  /// What the content of a tag says that it names; `nil` if it does not.
  package init?(tagTarget bytes: Span<UInt8>) {
    guard starts(with: "object ", bytes, at: 0) else { return nil }
    self.init(hexIn: bytes, at: 7)
  }

  /// Reads forty hexadecimal digits at `offset`; `nil` if something else stands there.
  init?(hexIn bytes: Span<UInt8>, at offset: Int) {
    guard offset >= 0, offset + 40 <= bytes.count else { return nil }
    var faults = 0
    // Without a branch a digit: hundreds of thousands of names are read so.
    func word(_ start: Int, _ count: Int) -> UInt64 {
      var word: UInt64 = 0
      for i in start..<(start + count) {
        let byte = bytes[offset + i]
        let isDigit = byte &- 0x30 < 10
        let isLetter = (byte | 0x20) &- 0x61 < 6
        faults += isDigit || isLetter ? 0 : 1
        word = word << 4 | UInt64(byte & 15 &+ (isLetter ? 9 : 0))
      }
      return word
    }
    let (high, middle, low) = (word(0, 16), word(16, 16), word(32, 8))
    guard faults == 0 else { return nil }
    self.init(high: high, middle: middle, low: UInt32(low))
  }
}

private func starts(with text: StaticString, _ bytes: Span<UInt8>, at offset: Int) -> Bool {
  guard offset + text.utf8CodeUnitCount <= bytes.count else { return false }
  return (0..<text.utf8CodeUnitCount).allSatisfy {
    unsafe bytes[offset + $0] == text.utf8Start[$0]
  }
}

private func endOfLine(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var i = start
  while i < bytes.count, bytes[i] != UInt8(ascii: "\n") { i += 1 }
  return i
}
