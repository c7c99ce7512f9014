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
