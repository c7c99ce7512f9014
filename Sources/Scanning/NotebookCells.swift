internal import Bytes

/// Counts the cells of a Jupyter notebook (nbformat 4: an array `cells` in the outermost object)
/// up to a place, without keeping any of it.
struct NotebookCells {
  private var position = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// The beginning of the last string, enough to know `cells` from anything else.
  private var text: [UInt8] = []
  private var isNamed = false
  /// How deep the array of cells is, while it is open.
  private var arrayDepth: Int?
  private var count = 0
  private var isInside = false

  /// The number of the cell that the place reached is in, from 1; `nil` outside of all.
  var cell: Int? { isInside ? count : nil }

  init?(path: [UInt8]) {
    guard path.suffix(6).elementsEqual(".ipynb".utf8) else { return nil }
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
      if text.count < 6 { text.append(byte) }
      return
    }
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      text.removeAll(keepingCapacity: true)
    case UInt8(ascii: ":"): isNamed = depth == 1 && text.elementsEqual("cells".utf8)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      if byte == UInt8(ascii: "["), isNamed { arrayDepth = depth }
      isNamed = false
      if byte == UInt8(ascii: "{"), let arrayDepth, depth == arrayDepth + 1 {
        count += 1
        isInside = true
      }
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      if let arrayDepth, depth == arrayDepth + 1 { isInside = false }
      if depth == arrayDepth { arrayDepth = nil }
      depth -= 1
    default: break
    }
  }
}
