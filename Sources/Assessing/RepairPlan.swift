internal import Bytes
package import Model

/// The lines to type so that a secret is gone from a repository, or so that at least no push
/// sends it.
package struct RepairPlan: Equatable, Sendable {
  /// Lines of a shell, in order; those that begin with `#` are for the reader.
  package private(set) var lines: [ForeignText] = []

  private let findOptions: String

  /// Where the file with replacements goes: outside of the work tree, so that no add takes it.
  private static let replacements = "../keyscan-replacements.txt"

  /// Makes the plan from where `finding` stands in the repository whose HEAD is `head`.
  ///
  /// What stands only in files or in the index needs no plan; the advice says what to do.
  /// `stashes` says which stash a commit belongs to, counted from the newest; `findOptions` what
  /// `keyscan find` needs to find it again, with a blank before it.
  package init(
    for finding: Finding, head: String?, stashes: [String: Int] = [:], findOptions: String = ""
  ) {
    self.findOptions = findOptions
    let standings = Set(finding.standsIn)
    let places = finding.places.filter { $0.commit != nil || $0.past != nil }
    if !standings.isDisjoint(with: [.head, .history]) {
      if finding.published == .no {
        amend(finding, places, head: head)
      } else {
        rewrite(finding)
      }
      return
    }
    if standings.contains(.stash) {
      let numbers = Set(places.compactMap { $0.commit.flatMap { stashes[$0] } })
      // From the oldest on: dropping one counts those after it anew.
      for number in numbers.sorted(by: >) { add("git stash drop stash@{\(number)}") }
      if numbers.isEmpty { add("git stash list", "git stash drop") }
      forget()
    } else if !standings.isDisjoint(with: [.reflog, .unreachable]) {
      forget()
    }
  }

  private mutating func add(_ lines: String...) {
    self.lines += lines.map { ForeignText($0) }
  }

  private mutating func add(_ command: String, path: [UInt8]) {
    lines.append(ForeignText(Array("\(command) ".utf8) + ShellWord.quoted(path)))
  }

  /// What no reference holds is kept for months, for whoever wants it back.
  ///
  /// Said as configuration, the times do not count for the stash, whose reflog is the list of
  /// stashes: with `--expire=now` git would throw all of them away.
  private mutating func forget() {
    add(
      "git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all",
      "git gc --prune=now")
  }

  /// Nobody has it yet: the commit that brought it is made anew, and those after it.
  private mutating func amend(_ finding: Finding, _ places: [Place], head: String?) {
    let commits = Set(places.compactMap(\.commit))
    let paths = Self.files(of: places)
    // Only what one commit brought, and HEAD is that commit, is mended by hand.
    guard let head, commits == [head], !paths.isEmpty, places.allSatisfy({ $0.kind == .file })
    else {
      replace(finding)
      return
    }
    for path in paths {
      if finding.secret == nil {
        add("git rm --quiet --cached --", path: path)
      } else {
        let text = Array("# take the secret out of ".utf8) + path
        lines.append(ForeignText(text))
        add("git add --", path: path)
      }
    }
    add("git commit --amend --no-edit")
    forget()
  }

  /// Somebody may have it: it is worthless only when it is replaced at its provider.
  private mutating func rewrite(_ finding: Finding) {
    add("# first replace the secret at its provider: what was pushed cannot be called back")
    replace(finding)
    add(
      "# then push with force; forks, clones, pull requests and caches at the host keep the old "
        + "commits, and filter-repo takes the remote away so that nobody pushes by mistake")
  }

  private mutating func replace(_ finding: Finding) {
    add("# filter-repo rewrites every branch and tag, and forgets reflogs and all older stashes")
    // What is packed cannot be replaced: its file goes.
    let packed = finding.places.filter { finding.secret == nil || $0.container != nil }
    for path in Self.files(of: packed) {
      add("git filter-repo --force --invert-paths --path", path: path)
    }
    if packed.count == finding.places.count { return }
    let file = Self.replacements
    let isInMessage = finding.places.contains { $0.kind == .object && $0.commit != nil }
    add(
      "keyscan find \(finding.fingerprint)\(findOptions) --replacements \(file)",
      "git filter-repo --force --replace-text \(file)"
        + (isInMessage ? " --replace-message \(file)" : ""),
      "rm \(file)")
  }

  /// The files that places are, or are packed in, each once.
  private static func files(of places: [Place]) -> [[UInt8]] {
    var files: [[UInt8]] = []
    for place in places where place.kind == .file && !files.contains(place.file.bytes) {
      files.append(place.file.bytes)
    }
    return files
  }
}
