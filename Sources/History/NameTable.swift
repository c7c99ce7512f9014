import Synchronization

/// Numbers for names, the same for all workers.
final class NameTable: Sendable {
  private struct State {
    var numbers: [[UInt8]: UInt32] = [:]
    var names: [[UInt8]] = []
  }

  private let state: Mutex<State>

  /// `names` have their positions as numbers.
  init(_ names: [[UInt8]] = []) {
    var state = State()
    state.names = names
    for (number, name) in names.enumerated() { state.numbers[name] = UInt32(number) }
    self.state = Mutex(state)
  }

  func number(of name: [UInt8]) -> UInt32 {
    state.withLock { state in
      if let number = state.numbers[name] { return number }
      let number = UInt32(state.names.count)
      state.numbers[name] = number
      state.names.append(name)
      return number
    }
  }

  /// All names, by their numbers.
  var names: [[UInt8]] { state.withLock { $0.names } }
}
