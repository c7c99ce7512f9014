internal import Files
internal import Git
package import Inputs

/// A line of `.gitattributes` that has git encrypt a file.
package struct EncryptionPromise: Equatable, Sendable {
  /// The filter that is to do it: `git-crypt`.
  package let filter: String
  /// Whether git on this machine was told how to run that filter.
  package let isSetUp: Bool

  /// The promise that attributes make for `path`, which is from the root of `tree`; `nil` if they
  /// make none.
  ///
  /// What the user's own attributes say is not asked: others do not have it.
  package init?(for path: [UInt8], in tree: WorkTree) {
    guard let location = tree.location, let name = Self.filter(of: path, in: tree, location),
      Self.encrypts(name)
    else { return nil }
    filter = name
    isSetUp =
      (try? Configuration(of: Repository(at: location)).string("filter.\(name).clean")) != nil
  }

  /// The names of filters that encrypt: git-crypt and its named keys, transcrypt, git-agecrypt.
  private static func encrypts(_ filter: String) -> Bool {
    filter.contains("crypt") || filter.contains("sops") || filter.hasPrefix("age")
  }

  private static func filter(
    of path: [UInt8], in tree: WorkTree, _ location: RepositoryLocation
  ) -> String? {
    let name = Array(".gitattributes".utf8)
    var contents: [(content: [UInt8], folder: [UInt8])] = []
    func add(_ content: [UInt8]?, _ folder: [UInt8]) {
      if let content { contents.append((content, folder)) }
    }
    var folder = tree.root
    var walked: [UInt8] = []
    add(try? folder.file(named: name).contents(limit: IgnoreRules.sizeLimit), walked)
    for part in path.split(separator: UInt8(ascii: "/")).dropLast() {
      guard let next = try? folder.folder(named: Array(part)) else { break }
      folder = next
      walked += part + [UInt8(ascii: "/")]
      add(try? folder.file(named: name).contents(limit: IgnoreRules.sizeLimit), walked)
    }
    let own = Paths.join(location.commonFolder, Array("info/attributes".utf8))
    if (try? Paths.status(own))?.kind == .regular {
      add(try? File(at: own).contents(limit: IgnoreRules.sizeLimit), [])
    }
    // The nearest file decides, and in it the last line.
    for (content, folder) in contents.reversed() {
      if let value = value(of: path, content, folder, tree.options) {
        return value.isEmpty ? nil : value
      }
    }
    return nil
  }

  /// The filter that one file of attributes gives `path`; empty if it takes one away, `nil` if it
  /// says nothing.
  private static func value(
    of path: [UInt8], _ content: [UInt8], _ folder: [UInt8], _ options: IgnoreRules.Options
  ) -> String? {
    var values: [Int: String] = [:]
    var patterns: [UInt8] = []
    for (i, line) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if i > 0 { patterns.append(0x0A) }
      let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      guard let pattern = words.first, pattern.first != UInt8(ascii: "#"),
        // A pattern of attributes takes nothing back and is never about folders.
        pattern.first != UInt8(ascii: "!"), pattern.last != UInt8(ascii: "/")
      else { continue }
      for word in words.dropFirst() {
        let text = String(decoding: word, as: UTF8.self)
        if text.hasPrefix("filter=") {
          values[i + 1] = String(text.dropFirst(7))
        } else if text == "-filter" || text == "!filter" {
          values[i + 1] = ""
        }
      }
      if values[i + 1] != nil { patterns += pattern }
    }
    guard !values.isEmpty else { return nil }
    let rules = IgnoreRules(patterns, source: [], folder: folder, next: nil, options: options)
    return rules.lines(about: path, isFolder: false).first.flatMap { values[$0.number] }
  }
}

extension WorkTree {
  /// Whether the index holds `path`, from the root, in an encrypted form; `nil` if that cannot be
  /// told.
  func indexIsEncrypted(at path: [UInt8]) -> Bool? {
    let entries = self.index.entries(at: path, in: 0..<self.index.entries.count)
    guard let number = entries.first, let location,
      let objects = try? Repository(at: location).objects(),
      let blob = try? objects.object(self.index.entries[number].id)
    else { return nil }
    let bytes = blob.bytes
    return DotenvFile.isEncrypted((0..<min(bytes.count, 64)).map { bytes[$0] })
  }
}
