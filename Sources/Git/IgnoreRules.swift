internal import Bytes

/// One line of an ignore file.
package struct IgnoreLine: Sendable {
  /// Where the line stands, 1-based.
  package let number: Int
  /// The line as it was written, without trailing blanks.
  package let text: [UInt8]
  /// The line begins with `!`: what it matches is not ignored after all.
  package let isNegated: Bool
  private let onlyFolders: Bool
  private let form: Form

  /// How the line is compared with a path.
  private enum Form: Sendable {
    /// The last component is exactly this.
    case name([UInt8])
    /// The last component ends in this.
    case ending([UInt8])
    /// The last component matches.
    case nameGlob(Wildcard)
    /// The path from the ignore file's folder is exactly this.
    case path([UInt8])
    /// The path begins with bytes that are no glob, and the rest matches one.
    case pathGlob(prefix: [UInt8], Wildcard)
  }

  /// Reads one line; `nil` for an empty one and for a comment.
  init?(_ line: some Collection<UInt8>, number: Int, options: IgnoreRules.Options) {
    guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
    let trimmed = Self.withoutTrailingBlanks(line)
    var pattern = trimmed[...]
    self.number = number
    text = trimmed
    isNegated = pattern.first == UInt8(ascii: "!")
    if isNegated { pattern = pattern.dropFirst() }
    let slash = UInt8(ascii: "/")
    onlyFolders = pattern.last == slash
    if onlyFolders { pattern = pattern.dropLast() }
    let ignoresCase = options.ignoresCase
    func fold(_ bytes: some Sequence<UInt8>) -> [UInt8] {
      ignoresCase ? bytes.map(\.lowercased) : Array(bytes)
    }
    let isSpecial = { (byte: UInt8) in #"*?[\"#.utf8.contains(byte) }
    if !pattern.contains(slash) {
      form =
        if !pattern.contains(where: isSpecial) {
          .name(fold(pattern))
        } else if pattern.first == UInt8(ascii: "*"),
          !pattern.dropFirst().contains(where: isSpecial)
        {
          .ending(fold(pattern.dropFirst()))
        } else {
          .nameGlob(Wildcard(pattern, isPath: false, ignoresCase: ignoresCase))
        }
      return
    }
    if pattern.first == slash { pattern = pattern.dropFirst() }
    var prefix = pattern.prefix { !isSpecial($0) }
    if prefix.count == pattern.count {
      form = .path(fold(pattern))
      return
    }
    // One character more goes to the glob, by which `**` knows that it begins no folder. Older
    // versions of git left it out.
    if options.dialect == .current, !prefix.isEmpty { prefix = prefix.dropLast() }
    form = .pathGlob(
      prefix: fold(prefix),
      Wildcard(pattern[prefix.endIndex...], isPath: true, ignoresCase: ignoresCase))
  }

  /// Blanks at the end do not count, unless a backslash stands before them.
  private static func withoutTrailingBlanks(_ line: some Collection<UInt8>) -> [UInt8] {
    let line = Array(line)
    var end = line.count
    var blanks: Int?
    var i = 0
    while i < line.count {
      switch line[i] {
      case UInt8(ascii: " "): blanks = blanks ?? i
      case UInt8(ascii: "\\"):
        i += 1
        if i == line.count { return line }
        blanks = nil
      default: blanks = nil
      }
      i += 1
    }
    if let blanks { end = blanks }
    return Array(line[..<end])
  }

  /// Whether the line speaks of `path`, which is relative to the ignore file's folder.
  fileprivate func matches(_ path: ArraySlice<UInt8>, name: ArraySlice<UInt8>, isFolder: Bool)
    -> Bool
  {
    if onlyFolders, !isFolder { return false }
    return switch form {
    case .name(let expected): name.elementsEqual(expected)
    case .ending(let ending): name.count >= ending.count && name.suffix(ending.count) == ending[...]
    case .nameGlob(let glob): glob.matches(name)
    case .path(let expected): path.elementsEqual(expected)
    case .pathGlob(let prefix, let glob):
      path.starts(with: prefix) && glob.matches(path.dropFirst(prefix.count))
    }
  }
}

/// What git ignores in one folder and below it.
///
/// The lines of one ignore file, and a link to those that count where these say nothing: the
/// folder's above, then `info/exclude`, then the user's own file. A folder without an ignore
/// file has no rules of its own.
///
/// keyscan decides what is ignored itself because libgit2's answer differs from git's
/// (libgit2#3535), and in doubt a file must be scanned.
package final class IgnoreRules: Sendable {
  /// The folder that paths are relative to, with a slash at its end; empty for the root.
  package let folder: [UInt8]
  /// The lines that are patterns, in the order of the file.
  package let lines: [IgnoreLine]
  /// Where the lines stand: `.gitignore`, or the path of another file.
  package let source: [UInt8]
  private let next: IgnoreRules?
  /// How the lines were read.
  package let options: Options

  /// How lines are read.
  package struct Options: Equatable, Sendable {
    /// `core.ignoreCase`: the file system does not tell `A` from `a`.
    package var ignoresCase: Bool
    package var dialect: Dialect

    package init(ignoresCase: Bool = false, dialect: Dialect = .current) {
      self.ignoresCase = ignoresCase
      self.dialect = dialect
    }
  }

  /// Whose rules.
  package enum Dialect: Equatable, Sendable {
    /// git from 2.52 on.
    case current
    /// git before 2.52: `foo**/bar` also matches `foobar`.
    case before2_52
  }

  /// The most bytes of an ignore file; git reads no larger one either.
  package static let sizeLimit = 100 << 20

  /// Reads `content`, the ignore file `source` for the tree below `folder`.
  ///
  /// `next` is asked when no line here speaks of a path.
  package init(
    _ content: [UInt8], source: [UInt8], folder: [UInt8], next: IgnoreRules?,
    options: Options = Options()
  ) {
    self.source = source
    self.folder = folder
    self.next = next
    self.options = options
    var body = content[...]
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
    var lines: [IgnoreLine] = []
    for (i, line) in body.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let line = line.last == 0x0D ? line.dropLast() : line
      // For git, a line is a C string: it ends at a NUL.
      if let read = IgnoreLine(line.prefix { $0 != 0 }, number: i + 1, options: options) {
        lines.append(read)
      }
    }
    self.lines = lines
  }

  /// The line that decides about `path`, and where it stands; `nil` if no line speaks of it.
  ///
  /// `path` is relative to the root of the work tree. The folders above it are not asked: if
  /// one of them is ignored, so is everything below it.
  package func deciding(
    _ path: [UInt8], isFolder: Bool
  ) -> (line: IgnoreLine, source: [UInt8])? {
    let path = options.ignoresCase ? path.map(\.lowercased) : path
    let name = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
    var rules: IgnoreRules? = self
    while let current = rules {
      let inside = path[min(current.folder.count, path.count)...]
      for line in current.lines.reversed()
      where line.matches(inside, name: name, isFolder: isFolder) {
        return (line, current.source)
      }
      rules = current.next
    }
    return nil
  }

  /// The files whose lines are asked one after another: this one, then those behind it.
  package var chain: [IgnoreRules] { [self] + (next?.chain ?? []) }

  /// The lines of this file alone that speak of `path`, the last first; they decide in this order.
  ///
  /// `path` is as for ``deciding(_:isFolder:)`` and below ``folder``.
  package func lines(about path: [UInt8], isFolder: Bool) -> [IgnoreLine] {
    let path = options.ignoresCase ? path.map(\.lowercased) : path
    let name = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
    let inside = path[min(folder.count, path.count)...]
    return lines.reversed().filter { $0.matches(inside, name: name, isFolder: isFolder) }
  }

  /// Whether git ignores `path`, as far as lines that speak of it itself go.
  package func ignores(_ path: [UInt8], isFolder: Bool) -> Bool {
    deciding(path, isFolder: isFolder).map { !$0.line.isNegated } ?? false
  }
}
