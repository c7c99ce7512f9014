internal import CHyperscan

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
  /// `nil` if there is nothing to search for.
  private let scratch: OpaquePointer?
  /// Whose automata `parts` are.
  private let database: AnchorDatabase
  private let parts: [Part]
  /// Its own copy of the lengths: to count the users of one that all workers share would have
  /// them wait for one another.
  private let lengths: [Int]
  /// Ranges that are searched together, one after the other.
  private var joined: UnsafeMutableRawBufferPointer

  /// What is searched for at a time.
  @safe
  private struct Part {
    let handle: OpaquePointer
    let first: Int
  }

  /// The most bytes that one search takes.
  package static let limit = Int(UInt32.max)

  package init(for database: AnchorDatabase) throws(MatchingError) {
    var scratch: OpaquePointer?
    var status = HS_SUCCESS
    for part in database.parts where status == HS_SUCCESS {
      status = unsafe hs_alloc_scratch(part.automaton.handle, &scratch)
    }
    guard status == HS_SUCCESS else {
      throw MatchingError(.limit, "not enough memory to search: status \(status)")
    }
    unsafe self.scratch = scratch
    self.database = database
    parts = database.parts.map {
      unsafe Part(handle: $0.automaton.handle, first: $0.first)
    }
    lengths = database.lengths.map { $0 }
    unsafe joined = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  deinit {
    if let scratch = unsafe scratch { unsafe hs_free_scratch(scratch) }
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
    var isInOrder = true
    for part in parts where status == HS_SUCCESS {
      let before = found.hits.count
      found.first = part.first
      status = unsafe scan(bytes, count, with: part.handle, into: &found)
      if before > first, found.hits.count > before { isInOrder = false }
    }
    if !isInOrder { found.hits[first...].sort { ($0.end, $0.literal) < ($1.end, $1.literal) } }
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
  /// What is to be added to the numbers that come.
  var first = 0
}

/// Hyperscan calls this with one end and the ``Found`` that `search` passed along.
private func appendHit(
  _ literal: UInt32, _: UInt64, _ end: UInt64, _: UInt32, _ found: UnsafeMutableRawPointer?
) -> Int32 {
  guard let found = unsafe found?.assumingMemoryBound(to: Found.self) else { return 1 }
  if literal >= Automaton.firstFiller { return 0 }
  let literal = unsafe found.pointee.first + Int(literal)
  let start = unsafe Int(end) - found.pointee.lengths[literal]
  unsafe found.pointee.hits.append(LiteralHit(literal: literal, start: start, end: Int(end)))
  return 0
}
