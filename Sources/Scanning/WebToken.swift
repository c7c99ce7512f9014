internal import Bytes
internal import Rules

/// A JSON Web Token, RFC 7519, taken apart as far as its claims need it.
struct WebToken {
  /// When it runs out, in seconds since 1970; `nil` if it never does.
  let expiry: Int?
  /// It is one that documentation shows.
  let isSample: Bool

  /// `nil` if the token's claims are no JSON object.
  init?(_ token: [UInt8]) {
    let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let head = Self.decode(parts[0]), let claims = Self.decode(parts[1]),
      Self.value(of: "alg", in: head) != nil, claims.first == UInt8(ascii: "{"),
      claims.last(where: { $0 > 0x20 }) == UInt8(ascii: "}")
    else { return nil }
    expiry = Self.value(of: "exp", in: claims).flatMap { start in
      let digits = claims[start...].prefix { (0x30...0x39).contains($0) }
      return digits.count <= 15 ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }
    // The subjects and names that jwt.io and libraries' introductions use.
    isSample = ["\"1234567890\"", "John Doe", "Joe Coder", "\"joe\""].contains {
      claims.firstRange(of: Array($0.utf8)) != nil
    }
  }

  /// What it says of how long it is good for, at a time in seconds since 1970.
  func claims(at now: Int) -> Rule.Claims {
    expiry.map { $0 < now } == true ? .expired : .current
  }

  private static func decode(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for digit in digits {
      let value = Base64.values[Int(digit)]
      guard value != 255 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  /// Where the value of a member begins; nested ones count, as tokens hardly have any.
  private static func value(of name: String, in json: [UInt8]) -> Int? {
    guard let range = json.firstRange(of: Array("\"\(name)\"".utf8)) else { return nil }
    var i = range.upperBound
    while i < json.count, json[i] == 0x20 || json[i] == UInt8(ascii: ":") { i += 1 }
    return i < json.count ? i : nil
  }
}
