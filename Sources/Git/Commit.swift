/// The parts of a commit that lead to other objects.
package struct Commit: Equatable, Sendable {
  package let tree: ObjectID
  package let parents: [ObjectID]
  /// When it was committed, in seconds since 1970; 0 if the commit does not say.
  package let time: Int

  /// Takes the content of a commit apart.
  package init(_ bytes: Span<UInt8>, of id: ObjectID) throws(GitError) {
    var tree: ObjectID?
    var parents: [ObjectID] = []
    var time = 0
    var i = 0
    while i < bytes.count, bytes[i] != UInt8(ascii: "\n") {
      var line: [UInt8] = []
      while i < bytes.count, bytes[i] != UInt8(ascii: "\n") {
        line.append(bytes[i])
        i += 1
      }
      i += 1
      if line.starts(with: "tree ".utf8) {
        tree = ObjectID(hex: line.dropFirst(5))
      } else if line.starts(with: "parent ".utf8) {
        guard let parent = ObjectID(hex: line.dropFirst(7)) else {
          throw GitError(.damaged, "read commit \(id)", "a parent is no object name")
        }
        parents.append(parent)
      } else if line.starts(with: "committer ".utf8) {
        let words = line.split(separator: UInt8(ascii: " "))
        let seconds = words.dropLast().last.map { String(decoding: $0, as: UTF8.self) }
        time = seconds.flatMap { Int($0) } ?? 0
      }
    }
    guard let tree else {
      throw GitError(.damaged, "read commit \(id)", "it names no tree")
    }
    self.tree = tree
    self.parents = parents
    self.time = time
  }
}
