internal import Files

/// The references of a git folder, as files hold them.
///
/// Each has a file of its own below `refs/`, or a line in `packed-refs`, or both; then its file
/// counts (git's `gitrepository-layout`). Over the fifty thousand of rails/rails libgit2
/// took a fifth of a run that had one new commit to read.
struct ReferenceFiles {
  /// Those with a file of their own, in the order of their names.
  private let loose: [(name: [UInt8], value: [UInt8])]
  private let packed: [UInt8]

  /// The most bytes of a file that count.
  private static let limit = 1 << 28

  /// Throws if `packed-refs` is there and cannot be read; a single file that cannot, names nothing.
  init(in folder: [UInt8]) throws(GitError) {
    var loose: [(name: [UInt8], value: [UInt8])] = []
    Self.collect(Paths.join(folder, Array("refs".utf8)), Array("refs".utf8), into: &loose)
    loose.sort { $0.name.lexicographicallyPrecedes($1.name) }
    self.loose = loose
    packed = try Self.packed(Paths.join(folder, Array("packed-refs".utf8)))
  }

  private static func packed(_ path: [UInt8]) throws(GitError) -> [UInt8] {
    do throws(FileError) {
      if let content = try File(at: path).contents(limit: limit) { return content }
    } catch {
      if error.isMissing { return [] }
      throw GitError(.damaged, "list references", error.description)
    }
    throw GitError(.damaged, "list references", "packed-refs has more than \(limit) bytes")
  }

  private static func collect(
    _ folder: [UInt8], _ name: [UInt8], into loose: inout [(name: [UInt8], value: [UInt8])]
  ) {
    for entry in (try? Folder(at: folder).entries()) ?? [] {
      // git takes neither for a reference; the second is one that is being written.
      if entry.name.first == UInt8(ascii: ".") || entry.name.suffix(5).elementsEqual(".lock".utf8) {
        continue
      }
      let path = Paths.join(folder, entry.name)
      let full = Paths.join(name, entry.name)
      if entry.kind == .folder {
        collect(path, full, into: &loose)
      } else {
        let value = (try? File(at: path).contents(limit: limit)) ?? []
        loose.append((full, Array(value.prefix { $0 != UInt8(ascii: "\n") })))
      }
    }
  }

  /// Hands over each reference, in the order of their names: the name, and what stands for it, an
  /// object's name in most cases.
  func forEach(_ body: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Void) {
    var next = 0
    var start = 0
    while start < packed.count {
      let end = packed[start...].firstIndex(of: UInt8(ascii: "\n")) ?? packed.count
      defer { start = end + 1 }
      // A comment, or what a tag leads to.
      if packed[start] == UInt8(ascii: "#") || packed[start] == UInt8(ascii: "^") { continue }
      let name = packed[min(start + 41, end)..<end]
      while next < loose.count, loose[next].name.lexicographicallyPrecedes(name) {
        body(loose[next].name[...], loose[next].value[...])
        next += 1
      }
      if next < loose.count, loose[next].name.elementsEqual(name) { continue }
      body(name, packed[start..<min(start + 40, end)])
    }
    for reference in loose[next...] { body(reference.name[...], reference.value[...]) }
  }
}
