internal import Synchronization

/// Lets one worker at a time hold a large container and what is unpacked of it.
final class ContainerGate: Sendable {
  /// From this size on containers wait for each other.
  private static let large = 32 << 20

  private let isHeld = Mutex<Void>(())

  /// Runs `body`, which holds a container of `size` bytes.
  func pass(_ size: Int, _ body: () -> Void) {
    if size < Self.large { body() } else { isHeld.withLock { _ in body() } }
  }
}
