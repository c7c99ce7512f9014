internal import LiveChecks
internal import NIOCore
internal import NIOSSL

/// Whether a certificate is for a host by its name.
///
/// NIOSSL takes a certificate for the address at the other end too, whatever name was asked for:
/// whoever makes a name lead to a machine of theirs could show one for its address, which
/// authorities do give out. So the name is looked at once more before anything is sent.
enum CertificateName {
  /// Ends a connection whose certificate is not for `host`.
  static func hold(_ channel: any Channel, to host: String) -> EventLoopFuture<Void> {
    channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
      let names = certificate?._subjectAlternativeNames().filter { $0.nameType == .dnsName } ?? []
      guard names.contains(where: { matches(Array($0.contents), host) }) else {
        // The client has to hear of the failure first: it takes a connection that ends before
        // for one of its own accord.
        channel.eventLoop.execute { channel.close(promise: nil) }
        throw CheckFailure.untrustedConnection
      }
    }
  }

  /// Whether `name` is `host`, or `*` and all of it behind its first label.
  static func matches(_ name: [UInt8], _ host: String) -> Bool {
    let name = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let host = Array(host.utf8)
    guard name.starts(with: Array("*.".utf8)) else { return name == host }
    guard let dot = host.firstIndex(of: UInt8(ascii: ".")), dot > 0 else { return false }
    return name.count(where: { $0 == UInt8(ascii: ".") }) > 1 && host[dot...] == name[1...]
  }
}
