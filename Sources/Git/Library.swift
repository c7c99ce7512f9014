internal import CGit2

/// libgit2's process-wide state: started once, never stopped.
enum Library {

  private static let isStarted: Bool = {
    guard git_libgit2_init() > 0 else { return false }
    // A reader runs no hook, filter or command of the repository, so it does not matter whose
    // it is; and in a container it is always somebody else's.
    guard keyscan_git_ignore_ownership() == 0 else { return false }
    let names = unsafe RepositoryFormat.harmless.map { unsafe UnsafePointer(strdup($0)) }
    defer { unsafe names.forEach { name in unsafe free(UnsafeMutablePointer(mutating: name)) } }
    var list = unsafe names
    return unsafe keyscan_git_admit_extensions(&list, names.count) == 0
  }()

  static func start() {
    precondition(isStarted, "libgit2 could not be started")
  }
}

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
