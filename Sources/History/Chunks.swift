/// A long list in pieces of one size: it grows without being copied, and takes no more than
/// what is in it.
struct Chunks<Element: Sendable>: Sendable {
  private var chunks: [[Element]] = []
  private(set) var count = 0

  private static var shift: Int { 14 }
  private static var mask: Int { (1 << shift) - 1 }

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(1 << Self.shift)
    }
    chunks[chunks.count - 1].append(element)
    count += 1
  }

  subscript(position: Int) -> Element {
    get { chunks[position >> Self.shift][position & Self.mask] }
    _modify { yield &chunks[position >> Self.shift][position & Self.mask] }
  }
}

/// Several lists one after the other, by positions that go on from one to the next.
struct Joined<Element: Sendable>: Sendable {
  private let parts: [Chunks<Element>]
  private let starts: [Int]
  let count: Int

  init(_ parts: [Chunks<Element>]) {
    self.parts = parts
    var starts: [Int] = []
    var next = 0
    for part in parts {
      starts.append(next)
      next += part.count
    }
    self.starts = starts
    count = next
  }

  /// Workers are few, so their lists are gone through.
  subscript(position: Int) -> Element {
    var part = 0
    while part + 1 < starts.count, starts[part + 1] <= position { part += 1 }
    return parts[part][position - starts[part]]
  }

  func forEach(_ body: (_ position: Int, _ element: Element) -> Void) {
    for (part, start) in zip(parts, starts) {
      for i in 0..<part.count { body(start + i, part[i]) }
    }
  }
}
