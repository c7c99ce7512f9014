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

/// Many literals, compiled to be searched for together.
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
    let parts =
      literals.isEmpty ? [] : [Part(automaton: try Automaton(compiling: literals, for: platform))]
    self.init(parts, lengths: literals.map(\.bytes.count))
  }

  // MARK: As bytes

  /// Reads a database that ``serialized()`` wrote for literals of these lengths, in bytes.
  package convenience init(
    serialized: Span<UInt8>, lengths: [Int]
  ) throws(MatchingError) {
    guard serialized.isEmpty == lengths.isEmpty else {
      throw MatchingError(.foreignDatabase, "it is for other literals")
    }
    let parts =
      serialized.isEmpty ? [] : [Part(automaton: try Automaton(serialized: serialized))]
    self.init(parts, lengths: lengths)
  }

  /// The database as bytes that the same version of the library can read back.
  ///
  /// One that was put together is not for keeping: what was added may be secret.
  package func serialized() throws(MatchingError) -> [UInt8] {
    guard !isComposed else {
      throw MatchingError(.foreignDatabase, "a database that was added to is not for keeping")
    }
    return try parts.first?.automaton.serialized() ?? []
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
