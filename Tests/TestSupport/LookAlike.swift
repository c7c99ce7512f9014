import Foundation
import Synchronization

/// Random strings with the shape of secrets, made for a test and used nowhere else.
package enum LookAlike {
  private static let base64url = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
  private static let base64 = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

  private static func random(_ count: Int, of alphabet: [Character] = base64url) -> String {
    String((0..<count).map { _ in alphabet.randomElement() ?? "x" })
  }

  /// A Google API key of the tight structure.
  package static func apiKey() -> String {
    plant(
      "AIzaSy" + random(1, of: Array("ABCD")) + random(31)
        + random(1, of: Array("AEIMQUYcgkosw048")), prefix: 4)
  }

  /// A key of the right alphabet and length without the structure of a real one.
  package static func looseAPIKey() -> String { plant("AIzaZZ" + random(33), prefix: 4) }

  /// A Google authorization key of the tight structure.
  package static func authKey() -> String {
    plant(
      "AQ.Ab8RN6" + random(1, of: Array("IJKL")) + random(42) + random(1, of: Array("AQgw")),
      prefix: 9)
  }

  /// A value of no known kind that looks random whatever comes out: with digits, and without
  /// vowels and `x`, so that nothing in it is like a word or a blank to fill in.
  package static func plain(_ count: Int) -> String {
    let letters = base64url.filter { !"AEIOUXaeioux".contains($0) }
    return plant(
      (0..<count).map { $0 % 8 == 4 ? random(1, of: Array("0123456789")) : random(1, of: letters) }
        .joined(), prefix: 0)
  }

  package static func clientSecret() -> String { plant("GOCSPX-" + random(28), prefix: 7) }

  /// The lines of base64 between the lines of a PEM block.
  package static func pemBody(lines: Int = 4) -> String {
    let first = "MIIEv" + random(59, of: base64)
    return plant(
      ([first] + (1..<lines).map { _ in random(64, of: base64) }).joined(separator: "\n"),
      prefix: 0)
  }

  package static func privateKey(_ kind: String = "RSA ", body: String? = nil) -> String {
    let body = body ?? pemBody()
    return "-----BEGIN \(kind)PRIVATE KEY-----\n\(body)\n-----END \(kind)PRIVATE KEY-----\n"
  }

  /// A service-account key file.
  package static func serviceAccount(body: String? = nil) -> String {
    let key = privateKey("", body: body).replacingOccurrences(of: "\n", with: "\\n")
    return """
      {
        "type": "service_account",
        "project_id": "some-project",
        "private_key_id": "\(random(40, of: Array("0123456789abcdef")))",
        "private_key": "\(key)",
        "client_email": "robot@some-project.iam.gserviceaccount.com",
        "client_id": "\(random(21, of: Array("0123456789")))"
      }

      """
  }

  /// Remembers a secret so that ``Leaks`` looks for it in all output.
  private static func plant(_ secret: String, prefix: Int) -> String {
    Leaks.remember(secret, prefix: prefix)
    return secret
  }
}

/// Watches everything that keyscan prints in tests for secrets that a test planted.
package enum Leaks {
  /// Every eight bytes of every planted secret beyond its prefix, and of its base64 forms.
  private static let pieces = Mutex<Set<UInt64>>([])

  static func remember(_ secret: String, prefix: Int) {
    let body = Array(secret.utf8.dropFirst(prefix)).filter { $0 != 0x0A }
    var forms = [body]
    for alignment in 0..<3 {
      let padded = [UInt8](repeating: 0, count: alignment) + body
      let text = Array(Data(padded).base64EncodedString().utf8)
      // The first digits after other bytes, and the last, depend on what stands beside them.
      forms.append(Array(text.dropFirst(alignment == 0 ? 0 : 4).dropLast(4)))
    }
    let found = forms.flatMap(windows)
    pieces.withLock { $0.formUnion(found) }
  }

  /// Whether `output` holds any eight bytes of a planted secret, as they are or behind percent
  /// signs.
  package static func stand(in output: [UInt8]) -> Bool {
    let decoded = Array(
      (String(decoding: output, as: UTF8.self).removingPercentEncoding ?? "").utf8)
    return pieces.withLock { pieces in
      windows(output).contains(where: pieces.contains)
        || windows(decoded).contains(where: pieces.contains)
    }
  }

  private static func windows(_ bytes: [UInt8]) -> [UInt64] {
    guard bytes.count >= 8 else { return [] }
    var word: UInt64 = 0
    var words: [UInt64] = []
    words.reserveCapacity(bytes.count - 7)
    for (i, byte) in bytes.enumerated() {
      word = word << 8 | UInt64(byte)
      if i >= 7 { words.append(word) }
    }
    return words
  }
}
