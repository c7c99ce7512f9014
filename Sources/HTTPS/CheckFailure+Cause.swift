internal import AsyncHTTPClient
internal import LiveChecks
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension CheckFailure {
  /// What an error of the client comes to.
  ///
  /// The error itself goes no further: some name the address with its query, or a header's value.
  init(_ error: any Error, isProxied: Bool) {
    switch error {
    case let failure as CheckFailure: self = failure
    case is CancellationError: self = .interrupted
    case let error as HTTPClientError: self = Self.cause(error)
    case HTTPParserError.invalidEOFState: self = .connectionLost
    case is HTTPParserError: self = .malformed
    case NIOSSLError.handshakeFailed(let detail):
      self = detail == .sslError([.eofDuringHandshake]) ? .connectionLost : .untrustedConnection
    case NIOSSLError.uncleanShutdown: self = .connectionLost
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .untrustedConnection
    case ChannelError.connectTimeout: self = .timedOut
    case let error as IOError where error.errnoCode == ETIMEDOUT: self = .timedOut
    case is IOError, is ChannelError, is NIOConnectionError: self = .connectionLost
    // What else there is are the errors of SOCKS, which have no common type.
    default: self = isProxied ? .proxyRefused : .connectionLost
    }
  }

  private static func cause(_ error: HTTPClientError) -> CheckFailure {
    switch error {
    case .cancelled, .alreadyShutdown: .interrupted
    case .connectTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout,
      .httpProxyHandshakeTimeout, .readTimeout, .socksHandshakeTimeout, .tlsHandshakeTimeout,
      .writeTimeout:
      .timedOut
    case .invalidProxyResponse, .proxyAuthenticationRequired: .proxyRefused
    case .emptyHost, .emptyScheme, .invalidURL: .unsendable
    case .serverOfferedUnsupportedApplicationProtocol("h2"): .malformed
    default: .connectionLost
    }
  }

  /// Whether `error` says that no connection came about, so that nothing was sent.
  static func isUnreachable(_ error: any Error) -> Bool {
    switch error {
    case let error as HTTPClientError: error == .connectTimeout || error == .tlsHandshakeTimeout
    case ChannelError.connectTimeout: true
    case let error as IOError:
      [
        EADDRNOTAVAIL, EAFNOSUPPORT, ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH,
      ].contains(error.errnoCode)
    default: false
    }
  }
}
