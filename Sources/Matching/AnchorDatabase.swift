internal import CAnchorDatabase
internal import CHyperscan

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

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

/// Many literals compiled into one automaton.
///
/// A database never changes after it is built, so all workers read the same one.
@safe
package final class AnchorDatabase: Sendable {
  /// Nothing writes to a Hyperscan database once it is made.
  fileprivate nonisolated(unsafe) let handle: OpaquePointer
  /// How many bytes each literal has, by its position.
  fileprivate let lengths: [Int]
  /// Whose handle this is, if it is another's.
  private let base: AnchorDatabase?
  /// What is searched for besides; its literals are numbered after those of the handle.
  fileprivate let addition: AnchorDatabase?

  /// What kind of processor a database is made for.
  package enum Platform: Int32, CaseIterable, Sendable {
    /// Whatever Hyperscan runs on.
    case plain = 0
    /// Processors with AVX2.
    case avx2 = 1
  }

  private init(owning handle: OpaquePointer, lengths: [Int]) {
    unsafe self.handle = handle
    self.lengths = lengths
    (base, addition) = (nil, nil)
  }

  /// The literals of `base`, and after them those of `addition`.
  ///
  /// What is added costs a search of its own and leaves `base`, which took long to compile, as
  /// it is. Neither may be put together already.
  package init(_ base: AnchorDatabase, adding addition: AnchorDatabase) {
    precondition(base.addition == nil && addition.addition == nil, "two are enough")
    unsafe handle = base.handle
    lengths = base.lengths + addition.lengths
    (self.base, self.addition) = (base, addition)
  }

  deinit {
    if base == nil { unsafe hs_free_database(handle) }
  }

  /// Compiles `literals`, for the processor at hand unless a platform is named.
  ///
  /// A hit names its literal by its position in this list. No literal may be empty. Without any
  /// nothing is found.
  package convenience init(
    compiling literals: [Literal], for platform: Platform? = nil
  ) throws(MatchingError) {
    let lengths = literals.map(\.bytes.count)
    // Hyperscan takes one at least; a search passes this one over.
    let literals = literals.isEmpty ? [Literal([UInt8](repeating: 0, count: 32))] : literals
    let texts = unsafe literals.map { literal in
      let text = UnsafeMutablePointer<CChar>.allocate(capacity: literal.bytes.count)
      for i in literal.bytes.indices { unsafe text[i] = CChar(bitPattern: literal.bytes[i]) }
      return unsafe UnsafePointer<CChar>?(text)
    }
    defer { unsafe texts.forEach { text in unsafe text?.deallocate() } }
    let flags = literals.map { $0.ignoresCase ? UInt32(HS_FLAG_CASELESS) : 0 }
    let numbers = literals.indices.map { UInt32($0) }
    let sizes = literals.map(\.bytes.count)

    var target = hs_platform_info_t()
    if let platform {
      target.cpu_features = platform == .avx2 ? UInt64(HS_CPU_FEATURES_AVX2) : 0
    } else {
      unsafe hs_populate_platform(&target)
    }
    var database: OpaquePointer?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let status = unsafe hs_compile_lit_multi(
      texts, flags, numbers, sizes, UInt32(literals.count), UInt32(HS_MODE_BLOCK), &target,
      &database, &failure)
    defer { unsafe hs_free_compile_error(failure) }
    guard status == HS_SUCCESS, let database = unsafe database else {
      let message = unsafe failure?.pointee.message.map { unsafe String(cString: $0) }
      throw MatchingError(.badPattern, "cannot compile the anchors: \(message ?? "no detail")")
    }
    unsafe self.init(owning: database, lengths: lengths)
  }

  /// Reads a database that ``serialized()`` wrote for literals of these lengths, in bytes.
  package convenience init(
    serialized: Span<UInt8>, lengths: [Int]
  ) throws(MatchingError) {
    var database: OpaquePointer?
    let status = unsafe serialized.withUnsafeBytes { bytes in
      unsafe hs_deserialize_database(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &database)
    }
    guard status == HS_SUCCESS, let database = unsafe database else {
      throw MatchingError(.foreignDatabase, "Hyperscan refused it with status \(status)")
    }
    unsafe self.init(owning: database, lengths: lengths)
  }

  /// The database as bytes that the same version of the library can read back.
  ///
  /// One that was put together is not for keeping: what was added may be secret.
  package func serialized() throws(MatchingError) -> [UInt8] {
    guard addition == nil else {
      throw MatchingError(.foreignDatabase, "a database that was added to is not for keeping")
    }
    var bytes: UnsafeMutablePointer<CChar>?
    var count = 0
    let status = unsafe hs_serialize_database(handle, &bytes, &count)
    guard status == HS_SUCCESS, let bytes = unsafe bytes else {
      throw MatchingError(.badPattern, "Hyperscan cannot serialise: status \(status)")
    }
    defer { unsafe free(bytes) }
    return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
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

// MARK: Searching

/// A place where a literal stands.
package struct LiteralHit: Equatable, Sendable {
  /// The position of the literal in its database.
  package let literal: Int
  /// The offset of its first byte.
  package let start: Int
  /// The offset one past its last byte.
  package let end: Int

  package init(literal: Int, start: Int, end: Int) {
    self.literal = literal
    self.start = start
    self.end = end
  }
}

/// The working memory of one search; each worker owns one.
@safe
package struct AnchorSearch: ~Copyable {
  private let scratch: OpaquePointer
  private let database: AnchorDatabase
  /// What is searched for besides, and the number of its first literal.
  private let addition: (handle: OpaquePointer, first: Int)?
  /// There are literals before those of the addition.
  private let searchesBase: Bool
  /// Its own copy of the lengths: to count the users of one that all workers share would have
  /// them wait for one another.
  private let lengths: [Int]
  /// Ranges that are searched together, one after the other.
  private var joined: UnsafeMutableRawBufferPointer

  /// The most bytes that one search takes.
  package static let limit = Int(UInt32.max)

  package init(for database: AnchorDatabase) throws(MatchingError) {
    var scratch: OpaquePointer?
    var status = unsafe hs_alloc_scratch(database.handle, &scratch)
    if status == HS_SUCCESS, let added = database.addition {
      status = unsafe hs_alloc_scratch(added.handle, &scratch)
    }
    guard status == HS_SUCCESS, let scratch = unsafe scratch else {
      throw MatchingError(.limit, "not enough memory to search: status \(status)")
    }
    unsafe self.scratch = scratch
    unsafe addition = database.addition.map { added in
      unsafe (added.handle, database.lengths.count - added.lengths.count)
    }
    self.database = database
    lengths = database.lengths.map { $0 }
    searchesBase = database.lengths.count > database.addition?.lengths.count ?? 0
    unsafe joined = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  deinit {
    unsafe hs_free_scratch(scratch)
    unsafe joined.deallocate()
  }

  /// Appends every place in `bytes` where a literal stands, in order of their ends.
  ///
  /// `bytes` may hold at most ``limit`` bytes.
  package mutating func search(
    _ bytes: Span<UInt8>, into hits: inout [LiteralHit]
  ) throws(MatchingError) {
    guard let count = UInt32(exactly: bytes.count) else {
      throw MatchingError(.limit, "\(bytes.count) bytes are more than one search takes")
    }
    if count == 0 { return }
    var found = Found(lengths: lengths, hits: [])
    swap(&found.hits, &hits)
    let first = found.hits.count
    var status = HS_SUCCESS
    if searchesBase { status = unsafe scan(bytes, count, with: database.handle, into: &found) }
    if status == HS_SUCCESS, let addition = unsafe addition {
      unsafe found.first = addition.first
      let second = found.hits.count
      status = unsafe scan(bytes, count, with: addition.handle, into: &found)
      if found.hits.count > second, second > first {
        found.hits[first...].sort { ($0.end, $0.literal) < ($1.end, $1.literal) }
      }
    }
    swap(&found.hits, &hits)
    guard status == HS_SUCCESS else {
      throw MatchingError(.limit, "Hyperscan stopped with status \(status)")
    }
  }

  /// Searches once and returns Hyperscan's status.
  private func scan(
    _ bytes: Span<UInt8>, _ count: UInt32, with handle: OpaquePointer, into found: inout Found
  ) -> hs_error_t {
    unsafe withUnsafeMutablePointer(to: &found) { found in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe hs_scan(
          handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), count, 0, scratch,
          appendHit, found)
      }
    }
  }

  /// Appends every place where a literal stands wholly in one of `ranges` of `bytes`, in
  /// order of their ends.
  ///
  /// The ranges are searched as one text: to begin a search takes as long as a hundred bytes of
  /// one. They must be in order and apart from each other, and hold at most ``limit`` bytes.
  package mutating func search(
    _ bytes: Span<UInt8>, in ranges: [Range<Int>], into hits: inout [LiteralHit]
  ) throws(MatchingError) {
    let total = ranges.reduce(0) { $0 + $1.count }
    if unsafe joined.count < total {
      unsafe joined.deallocate()
      unsafe joined = .allocate(byteCount: max(2 * total, 4096), alignment: 1)
    }
    var end = 0
    for range in ranges {
      unsafe bytes.extracting(range).withUnsafeBytes { piece in
        unsafe UnsafeMutableRawBufferPointer(rebasing: joined[end..<(end + piece.count)])
          .copyMemory(from: piece)
      }
      end += range.count
    }
    let first = hits.count
    let buffer = unsafe UnsafeRawBufferPointer(rebasing: joined[..<total])
    try search(unsafe Span(_bytes: RawSpan(_unsafeBytes: buffer)), into: &hits)
    // Hits come in order of their ends, and so do the ranges.
    var (number, start, kept) = (0, 0, first)
    for i in first..<hits.count {
      let hit = hits[i]
      while start + ranges[number].count < hit.end {
        start += ranges[number].count
        number += 1
      }
      if hit.start < start { continue }
      let shift = ranges[number].lowerBound - start
      hits[kept] = LiteralHit(
        literal: hit.literal, start: hit.start + shift, end: hit.end + shift)
      kept += 1
    }
    hits.removeLast(hits.count - kept)
  }
}

/// What a running search hands to its callback.
private struct Found {
  let lengths: [Int]
  var hits: [LiteralHit]
  /// The number of the first literal of the database that is searched with.
  var first = 0
}

/// Hyperscan calls this with one end and the ``Found`` that `search` passed along.
private func appendHit(
  _ literal: UInt32, _: UInt64, _ end: UInt64, _: UInt32, _ found: UnsafeMutableRawPointer?
) -> Int32 {
  guard let found = unsafe found?.assumingMemoryBound(to: Found.self) else { return 1 }
  let literal = unsafe found.pointee.first + Int(literal)
  let start = unsafe Int(end) - found.pointee.lengths[literal]
  unsafe found.pointee.hits.append(LiteralHit(literal: literal, start: start, end: Int(end)))
  return 0
}
