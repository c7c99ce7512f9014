/// Writes what a binary file says as marked-up text, up to a limit.
struct MarkupWriter {
  private(set) var text = ContainerText()
  private let limit: Int

  /// A file of `size` bytes may become so much text: names stand in it once and are used often.
  init(forFileOf size: Int) {
    limit = 1 << 20 + 8 * min(size, 1 << 26)
  }

  /// Nothing more is taken.
  var isFull: Bool { text.bytes.count >= limit }

  mutating func write(_ parts: [UInt8]...) {
    if isFull {
      text.fault = ContainerFault(.limit, "it would be more than eight times as long as text")
      return
    }
    for part in parts { text.bytes += part.prefix(limit) }
  }

  mutating func write(_ word: StaticString) {
    word.withUTF8Buffer { unsafe text.bytes += $0 }
  }

  /// A text between marks: `<string name="key">text</string>`.
  mutating func write(_ mark: String, named name: [UInt8]? = nil, _ content: [UInt8]) {
    var open = Array("<\(mark)".utf8)
    if let name { open += Array(" name=\"".utf8) + name + [UInt8(ascii: "\"")] }
    write(open + [UInt8(ascii: ">")], content, Array("</\(mark)>\n".utf8))
  }

  mutating func fail(_ reason: String) {
    if text.fault == nil { text.fault = ContainerFault(.damaged, "it is damaged (\(reason))") }
  }
}
