internal import Bytes

/// Files that hold other files, or compressed text, which is not looked into.
///
/// Images, audio, video and fonts are none: nobody keeps text in them.
package enum Container {
  private static let signatures: [(bytes: [UInt8], offset: Int, name: String)] = [
    ([0x50, 0x4B, 0x03, 0x04], 0, "zip archive"),
    ([0x50, 0x4B, 0x05, 0x06], 0, "zip archive"),
    ([0x1F, 0x8B, 0x08], 0, "gzip data"),
    (Array("BZh".utf8), 0, "bzip2 data"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], 0, "xz data"),
    ([0x28, 0xB5, 0x2F, 0xFD], 0, "zstd data"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, "7z archive"),
    (Array("Rar!\u{1A}\u{07}".utf8), 0, "rar archive"),
    (Array("ustar".utf8), 257, "tar archive"),
    (Array("!<arch>\n".utf8), 0, "ar archive"),
    ([0xED, 0xAB, 0xEE, 0xDB], 0, "rpm package"),
    (Array("070701".utf8), 0, "cpio archive"),
    (Array("SQLite format 3\0".utf8), 0, "SQLite database"),
    (Array("%PDF-".utf8), 0, "PDF document"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], 0, "OLE document"),
    (Array("MSCF".utf8), 0, "cabinet archive"),
  ]

  /// How they begin.
  private static let firsts = signatures.filter { $0.offset == 0 }
    .reduce(ByteSet(pointer[0]...pointer[0])) { $0.union(ByteSet($1.bytes[0]...$1.bytes[0])) }

  private static let pointer = Array("version https://git-lfs.github.com/spec/v1".utf8)

  /// What kind of container a content is, by how it begins; `nil` if it is none.
  package static func kind(of bytes: Span<UInt8>) -> String? {
    guard bytes.count > 3 else { return nil }
    let isTar = bytes.count > 262 && bytes[257] == UInt8(ascii: "u")
    // Almost every content begins like none of them.
    guard isTar || firsts.contains(bytes[0]) else { return nil }
    if begins(bytes, with: pointer, at: 0) {
      return "Git LFS pointer, whose content is on another server"
    }
    return signatures.first { begins(bytes, with: $0.bytes, at: $0.offset) }?.name
  }

  private static func begins(_ bytes: Span<UInt8>, with prefix: [UInt8], at offset: Int) -> Bool {
    guard bytes.count >= offset + prefix.count else { return false }
    return prefix.indices.allSatisfy { bytes[offset + $0] == prefix[$0] }
  }
}
