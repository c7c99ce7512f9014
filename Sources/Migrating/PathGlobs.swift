internal import Bytes

/// An expression about paths as patterns in the syntax of ignore files.
package enum PathGlobs {
  /// The most patterns that one expression may become.
  private static let most = 32
  /// The most parts of one pattern.
  private static let longest = 512

  private enum Token: Equatable {
    /// Characters that stand for themselves, and what ignore files write for others.
    case text(String)
    /// Any characters but slashes.
    case star
    /// Any characters.
    case deep
    case start
    case end
  }

  /// The patterns that match where the expression is found in a path.
  ///
  /// `nil` if ignore files cannot say it. What they match besides is a folder that is named as a
  /// file is.
  package static func globs(for pattern: ForeignPattern) -> [String]? {
    guard let sequences = tokens(pattern) else { return nil }
    var globs: [String] = []
    for sequence in sequences {
      guard let made = glob(for: sequence) else { return nil }
      for glob in made where !globs.contains(glob) { globs.append(glob) }
    }
    // What stands at the root and at any depth needs no more than the name.
    for glob in globs where glob.hasPrefix("*/**/") {
      let name = glob.dropFirst(5)
      if let root = globs.firstIndex(of: "/\(name)"), !name.dropLast().contains("/") {
        globs.remove(at: root)
        globs.removeAll { $0 == glob }
        globs.append(String(name))
      }
    }
    return globs.isEmpty || globs.count > most ? nil : globs
  }

  private static func tokens(_ pattern: ForeignPattern) -> [[Token]]? {
    switch pattern {
    case .empty: return [[]]
    case .literal(let bytes, let ignoresCase):
      guard ignoresCase else { return [[.text(escaped(bytes))]] }
      let both = [bytes[0], bytes[0] ^ 0x20].map { String(Unicode.Scalar($0)) }
      return [[.text("[\(both.joined())]")]]
    case .set(let set): return one(of: set).map { [[.text($0)]] }
    case .assertion(.start), .assertion(.lineStart): return [[.start]]
    case .assertion(.end), .assertion(.lineEnd): return [[.end]]
    case .assertion: return nil
    case .group(let inner, _): return tokens(inner)
    case .alternatives(let parts):
      var all: [[Token]] = []
      for part in parts {
        guard let some = tokens(part) else { return nil }
        all += some
      }
      return all.count <= most ? all : nil
    case .sequence(let parts):
      var all: [[Token]] = [[]]
      for part in parts {
        guard let some = tokens(part), all.count * some.count <= most else { return nil }
        all = all.flatMap { head in some.map { head + $0 } }
        if all.contains(where: { $0.count > longest }) { return nil }
      }
      return all
    case .repetition(let inner, let least, let count, _):
      if count == nil, case .set(let set) = inner {
        // A single character is as good as none for what people mean by such an expression.
        if isAny(set) { return [[.deep]] }
        let others = set.inverted.members
        if others == [UInt8(ascii: "/")] { return [[.star]] }
        return nil
      }
      guard let count, count <= 4, let some = tokens(inner) else { return nil }
      var all: [[Token]] = []
      var power: [[Token]] = [[]]
      for i in 0...count {
        if i >= least { all += power }
        guard i < count else { break }
        power = power.flatMap { head in some.map { head + $0 } }
        if power.count > most || power.contains(where: { $0.count > longest }) { return nil }
      }
      return all.count <= most ? all : nil
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    String(
      decoding: bytes.flatMap { #"*?[\"#.utf8.contains($0) ? [0x5C, $0] : [$0] }, as: UTF8.self)
  }

  /// One character of a set; a point that nobody escaped means a point.
  private static func one(of set: ByteSet) -> String? {
    let members = set.members
    if members.count == 1 { return escaped(members) }
    if isAny(set) { return "?" }
    let plain = ByteSet.word.union(ByteSet(".-"))
    let others = set.inverted.members.filter { $0 != UInt8(ascii: "/") && $0 != 0x0A }
    let isNegated = members.count > 128
    let named = isNegated ? others : members
    guard named.count <= 64, named.allSatisfy(plain.contains) else { return nil }
    let hyphen = UInt8(ascii: "-")
    let ordered = named.filter { $0 != hyphen } + named.filter { $0 == hyphen }
    return "[\(isNegated ? "!" : "")\(String(decoding: ordered, as: UTF8.self))]"
  }

  /// Whether a set is what a point stands for.
  private static func isAny(_ set: ByteSet) -> Bool {
    set.inverted.members.allSatisfy { $0 == 0x0A }
  }

  /// Whether every character can be seen, and means itself in an ignore file.
  private static func isWritable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
        .privateUse:
        false
      default: true
      }
    } && text.last != " " && text.last != "\\"
  }

  private static func glob(for sequence: [Token]) -> [String]? {
    var tokens = sequence[...]
    var isAtStart = false
    var isAtEnd = false
    while let first = tokens.first, first == .start || first == .deep {
      isAtStart = first == .start
      tokens.removeFirst()
    }
    while let last = tokens.last, last == .end || last == .deep {
      isAtEnd = last == .end
      tokens.removeLast()
    }
    guard !tokens.contains(.start), !tokens.contains(.end) else { return nil }
    var bodies = [""]
    for token in tokens {
      switch token {
      case .text(let text): bodies = bodies.map { $0 + text }
      case .star: bodies = bodies.map { $0 + "*" }
      // A star stops at a slash.
      case .deep: bodies = bodies.flatMap { [$0 + "*", $0 + "*/**/*"] }
      case .start, .end: return nil
      }
      if bodies.count > most { return nil }
    }
    guard bodies.allSatisfy({ $0.contains { !"*?/".contains($0) } && isWritable($0) }) else {
      return nil
    }
    // No path ends with a slash.
    if isAtEnd, bodies.contains(where: { $0.hasSuffix("/") }) { return nil }
    return bodies.map { body in
      var glob = body
      if !isAtEnd, !body.hasSuffix("/"), !body.hasSuffix("*") { glob += "*" }
      if isAtStart { return glob.hasPrefix("/") ? glob : "/" + glob }
      // At least one folder stands before such a slash.
      if glob.hasPrefix("/") { return "*/**" + glob }
      if !glob.hasPrefix("*") { glob = "*" + glob }
      return glob.dropLast().contains("/") ? "**/" + glob : glob
    }
  }
}
