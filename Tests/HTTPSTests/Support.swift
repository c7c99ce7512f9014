import LiveChecks
import ServerSupport
import Testing

@testable import HTTPS

extension HTTPSTransport {
  /// A transport that reaches nothing but servers on this machine, for two hosts of providers.
  static func to(
    _ port: Int, on place: String = "127.0.0.1", adjust: (inout Settings) -> Void = { _ in }
  ) throws -> HTTPSTransport {
    let endpoints = try Endpoints(
      ["one=https://\(place):\(port)"], authority: ServerCertificate.authority())
    var settings = Settings(
      userAgent: "keyscan/test", proxies: .none,
      redirection: try endpoints.redirect(["one": ["api.one.example", "other.one.example"]]))
    settings.pace = Pace(perSecond: 1000)
    adjust(&settings)
    return HTTPSTransport(settings)
  }

  /// What comes of a request: its answer, or the failure.
  func result(
    _ request: CheckRequest = CheckRequest(host: "api.one.example", path: "/v1/models")
  ) async -> Result<CheckAnswer, CheckFailure> {
    do {
      return .success(try await send(request))
    } catch {
      return .failure(error)
    }
  }

  /// Why nothing came of a request; `nil` if something did.
  func failure(
    _ request: CheckRequest = CheckRequest(host: "api.one.example", path: "/v1/models")
  ) async -> CheckFailure? {
    if case .failure(let failure) = await result(request) { return failure }
    return nil
  }
}

extension CheckAnswer {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// Runs `body` with a server, and ends it whatever happens.
func withServer(
  _ certificate: ServerCertificate = .good,
  answer: @escaping @Sendable (ProviderServer.Request) async throws -> ProviderServer.Answer,
  _ body: (ProviderServer) async throws -> Void
) async throws {
  let server = try await ProviderServer.start(certificate: certificate, answer: answer)
  do {
    try await body(server)
  } catch {
    await server.stop()
    throw error
  }
  await server.stop()
}

/// Runs `body` with a server that misbehaves, and ends it whatever happens.
func withServer(
  _ behaviour: RawServer.Behaviour, _ body: (RawServer) async throws -> Void
) async throws {
  let server = try await RawServer.start(behaviour)
  do {
    try await body(server)
  } catch {
    try await server.stop()
    throw error
  }
  try await server.stop()
}
