package import Model

/// Which findings are meant by what another scanner passes over.
package struct EntryMatching {
  /// What a file held in a commit; `nil` if it is not to be had.
  private let content: (_ commit: String, _ path: [UInt8]) -> [UInt8]?
  private var kept: [String: [UInt8]?] = [:]
  /// How many versions of files are held at once.
  private static let mostKept = 4

  package init(content: @escaping (_ commit: String, _ path: [UInt8]) -> [UInt8]?) {
    self.content = content
  }

  /// How an entry tells that it means a finding.
  package enum Answer: Sendable {
    case no
    /// By the line alone, on which others may stand.
    case line
    /// By the secret, its digest, or since the file itself is meant.
    case sure
  }

  /// Whether `entry` means `finding`, which must stand at the entry's path.
  package mutating func answer(_ entry: ForeignEntry, _ finding: Finding) -> Answer {
    let places = finding.places.filter { Self.names(entry.path, $0.path.bytes) }
    guard !places.isEmpty else { return .no }
    guard let secret = finding.secret else { return entry.line == 0 ? .sure : .no }
    if entry.means(secret) { return .sure }
    // A digest that is another's says no, but of keys whose first line alone was taken.
    if entry.secret != nil { return .no }
    if entry.digest != nil, entry.rule != "Private Key" { return .no }
    // Of a path from elsewhere nobody knows which of several files is meant.
    guard let line = entry.line, line > 0, entry.path.first != UInt8(ascii: "/") else { return .no }
    guard let commit = entry.commit else {
      return places.contains { $0.isPresent && $0.region?.line == line } ? .line : .no
    }
    if places.contains(where: { $0.commit == commit && $0.region?.line == line }) { return .line }
    let stands = places.contains { place in
      version(commit, place.path.bytes).map { Self.stands(secret, onLine: line, of: $0) } ?? false
    }
    return stands ? .line : .no
  }

  private mutating func version(_ commit: String, _ path: [UInt8]) -> [UInt8]? {
    let key = "\(commit):\(path)"
    if let known = kept[key] { return known }
    let found = content(commit, path)
    // Entries of one file mostly stand together.
    if kept.count >= Self.mostKept { kept.removeAll() }
    kept[key] = found
    return found
  }

  /// Whether a path of the other scanner may be a file's: those that were given a folder write its
  /// path before the file's.
  package static func names(_ foreign: [UInt8], _ path: [UInt8]) -> Bool {
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
