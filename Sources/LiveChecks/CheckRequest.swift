/// One request of a live check: HTTPS, to a host that is written out, and nothing else.
package struct CheckRequest: Equatable, Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  package var method: Method
  /// A host name, in small letters, without a port.
  package var host: String
  /// The path with its query, from the first `/` on.
  ///
  /// No place for a secret, but where the whole address is one, as a webhook's: so it is not shown.
  package var path: String
  /// In the order in which they are sent; `Host`, `User-Agent` and `Content-Length` are not among them.
  package var headers: [Header]
  package var body: [UInt8]

  package struct Header: Equatable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(
    _ method: Method = .get, host: String, path: String, headers: [Header] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.host = host
    self.path = path
    self.headers = headers
    self.body = body
  }
}

/// What came back: at most ``limit`` bytes of it, in memory only.
///
/// Providers repeat secrets in their answers, so a body is read and forgotten: nothing of it is
/// kept, printed or passed on.
package struct CheckAnswer: Sendable {
  package let status: Int
  /// Names in small letters.
  package let headers: [String: String]
  package let body: [UInt8]
  /// The body was longer than ``limit``.
  package let isCut: Bool

  /// The most bytes of a body that are read.
  package static let limit = 1 << 16

  package init(status: Int, headers: [String: String] = [:], body: [UInt8], isCut: Bool = false) {
    self.status = status
    self.headers = headers
    self.body = body
    self.isCut = isCut
  }
}

/// Why no answer came.
package enum CheckFailure: Error, Equatable, Sendable {
  case timedOut
  /// The name has no address.
  case notResolved
  /// The name leads to an address that is not public, or not to loopback where only that may be reached.
  case forbiddenAddress
  /// The certificate is not good for the host, or no encrypted connection came about.
  case untrustedConnection
  /// The connection was refused or broke off.
  case connectionLost
  /// What came back is no HTTP.
  case malformed
  /// The proxy did not pass the request on.
  case proxyRefused
  /// The request cannot be written as one: its host, path or a header holds what may not stand there.
  case unsendable
  /// The user ended the run.
  case interrupted

  /// In a few words, for a verdict's reason.
  package var words: String {
    switch self {
    case .timedOut: "no answer came in time"
    case .notResolved: "its name has no address"
    case .forbiddenAddress: "its name leads to an address that is not public"
    case .untrustedConnection: "its certificate could not be verified"
    case .connectionLost: "the connection was refused or broke off"
    case .malformed: "what came back was no HTTP"
    case .proxyRefused: "the proxy did not pass it on"
    case .unsendable: "it cannot be put into a request"
    case .interrupted: "the run was interrupted"
    }
  }
}

/// Sends requests; tests put their own in its place.
package protocol Transport: Sendable {
  /// Sends a request and returns what came back, redirections included, which are not followed.
  ///
  /// A provider that is too busy to answer is asked once more.
  func send(_ request: CheckRequest) async throws(CheckFailure) -> CheckAnswer
}
