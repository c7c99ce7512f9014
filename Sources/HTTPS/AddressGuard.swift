/// Which addresses a secret may be sent to.
///
/// A name whose owner, or whose resolver, points it at a machine of the local network would make
/// of keyscan a hand inside that network, and would hand secrets to it.
package enum AddressGuard {
  /// Whether `address` is one of the public internet.
  ///
  /// Of version 6 only what is given out for the internet is; that leaves out loopback, local,
  /// link-local, multicast and whatever is not in use yet. What carries an address of version 4 is
  /// judged by that, where it is a network's way to version 4, and refused where it is a tunnel.
  package static func isPublic(_ address: IPAddress) -> Bool {
    if address.bytes.count == 4 { return !closed4.contains { $0.contains(address) } }
    if carriesFour.contains(where: { $0.contains(address) }) {
      return IPAddress(bytes: Array(address.bytes.suffix(4))).map(isPublic) ?? false
    }
    return global6.contains(address) && !closed6.contains { $0.contains(address) }
  }

  /// Whether `address` is this machine itself.
  package static func isLoopback(_ address: IPAddress) -> Bool {
    loopback.contains { $0.contains(address) }
  }

  private static let loopback = [AddressRange(127, 0, 0, 0, 8), AddressRange("::1", 128)]

  /// As in the registry of special-purpose addresses (RFC 6890).
  private static let closed4 = [
    AddressRange(0, 0, 0, 0, 8),  // this network
    AddressRange(10, 0, 0, 0, 8),  // private
    AddressRange(100, 64, 0, 0, 10),  // a carrier's own
    AddressRange(127, 0, 0, 0, 8),  // loopback
    AddressRange(169, 254, 0, 0, 16),  // link-local, where clouds tell their machines secrets
    AddressRange(172, 16, 0, 0, 12),  // private
    AddressRange(192, 0, 0, 0, 24),  // protocols
    AddressRange(192, 0, 2, 0, 24),  // documentation
    AddressRange(192, 88, 99, 0, 24),  // relays of 6to4
    AddressRange(192, 168, 0, 0, 16),  // private
    AddressRange(198, 18, 0, 0, 15),  // benchmarks
    AddressRange(198, 51, 100, 0, 24),  // documentation
    AddressRange(203, 0, 113, 0, 24),  // documentation
    AddressRange(224, 0, 0, 0, 4),  // multicast
    AddressRange(240, 0, 0, 0, 4),  // reserved, and broadcast
  ]

  private static let global6 = AddressRange("2000::", 3)

  private static let closed6 = [
    AddressRange("2001::", 23),  // protocols: Teredo, benchmarks, ORCHID
    AddressRange("2001:db8::", 32),  // documentation
    AddressRange("2002::", 16),  // 6to4
    AddressRange("3fff::", 20),  // documentation
  ]

  /// Mapped addresses, and NAT64 by its well-known prefix.
  private static let carriesFour = [
    AddressRange("::ffff:0:0", 96), AddressRange("64:ff9b::", 96),
  ]
}

/// The addresses that begin with the same bits.
private struct AddressRange: Sendable {
  private let bytes: [UInt8]
  private let bits: Int

  init(_ one: UInt8, _ two: UInt8, _ three: UInt8, _ four: UInt8, _ bits: Int) {
    bytes = [one, two, three, four]
    self.bits = bits
  }

  init(_ six: String, _ bits: Int) {
    guard let address = IPAddress(six) else { preconditionFailure("\(six) is no address") }
    bytes = address.bytes
    self.bits = bits
  }

  func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == bytes.count else { return false }
    return (0..<bits).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      let difference: UInt8 = address.bytes[bit / 8] ^ bytes[bit / 8]
      return difference & mask == 0
    }
  }
}
