internal import Files
package import Git

/// The index of one pack: where each of its objects begins.
///
/// Versions 1 and 2, as git's `pack-format` documents them.
package struct PackIndex: ~Copyable {
  private let file: MappedFile
  fileprivate let layout: Layout

  /// Where the parts of the file begin.
  fileprivate struct Layout {
    let version: Int
    let count: Int
    let fanout: Int
    let ids: Int
    let shortOffsets: Int
    let longOffsets: Int
  }

  package init(at path: [UInt8]) throws(PackError) {
    let file = try files { () throws(FileError) in try MappedFile(at: path) }
    layout = try Layout(of: file)
    self.file = file
  }

  /// How many objects the pack has.
  package var count: Int { layout.count }

  /// The name of the object at `position`, in the order of names.
  package func id(at position: Int) -> ObjectID {
    precondition(position >= 0 && position < count, "no such object in the index")
    let offset =
      layout.version == 2 ? layout.ids + 20 * position : layout.ids + 24 * position + 4
    guard let id = ObjectID(file.bytes, at: offset) else { preconditionFailure("checked above") }
    return id
  }

  /// Where in the pack the object at `position` begins.
  package func offset(at position: Int) throws(PackError) -> Int {
    precondition(position >= 0 && position < count, "no such object in the index")
    let bytes = file.bytes
    if layout.version == 1 { return uint32(bytes, at: layout.ids + 24 * position) }
    let short = uint32(bytes, at: layout.shortOffsets + 4 * position)
    guard short & 0x8000_0000 != 0 else { return short }
    let place = layout.longOffsets + 8 * (short & 0x7FFF_FFFF)
    guard place + 8 <= bytes.count - 40 else {
      throw PackError(.damaged, "an offset of the index is outside of it")
    }
    let (high, low) = (uint32(bytes, at: place), uint32(bytes, at: place + 4))
    guard high < 1 << 31 else { throw PackError(.damaged, "an offset of the index is too large") }
    return high << 32 | low
  }

  /// The position of `id`; `nil` if the pack does not hold it.
  ///
  /// Names are spread evenly, so the place to look is guessed from the name itself.
  package func position(of id: ObjectID) -> Int? {
    let range = positions(beginningWith: UInt8(id.prefix >> 24))
    let guess = range.lowerBound + range.count * Int(id.prefix & 0xFF_FFFF) >> 24
    var low = range.lowerBound
    return position(of: id, from: &low, before: range.upperBound, guess: guess)
  }

  /// Where a search of many names is.
  package struct Cursor {
    fileprivate var position = 0
    fileprivate var prefix: UInt32 = 0
    private var step = 0

    /// At the beginning.
    package init() {}

    /// Goes on to `position`, but seldom: a search that waits for where the one before ended
    /// cannot begin while that waits for memory.
    fileprivate mutating func advance(to position: Int, of prefix: UInt32) {
      step &+= 1
      if step & 15 == 0 { (self.position, self.prefix) = (position, prefix) }
    }
  }

  /// The position of `id`; `nil` if the pack does not hold it.
  ///
  /// For many names, all with the same cursor, that are roughly in order: the place to look is
  /// guessed from that of a name before, which is near.
  package func position(of id: ObjectID, after cursor: inout Cursor) -> Int? {
    if id.prefix < cursor.prefix { return position(of: id) }
    let range = positions(beginningWith: UInt8(id.prefix >> 24))
    var low = max(range.lowerBound, cursor.position)
    let distance = Int(id.prefix - cursor.prefix) * layout.count >> 32
    let guess = min(max(cursor.position + distance, low), max(range.upperBound - 1, low))
    let found = position(of: id, from: &low, before: range.upperBound, guess: guess)
    cursor.advance(to: low, of: id.prefix)
    return found
  }

  /// Looks for `id` in `low..<end`, and first at `guess`, which is in it unless that is empty.
  ///
  /// All names before `low` begin with less than `id` does, also afterwards.
  private func position(
    of id: ObjectID, from low: inout Int, before end: Int, guess: Int
  ) -> Int? {
    var (high, guess) = (end, guess)
    let stride = layout.version == 2 ? 20 : 24
    let start = layout.version == 2 ? layout.ids : layout.ids + 4
    let wanted = id.prefix
    return unsafe file.bytes.withUnsafeBytes { bytes in
      // The layout was checked against the file's size, and the fan-out against the count.
      func prefix(_ position: Int) -> UInt32 {
        unsafe UInt32(
          bigEndian: bytes.loadUnaligned(fromByteOffset: start + stride * position, as: UInt32.self)
        )
      }
      var step = 0
      while low < high {
        let found = prefix(guess)
        if found == wanted { break }
        if found < wanted { low = guess + 1 } else { high = guess }
        // Once more from the distance that is left, then by halves: no index can make it slow.
        step += 1
        let distance = (Int(wanted) - Int(found)) * layout.count >> 32
        guess = step < 3 ? min(max(guess + distance, low), max(low, high - 1)) : (low + high) / 2
      }
      // Of the names that begin alike, which are rarely two.
      var first = low
      while first < high {
        let found = self.id(at: guess)
        if found == id { return guess }
        if found < id { first = guess + 1 } else { high = guess }
        guess = (first + high) / 2
      }
      return nil
    }
  }

  /// The positions of the names that begin with `byte`.
  package func positions(beginningWith byte: UInt8) -> Range<Int> {
    let first = Int(byte)
    let low = first == 0 ? 0 : uint32(file.bytes, at: layout.fanout + 4 * (first - 1))
    return low..<uint32(file.bytes, at: layout.fanout + 4 * first)
  }

  /// Whether the index says that it is for the pack whose last twenty bytes these are.
  func isFor(packEndingIn trailer: Span<UInt8>) -> Bool {
    let bytes = file.bytes
    let start = bytes.count - 40
    return (0..<20).allSatisfy { bytes[start + $0] == trailer[$0] }
  }
}

extension PackIndex.Layout {
  fileprivate init(of file: borrowing MappedFile) throws(PackError) {
    let bytes = file.bytes
    let isSecond = bytes.count >= 8 && uint32(bytes, at: 0) == 0xFF74_4F63
    if isSecond, uint32(bytes, at: 4) != 2 {
      throw PackError(.damaged, "the index has version \(uint32(bytes, at: 4))")
    }
    fanout = isSecond ? 8 : 0
    guard bytes.count >= fanout + 1024 + 40 else {
      throw PackError(.damaged, "the index is too short")
    }
    var last = 0
    for i in 0..<256 {
      let limit = uint32(bytes, at: fanout + 4 * i)
      guard limit >= last else { throw PackError(.damaged, "the index is out of order") }
      last = limit
    }
    version = isSecond ? 2 : 1
    count = last
    ids = fanout + 1024
    shortOffsets = isSecond ? ids + 24 * last : ids
    longOffsets = shortOffsets + 4 * last
    let least = isSecond ? longOffsets : ids + 24 * last
    guard bytes.count >= least + 40 else { throw PackError(.damaged, "the index is too short") }
  }
}

/// The big-endian number at `i`, which the caller knows to be there.
func uint32(_ bytes: Span<UInt8>, at i: Int) -> Int {
  Int(bytes[i]) << 24 | Int(bytes[i + 1]) << 16 | Int(bytes[i + 2]) << 8 | Int(bytes[i + 3])
}
