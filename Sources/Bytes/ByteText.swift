/// Looks for words in bytes.
package enum ByteText {
  /// Where `needle` stands in `text` first.
  package static func find(_ needle: String, in text: [UInt8]) -> Int? {
    let needle = Array(needle.utf8)
    guard text.count >= needle.count else { return nil }
    return (0...(text.count - needle.count)).first { text[$0...].starts(with: needle) }
  }
}
