internal import Bytes

/// Strings that have a secret's shape and are none: samples from documentation, blanks to fill
/// in, one character over and over.
enum Placeholder {
  /// Words that a random string of usual length holds less than once in a million.
  private static let words = [
    "example", "placeholder", "changeme", "change_me", "replace", "redacted", "insert",
    "your_", "your-", "yourapi", "yourkey", "yoursecret", "yourtoken", "api_key", "apikey",
    "api-key",
    "xxxxx", "dummy", "sample", "_test_", "-test-", "_fake_", "-fake-", "fakekey", "testkey",
    "abcdef", "bcdefg", "012345", "123456", "234567", "345678", "456789", "567890", "987654",
    "testtest", "qwerty", "foobar", "deadbeef", "_here",
  ].map { Array($0.utf8) }

  /// The longest run of one character that a real secret may have.
  private static let longestRun = 6

  /// Whether `secret` is no secret; its first `prefix` bytes are the same in all of its kind.
  static func isOne(_ secret: [UInt8], prefix: Int) -> Bool {
    let body = secret.dropFirst(prefix).map(\.lowercased)
    guard !body.isEmpty else { return true }
    if hasLongRun(body) { return true }
    // A long secret, such as a private key, holds any short word by chance.
    if body.count > 256 { return false }
    return words.contains { word in
      guard body.count >= word.count else { return false }
      return (0...(body.count - word.count)).contains { start in
        body[start..<(start + word.count)].elementsEqual(word)
      }
    }
  }

  private static func hasLongRun(_ body: [UInt8]) -> Bool {
    var run = 1
    // A private key may hold a long run of A, which is base64 for zero bytes.
    let limit = body.count > 256 ? 64 : longestRun
    for i in body.indices.dropFirst() {
      run = body[i] == body[i - 1] ? run + 1 : 1
      if run > limit { return true }
    }
    return false
  }
}
