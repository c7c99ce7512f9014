import Synchronization

/// A value that its owner gives away once, so that its memory is let go when the taker is done.
final class Handover<Value: Sendable>: Sendable {
  private let value: Mutex<Value?>

  init(_ value: Value?) {
    self.value = Mutex(value)
  }

  /// The value, the first time; `nil` later, and if there is none.
  func take() -> Value? {
    value.withLock { value in
      defer { value = nil }
      return value
    }
  }
}
