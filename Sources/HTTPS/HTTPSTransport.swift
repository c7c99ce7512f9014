internal import AsyncHTTPClient
internal import Files
package import LiveChecks
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Sends requests of live checks over HTTPS: to the hosts that they name and to nobody else.
///
/// Certificates are verified, redirections not followed; no cookies are kept and nothing is
/// logged. A host is looked up once, and only if all its addresses are public is the first one
/// connected to that answers.
package struct HTTPSTransport: Transport {
  private let settings: Settings
  private let connections: Connections
  private let addresses: Addresses
  private let lanes: Lanes
  private let timepiece: Timepiece

  package struct Settings: Sendable {
    /// `keyscan/1.2.3`.
    package var userAgent: String
    package var proxies: ProxySettings
    /// Where to go instead of providers; if it is set, nothing else can be reached, whatever it says.
    package var redirection: Endpoints.Redirection?
    package var pace = Pace()
    /// For one request from the look-up of its host to the last byte of its answer.
    package var timeLimit = Duration.seconds(10)
    /// By which requests are paced and put off.
    package var clock: any Clock<Duration> = ContinuousClock()

    // What tests put in the place of the internet.
    var lookUp: @Sendable (String) -> [[UInt8]] = { HostAddresses.look(up: $0) }
    var isReachable: @Sendable (IPAddress) -> Bool = { AddressGuard.isPublic($0) }
    var authorities: [NIOSSLCertificate]?
    var port = 443

    package init(
      userAgent: String, proxies: ProxySettings, redirection: Endpoints.Redirection? = nil
    ) {
      self.userAgent = userAgent
      self.proxies = proxies
      self.redirection = redirection
    }
  }

  package init(_ settings: Settings) {
    self.settings = settings
    timepiece = Timepiece(settings.clock)
    lanes = Lanes(settings.pace, timepiece)
    addresses = Addresses(settings.lookUp, isReachable: settings.isReachable)
    connections = Connections(
      settings.proxies, authorities: settings.redirection?.authorities ?? settings.authorities,
      Connections.Limits(time: settings.timeLimit, concurrency: settings.pace.concurrency))
  }

  /// The proxy that would look up `host`, as `host:port` without a password; `nil` if there is none.
  package func proxy(for host: String) -> String? {
    settings.redirection == nil ? settings.proxies.proxy(for: host)?.place : nil
  }

  /// Ends all connections; every request from now on is interrupted.
  package func shutdown() async { await connections.close() }

  package func send(_ request: CheckRequest) async throws(CheckFailure) -> CheckAnswer {
    guard request.isWellFormed else { throw .unsendable }
    let answer = try await sendOnce(request)
    guard let seconds = RetryAfter.seconds(answer) else { return answer }
    do {
      try await timepiece.sleep(timepiece.now() + .seconds(seconds))
    } catch {
      throw .interrupted
    }
    return try await sendOnce(request)
  }

  private func sendOnce(_ request: CheckRequest) async throws(CheckFailure) -> CheckAnswer {
    let lane = await lanes.lane(of: request.host)
    try await lane.enter()
    let result = await within(settings.timeLimit) { await exchange(request) }
    await lane.leave()
    return try result.get()
  }

  /// Finds the way to the host and goes it.
  private func exchange(_ request: CheckRequest) async -> Result<CheckAnswer, CheckFailure> {
    do throws(CheckFailure) {
      if let redirection = settings.redirection {
        guard let endpoint = redirection.byHost[request.host] else { throw .forbiddenAddress }
        return .success(
          try await send(
            request, to: endpoint.name, endpoint.port, at: endpoint.addresses))
      }
      if settings.proxies.proxy(for: request.host) != nil {
        let client = try await connections.client(.proxied(host: request.host), isLast: true)
        return .success(try await send(request, to: request.host, settings.port, over: client))
      }
      let addresses = try await addresses.addresses(of: request.host)
      return .success(
        try await send(request, to: request.host, settings.port, at: addresses))
    } catch {
      return .failure(error)
    }
  }

  /// Sends `request` to the first of `addresses` that a connection can be made to.
  private func send(
    _ request: CheckRequest, to name: String, _ port: Int, at addresses: [IPAddress]
  ) async throws(CheckFailure) -> CheckAnswer {
    var failure = CheckFailure.notResolved
    let inOrder = await connections.inOrder(addresses, of: name)
    for (index, address) in inOrder.enumerated() {
      let isLast = index == inOrder.count - 1
      let client = try await connections.client(
        .straight(host: name, to: address), isLast: isLast)
      do {
        let answer = try await Self.answer(client, outgoing(request, name, port))
        await connections.remember(address, of: name)
        return answer
      } catch {
        failure = CheckFailure(error, isProxied: false)
        guard CheckFailure.isUnreachable(error), !Task.isCancelled else { throw failure }
      }
    }
    throw failure
  }

  private func send(
    _ request: CheckRequest, to name: String, _ port: Int, over proxied: HTTPClient
  ) async throws(CheckFailure) -> CheckAnswer {
    do {
      return try await Self.answer(proxied, outgoing(request, name, port))
    } catch {
      throw CheckFailure(error, isProxied: true)
    }
  }

  private func outgoing(_ request: CheckRequest, _ name: String, _ port: Int) -> HTTPClientRequest {
    let place = port == 443 ? name : "\(name):\(port)"
    var outgoing = HTTPClientRequest(url: "https://\(place)\(request.path)")
    outgoing.method = request.method == .get ? .GET : .POST
    outgoing.headers.add(name: "Host", value: request.host)
    outgoing.headers.add(name: "User-Agent", value: settings.userAgent)
    for header in request.headers {
      outgoing.headers.add(name: header.name, value: header.value)
    }
    if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
    return outgoing
  }

  /// Sends `request` and reads what may be read of the answer; what is left of it is hung up on.
  private static func answer(
    _ client: HTTPClient, _ request: HTTPClientRequest
  ) async throws -> CheckAnswer {
    // Whoever calls has a limit of time; this one only has to be there, and later.
    let response = try await client.execute(request, timeout: .hours(1))
    var headers: [String: String] = [:]
    for (name, value) in response.headers {
      let name = name.lowercased()
      headers[name] = headers[name].map { "\($0), \(value)" } ?? value
    }
    var body: [UInt8] = []
    var isCut = false
    for try await part in response.body {
      let room = CheckAnswer.limit - body.count
      body += part.readableBytesView.prefix(room)
      if part.readableBytes > room {
        isCut = true
        break
      }
    }
    return CheckAnswer(
      status: Int(response.status.code), headers: headers, body: body, isCut: isCut)
  }
}

extension Endpoint {
  /// What the certificate must be for, as it stands in a URL.
  fileprivate var name: String {
    switch host {
    case .localhost: "localhost"
    case .address(let address): address.isSix ? "[\(address)]" : address.description
    }
  }

  /// `localhost` is not looked up: somebody could have said that it is elsewhere.
  fileprivate var addresses: [IPAddress] {
    switch host {
    case .localhost: ["127.0.0.1", "::1"].compactMap(IPAddress.init(_:))
    case .address(let address): [address]
    }
  }
}

/// The lanes of all hosts.
private actor Lanes {
  private let pace: Pace
  private let timepiece: Timepiece
  private var byHost: [String: Lane] = [:]

  init(_ pace: Pace, _ timepiece: Timepiece) {
    self.pace = pace
    self.timepiece = timepiece
  }

  func lane(of host: String) -> Lane {
    if let lane = byHost[host] { return lane }
    let lane = Lane(pace, timepiece)
    byHost[host] = lane
    return lane
  }
}

/// Does `work` unless it takes longer than `limit`; then, or if this is interrupted, it is cancelled.
private func within<Value: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async -> Result<Value, CheckFailure>
) async -> Result<Value, CheckFailure> {
  await withTaskGroup(of: Result<Value, CheckFailure>.self) { group in
    group.addTask { await work() }
    group.addTask {
      do {
        try await ContinuousClock().sleep(for: limit)
        return .failure(.timedOut)
      } catch {
        return .failure(.interrupted)
      }
    }
    let first = await group.next() ?? .failure(.interrupted)
    group.cancelAll()
    return first
  }
}
