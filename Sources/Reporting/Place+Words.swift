internal import Model

extension Place {
  /// The file, as a service that knows the repository calls it; `nil` for what is no file.
  ///
  /// That is the path from the repository's root, wherever keyscan was started. Only a folder
  /// outside of repositories is named from the current folder.
  func file(in targets: [Target]) -> ForeignText? { kind == .file ? named(path, targets) : nil }

  /// The same of a file that is there to be opened: of what is packed, the container.
  func openFile(in targets: [Target]) -> ForeignText? {
    kind == .file ? named(file, targets) : nil
  }

  private func named(_ path: ForeignText, _ targets: [Target]) -> ForeignText {
    guard targets.indices.contains(target), targets[target].kind == .folder else { return path }
    return ForeignText(targets[target].prefix.bytes + path.bytes)
  }

  /// Where it is, for a person in the current folder: `src/main.ts:3:14`.
  func name(in targets: [Target]) -> String {
    let prefix = targets.indices.contains(target) ? targets[target].prefix.bytes : []
    var text: String
    switch kind {
    case .file: text = ForeignText(prefix + path.bytes).shown
    case .name: text = "the name \(path.shown)"
    case .object:
      text =
        commit.map { "commit \($0.prefix(12))" } ?? "blob \(blob.map { $0.prefix(12) } ?? "?")"
    }
    if let region { text += ":\(region.line):\(region.column)" }
    if let cell = region?.cellWords { text += " (\(cell))" }
    // What the work tree has is looked at there; since when it is there, the story says.
    if kind == .file, past?.first == nil, let commit {
      text += " in commit \(commit.prefix(12))"
    }
    return text
  }

  /// Who brought it, when, and how often; `nil` if history says nothing.
  var story: String? {
    guard let past, let commit else { return nil }
    var text = "commit \(commit.prefix(12))"
    if let date = past.date { text += " of \(Instant.day(date))" }
    if let author = past.author { text += " by \(author.shown)" }
    if let subject = past.subject { text += ": \(subject.shown)" }
    if past.versions > 1 { text += "; in \(past.versions) versions" }
    return text
  }
}

extension Region {
  /// Which cell of a notebook it is in, and which of its outputs: `cell 2, output 1`.
  var cellWords: String? {
    cell.map { cell in "cell \(cell)" + (output.map { ", output \($0)" } ?? "") }
  }
}
