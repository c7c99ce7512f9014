/// A long list in pieces of one size: it grows without being copied, and takes no more than
/// what is in it.
struct Chunks<Element: Sendable>: Sendable {
  fileprivate var chunks: [[Element]] = []
  private(set) var count = 0

  fileprivate static var shift: Int { 14 }
  fileprivate static var mask: Int { (1 << shift) - 1 }

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

/// Several lists as one.
///
/// Each begins with a chunk of its own, so that positions lead to elements at once; at the end of
/// a list positions are left out.
struct Joined<Element: Sendable>: Sendable {
  private let chunks: [[Element]]

  init(_ parts: [Chunks<Element>]) {
    chunks = parts.flatMap(\.chunks)
  }

  /// More than any position; not many more than there are elements.
  var limit: Int { chunks.count << Chunks<Element>.shift }

  subscript(position: Int) -> Element {
    chunks[position >> Chunks<Element>.shift][position & Chunks<Element>.mask]
  }

  func forEach(_ body: (_ position: Int, _ element: Element) -> Void) {
    for (number, chunk) in chunks.enumerated() {
      let first = number << Chunks<Element>.shift
      for (i, element) in chunk.enumerated() { body(first + i, element) }
    }
  }
}
