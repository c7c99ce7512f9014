/// What was seen on the way to an answer to "why does my key not work?".
///
/// It holds no key, nor a piece of one beyond the fixed prefix of its kind.
package struct Diagnosis: Equatable, Sendable {
  /// The folder that was looked at.
  package let folder: ForeignText
  package let steps: [Step]
  package let keys: [Key]

  package init(folder: ForeignText, steps: [Step], keys: [Key]) {
    self.folder = folder
    self.steps = steps
    self.keys = keys
  }

  /// How a step ended, the worst last.
  package enum State: String, CaseIterable, Comparable, Sendable {
    /// Nothing was looked at, and the step says how it can be.
    case notLookedAt = "not looked at"
    case ok
    /// It may be the reason, or nothing: whether it is cannot be told from here.
    case hint
    /// It keeps a program from its key, or the key from working.
    case fault

    package static func < (a: State, b: State) -> Bool {
      let order = allCases
      guard let a = order.firstIndex(of: a), let b = order.firstIndex(of: b) else { return false }
      return a < b
    }
  }

  /// One question, what was seen about it and what to do.
  package struct Step: Equatable, Sendable {
    /// A word for programs, which stays the same.
    package let id: String
    /// The question.
    package let title: String
    package let state: State
    package let saw: [ForeignText]
    package let toDo: [Action]

    package init(
      id: String, title: String, state: State, saw: [ForeignText], toDo: [Action]
    ) {
      self.id = id
      self.title = title
      self.state = state
      self.saw = saw
      self.toDo = toDo
    }
  }

  /// Something to do.
  package enum Action: Hashable, Sendable {
    case advice(ForeignText)
    /// To be typed as it stands, so it is never wrapped.
    case command(ForeignText)

    /// What is to be done, as text.
    package var text: ForeignText {
      switch self {
      case .advice(let text), .command(let text): text
      }
    }
  }

  /// One value that stands where a key should, wherever it stands.
  package struct Key: Equatable, Sendable {
    /// `key A`, `key B`: in the order in which they were met, and nothing of the value.
    package let label: String
    package let kind: String
    /// In bytes, without blanks and quotes around; `nil` under 16, of which nothing is told.
    package let length: Int?
    package let sources: [ForeignText]
    package let faults: [ForeignText]

    package init(
      label: String, kind: String, length: Int?, sources: [ForeignText], faults: [ForeignText]
    ) {
      self.label = label
      self.kind = kind
      self.length = length
      self.sources = sources
      self.faults = faults
    }
  }

  /// Whether any step ended in a fault.
  package var hasFault: Bool { steps.contains { $0.state == .fault } }
}
