internal import AsyncHTTPClient
internal import LiveChecks
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The clients that hold connections; nothing of them is there before the first request.
actor Connections {
  /// Where the connections of one client lead.
  enum Way: Hashable {
    /// To an address that was looked at before, whatever the name leads to by now.
    case straight(host: String, to: IPAddress)
    /// To whatever the proxy takes the host's name for.
    case proxied(host: String)
  }

  private let proxies: ProxySettings
  private let authorities: [NIOSSLCertificate]?
  private let limits: Limits
  private var clients: [Way: HTTPClient] = [:]
  private var loops: MultiThreadedEventLoopGroup?
  private var reached: [String: IPAddress] = [:]
  private var isClosed = false

  /// What every client keeps to.
  struct Limits {
    let time: Duration
    let concurrency: Int
  }

  init(_ proxies: ProxySettings, authorities: [NIOSSLCertificate]?, _ limits: Limits) {
    self.proxies = proxies
    self.authorities = authorities
    self.limits = limits
  }

  deinit {
    // A client that is let go of without having been shut down ends the program, or leaks.
    let (clients, loops) = (clients, loops)
    if loops != nil { Task { await Self.close(clients, loops) } }
  }

  /// Ends all connections, and what still waits for an answer.
  func close() async {
    isClosed = true
    let (clients, loops) = (clients, loops)
    self.clients = [:]
    self.loops = nil
    await Self.close(clients, loops)
  }

  private static func close(
    _ clients: [Way: HTTPClient], _ loops: MultiThreadedEventLoopGroup?
  ) async {
    for client in clients.values {
      await withCheckedContinuation { continuation in
        client.shutdown { _ in continuation.resume() }
      }
    }
    guard let loops else { return }
    await withCheckedContinuation { continuation in
      loops.shutdownGracefully { _ in continuation.resume() }
    }
  }

  /// `addresses` with the one in front that answered before.
  func inOrder(_ addresses: [IPAddress], of host: String) -> [IPAddress] {
    guard let known = reached[host], addresses.contains(known) else { return addresses }
    return [known] + addresses.filter { $0 != known }
  }

  /// Remembers that `address` of `host` answers.
  func remember(_ address: IPAddress, of host: String) { reached[host] = address }

  /// The client for `way`; `isLast` if there is no other one to try.
  func client(_ way: Way, isLast: Bool) throws(CheckFailure) -> HTTPClient {
    if let client = clients[way] { return client }
    guard !isClosed else { throw .interrupted }
    let loops = loops ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
    self.loops = loops
    let client = HTTPClient(
      eventLoopGroup: loops, configuration: configuration(way, isLast: isLast))
    clients[way] = client
    return client
  }

  private func configuration(_ way: Way, isLast: Bool) -> HTTPClient.Configuration {
    var encryption = TLSConfiguration.makeClientConfiguration()
    encryption.minimumTLSVersion = .tlsv12
    // Whoever is left does not have to say goodbye; by default that is waited for for five seconds.
    encryption.shutdownTimeout = .milliseconds(100)
    if let authorities { encryption.trustRoots = .certificates(authorities) }

    // An idle connection is ended before servers end it, or a request could run into that.
    var pool = HTTPClient.Configuration.ConnectionPool(idleTimeout: .seconds(4))
    // One server of this machine may stand for many hosts, each of which has its own limit.
    let hosts = authorities == nil ? 1 : 16
    pool.concurrentHTTP1ConnectionsPerHostSoftLimit = hosts * limits.concurrency
    // Whoever cannot be reached is not tried again and again until the time is up.
    pool.retryConnectionEstablishment = false

    // The others must have time too when the first address does not answer.
    let connect = isLast ? limits.time : min(limits.time / 3, .seconds(3))
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: encryption, redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(connect)), connectionPool: pool,
      decompression: .disabled)
    configuration.httpVersion = .http1Only
    let name: String
    switch way {
    case .straight(let host, let address):
      name = host
      configuration.dnsOverride = [host: address.description]
    case .proxied(let host):
      name = host
      configuration.proxy = proxies.proxy(for: host).map(HTTPClient.Configuration.Proxy.init)
    }
    // An address is held against the certificate by NIOSSL.
    if IPAddress(name) == nil, !name.hasPrefix("[") {
      configuration.http1_1ConnectionDebugInitializer = { CertificateName.hold($0, to: name) }
    }
    return configuration
  }
}

extension HTTPClient.Configuration.Proxy {
  fileprivate init(_ proxy: Proxy) {
    switch proxy.kind {
    case .socks: self = .socksServer(host: proxy.host, port: proxy.port)
    case .http(let credentials):
      self = .server(
        host: proxy.host, port: proxy.port,
        authorization: credentials.map {
          .basic(username: $0.user, password: $0.password)
        })
    }
  }
}
