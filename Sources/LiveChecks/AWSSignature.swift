internal import Bytes
internal import Crypto
internal import Model

/// Signs requests as AWS asks for it: Signature Version 4, in a header.
///
/// It signs requests without a query whose paths need no escapes, which are all that rules make.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
struct AWSSignature {
  let id: String
  let secret: [UInt8]
  let service: String
  let region: String
  /// In seconds since 1970.
  let now: Int

  /// The headers that make `request` a signed one.
  func headers(for request: CheckRequest) -> [CheckRequest.Header] {
    let moment = Instant.text(now).filter { $0 != "-" && $0 != ":" }
    let day = moment.prefix(8)
    var signed = request.headers.map { ($0.name.lowercased(), $0.value) }
    signed += [("host", request.host), ("x-amz-date", moment)]
    signed.sort { $0.0 < $1.0 }
    let names = signed.map(\.0).joined(separator: ";")
    let canonical =
      ([request.method.rawValue, request.path, ""] + signed.map { "\($0.0):\($0.1)" }
      + ["", names, Self.digest(request.body)]).joined(separator: "\n")
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let toSign = ["AWS4-HMAC-SHA256", moment, scope, Self.digest(Array(canonical.utf8))]
      .joined(separator: "\n")
    var key = Array("AWS4".utf8) + secret
    for part in [String(day), region, service, "aws4_request"] {
      key = signature(Array(part.utf8), key: key)
    }
    let code = signature(Array(toSign.utf8), key: key).hexadecimal
    return [
      .init("X-Amz-Date", moment),
      .init(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=\(id)/\(scope), SignedHeaders=\(names), Signature=\(code)"),
    ]
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).hexadecimal
  }
}
