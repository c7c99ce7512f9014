internal import Bytes
internal import Files
internal import Git
internal import Inputs
package import Model

/// Why a repair was not done; nothing is changed then.
package struct EnvRepairError: Error, Sendable {
  /// A sentence without its end.
  package let message: ForeignText
}

extension EnvRepair {
  /// What is going to be done, a line each.
  package var plan: [ForeignText] {
    additions.map { addition in
      let noun = addition.lines.count == 1 ? "line" : "lines"
      let kind = addition.old == nil ? " (new)" : ""
      return ForeignText(
        addition.file + Array("\(kind): add the \(noun) ".utf8)
          + Array(addition.lines.joined(separator: Array(", ".utf8))))
    }
      + removals.map { removal in
        ForeignText(
          Array("index: take out ".utf8) + removal.path
            + Array(", and leave it on disk (git rm --cached)".utf8))
      }
  }

  /// The lines of a shell that undo what ``perform()`` does.
  ///
  /// `root` is where the root of the work tree is from the folder that they are run in.
  package func undo(from root: [UInt8]) -> [ForeignText] {
    let isHere = root.elementsEqual(".".utf8)
    let enter = ForeignText(Array("cd ".utf8) + ShellWord.quoted(root))
    return (isHere ? [] : [enter]) + removals.flatMap(Self.restoring)
      + additions.map { addition in
        let command = addition.old == nil ? "rm -- " : "git checkout -- "
        return ForeignText(Array(command.utf8) + ShellWord.quoted(addition.file))
      }
  }

  private static func restoring(_ removal: Removal) -> [ForeignText] {
    let isPlain = ForeignText(removal.path).isPlain
    let mode = String(removal.mode, radix: 8)
    // A name that no line can show is written as git writes it, in quotes.
    let path = isPlain ? removal.path : Array(quotedByGit(removal.path).utf8)
    let word = ShellWord.quoted(path)
    func listed(_ command: String) -> [UInt8] {
      Array("printf '%s\\n' ".utf8) + word + Array(" | \(command) --pathspec-from-file=-".utf8)
    }
    if removal.isIntention {
      let command =
        isPlain
        ? Array("git add --intent-to-add --force -- ".utf8) + word
        : listed("git add --intent-to-add --force")
      return [ForeignText(command)]
    }
    var lines: [ForeignText] = []
    if isPlain {
      lines.append(
        ForeignText(
          Array("git update-index --add --cacheinfo ".utf8)
            + ShellWord.quoted(Array("\(mode),\(removal.blob),".utf8) + removal.path)))
    } else {
      lines.append(
        ForeignText(
          Array("printf '\(mode) \(removal.blob) 0\\t%s\\n' ".utf8) + word
            + Array(" | git update-index --index-info".utf8)))
    }
    if removal.skipsWorkTree {
      lines.append(
        ForeignText(
          isPlain
            ? Array("git update-index --skip-worktree -- ".utf8) + word
            : Array("printf '%s\\n' ".utf8) + word
              + Array(" | git update-index --skip-worktree --stdin".utf8)))
    }
    return lines
  }

  /// A path in double quotes, with everything but plain ASCII as octal numbers.
  private static func quotedByGit(_ path: [UInt8]) -> String {
    let inner = path.map { byte -> String in
      let isPlain = (0x20..<0x7F).contains(byte) && !"\"\\".utf8.contains(byte)
      if isPlain { return String(Unicode.Scalar(byte)) }
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
    return "\"\(inner.joined())\""
  }

  // MARK: Doing it

  /// Does what is planned, or nothing.
  package func perform() throws(EnvRepairError) {
    var written: [Addition] = []
    func takeBack() {
      for addition in written { try? restore(addition) }
    }
    for addition in additions {
      do throws(FileError) {
        try write(addition)
        written.append(addition)
      } catch {
        takeBack()
        throw EnvRepairError(
          message: ForeignText(addition.file + Array(" cannot be written: \(error.reason)".utf8)))
      }
    }
    for path in covered where IgnoreExplanation(of: path, in: tree).covering?.isShared != true {
      takeBack()
      throw EnvRepairError(
        message: ForeignText(
          path + Array(" would not be ignored all the same; nothing was changed".utf8)))
    }
    guard !removals.isEmpty else { return }
    do throws(GitError) {
      try IndexEdit.remove(removals.map { ($0.path, $0.blob) }, in: location)
    } catch {
      takeBack()
      throw EnvRepairError(message: ForeignText("\(error); nothing was changed"))
    }
  }

  private func write(_ addition: Addition) throws(FileError) {
    let folder = try tree.root.folder(at: Paths.folder(of: addition.file))
    let name = Paths.name(of: addition.file)
    let access = addition.permissions.map { Folder.Access.permissions($0) } ?? .usual
    try folder.replaceFile(
      named: name, with: Self.adding(addition.lines, to: addition.old ?? []), for: access)
  }

  private func restore(_ addition: Addition) throws(FileError) {
    let folder = try tree.root.folder(at: Paths.folder(of: addition.file))
    let name = Paths.name(of: addition.file)
    guard let old = addition.old else { return try folder.remove(named: name) }
    let access = addition.permissions.map { Folder.Access.permissions($0) } ?? .usual
    try folder.replaceFile(named: name, with: old, for: access)
  }

  /// `content` with `lines` behind it, ended as its own lines are.
  static func adding(_ lines: [[UInt8]], to content: [UInt8]) -> [UInt8] {
    let breaks = content.count { $0 == 0x0A }
    let pairs = zip(content, content.dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
    let end: [UInt8] = breaks > 0 && 2 * pairs > breaks ? [0x0D, 0x0A] : [0x0A]
    var result = content
    if let last = content.last, last != 0x0A { result += end }
    for line in lines { result += line + end }
    return result
  }
}
