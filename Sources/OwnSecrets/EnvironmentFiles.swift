internal import Dotenv
internal import Files
package import Git
package import Model

/// A repository whose work tree is looked through for files of environment variables.
package struct OwnPlace: Sendable {
  let location: RepositoryLocation
  /// What to write before a path so that it leads there from the current folder.
  let prefix: ForeignText

  package init(_ location: RepositoryLocation, prefix: ForeignText = ForeignText("")) {
    self.location = location
    self.prefix = prefix
  }
}

/// Finds the files of environment variables of a work tree that git does not track.
///
/// Folders that git ignores are gone through too, since such files stand there on purpose; but
/// not those that a package manager fills, nor repositories inside of this one.
struct EnvironmentFiles {
  /// One of them, open for reading.
  struct Found {
    let folder: Folder
    let name: [UInt8]
    /// From the root.
    let path: [UInt8]
    let isLink: Bool
  }

  private(set) var found: [Found] = []
  private(set) var gaps: [(path: [UInt8], reason: String)] = []
  /// There were more entries than are looked at.
  private(set) var isCut = false

  /// The most entries of folders that are looked at.
  private static let mostEntries = 2_000_000
  /// Folders of what others wrote.
  private static let foreignFolders: Set<[UInt8]> = Set(
    [
      ".git", "node_modules", "bower_components", ".venv", "venv", "__pycache__", ".tox",
      ".gradle", ".next", ".nuxt", ".terraform", "Pods", ".build",
    ].map { Array($0.utf8) })
  private static let gitName = Array(".git".utf8)
  private static let virtualEnvironment = Array("pyvenv.cfg".utf8)

  /// Looks through the work tree whose root is open as `root`; what `index` has is tracked.
  init(below root: Folder, index: IndexFile) {
    var waiting: [(parent: Folder?, name: [UInt8], path: [UInt8])] = [(nil, [], [])]
    var count = 0
    while let next = waiting.popLast() {
      do throws(FileError) {
        let folder = try next.parent.map { (parent) throws(FileError) in
          try parent.folder(named: next.name)
        }
        let here = folder ?? root
        let entries = try here.entries().sorted { $0.name.lexicographicallyPrecedes($1.name) }
        count += entries.count
        if count > Self.mostEntries {
          isCut = true
          return
        }
        let isForeign =
          next.parent != nil
          && entries.contains { $0.name == Self.gitName || $0.name == Self.virtualEnvironment }
        if isForeign { continue }
        for entry in entries.reversed() where entry.kind == .folder {
          if !Self.foreignFolders.contains(entry.name) {
            waiting.append((here, entry.name, next.path + entry.name + [UInt8(ascii: "/")]))
          }
        }
        for entry in entries where entry.kind == .regular || entry.kind == .link {
          guard let name = DotenvName(entry.name), name != .template else { continue }
          let path = next.path + entry.name
          guard index.entries(at: path, in: 0..<index.entries.count).isEmpty else { continue }
          found.append(
            Found(folder: here, name: entry.name, path: path, isLink: entry.kind == .link))
        }
      } catch {
        // What vanished meanwhile is not there to be read.
        if !error.isMissing, !error.isLink { gaps.append((next.path, error.reason)) }
      }
    }
  }
}
