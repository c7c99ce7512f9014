internal import Git
internal import Packs

/// A line of a tree.
struct TreeLine {
  let type: Kind
  /// Where the line begins, and where the bytes of its name are.
  let start: Int
  let name: Range<Int>
  var end: Int { name.upperBound + 1 + ObjectID.count }

  /// What a line names, as its mode says.
  enum Kind { case tree, submodule, other }
}

/// Takes a tree apart into lines; those that were copied whole are only moved.
struct TreeLines {
  private let pieces: [CopiedPiece]
  private let base: [UInt32]
  private var piece = 0
  private var position = 0
  /// Where each line begins, and where the last one ends.
  private(set) var starts: [UInt32] = []
  /// The content ends in the middle of a line.
  private(set) var isDamaged = false
  private let keepsStarts: Bool

  /// `base` are the starts of what it was made from.
  init(pieces: [CopiedPiece], base: [UInt32], keepsStarts: Bool = false) {
    self.pieces = pieces
    self.base = base
    self.keepsStarts = keepsStarts
    if keepsStarts { starts.reserveCapacity(base.count + 8) }
  }

  enum Step {
    case new(TreeLine)
    /// Lines that stand in the base too, `shift` bytes before.
    case copied(from: Range<Int>, shift: Int)
  }

  /// The next line, or several at once; `nil` at the end.
  mutating func next(in content: Span<UInt8>) -> Step? {
    guard position < content.count else {
      if keepsStarts, !isDamaged { starts.append(UInt32(position)) }
      return nil
    }
    while piece < pieces.count, pieces[piece].targetEnd <= position { piece += 1 }
    if piece < pieces.count, pieces[piece].target <= position, let step = copy() { return step }
    guard let line = Self.line(in: content, at: position) else {
      isDamaged = true
      position = content.count
      return nil
    }
    if keepsStarts { starts.append(UInt32(position)) }
    position = line.end
    return .new(line)
  }

  /// Moves the lines of the base that are wholly in the piece at hand, if one begins here.
  private mutating func copy() -> Step? {
    let piece = pieces[self.piece]
    let shift = piece.target - piece.source
    let source = position - shift
    var low = 0
    var high = base.count
    while low < high {
      let middle = (low + high) / 2
      if Int(base[middle]) < source { low = middle + 1 } else { high = middle }
    }
    // The last start is the end of the base, where no line begins.
    guard low + 1 < base.count, Int(base[low]) == source, Int(base[low + 1]) <= piece.sourceEnd
    else { return nil }
    // The last line that ends in the piece, which most often is its last but one.
    var i = low + 1
    high = base.count
    while i + 1 < high {
      let middle = (i + high) / 2
      if Int(base[middle]) <= piece.sourceEnd { i = middle } else { high = middle }
    }
    let step = UInt32(truncatingIfNeeded: shift)
    if keepsStarts {
      let first = starts.count
      starts += base[low..<i]
      if step != 0 { for k in first..<starts.count { starts[k] &+= step } }
    }
    let from = source..<Int(base[i])
    position = Int(base[i]) + shift
    return .copied(from: from, shift: shift)
  }

  private static func line(in content: Span<UInt8>, at start: Int) -> TreeLine? {
    var mode: UInt32 = 0
    var i = start
    while i < content.count, content[i] != 0x20 {
      let digit = content[i] &- 0x30
      guard digit < 8, mode < 1 << 24 else { return nil }
      mode = mode << 3 | UInt32(digit)
      i += 1
    }
    let name = i + 1
    i = name
    while i < content.count, content[i] != 0 { i += 1 }
    guard i > name, i + 1 + ObjectID.count <= content.count else { return nil }
    let type: TreeLine.Kind =
      switch mode & 0o170000 {
      case 0o040000: .tree
      case 0o160000: .submodule
      default: .other
      }
    return TreeLine(type: type, start: start, name: name..<i)
  }
}
