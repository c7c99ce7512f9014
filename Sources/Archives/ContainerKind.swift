internal import Bytes

/// What a file that holds other files, or packed text, is by the way it begins.
///
/// Images, audio, video and fonts are none: nobody keeps text in them.
package enum ContainerKind: String, CaseIterable, Sendable {
  case zip = "zip archive"
  case gzip = "gzip data"
  case bzip2 = "bzip2 data"
  case xz = "xz data"
  case zstd = "zstd data"
  case lz4 = "lz4 data"
  case lzip = "lzip data"
  case compress = "compressed data"
  case sevenZip = "7z archive"
  case tar = "tar archive"
  case ar = "ar archive"
  case rpm = "rpm package"
  case cpio = "cpio archive"
  case database = "SQLite database"
  case pdf = "PDF document"
  case resources = "Android resource table"
  case androidXML = "binary Android XML"
  case propertyList = "binary property list"
  case rar = "rar archive"
  case ole = "OLE document"
  case cabinet = "cabinet archive"
  case pointer = "Git LFS pointer, whose content is on another server"

  /// It can be looked into.
  package var isOpened: Bool {
    switch self {
    case .compress, .rar, .ole, .cabinet, .pointer: false
    default: true
    }
  }

  /// It is one text that is written in a binary form, so that it stands at the path of the file.
  package var isText: Bool {
    switch self {
    case .resources, .androidXML, .propertyList: true
    default: false
    }
  }

  /// It is one stream, if it is no archive that was compressed.
  var isCompressed: Bool {
    switch self {
    case .gzip, .bzip2, .xz, .zstd, .lz4, .lzip: true
    default: false
    }
  }

  private static let signatures: [(bytes: [UInt8], offset: Int, kind: ContainerKind)] = [
    ([0x50, 0x4B, 0x03, 0x04], 0, .zip),
    ([0x50, 0x4B, 0x05, 0x06], 0, .zip),
    ([0x1F, 0x8B, 0x08], 0, .gzip),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], 0, .xz),
    ([0x28, 0xB5, 0x2F, 0xFD], 0, .zstd),
    ([0x04, 0x22, 0x4D, 0x18], 0, .lz4),
    (Array("LZIP\u{1}".utf8), 0, .lzip),
    ([0x1F, 0x9D], 0, .compress),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, .sevenZip),
    (Array("Rar!\u{1A}\u{07}".utf8), 0, .rar),
    (Array("ustar".utf8), 257, .tar),
    (Array("!<arch>\n".utf8), 0, .ar),
    ([0xED, 0xAB, 0xEE, 0xDB], 0, .rpm),
    (Array("SQLite format 3\0".utf8), 0, .database),
    (Array("%PDF-".utf8), 0, .pdf),
    (Array("bplist0".utf8), 0, .propertyList),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], 0, .ole),
    (Array("MSCF\0\0\0\0".utf8), 0, .cabinet),
    (Array("version https://git-lfs.github.com/spec/v1".utf8), 0, .pointer),
  ]

  /// How they begin, those below that more than their first bytes tell included.
  private static let firsts = signatures.filter { $0.offset == 0 }
    .reduce(ByteSet("B0\u{2}\u{3}")) { $0.union(ByteSet($1.bytes[0]...$1.bytes[0])) }

  /// What kind of container a content is; `nil` if it is none.
  package init?(_ bytes: Span<UInt8>) {
    guard bytes.count > 3 else { return nil }
    let isTar = bytes.count > 262 && bytes[257] == UInt8(ascii: "u")
    // Almost every content begins like none of them.
    guard isTar || Self.firsts.contains(bytes[0]) else { return nil }
    let known = Self.signatures.first { Self.holds(bytes, $0.bytes, at: $0.offset) }?.kind
    guard let kind = known ?? Self.kindByMore(bytes) else { return nil }
    self = kind
  }

  private static func holds(_ bytes: Span<UInt8>, _ text: [UInt8], at offset: Int) -> Bool {
    guard bytes.count >= offset + text.count else { return false }
    return text.indices.allSatisfy { bytes[offset + $0] == text[$0] }
  }

  /// Kinds whose first bytes a text may begin with as well.
  private static func kindByMore(_ bytes: Span<UInt8>) -> ContainerKind? {
    switch bytes[0] {
    case UInt8(ascii: "B"):
      let isBlock =
        holds(bytes, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4)
        || holds(bytes, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], at: 4)
      return holds(bytes, Array("BZh".utf8), at: 0) && isBlock ? .bzip2 : nil
    case UInt8(ascii: "0"):
      guard bytes.count >= 76, holds(bytes, Array("0707".utf8), at: 0),
        bytes[4] == UInt8(ascii: "0"), (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(bytes[5])
      else { return nil }
      return (6..<76).allSatisfy { bytes[$0].hexadecimalValue != nil } ? .cpio : nil
    case 2: return holds(bytes, [2, 0, 12, 0], at: 0) && isPool(bytes, at: 12) ? .resources : nil
    case 3: return holds(bytes, [3, 0, 8, 0], at: 0) && isPool(bytes, at: 8) ? .androidXML : nil
    default: return nil
    }
  }

  /// A pool of texts, with which all binary files of Android's begin.
  private static func isPool(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    holds(bytes, [1, 0, 28, 0], at: offset)
  }
}
