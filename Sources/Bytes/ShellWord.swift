/// Words of a shell command.
package enum ShellWord {
  /// `bytes` as one word, whatever stands in them.
  package static func quoted(_ bytes: [UInt8]) -> [UInt8] {
    let plain = ByteSet.alphanumerics.union(ByteSet("._-/+:@%"))
    if !bytes.isEmpty, bytes.allSatisfy(plain.contains), bytes.first != UInt8(ascii: "-") {
      return bytes
    }
    let apostrophe = UInt8(ascii: "'")
    let inner = bytes.flatMap { $0 == apostrophe ? Array("'\\''".utf8) : [$0] }
    return [apostrophe] + inner + [apostrophe]
  }
}
