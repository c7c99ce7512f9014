#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What the system knows of a host by its name.
package enum HostAddresses {
  /// The addresses of `host`, 4 or 16 bytes each as on the wire, the one to try first in front.
  ///
  /// Empty if there are none or nobody answers. It waits for the network as long as the system's
  /// settings say, so it belongs on a thread that may wait.
  package static func look(up host: String) -> [[UInt8]] {
    var wanted = unsafe addrinfo()
    #if canImport(Glibc)
      // Without a kind of socket each address comes once for every kind.
      unsafe wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      unsafe wanted.ai_socktype = SOCK_STREAM
    #endif
    var first: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &wanted, &first) == 0 else { return [] }
    defer { unsafe freeaddrinfo(first) }

    var found: [[UInt8]] = []
    var next = unsafe first
    while let entry = unsafe next {
      if let address = unsafe bytes(of: entry.pointee), !found.contains(address) {
        found.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    return found
  }
}

/// The address in `entry`, as on the wire.
private func bytes(of entry: addrinfo) -> [UInt8]? {
  guard let address = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
  switch unsafe entry.ai_family {
  case AF_INET:
    let whole = unsafe address.loadUnaligned(as: sockaddr_in.self)
    return unsafe withUnsafeBytes(of: whole.sin_addr) { unsafe Array($0) }
  case AF_INET6:
    let whole = unsafe address.loadUnaligned(as: sockaddr_in6.self)
    return unsafe withUnsafeBytes(of: whole.sin6_addr) { unsafe Array($0) }
  default:
    return nil
  }
}
