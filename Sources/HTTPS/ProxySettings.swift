/// Through which machine a connection goes that leaves the network.
struct Proxy: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case http(Credentials?)
    case socks
  }

  struct Credentials: Equatable, Sendable {
    let user: String
    let password: String
  }

  let kind: Kind
  /// A name or an address, without brackets.
  let host: String
  let port: Int

  /// For people: without the password.
  var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What the environment says about proxies, read as curl reads it.
package struct ProxySettings: Sendable {
  private let proxy: Proxy?
  private let exceptions: Exceptions

  /// No proxy at all.
  package static let none = ProxySettings()

  private init() {
    proxy = nil
    exceptions = Exceptions("")
  }

  /// Reads the variables of an environment.
  ///
  /// The names in small letters come first, and an empty variable is as one that is not set.
  package init(_ environment: [String: String]) throws(ProxyError) {
    func first(_ names: [String]) -> (name: String, value: String)? {
      for name in names {
        if let value = environment[name], !value.isEmpty { return (name, value) }
      }
      return nil
    }

    exceptions = Exceptions(first(["no_proxy", "NO_PROXY"])?.value ?? "")
    guard let found = first(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]) else {
      proxy = nil
      return
    }
    do {
      proxy = try Self.parse(found.value)
    } catch {
      throw ProxyError(variable: found.name, fault: error)
    }
  }

  /// What stands between this machine and `host`, for connections to its port 443.
  func proxy(for host: String) -> Proxy? { exceptions.contains(host) ? nil : proxy }

  /// `http://user:password@host:port`; without a scheme it is an HTTP proxy, without a port 1080.
  private static func parse(_ text: String) throws(ProxyError.Fault) -> Proxy {
    var rest = text[...]
    var isSocks = false
    if let mark = text.firstRange(of: "://") {
      switch text[..<mark.lowerBound].lowercased() {
      case "http": break
      case "socks5", "socks5h": isSocks = true
      default: throw .scheme
      }
      rest = text[mark.upperBound...]
    }
    rest = rest.prefix { !"/?#".contains($0) }

    var credentials: Proxy.Credentials?
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let user = decoded(parts[0]),
        let password = parts.count == 2 ? decoded(parts[1]) : ""
      else { throw .unreadable }
      credentials = Proxy.Credentials(user: user, password: password)
      rest = rest[rest.index(after: at)...]
    }
    // The library that speaks SOCKS knows no passwords.
    if isSocks, credentials != nil { throw .socksPassword }

    let (host, port) = try place(rest)
    return Proxy(kind: isSocks ? .socks : .http(credentials), host: host, port: port)
  }

  /// `host`, `host:port` or `[address]:port`.
  private static func place(_ text: Substring) throws(ProxyError.Fault) -> (String, Int) {
    var host = text
    var port: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      guard IPAddress(String(host)) != nil, rest.isEmpty || rest.hasPrefix(":") else {
        throw .unreadable
      }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
      guard !host.contains(":") else { throw .unreadable }
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .unreadable
    }
    guard let port else { return (String(host), 1080) }
    guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
      (1...65535).contains(number)
    else { throw .unreadable }
    return (String(host), number)
  }

  /// Undoes `%2F` and the like; `nil` if what follows a sign is no number, or what comes out no text.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, digits.first != UInt8(ascii: "+"),
        let value = UInt8(String(Substring(digits)), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// What `NO_PROXY` lists: which hosts are reached without a proxy.
private struct Exceptions: Sendable {
  private let all: Bool
  private let names: [Substring]

  /// Reads `example.com, .internal, host:443` or `*`, separated by commas or blanks.
  init(_ text: String) {
    let entries = text.lowercased().split { $0 == "," || $0.isWhitespace }
    all = entries.contains("*")
    names = entries.compactMap { entry in
      var name = entry
      // Every connection goes to port 443, so what is said of another one means none of them.
      if let colon = name.lastIndex(of: ":"), name.firstIndex(of: ":") == colon {
        guard name[name.index(after: colon)...] == "443" else { return nil }
        name = name[..<colon]
      }
      name = name.drop { $0 == "." }
      while name.hasSuffix(".") { name = name.dropLast() }
      return name.isEmpty ? nil : name
    }
  }

  /// Whether `host` or a domain that it is in is listed.
  func contains(_ host: String) -> Bool {
    all || names.contains { host == $0 || host.hasSuffix(".\($0)") }
  }
}

/// A variable that names a proxy in a way that cannot be followed; the value is not told.
package struct ProxyError: Error, Equatable, Sendable {
  package let variable: String
  package let fault: Fault

  package enum Fault: Error, Equatable, Sendable {
    case unreadable
    case scheme
    case socksPassword
  }
}

extension ProxyError: CustomStringConvertible {
  package var description: String {
    switch fault {
    case .unreadable: "\(variable) cannot be read; expected http://HOST:PORT or socks5://HOST:PORT"
    case .scheme: "\(variable) names a proxy that is neither http:// nor socks5://"
    case .socksPassword: "\(variable) has a password, which is not supported for SOCKS proxies"
    }
  }
}
