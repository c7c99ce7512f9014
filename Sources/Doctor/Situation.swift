internal import Files
internal import Model

/// What a diagnosis starts from; the rest is read from files.
package struct Situation: Sendable {
  /// The variables of the process that are of interest: ``VariableName/all``.
  package let environment: [String: String]
  /// The user's home; `nil` if none is known.
  package let home: [UInt8]?
  /// The project's folder, absolute and without links.
  package let folder: [UInt8]
  /// The error text that the user saw.
  package let message: [UInt8]?

  package init(
    environment: [String: String], home: [UInt8]?, folder: [UInt8], message: [UInt8]?
  ) {
    self.environment = environment
    self.home = home
    self.folder = folder
    self.message = message
  }

  /// A path as people write it: below the project without it, below home with `~/`.
  func shown(_ path: [UInt8]) -> ForeignText {
    let below = Paths.relative(path, to: folder)
    // Of the two the one that says more about where it is.
    if let home, home.count >= folder.count || below == nil,
      let name = Paths.relative(path, to: home), !name.isEmpty
    {
      return Masked.text(Array("~/".utf8) + name)
    }
    if let below, !below.isEmpty { return Masked.text(below) }
    return Masked.text(path)
  }
}

/// A step while it is put together.
struct StepDraft {
  let id: String
  let title: String
  private(set) var state = Diagnosis.State.ok
  private(set) var saw: [ForeignText] = []
  private(set) var toDo: [Diagnosis.Action] = []

  init(_ id: String, _ title: String, state: Diagnosis.State = .ok) {
    self.id = id
    self.title = title
    self.state = state
  }

  mutating func saw(_ text: String) { note(ForeignText(text)) }

  /// Something that was seen and is in order.
  mutating func note(_ text: ForeignText) {
    if !saw.contains(text) { saw.append(text) }
  }

  mutating func hint(_ text: String, _ advice: String? = nil) {
    note(ForeignText(text))
    raise(to: .hint)
    if let advice { advise(advice) }
  }

  mutating func fault(_ text: String, _ advice: String? = nil) {
    note(ForeignText(text))
    raise(to: .fault)
    if let advice { advise(advice) }
  }

  mutating func raise(to other: Diagnosis.State) { state = max(state, other) }

  mutating func advise(_ text: String) { add(.advice(ForeignText(text))) }
  mutating func command(_ text: String) { add(.command(ForeignText(text))) }

  private mutating func add(_ action: Diagnosis.Action) {
    if !toDo.contains(action) { toDo.append(action) }
  }

  var step: Diagnosis.Step {
    Diagnosis.Step(id: id, title: title, state: state, saw: saw, toDo: toDo)
  }
}
