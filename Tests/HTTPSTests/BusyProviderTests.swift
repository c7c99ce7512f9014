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

/// Many requests, providers that ask for patience, and runs that are given up.
@Suite(.timeLimit(.minutes(2))) struct BusyProviderTests {
  @Test(
    arguments: [
      (429, "7", Duration.seconds(7)), (429, "30", .seconds(30)), (503, nil, .seconds(1)),
      (500, nil, .seconds(1)), (502, "0", .zero), (504, "rubbish", .seconds(1)),
    ] as [(Int, String?, Duration)])
  func `a busy provider is asked once more, when it says`(
    _ status: Int, _ header: String?, _ wait: Duration
  ) async throws {
    let times = Mutex(0)
    try await withServer { _ in
      let isFirst = times.withLock { times in
        times += 1
        return times == 1
      }
      var busy = ProviderServer.Answer(status: status, json: "{}")
      busy.headers["Retry-After"] = header
      return isFirst ? busy : .init(json: #"{"a":1}"#)
    } _: { server in
      let clock = LeapingClock()
      let transport = try HTTPSTransport.to(server.port) { $0.clock = clock }
      #expect(try await transport.result().get().text == #"{"a":1}"#)
      #expect(clock.waits == [wait])
      await transport.shutdown()
      #expect(server.requests.count == 2)
    }
  }

  @Test(
    arguments: [(429, nil, 2), (503, "5", 2), (429, "31", 1), (501, nil, 1), (400, nil, 1)]
      as [(Int, String?, Int)])
  func `what it says then stands`(_ status: Int, _ header: String?, _ count: Int) async throws {
    try await withServer { _ in
      var busy = ProviderServer.Answer(status: status, json: "{}")
      busy.headers["Retry-After"] = header
      return busy
    } _: { server in
      let transport = try HTTPSTransport.to(server.port) { $0.clock = LeapingClock() }
      #expect(try await transport.result().get().status == status)
      await transport.shutdown()
      #expect(server.requests.count == count)
    }
  }

  @Test func `a connection that is lost is not tried again`() async throws {
    try await withServer(.cut([])) { server in
      let clock = LeapingClock()
      let transport = try HTTPSTransport.to(server.port) { $0.clock = clock }
      #expect(await transport.failure() == .connectionLost)
      #expect(clock.waits.isEmpty)
      await transport.shutdown()
    }
  }

  @Test func `many requests keep to the pace and leave no connection behind`() async throws {
    let server = try await ProviderServer.start { request in
      try await Task.sleep(for: .milliseconds(2))
      return .init(json: request.path)
    }
    let clock = LeapingClock()
    let transport = try HTTPSTransport.to(server.port) { settings in
      settings.pace = Pace(concurrency: 4, perSecond: 10)
      settings.clock = clock
    }
    let bodies = await withTaskGroup(of: String?.self) { group in
      for number in 0..<200 {
        group.addTask {
          let host = number.isMultiple(of: 2) ? "api.one.example" : "other.one.example"
          let request = CheckRequest(host: host, path: "/\(number)")
          return try? await transport.result(request).get().text
        }
      }
      return await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(bodies == Set((0..<200).map { "/\($0)" }))
    #expect(server.requests.count == 200)
    // Four for each host, which both are this server.
    #expect(server.mostAtOnce <= 8)
    // A hundred for each host, ten of them before the first second is over; when one host makes
    // the time leap, the other loses what it could have sent meanwhile.
    #expect(clock.now.offset >= .seconds(9))
    #expect(connections(to: server.port) > 0)

    await transport.shutdown()
    await server.stop()
    // The system may take a moment.
    for _ in 0..<500 where connections(to: server.port) > 0 {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(connections(to: server.port) == 0)
  }

  @Test func `one host has at most so many requests under way`() async throws {
    try await withServer { _ in
      try await Task.sleep(for: .milliseconds(20))
      return .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port) { $0.pace = Pace(perSecond: 1000) }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<40 { group.addTask { #expect(await transport.failure() == nil) } }
      }
      await transport.shutdown()
      #expect(server.mostAtOnce == 4)
    }
  }

  @Test func `whoever is given up waits no longer`() async throws {
    try await withServer { request in
      if request.path == "/busy" {
        return .init(status: 429, headers: ["Retry-After": "30"], json: "{}")
      }
      try await Task.sleep(for: .seconds(100))
      return .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port) { $0.pace = Pace(concurrency: 1) }
      let clock = ContinuousClock()
      let start = clock.now
      // One waits to be asked again, one for its answer, one for its turn.
      var tasks = [
        Task { await transport.failure(CheckRequest(host: "other.one.example", path: "/busy")) }
      ]
      for _ in 0..<2 { tasks.append(Task { await transport.failure() }) }
      while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
      for task in tasks { task.cancel() }
      for task in tasks {
        let failure = await task.value
        #expect(failure == .interrupted)
      }
      #expect(clock.now - start < .seconds(15))
      await transport.shutdown()
      #expect(server.requests.count == 2)
    }
  }

  @Test func `half a body is none when the run is given up meanwhile`() async throws {
    try await withServer { _ in
      .init(pieces: Array(repeating: Array("{}".utf8), count: 1000), every: .milliseconds(20))
    } _: { server in
      for _ in 0..<20 {
        let transport = try HTTPSTransport.to(server.port)
        let reading = Task { await transport.failure() }
        try await Task.sleep(for: .milliseconds(100))
        reading.cancel()
        #expect(await reading.value == .interrupted)
        await transport.shutdown()
      }
    }
  }

  @Test func `after the end nothing is sent, and what was under way ends`() async throws {
    try await withServer { _ in
      try await Task.sleep(for: .seconds(100))
      return .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      let waiting = Task { await transport.failure() }
      while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      await transport.shutdown()
      #expect(await waiting.value == .interrupted)
      #expect(await transport.failure() == .interrupted)
      await transport.shutdown()
      #expect(server.requests.count == 1)
    }
  }

  @Test func `one that was never used or never ended does no harm`() async throws {
    _ = try HTTPSTransport.to(1)
    try await withServer { _ in
      .init(json: "{}")
    } _: { server in
      let transport = try HTTPSTransport.to(server.port)
      #expect(await transport.failure() == nil)
    }
  }
}

/// How many sockets of this process have `port` at one end.
private func connections(to port: Int) -> Int {
  (0..<Int32(4096)).count { descriptor in
    [getsockname, getpeername].contains { ask in
      var address = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask(descriptor, $0, &size) }
      }
      return status == 0 && address.sin_family == sa_family_t(AF_INET)
        && Int(UInt16(bigEndian: address.sin_port)) == port
    }
  }
}
