package import Model

/// Which findings are meant by what another scanner passes over.
package struct EntryMatching {
  /// What a file held in a commit; `nil` if it is not to be had.
  private let content: (_ commit: String, _ path: [UInt8]) -> [UInt8]?
  private var kept: [String: [UInt8]?] = [:]

  package init(content: @escaping (_ commit: String, _ path: [UInt8]) -> [UInt8]?) {
    self.content = content
  }

  /// Whether `entry` means `finding`: it stands at that path, and the entry's secret, its digest
  /// or the line tell that it is this one.
  package mutating func means(_ entry: ForeignEntry, _ finding: Finding) -> Bool {
    let places = finding.places.filter { Self.names(entry.path, $0.path.bytes) }
    guard !places.isEmpty else { return false }
    guard let secret = finding.secret else { return entry.line == 0 }
    if entry.means(secret) { return true }
    // A digest that is another's says no, but of keys whose first line alone was taken.
    if entry.secret != nil { return false }
    if entry.digest != nil, entry.rule != "Private Key" { return false }
    guard let line = entry.line, line > 0 else { return false }
    guard let commit = entry.commit else {
      return places.contains { $0.isPresent && $0.region?.line == line }
    }
    if places.contains(where: { $0.commit == commit && $0.region?.line == line }) { return true }
    return places.contains { place in
      version(commit, place.path.bytes).map { Self.stands(secret, onLine: line, of: $0) } ?? false
    }
  }

  private mutating func version(_ commit: String, _ path: [UInt8]) -> [UInt8]? {
    let key = "\(commit):\(path)"
    if let known = kept[key] { return known }
    let found = content(commit, path)
    kept[key] = found
    return found
  }

  /// Scanners that were given a folder write its path before the file's.
  private static func names(_ foreign: [UInt8], _ path: [UInt8]) -> Bool {
    if foreign == path { return true }
    let slash = UInt8(ascii: "/")
    if foreign.starts(with: [UInt8(ascii: "."), slash]) {
      return Array(foreign.dropFirst(2)) == path
    }
    guard foreign.first == slash, foreign.count > path.count else { return false }
    return foreign.suffix(path.count).elementsEqual(path)
      && foreign[foreign.count - path.count - 1] == slash
  }

  private static func stands(_ secret: Secret, onLine line: Int, of content: [UInt8]) -> Bool {
    var start = content.startIndex
    for _ in 1..<max(line, 1) {
      guard let end = content[start...].firstIndex(of: 0x0A) else { return false }
      start = end + 1
    }
    let end = content[start...].firstIndex(of: 0x0A) ?? content.endIndex
    let bytes = secret.exposed
    guard let first = bytes.first, content.count >= bytes.count else { return false }
    var i = start
    while i <= end, i + bytes.count <= content.count {
      if content[i] == first, content[i..<(i + bytes.count)].elementsEqual(bytes) { return true }
      i += 1
    }
    return false
  }
}
