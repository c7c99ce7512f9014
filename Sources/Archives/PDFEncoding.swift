internal import Bytes

/// The ways in which PDF documents write bytes as text.
enum PDFEncoding {
  /// Undoes base 85; what is no digit is passed over.
  static func ascii85(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var group: [UInt32] = []
    func number(_ digits: [UInt32]) -> UInt32 { digits.reduce(0) { $0 &* 85 &+ $1 } }
    for byte in text {
      switch byte {
      case UInt8(ascii: "z") where group.isEmpty: bytes += [0, 0, 0, 0]
      case UInt8(ascii: "!")...UInt8(ascii: "u"):
        group.append(UInt32(byte - UInt8(ascii: "!")))
        if group.count == 5 {
          let value = number(group)
          bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
          group.removeAll(keepingCapacity: true)
        }
      case UInt8(ascii: "~"):
        return bytes + last(group, number)
      default: break
      }
    }
    return bytes + last(group, number)
  }

  private static func last(_ group: [UInt32], _ number: ([UInt32]) -> UInt32) -> [UInt8] {
    guard group.count > 1 else { return [] }
    let value = number(group + Array(repeating: 84, count: 5 - group.count))
    return [24, 16, 8, 0].prefix(group.count - 1).map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// Undoes pairs of hexadecimal digits; what is no digit is passed over.
  static func hexadecimal(_ text: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var half: UInt8?
    for byte in text {
      if byte == UInt8(ascii: ">") { break }
      guard let digit = byte.hexadecimalValue else { continue }
      if let high = half {
        bytes.append(high << 4 | digit)
        half = nil
      } else {
        half = digit
      }
    }
    if let half { bytes.append(half << 4) }
    return bytes
  }
}
