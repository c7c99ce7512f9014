internal import Bytes
internal import Files
package import Git
internal import Inputs
package import Model

/// What mends files of variables: ignore lines to be added, paths to be taken out of the index.
///
/// It is all planned and checked before anything is done, and no file of variables is ever
/// written. What cannot be undone is refused.
package struct EnvRepair {
  /// Lines for one ignore file.
  struct Addition {
    /// From the root.
    let file: [UInt8]
    var lines: [[UInt8]]
    /// What is there now; `nil` for a file that is to be made.
    let old: [UInt8]?
    /// Who may use the file; `nil` for a new one.
    let permissions: UInt32?
  }

  /// A path to be taken out of the index.
  struct Removal {
    /// From the root.
    let path: [UInt8]
    let blob: ObjectID
    let mode: UInt32
    let isIntention: Bool
    let skipsWorkTree: Bool
  }

  let tree: WorkTree
  let location: RepositoryLocation
  private(set) var additions: [Addition] = []
  private(set) var removals: [Removal] = []
  /// The paths that are ignored afterwards.
  private(set) var covered: [[UInt8]] = []
  /// Why nothing can be done, a sentence without its end each; none if all can.
  package private(set) var refusals: [ForeignText] = []
  /// What is left to the user, a sentence without its end each.
  package private(set) var leftovers: [ForeignText] = []

  /// There is nothing to do.
  package var isEmpty: Bool { additions.isEmpty && removals.isEmpty }

  /// Plans to mend `files`, which are those of `survey`; what is less than `medium` is left as it
  /// is, but for files that are ignored here alone.
  package init(
    of files: [EnvFile], in survey: EnvSurvey, at location: RepositoryLocation
  ) throws(GitError) {
    tree = survey.tree
    self.location = location
    var head = try CommittedTree(ofHeadOf: location)
    for file in files where Self.isWrong(file) {
      let path = file.path.bytes
      if let reason = Self.reasonToLeave(file, in: survey) {
        leftovers.append(ForeignText(path + Array(": \(reason)".utf8)))
        continue
      }
      if file.ignore?.isShared != true { cover(path, &head) }
      if file.states.contains(.tracked) { remove(path, &head) }
    }
    if !removals.isEmpty, let obstacle = try IndexEdit.obstacle(in: location) {
      refusals.append(ForeignText(obstacle))
    }
  }

  /// Whether a line or the index is what is wrong with a file.
  private static func isWrong(_ file: EnvFile) -> Bool {
    if file.states.contains(.ignoredOnlyHere) { return !file.isTemplate && !file.isEncrypted }
    guard let severity = file.severity, severity >= .medium else { return false }
    return file.states.contains(.tracked) || file.states.contains(.wouldBeAdded)
  }

  private static func reasonToLeave(_ file: EnvFile, in survey: EnvSurvey) -> String? {
    if file.isTemplate {
      return "it is a form, which belongs in git: put placeholders where the values are"
    }
    if let promise = file.brokenPromise {
      return "\(promise.visible) was to encrypt it: set that up, then add it again"
    }
    let found = survey.found.first { $0.path == file.path.bytes }
    guard let found, found.tree === survey.tree else {
      return "it belongs to a repository inside this one: run keyscan env --fix there"
    }
    return nil
  }

  private mutating func refuse(_ path: [UInt8], _ reason: String) {
    let refusal = ForeignText(path + Array(": \(reason)".utf8))
    if !refusals.contains(refusal) { refusals.append(refusal) }
  }

  // MARK: Ignore lines

  private mutating func cover(_ path: [UInt8], _ head: inout CommittedTree) {
    guard let advice = IgnoreAdvice(for: path, in: tree) else {
      refuse(path, "no ignore line can say a name with a line break; give it another name")
      return
    }
    covered.append(path)
    if let i = additions.firstIndex(where: { $0.file == advice.file }) {
      if !additions[i].lines.contains(advice.line) { additions[i].lines.append(advice.line) }
      return
    }
    guard let (old, permissions) = ignoreFile(advice.file, &head) else { return }
    additions.append(
      Addition(file: advice.file, lines: [advice.line], old: old, permissions: permissions))
  }

  /// What an ignore file holds that may be changed: one that is as HEAD has it, or none at all.
  private mutating func ignoreFile(
    _ path: [UInt8], _ head: inout CommittedTree
  ) -> (content: [UInt8]?, permissions: UInt32?)? {
    let index = tree.index
    let entries = index.entries(at: path, in: 0..<index.entries.count)
    let committed = head.entry(at: path)
    guard ForeignText(path).isPlain else {
      refuse(path, "the commands that undo a change cannot say this name; add the line by hand")
      return nil
    }
    let status: FileStatus
    let content: [UInt8]?
    do throws(FileError) {
      let folder = try tree.root.folder(at: Paths.folder(of: path))
      guard (try? folder.status(of: Paths.name(of: path))) != nil else {
        if entries.isEmpty, committed == nil { return (nil, nil) }
        refuse(path, "it is in git and not on disk; bring it back first")
        return nil
      }
      status = try folder.status(of: Paths.name(of: path))
      guard status.kind == .regular else {
        refuse(path, "it is no regular file, and git follows no link here; make it one first")
        return nil
      }
      content = try folder.file(named: Paths.name(of: path)).contents(limit: IgnoreRules.sizeLimit)
    } catch {
      refuse(path, "it cannot be read: \(error.reason)")
      return nil
    }
    guard let content, !content.starts(with: [0xFF, 0xFE]), !content.starts(with: [0xFE, 0xFF])
    else {
      refuse(path, "it is UTF-16, which git cannot read; write it anew as UTF-8")
      return nil
    }
    guard entries.count == 1, let committed, let entry = entries.first,
      index.entries[entry].stage == 0, index.entries[entry].id == committed.id,
      let blob = head.content(of: committed.id, limit: IgnoreRules.sizeLimit),
      Self.areSame(content, blob)
    else {
      refuse(path, "it has changes that are not committed; commit them first")
      return nil
    }
    return (content, status.permissions)
  }

  /// Whether two texts are the same but for how their lines end, which git may change.
  private static func areSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a == b || a.filter { $0 != 0x0D } == b.filter { $0 != 0x0D }
  }

  // MARK: The index

  private mutating func remove(_ path: [UInt8], _ head: inout CommittedTree) {
    let index = tree.index
    let entries = index.entries(at: path, in: 0..<index.entries.count)
    guard let number = entries.first, entries.count == 1, index.entries[number].stage == 0 else {
      refuse(path, "it is in conflict; finish the merge or rebase first")
      return
    }
    let entry = index.entries[number]
    let isSafe =
      entry.isIntention || head.entry(at: path)?.id == entry.id || isOnDisk(path, entry.id, head)
    guard isSafe else {
      refuse(
        path,
        "what is staged of it stands neither in HEAD nor on disk and would be lost; commit it "
          + "or stage the file as it is")
      return
    }
    removals.append(
      Removal(
        path: path, blob: entry.id, mode: entry.mode, isIntention: entry.isIntention,
        skipsWorkTree: entry.skipsWorkTree))
  }

  /// Whether the file in the work tree holds what `blob` does.
  private func isOnDisk(_ path: [UInt8], _ blob: ObjectID, _ head: borrowing CommittedTree) -> Bool
  {
    let limit = 1 << 26
    let name = Paths.name(of: path)
    guard let folder = try? tree.root.folder(at: Paths.folder(of: path)),
      let kind = try? folder.status(of: name).kind
    else { return false }
    let content: [UInt8]?
    if kind == .link {
      content = try? folder.linkTarget(named: name)
    } else {
      guard kind == .regular, let file = try? folder.file(named: name) else { return false }
      content = try? file.contents(limit: limit)
    }
    guard let content, let staged = head.content(of: blob, limit: limit) else { return false }
    return Self.areSame(content, staged)
  }
}

extension ForeignText {
  /// It shows as it is, so that a command can be copied from a report.
  var isPlain: Bool { isUTF8 && visible.utf8.elementsEqual(bytes) }
}
