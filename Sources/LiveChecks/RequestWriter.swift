internal import Bytes
internal import Crypto
internal import Rules

/// Fills in what a rule's request leaves open.
struct RequestWriter {
  let secret: [UInt8]
  let partner: [UInt8]?
  /// In seconds since 1970.
  let now: Int

  func request(_ request: LiveCheck.Request) -> CheckRequest {
    var written = CheckRequest(
      request.method == .get ? .get : .post, host: request.host, path: text(request.path.pieces),
      headers: request.headers.map { .init($0.name, text($0.value.pieces)) },
      body: bytes(request.body.pieces))
    switch request.signature {
    case .awsSigV4(let service, let region):
      let signer = AWSSignature(
        id: String(decoding: partner ?? [], as: UTF8.self), secret: secret, service: service,
        region: region, now: now)
      written.headers += signer.headers(for: written)
    case nil: break
    }
    return written
  }

  private func text(_ pieces: [Template.Piece]) -> String {
    String(decoding: bytes(pieces), as: UTF8.self)
  }

  private func bytes(_ pieces: [Template.Piece]) -> [UInt8] {
    pieces.flatMap { piece -> [UInt8] in
      switch piece {
      case .text(let text): Array(text.utf8)
      case .secret: secret
      case .partner: partner ?? []
      case .time: Array("\(now)".utf8)
      case .timeInMilliseconds: Array("\(now * 1000)".utf8)
      case .hmacSHA256(let inner):
        Array(signature(bytes(inner), key: secret).hexadecimal.utf8)
      }
    }
  }
}

/// The HMAC-SHA-256 of `message`.
func signature(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
  Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
}
