internal import NIOSSL

/// A server on this machine that stands in for a provider.
package struct Endpoint: Hashable, Sendable {
  /// Which names its certificate may be for.
  package let host: Host
  package let port: Int

  package enum Host: Hashable, Sendable {
    case localhost
    case address(IPAddress)
  }
}

/// What `--endpoint` and `--endpoint-ca` say: which providers are played by servers on this machine.
package struct Endpoints: Sendable {
  private let byProvider: [String: Endpoint]
  /// Who may vouch for these servers, and nobody else.
  let authorities: [NIOSSLCertificate]

  /// Reads `PROVIDER=https://127.0.0.1:PORT`, and the certificates in the file `authority`.
  package init(_ arguments: [String], authority: String?) throws(EndpointError) {
    var byProvider: [String: Endpoint] = [:]
    for argument in arguments {
      let (provider, endpoint) = try Self.parse(argument)
      guard byProvider.updateValue(endpoint, forKey: provider) == nil else {
        throw .twice(provider)
      }
    }
    guard let authority else { throw .noAuthority }
    do {
      authorities = try NIOSSLCertificate.fromPEMFile(authority)
    } catch {
      throw .unreadableAuthority(authority)
    }
    guard !authorities.isEmpty else { throw .unreadableAuthority(authority) }
    self.byProvider = byProvider
  }

  /// The providers that are named, in alphabetical order.
  package var providers: [String] { byProvider.keys.sorted() }

  /// Where the requests go that are meant for `hosts`, the hosts of each provider.
  package func redirect(
    _ hosts: [String: some Sequence<String>]
  ) throws(EndpointError) -> Redirection {
    var byHost: [String: Endpoint] = [:]
    for provider in providers {
      guard let hosts = hosts[provider] else { throw .unknownProvider(provider) }
      for host in hosts { byHost[host] = byProvider[provider] }
    }
    return Redirection(byHost: byHost, authorities: authorities)
  }

  /// Where to go for each host; every other one is out of reach.
  package struct Redirection: Sendable {
    package let byHost: [String: Endpoint]
    let authorities: [NIOSSLCertificate]
  }

  private static func parse(_ argument: String) throws(EndpointError) -> (String, Endpoint) {
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
      throw .noProvider(argument)
    }
    let provider = String(argument[..<sign])
    let address = argument[argument.index(after: sign)...]
    guard address.hasPrefix("https://") else { throw .notHTTPS(provider) }
    let rest = address.dropFirst("https://".count)
    guard !rest.contains(where: { "/?#".contains($0) }) else { throw .path(provider) }
    guard let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") else {
      throw .noPort(provider)
    }
    let digits = rest[rest.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
      (1...65535).contains(port)
    else { throw .noPort(provider) }
    guard let host = host(rest[..<colon]) else { throw .notLoopback(provider) }
    return (provider, Endpoint(host: host, port: port))
  }

  private static func host(_ text: Substring) -> Endpoint.Host? {
    if text == "localhost" { return .localhost }
    let isSix = text.hasPrefix("[") && text.hasSuffix("]")
    guard let address = IPAddress(String(isSix ? text.dropFirst().dropLast() : text)),
      AddressGuard.isLoopback(address), isSix == address.isSix
    else { return nil }
    return .address(address)
  }
}

/// What is wrong with `--endpoint` or `--endpoint-ca`.
package enum EndpointError: Error, Equatable, Sendable {
  case noProvider(String)
  case twice(String)
  case notHTTPS(String)
  case notLoopback(String)
  case noPort(String)
  case path(String)
  case unknownProvider(String)
  case noAuthority
  case unreadableAuthority(String)
}

extension EndpointError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noProvider(let argument):
      "--endpoint \(argument): expected PROVIDER=https://127.0.0.1:PORT"
    case .twice(let provider): "--endpoint \(provider): named twice"
    case .notHTTPS(let provider): "--endpoint \(provider): only https:// is allowed"
    case .notLoopback(let provider):
      "--endpoint \(provider): only 127.0.0.1, [::1] and localhost are allowed"
    case .noPort(let provider): "--endpoint \(provider): the port is missing"
    case .path(let provider): "--endpoint \(provider): nothing may stand behind the port"
    case .unknownProvider(let provider): "--endpoint \(provider): no such provider"
    case .noAuthority: "--endpoint needs --endpoint-ca FILE, the certificate to trust"
    case .unreadableAuthority(let file): "--endpoint-ca \(file): no certificates could be read"
    }
  }
}
