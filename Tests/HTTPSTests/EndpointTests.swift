import ServerSupport
import Testing

@testable import HTTPS

@Suite struct EndpointTests {
  @Test(arguments: [
    ("https://127.0.0.1:8443", "127.0.0.1"), ("https://127.9.9.9:1", "127.9.9.9"),
    ("https://[::1]:65535", "0:0:0:0:0:0:0:1"), ("https://localhost:8443", nil),
  ])
  func `an endpoint is a port of this machine`(_ address: String, _ expected: String?) throws {
    let endpoints = try Endpoints(
      ["google=\(address)"], authority: ServerCertificate.authority())
    let redirection = try endpoints.redirect(["google": ["a.example"], "other": ["b.example"]])
    let endpoint = try #require(redirection.byHost["a.example"])
    #expect(redirection.byHost.count == 1)
    #expect(
      endpoint.host == (expected.flatMap(IPAddress.init(_:)).map { .address($0) } ?? .localhost))
    #expect(endpoints.providers == ["google"])
  }

  @Test(arguments: [
    ("http://127.0.0.1:80", EndpointError.notHTTPS("google")),
    ("HTTPS://127.0.0.1:80", .notHTTPS("google")), ("127.0.0.1:80", .notHTTPS("google")),
    ("https://example.com:443", .notLoopback("google")),
    ("https://localhost.example:443", .notLoopback("google")),
    ("https://128.0.0.1:443", .notLoopback("google")),
    ("https://0.0.0.0:443", .notLoopback("google")), ("https://127.1:443", .notLoopback("google")),
    ("https://::1:443", .notLoopback("google")),
    ("https://[127.0.0.1]:443", .notLoopback("google")),
    ("https://[::2]:443", .notLoopback("google")),
    ("https://user@127.0.0.1:443", .notLoopback("google")),
    ("https://127.0.0.1:443@example.com:443", .notLoopback("google")),
    ("https://127.0.0.1", .noPort("google")), ("https://127.0.0.1:", .noPort("google")),
    ("https://127.0.0.1:0", .noPort("google")), ("https://127.0.0.1:65536", .noPort("google")),
    ("https://127.0.0.1:+80", .noPort("google")), ("https://[::1]", .noPort("google")),
    ("https://127.0.0.1:443/", .path("google")), ("https://127.0.0.1:443/a", .path("google")),
    ("https://127.0.0.1:443?a", .path("google")),
  ])
  func `nothing else is one`(_ address: String, _ error: EndpointError) throws {
    let authority = try ServerCertificate.authority()
    #expect(throws: error) { try Endpoints(["google=\(address)"], authority: authority) }
  }

  @Test func `what is missing or said twice is named`() throws {
    let authority = try ServerCertificate.authority()
    let good = "google=https://127.0.0.1:1"
    #expect(throws: EndpointError.noProvider("https://127.0.0.1:1")) {
      try Endpoints(["https://127.0.0.1:1"], authority: authority)
    }
    #expect(throws: EndpointError.noProvider("=https://127.0.0.1:1")) {
      try Endpoints(["=https://127.0.0.1:1"], authority: authority)
    }
    #expect(throws: EndpointError.twice("google")) {
      try Endpoints([good, good], authority: authority)
    }
    #expect(throws: EndpointError.noAuthority) { try Endpoints([good], authority: nil) }
    #expect(throws: EndpointError.unreadableAuthority("/nowhere")) {
      try Endpoints([good], authority: "/nowhere")
    }
    #expect(throws: EndpointError.unreadableAuthority("/dev/null")) {
      try Endpoints([good], authority: "/dev/null")
    }
    #expect(throws: EndpointError.unknownProvider("google")) {
      try Endpoints([good], authority: authority).redirect(["openai": ["api.openai.com"]])
    }
  }
}

@Suite struct CertificateNameTests {
  @Test(arguments: [
    ("a.example.com", true), ("A.Example.COM", true), ("*.example.com", true),
    ("*.EXAMPLE.com", true), ("example.com", false), ("b.example.com", false),
    ("*.a.example.com", false), ("*.com", false), ("*.*.com", false), ("a.*.com", false),
    ("*", false), ("", false), ("*.", false), ("a*.example.com", false), ("*example.com", false),
    ("a.example.com\0", false), ("a.example.com.", false), ("*..example.com", false),
  ])
  func `a certificate is for its name`(_ name: String, _ isMatch: Bool) {
    #expect(CertificateName.matches(Array(name.utf8), "a.example.com") == isMatch)
  }

  @Test func `one label has no wildcard`() {
    #expect(CertificateName.matches(Array("localhost".utf8), "localhost"))
    #expect(!CertificateName.matches(Array("*.".utf8), "localhost"))
    #expect(!CertificateName.matches(Array("*".utf8), "localhost"))
  }
}
