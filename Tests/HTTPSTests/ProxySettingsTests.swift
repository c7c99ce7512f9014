import Testing

@testable import HTTPS

@Suite struct ProxySettingsTests {
  private func proxy(_ value: String) throws -> Proxy? {
    try ProxySettings(["https_proxy": value]).proxy(for: "api.example.com")
  }

  @Test(arguments: [
    ("http://proxy.example:3128", Proxy.Kind.http(nil), "proxy.example", 3128),
    ("HTTP://proxy.example:3128/", .http(nil), "proxy.example", 3128),
    ("proxy.example:3128", .http(nil), "proxy.example", 3128),
    ("proxy.example", .http(nil), "proxy.example", 1080),
    ("http://10.0.0.1", .http(nil), "10.0.0.1", 1080),
    ("http://[::1]:3128", .http(nil), "::1", 3128),
    ("[::1]", .http(nil), "::1", 1080),
    (
      "http://user:p%40ss%3A@proxy.example:1",
      .http(Proxy.Credentials(user: "user", password: "p@ss:")), "proxy.example", 1
    ),
    (
      "user:a:b@c@proxy.example:1", .http(Proxy.Credentials(user: "user", password: "a:b@c")),
      "proxy.example", 1
    ),
    (
      "http://user@proxy.example:1", .http(Proxy.Credentials(user: "user", password: "")),
      "proxy.example", 1
    ),
    ("socks5://proxy.example:9", .socks, "proxy.example", 9),
    ("socks5h://proxy.example", .socks, "proxy.example", 1080),
  ])
  func `a proxy is read`(_ value: String, _ kind: Proxy.Kind, _ host: String, _ port: Int) throws {
    #expect(try proxy(value) == Proxy(kind: kind, host: host, port: port))
  }

  @Test(arguments: [
    ("https://proxy.example:443", ProxyError.Fault.scheme), ("ftp://proxy.example", .scheme),
    ("socks4://proxy.example", .scheme), ("socks5://user:word@proxy.example", .socksPassword),
    ("http://", .unreadable), ("http://:80", .unreadable), ("http://proxy:0", .unreadable),
    ("http://proxy:99999", .unreadable), ("http://proxy:+1", .unreadable),
    ("http://::1:80", .unreadable), ("http://[::1", .unreadable), ("http://[::1]80", .unreadable),
    ("http://[proxy]:80", .unreadable), ("http://a%2:b@proxy:80", .unreadable),
    ("http://a%+1:b@proxy:80", .unreadable), ("http://a%ff:b@proxy:80", .unreadable),
    ("http://pro xy:80", .unreadable),
  ])
  func `a proxy that cannot be followed is told without its value`(
    _ value: String, _ fault: ProxyError.Fault
  ) {
    #expect(throws: ProxyError(variable: "HTTPS_PROXY", fault: fault)) {
      try ProxySettings(["HTTPS_PROXY": value])
    }
    let words = ProxyError(variable: "HTTPS_PROXY", fault: fault).description
    #expect(words.contains("HTTPS_PROXY") && !words.contains("word@"))
  }

  @Test(arguments: [
    (["https_proxy": "a", "HTTPS_PROXY": "b", "all_proxy": "c", "ALL_PROXY": "d"], "a"),
    (["https_proxy": "", "HTTPS_PROXY": "b", "all_proxy": "c"], "b"),
    (["all_proxy": "c", "ALL_PROXY": "d"], "c"), (["ALL_PROXY": "d"], "d"),
    (["http_proxy": "e", "HTTP_PROXY": "e"], nil), ([:], nil),
  ])
  func `variables have an order`(_ environment: [String: String], _ host: String?) throws {
    #expect(try ProxySettings(environment).proxy(for: "api.example.com")?.host == host)
  }

  @Test(arguments: [
    ("api.example.com", true), ("example.com", true), (".example.com", true), ("com.", true),
    ("EXAMPLE.COM", true), ("*", true), ("other, example.com", true), ("other example.com", true),
    ("example.com:443", true), ("example.com:80", false), ("ple.com", false), ("other", false),
    ("*.example.com", false), ("example.com.other", false), ("", false), (", ,.", false),
  ])
  func `some hosts are reached without one`(_ exceptions: String, _ isException: Bool) throws {
    for name in ["no_proxy", "NO_PROXY"] {
      let settings = try ProxySettings(["https_proxy": "proxy", name: exceptions])
      #expect((settings.proxy(for: "api.example.com") == nil) == isException)
    }
  }

  @Test func `what people see has no password`() throws {
    #expect(try proxy("http://user:word@proxy.example:1")?.place == "proxy.example:1")
    #expect(try proxy("http://[::1]:1")?.place == "[::1]:1")
  }
}
