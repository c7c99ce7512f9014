import LiveChecks
import ServerSupport
import Synchronization
import Testing

@testable import HTTPS

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Without an endpoint: hosts are looked up, judged and reached at the address that was judged.
@Suite(.timeLimit(.minutes(2))) struct AddressTests {
  private static let request = CheckRequest(host: "provider.example", path: "/v1")

  /// A transport that looks names up with `lookUp` and takes this machine for the internet.
  private func transport(
    port: Int, proxies: ProxySettings = .none, isGuarded: Bool = false,
    lookUp: @escaping @Sendable (String) -> [[UInt8]]
  ) throws -> HTTPSTransport {
    var settings = HTTPSTransport.Settings(userAgent: "keyscan/test", proxies: proxies)
    settings.lookUp = lookUp
    if !isGuarded { settings.isReachable = { _ in true } }
    settings.authorities = try ServerCertificate.authorities()
    settings.port = port
    settings.pace = Pace(perSecond: 1000)
    return HTTPSTransport(settings)
  }

  @Test func `a host is looked up once, and the name stays on the certificate`() async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let asked = Mutex<[String]>([])
      let transport = try transport(port: server.port) { host in
        asked.withLock { $0.append(host) }
        return [[127, 0, 0, 1]]
      }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<20 {
          group.addTask { #expect(await transport.failure(Self.request) == nil) }
        }
      }
      #expect(
        await transport.failure(CheckRequest(host: "a.provider.example", path: "/")) == nil)
      // The server is the same, but its certificate is not for this name.
      #expect(
        await transport.failure(CheckRequest(host: "other.example", path: "/"))
          == .untrustedConnection)
      await transport.shutdown()
      #expect(
        asked.withLock { $0 } == ["provider.example", "a.provider.example", "other.example"])
      #expect(Set(server.requests.map(\.host)) == ["provider.example", "a.provider.example"])
    }
  }

  @Test(
    arguments: [
      [[127, 0, 0, 1]], [[8, 8, 8, 8], [10, 0, 0, 1]], [[169, 254, 169, 254]],
      [[8, 8, 8, 8], [UInt8](repeating: 0, count: 15) + [1]],
    ] as [[[UInt8]]])
  func `one address that is not public is enough to refuse`(_ addresses: [[UInt8]]) async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try transport(port: server.port, isGuarded: true) { _ in addresses }
      #expect(await transport.failure(Self.request) == .forbiddenAddress)
      #expect(await transport.failure(Self.request) == .forbiddenAddress)
      await transport.shutdown()
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `by the system's own look-up this machine is refused`() async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      var settings = HTTPSTransport.Settings(userAgent: "keyscan/test", proxies: .none)
      settings.port = server.port
      let transport = HTTPSTransport(settings)
      #expect(
        await transport.failure(CheckRequest(host: "localhost", path: "/")) == .forbiddenAddress)
      await transport.shutdown()
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `a host without an address is said to have none`() async throws {
    let asked = Mutex(0)
    let transport = try transport(port: 1) { _ in
      asked.withLock { $0 += 1 }
      return []
    }
    #expect(await transport.failure(Self.request) == .notResolved)
    #expect(await transport.failure(Self.request) == .notResolved)
    await transport.shutdown()
    #expect(asked.withLock { $0 } == 1)
  }

  @Test func `if nobody is at the first address the next one is tried`() async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try transport(port: server.port) { _ in
        // The server listens at the last one only.
        [[127, 0, 0, 2], [127, 0, 0, 3], [127, 0, 0, 1]]
      }
      #expect(await transport.failure(Self.request) == nil)
      #expect(await transport.failure(Self.request) == nil)
      await transport.shutdown()
      #expect(server.requests.count == 2)
      let lost = try self.transport(port: server.port) { _ in [[127, 0, 0, 2], [127, 0, 0, 3]] }
      #expect(await lost.failure(Self.request) == .connectionLost)
      await lost.shutdown()
    }
  }

  @Test func `without an endpoint the system says whom to trust`() async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      var settings = HTTPSTransport.Settings(userAgent: "keyscan/test", proxies: .none)
      settings.lookUp = { _ in [[127, 0, 0, 1]] }
      settings.isReachable = { _ in true }
      settings.port = server.port
      let transport = HTTPSTransport(settings)
      #expect(await transport.failure(Self.request) == .untrustedConnection)
      await transport.shutdown()
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `a certificate that is not good is not looked for a second time`() async throws {
    try await withServer(.expired) { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try transport(port: server.port) { _ in [[127, 0, 0, 1], [127, 0, 0, 1]] }
      #expect(await transport.failure(Self.request) == .untrustedConnection)
      await transport.shutdown()
    }
  }

  @Test func `a look-up that hangs costs no more than the time there is`() async throws {
    var settings = HTTPSTransport.Settings(userAgent: "keyscan/test", proxies: .none)
    let isOver = Mutex(false)
    settings.lookUp = { _ in
      for _ in 0..<3000 where !isOver.withLock({ $0 }) { usleep(10_000) }
      return [[8, 8, 8, 8]]
    }
    settings.timeLimit = .milliseconds(200)
    let transport = HTTPSTransport(settings)
    #expect(await transport.failure(Self.request) == .timedOut)
    isOver.withLock { $0 = true }
    await transport.shutdown()
  }

  @Test(arguments: ["http", "socks5"])
  func `with a proxy the proxy looks the name up`(_ scheme: String) async throws {
    try await withServer { _ in
      .init(json: #"{"a":1}"#)
    } _: { server in
      let proxy = try await TestProxy.start(to: server.port)
      let user = scheme == "http" ? "me:s%C3%A9same@" : ""
      let settings = try ProxySettings([
        "https_proxy": "\(scheme)://\(user)127.0.0.1:\(proxy.port)", "no_proxy": "near.example",
      ])
      let transport = try transport(port: 443, proxies: settings) { host in
        if host != "near.example" { Issue.record("\(host) was looked up") }
        return []
      }
      #expect(transport.proxy(for: "provider.example") == "127.0.0.1:\(proxy.port)")
      #expect(transport.proxy(for: "near.example") == nil)
      #expect(try await transport.result(Self.request).get().text == #"{"a":1}"#)
      #expect(
        await transport.failure(CheckRequest(host: "other.example", path: "/"))
          == .untrustedConnection)
      #expect(
        await transport.failure(CheckRequest(host: "near.example", path: "/")) == .notResolved)
      await transport.shutdown()
      await proxy.stop()
      #expect(server.requests.map(\.host) == ["provider.example"])
      let names = ["provider.example", "other.example"]
      #expect(
        proxy.targets
          == (scheme == "http" ? names.map { "CONNECT \($0):443 HTTP/1.1" } : names))
      if scheme == "http" {
        #expect(proxy.credentials.first?.hasSuffix("Basic bWU6c8Opc2FtZQ==") == true)
      }
    }
  }

  @Test(arguments: ["http", "socks5"])
  func `a proxy that refuses is named as the one who did`(_ scheme: String) async throws {
    for refusal in ["407 Proxy Authentication Required", "403 Forbidden"] {
      let proxy = try await TestProxy.start(to: 1, refusal: refusal)
      let settings = try ProxySettings(["ALL_PROXY": "\(scheme)://127.0.0.1:\(proxy.port)"])
      let transport = try transport(port: 443, proxies: settings) { _ in [] }
      #expect(await transport.failure(Self.request) == .proxyRefused)
      await transport.shutdown()
      await proxy.stop()
    }
  }

  @Test func `endpoints pass proxies by`() async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port) { settings in
        settings.proxies = (try? ProxySettings(["https_proxy": "127.0.0.1:1"])) ?? .none
      }
      #expect(transport.proxy(for: "api.one.example") == nil)
      #expect(await transport.failure() == nil)
      await transport.shutdown()
    }
  }
}
