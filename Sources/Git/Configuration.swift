internal import CGit2
internal import Files

/// What git's configuration files say: the system's, the user's and the repository's.
///
/// The files are found as git finds them, the environment's say included, because what is
/// ignored depends on them. Nothing that they name is ever run.
@safe
package struct Configuration: ~Copyable {
  private let handle: OpaquePointer

  package init(of repository: borrowing Repository) throws(GitError) {
    unsafe handle = try Self.load(for: repository)
  }

  deinit {
    unsafe git_config_free(handle)
  }

  private static func load(for repository: borrowing Repository) throws(GitError) -> OpaquePointer {
    var raw: OpaquePointer?
    try check("read the configuration") { unsafe git_config_new(&raw) }
    guard let handle = unsafe raw else { preconditionFailure("libgit2 gave no configuration") }
    let location = repository.location
    func file(_ name: String, in folder: [UInt8]) -> [UInt8] {
      Paths.join(folder, Array(name.utf8))
    }
    func add(_ path: [UInt8], _ level: git_config_level_t) throws(GitError) {
      guard (try? Paths.status(path))?.kind == .regular else { return }
      try check("read \(text(path))") {
        unsafe withPath(path) {
          unsafe git_config_add_file_ondisk(handle, $0, level, repository.handle, 1)
        }
      }
    }
    do throws(GitError) {
      if let path = systemFile { try add(path, GIT_CONFIG_LEVEL_SYSTEM) }
      for (i, path) in userFiles.enumerated() {
        try add(path, i == 0 ? GIT_CONFIG_LEVEL_XDG : GIT_CONFIG_LEVEL_GLOBAL)
      }
      try add(file("config", in: location.commonFolder), GIT_CONFIG_LEVEL_LOCAL)
      // Each worktree has a file of its own when the repository says so.
      var hasWorktreeFiles: Int32 = 0
      unsafe git_config_get_bool(&hasWorktreeFiles, handle, "extensions.worktreeConfig")
      if hasWorktreeFiles != 0 {
        try add(file("config.worktree", in: location.gitFolder), GIT_CONFIG_LEVEL_APP)
      }
    } catch {
      unsafe git_config_free(handle)
      throw error
    }
    return unsafe handle
  }

  private static var systemFile: [UInt8]? {
    if CurrentProcess.variable("GIT_CONFIG_NOSYSTEM").map(isTrue) == true { return nil }
    return Array((CurrentProcess.variable("GIT_CONFIG_SYSTEM") ?? "/etc/gitconfig").utf8)
  }

  private static var userFiles: [[UInt8]] {
    if let path = CurrentProcess.variable("GIT_CONFIG_GLOBAL") { return [Array(path.utf8)] }
    var files: [[UInt8]] = []
    if let folder = userFolder { files.append(Paths.join(folder, Array("git/config".utf8))) }
    if let home = CurrentProcess.variable("HOME") {
      files.append(Paths.join(Array(home.utf8), Array(".gitconfig".utf8)))
    }
    return files
  }

  /// `$XDG_CONFIG_HOME`, or what stands for it.
  private static var userFolder: [UInt8]? {
    if let folder = CurrentProcess.variable("XDG_CONFIG_HOME"), !folder.isEmpty {
      return Array(folder.utf8)
    }
    return CurrentProcess.variable("HOME").map { Paths.join(Array($0.utf8), Array(".config".utf8)) }
  }

  private static func isTrue(_ text: String) -> Bool {
    ["1", "true", "yes", "on"].contains(text.lowercased())
  }

  /// A value as it is written; `nil` if there is none.
  package func string(_ name: String) -> String? {
    var buffer = unsafe git_buf()
    guard unsafe git_config_get_string_buf(&buffer, handle, name) == 0 else { return nil }
    defer { unsafe git_buf_dispose(&buffer) }
    return unsafe String(cString: buffer.ptr)
  }

  /// A value that is a path, with `~` replaced; `nil` if there is none.
  package func path(_ name: String) -> [UInt8]? {
    var buffer = unsafe git_buf()
    guard unsafe git_config_get_path(&buffer, handle, name) == 0 else { return nil }
    defer { unsafe git_buf_dispose(&buffer) }
    return unsafe bytes(buffer.ptr)
  }

  /// A value that is true or false; `nil` if there is none.
  package func boolean(_ name: String) -> Bool? {
    var value: Int32 = 0
    guard unsafe git_config_get_bool(&value, handle, name) == 0 else { return nil }
    return value != 0
  }

  /// The file with the user's ignore lines for every repository; it need not exist.
  package var excludesFile: [UInt8]? {
    path("core.excludesFile")
      ?? Self.userFolder.map { Paths.join($0, Array("git/ignore".utf8)) }
  }

  /// The work tree that the configuration names, if that is another than the one at hand.
  ///
  /// A repository from elsewhere could name any folder of this machine, so it is not followed.
  package func foreignWorkTree(in location: RepositoryLocation) -> [UInt8]? {
    guard let named = path("core.worktree") else { return nil }
    let path = Paths.join(location.gitFolder, named)
    return (Paths.real(path) ?? path) == location.workTree ? nil : named
  }
}
