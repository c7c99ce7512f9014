package import Git
package import Model

/// Writes into findings what history says of them.
///
/// `notes` are those of each target whose history was read, from `sources`; `tracking` the targets
/// of which what was published can be told.
package func annotate(
  _ findings: inout [Finding], notes: [Int: HistoryNotes], of sources: [Int: RepositoryLocation],
  tracking: Set<Int>
) {
  let labels = sources.mapValues { CommitLabels(of: $0) }
  for i in findings.indices {
    var isPublished = findings[i].published == .yes
    var isUnknown = false
    for k in findings[i].places.indices {
      let place = findings[i].places[k]
      guard let all = notes[place.target] else {
        isUnknown = isUnknown || !place.isLocal
        continue
      }
      if !tracking.contains(place.target), !place.isLocal { isUnknown = true }
      guard place.kind == .file,
        let note = all.note(path: place.path.bytes, secret: findings[i].secret)
      else { continue }
      findings[i].places[k].past = Past(
        note, note.introduced.flatMap { labels[place.target]?.label(of: $0) })
      findings[i].places[k].standsIn.formUnion(note.standsIn)
      findings[i].places[k].commit = note.introduced?.description ?? place.commit
      findings[i].places[k].blob = place.blob ?? note.blob.description
      isPublished = isPublished || note.isPublished
    }
    findings[i].published = isPublished ? .yes : isUnknown ? .unknown : .no
  }
}

/// Writes into findings who made the commits that they name, where history did not say.
package func label(
  _ findings: inout [Finding], commitsOf sources: [Int: RepositoryLocation]
) {
  for (target, location) in sources {
    let labels = CommitLabels(of: location)
    for i in findings.indices {
      for k in findings[i].places.indices {
        let place = findings[i].places[k]
        guard place.target == target, place.past == nil,
          let id = place.commit.flatMap({ ObjectID(hex: $0.utf8) }),
          let label = labels.label(of: id)
        else { continue }
        findings[i].places[k].past = Past(label)
      }
    }
  }
}

/// What a person wants to know of the commits of one repository, read when it is asked for.
private final class CommitLabels {
  private let location: RepositoryLocation
  private var objects: ObjectDatabase?
  private var known: [ObjectID: CommitLabel] = [:]

  init(of location: RepositoryLocation) {
    self.location = location
  }

  /// `nil` for what is no commit, or not at hand.
  func label(of id: ObjectID) -> CommitLabel? {
    if let label = known[id] { return label }
    if objects == nil { objects = try? Repository(at: location).objects() }
    guard let object = try? objects?.object(id), object.kind == .commit else { return nil }
    object.withBytes { known[id] = CommitLabel($0) }
    return known[id]
  }
}

extension Place {
  /// It is in no commit that a reference reaches, as far as it says.
  fileprivate var isLocal: Bool {
    standsIn.isDisjoint(with: [.head, .history])
  }
}

extension Past {
  fileprivate init(_ note: HistoryNote, _ label: CommitLabel?) {
    self.init(versions: note.versions)
    first = note.first
    last = note.last
    removed = note.removed?.description
    if let label { take(label) }
  }

  fileprivate init(_ label: CommitLabel) {
    self.init(versions: 1)
    take(label)
  }

  private mutating func take(_ label: CommitLabel) {
    author = ForeignText(label.author)
    date = label.date
    subject = ForeignText(label.subject)
  }
}
