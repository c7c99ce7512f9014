internal import Bytes

/// Counts the cells of a Jupyter notebook (nbformat 4: an array `cells` in the outermost object, in
/// each an array `outputs`) up to a place, without keeping any of it.
struct NotebookCells {
  private var position = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// The beginning of the last string, enough to know `outputs` from anything else.
  private var text: [UInt8] = []
  private var cells: Members
  private var outputs: Members

  /// The number of the cell that the place reached is in, from 1; `nil` outside of all.
  var cell: Int? { cells.number }
  /// The number of the output that it is in, in its cell, from 1; `nil` outside of all.
  var output: Int? { outputs.number }

  /// Objects in an array that has a name.
  private struct Members {
    let name: [UInt8]
    var isNamed = false
    /// How deep the array is, while it is open.
    var depth: Int?
    var count = 0
    var isInside = false

    var number: Int? { isInside ? count : nil }

    /// An array or an object begins, which is so deep.
    mutating func open(_ byte: UInt8, _ now: Int) {
      if byte == UInt8(ascii: "["), isNamed { (depth, count) = (now, 0) }
      isNamed = false
      if byte == UInt8(ascii: "{"), let depth, now == depth + 1 {
        count += 1
        isInside = true
      }
    }

    /// An array or an object ends, which is so deep.
    mutating func close(_ now: Int) {
      if let depth, now == depth + 1 { isInside = false }
      if now == depth { depth = nil }
    }
  }

  init?(path: [UInt8]) {
    guard path.suffix(6).elementsEqual(".ipynb".utf8) else { return nil }
    // Every file that is read asks: for all but notebooks nothing is made.
    cells = Members(name: Array("cells".utf8))
    outputs = Members(name: Array("outputs".utf8))
  }

  /// Goes on to `offset` of the content, of which `bytes` is the part from `base` on.
  mutating func advance(to offset: Int, in bytes: Span<UInt8>, base: Int) {
    while position < min(offset, base + bytes.count) {
      take(bytes[position - base])
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
        return
      }
      if text.count < 8 { text.append(byte) }
      return
    }
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      text.removeAll(keepingCapacity: true)
    case UInt8(ascii: ":"):
      cells.isNamed = depth == 1 && text == cells.name
      outputs.isNamed = cells.isInside && depth == (cells.depth ?? 0) + 1 && text == outputs.name
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      cells.open(byte, depth)
      outputs.open(byte, depth)
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      cells.close(depth)
      outputs.close(depth)
      depth -= 1
    default: break
    }
  }
}
