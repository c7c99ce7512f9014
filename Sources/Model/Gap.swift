/// Something that should have been read and was not.
package struct Gap: Hashable, Sendable {
  package let kind: Kind
  /// What was not read: a path, an object, a part of a repository.
  package let subject: ForeignText
  /// Why, as the end of a sentence.
  package let reason: ForeignText
  /// How many things of this kind the gap stands for.
  package let count: Int
  /// The path of the file that it is about, or that it is packed in; `nil` if ``subject`` is all that
  /// is known.
  package var file: ForeignText?
  /// Where somebody said that a run is complete enough without it: `.keyscan.yml:7`.
  package var accepted: ForeignText?

  package init(_ kind: Kind, subject: ForeignText, reason: ForeignText, count: Int = 1) {
    self.kind = kind
    self.subject = subject
    self.reason = reason
    self.count = count
  }

  /// What a shallow clone leaves out before `count` commits.
  package static func shallow(_ count: Int) -> Gap {
    Gap(
      .shallow, subject: ForeignText("history"),
      reason: ForeignText(
        "the clone is shallow: what went before these commits is not here; "
          + "git fetch --unshallow brings it"), count: count)
  }

  /// The order of a report: what fails the run first.
  package static func precedes(_ a: Gap, _ b: Gap) -> Bool {
    if a.kind.fails != b.kind.fails { return a.kind.fails }
    if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
    return a.subject != b.subject ? a.subject < b.subject : a.reason < b.reason
  }

  package enum Kind: String, CaseIterable, Sendable {
    /// An object whose bytes are wrong.
    case damaged
    /// An object that is nowhere, and that nobody promised to send later.
    case missing
    /// A file or folder that the system refused to give.
    case unreadable
    /// The index cannot be read.
    case index
    /// An engine stopped at a limit without an answer.
    case engineLimit = "engine-limit"
    /// Nobody asked for it: history left out, a submodule's own history.
    case notAsked = "not-asked"
    /// A container that is not opened: an archive, a database.
    case opaque
    /// A partial clone's object that a remote promised.
    case promised
    /// What a shallow clone left out.
    case shallow
    /// An object that only a reflog names and that was pruned.
    case pruned

    /// The run fails although nothing was found.
    package var fails: Bool {
      switch self {
      case .damaged, .missing, .unreadable, .index, .engineLimit: true
      case .notAsked, .opaque, .promised, .shallow, .pruned: false
      }
    }
  }
}

/// What was read, and what was not.
package struct Coverage: Equatable, Sendable {
  package var files = 0
  package var blobs = 0
  package var commits = 0
  package var bytes = 0
  package var references = 0
  /// Whether everything that any tree names was looked for.
  package var checksTrees = false
  /// Object folders of other repositories that this one borrows from.
  package var alternates: [ForeignText] = []
  package var gaps: [Gap] = []

  package init() {}

  /// Nothing was left out.
  package var isComplete: Bool { gaps.isEmpty }
}

/// Something worth knowing that is no finding.
package struct Hint: Hashable, Sendable {
  package let subject: ForeignText
  package let text: ForeignText

  package init(subject: ForeignText, text: ForeignText) {
    self.subject = subject
    self.text = text
  }
}
