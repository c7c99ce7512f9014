/// One path that holds a secret, in its newest version that does.
package struct Place: Equatable, Sendable {
  /// The position in ``Report/targets`` of what was scanned.
  package var target: Int
  package var kind: Kind
  /// Where the file is, from the target's root; for a single file as it was named.
  ///
  /// Empty for what has no path. What is packed in a file has that file's path and its own name in
  /// it: `app.apk!/assets/k.json`.
  package var path: ForeignText
  /// The file that it is packed in; `nil` for what is in none.
  package var container: ForeignText?
  /// Where in the file; `nil` when the file itself is the finding.
  package var region: Region?
  /// The commit or tag that brings it or is it; `nil` if history was not asked.
  package var commit: String?
  /// The blob that was read; `nil` for a file that is in no object database.
  package var blob: String?
  /// What had to be undone to read the secret, outermost first: `base64`, `percent`.
  package var decoded: [String]
  /// Where the path stands with this secret in it.
  package var standsIn: Standings
  /// What code scanning at GitHub knows the line by; `nil` unless somebody asked for it.
  package var lineHash: String?
  /// The lines around the secret, masked; `nil` if the content is no text.
  package var frame: Frame?
  /// What history says of it; `nil` if history was not asked, or says nothing.
  package var past: Past?

  /// What a place is in.
  package enum Kind: String, Sendable {
    case file
    /// The name of a file or of a reference.
    case name
    /// A commit or a tag: its message, its names.
    case object
  }

  package init(
    target: Int, kind: Kind = .file, path: ForeignText, region: Region?, commit: String? = nil,
    blob: String? = nil, decoded: [String] = [], standsIn: Standings, frame: Frame? = nil
  ) {
    self.target = target
    self.kind = kind
    self.commit = commit
    self.path = path
    self.region = region
    self.blob = blob
    self.decoded = decoded
    self.standsIn = standsIn
    self.frame = frame
  }
}

/// From when to when a secret stood at a path, and who brought it there.
package struct Past: Equatable, Sendable {
  /// Of the commit that brought it: the author's name, the date in seconds since 1970, the first
  /// line of the message.
  package var author: ForeignText?
  package var date: Int?
  package var subject: ForeignText?
  /// The commit on the way to HEAD that took it away last.
  package var removed: String?
  /// When the first and the last commit that hold it were made, in seconds since 1970.
  package var first: Int?
  package var last: Int?
  /// How many different contents at the path hold it.
  package var versions: Int

  package init(versions: Int) {
    self.versions = versions
  }
}

/// A piece of a content.
package struct Region: Hashable, Sendable {
  /// The line, from 1; lines end with a line feed.
  package let line: Int
  /// 1-based, in UTF-16 code units.
  package let column: Int
  package let endLine: Int
  /// 1-based, in UTF-16 code units, one past the last.
  package let endColumn: Int
  /// In bytes, from the beginning of the content.
  package let offset: Int
  /// In bytes.
  package let length: Int
  /// The number of the notebook's cell, from 1; `nil` outside of one, and in other files.
  package let cell: Int?
  /// The number of the cell's output, from 1; `nil` outside of one.
  package let output: Int?

  package init(
    line: Int, column: Int, endLine: Int, endColumn: Int, offset: Int, length: Int,
    cell: Int? = nil, output: Int? = nil
  ) {
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
    self.offset = offset
    self.length = length
    self.cell = cell
    self.output = output
  }
}

/// A few lines of a content, for a person to look at; what rules matched is masked.
package struct Frame: Equatable, Sendable {
  package let lines: [Line]

  package init(lines: [Line]) {
    self.lines = lines
  }

  package struct Line: Equatable, Sendable {
    /// 1-based.
    package let number: Int
    /// Without its line break; long lines are clipped, and say so with an ellipsis.
    package let text: ForeignText
    /// Which bytes of `text` to underline; `nil` for a line that is only context.
    package let marked: Range<Int>?

    package init(number: Int, text: ForeignText, marked: Range<Int>?) {
      self.number = number
      self.text = text
      self.marked = marked
    }
  }
}

/// Whether a secret has already left the machine.
package enum Published: String, Sendable {
  case yes, no
  /// There is nothing to tell it by; to be treated like `yes`.
  case unknown
}

extension Place {
  /// The file that it is, or is packed in.
  package var file: ForeignText { container ?? path }

  /// The name of what is packed, as its container has it: `assets/k.json`; `nil` for what is not
  /// packed.
  package var member: ForeignText? {
    container.map { ForeignText(Array(path.bytes.dropFirst($0.bytes.count + 2))) }
  }

  /// A file of the work tree, the index or HEAD holds the secret, so it can be looked at there.
  package var isPresent: Bool {
    kind == .file && !standsIn.isDisjoint(with: [.worktree, .index, .head])
  }
}
