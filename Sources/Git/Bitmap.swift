/// Compressed bitmaps in git's EWAH form: runs of equal words, and words as they are.
enum Bitmap {
  /// The most bits that a bitmap may have: more entries than any index has.
  private static let limit = 1 << 28

  /// Reads one bitmap and returns the positions of the bits that are set.
  @_lifetime(reader: copy reader)
  static func positions(_ reader: inout ByteReader) throws(GitError) -> [Int] {
    let bits = Int(try reader.uint32())
    guard bits <= limit else { throw reader.damage("a bitmap is too long") }
    var words = Int(try reader.uint32())
    var positions: [Int] = []
    var position = 0
    while words > 0 {
      // A marker: one bit to repeat, how many words of it, how many literal words follow.
      let marker = try reader.uint64()
      words -= 1
      let isSet = marker & 1 == 1
      let run = Int(marker >> 1 & 0xFFFF_FFFF) * 64
      let literals = Int(marker >> 33)
      guard run <= bits + 64, literals <= words else {
        throw reader.damage("a bitmap runs past its end")
      }
      if isSet { positions.append(contentsOf: position..<min(bits, position + run)) }
      position += run
      for _ in 0..<literals {
        var word = try reader.uint64()
        while word != 0 {
          let bit = word.trailingZeroBitCount
          if position + bit < bits { positions.append(position + bit) }
          word &= word - 1
        }
        position += 64
      }
      guard position <= bits + 64 else { throw reader.damage("a bitmap runs past its end") }
      words -= literals
    }
    _ = try reader.uint32()  // where the last marker stands, which only a writer needs
    return positions
  }
}
