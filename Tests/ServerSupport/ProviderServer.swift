import Hummingbird
import HummingbirdTLS
import Synchronization

/// A real HTTPS server on 127.0.0.1 that plays providers, whichever the `Host` header names.
package final class ProviderServer: Sendable {
  /// What a server was asked.
  package struct Request: Equatable, Sendable {
    package let method: String
    /// The provider's own name.
    package let host: String
    /// With the query.
    package let path: String
    /// Names in small letters; `host` is not among them.
    package let headers: [String: String]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package init(
      method: String, host: String, path: String, headers: [String: String], body: [UInt8]
    ) {
      self.method = method
      self.host = host
      self.path = path
      self.headers = headers
      self.body = body
    }
  }

  /// What it says.
  package struct Answer: Sendable {
    package let status: Int
    package var headers: [String: String]
    let pieces: [[UInt8]]
    /// Before each piece but the first; if it is `nil`, the length is told and all sent at once.
    let pause: Duration?

    package init(status: Int = 200, headers: [String: String] = [:], json: String) {
      self.init(
        status: status, headers: headers.merging(["content-type": "application/json"]) { $1 },
        body: Array(json.utf8))
    }

    package init(status: Int = 200, headers: [String: String] = [:], html: String) {
      self.init(
        status: status, headers: headers.merging(["content-type": "text/html"]) { $1 },
        body: Array(html.utf8))
    }

    package init(status: Int = 200, headers: [String: String] = [:], body: [UInt8] = []) {
      self.status = status
      self.headers = headers
      pieces = [body]
      pause = nil
    }

    /// An answer whose length nobody tells, in pieces.
    package init(status: Int = 200, pieces: [[UInt8]], every pause: Duration) {
      self.status = status
      headers = [:]
      self.pieces = pieces
      self.pause = pause
    }
  }

  package let port: Int
  private let running: Task<Void, Never>
  private let log: Log

  private init(port: Int, running: Task<Void, Never>, log: Log) {
    self.port = port
    self.running = running
    self.log = log
  }

  /// Starts a server that `answer`s; ``stop()`` must be called.
  package static func start(
    certificate: ServerCertificate = .good,
    answer: @escaping @Sendable (Request) async throws -> Answer
  ) async throws -> ProviderServer {
    let log = Log()
    let (ports, found) = AsyncThrowingStream.makeStream(of: Int.self)
    var application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in
        let request = try await Request(request)
        log.begin(request)
        defer { log.end() }
        return try await answer(request).response
      },
      server: try .tls(.http1(), tlsConfiguration: certificate.encryption()),
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { found.yield($0.localAddress?.port ?? 0) })
    application.logger.logLevel = .critical
    let running = Task { [application] in
      do {
        try await application.run()
      } catch {
        found.finish(throwing: error)
      }
    }
    for try await port in ports { return ProviderServer(port: port, running: running, log: log) }
    throw CancellationError()
  }

  /// Ends the server and all its connections.
  package func stop() async {
    running.cancel()
    _ = await running.result
  }

  /// What it was asked so far, in the order in which the requests came.
  package var requests: [Request] { log.requests }

  /// The most requests that it had to answer at one time.
  package var mostAtOnce: Int { log.mostAtOnce }

  /// `PROVIDER=https://127.0.0.1:PORT`, for `--endpoint`.
  package func endpoint(_ provider: String) -> String { "\(provider)=https://127.0.0.1:\(port)" }

  /// The arguments that make keyscan take this server for all of `providers`.
  package func arguments(for providers: String...) throws -> [String] {
    try providers.flatMap { ["--endpoint", endpoint($0)] }
      + ["--endpoint-ca", ServerCertificate.authority()]
  }
}

/// What happened at a server.
private final class Log: Sendable {
  private struct State {
    var requests: [ProviderServer.Request] = []
    var underWay = 0
    var mostAtOnce = 0
  }

  private let state = Mutex(State())

  var requests: [ProviderServer.Request] { state.withLock { $0.requests } }
  var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

  func begin(_ request: ProviderServer.Request) {
    state.withLock { state in
      state.requests.append(request)
      state.underWay += 1
      state.mostAtOnce = max(state.mostAtOnce, state.underWay)
    }
  }

  func end() { state.withLock { $0.underWay -= 1 } }
}

extension ProviderServer.Request {
  fileprivate init(_ request: Hummingbird.Request) async throws {
    method = request.method.rawValue
    host = request.head.authority ?? ""
    path = request.head.path ?? ""
    headers = request.headers.reduce(into: [:]) { $0[$1.name.canonicalName] = $1.value }
    body = Array((try await request.body.collect(upTo: 1 << 20)).readableBytesView)
  }
}

extension ProviderServer.Answer {
  fileprivate var response: Response {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPFields.Element.Name(name) { fields[name] = value }
    }
    let status = HTTPResponse.Status(code: status)
    guard let pause else {
      return Response(
        status: status, headers: fields,
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: pieces[0])))
    }
    let pieces = pieces
    return Response(
      status: status, headers: fields,
      body: ResponseBody { writer in
        for (index, piece) in pieces.enumerated() {
          if index > 0 { try await Task.sleep(for: pause) }
          try await writer.write(ByteBuffer(bytes: piece))
        }
        try await writer.finish(nil)
      })
  }
}
