import NIOCore
import NIOPosix
import Synchronization

/// A proxy on 127.0.0.1, by HTTP's CONNECT and by SOCKS, that leads all connections to one server.
package final class TestProxy: Sendable {
  package let port: Int
  private let running: Task<Void, any Error>
  private let heard: Heard

  /// The names that it was asked to connect to, and the credentials that came along.
  package var targets: [String] { heard.targets.withLock { $0 } }
  package var credentials: [String] { heard.credentials.withLock { $0 } }

  private final class Heard: Sendable {
    let targets = Mutex<[String]>([])
    let credentials = Mutex<[String]>([])
  }

  private init(port: Int, running: Task<Void, any Error>, heard: Heard) {
    self.port = port
    self.running = running
    self.heard = heard
  }

  /// Starts a proxy to `server`, or one that refuses with `refusal`; ``stop()`` must be called.
  package static func start(
    to server: Int, refusal: String? = nil
  ) async throws -> TestProxy {
    let heard = Heard()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Connection(wrappingChannelSynchronously: channel)
        }
      }
    let running = Task {
      try await listener.executeThenClose { clients in
        try await withThrowingDiscardingTaskGroup { group in
          for try await client in clients {
            group.addTask { try? await serve(client, server, refusal, heard) }
          }
        }
      }
    }
    return TestProxy(
      port: listener.channel.localAddress?.port ?? 0, running: running, heard: heard)
  }

  package func stop() async {
    running.cancel()
    _ = await running.result
  }

  private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private static func serve(
    _ client: Connection, _ server: Int, _ refusal: String?, _ heard: Heard
  ) async throws {
    try await client.executeThenClose { inbound, outbound in
      var parts = inbound.makeAsyncIterator()
      guard let first = try await parts.next().map({ Array($0.readableBytesView) }) else { return }
      if first.first == 5 {
        try await outbound.write(ByteBuffer(bytes: [5, 0]))
        guard let wish = try await parts.next().map({ Array($0.readableBytesView) }),
          wish.count > 7, wish[3] == 3
        else { return }
        heard.targets.withLock {
          $0.append(String(decoding: wish[5..<(5 + Int(wish[4]))], as: UTF8.self))
        }
        let code: UInt8 = refusal == nil ? 0 : 2
        try await outbound.write(ByteBuffer(bytes: [5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
        guard refusal == nil else { return }
      } else {
        let lines = String(decoding: first, as: UTF8.self).split(separator: "\r\n")
        heard.targets.withLock { $0 += lines.prefix(1).map(String.init) }
        heard.credentials.withLock {
          $0 += lines.filter { $0.lowercased().hasPrefix("proxy-authorization:") }.map(String.init)
        }
        if let refusal {
          try await outbound.write(
            ByteBuffer(string: "HTTP/1.1 \(refusal)\r\ncontent-length: 0\r\n\r\n"))
          return
        }
        try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
      }
      let target = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: server) { channel in
          channel.eventLoop.makeCompletedFuture {
            try Connection(wrappingChannelSynchronously: channel)
          }
        }
      try await target.executeThenClose { back, forth in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { for try await part in back { try await outbound.write(part) } }
          while let part = try await parts.next() { try await forth.write(part) }
          group.cancelAll()
        }
      }
    }
  }
}
