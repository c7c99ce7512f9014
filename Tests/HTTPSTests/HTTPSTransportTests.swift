import LiveChecks
import ServerSupport
import Testing

@testable import HTTPS

/// Against a real HTTPS server on this machine, which plays providers.
@Suite(.timeLimit(.minutes(2))) struct HTTPSTransportTests {
  @Test func `a request arrives as it was written, and its answer comes back`() async throws {
    try await withServer { _ in
      ProviderServer.Answer(
        status: 403, headers: ["X-Odd": "a", "Set-Cookie": "b=c; Secure"], json: #"{"a":1}"#)
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      var request = CheckRequest(
        .post, host: "api.one.example", path: "/v1/a:b/c%2Fd/../$e?q=%20x&r=1;2+3@4'5",
        headers: [.init("X-Key", "not a secret"), .init("Accept", "*/*")],
        body: Array("text".utf8))
      let answer = try await transport.send(request)
      #expect(answer.status == 403)
      #expect(answer.headers["x-odd"] == "a")
      #expect(answer.headers["content-type"] == "application/json")
      #expect(answer.text == #"{"a":1}"#)
      #expect(!answer.isCut)
      request.method = .get
      request.body = []
      request.host = "other.one.example"
      _ = try await transport.send(request)
      await transport.shutdown()

      let headers = ["x-key": "not a secret", "accept": "*/*", "user-agent": "keyscan/test"]
      #expect(
        server.requests == [
          .init(
            method: "POST", host: "api.one.example", path: request.path,
            headers: headers.merging(["content-length": "4"]) { $1 }, body: Array("text".utf8)),
          .init(
            method: "GET", host: "other.one.example", path: request.path, headers: headers,
            body: []),
        ])
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func `an endpoint's certificate is held against what it is called`(_ place: String) async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port, on: place)
      #expect(await transport.failure() == nil)
      await transport.shutdown()
    }
  }

  @Test(arguments: [ServerCertificate.foreign, .elsewhere, .expired])
  func `a certificate that is not good ends it`(_ certificate: ServerCertificate) async throws {
    try await withServer(certificate) { _ in
      .init(json: "{}")
    } _: { server in
      for place in ["127.0.0.1", "localhost"] {
        let transport = try HTTPSTransport.to(server.port, on: place)
        #expect(await transport.failure() == .untrustedConnection)
        await transport.shutdown()
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirection is an answer`(_ status: Int) async throws {
    try await withServer { request in
      .init(status: status, headers: ["Location": "/elsewhere"], html: "moved")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      let answer = try await transport.result().get()
      #expect(answer.status == status)
      #expect(answer.headers["location"] == "/elsewhere")
      await transport.shutdown()
      #expect(server.requests.map(\.path) == ["/v1/models"])
    }
  }

  @Test func `no cookie comes back and nothing is unpacked`() async throws {
    try await withServer { _ in
      .init(headers: ["Set-Cookie": "a=b", "Content-Encoding": "gzip"], body: [0x1F, 0x8B, 8])
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(try await transport.result().get().body == [0x1F, 0x8B, 8])
      _ = try await transport.result().get()
      await transport.shutdown()
      for request in server.requests { #expect(Array(request.headers.keys) == ["user-agent"]) }
    }
  }

  @Test(arguments: [CheckAnswer.limit - 1, CheckAnswer.limit, CheckAnswer.limit + 1, 1 << 24])
  func `of a body only so much is read`(_ size: Int) async throws {
    try await withServer { _ in
      .init(body: Array(repeating: 0x61, count: size))
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      let answer = try await transport.result().get()
      #expect(answer.body.count == min(size, CheckAnswer.limit))
      #expect(answer.isCut == (size > CheckAnswer.limit))
      // The connection of the one that was cut is of no use any more; the next takes another.
      #expect(await transport.failure() == nil)
      await transport.shutdown()
    }
  }

  @Test func `a body whose length nobody tells is read to its end, or as far as may be`()
    async throws
  {
    let piece = Array(repeating: UInt8(0x61), count: 10_000)
    try await withServer { request in
      .init(
        pieces: Array(repeating: piece, count: request.path == "/long" ? 100 : 3),
        every: .milliseconds(1))
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      let short = try await transport.result().get()
      #expect(short.body.count == 30_000 && !short.isCut)
      let long = try await transport.send(CheckRequest(host: "api.one.example", path: "/long"))
      #expect(long.body.count == CheckAnswer.limit && long.isCut)
      await transport.shutdown()
    }
  }

  @Test func `whoever takes too long is left`() async throws {
    try await withServer { request in
      if request.path == "/drip" {
        return .init(pieces: Array(repeating: [0x61], count: 1000), every: .milliseconds(20))
      }
      try await Task.sleep(for: .seconds(100))
      return .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port) { $0.timeLimit = .milliseconds(300) }
      let clock = ContinuousClock()
      let start = clock.now
      #expect(await transport.failure() == .timedOut)
      #expect(
        await transport.failure(CheckRequest(host: "api.one.example", path: "/drip")) == .timedOut)
      #expect(clock.now - start < .seconds(15))
      await transport.shutdown()
    }
  }

  @Test func `whoever never begins to talk is left`() async throws {
    try await withServer(.silence) { server in
      let transport = try HTTPSTransport.to(server.port) { $0.timeLimit = .milliseconds(300) }
      #expect(await transport.failure() == .timedOut)
      await transport.shutdown()
    }
  }

  @Test func `where nobody listens the connection is lost`() async throws {
    let server = try await RawServer.start(.silence)
    try await server.stop()
    let transport = try HTTPSTransport.to(server.port)
    #expect(await transport.failure() == .connectionLost)
    await transport.shutdown()
  }

  @Test func `no encryption, no conversation`() async throws {
    try await withServer(.plain(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8))) {
      server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(await transport.failure() == .untrustedConnection)
      await transport.shutdown()
    }
    try await withServer(.plain([])) { server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(await transport.failure() == .connectionLost)
      await transport.shutdown()
    }
  }

  private static let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

  @Test(
    arguments: [
      ("", .connectionLost),
      ("HTTP/1.1 200 O", .connectionLost),
      (head + "X-", .connectionLost),
      (head + "Content-Length: 100\r\n\r\n{\"a\":1}", .connectionLost),
      (head + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n", .connectionLost),
      (head + "Transfer-Encoding: chunked\r\n\r\nrubbish\r\n{\"a\":1}\r\n", .malformed),
      (head + "Content-Length: many\r\n\r\n", .malformed),
      (head + "No colon\r\n\r\n", .malformed),
      ("SSH-2.0-OpenSSH_9.9\r\n", .malformed),
      ("<html>\r\n\r\n</html>", .malformed),
      ("HTTP/9.9 200 OK\r\n\r\n", .malformed),
      (head + String(repeating: "X-A: b\r\n", count: 1000) + "\r\n", .malformed),
      (head + "X-A: " + String(repeating: "b", count: 1 << 20) + "\r\n\r\n", .malformed),
    ] as [(String, CheckFailure)])
  func `what is no whole answer is none`(_ bytes: String, _ failure: CheckFailure) async throws {
    for behaviour in [RawServer.Behaviour.cut(Array(bytes.utf8)), .farewell(Array(bytes.utf8))] {
      try await withServer(behaviour) { server in
        let transport = try HTTPSTransport.to(server.port)
        #expect(await transport.failure() == failure)
        await transport.shutdown()
      }
    }
  }

  @Test func `a body up to the connection's end is whole only after a proper leave`() async throws {
    let bytes = Array((Self.head + "Connection: close\r\n\r\n{\"a\":1}").utf8)
    try await withServer(.farewell(bytes)) { server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(try await transport.result().get().text == #"{"a":1}"#)
      await transport.shutdown()
    }
    try await withServer(.cut(bytes)) { server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(await transport.failure() == .connectionLost)
      await transport.shutdown()
    }
  }

  @Test(arguments: [
    CheckRequest(host: "", path: "/"), CheckRequest(host: "API.one.example", path: "/"),
    CheckRequest(host: "api.one.example:443", path: "/"),
    CheckRequest(host: "api.one.example.", path: "/"), CheckRequest(host: "a@b", path: "/"),
    CheckRequest(host: "::1", path: "/"), CheckRequest(host: "[::1]", path: "/"),
    CheckRequest(host: "127.0.0.1", path: "/"), CheckRequest(host: "8.8.8.8", path: "/"),
    CheckRequest(host: "127.1", path: "/"), CheckRequest(host: "0x7f000001", path: "/"),
    CheckRequest(host: "2130706433", path: "/"), CheckRequest(host: "api.one.example/", path: "/"),
    CheckRequest(host: "bücher.example", path: "/"), CheckRequest(host: "a_b.example", path: "/"),
    CheckRequest(host: "api.one.example", path: ""),
    CheckRequest(host: "api.one.example", path: "v1"),
    CheckRequest(host: "api.one.example", path: "/a b"),
    CheckRequest(host: "api.one.example", path: "/a#b"),
    CheckRequest(host: "api.one.example", path: "/a%2"),
    CheckRequest(host: "api.one.example", path: "/a%zz"),
    CheckRequest(host: "api.one.example", path: "/a\r\nX: y"),
    CheckRequest(host: "api.one.example", path: "/ä"),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("X-Key", "a\r\nX: y")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("X-Key", "a\0")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("X Key", "a")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("", "a")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("Host", "a")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("cookie", "a")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("Referer", "a")]),
    CheckRequest(host: "api.one.example", path: "/", headers: [.init("Content-Length", "9")]),
  ])
  func `what cannot be sent as it stands is not sent`(_ request: CheckRequest) async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(await transport.failure(request) == .unsendable)
      await transport.shutdown()
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `with an endpoint nothing else can be reached`() async throws {
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port) { settings in
        settings.lookUp = { _ in
          Issue.record("a name was looked up")
          return []
        }
        settings.isReachable = { _ in true }
      }
      for host in ["example.com", "one.example", "localhost"] {
        #expect(
          await transport.failure(CheckRequest(host: host, path: "/")) == .forbiddenAddress)
      }
      #expect(await transport.failure() == nil)
      await transport.shutdown()
      #expect(server.requests.count == 1)
    }
  }
}
