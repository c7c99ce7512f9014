internal import CFiles
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What the system tells a process about itself.
package enum CurrentProcess {
  /// The value of an environment variable; `nil` when it is not set.
  package static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The folder that relative paths start from.
  package static func folder() throws(FileError) -> [UInt8] {
    guard let path = unsafe getcwd(nil, 0) else {
      throw FileError("find the current folder", code: errno)
    }
    defer { unsafe free(path) }
    return unsafe Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
  }

  /// The path of the program that runs; `nil` if the system does not tell.
  package static var executable: [UInt8]? {
    #if canImport(Darwin)
      var size: UInt32 = 0
      unsafe _NSGetExecutablePath(nil, &size)
      let path = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
        let start = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?
          .assumingMemoryBound(to: CChar.self)
        unsafe _NSGetExecutablePath(start, &size)
        count = Int(size) - 1
      }
      return Paths.real(path)
    #else
      return Paths.real(Array("/proc/self/exe".utf8))
    #endif
  }

  /// The number of the user in whose name the program runs.
  package static var user: UInt32 { geteuid() }

  /// Ends the process at once, when all that was written has gone out.
  ///
  /// Libraries that are still being prepared beside must not be taken apart meanwhile, as `exit`
  /// would have it: now and then that ends in a crash, and with its status.
  package static func leave(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
  }

  /// The time, in seconds since 1970.
  package static var time: Int {
    #if canImport(Darwin)
      Int(Darwin.time(nil))
    #elseif canImport(Musl)
      Int(Musl.time(nil))
    #else
      Int(Glibc.time(nil))
    #endif
  }

  /// The number of processors that may be used.
  package static var processors: Int {
    max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// Gives memory back to the system that was freed and is still held for later.
  package static func giveMemoryBack() {
    keyscan_give_memory_back()
  }

  /// Lets as many files be open as the system admits, for trees that are very deep.
  package static func raiseOpenFileLimit() {
    var limit = rlimit()
    #if canImport(Glibc)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    guard unsafe getrlimit(kind, &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    unsafe _ = setrlimit(kind, &limit)
  }

  /// A report that nobody reads on is an error to return, not a reason to be killed.
  package static func ignoreClosedPipes() {
    signal(SIGPIPE, SIG_IGN)
  }
}

/// Ctrl-C: the first ends the scan with what was found, the second ends the process.
package enum Interruption {
  /// Set by the signal handler.
  ///
  /// A signal belongs to the process, so this cannot but be global.
  private static let asked = Atomic<Bool>(false)

  /// The user asked for the end.
  package static var isAsked: Bool { asked.load(ordering: .relaxed) }

  /// Starts to listen for `SIGINT` and `SIGTERM`.
  package static func listen() {
    // The flag is made before a signal can come: a handler must not run an initialiser.
    _ = isAsked
    var action = sigaction()
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = { _ in
        Interruption.asked.store(true, ordering: .relaxed)
      }
    #else
      unsafe action.__sigaction_handler.sa_handler = { _ in
        Interruption.asked.store(true, ordering: .relaxed)
      }
    #endif
    action.sa_flags = Int32(bitPattern: UInt32(truncatingIfNeeded: SA_RESETHAND))
    unsafe sigaction(SIGINT, &action, nil)
    unsafe sigaction(SIGTERM, &action, nil)
  }
}
