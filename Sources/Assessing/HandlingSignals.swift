internal import Bytes

/// What the place of a secret shows about how it is handled there.
package struct HandlingSignals: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// In the query of an address.
  package static let inURL = HandlingSignals(rawValue: 1 << 0)
  /// Sent as a bearer token.
  package static let asBearer = HandlingSignals(rawValue: 1 << 1)
  /// Beside an address without encryption that leads to another machine.
  package static let plainHTTP = HandlingSignals(rawValue: 1 << 2)
  /// Beside a switch that turns the check of certificates off.
  package static let unverifiedTLS = HandlingSignals(rawValue: 1 << 3)
  /// In a call that writes to a log or a console, or in a log file.
  package static let logged = HandlingSignals(rawValue: 1 << 4)
  /// Beside a base address that is not Google's.
  package static let relay = HandlingSignals(rawValue: 1 << 5)

  /// How many bytes before and after a secret are looked at.
  package static let reach = 400
  /// Within so many bytes a switch or an address is taken to be of the same call.
  private static let near = 200

  /// Reads the signals of a secret in `range` of `text`, which stands at `path`.
  package init(path: [UInt8], text: Span<UInt8>, range: Range<Int>) {
    self.init(path: path, Vicinity(text, around: range, reach: Self.reach))
  }

  /// Reads the signals of a secret from what stands around it in the file at `path`.
  init(path: [UInt8], _ here: Vicinity) {
    self = []
    if here.isInQuery { insert(.inURL) }
    if here.isBearer { insert(.asBearer) }
    if here.hosts(after: ["http://"], within: Self.near).contains(where: Self.isElsewhere) {
      insert(.plainHTTP)
    }
    if here.within(Self.near, holds: Self.unverified) || here.isCurlUnverified {
      insert(.unverifiedTLS)
    }
    if Self.isLog(path.map(\.lowercased)) || here.isBefore(Self.logCalls) { insert(.logged) }
    let relays = here.hosts(after: Self.bases, within: Self.reach)
    if relays.contains(where: { Self.isElsewhere($0) && !Self.isGoogle($0) }) { insert(.relay) }
  }

  private static let unverified = [
    "--insecure", "verify=false", "verify = false", "rejectunauthorized: false",
    "rejectunauthorized:false", "insecureskipverify: true", "insecureskipverify:true",
    "ssl_verifypeer, false", "ssl_verifypeer, 0", "ssl_verifypeer => false", "verify_none",
    "node_tls_reject_unauthorized=0", "--no-check-certificate", "skipcertificatecheck",
    "verify_ssl=false", "ssl_verify=false", "check_hostname = false",
  ]

  private static let logCalls = [
    "console.log(", "console.error(", "console.debug(", "console.info(", "print(", "println(",
    "printf(", "logger.", "logging.", "log.info(", "log.debug(", "log.error(", "log.warn(",
    "log.print", "log.fatal", "nslog(", "log.d(", "log.i(", "log.e(", "log.v(", "fmt.print",
    "debugprint(", "os_log(", "var_dump(", "error_log(", "write-host ", "write-output ",
  ]

  /// What stands before an address that all requests go to.
  private static let bases = [
    "base_url", "baseurl", "base-url", "api_endpoint", "apiendpoint", "api_base", "apibase",
  ]

  /// The file is a log, by its name or its folder's.
  private static func isLog(_ path: [UInt8]) -> Bool {
    guard path.suffix(4).elementsEqual(".txt".utf8) || ByteText.find(".log", in: path) != nil
    else { return false }
    let parts = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    guard let name = parts.last else { return false }
    return name.hasSuffix(".log") || name.contains(".log.")
      || parts.dropLast().contains { $0 == "logs" } && name.hasSuffix(".txt")
  }

  /// Another machine, by a host in an address; names of documents that nobody fetches are none.
  private static func isElsewhere(_ host: String) -> Bool {
    let name = host.prefix { $0 != ":" }
    guard name.contains("."), !name.hasSuffix("."), name.first?.isLetter == true else {
      return false
    }
    let isDocument = ["schemas.", "www.w3.org", "java.sun.com", "xmlns.", "maven.apache.org"]
      .contains(where: name.hasPrefix)
    return !isDocument
      && !["www.apple.com", "json-schema.org", "localhost.localdomain"]
        .contains(String(name))
      && !name.hasSuffix(".local") && !name.hasSuffix(".test")
      && !name.hasSuffix(".internal")
  }

  private static func isGoogle(_ host: String) -> Bool {
    let name = host.prefix { $0 != ":" }
    return ["googleapis.com", "google.com", "google.dev", "firebaseio.com"].contains {
      name == $0 || name.hasSuffix(".\($0)")
    }
  }
}

extension Vicinity {
  private static let endsOfAddresses = ByteSet(" \t\"'`<>()\n,;")
  private static let beforeBearer = ByteSet(" \"'+`")
  private static let beforeValues = ByteSet(" \t\"'`=:>(+")

  /// What stands before the secret on its line.
  private var before: ArraySlice<UInt8> { window[line.lowerBound..<key.lowerBound] }

  /// The secret is a value in the query of an address: `…?key=`, `…&key=`.
  fileprivate var isInQuery: Bool {
    guard before.last == UInt8(ascii: "=") else { return false }
    let stop = Self.endsOfAddresses
    let address = Array(before.reversed().prefix { !stop.contains($0) }.reversed())
    guard let mark = address.firstIndex(of: UInt8(ascii: "?"))
    else { return false }
    // The name of the value follows the question mark or an ampersand at once.
    let query = address[(mark + 1)...]
    return query.split(separator: UInt8(ascii: "&")).last?.dropLast()
      .allSatisfy { ByteSet.word.contains($0) || $0 == UInt8(ascii: "-") } == true
  }

  /// The word before the secret is `Bearer`.
  fileprivate var isBearer: Bool {
    let gap = Self.beforeBearer
    let rest = before.reversed().drop(while: gap.contains).prefix(6)
    return rest.reversed().elementsEqual("bearer".utf8)
  }

  /// One of `calls` stands before the secret on its line.
  fileprivate func isBefore(_ calls: [String]) -> Bool {
    let range = line.lowerBound..<key.lowerBound
    return calls.contains { call in
      positions(of: call, in: range).contains { i in
        // `blueprint(` is no `print(`.
        let isWhole = i == 0 || !ByteSet.alphanumerics.contains(window[i - 1])
        return isWhole && isOpen(window[i..<key.lowerBound])
      }
    }
  }

  /// Whether a call that `text` begins with is not closed in it.
  private func isOpen(_ text: ArraySlice<UInt8>) -> Bool {
    var depth = 0
    for byte in text {
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") {
        depth -= 1
        if depth <= 0 { return false }
      }
    }
    return true
  }

  /// `curl` with `-k`, alone or among other letters.
  fileprivate var isCurlUnverified: Bool {
    let range = around(200)
    return positions(of: "curl ", in: range).contains { start in
      let command = window[start..<min(range.upperBound, start + 200)].prefix { $0 != 0x0A }
      return command.split(separator: 0x20).contains { word in
        word.count > 1 && word.count < 6 && word.first == UInt8(ascii: "-")
          && word.dropFirst().first != UInt8(ascii: "-") && word.contains(UInt8(ascii: "k"))
          && word.dropFirst().allSatisfy(ByteSet.alphanumerics.contains)
      }
    }
  }

  /// The hosts of the addresses that follow one of `words` within `count` bytes of the secret.
  fileprivate func hosts(after words: [String], within count: Int) -> [String] {
    let range = around(count)
    return words.flatMap { word in
      positions(of: word, in: range).compactMap { i -> String? in
        guard isOfOneStatement(i) else { return nil }
        var start = i + word.utf8.count
        if !word.hasSuffix("://") {
          // The address follows at once: `base_url="https://…"`.
          let rest = window[start..<min(range.upperBound, start + 16)]
          guard let slashes = Self.find("://", in: rest) else { return nil }
          start = slashes + 3
        }
        let host = window[start..<range.upperBound].prefix {
          ByteSet.alphanumerics.contains($0) || ".-:".utf8.contains($0)
        }
        return String(decoding: host, as: UTF8.self)
      }
    }
  }

  /// Whether what stands at `position` may belong to what the secret is used in: no statement ends
  /// between the two, and two lines at most.
  private func isOfOneStatement(_ position: Int) -> Bool {
    let between =
      position < key.lowerBound
      ? window[position..<key.lowerBound] : window[key.upperBound..<position]
    return !between.contains(UInt8(ascii: ";")) && between.count { $0 == 0x0A } <= 2
  }

  private static func find(_ text: String, in bytes: ArraySlice<UInt8>) -> Int? {
    let text = Array(text.utf8)
    guard bytes.count >= text.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - text.count)).first {
      bytes[$0..<($0 + text.count)].elementsEqual(text)
    }
  }

  /// Where the name stands that the secret is given to: `apikey`, `gemini_api_key`.
  var name: Range<Int>? {
    var i = key.lowerBound
    let gap = Self.beforeValues
    let start = line.lowerBound
    func skip() { while i > start, gap.contains(window[i - 1]) { i -= 1 } }
    func word() -> ArraySlice<UInt8> {
      let end = i
      while i > start, end - i < 64,
        ByteSet.word.contains(window[i - 1]) || "-.".utf8.contains(window[i - 1])
      {
        i -= 1
      }
      return window[i..<end]
    }
    skip()
    guard i < key.lowerBound else { return nil }
    var found = word()
    // A type stands between the name and the value: `let key: String = "…"`.
    if ["string", "str", "string?"].contains(String(decoding: found, as: UTF8.self)), i > start,
      window[i - 1] == 0x20 || window[i - 1] == UInt8(ascii: ":")
    {
      skip()
      found = word()
    }
    while found.first == UInt8(ascii: "-") { found = found.dropFirst() }
    return found.count < 2 ? nil : found.indices
  }
}
