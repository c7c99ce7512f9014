internal import CAnchorDatabase

/// A fixed string to search for.
package struct Literal: Hashable, Sendable {
  package let bytes: [UInt8]
  /// ASCII letters match in either case.
  package let ignoresCase: Bool

  package init(_ bytes: [UInt8], ignoresCase: Bool = false) {
    self.bytes = bytes
    self.ignoresCase = ignoresCase
  }
}

/// Many literals, compiled into automata.
///
/// Those that hold a zero byte, as all do that are UTF-16, have one of their own: few contents
/// have such a byte, and with all literals in one a search takes a third longer.
///
/// A database never changes after it is built, so all workers read the same one.
package final class AnchorDatabase: Sendable {
  let parts: [Part]
  /// How many bytes each literal has, by its position.
  let lengths: [Int]
  /// It was put together from others.
  private let isComposed: Bool

  /// Some of the literals.
  struct Part: Sendable {
    let automaton: Automaton
    /// What is to be added to the number of a literal.
    var first = 0
    /// Each of the literals holds a zero byte.
    let holdsZeros: Bool
  }

  /// What kind of processor a database is made for.
  package enum Platform: Int32, CaseIterable, Sendable {
    /// Whatever Hyperscan runs on.
    case plain = 0
    /// Processors with AVX2.
    case avx2 = 1
  }

  private init(_ parts: [Part], lengths: [Int], isComposed: Bool = false) {
    self.parts = parts
    self.lengths = lengths
    self.isComposed = isComposed
  }

  /// The literals of `base`, and after them those of `addition`.
  ///
  /// What is added costs searches of its own and leaves `base`, which took long to compile, as
  /// it is.
  package convenience init(_ base: AnchorDatabase, adding addition: AnchorDatabase) {
    let added = addition.parts.map { part in
      var part = part
      part.first += base.lengths.count
      return part
    }
    self.init(base.parts + added, lengths: base.lengths + addition.lengths, isComposed: true)
  }

  /// Compiles `literals`, for the processor at hand unless a platform is named.
  ///
  /// A hit names its literal by its position in this list. No literal may be empty. Without any
  /// nothing is found.
  package convenience init(
    compiling literals: [Literal], for platform: Platform? = nil
  ) throws(MatchingError) {
    var parts: [Part] = []
    for holdsZeros in [false, true] {
      let numbers = literals.indices.filter { literals[$0].bytes.contains(0) == holdsZeros }
      if numbers.isEmpty { continue }
      parts.append(
        Part(
          automaton: try Automaton(compiling: literals, numbers, for: platform),
          holdsZeros: holdsZeros))
    }
    self.init(parts, lengths: literals.map(\.bytes.count))
  }

  // MARK: As bytes

  /// What stands before each part: whether its literals hold zeros, and how many bytes it has.
  private static let headSize = 16

  /// Reads a database that ``serialized()`` wrote for literals of these lengths, in bytes.
  package convenience init(
    serialized: Span<UInt8>, lengths: [Int]
  ) throws(MatchingError) {
    var parts: [Part] = []
    var i = 0
    while i < serialized.count {
      guard serialized.count - i >= Self.headSize else { throw Self.tooShort }
      let size = (8..<16).reduce(0) { $0 << 8 | Int(serialized[i + $1]) & 0xFF }
      let start = i + Self.headSize
      guard size >= 0, size <= serialized.count - start else { throw Self.tooShort }
      parts.append(
        Part(
          automaton: try Automaton(serialized: serialized.extracting(start..<(start + size))),
          holdsZeros: serialized[i] != 0))
      i = start + (size + Self.headSize - 1) / Self.headSize * Self.headSize
    }
    guard parts.isEmpty == lengths.isEmpty else { throw Self.tooShort }
    self.init(parts, lengths: lengths)
  }

  private static var tooShort: MatchingError {
    MatchingError(.foreignDatabase, "it ends too early")
  }

  /// The database as bytes that the same version of the library can read back.
  ///
  /// One that was put together is not for keeping: what was added may be secret.
  package func serialized() throws(MatchingError) -> [UInt8] {
    guard !isComposed else {
      throw MatchingError(.foreignDatabase, "a database that was added to is not for keeping")
    }
    var bytes: [UInt8] = []
    for part in parts {
      let body = try part.automaton.serialized()
      var head = [UInt8](repeating: 0, count: Self.headSize)
      head[0] = part.holdsZeros ? 1 : 0
      for k in 8..<16 { head[k] = UInt8(truncatingIfNeeded: body.count >> (8 * (15 - k))) }
      let padding = (Self.headSize - body.count % Self.headSize) % Self.headSize
      bytes += head + body + [UInt8](repeating: 0, count: padding)
    }
    return bytes
  }
}

// MARK: The database that was computed at build

extension AnchorDatabase {
  /// Reads the database that `make build` put into the binary.
  ///
  /// `digest` names the literals, and each has as many bytes as `lengths` says. What was computed from others is refused, and so is what the
  /// linked library or this processor cannot run. The error says which it was.
  package static func embedded(
    digest: [UInt8], lengths: [Int]
  ) throws(MatchingError) -> AnchorDatabase {
    var refusal = MatchingError(.foreignDatabase, "none was computed when keyscan was built")
    for platform in Platform.allCases.reversed() {
      var count = 0
      let start = unsafe keyscan_anchor_database(platform.rawValue, &count)
      guard count > digest.count, let start = unsafe start else { continue }
      let whole = unsafe Span(_unsafeStart: start, count: count)
      let stale = digest.indices.contains { whole[$0] != digest[$0] }
      if stale {
        refusal = MatchingError(.foreignDatabase, "it was computed from other rules")
        continue
      }
      do throws(MatchingError) {
        return try AnchorDatabase(
          serialized: whole.extracting(digest.count..<count), lengths: lengths)
      } catch {
        refusal = error
      }
    }
    throw refusal
  }

  /// What `make build` puts into the binary for `literals`.
  package static func embeddable(
    digest: [UInt8], of literals: [Literal], for platform: Platform
  ) throws(MatchingError) -> [UInt8] {
    digest + (try AnchorDatabase(compiling: literals, for: platform).serialized())
  }
}
