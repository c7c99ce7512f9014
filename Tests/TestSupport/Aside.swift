import Foundation

/// Work that blocks, away from the threads that tasks run on.
///
/// There are no more of those than processors; with all of them waiting for programs, no server of a
/// test could answer these programs.
package enum Aside {
  /// Runs `body` on a thread of its own and waits for what comes of it.
  package static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }
}
