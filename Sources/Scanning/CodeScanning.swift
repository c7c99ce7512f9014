internal import Files
package import Git
package import Inputs
package import Model

/// Writes into findings what code scanning wants to know besides: the hash of the line that is
/// shown, and of what only history holds a file that is there.
package struct CodeScanning {
  /// The most bytes of a file whose lines are hashed.
  private static let largest = 64 << 20
  /// The files that stand for a repository, the first of which counts.
  private static let entrances = [
    "README.md", "README", "README.rst", "README.txt", "readme.md", "package.json",
    "pyproject.toml", "Cargo.toml", "go.mod", "pom.xml", "Package.swift", "Gemfile", ".gitignore",
  ].map { Array($0.utf8) }

  private let trees: [Int: WorkTree]
  private let locations: [Int: RepositoryLocation]
  private var hashes: [Key: [Int: String]] = [:]

  private struct Key: Hashable {
    let target: Int
    let path: [UInt8]
    /// `nil` for a file of the work tree, of whose region a blob that history knows says nothing.
    let blob: String?

    init(_ place: Place) {
      target = place.target
      path = place.path.bytes
      blob = place.standsIn.contains(.worktree) ? nil : place.blob
    }
  }

  /// `trees` and `locations` are those of the targets.
  package init(_ trees: [Int: WorkTree], _ locations: [Int: RepositoryLocation]) {
    self.trees = trees
    self.locations = locations
  }

  package mutating func describe(_ findings: inout [Finding]) {
    hashLines(of: findings)
    for i in findings.indices {
      guard let main = findings[i].mainPlacePosition else { continue }
      let place = findings[i].places[main]
      if let line = place.region?.line, place.container == nil {
        findings[i].places[main].lineHash = hashes[Key(place)]?[line]
      }
    }
    for (target, location) in locations {
      guard findings.contains(where: { $0.isPast(in: target) }),
        let repository = try? Repository(at: location), let objects = try? repository.objects(),
        let head = try? repository.head(), let commit = try? objects.commit(head)
      else { continue }
      for i in findings.indices where findings[i].isPast(in: target) {
        let own = findings[i].places.filter { $0.kind == .file }.map(\.file.bytes)
        findings[i].anchor = (own + Self.entrances).first {
          Self.hasFile($0, commit.tree, objects)
        }.map { ForeignText($0) }
      }
    }
  }

  /// Reads each file once whose lines are shown.
  private mutating func hashLines(of findings: [Finding]) {
    var wanted: [Key: Set<Int>] = [:]
    for finding in findings {
      guard let place = finding.mainPlace, place.kind == .file, place.container == nil,
        let line = place.region?.line
      else { continue }
      wanted[Key(place), default: []].insert(line)
    }
    for (key, lines) in wanted {
      if let content = content(key) { hashes[key] = LineHasher.hashes(of: lines, in: content) }
    }
  }

  private func content(_ key: Key) -> [UInt8]? {
    if let blob = key.blob.flatMap({ ObjectID(hex: $0.utf8) }),
      let location = locations[key.target],
      let objects = try? Repository(at: location).objects(),
      let header = try? objects.header(of: blob), header.kind == .blob, header.size <= Self.largest,
      let object = try? objects.object(blob)
    {
      let bytes = object.bytes
      return bytes.indices.map { bytes[$0] }
    }
    guard let tree = trees[key.target] else { return nil }
    guard let file = try? tree.root.file(at: key.path), let status = try? file.status(),
      status.kind == .regular
    else { return nil }
    return (try? file.contents(limit: Self.largest)) ?? nil
  }

  private static func hasFile(
    _ path: [UInt8], _ root: ObjectID, _ objects: borrowing ObjectDatabase
  ) -> Bool {
    var folder = root
    var names = path.split(separator: UInt8(ascii: "/"))[...]
    while let name = names.popFirst() {
      let entries = (try? objects.tree(folder)) ?? []
      guard let entry = entries.first(where: { $0.name.elementsEqual(name) }) else { return false }
      if names.isEmpty { return entry.isBlob }
      guard entry.isTree else { return false }
      folder = entry.id
    }
    return false
  }
}

extension Finding {
  /// Nothing that is checked out holds it.
  fileprivate func isPast(in target: Int) -> Bool {
    mainPlace?.target == target
      && places.allSatisfy { $0.standsIn.isDisjoint(with: [.worktree, .index, .head]) }
  }
}
