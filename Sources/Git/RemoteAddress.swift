internal import CGit2
internal import Files

/// Where a repository was cloned from.
package enum RemoteAddress {
  /// The address of the remote `origin`, without a user's name or password; `nil` if there is none
  /// that others could use, such as a path on this machine.
  package static func origin(of location: RepositoryLocation) -> String? {
    let path = Paths.join(location.commonFolder, Array("config".utf8))
    var configuration: OpaquePointer?
    let status = unsafe withPath(path) { unsafe git_config_open_ondisk(&configuration, $0) }
    guard status == 0 else { return nil }
    defer { unsafe git_config_free(configuration) }
    var buffer = unsafe git_buf()
    defer { unsafe git_buf_dispose(&buffer) }
    guard unsafe git_config_get_string_buf(&buffer, configuration, "remote.origin.url") == 0,
      let text = unsafe buffer.ptr
    else { return nil }
    return unsafe shareable(String(cString: text))
  }

  /// An address as others can use it; `nil` for one that only means something here.
  package static func shareable(_ address: String) -> String? {
    guard address.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
      return nil
    }
    for scheme in ["https://", "http://", "ssh://", "git://"] where address.hasPrefix(scheme) {
      let rest = address.dropFirst(scheme.count)
      let host = rest.prefix { $0 != "/" }
      let path = rest.dropFirst(host.count).prefix { $0 != "?" && $0 != "#" }
      guard let place = host.split(separator: "@").last, !place.isEmpty else { return nil }
      return "\(scheme)\(place)\(path)"
    }
    // git@host:path, the short form of ssh.
    guard !address.contains("://"), !address.hasPrefix("/"), !address.hasPrefix("."),
      let colon = address.firstIndex(of: ":")
    else { return nil }
    let host = address[..<colon].split(separator: "@").last ?? ""
    let path = address[address.index(after: colon)...]
    guard host.count > 1, !host.contains("/"), !path.isEmpty, !path.hasPrefix("\\") else {
      return nil
    }
    return "ssh://\(host)/\(path.drop { $0 == "/" })"
  }
}
