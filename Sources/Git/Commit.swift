/// The parts of a commit that lead to other objects.
package struct Commit: Equatable, Sendable {
  package let tree: ObjectID
  package let parents: [ObjectID]
  /// When it was committed, in seconds since 1970; 0 if the commit does not say.
  package let time: Int

  /// Takes the content of a commit apart.
  package init(_ bytes: Span<UInt8>, of id: ObjectID) throws(GitError) {
    guard starts(with: "tree ", bytes, at: 0), let tree = ObjectID(hexIn: bytes, at: 5) else {
      throw GitError(.damaged, "read commit \(id)", "it names no tree")
    }
    self.tree = tree
    var parents: [ObjectID] = []
    var i = 46
    while starts(with: "parent ", bytes, at: i) {
      guard let parent = ObjectID(hexIn: bytes, at: i + 7) else {
        throw GitError(.damaged, "read commit \(id)", "a parent is no object name")
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
    guard offset + 40 <= bytes.count else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(40)
    for i in offset..<(offset + 40) { digits.append(bytes[i]) }
    self.init(hex: digits)
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
