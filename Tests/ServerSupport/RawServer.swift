import NIOCore
import NIOPosix
import NIOSSL

/// A server on 127.0.0.1 that says a few bytes and goes away, whatever it is asked.
package final class RawServer: Sendable {
  /// What it does on a connection.
  package enum Behaviour: Sendable {
    /// It takes the connection and never says anything.
    case silence
    /// Instead of a handshake it says this and hangs up.
    case plain([UInt8])
    /// Over TLS it says this when it is asked, then takes its leave as is proper.
    case farewell([UInt8])
    /// Over TLS it says this when it is asked, then the connection breaks off.
    case cut([UInt8])
  }

  package let port: Int
  private let listener: any Channel
  private let loops: MultiThreadedEventLoopGroup

  private init(port: Int, listener: any Channel, loops: MultiThreadedEventLoopGroup) {
    self.port = port
    self.listener = listener
    self.loops = loops
  }

  /// Starts a server; ``stop()`` must be called.
  package static func start(_ behaviour: Behaviour) async throws -> RawServer {
    let encryption = try NIOSSLContext(configuration: ServerCertificate.good.encryption())
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try await ServerBootstrap(group: loops)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          switch behaviour {
          case .silence: break
          case .plain(let bytes): try pipeline.addHandler(Speaker(bytes, isCut: false))
          case .farewell(let bytes), .cut(let bytes):
            var isCut = false
            if case .cut = behaviour { isCut = true }
            try pipeline.addHandler(NIOSSLServerHandler(context: encryption))
            try pipeline.addHandler(Speaker(bytes, isCut: isCut))
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return RawServer(port: listener.localAddress?.port ?? 0, listener: listener, loops: loops)
  }

  package func stop() async throws {
    try await listener.close()
    try await loops.shutdownGracefully()
  }
}

/// Answers whatever comes first with its bytes.
private final class Speaker: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let bytes: [UInt8]
  private let isCut: Bool
  private var hasSpoken = false

  init(_ bytes: [UInt8], isCut: Bool) {
    self.bytes = bytes
    self.isCut = isCut
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasSpoken else { return }
    hasSpoken = true
    let bound = NIOLoopBound((context, isCut), eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
      let (context, isCut) = bound.value
      // Closed below the encryption, nobody takes leave.
      let below =
        isCut
        ? try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) : nil
      (below ?? context).close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
