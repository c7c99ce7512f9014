internal import Bytes
internal import Files
package import Git
package import Inputs
package import Model

/// Which ignore line covers a path, or which one only looks as if it did, and why it does not.
package struct IgnoreExplanation: Equatable, Sendable {
  /// The line because of which git ignores the path, or a folder above it.
  package private(set) var covering: IgnoreSpot?
  /// A line that somebody may have taken for one that covers the path; none if one does.
  package private(set) var nearMiss: NearMiss?

  /// Reads the ignore files that speak of `path` in `tree`; `path` is from the tree's root.
  package init(of path: [UInt8], isFolder: Bool = false, in tree: WorkTree) {
    self.init(of: path, isFolder: isFolder, by: tree.rules(along: path)) { source in
      tree.isPrivate(ignoreFile: source)
        ? (ForeignText(IgnoreFileName.shown(source, in: tree)), false)
        : (ForeignText(tree.prefix + source), true)
    }
  }

  /// Asks `rules`, those of the path's folder.
  ///
  /// `place` says how a report names the ignore file at a source, and whether others have it too.
  package init(
    of path: [UInt8], isFolder: Bool = false, by rules: IgnoreRules?,
    place: ([UInt8]) -> (file: ForeignText, isShared: Bool) = { (ForeignText($0), true) }
  ) {
    let chain = rules?.chain ?? []
    func spot(_ line: IgnoreLine, in rules: IgnoreRules) -> IgnoreSpot {
      let (file, isShared) = place(rules.source)
      return IgnoreSpot(
        file: file, line: line.number, text: ForeignText(line.text), isShared: isShared)
    }
    let slash = UInt8(ascii: "/")
    var taken: (negation: IgnoreSpot, line: IgnoreSpot)?
    // If a folder above is ignored, no line can bring back what is in it.
    let ends = path.indices.filter { path[$0] == slash } + [path.count]
    for end in ends {
      let part = Array(path[..<end])
      let isWhole = end == path.count
      var negation: IgnoreSpot?
      search: for rules in chain
      where part.count > rules.folder.count && part.starts(with: rules.folder) {
        for line in rules.lines(about: part, isFolder: !isWhole || isFolder) {
          if let negation {
            if line.isNegated { continue }
            if isWhole { taken = (negation, spot(line, in: rules)) }
            break search
          }
          if !line.isNegated {
            covering = spot(line, in: rules)
            return
          }
          negation = spot(line, in: rules)
        }
      }
    }
    if let taken {
      nearMiss = NearMiss(
        spot: taken.line,
        reason: ForeignText(
          Array("a later line, ".utf8) + taken.negation.place.bytes + Array(", takes it back".utf8))
      )
      return
    }
    var best: (mistake: Mistake, spot: IgnoreSpot)?
    for rules in chain where path.starts(with: rules.folder) {
      for line in rules.lines.reversed() {
        guard let mistake = Mistake(in: line, of: rules, about: path, isFolder: isFolder) else {
          continue
        }
        if best.map({ mistake.rawValue < $0.mistake.rawValue }) ?? true {
          best = (mistake, spot(line, in: rules))
        }
      }
    }
    nearMiss = best.map { NearMiss(spot: $0.spot, reason: ForeignText($0.mistake.reason)) }
  }
}

/// What is wrong with a line that seems to cover a path, the surest first.
private enum Mistake: Int {
  case encoding, leadingBlank, comment, quotes, onlyFolders, backslash, anchored, capitals
  case needsMore, otherName, otherNames

  /// What is wrong with `line` for `path`, which it does not match; `nil` if it is about
  /// something else.
  init?(in line: IgnoreLine, of rules: IgnoreRules, about path: [UInt8], isFolder: Bool) {
    if line.isNegated { return nil }
    let text = line.text
    func covers(_ variant: some Collection<UInt8>, ignoringCase: Bool = false) -> Bool {
      var options = rules.options
      options.ignoresCase = options.ignoresCase || ignoringCase
      let changed = IgnoreRules(
        Array(variant), source: [], folder: rules.folder, next: nil, options: options)
      return changed.ignores(path, isFolder: isFolder)
    }
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let slash = UInt8(ascii: "/")
    if line.number == 1, text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      self = .encoding
    } else if let first = text.first, isBlank(first), covers(text.drop(while: isBlank)) {
      self = .leadingBlank
    } else if let mark = text.indices.dropFirst().first(where: {
      text[$0] == UInt8(ascii: "#") && isBlank(text[$0 - 1])
    }), covers(text[..<mark].reversed().drop(while: isBlank).reversed()) {
      self = .comment
    } else if let first = text.first, "\"'".utf8.contains(first), text.count > 2,
      text.last == first, covers(text.dropFirst().dropLast())
    {
      self = .quotes
    } else if text.last == slash, covers(text.dropLast()) {
      self = .onlyFolders
    } else if text.contains(UInt8(ascii: "\\")),
      covers(text.map { $0 == UInt8(ascii: "\\") ? slash : $0 })
    {
      self = .backslash
    } else if let last = text.lastIndex(of: slash), covers(text[(last + 1)...]) {
      self = .anchored
    } else if covers(text, ignoringCase: true) {
      self = .capitals
    } else if text.count > 2, text.suffix(2) == [UInt8(ascii: "."), UInt8(ascii: "*")],
      covers(text.dropLast(2))
    {
      self = .needsMore
    } else {
      // The line speaks of such files, and not of this one.
      let name = text[((text.lastIndex(of: slash) ?? -1) + 1)...].map(\.lowercased)
      let env = Array(".env".utf8)
      let begins = name.starts(with: env) && !ByteSet.word.contains(name.dropFirst(4).first ?? 0)
      guard begins || name.suffix(env.count) == env[...] else { return nil }
      let own = Paths.name(of: path).map(\.lowercased)
      if name.contains(where: { "*?[".utf8.contains($0) }) {
        // `.env.*.local` says nothing of `prod.env`, `*.env` of any such file might.
        guard DotenvName(own) != nil, !begins || own.starts(with: env) else { return nil }
        self = .otherNames
      } else {
        guard own.starts(with: name) else { return nil }
        self = .otherName
      }
    }
  }

  /// Why the line does not cover the path, as a sentence without its end.
  var reason: String {
    switch self {
    case .encoding: "the ignore file is UTF-16, which git cannot read; write it anew as UTF-8"
    case .leadingBlank: "the blank at its beginning is part of the pattern"
    case .comment: "git knows no comment behind a pattern, so all of the line is the pattern"
    case .quotes: "the quotes are part of the pattern"
    case .onlyFolders: "a pattern that ends in a slash matches folders only"
    case .backslash: "folders are parted by /; a backslash takes the next character as it is"
    case .anchored: "the slash in it ties it to one place, and the file stands in another"
    case .capitals: "git tells capital letters from small ones"
    case .needsMore: "it matches only names that go on behind another dot"
    case .otherName: "it matches this one name, and the file's goes on behind it"
    case .otherNames: "it matches other names"
    }
  }
}
