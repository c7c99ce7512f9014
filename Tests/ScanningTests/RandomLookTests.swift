import Bytes
import Model
import Rules
import Testing

@testable import Scanning

/// What a value without a shape of its own is taken for.
struct RandomLookTests {
  private func confidence(_ text: String) -> Confidence? {
    RandomLook.confidence(of: Array(FillIn.expand(text, seed: text).utf8))
  }

  @Test(arguments: [
    "{alnum 24}7a9Q", "{base64 32}4x", "{base64url 43}", "{lownum 30}1a2", "{hex 48}",
    "sk{alnum 32}0Z",
  ])
  func `what a machine made is taken for a secret`(text: String) {
    #expect(confidence(text) == .medium)
  }

  @Test(arguments: [
    "Tr0ub4dor&3", "{hex 32}", "{hex 40}", "{hex 8}-{hex 4}-{hex 4}-{hex 4}-{hex 12}",
  ])
  func `what a person chose, a digest and a number of an object are less sure`(text: String) {
    #expect(confidence(text) == .low)
  }

  @Test(arguments: [
    "user.password_digest", "get_access_token", "CamelCaseIdentifierName", "/etc/ssl/private/key",
    "config/initializers/secret_token", "{digit 24}", "${SECRET}", "$(pass show key)", "%TOKEN%",
    "op://vault/item/field", "arn:aws:secretsmanager:eu-west-1", "correct-horse-battery-staple",
    "process.env.TOKEN", "application/vnd.github.v3", "deploymentServiceAccountName",
    "YOUR_TOKEN_GOES_HERE", "internationalisation", "2026-11-21", "AQEabc...xyz",
  ])
  func `names, paths, references, words and numbers are none`(text: String) {
    #expect(confidence(text) == nil)
  }
}

struct WebTokenTests {
  private func token(_ claims: String) -> [UInt8] {
    func part(_ text: String) -> [UInt8] {
      Base64.encode(Array(text.utf8)).filter { $0 != UInt8(ascii: "=") }
    }
    return part(#"{"alg":"HS256"}"#) + [0x2E] + part(claims) + Array(".c2lnbmF0dXJl".utf8)
  }

  @Test func `a token runs out when its claim says so`() throws {
    let bounded = try #require(WebToken(token(#"{"sub":"x","exp":1700000000}"#)))
    #expect(bounded.claims(at: 1_699_999_999) == .current)
    #expect(bounded.claims(at: 1_700_000_001) == .expired)
    let endless = try #require(WebToken(token(#"{"sub":"x"}"#)))
    #expect(endless.claims(at: .max) == .current && endless.expiry == nil)
  }

  @Test func `what is no token or is in every introduction is told apart`() throws {
    #expect(WebToken(Array("eyJhIjoxfQ.eyJhIjoxfQ".utf8)) == nil)
    #expect(WebToken(Array("eyJhIjoxfQ.eyJhIjoxfQ.c2ln".utf8)) == nil, "no algorithm")
    #expect(WebToken(token("no JSON")) == nil)
    #expect(try #require(WebToken(token(#"{"name":"John Doe"}"#))).isSample)
  }
}

struct ChecksumTests {
  @Test func `the end of a token is reckoned from the rest`() {
    // The token that GitHub's announcement of the format is often explained with.
    let good = Array("ghp_".utf8) + Array("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17".utf8)
    let kind = Rule.Checksum.Kind.crc32Base62
    #expect(kind.holds(for: good))
    for i in 4..<good.count {
      var bad = good
      bad[i] = bad[i] == 0x41 ? 0x42 : 0x41
      #expect(!kind.holds(for: bad))
    }
    #expect(!kind.holds(for: Array("short".utf8)) && !kind.holds(for: []))
  }
}

struct AccountNumberTests {
  @Test func `an access key id names its account`() {
    // The id that the article about it takes apart.
    let id = Array("ASIA".utf8) + Array("QNZGKIQY56JQ7WML".utf8)
    #expect(AccountNumber.of(id) == "029608264753")
    #expect(AccountNumber.of(Array(id.dropLast())) == nil)
    #expect(AccountNumber.of(Array("AKIA".utf8) + Array("0000000000000000".utf8)) == nil)
    let only = Rule.Accounts(["029608264753"], isExcept: false)
    let except = Rule.Accounts(["029608264753"], isExcept: true)
    #expect(only.admit(id) && !except.admit(id))
    #expect(!only.admit(Array("x".utf8)) && except.admit(Array("x".utf8)))
  }
}
